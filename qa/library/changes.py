"""Writing to the library: what may be done inside one transaction of `Store.changing()`."""

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.library.records import (
    ARTICLE_COLUMNS,
    EmbeddedPassage,
    Recipe,
    SourceFile,
    number_of,
    offsets_row,
    row_of,
)
from qa.reading.words import parted
from qa.types import Article

_RECIPE = "embedder, dimension, passage_tokens, splitter"

_PASSAGE = (
    "article_id, recipe, number, start_char, end_char, page, page_turns, title, text, digest,"
    " title_words, text_words"
)


class Changes:
    """The changes of one transaction; nothing of them is seen before it commits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_all = connection.executemany
        self._seen = False  # whether readers see a difference, so that the generation moves on

    def put(self, article: Article, file: Path) -> None:
        """Store an article that stands in a file, in place of what had its id; passages follow."""
        self._take_over(article.id, file)
        self._run("DELETE FROM articles WHERE id = ?", (article.id,))
        self._run(
            f"INSERT INTO articles (file, {ARTICLE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (stored_path(file), *row_of(article)),
        )
        self._seen = True

    def put_passages(self, passages: Sequence[EmbeddedPassage], recipe: Recipe) -> None:
        """Add passages to articles that are stored; readers see those of the active recipe."""
        number = self._recipe_number(recipe)
        for one in passages:
            passage = one.passage
            self._seen = True
            row = self._run(
                f"INSERT INTO passages ({_PASSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    passage.article_id,
                    number,
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
            self._run_all("INSERT INTO bands VALUES (?, ?)", [(key, row) for key in set(one.bands)])

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
        self._run("UPDATE articles SET file = ? WHERE id = ?", (stored_path(file), article_id))

    def note_file(self, file: SourceFile) -> None:
        """Note that a file was read whole; articles of it that are not named have left it."""
        path = stored_path(file.path)
        self._run(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                path,
                stored_path(file.root),
                file.reading,
                file.size,
                file.mtime_ns,
                file.read_ns,
                file.digest,
                json.dumps(file.problems),
                json.dumps(file.clashes),
            ),
        )
        self._run(
            "UPDATE articles SET file = NULL WHERE file = ?"
            " AND id NOT IN (SELECT value FROM json_each(?))",
            (path, json.dumps(file.article_ids)),
        )

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
            self._forget(stored_path(file))

    def remember_roots(self, roots: Iterable[Path]) -> None:
        """Note what was indexed, for the next time that no path is named."""
        self._run("DELETE FROM roots")
        self._run_all("INSERT INTO roots VALUES (?, ?)", enumerate(map(stored_path, roots)))

    def finish(self) -> None:
        """Move the generation on if readers see a difference."""
        if self._seen:
            self._run("UPDATE meta SET value = value + 1 WHERE key = 'generation'")

    def _take_over(self, article_id: str, file: Path) -> None:
        """Make sure that the file has a row, and that one which had the article is read again."""
        path = stored_path(file)
        self._read_again(
            "path = (SELECT file FROM articles WHERE id = ?) AND path <> ?", article_id, path
        )
        self._run(
            "INSERT INTO files VALUES (?, '', 0, -1, 0, 0, '', '[]', '[]')"
            " ON CONFLICT DO UPDATE SET size = -1, digest = ''",
            (path,),
        )

    def _forget(self, path: str | bytes | None) -> None:
        self._run(
            "DELETE FROM files WHERE path = ?1"
            " AND NOT EXISTS (SELECT 1 FROM articles WHERE file = ?1)",
            (path,),
        )

    def _read_again(self, condition: str, *values: str | bytes | None) -> None:
        self._run(f"UPDATE files SET size = -1, digest = '' WHERE {condition}", values)

    def _recipe_number(self, recipe: Recipe) -> int:
        """The number of a recipe, which becomes the active one if there is none."""
        key = recipe.embedder, recipe.dimension, recipe.passage_tokens, recipe.splitter
        self._run(
            f"INSERT INTO recipes ({_RECIPE}, embedder_name, active)"
            " VALUES (?, ?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM recipes)) ON CONFLICT DO NOTHING",
            (*key, recipe.embedder_name),
        )
        found = self._run(f"SELECT id FROM recipes WHERE ({_RECIPE}) = (?, ?, ?, ?)", key)
        return int(found.fetchone()[0])


def stored_path(path: Path) -> str | bytes:
    """A path as it is stored: its text, or its bytes where they are no UTF-8."""
    text = str(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return text
