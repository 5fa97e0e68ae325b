"""The file of conversations: its tables, their conversion, and what its errors mean.

A file of an earlier form becomes one of today's in its place. Nothing is left out, and what is
missing is made from what is there, in the caller's transaction: until that is whole, the file is
what it was.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.conversing.records import digest_of
from qa.errors import ConversationError
from qa.settings import MAIN

SCHEMA_VERSION = 2
"""`user_version` of the file. Raise it when a column changes, and convert what is older
(`convert`). A table more is no other version: it is made where it is missing,
and an older program leaves it alone."""

TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL,
  updated TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversations_of_owner ON conversations (owner, updated);
CREATE TABLE IF NOT EXISTS exchanges (
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  words TEXT NOT NULL,
  kept TEXT NOT NULL,
  digest INTEGER NOT NULL, -- of the three before it: see records.digest_of
  PRIMARY KEY (conversation, number)
);
-- What was judged is kept as it stood: the question may be edited and asked again.
CREATE TABLE IF NOT EXISTS judgements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  given TEXT NOT NULL,
  verdict TEXT NOT NULL,
  correction TEXT NOT NULL,
  kept TEXT NOT NULL,
  history TEXT NOT NULL,
  digest INTEGER NOT NULL, -- of the five before it, without the day
  UNIQUE (conversation, number)
);
CREATE TABLE IF NOT EXISTS preferences (owner TEXT PRIMARY KEY, chosen TEXT NOT NULL);
-- What a judgement became in a review: the line of a question set, or "" where it was rejected.
CREATE TABLE IF NOT EXISTS reviewed (
  judgement INTEGER PRIMARY KEY REFERENCES judgements (id) ON DELETE CASCADE,
  line TEXT NOT NULL
);
-- What a bookmarklet brings along to add pages (see `ui.clip_routes`); good for nothing else.
CREATE TABLE IF NOT EXISTS clip_tokens (owner TEXT PRIMARY KEY, token TEXT NOT NULL);
"""


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


_DAMAGED = "is damaged ({error}). Bring it back from a copy, or move it away: a new one is made"
_DISK = "The disk reports an error or is full. Check it and try again; what was kept before stays"

_MEANINGS = {
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Free some space; what was kept stays",
    sqlite3.SQLITE_IOERR: f"cannot be read or written ({{error}}). {_DISK}",
    sqlite3.SQLITE_BUSY: "is in use by another program. Try again when that is done",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}

_RIGHTS = "cannot be used ({error}). Check the disk and the rights of its folder"


@contextmanager
def plain_errors(file: Path) -> Iterator[None]:
    """Turn an error into a ConversationError, a line that names the file and what to do."""
    try:
        yield
    except OSError as error:
        raise ConversationError(f"{file} {_RIGHTS.format(error=error)}.") from error
    except sqlite3.Error as error:
        # The low byte of an extended code is the primary one. A text that is no UTF-8 has no code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        reason = str(error).partition(" with text")[0]  # which would be a person's own words
        meaning = _MEANINGS.get(code, _RIGHTS).format(error=reason)
        raise ConversationError(f"The file of conversations {file} {meaning}.") from error
