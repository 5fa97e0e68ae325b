"""The raised figures that point to a note, apart from the words that they are set against. Pure."""

import re
from collections.abc import Callable

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FIGURES = r"(?:\d{1,3}|[⁰¹²³⁴-⁹]{1,3})"
_MARK = re.compile(
    rf"(?:(?<=[^\W\d_]{{3}})|(?<=[^\W\d_]{{2}}[.,;:!?\"'”’»)])|(?<=[12]\d\d\d)(?=\d\d?(?!\w)))"
    rf"({_FIGURES})(?!\w)"
)
"""Behind a word or a year. Behind fewer letters, figures are as often a power: km2."""

_NOTE = re.compile(rf"({_FIGURES})(?=[^\W\d_])")


def with_marks_apart(text: str, is_raised: Callable[[int, int], bool]) -> str:
    """The text of a line, in which marks of notes stand in brackets, and one before a note apart.

    The numbers of sources on the web stand in brackets too: they end no word, and quotes leave them
    out. `is_raised` says of two places in the text whether what stands at the first is set smaller
    and higher than what stands at the second.
    """
    note = _NOTE.match(text)
    if note and (not note[1].isdecimal() or is_raised(0, note.end())):
        return f"{note[1].translate(_RAISED)} {text[note.end() :]}"

    def apart(mark: re.Match[str]) -> str:
        if mark[1].isdecimal() and not is_raised(mark.start(), mark.start() - 1):
            return mark[1]
        return f"[{mark[1].translate(_RAISED)}]"

    return _MARK.sub(apart, text)
