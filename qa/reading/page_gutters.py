"""The rows of a page and the white spaces between their pieces: gutters. Pure.

A gutter is, as with Breuel (Two Geometric Algorithms for Layout Analysis, DAS 2002), white space
with text on both sides over as many rows as there are. What runs across it, as a headline does,
ends it.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.reading.page_line import Line

PIECE_GAP = 0.8
"""Of a line's height: white space that may be a gutter. A word space of a typewriter is 0.5."""

GUTTER_WIDTH = 0.6
"""Of the height: so much of a gutter is free in all its rows."""

SAME_ROW, NEAR_ROW = 0.4, 0.7
"""Of the height: two pieces are of one row if their middles are no farther apart; the second where
they stand side by side."""

BOTH_SIDES = 0.3
"""Share of a gutter's rows that have text on both sides, at least."""

LARGE_GAP = 3.5
"""Of the height: rows that are farther apart belong to different parts of the page."""

OTHER_SIZE = 0.12
"""Share by which heights differ where one is a heading or a note."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line between wide gaps; `number` is its line's in the file, `place` its own."""

    line: Line
    number: int
    place: int

    @property
    def middle(self) -> float:
        """How high on the page its middle is, in points."""
        return self.line.bottom + self.line.full_height / 2


Row = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Gutter:
    """White space from `left` to `right`, free in the rows from `first` to `last`.

    `shared` of them, the first and the last among these, have text on both sides of it.
    """

    left: float
    right: float
    first: int
    last: int
    shared: int = 1

    @property
    def middle(self) -> float:
        """Where across the page its middle is, in points."""
        return (self.left + self.right) / 2


def rows_of(pieces: Iterable[Piece]) -> list[Row]:
    """The pieces by their heights from the top, each row from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: -one.middle):
        if rows and _is_of_row(piece, rows[-1]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.line.left) for row in rows]


def _is_of_row(piece: Piece, row: Row) -> bool:
    fall = row[0].middle - piece.middle
    least = min(row[0].line.full_height, piece.line.full_height)
    if fall <= SAME_ROW * least:
        return True
    # The lines of two columns need not be level.
    return fall <= NEAR_ROW * least and all(
        piece.line.right <= other.line.left or other.line.right <= piece.line.left for other in row
    )


def gutters_of(rows: Sequence[Row]) -> list[Gutter]:
    """White spaces with text on both sides in two rows or more."""
    found: list[Gutter] = []
    growing: list[Gutter] = []
    for number, row in enumerate(rows):
        if _is_heading(rows, number):
            found += growing
            growing = []
            continue
        if number and fall_of(rows[number - 1], row) > LARGE_GAP:
            found += growing
            growing = []
        least = _least_width(row)
        narrowed = [_narrowed(gutter, row, number, least) for gutter in growing]
        found += [old for old, new in zip(growing, narrowed, strict=True) if not new]
        growing = list(itertools.chain.from_iterable(narrowed))
        for gap in _gaps(row, number):
            if not any(_holds(gap, gutter) for gutter in growing):
                growing.append(gap)
    return [
        gutter
        for gutter in found + growing
        if gutter.shared > 1 and gutter.shared >= BOTH_SIDES * (gutter.last - gutter.first + 1)
    ]


def fall_of(row: Row, below: Row) -> float:
    """How far apart two rows are, in the height of the larger."""
    height = max(piece.line.full_height for piece in (*row, *below))
    foot, head = min(p.line.bottom for p in row), max(p.line.bottom for p in below)
    return (foot - head) / height if height else 0.0


def _holds(gap: Gutter, gutter: Gutter) -> bool:
    return gap.left <= gutter.left and gutter.right <= gap.right and gutter.last == gap.first


def _is_heading(rows: Sequence[Row], number: int) -> bool:
    """Whether a row is one line, larger than those over and under it, with nothing at its side."""
    around = [piece for row in rows[max(0, number - 2) : number + 3] for piece in row]
    (piece, *rest) = rows[number]
    others = [other for other in around if other is not piece]
    if rest or len(others) < 2:
        return False
    height = piece.line.full_height
    if any(height < (1 + OTHER_SIZE) * other.line.full_height for other in others):
        return False
    return all(
        abs(other.middle - piece.middle) > (height + other.line.full_height) / 2.5
        for other in others
    )


def _gaps(row: Row, number: int) -> list[Gutter]:
    """The white spaces between neighbours of a row."""
    return [
        Gutter(one.line.right, other.line.left, number, number)
        for one, other in itertools.pairwise(row)
        if other.line.left - one.line.right >= _least_width([one, other])
    ]


def _least_width(row: Row) -> float:
    return max(1.0, GUTTER_WIDTH * min(piece.line.full_height for piece in row))


def _narrowed(gutter: Gutter, row: Row, number: int, least: float) -> list[Gutter]:
    """What of a gutter is free in one more row: parts of it, where lines stand in its midst."""
    parts = []
    left = gutter.left
    for piece in [*row, None]:
        right = gutter.right if piece is None else min(piece.line.left, gutter.right)
        if right - left >= least:
            is_shared = row[0].line.right <= left and row[-1].line.left >= right
            last = number if is_shared else gutter.last
            parts.append(Gutter(left, right, gutter.first, last, gutter.shared + is_shared))
        if piece is not None:
            left = max(left, piece.line.right)
    return parts
