"""A library of an earlier version becomes one of this version, in its place.

Articles, passages and vectors stay; what is changed is made from them, in the caller's transaction.
"""

import sqlite3

from qa.library.schema import SCHEMA_VERSION, WORD_INDEX, statements
from qa.reading.words import parted

CONVERTIBLE = 2
"""The oldest version that can be converted; what is older is made anew."""


def convert(connection: sqlite3.Connection) -> None:
    """Bring a library of version 2 to this one: its index of words learns text without spaces."""
    for column in ("title_words", "text_words"):
        connection.execute(f"ALTER TABLE passages ADD COLUMN {column} TEXT")
    connection.executemany(
        "UPDATE passages SET title_words = ?, text_words = ? WHERE row = ?", _parted(connection)
    )
    for old in ("TRIGGER passage_added", "TRIGGER passage_removed", "TABLE passage_words"):
        connection.execute(f"DROP {old}")
    for statement in statements(WORD_INDEX):
        connection.execute(statement)
    connection.execute("INSERT INTO passage_words (passage_words) VALUES ('rebuild')")
    connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (SCHEMA_VERSION,))


def _parted(connection: sqlite3.Connection) -> list[tuple[str | None, str | None, int]]:
    """Titles and texts of the passages that are indexed otherwise than they stand, with the row."""
    passages = connection.execute("SELECT row, title, text FROM passages")
    made = ((parted(title), parted(text), row) for row, title, text in passages)
    return [(title, text, row) for title, text, row in made if title or text]
