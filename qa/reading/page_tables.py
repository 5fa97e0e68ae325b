"""Whether text set side by side is columns, the rows of a table, or neither; and such rows. Pure.

Told from what the lines say and how they are set: a line of a column goes on from the one above it,
whatever stands at its side; the cells of a row begin together.
"""

import functools
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.reading.page_line import Line
from qa.reading.word_breaks import Seam, Words, seam

Cell = Line | None

WORDY_CHARS, WORDY_WORDS = 14, 2.5
"""Of a line, on average: those of even a narrow column have more, most cells less."""

MOST_DIGITS = 0.3
"""Share of figures among letters and figures, above which a line is no prose."""

CELL_CHARS = 25
"""Of a line, on average: more have the lines of most columns, and few cells of words."""

CONTINUING = 0.15
"""Share of rows with a line that goes on from the one above it: below, they are rows of a table."""

CONFLICTS = 0.35
"""The same of rows in which a short line at its side does not go on: above, they are no rows."""

FEWEST_SHARED, DENSE = 3, 0.6
"""So many lines, and so large a share of those of prose, has a column of short ones beside it."""

FULL = 0.8
"""Of a column's width: a shorter line is the last of its paragraph or cell."""

FLUSH, JUSTIFIED = 0.5, 0.8
"""So much of the height may lines that end at one edge differ, and so large a share of a column
does so that is set full: its other lines are the last of their paragraphs."""

CELL_LINES = 3
"""More lines on average are no cells but columns, where the cells at their side have as many."""

ROW_GAP = 1.3
"""Of the least distance of two lines: a larger one may part rows of several lines."""

COLUMN_SHIFT = 2.5
"""Of the height: figures that stand flush right begin at different places on two pages."""

LABELS = 0.8
"""Share of a list's first column that is bullets or numbers."""

_LABEL = re.compile(
    r"[•▪◦‣●■–—*-](?:\s.*)?"
    r"|[(\[]?(?:\d{1,3}(?:\.\d{1,2}){0,4}|[A-Za-z]|[ivxlcIVXLC]{2,5})[.):\]]{0,2}"
)
_LEADERS = re.compile(r"(?:[.·…_]\s?){4}")
_SENTENCE_END = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d(?:[-–/]\d\d(?:\d\d)?)?")
_OPENING = "\"'“‘«„([¿¡ "


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines by row, from the top, and by column; and whether the file has column after column."""

    rows: tuple[tuple[Cell, ...], ...]
    in_columns: bool

    @property
    def columns(self) -> list[list[Line]]:
        """The lines of each column."""
        return [[cell for cell in column if cell] for column in zip(*self.rows, strict=True)]


def column_edges(grid: Grid) -> tuple[int, ...]:
    """The numbers of the edges (0: behind the first column) at which columns of text are parted.

    Empty where all rows are those of one table, or of neither.
    """
    going = _going(grid)
    if _is_list(grid) or _has_cells_of_words(grid, going):
        return ()
    wordy = [_is_wordy(column) for column in grid.columns]
    if all(wordy):
        return tuple(range(len(wordy) - 1)) if _is_prose(grid, going) else ()
    return tuple(
        edge
        for edge in range(len(wordy) - 1)
        if wordy[edge] != wordy[edge + 1] and _is_conflicting(grid, going, edge)
    )


def is_table(grid: Grid) -> bool:
    """Whether rows are those of a table, if they are no columns."""
    shared = sum(sum(cell is not None for cell in row) > 1 for row in grid.rows)
    if _is_list(grid) or shared < 2:
        return False
    if _has_cells_of_words(grid, _going(grid)):
        return True
    wordy = [_is_wordy(column) for column in grid.columns]
    if all(wordy):
        # Two lines side by side, both prose, are too few to tell.
        return shared > 2 and not _is_prose(grid, _going(grid))
    return not grid.in_columns or any(_digits(column) > MOST_DIGITS for column in grid.columns)


def table_rows(grid: Grid) -> list[Line]:
    """The rows of a table, each as one line with its cells."""
    going = _going(grid)
    groups: list[list[int]] = []
    pitches = _falls(grid)
    for number in range(len(grid.rows)):
        if groups and _belongs(grid, going, pitches, groups[-1][0], number):
            groups[-1].append(number)
        else:
            groups.append([number])
    lefts = tuple(min(line.left for line in column) for column in grid.columns if column)
    return [_row(grid, group, lefts) for group in groups]


def row_text(row: Line, words: Words) -> str:
    """A table's row as its text, as rows of tables in web pages are written: "Alm | 1 204"."""
    cells = [functools.reduce(functools.partial(_joined, words), cell, "") for cell in row.cells]
    filled = [number for number, cell in enumerate(cells) if cell]
    return " | ".join(cells[filled[0] : filled[-1] + 1]).replace("|  |", "| |")


def _joined(words: Words, text: str, following: str) -> str:
    joint = seam(text, following, words) if text else Seam("")
    return text[: len(text) - joint.dropped] + joint.between + following


