"""The first round and the second: which turn of a thing is asked about, and which is told. Pure."""

import re

from qa.answering import wording
from qa.reading.sentences import sentence_spans

_TURN = re.compile(
    r"\b(first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)\s+(\w+)", re.IGNORECASE
)


def is_of_another_turn(question: str, found: str, text: str) -> bool:
    """Whether what was found in a text is of the first round where the second was asked about.

    So it is where a sentence that holds all its words names a turn of what is asked about, and not
    the one that is asked for.
    """
    asked = _turns(question)
    things = {thing for _, thing in asked}
    words = set(wording.content_words(found))
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        told = {turn for turn in _turns(sentence) if turn[1] in things}
        if told and not asked & told and words <= set(wording.words(sentence)):
            return True
    return False


def _turns(text: str) -> set[tuple[str, str]]:
    """The turns that a text numbers, each with what takes it: ("second", "round")."""
    return {(match[1].lower(), match[2].lower()) for match in _TURN.finditer(text)}
