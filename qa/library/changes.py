"""Writing to the library: what may be done inside one transaction of `Storage.changing()`.

In SQL that SQLite and PostgreSQL both understand, `?` for a value.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from qa.library.records import (
    ARTICLE_COLUMNS,
    FILE_COLUMNS,
    RECIPE_COLUMNS,
    EmbeddedPassage,
    Recipe,
    SourceFile,
    row_of,
)
from qa.types import Article


class Ran(Protocol):
    """What came of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """Its next row, or None."""

    def fetchall(self) -> list[Any]:
        """All its rows."""


class Changes(ABC):
    """The changes of one transaction; nothing of them is seen before it commits."""

    def __init__(self) -> None:
        self._seen = False  # whether readers see a difference, so that the generation moves on

    @abstractmethod
    def _run(self, sql: str, values: Sequence[object] = ()) -> Ran:
        """Run a statement."""

    @abstractmethod
    def _stored(self, path: Path) -> str | bytes:
        """A path as it is stored."""

    @abstractmethod
    def _add(self, passages: Sequence[EmbeddedPassage], recipe: Recipe, recipe_number: int) -> None:
        """Add passages with their vectors, words and bands."""

    def put(self, article: Article, file: Path) -> None:
        """Store an article that stands in a file, in place of what had its id; passages follow."""
        self._take_over(article.id, file)
        self._run("DELETE FROM articles WHERE id = ?", (article.id,))
        self._run(
            f"INSERT INTO articles (file, {ARTICLE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self._stored(file), *row_of(article)),
        )
        self._seen = True

    def put_passages(self, passages: Sequence[EmbeddedPassage], recipe: Recipe) -> None:
        """Add passages to articles that are stored; readers see those of the active recipe."""
        number = self._recipe_number(recipe)
        if passages:
            self._seen = True
            self._add(passages, recipe, number)

    def activate(self, recipe: Recipe) -> None:
        """Show readers the passages of this recipe, and no others."""
        self._run("UPDATE recipes SET active = (id = ?)", (self._recipe_number(recipe),))
        self._seen = True

    def clear(self, most_passages: int) -> bool:
        """Delete so many passages that readers do not see; whether that was all of them."""
        deleted = self._run(
            "DELETE FROM passages WHERE row IN (SELECT row FROM passages"
            " WHERE recipe IN (SELECT id FROM recipes WHERE NOT active) LIMIT ?)",
            (most_passages,),
        ).rowcount
        if deleted < most_passages:
            self._run("DELETE FROM recipes WHERE NOT active")
        return deleted < most_passages

    def name_embedder(self, recipe: Recipe) -> None:
        """Note under which name the recipe's embedder was last opened."""
        number = self._recipe_number(recipe)
        self._run(
            "UPDATE recipes SET embedder_name = ? WHERE id = ?", (recipe.embedder_name, number)
        )

    def keep(self, article_id: str, file: Path) -> None:
        """Note that an unchanged article stands in this file."""
        self._take_over(article_id, file)
        self._run("UPDATE articles SET file = ? WHERE id = ?", (self._stored(file), article_id))

    def note_file(self, file: SourceFile) -> None:
        """Note that a file was read whole; articles of it that are not named have left it."""
        path = self._stored(file.path)
        self._run(
            f"INSERT INTO files ({FILE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET (root, reading, size, mtime_ns, read_ns, digest,"
            " problems, clashes) = (excluded.root, excluded.reading, excluded.size,"
            " excluded.mtime_ns, excluded.read_ns, excluded.digest, excluded.problems,"
            " excluded.clashes)",
            (
                path,
                self._stored(file.root),
                file.reading,
                file.size,
                file.mtime_ns,
                file.read_ns,
                file.digest,
                json.dumps(file.problems),
                json.dumps(file.clashes),
            ),
        )
        own = set(file.article_ids)
        for (article_id,) in self._run(
            "SELECT id FROM articles WHERE file = ?", (path,)
        ).fetchall():
            if article_id not in own:
                self._run("UPDATE articles SET file = NULL WHERE id = ?", (article_id,))

    def remove(self, article_ids: Iterable[str]) -> None:
        """Remove articles with all that was made of them; their files are read again."""
        for article_id in article_ids:
            file = self._run("SELECT file FROM articles WHERE id = ?", (article_id,)).fetchone()
            if file is not None:
                self._run("DELETE FROM articles WHERE id = ?", (article_id,))
                self._read_again("path = ?", *file)
                self._forget(*file)
                self._seen = True

    def forget_files(self, files: Iterable[Path]) -> None:
        """Forget those of these files that no article stands in."""
        for file in files:
            self._forget(self._stored(file))

    def remember_roots(self, roots: Iterable[Path]) -> None:
        """Note what was indexed, for the next time that no path is named."""
        self._run("DELETE FROM roots")
        for position, root in enumerate(roots):
            self._run("INSERT INTO roots VALUES (?, ?)", (position, self._stored(root)))

    def finish(self) -> None:
        """Move the generation on if readers see a difference."""
        if self._seen:
            self._run(
                "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT)"
                " WHERE key = 'generation'"
            )

    def _take_over(self, article_id: str, file: Path) -> None:
        """Make sure that the file has a row, and that one which had the article is read again."""
        path = self._stored(file)
        self._read_again(
            "path = (SELECT file FROM articles WHERE id = ?) AND path <> ?", article_id, path
        )
        self._run(
            f"INSERT INTO files ({FILE_COLUMNS}) VALUES (?, '', 0, -1, 0, 0, '', '[]', '[]')"
            " ON CONFLICT (path) DO UPDATE SET size = -1, digest = ''",
            (path,),
        )

    def _forget(self, path: str | bytes | None) -> None:
        self._run(
            "DELETE FROM files WHERE path = ?"
            " AND NOT EXISTS (SELECT 1 FROM articles WHERE file = ?)",
            (path, path),
        )

    def _read_again(self, condition: str, *values: str | bytes | None) -> None:
        self._run(f"UPDATE files SET size = -1, digest = '' WHERE {condition}", values)

    def _recipe_number(self, recipe: Recipe) -> int:
        """The number of a recipe, which becomes the active one if there is none."""
        self._run(
            f"INSERT INTO recipes ({RECIPE_COLUMNS}, embedder_name, active)"
            " VALUES (?, ?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM recipes)) ON CONFLICT DO NOTHING",
            (*recipe.key, recipe.embedder_name),
        )
        found = self._run(
            f"SELECT id FROM recipes WHERE ({RECIPE_COLUMNS}) = (?, ?, ?, ?)", recipe.key
        )
        return int(found.fetchone()[0])
