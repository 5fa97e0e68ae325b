"""The pieces of lines on a page are put into the order in which they are read. Pure.

A file that was written row by row over all columns reads wrong in its own order, and a scan has
none. Where white space parts a page, it is cut there, and its parts again: the recursive XY cut
(Nagy and Seth, ICPR 1984). Where that is, `page_gutters` finds; whether the parts are columns or
cells, `page_tables` tells. Where the file itself goes down one column after the other, its own
order is kept.
"""

import bisect
import itertools
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa.reading.page_gutters import (
    NEAR_ROW,
    OTHER_SIZE,
    Gutter,
    Piece,
    Row,
    fall_of,
    gutters_of,
    rows_of,
)
from qa.reading.page_line import Line
from qa.reading.page_tables import Grid, column_edges, is_table, table_rows

SAME_GUTTER = 0.4
"""Share of a gutter's rows in which another is free too, if both part the same rows."""

SURE_ROWS, SURE_WIDTH = 4, 2.0
"""Fewer rows, in the midst of a paragraph, and less width (of the height) may be chance: lines set
wide to fill their column."""

FEW_RISES, SCRAMBLED = 3, 0.1
"""So many times, or so often, text that is not cut may go up again, and be in order."""

LINE_PITCH = 1.45
"""Of the height: lines of a paragraph are mostly no farther apart, from foot to foot."""

TIGHT = 1.6
"""Of the height: lines of one column are no farther apart, from foot to foot."""

ALIKE = 0.6
"""Ratio of two widths that are columns of one text, and not a text and a box at its side."""

DEEPEST, MOST_TRIED, MOST_PIECES = 50, 30, 5000
"""Cuts within cuts, gutters that are tried, and pieces of a page that is cut at all. No printed
page has so many; a made-up one may."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One line of the file in its pieces, or the rows of a table that is parted at `edges`."""

    rows: tuple[Row, ...]
    edges: tuple[float, ...] = ()

    @property
    def place(self) -> int:
        """Where in the file it begins."""
        return min(piece.place for piece in _all(self.rows))

    @property
    def lines(self) -> list[Line]:
        """The line, or one for each row of the table."""
        if self.edges:
            return table_rows(_grid(self.rows, self.edges))
        return [_whole(row) for row in self.rows]


@dataclass(frozen=True, slots=True)
class _Order:
    """Blocks from first to last, and whether the file's own order of them cannot be read."""

    blocks: tuple[_Block, ...] = ()
    differs: bool = False

    def __add__(self, other: "_Order") -> "_Order":
        return _Order(self.blocks + other.blocks, self.differs or other.differs)


