"""The lines that OCR found on a page, in the order in which people read them.

Pure. A page that lay askew is turned straight, and boxes of one size of print are made equally
high; then the lines are ordered as those of a PDF are (`page_layout`).
"""

import itertools
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.reading.ocr import DOTS_PER_INCH, OcrLine
from qa.reading.page_layout import in_order
from qa.reading.page_line import Line

POINTS_PER_PIXEL = 72 / DOTS_PER_INCH

SAME_SIZE = 0.3
"""Share by which the heights of boxes differ in one size of print: a box is higher where the line
has an ascender, a descender or a speck of dirt."""

OVERHANG = 0.2
"""Of a line's height, by which its box is wider than its words at either end (0.17 to 0.28 on 20
pages set for it). Columns 12 points apart have boxes with less than a gutter between them."""


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
    return tuple(in_order(_line(box, foot) for box in boxes))


def _line(box: _Box, foot: float) -> Line:
    """The line on a page that ends at `foot`, as wide as its words."""
    overhang = min(OVERHANG * box.height, (box.right - box.left) / 2)
    return Line(
        text=box.text,
        left=(box.left + overhang) * POINTS_PER_PIXEL,
        right=(box.right - overhang) * POINTS_PER_PIXEL,
        bottom=(foot - box.top - box.height) * POINTS_PER_PIXEL,
        height=box.height * POINTS_PER_PIXEL,
        end_height=box.height * POINTS_PER_PIXEL,
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
