"""The sheets of a workbook (.xlsx, .ods) become articles. Pure: bytes in, values out.

A sheet with a column `text`, under any of its names, is a table of articles as in a CSV file. Any
other is one article: a line a row, each cell after the name of its column. Hidden sheets are left
out, and formulas are read as what they gave when the workbook was saved.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.markup import Tree
from qa.reading.open_document import open_parts, stated_document_title, text_of_element
from qa.reading.tables import names_text, read_rows
from qa.reading.titles import stated_title
from qa.reading.xml_parts import (
    attribute,
    local,
    named,
    relation_of,
    relations,
    stated_properties,
    tree_of,
    words_of,
    xml_parts,
)

HEADER_ROWS = 10
"""The names of the columns stand in one of so many first rows that hold something."""

MOST_ROWS_OF_FIGURES = 5_000
"""Of a sheet without a column of texts. Larger ones are data for a program, not for reading."""

MOST_COLUMNS = 16_384
MOST_REPEATED = 64
"""So many cells in a row may be written once, with a count; more are empty to the sheet's edge."""

_WORKBOOK = "xl/workbook.xml"
_DAYS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of the formats for days and times that every Excel knows (ECMA-376, 18.8.30)."""

_PERCENT = frozenset({9, 10})
_UNNAMED = re.compile(
    r"(?:sheet|tabelle|feuil|feuille|hoja|foglio|blad|planilha|ark|лист)\s?\d*",
    re.IGNORECASE,
)
_YEAR, _NUMBER = re.compile(r"(?:19|20)\d\d"), re.compile(r"[-+]?\d")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet: its rows by number, each with its cells by column; cells without words are none."""

    name: str
    rows: tuple[tuple[int, Mapping[int, str]], ...]
    hidden: bool = False


def read_xlsx(raw: bytes) -> Contents:
    """The articles in a workbook of Excel. Raises Unreadable when it holds none."""
    parts = xml_parts(raw)
    if _WORKBOOK not in parts:
        raise Unreadable("is no workbook, or a damaged one. Save it again as .xlsx.")
    workbook = tree_of(parts, _WORKBOOK)
    targets = relations(parts, _WORKBOOK)
    files = dict(targets.values())
    strings = _shared_strings(tree_of(parts, files.get("sharedStrings", "")))
    formats = _formats(tree_of(parts, files.get("styles", "")))
    since_1904 = any(one.get("date1904") in {"1", "true"} for one in named(workbook, "workbookPr"))
    cells = _ExcelCells(strings, formats, date(1904, 1, 1) if since_1904 else date(1899, 12, 30))
    sheets = [
        _Sheet(
            one.get("name", ""),
            tuple(cells.rows(tree_of(parts, targets[relation_of(one)][1]))),
            one.get("state", "visible") != "visible",
        )
        for one in named(workbook, "sheet")
        if relation_of(one) in targets
    ]
    return _contents(sheets, stated_title(words_of(stated_properties(parts), "title")))


def read_ods(raw: bytes) -> Contents:
    """The articles in a workbook of OpenDocument. Raises Unreadable when it holds none."""
    parts = open_parts(raw)
    content = tree_of(parts, "content.xml")
    hidden = {
        attribute(style, "name")
        for style in named(content, "style")
        if any(attribute(one, "display") == "false" for one in named(style, "table-properties"))
    }
    sheets = [
        _Sheet(
            attribute(one, "name"), tuple(_open_rows(one)), attribute(one, "style-name") in hidden
        )
        for one in named(content, "table")
    ]
    return _contents(sheets, stated_document_title(parts))


def _contents(sheets: Sequence[_Sheet], title: str | None) -> Contents:
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


def _articles(sheet: _Sheet, title: str | None) -> Contents:
    for number, (_, header) in enumerate(sheet.rows[:HEADER_ROWS]):
        if names_text(header.values()):
            below = sheet.rows[number + 1 :]
            return read_rows((line, _named_cells(row, header)) for line, row in below)
    if len(sheet.rows) > MOST_ROWS_OF_FIGURES:
        told = f"has {len(sheet.rows):,} rows and no column `text`; it was left out as data."
        return Contents((), (f"it {told}",))
    unnamed = _UNNAMED.fullmatch(sheet.name)
    return Contents((Draft(_as_lines(sheet), title if unnamed and title else sheet.name),))


def _named_cells(row: Mapping[int, str], header: Mapping[int, str]) -> dict[str, str]:
    return {name.strip(): row.get(column, "") for column, name in header.items()}


def _as_lines(sheet: _Sheet) -> str:
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


