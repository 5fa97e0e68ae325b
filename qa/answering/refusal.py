"""What is said where there is no answer. Pure.

Two ways: quotes that come close are shown and claim nothing, or nothing bears on the question.
"""

import re
from collections.abc import Sequence

from qa.reading import wording
from qa.reading.passages import header
from qa.reading.stop_words import STOP_WORDS
from qa.types import Evidence, Hit, Refusal, RefusalReason

OUTRIGHT = "The articles do not say this outright."
NOTHING = "Nothing in the articles bears on this question."


def is_refusal(text: str) -> bool:
    """Whether an earlier answer told nothing."""
    return text.startswith((OUTRIGHT, NOTHING))


def refuse(
    question: str, evidence: Sequence[Evidence], hits: Sequence[Hit], articles: str = ""
) -> Refusal:
    """The refusal: with evidence its quotes come behind the message, else the nearest article.

    A name that `articles` have, the words of those found, is not missing.
    """
    if evidence:
        missing = sorted(_missing_names(question, hits, articles))
        needed = f" None of those found speaks of {' or '.join(missing)}." if missing else ""
        return Refusal(
            RefusalReason.NOT_IN_SOURCES,
            f"{OUTRIGHT}{needed} The closest they come:",
        )
    return Refusal(
        RefusalReason.NOTHING_RELEVANT,
        f"{NOTHING} Ask with words that the articles themselves would use, in their language."
        f"{_closest(hits)}",
    )


def _closest(hits: Sequence[Hit]) -> str:
    """The way on: which article comes nearest."""
    if not hits:
        return ""
    passage = max(hits, key=lambda hit: hit.score).passage
    named = header(passage.title, passage.published)
    return f" Closest: {named}." if named else ""


def _missing_names(question: str, hits: Sequence[Hit], articles: str) -> set[str]:
    """Names of the question, as it spells them, that stand in no article found, nor name one."""
    found = (hit.passage for hit in hits)
    texts = " ".join([articles, *(f"{one.title} {one.source or ''} {one.text}" for one in found)])
    known = wording.name_forms(texts) | set(wording.words(texts))
    # "Compare" opens a question with a capital and is no name
    wanted = wording.names(question) - wording.CALENDAR - {wording.opening_word(question)} - known
    spelt = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", question)
    return {
        re.sub(r"['’]s?$", "", word)
        for word in spelt
        if word[0].isupper()
        and wording.name_form(word) in wanted
        and wording.fold(word).removesuffix("s").rstrip("'’") not in STOP_WORDS
    }
