"""Many articles in one file, a row each: JSON Lines, JSON, or CSV with a header line.

The columns are `text`, and where known `title`, `published`, `source` and `id`, or what others call
them (`qa/reading/fields.py`); the rest are left alone. An article's place below the file is its id,
else the number of its row from 1. Pure.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from qa.messages import some_of
from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.encodings import decode
from qa.reading.fields import stated, text_of, values

COLUMNS = ("text", "title", "published", "source", "id")

DELIMITERS = ",;\t|"
"""What may stand between the fields of a CSV line; the header tells which."""

LONGEST_FIELD_CHARS = 1 << 28
"""Of a CSV field. Python's own limit of 131,072 is shorter than a long read."""

_SEPARATOR_LINE = re.compile(r"\Asep=.\r?\n")
"""With which Excel says what stands between the fields."""

NAMED_LINES = 5
"""So many lines with the same fault are named; the others are counted."""


class _Reader(Protocol):
    """What `csv.reader` gives; `line_num` lines of the file have been read."""

    line_num: int

    def __next__(self) -> list[str]: ...


@dataclass(slots=True)
class _Rows:
    """What has been read so far, and the lines at fault by what is wrong with them.

    `told` are problems of the file as a whole.
    """

    noun: str = "line"
    told: tuple[str, ...] = ()
    drafts: list[Draft] = field(default_factory=list)
    faults: dict[str, list[int]] = field(default_factory=dict)

    def take(self, row: Mapping[str, object], number: int, line: int) -> None:
        """Make an article of a row, or note what is wrong with it."""
        text = text_of(row)
        if text is None:
            return self.fault("has a `text` that is not text. Put it in quotes.", line)
        if not text:
            return self.fault("has no `text`. Give it one or delete the line.", line)
        said = stated(row, text)
        for problem in said.problems:
            self.fault(problem, line)
        place = said.id or str(number)
        self.drafts.append(Draft(text, said.title, said.published, said.source, below=place))
        return None

    def fault(self, what: str, line: int) -> None:
        """Note what is wrong with a line."""
        self.faults.setdefault(what, []).append(line)

    def contents(self) -> Contents:
        """The articles, and a problem for every kind of fault."""
        problems = tuple(
            f"{_named(self.noun, lines)} {what}" for what, lines in self.faults.items()
        )
        return Contents(tuple(self.drafts), (*self.told, *problems))


def read_json_lines(raw: bytes) -> Contents:
    """The articles of a JSON Lines file; none where every line is a question, as in a question set.

    Raises Unreadable for what is not text.
    """
    found = decode(raw)
    rows = _Rows(told=found.problems)
    questions = others = 0
    for number, written in enumerate(found.text.split("\n"), start=1):
        if not written.strip():
            continue
        try:
            row = json.loads(written)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict) and _is_question(row):
            questions += 1
            rows.fault("has a `question` and no `text`. Keep question sets elsewhere.", number)
            continue
        others += 1
        if isinstance(row, dict):
            rows.take(row, number, number)
        else:
            rows.fault("is not a JSON object. Correct or delete it.", number)
    return rows.contents() if others or not questions else Contents(())


def read_json(raw: bytes) -> Contents:
    """The articles of a JSON file: a list of objects, one that holds such a list, or one article.

    Raises Unreadable for what is neither; a list of questions is passed over.
    """
    try:
        text = decode(raw)
        whole = json.loads(text.text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable("is not JSON. Correct it, or name it .jsonl if each line is.") from error
    rows = _Rows("item", text.problems)
    objects = _objects(whole)
    for number, row in enumerate(objects, start=1):
        if not _is_question(row):
            rows.take(row, number, number)
    if not objects or (not rows.drafts and rows.faults):
        raise Unreadable("holds no article: no object in it has a `text`. Give each one.")
    return rows.contents()


def _objects(whole: object) -> list[dict[str, object]]:
    """The objects of a list, or of the longest list that an object without a text holds."""
    if isinstance(whole, dict) and not text_of(whole):
        lists = [value for value in whole.values() if isinstance(value, list)]
        whole = max(lists, key=len, default=[])
    rows = whole if isinstance(whole, list) else [whole]
    return [row for row in rows if isinstance(row, dict)]


def _is_question(row: Mapping[str, object]) -> bool:
    return "question" in row and not values(row, "text")


def read_csv(raw: bytes) -> Contents:
    """The articles of a CSV file, whatever of `DELIMITERS` stands between its fields.

    Raises Unreadable for what is not text or has no column `text`.
    """
    csv.field_size_limit(LONGEST_FIELD_CHARS)  # for the whole process; nothing else reads CSV
    found = decode(raw)
    text = _SEPARATOR_LINE.sub("", found.text.lstrip("\n\r"))
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header = _next_row(reader) or []
        columns = [name.strip() for name in header]
        if names_text(columns):
            return _csv_rows(reader, columns, found.problems)
    header_line = text.split("\n", 1)[0].strip()
    raise Unreadable(
        f"has no column `text` in its first line ({header_line[:60]!r}). Name its columns"
        f" {', '.join(COLUMNS)}."
    )


def _csv_rows(reader: _Reader, columns: Sequence[str], told: tuple[str, ...]) -> Contents:
    rows = _Rows(told=told)
    number = 0
    while True:
        line = reader.line_num + 1
        row = _next_row(reader)
        if row is None:
            rows.fault("has quotes that do not pair up. Double those inside a field.", line)
        elif not row and reader.line_num < line:
            break
        elif any(value.strip() for value in row):
            number += 1
            if len(row) > len(columns):
                rows.fault("has more fields than the header. Put quotes around each field.", line)
            else:
                rows.take(dict(zip(columns, row, strict=False)), number, line)
    if not rows.drafts and not rows.faults:
        raise Unreadable("holds no row below its header. Delete it or put articles into it.")
    return rows.contents()


def read_rows(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Contents:
    """The articles of rows, given by their numbers in a sheet and the names of their columns."""
    read = _Rows("row")
    for number, (line, row) in enumerate(rows, start=1):
        read.take(row, number, line)
    return read.contents()


def names_text(columns: Iterable[str]) -> bool:
    """Whether one of these columns is that of an article's text."""
    return bool(values(dict.fromkeys((name.strip() for name in columns), "there"), "text"))


def _next_row(reader: _Reader) -> list[str] | None:
    """The next row, empty at the end of the file; None when its quotes do not pair up."""
    try:
        return next(reader)
    except StopIteration:
        return []
    except csv.Error:
        return None


def _named(noun: str, numbers: Sequence[int]) -> str:
    """ "line 3" or "lines 3, 5, 8, 13, 21 and 40 more:"."""
    if len(numbers) == 1:
        return f"{noun} {numbers[0]}"
    return f"{noun}s {some_of(numbers, NAMED_LINES)}: each"