def _header_place(sheet: _Sheet) -> int | None:
    """Where the names of the columns stand: above rows no wider than twice, in words or years."""
    widest = max(len(row) for _, row in sheet.rows)
    for number, (_, row) in enumerate(sheet.rows[: min(HEADER_ROWS, len(sheet.rows) - 1)]):
        if len(row) >= 2 and 2 * len(row) >= widest:
            is_named = all(
                _YEAR.fullmatch(cell) or not _NUMBER.match(cell) for cell in row.values()
            )
            return number if is_named else None
    return None


@dataclass(frozen=True, slots=True)
class _ExcelCells:
    """How the cells of a workbook are read: its words, the formats of its styles, its first day."""

    strings: Sequence[str]
    formats: Sequence[str]
    first_day: date

    def rows(self, sheet: Tree) -> Iterator[tuple[int, Mapping[int, str]]]:
        """The rows that hold something."""
        line = 0
        for row in named(sheet, "row"):
            number = row.get("r", "")
            line = int(number) if number.isdecimal() and len(number) < 8 else line + 1
            cells: dict[int, str] = {}
            column = 0
            for cell in named(row, "c"):
                place = _CELL.fullmatch(cell.get("r", ""))
                column = _column(place[1]) if place else column + 1
                words = self.words(cell)
                if words:
                    cells[column] = words
            if cells:
                yield line, cells

    def words(self, cell: Tree) -> str:
        """What a cell shows, in one line but for breaks of its own."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _string(cell).strip()
        value = "".join("".join(one.itertext()) for one in named(cell, "v")[:1]).strip()
        if kind == "s":
            known = value.isdecimal() and len(value) < 10 and int(value) < len(self.strings)
            return self.strings[int(value)] if known else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind != "n":
            return "" if kind == "e" else value
        style = cell.get("s", "0")
        known = style.isdecimal() and len(style) < 10 and int(style) < len(self.formats)
        return self._number(value, self.formats[int(style)] if known else "")

    def _number(self, value: str, shown_as: str) -> str:
        try:
            number = float(value)
            if shown_as == "day":
                return self._moment(number)
            return f"{number * 100:.10g}%" if shown_as == "percent" else f"{number:.15g}"
        except (ValueError, OverflowError):
            return value

    def _moment(self, days: float) -> str:
        """A day, with the time of day where there is one, or a time alone."""
        minutes = round(days * 24 * 60)
        day, minute = divmod(minutes, 24 * 60)
        time = f"{minute // 60:02}:{minute % 60:02}"
        if day == 0:
            return time
        written = (self.first_day + timedelta(days=day)).isoformat()
        return f"{written} {time}" if minute else written


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _string(element: Tree) -> str:
    """The words of a string in runs, without what is written above Japanese letters."""
    spoken = {text for one in named(element, "rPh") for text in named(one, "t")}
    return "".join(one.text or "" for one in named(element, "t") if one not in spoken)


def _shared_strings(root: Tree) -> list[str]:
    return [_string(one).strip() for one in named(root, "si")]


def _formats(styles: Tree) -> list[str]:
    """What the cells of each style are: "day", "percent", or "" for all else."""
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in named(styles, "numFmt")}
    return [
        _format(one.get("numFmtId", "0"), codes)
        for group in named(styles, "cellXfs")[:1]
        for one in group
        if local(one) == "xf"
    ]


def _format(number: str, codes: Mapping[str | None, str]) -> str:
    if number in codes:
        code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", codes[number]).lower()
        if "%" in code:
            return "percent"
        return "day" if re.search(r"[ymdh]", code) and "general" not in code else ""
    known = int(number) if number.isdecimal() and len(number) < 6 else 0
    return "day" if known in _DAYS else "percent" if known in _PERCENT else ""


def _open_rows(table: Tree) -> Iterator[tuple[int, Mapping[int, str]]]:
    line = 1
    for row in named(table, "table-row"):
        cells: dict[int, str] = {}
        column = 1
        for cell in [one for one in row if local(one) in {"table-cell", "covered-table-cell"}]:
            repeated = _count(attribute(cell, "number-columns-repeated"))
            words = _open_words(cell) if local(cell) == "table-cell" else ""
            if words:
                cells |= dict.fromkeys(range(column, column + min(repeated, MOST_REPEATED)), words)
            column += repeated
            if column > MOST_COLUMNS:
                break
        if cells:
            yield line, cells
        line += _count(attribute(row, "number-rows-repeated"))


def _open_words(cell: Tree) -> str:
    day = attribute(cell, "date-value")
    if day:
        return day.removesuffix("T00:00:00").replace("T", " ")
    for note in named(cell, "annotation"):
        note.getparent().remove(note)
    return "\n".join(text_of_element(one) for one in cell if local(one) == "p").strip()


def _count(written: str) -> int:
    return max(1, int(written)) if written.isdecimal() and len(written) < 8 else 1
