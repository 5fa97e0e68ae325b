"""The databases in an export of Notion: tables beside the pages that their rows are. Pure.

Such a table mostly has no column of texts. It is one article, as a sheet of a workbook is.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.encodings import decode_text
from qa.reading.sheets import Sheet, articles_of
from qa.reading.tables import LONGEST_FIELD_CHARS

_NAME = re.compile(r"((?:.*/)?(.*)) [0-9a-f]{32}(_all)?\.csv", re.DOTALL)


def is_database(name: str) -> bool:
    """Whether a member of an archive has the name that Notion gives to a database."""
    return _NAME.fullmatch(name) is not None


def read_databases(raws: Mapping[str, bytes]) -> Contents:
    """The articles of these databases, by their names; what cannot be read is named."""
    drafts: list[Draft] = []
    problems: list[str] = []
    for name, raw in raws.items():
        place = _NAME.fullmatch(name)
        if place is None or name.replace(".csv", "_all.csv") in raws:
            continue  # of a database that is there whole, too, this is what a filter leaves
        try:
            found = articles_of([_sheet(raw, place[2])], None)
        except Unreadable as error:
            problems.append(f"member {name} {error}")
            continue
        drafts += [_placed(draft, place[1]) for draft in found.drafts]
        problems += [f"member {name}, {problem}" for problem in found.problems]
    return Contents(tuple(drafts), tuple(problems))


def _sheet(raw: bytes, name: str) -> Sheet:
    """Its rows. Raises Unreadable."""
    csv.field_size_limit(LONGEST_FIELD_CHARS)
    try:
        rows = list(csv.reader(io.StringIO(decode_text(raw), newline="")))
    except csv.Error as error:
        raise Unreadable("is a damaged table. Export it again.") from error
    shown = (
        (line, {column: cell for column, cell in enumerate(row) if cell.strip()})
        for line, row in enumerate(rows, 1)
    )
    return Sheet(name, tuple((line, row) for line, row in shown if row))


def _placed(draft: Draft, place: str) -> Draft:
    """The draft at the place of its database; a sheet stands below its own name there."""
    number = draft.below.partition("/")[2]
    return replace(draft, below=f"{place}/{number}" if number else place)
