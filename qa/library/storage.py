"""A library that is open, whatever keeps it: what is read of it, and what each engine does its way.

What is read by plain SQL stands here, in words that SQLite and PostgreSQL both understand, `?` for
a value. `qa.library.places` tells which engine keeps the library that settings name.
"""

import os
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.errors import LibraryError
from qa.library.changes import Changes
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
from qa.types import EVERYTHING, Article, Passage, Scope

TITLE_WEIGHT, TEXT_WEIGHT = 0.5, 1.0
"""Of a word's worth in BM25: a title stands over every passage of its article, so it counts less
(measured on SQuAD paragraphs)."""

MOST_COPIES = 1000
"""Boilerplate may stand in every article; so many copies of it are enough to know."""

ROWS_AT_ONCE = 500
"""Rows asked for in one statement: half the time of one by one; SQLite takes 32,766 values."""

T = TypeVar("T")


class Storage(ABC):
    """A library that is open; use it in a `with` block, from any thread.

    `place` names it in messages, with no password in it. `index_dir` is the folder on this machine
    for what can be made again: pages of scans that were read, a snapshot of the vectors.
    """

    place: str
    index_dir: Path

    # What each engine does its own way

    @abstractmethod
    def close(self) -> None:
        """Close it; it cannot be used after."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """Everything read inside is of one state of the library, whatever is written meanwhile."""

    @abstractmethod
    def only_writer(self, waiting: Callable[[str], None] | None) -> AbstractContextManager[None]:
        """Be the only one who changes the library, wherever the others are.

        While another is at it, `waiting` is told so, once, and this one waits. Raises LibraryError
        instead when there is no `waiting`, or when nothing can be written.
        """

    @abstractmethod
    def changing(self) -> AbstractContextManager[Changes]:
        """One transaction: all of the changes made inside, or, after an exception, none."""

    @abstractmethod
    def settle(self) -> None:
        """After changes, see that readers find fast and no space is wasted; nothing else changes.

        Only for the one writer. Whoever is killed before or in it leaves a library that is whole.
        """

    @abstractmethod
    def matching(
        self, terms: Sequence[str], limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the passages that have any of these terms and their BM25, best first.

        A term is a word or words side by side, as `qa.reading.words.words` gives them; they are
        stemmed and their accents dropped. Equal scores stand by article and number.
        """

    @abstractmethod
    def nearest(
        self, vector: Vectors, limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the nearest passages and their exact cosine with a unit vector, best first.

        In a large library a few of the nearest may be missed for others almost as near.
        """

    @abstractmethod
    def vectors(self) -> PassageVectors:
        """The vectors of all passages that readers see."""

    @abstractmethod
    def vectors_in(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, in their order, shape (len(rows), dimension); exact.

        Every row must be one that readers see. Raises LibraryError when one has no vector.
        """

    @abstractmethod
    def vectors_of(self, digests: Iterable[bytes], recipe: Recipe) -> Mapping[bytes, Vectors]:
        """Vectors that this recipe's embedder made before, by the digest of what was embedded."""

    @abstractmethod
    def _rows(self, sql: str, *values: object) -> list[Any]:
        """The rows that a statement gives, all of them."""

    @abstractmethod
    def _has_all(self, words: Sequence[str]) -> tuple[str, list[object]]:
        """The SQL condition on `live` for passages that have all these words, and its values."""

    @abstractmethod
    def _damage(self, error: Exception) -> str:
        """What is said of a value that cannot be what was stored."""

    # What is read of each alike

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def generation(self) -> int:
        """A number that moves on with every change to what readers see."""
        return int(self._meta("generation"))

    def library_id(self) -> str:
        """Tells this library from any other that may once have stood in its place."""
        return self._meta("library")

    def cosines(self, vector: Vectors, rows: Iterable[int]) -> Mapping[int, float]:
        """The exact cosine of a unit vector with each of these passages."""
        wanted = list(rows)
        cosines = self.vectors_in(wanted) @ vector if wanted else np.empty(0)
        return dict(zip(wanted, cosines.tolist(), strict=True))

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
        condition, values = within(scope)
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
        rows = self._rows(
            "SELECT title FROM articles ORDER BY published DESC NULLS LAST, id LIMIT ?", limit
        )
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
        wanted = list(rows)
        found: dict[int, Passage] = {}
        for first in range(0, len(wanted), ROWS_AT_ONCE):
            some = wanted[first : first + ROWS_AT_ONCE]
            lines = self._rows(
                f"SELECT {PASSAGE_COLUMNS}, row FROM live WHERE row IN ({places(some)})", *some
            )
            passages = self._made(passage_of, (line[:-1] for line in lines))
            found |= {line[-1]: one for line, one in zip(lines, passages, strict=True)}
        return {row: found[row] for row in wanted if row in found}

    def passages_with(self, words: Sequence[str], scope: Scope = EVERYTHING) -> tuple[Passage, ...]:
        """Every passage that has all these words in it or in its article's title.

        Words are letters and figures alone; they are stemmed, and their accents dropped, as in
        `matching`. By article, the newest first and the undated last, then in order; none without
        words.
        """
        if not words:
            return ()
        condition, values = within(scope)
        has_all, asked = self._has_all(words)
        rows = self._rows(
            f"SELECT {PASSAGE_COLUMNS} FROM live WHERE {has_all} AND {condition}"
            " ORDER BY published DESC NULLS LAST, article_id, number",
            *asked,
            *values,
        )
        return self._made(passage_of, rows)

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
        condition, values = within(scope)
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

    def lacking(self, recipe: Recipe) -> tuple[str, ...]:
        """Ids of the articles that have no passages of this recipe yet."""
        rows = self._rows(
            "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM passages"
            " JOIN recipes ON recipes.id = recipe WHERE (embedder, dimension, passage_tokens,"
            " splitter) = (?, ?, ?, ?)) ORDER BY id",
            *(recipe.embedder, recipe.dimension, recipe.passage_tokens, recipe.splitter),
        )
        return tuple(article_id for (article_id,) in rows)

    def _meta(self, key: str) -> str:
        return str(self._rows("SELECT value FROM meta WHERE key = ?", key)[0][0])

    def _made(self, make: Callable[[Any], T], rows: Iterable[Any]) -> tuple[T, ...]:
        with self._reading_values():
            return tuple(map(make, rows))

    @contextmanager
    def _reading_values(self) -> Iterator[None]:
        """A value that is missing, or cannot be what was stored, as a 31 February, is damage."""
        try:
            yield
        except (ValueError, TypeError, KeyError) as error:
            raise LibraryError(self._damage(error)) from error


def within(scope: Scope) -> tuple[str, list[str]]:
    """The SQL condition on `live` for a scope, and its values."""
    conditions, values = ["TRUE"], []
    if scope.since:
        conditions.append("published >= ?")
        values.append(scope.since.isoformat())
    if scope.until:
        conditions.append("published <= ?")
        values.append(scope.until.isoformat())
    if scope.sources:
        conditions.append(f"source IN ({places(scope.sources)})")
        values += scope.sources
    return " AND ".join(conditions), values


def places(values: Sequence[object]) -> str:
    """A place in SQL for each of the values."""
    return ", ".join("?" * len(values))
