"""Texts cut into words exactly as a library file's index of words cuts them: FTS5 itself does it.

So the same words are found in both, and weigh the same.
"""

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.library.schema import TOKENIZER

LONGEST_WORD = 500
"""Characters kept of a word; an index of PostgreSQL takes no more than some 2,700 bytes."""


@dataclass(slots=True)
class TitleAndText:
    """The words of a title and of a text, in order, stemmed."""

    title: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class WordCutter:
    """FTS5 over a database in memory; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._memory.execute(
            f"CREATE VIRTUAL TABLE texts USING fts5 (title, text, content = '',"
            f" tokenize = '{TOKENIZER}')"
        )
        self._memory.execute("CREATE VIRTUAL TABLE instances USING fts5vocab (texts, instance)")

    def close(self) -> None:
        """Free the memory."""
        self._memory.close()

    def words_of(self, texts: Sequence[tuple[str, str]]) -> list[TitleAndText]:
        """The words of each of these titles and texts, as a library file would index them."""
        found = [TitleAndText() for _ in texts]
        with self._lock:
            self._memory.execute("BEGIN")
            self._memory.executemany(
                "INSERT INTO texts (rowid, title, text) VALUES (?, ?, ?)",
                ((number, *one) for number, one in enumerate(texts)),
            )
            for number, column, word in self._memory.execute(
                "SELECT doc, col, term FROM instances ORDER BY doc, col, offset"
            ):
                one = found[number]
                (one.title if column == "title" else one.text).append(word[:LONGEST_WORD])
            self._memory.execute("ROLLBACK")
        return found

    def words_in(self, terms: Sequence[str]) -> list[list[str]]:
        """The words of each of these terms of a query."""
        return [one.text for one in self.words_of([("", term) for term in terms])]
