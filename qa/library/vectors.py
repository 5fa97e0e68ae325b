"""The vectors of one generation of the library, to be searched and never changed.

A snapshot is two parts. The *tail* is held in memory and searched exactly; it is all there is of a
small library. The *base* is a compressed index over most passages of a large one: its candidates
are compared by their exact vectors, which stay in the library file, so what `nearest` and `cosines`
give is always exact and only the choice of candidates is not.

A base stays as it was built while articles come and go: the rows it lacks are the tail, the rows
that are gone are passed over, and when both together are many, a new base is built. Its file is a
cache that may be missing, out of date or damaged at any time. The indexer publishes it; readers
only read it. Rows are never given twice, so a base of another generation cannot name other words.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.library.compressed import (
    CompressedIndex,
    Rows,
    build_index,
    load_faiss,
    read_index,
    write_index,
)
from qa.library.embedder import Vectors
from qa.library.records import PassageVectors
from qa.library.storage import Storage

EXACT_ROWS = 20_000
"""Most rows in the tail and rows gone from the base: 31 MB of 384 dimensions, read in 0.2 s and
searched in 1 ms. Building a base of a million takes as long as embedding some 5,000 passages."""

EXACT_SCOPE = 2_000
"""A search among so few rows compares them all, in about the time of a search of the base."""

LEAST_CANDIDATES, CANDIDATES_PER_HIT = 400, 4
"""Candidates taken from the base: with 400, .999 of the true ten nearest of a million are among
them and .993 of the true fifty; with 200, .995 and .978."""

_LAYOUT = 2
"""Raise it when what stands in a base's file changes."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every passage's vector at one generation, by the passage's row.

    It reads the store, so it is to be asked inside `store.reading()` at its own generation.
    """

    generation: int
    store: Storage
    base: CompressedIndex | None
    alive: Rows  # rows in the base that readers see
    tail: PassageVectors  # all other rows that readers see, ascending

    def nearest(
        self, vector: Vectors, limit: int, allowed: Rows | None = None
    ) -> Mapping[int, float]:
        """Rows of the nearest passages and their cosine with a unit vector, best first.

        With `allowed`, rows that readers see, ascending, those alone are searched; the limit
        counts after that.
        """
        found = {
            **self._nearest_in_tail(vector, limit, allowed),
            **self.store.cosines(vector, self._candidates(vector, limit, allowed).tolist()),
        }
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return dict(best[:limit])

    def _nearest_in_tail(
        self, vector: Vectors, limit: int, allowed: Rows | None
    ) -> Mapping[int, float]:
        rows, matrix = self.tail.rows, self.tail.matrix
        if allowed is not None:
            inside = np.isin(rows, allowed, assume_unique=True)
            rows, matrix = rows[inside], matrix[inside]
        count = min(limit, len(rows))
        if count <= 0:
            return {}
        faiss = load_faiss()
        cosines, places = faiss.knn(
            vector.reshape(1, -1), matrix, count, metric=faiss.METRIC_INNER_PRODUCT
        )
        return dict(zip(rows[places[0]].tolist(), cosines[0].tolist(), strict=True))

    def _candidates(self, vector: Vectors, limit: int, allowed: Rows | None) -> Rows:
        """Rows in the base among which the nearest are; few enough to be compared exactly."""
        if self.base is None or limit <= 0:
            return np.empty(0, dtype=np.int64)
        if allowed is not None and len(allowed) <= EXACT_SCOPE:
            return np.setdiff1d(allowed, self.tail.rows, assume_unique=True)
        if allowed is None and len(self.alive) < len(self.base.rows):
            allowed = self.alive
        count = max(LEAST_CANDIDATES, CANDIDATES_PER_HIT * limit)
        return self.base.candidates(vector, count, allowed)


def load_snapshot(store: Storage, index_dir: Path, previous: Snapshot | None = None) -> Snapshot:
    """The vectors of the store's present generation.

    What an earlier snapshot of the same store holds in memory is used again. Where a base is needed
    and none fits, in memory or on disk, one is built from the library file.
    """
    with store.reading():
        generation = store.generation()
        if previous and previous.generation == generation:
            return previous
        live = store.live_rows()
        base = _base(store, index_dir, live, previous)
        inside = np.isin(live, base.rows if base else (), assume_unique=True)
        tail = _tail(store, live[~inside], previous)
        return Snapshot(generation, store, base, live[inside], tail)


def publish_snapshot(store: Storage, index_dir: Path) -> None:
    """See that a base for the present generation stands on disk, if it needs one, and no other.

    A folder that cannot be written is no failure: readers then build from the library file.
    """
    with store.reading():
        live = store.live_rows()
        file = None
        if len(live) > EXACT_ROWS:
            file = next((file for file, _ in _cached(store, index_dir, live)), None)
        try:
            if len(live) > EXACT_ROWS and file is None:
                file = index_dir / f"{_prefix(store)}{store.generation()}.faiss"
                write_index(build_index(live, store.vectors_in), file)
            for stale in index_dir.glob("vectors-*"):
                if stale != file:
                    stale.unlink()
        except OSError:
            return


def _base(
    store: Storage, index_dir: Path, live: Rows, previous: Snapshot | None
) -> CompressedIndex | None:
    if len(live) <= EXACT_ROWS:
        return None
    if previous and previous.base and _fits(previous.base, live):
        return previous.base
    cached = next((base for _, base in _cached(store, index_dir, live)), None)
    return cached or build_index(live, store.vectors_in)


def _cached(store: Storage, index_dir: Path, live: Rows) -> Iterator[tuple[Path, CompressedIndex]]:
    """The bases on disk that are whole and fit, latest first."""
    generations = {}
    for file in index_dir.glob(f"{_prefix(store)}*.faiss"):
        generation = file.stem.rpartition("-")[2]
        if generation.isdecimal() and int(generation) <= store.generation():
            generations[int(generation)] = file
    for _, file in sorted(generations.items(), reverse=True):
        base = read_index(file)
        if base is not None and _fits(base, live):
            yield file, base


def _fits(base: CompressedIndex, live: Rows) -> bool:
    """Whether what the base lacks and what is gone from it are few enough."""
    shared = int(np.isin(base.rows, live, assume_unique=True).sum())
    return len(live) + len(base.rows) - 2 * shared <= EXACT_ROWS


def _tail(store: Storage, rows: Rows, previous: Snapshot | None) -> PassageVectors:
    """The vectors of these rows, those that an earlier snapshot has taken from it."""
    recipe = store.recipe()
    matrix = np.empty((len(rows), recipe.dimension if recipe else 0), dtype=np.float32)
    known = np.isin(rows, previous.tail.rows if previous else (), assume_unique=True)
    if previous and known.any():
        again = np.isin(previous.tail.rows, rows, assume_unique=True)
        matrix[known] = previous.tail.matrix[again]  # both ascending
    if not known.all():
        matrix[~known] = store.vectors_in(rows[~known].tolist())
    return PassageVectors(rows, matrix)


def _prefix(store: Storage) -> str:
    """How the names of this library's bases begin: a row means the same in all of them."""
    recipe = store.recipe()
    made_of = repr((_LAYOUT, store.library_id(), recipe and recipe.key))
    return f"vectors-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}-"