def with_headers(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages, each of which repeats the first row of a table that goes on from the page before.

    If that row says what stands below: it has words over figures, or years.
    """
    made: list[list[Line]] = []
    table: list[Line] = []
    for page in pages:
        lines = list(page)
        rows = _rows_of_one(lines)
        if table and rows and _is_of(table[-1], rows[0]):
            header = table[0]
            if header.cells != rows[0].cells and _is_header(header, [*table[1:], *rows]):
                lines.insert(0, replace(header, columns=rows[0].columns))
        else:
            table = []
        goes_on = len(rows) == len(page)
        table = [*table, *rows] if goes_on else _rows_of_one(lines[::-1])[::-1]
        made.append(lines)
    return made


def _rows_of_one(lines: Sequence[Line]) -> list[Line]:
    """The rows of the table with which lines begin."""
    return list(itertools.takewhile(lambda line: _is_of(lines[0], line), lines))


def _is_of(row: Line, other: Line) -> bool:
    """Whether two lines are rows of one table, or of its parts on two pages."""
    return len(row.cells) == len(other.cells) > 0 and all(
        abs(one - another) <= COLUMN_SHIFT * row.full_height
        for one, another in zip(row.columns, other.columns, strict=True)
    )


def _is_header(header: Line, rows: Sequence[Line]) -> bool:
    for number, cell in enumerate(header.cells):
        below = ["".join(row.cells[number]) for row in rows if row.cells[number]]
        text = "".join(cell)
        figures = sum(map(_is_figures, below))
        if figures > len(below) / 2 and (not _is_figures(text) or _YEAR.fullmatch(text)):
            return text != "" and not all(map(_YEAR.fullmatch, below))
    return False


def _is_figures(text: str) -> bool:
    figures = sum(map(str.isdigit, text))
    return figures > MOST_DIGITS * max(1, sum(map(str.isalnum, text)))


def _row(grid: Grid, numbers: Sequence[int], lefts: tuple[float, ...]) -> Line:
    columns = zip(*(grid.rows[number] for number in numbers), strict=True)
    cells = tuple(tuple(line.text for line in column if line) for column in columns)
    lines = [line for number in numbers for line in grid.rows[number] if line]
    return replace(
        lines[0],
        text=" ".join(text for cell in cells for text in cell),
        left=min(line.left for line in lines),
        right=max(line.right for line in lines),
        bottom=min(line.bottom for line in lines),
        end_height=lines[-1].end_height,
        cells=cells,
        columns=lefts,
    )


def _is_list(grid: Grid) -> bool:
    """Whether the first column is but bullets or numbers, or dots lead over from it."""
    first, *rest = grid.columns
    if any(cell and _LEADERS.search(cell.text) for row in grid.rows for cell in row):
        return True
    labels = sum(_LABEL.fullmatch(line.text) is not None for line in first)
    return len(rest) == 1 and labels >= LABELS * len(first)


def _is_wordy(column: Sequence[Line]) -> bool:
    if not column:
        return False
    text = " ".join(line.text for line in column)
    if _digits(column) > MOST_DIGITS:
        return False
    if any(char.isalpha() and not char.isascii() and _is_caseless(char) for char in text):
        # Chinese has no spaces, and a character says as much as a word.
        return sum(line.right - line.left for line in column) >= 8 * sum(
            line.full_height for line in column
        )
    words = len(text.split())
    return len(text) >= WORDY_CHARS * len(column) and words >= WORDY_WORDS * len(column)


def _has_cells_of_words(grid: Grid, going: Sequence[Sequence[bool]]) -> bool:
    """Whether all lines are short, and none of one column goes on, however those beside it do."""
    wordy = {number: column for number, column in enumerate(grid.columns) if _is_wordy(column)}
    if grid.in_columns or len(wordy) < 2 or all(map(_is_justified, wordy.values())):
        return False
    return all(
        sum(len(line.text) for line in column) < CELL_CHARS * len(column)
        for column in wordy.values()
    ) and any(
        len(column) > FEWEST_SHARED and not any(row[number] for row in going)
        for number, column in wordy.items()
    )


def _is_justified(column: Sequence[Line]) -> bool:
    """Whether the lines of a column end at one edge, as cells of words do not."""
    right = max(line.right for line in column)
    flush = sum(right - line.right <= FLUSH * line.full_height for line in column)
    return len(column) >= FEWEST_SHARED and flush >= JUSTIFIED * len(column)


def _digits(column: Sequence[Line]) -> float:
    text = "".join(line.text for line in column)
    figures = sum(char.isdigit() for char in text)
    return figures / max(1, sum(char.isalnum() for char in text))


def _is_caseless(char: str) -> bool:
    return char.isalpha() and char.lower() == char.upper()


def _going(grid: Grid) -> list[list[bool]]:
    """By row and column, whether a line goes on from the one above it in its column."""
    lefts = [min((line.left for line in lines), default=math.inf) for lines in grid.columns]
    columns = zip(zip(*grid.rows, strict=True), [*lefts[1:], math.inf], strict=True)
    going = [_going_in(column, edge) for column, edge in columns]
    return [list(row) for row in zip(*going, strict=True)]


def _going_in(column: Sequence[Cell], edge: float) -> list[bool]:
    # What runs over into the next column, which begins at the edge, tells nothing of this one.
    right = max((line.right for line in column if line and line.right <= edge), default=0.0)
    going = []
    above: Line | None = None
    for line in column:
        going.append(line is not None and above is not None and _goes_on(line, above, right))
        above = line or above
    return going


def _full(column: Sequence[Cell]) -> float:
    """Where the full lines of a column end."""
    right = max((line.right for line in column if line), default=0.0)
    left = min((line.left for line in column if line), default=0.0)
    return left + FULL * (right - left)


def _goes_on(line: Line, above: Line, right: float) -> bool:
    """Whether a line goes on where another ended, in a column up to `right`.

    It begins in small letters, or in those that have no others, with a word that had no room there.
    """
    first = line.text.lstrip(_OPENING)[:1]
    if above.text.endswith(("-", "\xad")):
        return True
    if _is_caseless(first):
        return above.right + line.full_height > right and not _SENTENCE_END.search(above.text)
    word = len(line.text.split(" ")[0]) / max(1, len(line.text)) * (line.right - line.left)
    has_room = above.right + word < right
    return first.islower() and not has_room and " " in above.text


def _is_prose(grid: Grid, going: Sequence[Sequence[bool]]) -> bool:
    """Whether columns that are all wordy are columns of prose, not cells of several lines."""
    if grid.in_columns or all(map(_is_justified, grid.columns)):
        return True
    shared = [
        number
        for number, row in enumerate(grid.rows)
        if number and sum(cell is not None for cell in row) > 1
    ]
    if sum(any(going[number]) for number in shared) <= CONTINUING * len(shared):
        return False
    falls = _falls(grid)
    wide = ROW_GAP * min((fall for fall in falls[1:] if fall > 0), default=0.0)
    starts = [number for number in range(1, len(grid.rows)) if falls[number] > wide]
    together = [number for number in starts if all(grid.rows[number]) and not any(going[number])]
    parts = len(starts) + 1
    return len(starts) < 2 or len(together) < len(starts) or len(grid.rows) > CELL_LINES * parts


def _is_conflicting(grid: Grid, going: Sequence[Sequence[bool]], edge: int) -> bool:
    """Whether the lines on one side of an edge go on where those on the other side do not."""
    wordy = edge if _is_wordy(grid.columns[edge]) else edge + 1
    other = 2 * edge + 1 - wordy
    within = [number for number, row in enumerate(grid.rows) if row[other] is not None]
    if not within:
        return False
    shared = [number for number in within[1:] if grid.rows[number][wordy] is not None]
    lines = sum(row[wordy] is not None for row in grid.rows[within[0] : within[-1] + 1])
    if len(shared) < FEWEST_SHARED or len(shared) < DENSE * lines:
        return False  # headings at the side, or the one line of a cell beside the many of another
    conflicts = sum(going[number][wordy] and not going[number][other] for number in shared)
    starts = 1 + sum(not going[number][wordy] and not going[number][other] for number in shared)
    return conflicts >= CONFLICTS * len(shared) or starts * CELL_LINES < len(shared)


def _falls(grid: Grid) -> list[float]:
    """How far below the one before each row stands; of the first, nothing."""
    bottoms = [max(line.bottom for line in row if line) for row in grid.rows]
    return [0.0, *(above - below for above, below in itertools.pairwise(bottoms))]


def _belongs(
    grid: Grid, going: Sequence[Sequence[bool]], falls: Sequence[float], first: int, number: int
) -> bool:
    """Whether a line of cells is more of those of the row that begins with the line `first`."""
    row, above = grid.rows[number], grid.rows[first]
    least = min(fall for fall in falls[1:])
    if falls[number] > ROW_GAP * least:
        return False
    here = [track for track, cell in enumerate(row) if cell]
    if any(above[track] is None for track in here) or any(
        _digits([cell]) > MOST_DIGITS for cell in row if cell
    ):
        return False
    if all(going[number][track] for track in here):
        return True
    if row[0] is None and all(cell is None or cell.text[0].islower() for cell in row):
        return True
    full = [_full(column) for column in zip(*grid.rows, strict=True)]
    last = [grid.rows[number - 1][track] for track in here]
    if not all(
        going[number][track] or (line is not None and line.right >= full[track])
        for track, line in zip(here, last, strict=True)
    ):
        return False
    # Not all cells of a row have more lines; those of a table with one line a row are all tight.
    return len(here) < len(row) and (row[0] is None or max(falls[1:]) > ROW_GAP * least)
