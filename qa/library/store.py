"""The library: one SQLite file that holds the articles, their passages, words and vectors.

It owns what is durable. Every change is one transaction that also moves the *generation* on, so a
process killed at any moment leaves a library that opens and answers. A reader sees one state from
the start of `reading()` to its end and never waits for a writer (SQLite's WAL mode).
"""

import os
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.errors import LibraryError
from qa.library.changes import Changes
from qa.library.database import FILE_NAME, Database, damaged
from qa.library.embedder import Vectors
from qa.library.records import (
    ARTICLE_COLUMNS,
    FILE_COLUMNS,
    PASSAGE_COLUMNS,
    ArticleLine,
    PassageVectors,
    Recipe,
    SourceFile,
    article_of,
    date_of,
    line_of,
    number_of,
    passage_of,
    source_file_of,
)
from qa.reading.words import is_one_character
from qa.types import EVERYTHING, Article, Passage, Scope

TITLE_WEIGHT, TEXT_WEIGHT = 0.5, 1.0
"""Of a word's worth in BM25: a title stands over every passage of its article, so it counts less
(measured on SQuAD paragraphs)."""

MOST_COPIES = 1000
"""Boilerplate may stand in every article; so many copies of it are enough to know."""

_AMONG_THE_BEST = (
    "bm25 >= coalesce((SELECT bm25 FROM found ORDER BY bm25 DESC LIMIT 1 OFFSET max(?, 0)), bm25)"
)
"""No worse than the last that is wanted. Where all that match are seen by readers, only those need
to be looked up: a common word stands in a third of a library."""

T = TypeVar("T")

sqlite3.register_adapter(np.int64, int)  # a row of `live_rows` would be bound as its bytes, else


ROWS_AT_ONCE = 500
"""Vectors asked for in one statement: half the time of one by one; SQLite takes 32,766 values."""


