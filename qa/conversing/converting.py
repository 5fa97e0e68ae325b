"""A file of conversations of an earlier form becomes one of today's, in its place.

Nothing is left out, and what is missing is made from what is there, in the caller's transaction:
until that is whole, the file is what it was.
"""

import sqlite3

from qa.conversing.records import digest_of
from qa.settings import MAIN

_DIGESTED = {
    "exchanges": ("number", "words", "kept"),
    "judgements": ("number", "verdict", "correction", "kept", "history"),
}
"""What the digest of a row is of, by the table; before version 2 there was none."""


def convert(connection: sqlite3.Connection) -> None:
    """Give the tables that are there the columns that they lack; the others are the caller's."""
    columns = _columns(connection, "conversations")
    if columns and "collection" not in columns:
        connection.execute(
            f"ALTER TABLE conversations ADD COLUMN collection TEXT NOT NULL DEFAULT '{MAIN}'"
        )
    for table, digested in _DIGESTED.items():
        columns = _columns(connection, table)
        if columns and "digest" not in columns:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN digest INTEGER NOT NULL DEFAULT 0")
            rows = connection.execute(f"SELECT {', '.join(digested)}, rowid FROM {table}")
            digests = [(digest_of(*values), row) for *values, row in rows]
            connection.executemany(f"UPDATE {table} SET digest = ? WHERE rowid = ?", digests)


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The names of a table's columns; none where there is no such table."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
