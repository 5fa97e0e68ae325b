"""Writing to a shared library: what of `qa.library.changes` PostgreSQL does in its own way."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.library.changes import Changes, Ran
from qa.library.embedder import Vectors
from qa.library.postgres.database import Database
from qa.library.postgres.neighbours import make_ready
from qa.library.postgres.tokens import WordCutter
from qa.library.records import EmbeddedPassage, Recipe, number_of, offsets_row
from qa.reading.words import parted

_STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged (
  place integer, article_id text, number integer, start_char integer, end_char integer,
  page integer, page_turns text, digest bytea, title text, text text, title_words text[],
  text_words text[], bands bigint[]
) ON COMMIT DELETE ROWS
"""

_TYPES = (
    "int4", "text", "int4", "int4", "int4", "int4", "text", "bytea", "text", "text", "text[]",
    "text[]", "int8[]",
)  # fmt: skip
"""Of the columns of `staged`: a binary copy casts nothing."""

_PASSAGE = (
    "article_id, number, start_char, end_char, page, page_turns, digest, title, text, title_words,"
    " text_words"
)

_FROM_STAGE = (
    f"INSERT INTO passages (recipe, {_PASSAGE}) SELECT ?::integer, {_PASSAGE} FROM staged"
    " ORDER BY place ON CONFLICT (article_id, recipe, number) DO NOTHING",
    "INSERT INTO bands (key, passage) SELECT DISTINCT key, row"
    " FROM staged JOIN passages USING (article_id, number), unnest(bands) AS key"
    " WHERE recipe = ? ON CONFLICT DO NOTHING",
)


class PostgresChanges(Changes):
    """The changes of one transaction on a shared library."""

    def __init__(self, database: Database, cutter: WordCutter) -> None:
        super().__init__()
        self._database = database
        self._cutter = cutter

    def activate(self, recipe: Recipe) -> None:
        """Show readers the passages of this recipe, with an index of their vectors."""
        make_ready(self._database, recipe)
        super().activate(recipe)

    def _run(self, sql: str, values: Sequence[object] = ()) -> Ran:
        return self._database.run(sql, values)

    def _stored(self, path: Path) -> bytes:
        return os.fsencode(path)

    def _add(self, passages: Sequence[EmbeddedPassage], recipe: Recipe, recipe_number: int) -> None:
        """Copy them into a staging table, and from there what is not stored yet."""
        texts = [one.passage for one in passages]
        words = self._cutter.words_of(
            [(parted(one.title) or one.title, parted(one.text) or one.text) for one in texts]
        )
        self._run(_STAGE)
        with (
            self._database.connection.cursor() as cursor,
            cursor.copy("COPY staged FROM STDIN WITH (FORMAT BINARY)") as copy,
        ):
            copy.set_types(_TYPES)
            for place, (one, cut) in enumerate(zip(passages, words, strict=True)):
                passage = one.passage
                copy.write_row(
                    (
                        place,
                        passage.article_id,
                        number_of(passage.id),
                        passage.start,
                        passage.end,
                        passage.page,
                        offsets_row(passage.page_turns),
                        one.digest,
                        passage.title,
                        passage.text,
                        cut.title,
                        cut.text,
                        list(one.bands),
                    )
                )
        vectors = np.array([one.vector for one in passages])
        copy_vectors(self._database, [one.digest for one in passages], vectors, recipe)
        for statement in _FROM_STAGE:
            self._run(statement, (recipe_number,))
        self._run("TRUNCATE staged")


def copy_vectors(
    database: Database, digests: Sequence[bytes], vectors: Vectors, recipe: Recipe
) -> None:
    """Copy vectors into a staging table, and from there those that are not stored yet."""
    database.run(
        "CREATE TEMPORARY TABLE IF NOT EXISTS staged_vectors (digest bytea, vector vector)"
        " ON COMMIT DELETE ROWS"
    )
    with (
        database.connection.cursor() as cursor,
        cursor.copy("COPY staged_vectors FROM STDIN WITH (FORMAT BINARY)") as copy,
    ):
        copy.set_types(("bytea", "vector"))
        for row in zip(digests, vectors, strict=True):
            copy.write_row(row)
    database.run(
        "INSERT INTO vectors (embedder, dimension, digest, vector)"
        " SELECT ?, ?::integer, digest, vector FROM staged_vectors ORDER BY digest"
        " ON CONFLICT DO NOTHING",
        (recipe.embedder, recipe.dimension),
    )
    database.run("TRUNCATE staged_vectors")
