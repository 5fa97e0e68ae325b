"""The vectors of one generation of the library, in FAISS, to be searched and never changed.

The library file holds the vectors; a snapshot on disk is a cache of them that may be missing, out
of date or damaged at any time. The indexer publishes it; readers only read it.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.library.embedder import Vectors
from qa.library.records import PassageVectors
from qa.library.store import Store

_DIGEST_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every passage's vector at one generation, by the passage's row."""

    generation: int
    index: Any  # faiss.IndexIDMap2 over faiss.IndexFlatIP: exact, by inner product

    def nearest(self, vector: Vectors, limit: int) -> Mapping[int, float]:
        """Rows of the nearest passages and their cosine with a unit vector, best first."""
        count = min(limit, self.index.ntotal)
        if count == 0:
            return {}
        cosines, rows = self.index.search(vector.reshape(1, -1), count)
        return dict(zip(rows[0].tolist(), cosines[0].tolist(), strict=True))

    def cosines(self, vector: Vectors, rows: Iterable[int]) -> Mapping[int, float]:
        """The cosine of a unit vector with each of these passages."""
        return {row: float(self.index.reconstruct(row) @ vector) for row in rows}


def load_snapshot(store: Store, index_dir: Path) -> Snapshot:
    """The vectors of the store's present generation, from the cache if that is whole."""
    with store.reading():
        generation = store.generation()
        index = _read(_file(store, index_dir))
        return Snapshot(generation, _build(store.vectors()) if index is None else index)


def publish_snapshot(store: Store, index_dir: Path) -> None:
    """Write the cache for the present generation, unless it stands, and delete older ones.

    A folder that cannot be written is no failure: readers then build from the library file.
    """
    with store.reading():
        file, vectors = _file(store, index_dir), store.vectors()
    if _read(file) is not None:
        return
    try:
        _write(file, _build(vectors))
        for older in file.parent.glob("vectors-*"):
            if older != file:
                older.unlink()
    except OSError:
        return


def _file(store: Store, index_dir: Path) -> Path:
    return index_dir / f"vectors-{store.library_id()}-{store.generation()}.faiss"


def _build(vectors: PassageVectors) -> Any:
    index = _faiss().IndexIDMap2(_faiss().IndexFlatIP(vectors.matrix.shape[1]))
    if len(vectors.rows):
        index.add_with_ids(vectors.matrix, vectors.rows)
    return index


def _read(file: Path) -> Any | None:
    """The index in a file, or None when it is missing or not what was written."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, body = content[:_DIGEST_BYTES], memoryview(content)[_DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != digest:
        return None
    try:
        return _faiss().deserialize_index(np.frombuffer(body, dtype=np.uint8))
    except RuntimeError:  # whole, but of another version of FAISS
        return None


def _write(file: Path, index: Any) -> None:
    body = _faiss().serialize_index(index).tobytes()
    part = file.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as written:
        written.write(hashlib.sha256(body).digest() + body)
        written.flush()
        os.fsync(written.fileno())
    part.replace(file)


def _faiss() -> Any:
    import faiss

    # Its OpenMP and torch's are two copies on some systems, and together they crash there. One
    # thread scans 100,000 passages in some 10 ms.
    faiss.omp_set_num_threads(1)
    return faiss
