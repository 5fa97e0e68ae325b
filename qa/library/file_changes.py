"""Writing to the library file: what of `qa.library.changes` SQLite does in its own way."""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from qa.library.changes import Changes
from qa.library.records import EmbeddedPassage, Recipe, number_of, offsets_row
from qa.reading.words import parted

_PASSAGE = (
    "article_id, recipe, number, start_char, end_char, page, page_turns, title, text, digest,"
    " title_words, text_words"
)


class FileChanges(Changes):
    """The changes of one transaction on a SQLite connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    def _run(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, tuple(values))

    def _stored(self, path: Path) -> str | bytes:
        return stored_path(path)

    def _add(self, passages: Sequence[EmbeddedPassage], recipe: Recipe, recipe_number: int) -> None:
        for one in passages:
            passage = one.passage
            row = self._run(
                f"INSERT INTO passages ({_PASSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    passage.article_id,
                    recipe_number,
                    number_of(passage.id),
                    passage.start,
                    passage.end,
                    passage.page,
                    offsets_row(passage.page_turns),
                    passage.title,
                    passage.text,
                    one.digest,
                    parted(passage.title),
                    parted(passage.text),
                ),
            ).lastrowid
            self._run(
                "INSERT INTO vectors VALUES (?, ?)", (row, one.vector.astype("<f4").tobytes())
            )
            self._connection.executemany(
                "INSERT INTO bands VALUES (?, ?)", [(key, row) for key in set(one.bands)]
            )


def stored_path(path: Path) -> str | bytes:
    """A path as it is stored: its text, or its bytes where they are no UTF-8."""
    text = str(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return text
