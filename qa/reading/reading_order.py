"""The lines that OCR found on a page, in the order in which people read them.

Pure. A page that lay askew is turned straight first. Columns are told by the white between them;
a line that stands over several columns, such as a headline, parts what is above it from what is
below.
"""

import itertools
import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.reading.ocr import DOTS_PER_INCH, OcrLine
from qa.reading.page_line import Line

POINTS_PER_PIXEL = 72 / DOTS_PER_INCH

LEAST_LINES = 3
"""Of a column: fewer beside each other are a heading, a signature or a table's row."""

LEAST_CHARACTERS = 14
"""On average in the lines of a column: shorter ones are the cells of a table, read row by row."""

MOST_CROSSING = 0.3
"""Share of lines that may stand across the white between two columns."""

SAME_ROW = 0.5
"""Of a line's height: pieces whose feet differ by less stand on one line."""

SAME_SIZE = 0.3
"""Share by which the heights of boxes differ in one size of print: a box is higher where the line
has an ascender, a descender or a speck of dirt."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A line of a page turned straight, in pixels from its upper left corner."""

    text: str
    left: float
    right: float
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def in_reading_order(
    lines: Sequence[OcrLine], usual_height: float | None = None
) -> tuple[Line, ...]:
    """The lines as they are read, in points from the foot of the page.

    `usual_height` is that of the lines of the whole document, in pixels; else it is this page's.
    """
    boxes = _of_few_heights(_straight(lines), usual_height or height_of_most(lines))
    foot = max((box.top + box.height for box in boxes), default=0.0)
    return tuple(
        Line(
            text=box.text,
            left=box.left * POINTS_PER_PIXEL,
            right=box.right * POINTS_PER_PIXEL,
            bottom=(foot - box.top - box.height) * POINTS_PER_PIXEL,
            height=box.height * POINTS_PER_PIXEL,
            end_height=box.height * POINTS_PER_PIXEL,
        )
        for box in _ordered(boxes)
    )


def height_of_most(lines: Iterable[OcrLine]) -> float:
    """The usual height of lines, in pixels; 0 where there are none."""
    return statistics.median([line.height for line in lines] or [0.0])


def _straight(lines: Sequence[OcrLine]) -> list[_Box]:
    """The lines turned by their usual slope; the longer a line, the surer it is."""
    slope = _usual_slope(lines)
    cos, sin = math.cos(slope), math.sin(slope)
    return [
        _Box(
            line.text,
            left=min(line.left * cos + line.top * sin, line.right * cos + line.right_top * sin),
            right=max(line.left * cos + line.top * sin, line.right * cos + line.right_top * sin),
            # The middle of the edge: its ends are as rough as the ends of the line.
            top=((line.top + line.right_top) * cos - (line.left + line.right) * sin) / 2,
            height=line.height,
        )
        for line in lines
    ]


def _usual_slope(lines: Sequence[OcrLine]) -> float:
    """The slope, in radians, than which half of all that is printed has a smaller one."""
    slopes = sorted(
        (math.atan2(line.right_top - line.top, line.right - line.left), line.right - line.left)
        for line in lines
    )
    half = sum(width for _, width in slopes) / 2
    reached = itertools.accumulate(width for _, width in slopes)
    so_far = zip(slopes, reached, strict=True)
    return next((slope for (slope, _), width in so_far if width >= half), 0.0)


def _of_few_heights(boxes: Sequence[_Box], usual: float) -> list[_Box]:
    """The boxes with the usual height, where theirs is near it; the middle stays where it is."""
    return [
        _Box(box.text, box.left, box.right, box.middle - usual / 2, usual)
        if abs(box.height - usual) < SAME_SIZE * usual
        else box
        for box in boxes
    ]


def _ordered(boxes: Sequence[_Box]) -> list[_Box]:
    """Column by column, from the left; where there are none, row by row."""
    gutter = _gutter(boxes)
    if gutter is None:
        return list(_by_rows(boxes))
    ordered: list[_Box] = []
    band: list[_Box] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if not _crosses(box, gutter):
            band.append(box)
            continue
        ordered += [*_side_by_side(band, gutter), box]
        band = []
    return ordered + _side_by_side(band, gutter)


def _side_by_side(band: Sequence[_Box], gutter: float) -> list[_Box]:
    left = [box for box in band if box.right <= gutter]
    right = [box for box in band if box.right > gutter]
    return _ordered(left) + _ordered(right)


def _gutter(boxes: Sequence[_Box]) -> float | None:
    """The middle of the white between two columns; of several, the one that fewest lines cross."""
    best: tuple[int, float] | None = None
    for place in _whites(boxes):
        left = [box for box in boxes if box.right <= place]
        right = [box for box in boxes if box.left >= place and box.right > place]
        crossing = len(boxes) - len(left) - len(right)
        if (
            _is_column(left)
            and _is_column(right)
            and crossing <= MOST_CROSSING * len(boxes)
            and (best is None or crossing < best[0])
        ):
            best = crossing, place
    return best[1] if best else None


def _whites(boxes: Sequence[_Box]) -> Iterator[float]:
    """Places where the lines of a column may have ended: behind each end, before the next start."""
    starts = sorted({box.left for box in boxes})
    for end in sorted({box.right for box in boxes}):
        following = next((start for start in starts if start >= end), None)
        if following is not None:
            yield (end + following) / 2


def _is_column(boxes: Sequence[_Box]) -> bool:
    """Whether so much stands on one side that it is read by itself, not across."""
    return (
        len(boxes) >= LEAST_LINES
        and statistics.mean(len(box.text) for box in boxes) >= LEAST_CHARACTERS
    )


def _crosses(box: _Box, place: float) -> bool:
    return box.left < place < box.right


def _by_rows(boxes: Sequence[_Box]) -> Iterator[_Box]:
    """From the top, and pieces of one line from the left."""
    row: list[_Box] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if row and box.middle - row[0].middle > SAME_ROW * min(box.height, row[0].height):
            yield from sorted(row, key=lambda box: box.left)
            row = []
        row.append(box)
    yield from sorted(row, key=lambda box: box.left)
