"""A workbook of Excel (.xlsx) becomes its sheets. Pure: bytes in, values out.

Days and shares are read as the workbook shows them, formulas as what they gave when it was saved.
Cells are kept by their places: two of them far apart take no more room than two beside each other.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.reading.draft import Contents, Unreadable
from qa.reading.markup import Tree
from qa.reading.sheets import Sheet, articles_of
from qa.reading.xml_parts import (
    local,
    named,
    relation_of,
    relations,
    title_in_properties,
    tree_of,
    xml_parts,
)

_WORKBOOK = "xl/workbook.xml"
_DAYS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of the formats for days and times that every Excel knows (ECMA-376, 18.8.30)."""

_PERCENT = frozenset({9, 10})
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


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
    cells = _Cells(strings, formats, date(1904, 1, 1) if since_1904 else date(1899, 12, 30))
    sheets = [
        Sheet(
            one.get("name", ""),
            tuple(cells.rows(tree_of(parts, targets[relation_of(one)][1]))),
            one.get("state", "visible") != "visible",
        )
        for one in named(workbook, "sheet")
        if relation_of(one) in targets
    ]
    return articles_of(sheets, title_in_properties(parts))


@dataclass(frozen=True, slots=True)
class _Cells:
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
