"""Whom an article is about, as it is read above its passages: further down it says "he". Pure."""

import re

from qa.reading import wording
from qa.reading.stop_words import STOP_WORDS
from qa.types import Passage

_WORD = re.compile(r"[\w’'-]{3,}")
_ENDING = re.compile(r"['’]s$")


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
