"""What can still be read of a library file, damaged or whole, row by row, without changing it.

It opens the file by itself, read-only, and knows of it only the table of articles, which has had
these columns from the first version on.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from qa.library.read_only import read_only_address
from qa.library.records import date_of
from qa.types import Article

_WAYS_IN = (
    ("NOT INDEXED", "rowid"),
    ("INDEXED BY sqlite_autoindex_articles_1", "id"),
    ("INDEXED BY articles_of_file", "file"),
)
"""The table and its two indexes: where one is broken, another may still name the rows."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a library file, in one line, and how much of it can be read."""

    finding: str
    articles: int
    readable: int


def assess(file: Path, error: str) -> Damage:
    """Look a broken library file over; `error` is the finding where the check finds no other."""
    finding = error
    with closing(_open(file)) as connection:
        try:
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as failure:
            finding = str(failure)
        else:
            finding = error if answer == "ok" else str(answer).splitlines()[-1]
    found = [article is not None for article in rescued_articles(file)]
    return Damage(finding, articles=len(found), readable=sum(found))


def rescued_articles(file: Path) -> Iterator[Article | None]:
    """Every article that a library file has a row of; None for one that cannot be read.

    Pages are not told (`page_starts`). A file that is no library has none.
    """
    with closing(_open(file)) as connection:
        for row in sorted(_rows_of_articles(connection)):
            yield _article(connection, row)


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(read_only_address(file), uri=True)
    # Then SQLite also reads a file that was cut short, as far as it goes; nothing can be written.
    connection.execute("PRAGMA writable_schema = ON")
    return connection


def _rows_of_articles(connection: sqlite3.Connection) -> set[int]:
    rows: set[int] = set()
    for way, column in _WAYS_IN:
        whole = True
        for order in ("ASC", "DESC"):  # from both ends, each up to what is broken
            sql = f"SELECT rowid FROM articles {way} ORDER BY {column} {order}"
            try:
                for (row,) in connection.execute(sql):
                    rows.add(row)
            except sqlite3.DatabaseError:
                whole = False
        if whole:
            break
    return rows


def _article(connection: sqlite3.Connection, row: int) -> Article | None:
    sql = "SELECT id, title, text, source, published, digest FROM articles WHERE rowid = ?"
    try:
        found = connection.execute(sql, (row,)).fetchone()
        if found is None:
            return None
        article_id, title, text, source, published, digest = found
        return Article(article_id, title, text, source, date_of(published), digest)
    except (sqlite3.DatabaseError, ValueError):  # a date may be broken too
        return None
