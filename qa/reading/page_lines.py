"""The lines of a page of a PDF, as PDFium finds them: characters and their places become lines.

The raised marks of notes are told by their places, and written in brackets. And the way back: where
on a page the words of a text stand (`boxes_of_words`).

PDFium is not safe to use from several threads at once.
"""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from qa.reading.markup import INVISIBLE
from qa.reading.page_gutters import PIECE_GAP
from qa.reading.page_layout import arranged
from qa.reading.page_line import Line
from qa.reading.page_marks import letters, overlap

TINY = 0.15
"""Of the usual height of a page's letters: nobody sees smaller ones."""

ASKEW = 0.1
"""Of a quarter turn: lines of a page that was scanned are not quite level."""

RAISED_SIZE, RAISED_BY = 0.85, 0.1
"""Of the height of the letter beside it: a raised figure has less, and so much free under it."""

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"} | {
    0xFB05: "st",
    0xFB06: "st",
    0xF0B7: "•",  # the bullet of Word's symbol font
}
_HYPHEN_AT_LINE_END = "\x02"
_LINE = re.compile(rf"([^\r\n{_HYPHEN_AT_LINE_END}]+)({_HYPHEN_AT_LINE_END}?)")
_SHOWN = re.compile(r"[^\s\0](?:.*[^\s\0])?", re.DOTALL)
_GAP = re.compile(r"(?<=[^\s\0])\s+(?=[^\s\0])")


class Box(NamedTuple):
    """Where a character stands, on a page turned so that its lines are level."""

    left: float
    bottom: float
    right: float
    top: float


NOWHERE = Box(0.0, 0.0, 0.0, 0.0)
"""The place of a character whose font is damaged: too small to be seen."""


class _Characters:
    """The characters of a page and where they stand; the page is turned back by some quarters."""

    def __init__(self, text_page: Any) -> None:
        import pypdfium2.raw as pdfium

        self.quarters = 0
        self._text_page = text_page
        self._pdfium = pdfium
        self._get_place = pdfium.FPDFText_GetLooseCharBox
        self._place = pdfium.FS_RECTF()
        self._place_here = ctypes.byref(self._place)

    def text(self) -> str:
        """One character, or half of one beyond the first plane, for each of the page."""
        count = self._text_page.count_chars()
        buffer = (ctypes.c_ushort * (count + 1))()
        if self._pdfium.FPDFText_GetText(self._text_page, 0, count, buffer) == count + 1:
            return "".join(map(chr, buffer[:count])).replace("\ufffe", _HYPHEN_AT_LINE_END)
        # What its font does not name is no part of that text.
        get_code = self._pdfium.FPDFText_GetUnicode
        return "".join(chr(get_code(self._text_page, index)) for index in range(count))

    def box(self, index: int) -> Box:
        """The place of a character; its height is that of its font."""
        self._get_place(self._text_page, index, self._place_here)
        place = self._place
        box = Box(place.left, place.bottom, place.right, place.top)
        if not math.isfinite(box.left + box.bottom + box.right + box.top):
            return NOWHERE
        return _turned(box, self.quarters) if self.quarters else box

    def quarters_of(self, index: int) -> int | None:
        """By how many quarter turns a character is turned clockwise; None where it is askew."""
        quarters = self._pdfium.FPDFText_GetCharAngle(self._text_page, index) / (math.pi / 2)
        nearest = round(quarters)
        return nearest % 4 if abs(quarters - nearest) < ASKEW else None

    def is_wide(self, before: int, after: int) -> bool:
        """Whether two neighbours in a line are so far apart that they may be of two columns."""
        one, other = self.box(before), self.box(after)
        # From right to left, the next word is at the left.
        width = other.left - one.right if other.left >= one.left else one.left - other.right
        return width >= PIECE_GAP * min(one.top - one.bottom, other.top - other.bottom)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line between wide gaps, and the quarter turns of its first letter."""

    line: Line
    quarters: int | None


def lines_of(page: Any) -> list[Line]:
    """The lines of a page of PDFium in the order of reading, those that stand apart last.

    Apart stands what is written in another direction than most of the page. What nobody sees,
    beyond the page's edge or tiny, is left out. Raises PdfiumError where the page is damaged.
    """
    text_page = page.get_textpage()
    characters = _Characters(text_page)
    found = list(_LINE.finditer(characters.text()))
    turns = Counter(characters.quarters_of(line.start()) for line in found)
    level = (turns.most_common(1)[0][0] if turns else 0) or 0
    characters.quarters = level
    lines = [_pieces(characters, line[1] + "-" * len(line[2]), line.start()) for line in found]
    text_page.close()
    running = [[piece.line for piece in pieces if piece.quarters == level] for pieces in lines]
    apart = [piece.line for pieces in lines for piece in pieces if piece.quarters != level]
    seen = _seen(running, _turned(Box(*page.get_cropbox()), level))
    if level:
        # PDFium has them in the order of the page as it stands, from left to right.
        seen.sort(key=lambda pieces: (-pieces[0].bottom, pieces[0].left))
    return [*arranged(seen), *(replace(line, is_apart=True) for line in apart)]


def boxes_of_words(page: Any, words: str) -> list[Box]:
    """Where these words stand on a page of PDFium, a box for each line or part of one.

    In the page's own points, as it stands. Raises PdfiumError where the page is damaged.
    """
    text_page = page.get_textpage()
    characters = _Characters(text_page)
    text = characters.text()
    wanted = letters(words)
    boxes = []
    for line in _LINE.finditer(text):
        for start, end in _spans(characters, line[1], line.start()):
            places = range(line.start() + start, line.start() + end)
            found = [(char, at) for at in places for char in letters(text[at])]
            part = overlap("".join(char for char, _ in found), wanted)
            if part:
                ends = [characters.box(at) for _, at in (found[part][0], found[part][-1])]
                boxes.append(_around(ends))
    text_page.close()
    return boxes


def _around(boxes: list[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Box(min(lefts), min(bottoms), max(rights), max(tops))


def _turned(box: Box, quarters: int) -> Box:
    """The box turned counterclockwise about the page's corner."""
    for _ in range(quarters):
        box = Box(-box.top, box.left, -box.bottom, box.right)
    return box


