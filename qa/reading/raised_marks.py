"""The raised figures that point to a note, apart from the words that they are set against. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FIGURES = r"(?:\d{1,3}|[⁰¹²³⁴-⁹]{1,3})"
_MARK = re.compile(
    rf"(?:(?<=[^\W\d_]{{3}})|(?<=[^\W\d_]{{2}}[.,;:!?\"'”’»)])|(?<=[12]\d\d\d)(?=\d\d?(?!\w)))"
    rf"({_FIGURES})(?!\w)"
)
"""Behind a word or a year. Behind fewer letters, figures are as often a power: km2."""

_NOTE = re.compile(rf"({_FIGURES})(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with its marks apart, and where it began and ended without those at its ends."""

    text: str
    start: int
    end: int


def with_marks_apart(text: str, is_raised: Callable[[int, int], bool]) -> MarkedText:
    """The text of a line, in which marks of notes stand in brackets, and one before a note apart.

    The numbers of sources on the web stand in brackets too: they end no word, and quotes leave them
    out. `is_raised` says of two places in the text whether what stands at the first is set smaller
    and higher than what stands at the second.
    """
    note = _NOTE.match(text)
    start = note.end() if note and (not text[0].isdecimal() or is_raised(0, note.end())) else 0
    end = len(text)
    made = [f"{text[:start].translate(_RAISED)} " if start else ""]
    done = start
    for mark in _MARK.finditer(text, start):
        if mark[1].isdecimal() and not is_raised(mark.start(), mark.start() - 1):
            continue
        made.append(f"{text[done : mark.start()]}[{mark[1].translate(_RAISED)}]")
        done = mark.end()
        end = mark.start() if done == len(text) else end
    return MarkedText("".join([*made, text[done:]]), start, end)
