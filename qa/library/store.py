"""The library: one SQLite file that holds the articles, their passages, words and vectors.

It owns what is durable. Every change is one transaction that also moves the *generation* on, so a
process killed at any moment leaves a library that opens and answers. A reader sees one state from
the start of `reading()` to its end and never waits for a writer (SQLite's WAL mode).
"""

import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexMissing, LibraryError
from qa.library.changes import Changes
from qa.library.embedder import Vectors
from qa.library.records import (
    ARTICLE_COLUMNS,
    PASSAGE_COLUMNS,
    PassageVectors,
    Recipe,
    SourceFile,
    article_of,
    number_of,
    passage_of,
)
from qa.library.schema import SCHEMA_VERSION, plain_errors, statements
from qa.types import EVERYTHING, Article, Passage, Scope

FILE_NAME = "library.db"
TITLE_WEIGHT, TEXT_WEIGHT = 0.5, 1.0
"""Of a word's worth in BM25: a title stands over every passage of its article, so it counts less
(measured on SQuAD paragraphs)."""

BUSY_S = 10.0
"""How long a writer waits for another; batches commit in well under a second."""


class Store:
    """A library that is open; use it in a `with` block, from any thread."""

    def __init__(self, connection: sqlite3.Connection, index_dir: Path) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self.index_dir = index_dir
        self.file = index_dir / FILE_NAME

    @classmethod
    def open(cls, index_dir: Path) -> Self:
        """Open the library in a folder. Raises IndexMissing or LibraryError."""
        if not (index_dir / FILE_NAME).is_file():
            raise IndexMissing(_missing(index_dir))
        return cls._connect(index_dir, create=False)

    @classmethod
    def create(cls, index_dir: Path) -> Self:
        """Open the library in a folder, made first where there is none. Raises LibraryError."""
        try:
            index_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"The folder {index_dir} cannot be made: {error.strerror}. "
                "Name another with QA_INDEX_DIR."
            ) from error
        return cls._connect(index_dir, create=True)

    @classmethod
    def _connect(cls, index_dir: Path, *, create: bool) -> Self:
        file = index_dir / FILE_NAME
        with plain_errors(file):
            connection = sqlite3.connect(
                file, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            with ExitStack() as undo:
                undo.callback(connection.close)
                store = cls(connection, index_dir)
                store._prepare(create=create)
                undo.pop_all()  # it is whole: it stays open
        return store

    def _prepare(self, *, create: bool) -> None:
        tables = {name for (name,) in self._rows("SELECT name FROM sqlite_master")}
        if not tables and not create:
            raise IndexMissing(_missing(self.index_dir))
        if tables and "meta" not in tables:
            raise LibraryError(
                f"{self.file} is not a library. Move it away and run qa index again."
            )
        self._rows("PRAGMA foreign_keys = ON")
        # In WAL mode this may lose the last commits to a power cut, but never the library.
        self._rows("PRAGMA synchronous = NORMAL")
        if not tables:
            self._rows("PRAGMA journal_mode = WAL")
            with self._writing():
                if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
                    self._make_tables()
        if self._meta("schema") != str(SCHEMA_VERSION):
            raise LibraryError(
                f"{self.file} was made by another version of this program."
                " Move it away and run qa index again."
            )

    def _make_tables(self) -> None:
        for statement in statements():
            self._rows(statement)
        self._connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [("schema", SCHEMA_VERSION), ("generation", 0), ("library", uuid.uuid4().hex)],
        )

    def close(self) -> None:
        """Close the file; the store cannot be used after."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Reading

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one state of the library, whatever is written meanwhile."""
        with self._lock, plain_errors(self.file):
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def generation(self) -> int:
        """A number that moves on with every change to what readers see."""
        return int(self._meta("generation"))

    def library_id(self) -> str:
        """Tells this library from any other that may once have stood in its place."""
        return self._meta("library")

    def recipe(self) -> Recipe | None:
        """The recipe of the passages that readers see; None before anything was indexed."""
        return next(iter(self.recipes()), None)

    def recipes(self) -> tuple[Recipe, ...]:
        """Every recipe of which there are passages, the active one first."""
        rows = self._rows(
            "SELECT embedder, dimension, passage_tokens, splitter FROM recipes"
            " ORDER BY active DESC, id"
        )
        return tuple(Recipe(*row) for row in rows)

    def roots(self) -> tuple[Path, ...]:
        """The folders and files that were last indexed, as absolute paths."""
        return tuple(Path(p) for (p,) in self._rows("SELECT path FROM roots ORDER BY position"))

    def files(self) -> Mapping[Path, SourceFile]:
        """Every file that gave an article, by its path."""
        ids: dict[str, list[str]] = {}
        with self.reading():
            for path, article_id in self._rows("SELECT file, id FROM articles ORDER BY id"):
                ids.setdefault(path, []).append(article_id)
            return {
                Path(path): SourceFile(Path(path), digest, tuple(ids.get(path, ())))
                for path, digest in self._rows("SELECT path, digest FROM files")
            }

    def digests(self) -> Mapping[str, str]:
        """The digest of every article, by its id."""
        return dict(self._rows("SELECT id, digest FROM articles"))

    def articles(self) -> tuple[Article, ...]:
        """Every article, by id."""
        return tuple(
            map(article_of, self._rows(f"SELECT {ARTICLE_COLUMNS} FROM articles ORDER BY id"))
        )

    def article(self, article_id: str) -> Article | None:
        """The article of that id."""
        rows = self._rows(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", article_id)
        return article_of(rows[0]) if rows else None

    def article_count(self) -> int:
        """How many articles the library holds."""
        return int(self._rows("SELECT count(*) FROM articles")[0][0])

    def passage_count(self) -> int:
        """How many passages readers see."""
        return int(self._rows("SELECT count(*) FROM live")[0][0])

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article, in order; none when there is no such article."""
        sql = f"SELECT {PASSAGE_COLUMNS} FROM live WHERE article_id = ? ORDER BY number"
        return tuple(map(passage_of, self._rows(sql, article_id)))

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id."""
        article_id, number = passage_id.rpartition("#")[0], number_of(passage_id)
        sql = f"SELECT {PASSAGE_COLUMNS} FROM live WHERE article_id = ? AND number = ?"
        rows = self._rows(sql, article_id, number)
        return passage_of(rows[0]) if rows else None

    def passages_in(self, rows: Iterable[int]) -> Mapping[int, Passage]:
        """The passages in these rows, by row; rows that are gone are left out."""
        found = {}
        for row in rows:
            passage = self._rows(f"SELECT {PASSAGE_COLUMNS} FROM live WHERE row = ?", row)
            if passage:
                found[row] = passage_of(passage[0])
        return found

    def live_rows(self) -> NDArray[np.int64]:
        """The row of every passage that readers see, ascending."""
        rows = self._rows("SELECT row FROM live ORDER BY row")
        return np.array([row for (row,) in rows], dtype=np.int64)

    def rows_in(self, scope: Scope) -> NDArray[np.int64]:
        """The rows, ascending, of the passages of articles in a scope."""
        condition, values = _within(scope)
        rows = self._rows(f"SELECT row FROM live WHERE {condition} ORDER BY row", *values)
        return np.array([row for (row,) in rows], dtype=np.int64)

    def sources(self) -> tuple[str, ...]:
        """Every source that an article names, sorted."""
        rows = self._rows(
            "SELECT DISTINCT source FROM articles WHERE source IS NOT NULL ORDER BY source"
        )
        return tuple(source for (source,) in rows)

    def matching(
        self, fts_query: str, limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the passages that match an FTS5 query and their BM25, best first, high is good.

        The query must be well-formed; see `qa.library.retrieval.any_word`. "" matches nothing.
        """
        if not fts_query:
            return {}
        condition, values = _within(scope)
        rows = self._rows(
            "SELECT live.row, -bm25(passage_words, ?, ?) AS bm25 FROM passage_words"
            " JOIN live ON live.row = passage_words.rowid WHERE passage_words MATCH ?"
            f" AND {condition} ORDER BY bm25 DESC, live.article_id, live.number LIMIT ?",
            *(TITLE_WEIGHT, TEXT_WEIGHT, fts_query, *values, limit),
        )
        return dict(rows)

    def vectors(self) -> PassageVectors:
        """The vectors of all passages that readers see."""
        rows = self._rows(
            "SELECT live.row, vector FROM live JOIN vectors ON passage = live.row ORDER BY live.row"
        )
        recipe = self.recipe()
        joined = b"".join(vector for _, vector in rows)
        matrix = np.frombuffer(joined, dtype="<f4").astype(np.float32, copy=False)
        return PassageVectors(
            np.array([row for row, _ in rows], dtype=np.int64),
            matrix.reshape(len(rows), recipe.dimension if recipe else 0),
        )

    def vectors_in(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, in their order, shape (len(rows), dimension); exact.

        Every row must be one that readers see.
        """
        found = [self._rows("SELECT vector FROM vectors WHERE passage = ?", row) for row in rows]
        matrix = np.frombuffer(b"".join(one[0][0] for one in found), dtype="<f4")
        recipe = self.recipe()
        return matrix.astype(np.float32).reshape(len(rows), recipe.dimension if recipe else 0)

    def lacking(self, recipe: Recipe) -> tuple[str, ...]:
        """Ids of the articles that have no passages of this recipe yet."""
        rows = self._rows(
            "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM passages"
            " JOIN recipes ON recipes.id = recipe WHERE (embedder, dimension, passage_tokens,"
            " splitter) = (?, ?, ?, ?)) ORDER BY id",
            *(recipe.embedder, recipe.dimension, recipe.passage_tokens, recipe.splitter),
        )
        return tuple(article_id for (article_id,) in rows)

    # Writing

    @contextmanager
    def changing(self) -> Iterator[Changes]:
        """One transaction: all of the changes made inside, or, after an exception, none."""
        with self._writing():
            changes = Changes(self._connection)
            yield changes
            changes.finish()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, plain_errors(self.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:  # not committed; a full disk has rolled back
                    self._connection.execute("ROLLBACK")

    def _meta(self, key: str) -> str:
        return str(self._rows("SELECT value FROM meta WHERE key = ?", key)[0][0])

    def _rows(self, sql: str, *parameters: object) -> list[Any]:
        with self._lock, plain_errors(self.file):
            return self._connection.execute(sql, parameters).fetchall()


def _within(scope: Scope) -> tuple[str, list[str]]:
    """The SQL condition on `live` for a scope, and its values."""
    conditions, values = ["TRUE"], []
    if scope.since:
        conditions.append("published >= ?")
        values.append(scope.since.isoformat())
    if scope.until:
        conditions.append("published <= ?")
        values.append(scope.until.isoformat())
    if scope.sources:
        conditions.append(f"source IN ({', '.join('?' * len(scope.sources))})")
        values += scope.sources
    return " AND ".join(conditions), values


def _missing(index_dir: Path) -> str:
    return f"There is no index in {index_dir}. Make one with: qa index FOLDER"
