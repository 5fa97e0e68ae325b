"""A workbook of OpenDocument (.ods) becomes its sheets. Pure: bytes in, values out."""

from collections.abc import Iterator, Mapping

from qa.reading.draft import Contents
from qa.reading.markup import Tree
from qa.reading.open_document import open_parts, stated_document_title, text_of_element
from qa.reading.sheets import Sheet, articles_of
from qa.reading.xml_parts import attribute, local, named, tree_of

MOST_COLUMNS = 16_384
MOST_REPEATED = 64
"""So many cells in a row may be written once, with a count; more are empty to the sheet's edge."""


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
        Sheet(
            attribute(one, "name"), tuple(_open_rows(one)), attribute(one, "style-name") in hidden
        )
        for one in named(content, "table")
    ]
    return articles_of(sheets, stated_document_title(parts))


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
