"""The lines of a page of a PDF, as PDFium finds them: characters and their places become lines.

PDFium is not safe to use from several threads at once.
"""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from qa.reading.markup import INVISIBLE
from qa.reading.note_marks import with_marks_apart
from qa.reading.page_layout import PIECE_GAP, arranged
from qa.reading.page_line import Line

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
_GAP = re.compile(r"(?<=[^\s\0])[\s\0]*\s[\s\0]*(?=[^\s\0])")


class _Box(NamedTuple):
    """Where a character stands, on a page turned so that its lines are level."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class _Characters:
    """The characters of a page and where they stand; the page is turned back by some quarters."""

    text_page: Any
    quarters: int = 0

    def text(self) -> str:
        """One character, or half of one beyond the first plane, for each of the page."""
        import pypdfium2.raw as pdfium

        count = self.text_page.count_chars()
        buffer = (ctypes.c_ushort * (count + 1))()
        if pdfium.FPDFText_GetText(self.text_page, 0, count, buffer) == count + 1:
            return "".join(map(chr, buffer[:count])).replace("\ufffe", _HYPHEN_AT_LINE_END)
        # What its font does not name is no part of that text.
        return "".join(
            chr(pdfium.FPDFText_GetUnicode(self.text_page, index)) for index in range(count)
        )

    def box(self, index: int) -> _Box:
        """The place of a character; its height is that of its font."""
        import pypdfium2.raw as pdfium

        place = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self.text_page, index, ctypes.byref(place))
        return _turned(_Box(place.left, place.bottom, place.right, place.top), self.quarters)

    def quarters_of(self, index: int) -> int | None:
        """By how many quarter turns a character is turned clockwise; None where it is askew."""
        import pypdfium2.raw as pdfium

        quarters = pdfium.FPDFText_GetCharAngle(self.text_page, index) / (math.pi / 2)
        return round(quarters) % 4 if abs(quarters - round(quarters)) < ASKEW else None


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
    characters = replace(characters, quarters=level)
    lines = [_pieces(characters, line[1] + "-" * len(line[2]), line.start()) for line in found]
    text_page.close()
    running = [[piece.line for piece in pieces if piece.quarters == level] for pieces in lines]
    apart = [piece.line for pieces in lines for piece in pieces if piece.quarters != level]
    seen = _seen(running, _turned(_Box(*page.get_cropbox()), level))
    return [*arranged(seen), *(replace(line, is_apart=True) for line in apart)]


def _turned(box: _Box, quarters: int) -> _Box:
    """The box turned counterclockwise about the page's corner."""
    for _ in range(quarters):
        box = _Box(-box.top, box.left, -box.bottom, box.right)
    return box


def _pieces(characters: _Characters, text: str, first: int) -> list[_Piece]:
    """The parts of a line between wide gaps; its first character has this index."""
    shown = _SHOWN.search(text)
    if shown is None:
        return []
    pieces = []
    start, start_box = shown.start(), characters.box(first + shown.start())
    for gap in _GAP.finditer(text, shown.start(), shown.end()):
        before, after = characters.box(first + gap.start() - 1), characters.box(first + gap.end())
        # From right to left, the next word is at the left.
        width = max(after.left - before.right, before.left - after.right)
        if width >= PIECE_GAP * min(_height(before), _height(after)):
            pieces.append(
                _piece(characters, text[start : gap.start()], first + start, start_box, before)
            )
            start, start_box = gap.end(), after
    end_box = characters.box(first + shown.end() - 1)
    pieces.append(_piece(characters, text[start : shown.end()], first + start, start_box, end_box))
    return [piece for piece in pieces if piece.line.text]


def _piece(characters: _Characters, text: str, first: int, start: _Box, end: _Box) -> _Piece:
    def is_raised(at: int, beside: int) -> bool:
        figure, letter = characters.box(first + at), characters.box(first + beside)
        return _height(figure) < RAISED_SIZE * _height(
            letter
        ) and figure.bottom - letter.bottom > RAISED_BY * _height(letter)

    line = Line(
        text=_cleaned(with_marks_apart(text, is_raised)),
        left=min(start.left, end.left),
        right=max(start.right, end.right),
        bottom=start.bottom,
        height=_height(start),
        end_height=_height(end),
    )
    return _Piece(line, characters.quarters_of(first))


def _height(box: _Box) -> float:
    return box.top - box.bottom


def _seen(lines: list[list[Line]], page: _Box) -> list[list[Line]]:
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
