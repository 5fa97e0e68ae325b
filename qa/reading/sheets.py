"""The sheets of a workbook become articles. Pure; how their cells are read is said elsewhere.

A sheet with a column `text`, under any of its names, is a table of articles as in a CSV file. Any
other is one article: an item a row, each cell after the name of its column. Hidden sheets are left
out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.tables import names_text, read_rows

HEADER_ROWS = 10
"""The names of the columns stand in one of so many first rows that hold something."""

MOST_ROWS_OF_FIGURES = 5_000
"""Of a sheet without a column of texts. Larger ones are data for a program, not for reading."""

_UNNAMED = re.compile(
    r"(?:sheet|tabelle|feuil|feuille|hoja|foglio|blad|planilha|ark|лист)\s?\d*",
    re.IGNORECASE,
)
_YEAR, _NUMBER = re.compile(r"(?:19|20)\d\d"), re.compile(r"[-+]?\d")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows by number, each with its cells by column; cells without words are none."""

    name: str
    rows: tuple[tuple[int, Mapping[int, str]], ...]
    hidden: bool = False


def articles_of(sheets: Sequence[Sheet], title: str | None) -> Contents:
    """The articles of a workbook with this title. Raises Unreadable when it holds no rows."""
    shown = [sheet for sheet in sheets if sheet.rows and not sheet.hidden]
    problems = [
        f"sheet {sheet.name} is hidden and was left out. Show it and save the workbook."
        for sheet in sheets
        if sheet.rows and sheet.hidden
    ]
    if not shown and not problems:
        raise Unreadable("holds no rows. Delete it or put articles into it.")
    drafts: list[Draft] = []
    for sheet in shown:
        found = _articles(sheet, title)
        drafts += [_placed(draft, sheet.name) for draft in found.drafts]
        problems += [f"sheet {sheet.name}: {problem}" for problem in found.problems]
    return Contents(tuple(drafts), tuple(problems))


def _placed(draft: Draft, sheet: str) -> Draft:
    return replace(draft, below=f"{sheet}/{draft.below}" if draft.below else sheet)


def _articles(sheet: Sheet, title: str | None) -> Contents:
    for number, (_, header) in enumerate(sheet.rows[:HEADER_ROWS]):
        if names_text(header.values()):
            below = sheet.rows[number + 1 :]
            if not below:
                return Contents((), ("it holds no row below its header. Put articles into it.",))
            return read_rows((line, _named_cells(row, header)) for line, row in below)
    if len(sheet.rows) > MOST_ROWS_OF_FIGURES:
        told = f"has {len(sheet.rows):,} rows and no column `text`; it was left out as data."
        return Contents((), (f"it {told}",))
    unnamed = _UNNAMED.fullmatch(sheet.name)
    return Contents((Draft(_as_lines(sheet), title if unnamed and title else sheet.name),))


def _named_cells(row: Mapping[int, str], header: Mapping[int, str]) -> dict[str, str]:
    return {name.strip(): row.get(column, "") for column, name in header.items()}


def _as_lines(sheet: Sheet) -> str:
    """Rows above the names of the columns as paragraphs, those below as items of a list."""
    start = _header_place(sheet)
    header: Mapping[int, str] = {} if start is None else sheet.rows[start][1]
    above = [" | ".join(row.values()) for _, row in sheet.rows[:start]] if header else []
    below = sheet.rows[start + 1 :] if start is not None else sheet.rows
    items = [
        "; ".join(
            f"{header[column]}: {cell}" if column in header and header[column] != cell else cell
            for column, cell in row.items()
        )
        for _, row in below
    ]
    return "\n\n".join([*above, "\n".join(f"- {' '.join(item.split())}" for item in items)]).strip()


def _header_place(sheet: Sheet) -> int | None:
    """Where the names of the columns stand: above rows no wider than twice, in words or years."""
    widest = max(len(row) for _, row in sheet.rows)
    for number, (_, row) in enumerate(sheet.rows[: min(HEADER_ROWS, len(sheet.rows) - 1)]):
        if len(row) >= 2 and 2 * len(row) >= widest:
            is_named = all(
                _YEAR.fullmatch(cell) or not _NUMBER.match(cell) for cell in row.values()
            )
            return number if is_named else None
    return None
