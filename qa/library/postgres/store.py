"""The library in PostgreSQL: one schema of a database, for many readers and one writer at a time.

It owns what is durable, as `qa.library.store` does on one machine: every change is one transaction
that also moves the generation on, and a reader sees one state from the start of `reading()` to its
end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np

from qa.library.changes import Changes
from qa.library.contents import MOST_COPIES, within
from qa.library.embedder import Vectors
from qa.library.postgres import lexical, neighbours
from qa.library.postgres.address import Address
from qa.library.postgres.changes import PostgresChanges, copy_vectors
from qa.library.postgres.database import Database
from qa.library.postgres.tokens import WordCutter
from qa.library.records import PassageVectors, Recipe
from qa.library.storage import Storage, made
from qa.reading.words import is_one_character
from qa.types import EVERYTHING, Scope


class PostgresStore(Storage):
    """A shared library that is open; use it in a `with` block, from any thread."""

    def __init__(self, database: Database, index_dir: Path) -> None:
        self._database = database
        self._cutter = WordCutter()
        self.place = database.address.place
        self.index_dir = index_dir

    @classmethod
    def open(cls, address: Address, index_dir: Path) -> Self:
        """Open a shared library; `index_dir` is for what can be made again, on this machine.

        Raises IndexMissing or LibraryError.
        """
        return cls(Database(address, create=False), index_dir)

    @classmethod
    def create(cls, address: Address, index_dir: Path) -> Self:
        """Open a shared library, made first where there is none. Raises LibraryError."""
        return cls(Database(address, create=True), made(index_dir))

    def close(self) -> None:
        """Close the connection."""
        self._database.close()
        self._cutter.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one state of the library, whatever is written meanwhile."""
        with self._database.reading():
            yield

    @contextmanager
    def only_writer(self, waiting: Callable[[str], None] | None) -> Iterator[None]:
        """Hold the collection's advisory lock; see `Storage`."""
        with self._database.only_writer(waiting):
            yield

    @contextmanager
    def changing(self) -> Iterator[Changes]:
        """One transaction: all of the changes made inside, or, after an exception, none."""
        with self._database.writing():
            changes = PostgresChanges(self._database, self._cutter)
            yield changes
            changes.finish()

    def keep_vectors(self, digests: Sequence[bytes], vectors: Vectors, recipe: Recipe) -> None:
        """Store vectors ahead of their passages, for `vectors_of` to find; twice changes nothing.

        `vectors[i]` belongs to `digests[i]`. Any number of processes may do so at a time, beside
        the one writer, who forgets at the end of a run what no passage came for.
        """
        with self._database.adding():
            copy_vectors(self._database, digests, vectors, recipe)

    def settle(self) -> None:
        """Forget vectors that no passage has, index those of many passages, and count anew.

        What no passage has are vectors that were stored ahead of passages that never came.
        """
        recipe = self.recipe()
        with self._database.writing():
            self._database.run(
                "DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM passages JOIN recipes"
                " ON recipes.id = recipe WHERE passages.digest = vectors.digest AND"
                " (recipes.embedder, recipes.dimension) = (vectors.embedder, vectors.dimension))"
            )
            if recipe:
                neighbours.make_ready(self._database, recipe)
        for table in ("articles", "passages", "postings", "vectors", "bands"):
            self._rows(f"ANALYZE {table}")

    def matching(
        self, terms: Sequence[str], limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the passages that have any of these terms and their BM25; see `Storage`."""
        if not terms or limit <= 0:
            return {}
        query = lexical.most_relevant(self._cut(terms), *within(scope), limit)
        return dict(self._rows(query.sql, *query.values))

    def nearest(
        self, vector: Vectors, limit: int, scope: Scope = EVERYTHING
    ) -> Mapping[int, float]:
        """Rows of the nearest passages and their exact cosine; see `Storage`."""
        with self.reading():
            recipe = self.recipe()
            if recipe is None or limit <= 0:
                return {}
            rows = neighbours.candidates(self._database, recipe, vector, limit, *within(scope))
            found = self.cosines(vector, rows)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit])

    def copies_of(self, row: int, limit: int = MOST_COPIES) -> tuple[int, ...]:
        """Rows of passages that share a band key with this row's; in one statement, not thirteen.

        See `Contents`.
        """
        rows = self._rows(
            "SELECT DISTINCT other.passage FROM bands, LATERAL ("
            "  SELECT o.passage FROM bands o JOIN passages p ON p.row = o.passage"
            "  WHERE o.key = bands.key AND p.recipe = (SELECT id FROM recipes WHERE active)"
            "  ORDER BY o.passage LIMIT ?"
            " ) AS other WHERE bands.passage = ? AND other.passage <> ? ORDER BY 1 LIMIT ?",
            *(limit + 1, row, row, limit),
        )
        return tuple(other for (other,) in rows)

    def vectors(self) -> PassageVectors:
        """The vectors of all passages that readers see."""
        with self.reading():
            rows = self.live_rows()
            return PassageVectors(rows, self.vectors_in(rows.tolist()))

    def vectors_in(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, in their order; see `Storage`."""
        recipe = self.recipe()
        found = dict(
            self._rows(
                "SELECT row, vector FROM passages JOIN recipes ON recipes.id = recipe"
                " JOIN vectors USING (embedder, dimension, digest) WHERE row = ANY (?)",
                [int(row) for row in rows],
            )
        )
        with self._reading_values():
            matrix = np.array([_numbers(found[row]) for row in rows], dtype=np.float32)
            return matrix.reshape(len(rows), recipe.dimension if recipe else 0)

    def vectors_of(self, digests: Iterable[bytes], recipe: Recipe) -> Mapping[bytes, Vectors]:
        """Vectors that this recipe's embedder made before, by the digest of what was embedded."""
        rows = self._rows(
            "SELECT digest, vector FROM vectors WHERE embedder = ? AND dimension = ?"
            " AND digest = ANY (?)",
            *(recipe.embedder, recipe.dimension, list(digests)),
        )
        return {digest: _numbers(vector) for digest, vector in rows}

    def _rows(self, sql: str, *values: object) -> list[Any]:
        return self._database.rows(sql, *values)

    def _has_all(self, words: Sequence[str]) -> tuple[str, list[object]]:
        query = lexical.passages_with_all(self._cut(words))
        return query.sql, list(query.values)

    def _damage(self, error: Exception) -> str:
        return (
            f"The shared library {self.place} is damaged ({error}). Restore it, or remove it with"
            " qa collections remove and index the articles anew."
        )

    def _cut(self, terms: Sequence[str]) -> list[lexical.Term]:
        cut = self._cutter.words_in(terms)
        return [
            lexical.Term(tuple(words), begins=is_one_character(term))
            for term, words in zip(terms, cut, strict=True)
        ]


def _numbers(vector: Any) -> Vectors:
    """A vector of pgvector's own type as an array, shape (dimension,)."""
    return np.asarray(vector.to_numpy() if hasattr(vector, "to_numpy") else vector, np.float32)
