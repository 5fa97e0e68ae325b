"""A line as it stands on its page. Pure, and free of any PDF library.

Lengths are in points (1/72 inch), heights from the foot up.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands on its page: its words, and where they stand, in points.

    The heights are those of its first and last letters' fonts. A soft hyphen at the end of the
    words is one; any other hyphen there may be either kind.

    The row of a table has its `cells`, each of one or more lines, and the left edges of the table's
    `columns`. What stands apart (a stamp on the margin, a watermark) is no part of the page's text.
    What `goes_on` is the rest of the sentence before it, whatever stands between on the page.
    """

    text: str
    left: float
    right: float
    bottom: float
    height: float
    end_height: float
    cells: tuple[tuple[str, ...], ...] = ()
    columns: tuple[float, ...] = ()
    is_apart: bool = False
    goes_on: bool = False

    @property
    def full_height(self) -> float:
        """The height of the larger of its fonts: a bullet or a note's number is none to go by."""
        return max(self.height, self.end_height)
