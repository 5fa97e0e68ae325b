"""The library in one SQLite file that holds the articles, their passages, words and vectors.

It owns what is durable. Every change is one transaction that also moves the *generation* on, so a
process killed at any moment leaves a library that opens and answers. A reader sees one state from
the start of `reading()` to its end and never waits for a writer (SQLite's WAL mode).
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np

from qa.library import locking
from qa.library.changes import Changes
from qa.library.contents import ROWS_AT_ONCE, places, within
from qa.library.database import FILE_NAME, Database, damaged
from qa.library.embedder import Vectors
from qa.library.file_changes import FileChanges
from qa.library.records import PassageVectors, Recipe
from qa.library.storage import TEXT_WEIGHT, TITLE_WEIGHT, Storage, made
from qa.library.vectors import Snapshot, load_snapshot, publish_snapshot
from qa.reading.words import is_one_character
from qa.types import EVERYTHING, Scope

_AMONG_THE_BEST = (
    "bm25 >= coalesce((SELECT bm25 FROM found ORDER BY bm25 DESC LIMIT 1 OFFSET max(?, 0)), bm25)"
)
"""No worse than the last that is wanted. Where all that match are seen by readers, only those need
to be looked up: a common word stands in a third of a library."""

sqlite3.register_adapter(np.int64, int)  # a row of `live_rows` would be bound as its bytes, else


class Store(Storage):
    """A library file that is open; use it in a `with` block, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.file = database.file
        self.place = str(self.file)
        self.index_dir = database.file.parent
        self._snapshot: Snapshot | None = None

    @classmethod
    def open(cls, index_dir: Path) -> Self:
        """Open the library in a folder. Raises IndexMissing or LibraryError."""
        return cls(Database.open(index_dir / FILE_NAME, create=False))

    @classmethod
    def create(cls, index_dir: Path) -> Self:
        """Open the library in a folder, made first where there is none. Raises LibraryError."""
        return cls(Database.open(made(index_dir) / FILE_NAME, create=True))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one state of the library, whatever is written meanwhile."""
        with self._database.reading():
            yield

    @contextmanager
    def only_writer(self, waiting: Callable[[str], None] | None) -> Iterator[None]:
        """Hold the lock of the index folder; see `Storage` and `qa.library.locking`."""
        with locking.only_writer(self.index_dir, waiting):
            yield

    @contextmanager
    def changing(self) -> Iterator[Changes]:
        """One transaction: all of the changes made inside, or, after an exception, none."""
        with self._database.writing():
            changes = FileChanges(self._database.connection)
            yield changes
            changes.finish()

    def settle(self) -> None:
        """Give disk space back when much of the file is free, and publish the vectors.

        A library of an earlier program is given the indexes that it lacks.
        """
        self._database.add_indexes()
        self._database.shrink()
        publish_snapshot(self, self.index_dir)

    def matching(
        self, terms: Sequence[str], limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the passages that have any of these terms and their BM25; see `Storage`."""
        if not terms:
            return {}
        condition, values = within(scope)
        everything = scope == EVERYTHING and len(self.recipes()) <= 1
        rows = self._rows(
            "WITH found AS MATERIALIZED (SELECT rowid, -bm25(passage_words, ?, ?) AS bm25"
            " FROM passage_words WHERE passage_words MATCH ?)"
            " SELECT live.row, bm25 FROM found JOIN live ON live.row = found.rowid"
            f" WHERE {_AMONG_THE_BEST if everything else condition}"
            " ORDER BY bm25 DESC, live.article_id, live.number LIMIT ?",
            *(TITLE_WEIGHT, TEXT_WEIGHT, " OR ".join(map(_quoted, terms))),
            *((limit - 1,) if everything else values),
            limit,
        )
        return dict(rows)

    def nearest(
        self, vector: Vectors, limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the nearest passages and their exact cosine; see `Storage`."""
        with self.reading():
            snapshot = self._snapshot
            if snapshot is None or snapshot.generation != self.generation():
                self._snapshot = snapshot = load_snapshot(self, self.index_dir, snapshot)
            allowed = None if scope == EVERYTHING else self.rows_in(scope)
            return snapshot.nearest(vector, limit, allowed)

    def vectors(self) -> PassageVectors:
        """The vectors of all passages that readers see."""
        rows = self._rows(
            "SELECT live.row, vector FROM live JOIN vectors ON passage = live.row ORDER BY live.row"
        )
        return PassageVectors(
            np.array([row for row, _ in rows], dtype=np.int64),
            self._matrix([vector for _, vector in rows]),
        )

    def vectors_in(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, in their order; see `Storage`."""
        found: dict[int, bytes] = {}
        for first in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[first : first + ROWS_AT_ONCE]
            found.update(
                self._rows(
                    f"SELECT passage, vector FROM vectors WHERE passage IN ({places(some)})", *some
                )
            )
        with self._reading_values():
            return self._matrix([found[row] for row in rows])

    def vectors_of(self, digests: Iterable[bytes], recipe: Recipe) -> Mapping[bytes, Vectors]:
        """Vectors that this recipe's embedder made before, by the digest of what was embedded."""
        known = {}
        for digest in digests:
            rows = self._rows(
                "SELECT vector FROM passages JOIN vectors ON passage = row"
                " JOIN recipes ON recipes.id = recipe"
                " WHERE passages.digest = ? AND embedder = ? AND dimension = ? LIMIT 1",
                *(digest, recipe.embedder, recipe.dimension),
            )
            if rows and len(rows[0][0]) == 4 * recipe.dimension:
                known[digest] = np.frombuffer(rows[0][0], dtype="<f4").astype(np.float32)
        return known

    def _rows(self, sql: str, *values: object) -> list[Any]:
        return self._database.rows(sql, *values)

    def _has_all(self, words: Sequence[str]) -> tuple[str, list[object]]:
        return (
            "row IN (SELECT rowid FROM passage_words WHERE passage_words MATCH ?)",
            [" AND ".join(map(_quoted, words))],
        )

    def _damage(self, error: Exception) -> str:
        return damaged(self.file, error)

    def _matrix(self, vectors: Sequence[bytes]) -> Vectors:
        recipe = self.recipe()
        shape = len(vectors), recipe.dimension if recipe else 0
        with self._reading_values():
            joined = np.frombuffer(b"".join(vectors), dtype="<f4")
            return joined.astype(np.float32, copy=False).reshape(shape)


def _quoted(words: str) -> str:
    """What finds a word, or words side by side, as a term of an FTS5 query, whatever it holds.

    A Chinese, Japanese or Korean character alone is found as the beginning of a pair.
    """
    return f'"{words}" *' if is_one_character(words) else f'"{words}"'