class Store:
    """A library that is open; use it in a `with` block, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = database.rows
        self.file = database.file
        self.index_dir = database.file.parent

    @classmethod
    def open(cls, index_dir: Path) -> Self:
        """Open the library in a folder. Raises IndexMissing or LibraryError."""
        return cls(Database.open(index_dir / FILE_NAME, create=False))

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
        return cls(Database.open(index_dir / FILE_NAME, create=True))

    def close(self) -> None:
        """Close the file; the store cannot be used after."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Reading

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one state of the library, whatever is written meanwhile."""
        with self._database.reading():
            yield

    def generation(self) -> int:
        """A number that moves on with every change to what readers see."""
        return int(self._database.meta("generation"))

    def library_id(self) -> str:
        """Tells this library from any other that may once have stood in its place."""
        return self._database.meta("library")

    def recipe(self) -> Recipe | None:
        """The recipe of the passages that readers see; None before anything was indexed."""
        return next(iter(self.recipes()), None)

    def recipes(self) -> tuple[Recipe, ...]:
        """Every recipe of which there are passages, the active one first."""
        rows = self._rows(
            "SELECT embedder, dimension, passage_tokens, splitter, embedder_name FROM recipes"
            " ORDER BY active DESC, id"
        )
        return tuple(Recipe(*row) for row in rows)

    def roots(self) -> tuple[Path, ...]:
        """The folders and files that were last indexed, as absolute paths."""
        rows = self._rows("SELECT path FROM roots ORDER BY position")
        return tuple(Path(os.fsdecode(path)) for (path,) in rows)

    def files(self) -> Mapping[Path, SourceFile]:
        """Every file that was read, by its path."""
        ids: dict[str | bytes, list[str]] = {}
        with self.reading():
            for path, article_id in self._rows(
                "SELECT file, id FROM articles WHERE file IS NOT NULL ORDER BY id"
            ):
                ids.setdefault(path, []).append(article_id)
            rows = self._rows(f"SELECT {FILE_COLUMNS} FROM files")
        found = self._made(lambda row: source_file_of(row, ids.get(row[0], ())), rows)
        return {file.path: file for file in found}

    def file_of(self, article_id: str) -> SourceFile | None:
        """The file that an article stands in; None where it stands in none that is known."""
        with self.reading():
            rows = self._rows(
                f"SELECT {FILE_COLUMNS} FROM files"
                " WHERE path = (SELECT file FROM articles WHERE id = ?)",
                article_id,
            )
            ids = self._rows(
                "SELECT id FROM articles"
                " WHERE file = (SELECT file FROM articles WHERE id = ?) ORDER BY id",
                article_id,
            )
        made = self._made(lambda row: source_file_of(row, (one for (one,) in ids)), rows)
        return next(iter(made), None)

    def file_digests(self) -> tuple[str, ...]:
        """The digest of every file in which an article stands."""
        rows = self._rows(
            "SELECT digest FROM files WHERE EXISTS (SELECT 1 FROM articles WHERE file = path)"
        )
        return tuple(digest for (digest,) in rows)

    def digests(self) -> Mapping[str, str]:
        """The digest of every article, by its id."""
        return dict(self._rows("SELECT id, digest FROM articles"))

    def articles(self) -> tuple[Article, ...]:
        """Every article, by id."""
        return self._made(
            article_of, self._rows(f"SELECT {ARTICLE_COLUMNS} FROM articles ORDER BY id")
        )

    def article(self, article_id: str) -> Article | None:
        """The article of that id."""
        rows = self._rows(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", article_id)
        return next(iter(self._made(article_of, rows)), None)

    def listing(self, scope: Scope = EVERYTHING) -> tuple[ArticleLine, ...]:
        """A line for every article in a scope, by id."""
        condition, values = _within(scope)
        rows = self._rows(
            "SELECT id, title, source, published, length(text), (SELECT count(*) FROM passages p"
            "  WHERE p.article_id = articles.id"
            "  AND p.recipe = (SELECT recipes.id FROM recipes WHERE active)), digest"
            f" FROM articles WHERE {condition} ORDER BY id",
            *values,
        )
        return self._made(line_of, rows)

    def article_count(self) -> int:
        """How many articles the library holds."""
        return int(self._rows("SELECT count(*) FROM articles")[0][0])

    def newest(self) -> date | None:
        """The latest day on which an article was published; None when all are undated."""
        return date_of(self._rows("SELECT max(published) FROM articles")[0][0])

    def newest_titles(self, limit: int) -> tuple[str, ...]:
        """The titles of the latest articles, the undated last."""
        rows = self._rows("SELECT title FROM articles ORDER BY published DESC, id LIMIT ?", limit)
        return tuple(title for (title,) in rows)

    def passage_count(self) -> int:
        """How many passages readers see."""
        return int(self._rows("SELECT count(*) FROM live")[0][0])

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article, in order; none when there is no such article."""
        sql = f"SELECT {PASSAGE_COLUMNS} FROM live WHERE article_id = ? ORDER BY number"
        return self._made(passage_of, self._rows(sql, article_id))

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id."""
        article_id, number = passage_id.rpartition("#")[0], number_of(passage_id)
        sql = f"SELECT {PASSAGE_COLUMNS} FROM live WHERE article_id = ? AND number = ?"
        rows = self._rows(sql, article_id, number)
        return next(iter(self._made(passage_of, rows)), None)

    def passages_in(self, rows: Iterable[int]) -> Mapping[int, Passage]:
        """The passages in these rows, by row; rows that are gone are left out."""
        found = {}
        for row in rows:
            rows_found = self._rows(f"SELECT {PASSAGE_COLUMNS} FROM live WHERE row = ?", row)
            for passage in self._made(passage_of, rows_found):
                found[row] = passage
        return found

    def live_rows(self) -> NDArray[np.int64]:
        """The row of every passage that readers see, ascending."""
        # From the index of recipes alone: half the time of asking `live`.
        rows = self._rows(
            "SELECT row FROM passages WHERE recipe = (SELECT id FROM recipes WHERE active)"
            " ORDER BY row"
        )
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

    def known_sources(self, scope: Scope) -> Scope:
        """The scope with its sources as the articles write them, in whatever case they came.

        Raises LibraryError when no article comes from one of them.
        """
        if not scope.sources:
            return scope
        known = {source.casefold(): source for source in self.sources()}
        wanted = [unicodedata.normalize("NFC", source).casefold() for source in scope.sources]
        unknown = [
            name for name, key in zip(scope.sources, wanted, strict=True) if key not in known
        ]
        if unknown:
            there = ", ".join(sorted(known.values())) or "none, for no article names its source"
            raise LibraryError(
                f"No article comes from the source {unknown[0]!r}. Sources in the library: {there}."
            )
        return replace(scope, sources=tuple(known[key] for key in wanted))

    def matching(
        self, fts_query: str, limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the passages that match an FTS5 query and their BM25, best first, high is good.

        The query must be well-formed; see `qa.library.retrieval.any_word`. "" matches nothing.
        """
        if not fts_query:
            return {}
        condition, values = _within(scope)
        everything = scope == EVERYTHING and len(self.recipes()) <= 1
        rows = self._rows(
            "WITH found AS MATERIALIZED (SELECT rowid, -bm25(passage_words, ?, ?) AS bm25"
            " FROM passage_words WHERE passage_words MATCH ?)"
            " SELECT live.row, bm25 FROM found JOIN live ON live.row = found.rowid"
            f" WHERE {_AMONG_THE_BEST if everything else condition}"
            " ORDER BY bm25 DESC, live.article_id, live.number LIMIT ?",
            *(TITLE_WEIGHT, TEXT_WEIGHT, fts_query),
            *((limit - 1,) if everything else values),
            limit,
        )
        return dict(rows)

    def passages_with(self, words: Sequence[str], scope: Scope = EVERYTHING) -> tuple[Passage, ...]:
        """Every passage that has all these words in it or in its article's title.

        Words are letters and figures alone; they are stemmed, and their accents dropped, as in
        `matching`. By article, the newest first and the undated last, then in order; none without
        words.
        """
        if not words:
            return ()
        condition, values = _within(scope)
        rows = self._rows(
            f"SELECT {PASSAGE_COLUMNS} FROM live"
            " WHERE row IN (SELECT rowid FROM passage_words WHERE passage_words MATCH ?)"
            f" AND {condition} ORDER BY published DESC, article_id, number",
            *(" AND ".join(map(fts_term, words)), *values),
        )
        return self._made(passage_of, rows)

    def copies_of(self, row: int, limit: int = MOST_COPIES) -> tuple[int, ...]:
        """Rows of passages that share a band key with this row's passage, ascending; not itself.

        Those of each key are counted up to the limit, so that boilerplate costs no more.
        """
        found: set[int] = set()
        for (key,) in self._rows("SELECT key FROM bands WHERE passage = ?", row):
            found.update(
                other
                for (other,) in self._rows(
                    "SELECT passage FROM bands JOIN passages ON passages.row = passage"
                    " WHERE key = ? AND recipe = (SELECT id FROM recipes WHERE active)"
                    " ORDER BY passage LIMIT ?",
                    *(key, limit + 1),
                )
            )
        return tuple(sorted(found - {row})[:limit])

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
        """The vectors of these rows, in their order, shape (len(rows), dimension); exact.

        Every row must be one that readers see. Raises LibraryError when one has no vector.
        """
        found: dict[int, bytes] = {}
        for first in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[first : first + ROWS_AT_ONCE]
            places = ", ".join("?" * len(some))
            found.update(
                self._rows(
                    f"SELECT passage, vector FROM vectors WHERE passage IN ({places})", *some
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

    def lacking(self, recipe: Recipe) -> tuple[str, ...]:
        """Ids of the articles that have no passages of this recipe yet."""
        rows = self._rows(
            "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM passages"
            " JOIN recipes ON recipes.id = recipe WHERE (embedder, dimension, passage_tokens,"
            " splitter) = (?, ?, ?, ?)) ORDER BY id",
            *(recipe.embedder, recipe.dimension, recipe.passage_tokens, recipe.splitter),
        )
        return tuple(article_id for (article_id,) in rows)

    @contextmanager
    def changing(self) -> Iterator[Changes]:
        """One transaction: all of the changes made inside, or, after an exception, none."""
        with self._database.writing():
            changes = Changes(self._database.connection)
            yield changes
            changes.finish()

    def add_indexes(self) -> None:
        """Give a library of an earlier program the indexes that it lacks."""
        self._database.add_indexes()

    def shrink(self) -> None:
        """Give disk space back when much of the file is free; nothing else changes."""
        self._database.shrink()

    def _matrix(self, vectors: Sequence[bytes]) -> Vectors:
        recipe = self.recipe()
        shape = len(vectors), recipe.dimension if recipe else 0
        with self._reading_values():
            joined = np.frombuffer(b"".join(vectors), dtype="<f4")
            return joined.astype(np.float32, copy=False).reshape(shape)

    def _made(self, make: Callable[[Any], T], rows: Iterable[Any]) -> tuple[T, ...]:
        with self._reading_values():
            return tuple(map(make, rows))

    @contextmanager
    def _reading_values(self) -> Iterator[None]:
        """A value that is missing, or cannot be what was stored, as a 31 February, is damage."""
        try:
            yield
        except (ValueError, TypeError, KeyError) as error:
            raise LibraryError(damaged(self.file, error)) from error


def fts_term(words: str) -> str:
    """What finds a word, or words side by side, as a term of an FTS5 query, whatever it holds.

    A Chinese, Japanese or Korean character alone is found as the beginning of a pair.
    """
    return f'"{words}" *' if is_one_character(words) else f'"{words}"'


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
