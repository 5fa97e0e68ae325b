"""Writing to the library: what may be done inside one transaction of `Store.changing()`."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.library.embedder import Vectors
from qa.library.records import ARTICLE_COLUMNS, CutArticle, Recipe, number_of, row_of
from qa.types import Passage

_RECIPE = "embedder, dimension, passage_tokens, splitter"


class Changes:
    """The changes of one transaction; nothing of them is seen before it commits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_all = connection.executemany

    def put(self, cut: CutArticle, vectors: Vectors, recipe: Recipe) -> None:
        """Store an article with its passages and their vectors, in place of what had its id."""
        self._run("DELETE FROM articles WHERE id = ?", (cut.article.id,))
        self._put_file(cut.file, cut.file_digest)
        self._run(
            f"INSERT INTO articles (file, {ARTICLE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (str(cut.file), *row_of(cut.article)),
        )
        self.put_passages(cut.passages, vectors, recipe)

    def put_passages(self, passages: Sequence[Passage], vectors: Vectors, recipe: Recipe) -> None:
        """Add passages to articles that are stored; readers see those of the active recipe."""
        number = self._recipe_number(recipe)
        for passage, vector in zip(passages, vectors, strict=True):
            row = self._run(
                "INSERT INTO passages (article_id, recipe, number, start_char, end_char, title,"
                " text) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    passage.article_id,
                    number,
                    number_of(passage.id),
                    passage.start,
                    passage.end,
                    passage.title,
                    passage.text,
                ),
            ).lastrowid
            self._run("INSERT INTO vectors VALUES (?, ?)", (row, vector.astype("<f4").tobytes()))

    def activate(self, recipe: Recipe) -> None:
        """Show readers the passages of this recipe and delete those of any other."""
        self._run("UPDATE recipes SET active = (id = ?)", (self._recipe_number(recipe),))
        self._run("DELETE FROM recipes WHERE NOT active")

    def move(self, article_id: str, file: Path, file_digest: str) -> None:
        """Note that an unchanged article now stands in this file, with these bytes."""
        self._put_file(file, file_digest)
        self._run("UPDATE articles SET file = ? WHERE id = ?", (str(file), article_id))

    def remove(self, article_ids: Iterable[str]) -> None:
        """Remove articles with all that was made of them."""
        self._run_all("DELETE FROM articles WHERE id = ?", [(one,) for one in article_ids])

    def remember_roots(self, roots: Iterable[Path]) -> None:
        """Note what was indexed, for the next time that no path is named."""
        self._run("DELETE FROM roots")
        self._run_all("INSERT INTO roots VALUES (?, ?)", enumerate(map(str, roots)))

    def finish(self) -> None:
        """Forget files that hold no article, and move the generation on."""
        self._run("DELETE FROM files WHERE path NOT IN (SELECT file FROM articles)")
        self._run("UPDATE meta SET value = value + 1 WHERE key = 'generation'")

    def _put_file(self, file: Path, digest: str) -> None:
        self._run(
            "INSERT INTO files VALUES (?, ?) ON CONFLICT DO UPDATE SET digest = excluded.digest",
            (str(file), digest),
        )

    def _recipe_number(self, recipe: Recipe) -> int:
        """The number of a recipe, which becomes the active one if there is none."""
        key = recipe.embedder, recipe.dimension, recipe.passage_tokens, recipe.splitter
        self._run(
            f"INSERT INTO recipes ({_RECIPE}, active)"
            " VALUES (?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM recipes)) ON CONFLICT DO NOTHING",
            key,
        )
        found = self._run(f"SELECT id FROM recipes WHERE ({_RECIPE}) = (?, ?, ?, ?)", key)
        return int(found.fetchone()[0])