def arranged(written: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of a page in the order of reading; rows of tables have `cells`.

    `written` are the lines as the file has them, each in pieces where it has wide gaps. A page
    without lines side by side comes out as it was written.
    """
    numbered = ((number, line) for number, parts in enumerate(written) for line in parts)
    pieces = [Piece(line, number, place) for place, (number, line) in enumerate(numbered)]
    if not any(_is_beside(one, other) for one, other in itertools.pairwise(pieces)) and not any(
        _begins_figures(*three) for three in zip(pieces, pieces[1:], pieces[2:], strict=False)
    ):
        return [piece.line for piece in pieces]
    found = _arranged(pieces, 0)
    blocks = found.blocks if found.differs else sorted(found.blocks, key=lambda one: one.place)
    return [line for block in blocks for line in block.lines]


def in_order(lines: Iterable[Line]) -> list[Line]:
    """The lines of a page that has no order of its own, such as a scan's, in that of reading.

    None is joined to another: the cells of a table's row come one after the other.
    """
    by_rows = _all(rows_of(Piece(line, 0, 0) for line in lines))
    pieces = [replace(piece, number=place, place=place) for place, piece in enumerate(by_rows)]
    return [piece.line for block in _arranged(pieces, 0).blocks for piece in _all(block.rows)]


def _is_beside(one: Piece, other: Piece) -> bool:
    """Whether a piece is followed by one at its side, or by one farther up and to the left."""
    if one.line.left < other.line.right and other.line.left < one.line.right:
        return False
    least = min(one.line.full_height, other.line.full_height)
    goes_back = other.line.right <= one.line.left and other.middle > one.middle
    return goes_back or abs(one.middle - other.middle) <= NEAR_ROW * least


def _begins_figures(one: Piece, other: Piece, below: Piece) -> bool:
    """Whether a piece is followed by one farther up, as the head of a column, over figures."""
    return other.middle > one.middle and any(map(str.isdigit, below.line.text[:2]))


def _arranged(pieces: Sequence[Piece], depth: int) -> _Order:
    rows = rows_of(pieces)
    if depth < DEEPEST and len(pieces) <= MOST_PIECES:
        widest = sorted(gutters_of(rows), key=lambda one: one.shared, reverse=True)
        for gutter in widest[:MOST_TRIED]:
            cut = _cut(rows, gutter, depth)
            if cut is not None:
                return cut
    return _as_written(pieces)


def _as_written(pieces: Sequence[Piece]) -> _Order:
    """The pieces in the file's order, unless that goes up and down; those of one line are one."""
    written = sorted(pieces, key=lambda piece: piece.place)
    rises = sum(
        other.middle - one.middle > one.line.full_height
        for one, other in itertools.pairwise(written)
    )
    is_scrambled = rises > max(FEW_RISES, SCRAMBLED * len(written))
    if is_scrambled:
        written = list(_all(rows_of(pieces)))
    lines = itertools.groupby(written, key=lambda piece: piece.number)
    return _Order(tuple(_Block((tuple(line),)) for _, line in lines), is_scrambled)


def _whole(pieces: Sequence[Piece]) -> Line:
    lines = [piece.line for piece in pieces]
    if len(lines) == 1:
        return lines[0]
    return replace(
        lines[0],
        text=" ".join([*(line.text.rstrip("\xad") for line in lines[:-1]), lines[-1].text]),
        left=min(line.left for line in lines),
        right=max(line.right for line in lines),
        end_height=lines[-1].end_height,
    )


def _cut(rows: Sequence[Row], gutter: Gutter, depth: int) -> _Order | None:
    """The rows cut at a gutter into columns or cells; None where it parts neither."""
    if _is_chance(rows, gutter):
        return None
    band = rows[gutter.first : gutter.last + 1]
    others = gutters_of(band)
    # Gutters in line are one that a long cell runs across.
    middles = [
        other.middle
        for other in others
        if sum(one.shared for one in others if one.left < other.middle < one.right)
        >= max(2, SAME_GUTTER * gutter.shared)
    ]
    for edges in (_edges([gutter.middle, *middles], band), [gutter.middle]):
        grid = _grid(band, edges)
        cut_at = column_edges(grid)
        if cut_at and not any(_crosses(piece, edges[at]) for at in cut_at for piece in _all(band)):
            return _columns(rows, gutter, [edges[at] for at in cut_at], depth)
        if is_table(grid):
            return _table(rows, gutter, edges, depth)
    return None


def _is_chance(rows: Sequence[Row], gutter: Gutter) -> bool:
    """Whether the gap may be one of a few wide spaces in the midst of a paragraph."""
    height = rows[gutter.first][0].line.full_height
    if gutter.shared >= SURE_ROWS or gutter.right - gutter.left >= SURE_WIDTH * height:
        return False
    before, after = rows[: gutter.first][-1:], rows[gutter.last + 1 :][:1]
    return any(
        any(_crosses(piece, gutter.middle) for piece in row)
        and abs(fall_of(row, near)) <= LINE_PITCH
        for row, near in [
            *((row, rows[gutter.first]) for row in before),
            *((row, rows[gutter.last]) for row in after),
        ]
    )


def _is_alike(one: Piece, other: Piece) -> bool:
    """Whether two pieces are of one size, and as near as lines of one column."""
    height = max(one.line.full_height, other.line.full_height)
    differs = abs(one.line.full_height - other.line.full_height) > OTHER_SIZE * height
    return not differs and abs(one.line.bottom - other.line.bottom) <= TIGHT * height


def _crosses(piece: Piece, edge: float) -> bool:
    return piece.line.left < edge < piece.line.right


def _all(rows: Iterable[Row]) -> Iterable[Piece]:
    return itertools.chain.from_iterable(rows)


def _edges(middles: Iterable[float], band: Sequence[Row]) -> list[float]:
    """The middles of gutters from left to right, of those with nothing between them one."""
    kept: list[float] = []
    for middle in sorted(middles):
        if not kept or any(kept[-1] < piece.line.left < middle for piece in _all(band)):
            kept.append(middle)
    return kept


def _track(piece: Piece, edges: Sequence[float]) -> int:
    """The number of the column in which a piece is, or in which it begins."""
    return bisect.bisect_right(edges, piece.line.left)


def _grid(band: Sequence[Row], edges: Sequence[float]) -> Grid:
    rows = []
    for row in band:
        cells: list[list[Piece]] = [[] for _ in range(len(edges) + 1)]
        for piece in row:
            cells[_track(piece, edges)].append(piece)
        rows.append(tuple(_whole(pieces) if pieces else None for pieces in cells))
    return Grid(tuple(rows), _is_in_turn(_visits(_all(band), edges), len(edges) + 1))


def _visits(pieces: Iterable[Piece], edges: Sequence[float]) -> list[int]:
    """The columns in the order in which the file comes to them, each as often as it does."""
    in_order = sorted(pieces, key=lambda piece: piece.place)
    return [track for track, _ in itertools.groupby(_track(piece, edges) for piece in in_order)]


def _is_in_turn(visits: Sequence[int], tracks: int) -> bool:
    """Whether the file comes to every column once."""
    return len(visits) <= tracks and len(set(visits)) == len(visits)


def _columns(rows: Sequence[Row], gutter: Gutter, edges: Sequence[float], depth: int) -> _Order:
    first, last = _grown(rows, gutter.first, edges, -1), _grown(rows, gutter.last, edges, 1)
    pieces = list(_all(rows[first : last + 1]))
    tracks = [
        [piece for piece in pieces if _track(piece, edges) == track]
        for track in range(len(edges) + 1)
    ]
    if _is_right_to_left(pieces):
        tracks.reverse()
    order = _arranged(list(_all(rows[:first])), depth + 1)
    for track in tracks:
        order += _arranged(track, depth + 1)
    order += _arranged(list(_all(rows[last + 1 :])), depth + 1)
    visits = _visits(pieces, edges)
    ordered = sorted(visits, reverse=_is_right_to_left(pieces))
    reads_well = _is_in_turn(visits, len(tracks)) and (visits == ordered or not _are_alike(tracks))
    return replace(order, differs=order.differs or not reads_well)


def _are_alike(tracks: Sequence[Sequence[Piece]]) -> bool:
    widths = [
        max(piece.line.right for piece in track) - min(piece.line.left for piece in track)
        for track in tracks
        if track
    ]
    return min(widths) >= ALIKE * max(widths)


def _grown(rows: Sequence[Row], end: int, edges: Sequence[float], step: int) -> int:
    """The last row that goes on with a column when the one at its side has ended."""
    while 0 <= end + step < len(rows):
        following = rows[end + step]
        goes_on = all(
            not any(_crosses(piece, edge) for edge in edges)
            and any(
                _is_alike(piece, near) and _track(piece, edges) == _track(near, edges)
                for near in rows[end]
            )
            for piece in following
        )
        if not goes_on:
            return end
        end += step
    return end


def _is_right_to_left(pieces: Sequence[Piece]) -> bool:
    text = "".join(piece.line.text for piece in pieces)
    kinds = [unicodedata.bidirectional(char) for char in text if char.isalpha()]
    return sum(kind in {"R", "AL"} for kind in kinds) > len(kinds) / 2


def _table(rows: Sequence[Row], gutter: Gutter, edges: Sequence[float], depth: int) -> _Order:
    last = gutter.last
    while last + 1 < len(rows) and _grown(rows[: last + 2], last, edges, 1) > last:
        if not all(
            piece.line.text[:1].islower() or _track(piece, edges) for piece in rows[last + 1]
        ):
            break
        last += 1  # the rest of a long cell
    table = _Block(tuple(rows[gutter.first : last + 1]), tuple(edges))
    return (
        _arranged(list(_all(rows[: gutter.first])), depth + 1)
        + _Order((table,))
        + _arranged(list(_all(rows[last + 1 :])), depth + 1)
    )