def _pieces(characters: _Characters, text: str, first: int) -> list[_Piece]:
    """The parts of a line between wide gaps; its first character has this index."""
    spans = _spans(characters, text, first)
    if not spans:
        return []
    pieces = [_piece(characters, text[start:end], first + start) for start, end in spans]
    # What has no name or no shape stays with its neighbour: it tells that the text is no text.
    pieces[0] = _with_text(pieces[0], text[: spans[0][0]], "")
    pieces[-1] = _with_text(pieces[-1], "", text[spans[-1][1] :])
    return [piece for piece in pieces if piece.line.text]


def _spans(characters: _Characters, text: str, first: int) -> list[tuple[int, int]]:
    """Where in a line the parts between wide gaps begin and end; none where nothing is shown."""
    shown = _SHOWN.search(text)
    if shown is None:
        return []
    gaps = [
        gap.span()
        for gap in _GAP.finditer(text)
        if characters.is_wide(first + gap.start() - 1, first + gap.end())
    ]
    starts = [shown.start(), *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), shown.end()]
    return list(zip(starts, ends, strict=True))


def _with_text(piece: _Piece, before: str, after: str) -> _Piece:
    if not (before + after).strip():
        return piece
    text = " ".join((_cleaned(before) + piece.line.text + _cleaned(after)).split())
    return replace(piece, line=replace(piece.line, text=text))


def _piece(characters: _Characters, text: str, first: int) -> _Piece:
    """The part of a line with this text, whose first character has this index."""

    def is_raised(at: int, beside: int) -> bool:
        figure, letter = characters.box(first + at), characters.box(first + beside)
        letter_height = letter.top - letter.bottom
        is_small = figure.top - figure.bottom < RAISED_SIZE * letter_height
        return is_small and figure.bottom - letter.bottom > RAISED_BY * letter_height

    marked = with_marks_apart(text, is_raised)
    start, end = characters.box(first), characters.box(first + len(text) - 1)
    first_letter = characters.box(first + marked.start) if marked.start else start
    last_letter = characters.box(first + marked.end - 1) if marked.end < len(text) else end
    line = Line(
        text=_cleaned(marked.text),
        left=min(start.left, end.left),
        right=max(start.right, end.right),
        bottom=first_letter.bottom,
        height=first_letter.top - first_letter.bottom,
        end_height=last_letter.top - last_letter.bottom,
    )
    return _Piece(line, characters.quarters_of(first))


def _seen(lines: list[list[Line]], page: Box) -> list[list[Line]]:
    """The lines without what is beyond the page's edge, or too small to be seen.

    A page on which that is all keeps it: its edges are wrong.
    """
    heights = sorted(line.full_height for pieces in lines for line in pieces)
    least = TINY * heights[len(heights) // 2] if heights else 0.0

    def is_seen(line: Line) -> bool:
        return (
            line.full_height >= least
            and page.left < line.right
            and line.left < page.right
            and page.bottom < line.bottom + line.full_height
            and line.bottom < page.top
        )

    seen = [[line for line in pieces if is_seen(line)] for pieces in lines]
    return [pieces for pieces in (seen if any(seen) else lines) if pieces]


def _cleaned(units: str) -> str:
    # Characters beyond the first plane come as two surrogates.
    joined = units.replace("\0", "\ufffd").encode("utf-16", "surrogatepass")
    text = joined.decode("utf-16", "replace")
    soft = "\xad" if text.rstrip().endswith("\xad") else ""
    text = " ".join(text.translate(_LIGATURES).translate(INVISIBLE).split())
    return unicodedata.normalize("NFC", text) + (soft if text else "")


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
