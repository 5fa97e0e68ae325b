"""A compressed index over very many vectors, in FAISS, and the file that caches it.

Two dimensions of a vector take four bits (product quantisation: Jégou, Douze and Schmid, PAMI
2011), scanned in the processor's registers (André, Kermarrec and Le Scouarnec, VLDB 2015): 96 bytes
for 384 dimensions, a million of them in 5 ms on one core. Codes are too coarse to rank by; they
find candidates, and who searches compares those with the exact vectors. `bench/index.md` has what
else was measured.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.files import write_whole
from qa.library.embedder import Vectors

Rows = NDArray[np.int64]
"""Rows of passages, ascending."""

TRAINING_VECTORS = 20_000
"""Vectors, evenly spread, that the code book is made from: 50,000 gave hardly better candidates."""

BLOCK_VECTORS = 16_384
"""Vectors in memory at a time while an index is built: 25 MB of 384 dimensions."""

_DIGEST_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class CompressedIndex:
    """The codes of the vectors in these rows."""

    rows: Rows
    codes: Any  # faiss.IndexIVFPQFastScan; its ids are the rows

    def candidates(self, vector: Vectors, count: int, among: Rows | None = None) -> Rows:
        """So many rows, or all there are, whose vectors are about the nearest to a unit vector.

        With `among`, they are taken from those rows only; ones that are not in the index are
        passed over.
        """
        faiss = load_faiss()
        chosen = None if among is None else faiss.IVFSearchParameters(sel=_selector(among))
        _, found = self.codes.search(vector.reshape(1, -1), count, params=chosen)
        rows: Rows = found[0]
        return rows[rows >= 0]  # -1 stands where there were too few


def build_index(rows: Rows, read_vectors: Callable[[list[int]], Vectors]) -> CompressedIndex:
    """Compress the vectors in these rows, of which there must be a thousand at least.

    `read_vectors` gives those of some of the rows, in order; it is never asked for very many.
    """
    sample = rows[:: -(-len(rows) // TRAINING_VECTORS)]
    training = read_vectors(sample.tolist())
    dimension = training.shape[1]
    parts = dimension // 2 if dimension % 2 == 0 else dimension
    # A single inverted list is a flat index, but one that takes ids of ours and filters by them.
    codes = load_faiss().index_factory(
        dimension, f"IVF1,PQ{parts}x4fs", load_faiss().METRIC_INNER_PRODUCT
    )
    codes.train(training)
    for block in _blocks(rows):
        codes.add_with_ids(read_vectors(block.tolist()), block)
    return CompressedIndex(rows, codes)


def read_index(file: Path) -> CompressedIndex | None:
    """The index in a file, or None when it is missing or not what was written."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, body = content[:_DIGEST_BYTES], memoryview(content)[_DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != digest:
        return None
    faiss = load_faiss()
    try:
        codes = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))
    except RuntimeError:  # whole, but of another version of FAISS
        return None
    rows = faiss.rev_swig_ptr(codes.invlists.get_ids(0), codes.ntotal).copy()
    return CompressedIndex(rows, codes)


def write_index(index: CompressedIndex, file: Path) -> None:
    """Write an index so that the file is never seen half written. Raises OSError."""
    body = memoryview(load_faiss().serialize_index(index.codes))
    write_whole(file, hashlib.sha256(body).digest(), body)


def load_faiss() -> Any:
    """The library, told to use one thread."""
    import faiss

    # Its OpenMP and torch's are two copies on some systems, and together they crash there; and a
    # second thread makes no search faster (bench/index.md).
    faiss.omp_set_num_threads(1)
    return faiss


def _blocks(rows: Rows) -> Iterator[Rows]:
    for first in range(0, len(rows), BLOCK_VECTORS):
        yield rows[first : first + BLOCK_VECTORS]


def _selector(rows: Rows) -> Any:
    """Tells whether a row is one of these: a bit for each up to the last."""
    chosen = np.zeros(int(rows[-1]) + 1 if len(rows) else 0, dtype=bool)
    chosen[rows] = True
    return load_faiss().IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
