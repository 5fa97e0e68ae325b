"""What every command prints with: two consoles, JSON, columns and bars.

Results go to stdout, progress to stderr, so that a pipe gets results alone.
"""

import codecs
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False)


def say(line: str) -> None:
    """One line on stderr, however long; marks in square brackets are rich's."""
    err.print(line, soft_wrap=True)


def print_json(value: Any, indent: int | None = 2) -> None:
    """One JSON value on stdout, whole in any encoding: what it lacks is escaped."""
    is_utf8 = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    typer.echo(json.dumps(value, ensure_ascii=not is_utf8, indent=indent))


def print_columns(rows: Sequence[Sequence[str]]) -> None:
    """The rows on stdout; names and figures are never cut, however narrow the terminal is."""
    for line in aligned(rows):
        out.print(line, markup=False)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, the first column to the left, the others to the right, two spaces apart.

    All rows have as many cells as the first.
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def question_progress() -> Progress:
    """A bar over questions on stderr, with the time left; it shows in a `with` block."""
    return _progress(MofNCompleteColumn(), TextColumn("questions"), TimeRemainingColumn())


def byte_progress() -> Progress:
    """The same over bytes."""
    return _progress(DownloadColumn(), TimeRemainingColumn())


def paced_progress() -> Progress:
    """The same over what takes seconds each: its tasks have a field `pace`."""
    return _progress(MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))


def _progress(*columns: ProgressColumn) -> Progress:
    described = TextColumn("{task.description}")
    return Progress(described, BarColumn(), *columns, console=err, transient=True)


def pace(questions_per_s: float | None, seconds_left: float | None) -> str:
    """`4.8 s each · 0:12:03 left`, or so many a second where it is quicker; "" as yet unknown."""
    if questions_per_s is None or seconds_left is None:
        return ""
    each = (
        f"{questions_per_s:.1f}/s" if questions_per_s > 1 else f"{1 / questions_per_s:.1f} s each"
    )
    return f"{each} · {timedelta(seconds=round(seconds_left))} left"
