"""The compressed index: what it must find, what a filter does to it, and its file."""

from pathlib import Path

import numpy as np
import pytest

from qa.library.compressed import CompressedIndex, build_index, read_index, write_index
from qa.library.embedder import Vectors
from tests.library.unit_vectors import clustered

ROWS = np.arange(10, 6010, 2, dtype=np.int64)  # 3,000 even rows, as after many removals
VECTORS = clustered(len(ROWS), seed=1)
ALL = len(ROWS)


def read(rows: list[int]) -> Vectors:
    return VECTORS[np.searchsorted(ROWS, rows)]


@pytest.fixture(scope="module")
def index() -> CompressedIndex:
    return build_index(ROWS, read)


def test_the_nearest_are_among_few_candidates(index: CompressedIndex) -> None:
    questions = clustered(50, seed=2)
    for question in questions:
        ten = ROWS[np.argsort(-(VECTORS @ question))[:10]]
        assert set(ten) <= set(index.candidates(question, 200))


def test_as_many_candidates_as_asked_for_or_all(index: CompressedIndex) -> None:
    assert len(index.candidates(VECTORS[0], 7)) == 7
    assert sorted(index.candidates(VECTORS[0], ALL + 100)) == ROWS.tolist()


def test_candidates_come_from_the_rows_named(index: CompressedIndex) -> None:
    among = np.array([9, 10, 11, 500, 501, 6008, 7000], dtype=np.int64)
    # Odd rows and those beyond 6008 are not in the index.
    assert sorted(index.candidates(VECTORS[0], 50, among)) == [10, 500, 6008]
    assert len(index.candidates(VECTORS[0], 2, among)) == 2
    assert index.candidates(VECTORS[0], 5, np.array([], dtype=np.int64)).size == 0


def test_an_index_is_read_as_it_was_written(index: CompressedIndex, tmp_path: Path) -> None:
    file = tmp_path / "vectors.faiss"
    write_index(index, file)
    assert [path.name for path in tmp_path.iterdir()] == ["vectors.faiss"]
    # Half a byte for each pair of 64 dimensions, 8 bytes for the row: 24 of the 256 of a vector.
    assert file.stat().st_size < ALL * (16 + 8) + 30_000
    again = read_index(file)
    assert again is not None
    assert again.rows.tolist() == ROWS.tolist()
    question = clustered(1, seed=3)[0]
    assert again.candidates(question, 40).tolist() == index.candidates(question, 40).tolist()


@pytest.mark.parametrize("harm", ["missing", "cut short", "one bit", "not FAISS", "empty"])
def test_a_harmed_file_gives_no_index(index: CompressedIndex, tmp_path: Path, harm: str) -> None:
    file = tmp_path / "vectors.faiss"
    write_index(index, file)
    whole = file.read_bytes()
    match harm:
        case "missing":
            file.unlink()
        case "cut short":
            file.write_bytes(whole[:-40])
        case "one bit":
            file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        case "not FAISS":
            file.write_bytes(b"junk" * 100)
        case _:
            file.write_bytes(b"")
    assert read_index(file) is None
