"""What stands in a library, read by SQL that SQLite and PostgreSQL both understand.

`?` stands for a value. Rows are those of the tables of `qa.library.schema`.
"""

import os
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.errors import LibraryError
from qa.library.records import (
    ARTICLE_COLUMNS,
    FILE_COLUMNS,
    HEADING_COLUMNS,
    PASSAGE_COLUMNS,
    RECIPE_COLUMNS,
    ArticleLine,
    Heading,
    Recipe,
    SourceFile,
    article_of,
    date_of,
    heading_of,
    line_of,
    number_of,
    passage_of,
    source_file_of,
)
from qa.types import EVERYTHING, Article, Passage, Scope

MOST_COPIES = 1000
"""Boilerplate may stand in every article; so many copies of it are enough to know."""

ROWS_AT_ONCE = 500
"""Rows asked for in one statement: half the time of one by one; SQLite takes 32,766 values."""

T = TypeVar("T")


class Contents(ABC):
    """A library's articles, files and passages; each engine says how a statement is run."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """Everything read inside is of one state of the library, whatever is written meanwhile."""

    @abstractmethod
    def _rows(self, sql: str, *values: object) -> list[Any]:
        """The rows that a statement gives, all of them."""

    @abstractmethod
    def _has_all(self, words: Sequence[str]) -> tuple[str, list[object]]:
        """The SQL condition on `live` for passages that have all these words, and its values."""

    @abstractmethod
    def _damage(self, error: Exception) -> str:
        """What is said of a value that cannot be what was stored."""

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
            f"SELECT {RECIPE_COLUMNS}, embedder_name FROM recipes ORDER BY active DESC, id"
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

    def text_of(self, article_id: str) -> str | None:
        """The text of the article of that id."""
        article = self.article(article_id)
        return article.text if article else None

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

    def headings(self, scope: Scope, limit: int) -> tuple[Heading, ...]:
        """So many articles of a scope, the newest first and the undated last."""
        condition, values = within(scope)
        rows = self._rows(
            f"SELECT {HEADING_COLUMNS} FROM articles WHERE {condition}"
            " ORDER BY published DESC NULLS LAST, id LIMIT ?",
            *values,
            limit,
        )
        return self._made(heading_of, rows)

    def headings_with(self, words: Sequence[str], scope: Scope) -> tuple[Heading, ...]:
        """The articles of a scope whose title, id or source has each of these words somewhere.

        The words are case-folded, which no engine does alike; in the order of `headings`.
        """
        condition, values = within(scope)
        rows = self._rows(f"SELECT {HEADING_COLUMNS} FROM articles WHERE {condition}", *values)
        # Of 100,000 most have not all words: only of the others values are made, and sorted.
        found = [row for row in rows if _has(words, *row[:3])]
        found.sort(key=lambda row: row[0])
        found.sort(key=lambda row: row[3] or "", reverse=True)
        return self._made(heading_of, found)

    def article_count(self, scope: Scope = EVERYTHING) -> int:
        """How many articles of a scope the library holds."""
        condition, values = within(scope)
        return int(self._rows(f"SELECT count(*) FROM articles WHERE {condition}", *values)[0][0])

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
            f" JOIN recipes ON recipes.id = recipe WHERE ({RECIPE_COLUMNS}) = (?, ?, ?, ?))"
            " ORDER BY id",
            *recipe.key,
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


def _has(words: Sequence[str], article_id: str, title: str, source: str | None) -> bool:
    text = f"{title} {article_id} {source or ''}".casefold()
    return all(word in text for word in words)


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
