"""What is read above a passage, as it stands elsewhere in the article. Pure.

Whom the article is about: further down it says "he". And the heading below which a passage goes on:
of a part that is cut into several passages only the first has it. Both are read only for what the
question asks for and the passage does not say itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reading import wording
from qa.reading.outlines import bare_heading, heading_words, headings
from qa.reading.stop_words import STOP_WORDS
from qa.types import Passage

_WORD = re.compile(r"[\w’'-]{3,}")
_ENDING = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True)
class Context:
    """What is read above a passage: its heading, below the title, and above that its subject."""

    subject: str = ""
    heading: str = ""


NOTHING = Context()
"""Of a passage whose article is not at hand."""


def context(question: str, passage: Passage, article: Sequence[Passage] = ()) -> Context:
    """What is read above a passage for a question; `article` are its article's passages, in order.

    Without them its title alone says whom it is about.
    """
    opening = f"{passage.title}. {article[0].text if article else ''}"
    heading, own = heading_above(passage, article), f"{passage.title} {passage.text}"
    needed = adds_to(own, heading, question)
    return Context(subject(question, passage, opening), heading if needed else "")


def adds_to(text: str, heading: str, question: str) -> bool:
    """Whether a heading has a telling word of the question that the text below it lacks."""
    new = set(wording.words(heading)) - set(wording.words(text))
    return bool(new.intersection(wording.content_words(question)))


def heading_above(passage: Passage, article: Sequence[Passage]) -> str:
    """The words of the last heading before a passage, empty if it begins with one or there is none.

    `article` are the passages of its article, in order. One that repeats the title says nothing.
    """
    if any(start == 0 for start, _ in headings(passage.text)):
        return ""
    for before in reversed([one for one in article if one.start < passage.start]):
        found = headings(before.text[: passage.start - before.start])
        if found:
            line = before.text[slice(*found[-1])]
            return "" if bare_heading(line) == bare_heading(passage.title) else heading_words(line)
    return ""


def subject(question: str, passage: Passage, opening: str) -> str:
    """The names of a question that an article opens with, for a passage which has none of them.

    Empty where the passage or its title has one. They may be asked for in small letters, in which
    an opening never writes a name: "how does barty judge the heat".
    """
    opened = wording.capitals(opening) - wording.CALENDAR
    asked = [
        word
        for word in _WORD.findall(question)
        if wording.name_form(word) in opened and word.lower() not in STOP_WORDS
    ]
    own = wording.name_forms(f"{passage.title} {passage.text}")
    if any(wording.name_form(word) in own for word in asked):
        return ""
    return " ".join(_ENDING.sub("", word[0].upper() + word[1:]) for word in asked)
