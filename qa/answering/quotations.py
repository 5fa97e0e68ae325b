"""What an answer puts between quotation marks stands in a source, or loses its marks. Pure.

White space and the shape of an apostrophe do not count, everything else does. The words of a
quotation that stands nowhere are left: whether a source supports them is another question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reading.quoted_speech import is_behind_gap

_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»", "＂": "＂", "「": "」", "『": "』"}
_MARKS = set('"“”„«»＂「」『』‟')

# ‘absurd’ and 'absurd', but not the marks in "the crews' don't".
_SINGLE = re.compile(r"(?<![\w'’])['‘](?=[^\s'’])((?:[^'’‘]|(?<=\w)['’](?=\w))+)['’](?!\w)")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation with its marks: `text[start:end]`, and the words between them."""

    start: int
    end: int
    words: str


def keep_verbatim(text: str, sources: Sequence[str]) -> str:
    """The text with those quotation marks only between which the words of a source stand.

    A mark behind a figure that closes nothing is an inch sign and becomes one.
    """
    folded = [fold(source) for source in sources]
    kept, place = "", 0
    while place < len(text):
        char = text[place]
        quotation = _opened_at(text, place) if char in _CLOSING else None
        if quotation and any(stands_in(quotation.words, source) for source in folded):
            kept += text[place : quotation.end]
            place = quotation.end
            continue
        if char == '"' and kept[-1:].isdigit():
            kept += "″"
        elif char not in _MARKS:
            kept += char
        place += 1
    return _without_false_singles(kept, folded)


def quotations(text: str) -> tuple[Quotation, ...]:
    """The quotations of a text that went through `keep_verbatim`, single marks not counted."""
    found, place = [], 0
    while place < len(text):
        quotation = _opened_at(text, place) if text[place] in _CLOSING else None
        if quotation:
            found.append(quotation)
        place = quotation.end if quotation else place + 1
    return tuple(found)


def stands_in(words: str, folded_source: str) -> bool:
    """Whether a source, folded, has these words one after another, from a word's start to its end.

    Punctuation before the closing mark may be the answer's own.
    """
    wanted = fold(words).rstrip(".,;:!?…").rstrip()
    if not any(char.isalnum() for char in wanted):
        return False
    at = folded_source.find(wanted)
    while at >= 0:
        before, behind = folded_source[at - 1 : at], folded_source[at + len(wanted) :][:1]
        torn = (wanted[0].isalnum() and before.isalnum()) or (
            wanted[-1].isalnum() and behind.isalnum()
        )
        if not torn:
            return True
        at = folded_source.find(wanted, at + 1)
    return False


def fold(text: str) -> str:
    """White space folded, apostrophes straight."""
    return " ".join(re.sub("[‘’]", "'", text).split())


def _opened_at(text: str, place: int) -> Quotation | None:
    """The quotation whose mark stands there: as far as the nearest mark that closes it."""
    mark = text[place]
    if mark in '"＂' and not is_behind_gap(text, place):
        return None
    ends = [end for closing in _CLOSING[mark] if (end := text.find(closing, place + 1)) >= 0]
    if not ends:
        return None
    return Quotation(place, min(ends) + 1, text[place + 1 : min(ends)])


def _without_false_singles(text: str, folded: Sequence[str]) -> str:
    def judged(match: re.Match[str]) -> str:
        if any(stands_in(match[1], source) for source in folded):
            return match.group()
        return match[1]

    return _SINGLE.sub(judged, text)
