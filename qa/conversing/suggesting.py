"""What could be asked next, taken from the sources of an answer. Pure, and no model is asked.

A name that the sources speak of and the answer does not; then the articles that it does not cite.
"""

import re
from collections.abc import Iterator

from qa.reading.wording import CALENDAR, fold, name_form
from qa.types import Answer, Passage

MOST = 3
MOST_NAMES = 2
LONGEST_CHARS = 120  # of a title or name; a suggestion is one or two lines on a phone

# Capitalised words behind a small letter, a comma or a figure: what opens a sentence is not a name
# for being written so.
_CAPITALISED = r"[A-ZÀ-ÞŁŠŽ][\w’'-]+"
_NAME = re.compile(
    rf"(?<=[a-zß-ÿ0-9,] )(?P<article>the )?"
    rf"(?P<name>{_CAPITALISED}(?: (?:(?:of|de|van|von|al) )?{_CAPITALISED})*)"
)
_POSSESSIVE = re.compile(r"[’']s$")


def suggestions(question: str, answer: Answer) -> tuple[str, ...]:
    """Up to three questions, the best first."""
    cited = {c.number for sentence in answer.sentences for c in sentence.citations}
    told = f"{question} {answer.text}".casefold()
    numbered = list(enumerate((hit.passage for hit in answer.hits), 1))
    names: dict[str, None] = {}
    for number, passage in numbered:
        if number in cited:
            names |= dict.fromkeys(_names(passage, told))
    told_of = {passage.article_id for number, passage in numbered if number in cited}
    titles = dict.fromkeys(
        passage.title
        for _, passage in numbered
        if passage.article_id not in told_of and len(passage.title) <= LONGEST_CHARS
    )
    asked = [f"What do the articles say about {name}?" for name in list(names)[:MOST_NAMES]]
    asked += [f"What happened: {title}?" for title in titles]
    return tuple(one for one in asked if one.casefold() != question.strip().casefold())[:MOST]


def _names(passage: Passage, told: str) -> Iterator[str]:
    """Names in a passage of which no word has been told, with the article they stand with."""
    for found in _NAME.finditer(passage.text):
        name = _POSSESSIVE.sub("", found["name"])
        words = name.split()
        is_named = len(words) > 1 or (len(name) > 3 and name_form(name) == fold(name))
        dated = any(name_form(word) in CALENDAR for word in words)
        is_news = not any(word.casefold() in told for word in words)
        if is_named and is_news and not dated and len(name) <= LONGEST_CHARS:
            yield (found["article"] or "") + name
