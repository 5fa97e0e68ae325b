"""Snapshots: exact in a small library, a compressed base in a large one, and its cache."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.library.compressed import build_index, read_index, write_index
from qa.library.embedder import Vectors
from qa.library.store import Store
from qa.library.vectors import (
    EXACT_ROWS,
    EXACT_SCOPE,
    Snapshot,
    load_snapshot,
    publish_snapshot,
)
from tests.examples import at_most
from tests.fakes import FakeEmbedder
from tests.library.stories import index, write
from tests.library.unit_vectors import PER_ARTICLE, add, clustered

LARGE = EXACT_ROWS + 1_500
VECTORS = clustered(LARGE, seed=5)
QUESTION = clustered(1, seed=6)[0]


def base_files(index_dir: Path) -> list[Path]:
    return sorted(index_dir.glob("vectors-*"))


def true_nearest(vectors: Vectors, rows: list[int], question: Vectors, limit: int) -> list[int]:
    """Rows by cosine, best first, compared one by one; row i + 1 has the vector i."""
    return sorted(rows, key=lambda row: -float(vectors[row - 1] @ question))[:limit]


@pytest.fixture(scope="module")
def large_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    with Store.create(folder) as store:
        add(store, VECTORS)
        publish_snapshot(store, folder)
    return folder


@pytest.fixture
def large(large_folder: Path, tmp_path: Path) -> Iterator[Store]:
    """A library with a base, of one's own."""
    shutil.copytree(large_folder, tmp_path / "library")
    with Store.open(tmp_path / "library") as store:
        yield store


def test_nearest_by_cosine(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        index(store, write(tmp_path / "in", {"a.txt": "ant bee\n\ncow dog", "b.txt": "cow fox"}))
        assert base_files(tmp_path) == []
        snapshot = load_snapshot(store, tmp_path)
        vector = FakeEmbedder().embed(["cow fox"])[0]
        nearest = snapshot.nearest(vector, 10)
        # The header is the title, the first line: "cow fox" twice, against once "cow" in seven.
        by_id = {store.passages_in([row])[row].id: cosine for row, cosine in nearest.items()}
        assert list(by_id) == ["b#0", "a#0"]
        assert by_id["b#0"] == pytest.approx(1)
        # a#0 is embedded as "ant bee ant bee cow dog": lengths √(4+4+1+1) and √2.
        assert by_id["a#0"] == pytest.approx(1 / (np.sqrt(10) * np.sqrt(2)), abs=1e-6)
        assert store.cosines(vector, nearest) == pytest.approx(dict(nearest), abs=1e-6)
        best, other = nearest
        assert list(snapshot.nearest(vector, 1)) == [best]
        assert list(snapshot.nearest(vector, 1, np.array([other]))) == [other]
        assert snapshot.nearest(vector, 0) == snapshot.nearest(vector, 5, np.array([])) == {}
        assert store.cosines(vector, []) == {}


def test_an_empty_library_has_no_neighbours(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        assert load_snapshot(store, tmp_path).nearest(FakeEmbedder().embed(["a"])[0], 5) == {}
        publish_snapshot(store, tmp_path)
        assert base_files(tmp_path) == []


@settings(max_examples=at_most(60), deadline=None)
@given(st.data())
def test_a_small_library_is_searched_exactly(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, 150))
    vectors = clustered(count, seed=data.draw(st.integers(0, 1000)))
    rows = list(range(1, count + 1))
    allowed = sorted(data.draw(st.sets(st.sampled_from(rows))))
    limit = data.draw(st.integers(1, 200))
    folder = tmp_path_factory.mktemp("small")
    with Store.create(folder) as store:
        add(store, vectors)
        snapshot = load_snapshot(store, folder)
        assert list(snapshot.nearest(QUESTION, limit)) == true_nearest(
            vectors, rows, QUESTION, limit
        )
        found = snapshot.nearest(QUESTION, limit, np.array(allowed, dtype=np.int64))
        assert list(found) == true_nearest(vectors, allowed, QUESTION, limit)


def check_found(snapshot: Snapshot, vectors: Vectors, live: list[int]) -> None:
    """Without and with filters: exact cosines, best first, only live rows, and never too few."""
    every_third = [row for row in live if row % 3 == 0]
    few = live[7 :: len(live) // 150]
    assert len(few) < EXACT_SCOPE < len(every_third)
    for allowed, scope in ((None, live), (every_third, every_third), (few, few)):
        for limit in (1, 50):
            filtered = None if allowed is None else np.array(allowed, dtype=np.int64)
            found = snapshot.nearest(QUESTION, limit, filtered)
            assert list(found) == true_nearest(vectors, scope, QUESTION, limit)
            exact = [float(vectors[row - 1] @ QUESTION) for row in found]
            assert list(found.values()) == pytest.approx(exact, abs=1e-6)


@pytest.mark.slow
def test_a_large_library_finds_what_comparing_all_would(large: Store) -> None:
    assert len(base_files(large.index_dir)) == 1
    snapshot = load_snapshot(large, large.index_dir)
    assert snapshot.base is not None
    assert (len(snapshot.alive), len(snapshot.tail.rows)) == (LARGE, 0)
    check_found(snapshot, VECTORS, list(range(1, LARGE + 1)))


@pytest.mark.slow
def test_articles_come_and_go_while_the_base_stays(large: Store) -> None:
    before = load_snapshot(large, large.index_dir)
    (file,) = base_files(large.index_dir)
    nearest = next(iter(before.nearest(QUESTION, 1)))
    gone = (nearest - 1) // PER_ARTICLE
    more = np.vstack([clustered(250, seed=8), QUESTION[None]])
    with large.changing() as changes:
        changes.remove([f"a-{gone}"])
    add(large, more, "b")
    vectors = np.vstack([VECTORS, more])
    removed = range(gone * PER_ARTICLE + 1, (gone + 1) * PER_ARTICLE + 1)
    live = [row for row in range(1, len(vectors) + 1) if row not in removed]
    publish_snapshot(large, large.index_dir)
    assert base_files(large.index_dir) == [file]
    for previous in (None, before):
        snapshot = load_snapshot(large, large.index_dir, previous)
        assert snapshot.tail.rows.tolist() == list(range(LARGE + 1, LARGE + 252))
        assert len(snapshot.alive) == LARGE - PER_ARTICLE
        check_found(snapshot, vectors, live)
        assert list(snapshot.nearest(QUESTION, 1)) == [LARGE + 251]
    assert load_snapshot(large, large.index_dir, before).base is before.base


def test_a_snapshot_is_taken_over_as_far_as_it_still_holds(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        add(store, VECTORS[:300])
        first = load_snapshot(store, tmp_path)
        assert load_snapshot(store, tmp_path, first) is first
        with store.changing() as changes:
            changes.remove(["a-1"])
        add(store, VECTORS[300:350], "b")
        second = load_snapshot(store, tmp_path, first)
        live = [*range(1, 101), *range(201, 351)]
        assert second.tail.rows.tolist() == live
        assert (second.tail.matrix == VECTORS[[row - 1 for row in live]]).all()
        # The first one still stands as it was.
        assert first.tail.rows.tolist() == list(range(1, 301))


@pytest.mark.slow
def test_too_many_changes_make_a_new_base(large: Store) -> None:
    (file,) = base_files(large.index_dir)
    few = np.arange(1, 1_001, dtype=np.int64)
    write_index(build_index(few, large.vectors_in), file)  # all but a thousand came later
    snapshot = load_snapshot(large, large.index_dir)
    assert snapshot.base is not None
    assert len(snapshot.base.rows) == LARGE
    publish_snapshot(large, large.index_dir)
    published = read_index(file)
    assert published is not None
    assert len(published.rows) == LARGE


@pytest.mark.slow
def test_a_library_that_became_small_needs_no_base(large: Store) -> None:
    before = load_snapshot(large, large.index_dir)
    with large.changing() as changes:
        changes.remove([f"a-{number}" for number in range(3, LARGE // PER_ARTICLE + 1)])
    publish_snapshot(large, large.index_dir)
    assert base_files(large.index_dir) == []
    for previous in (None, before):
        snapshot = load_snapshot(large, large.index_dir, previous)
        assert snapshot.base is None
        assert list(snapshot.nearest(QUESTION, 9)) == true_nearest(
            VECTORS, list(range(1, 301)), QUESTION, 9
        )


@pytest.mark.slow
@pytest.mark.parametrize("harm", ["missing", "one bit"])
def test_a_harmed_base_is_built_again_from_the_library(large: Store, harm: str) -> None:
    (file,) = base_files(large.index_dir)
    whole = file.read_bytes()
    if harm == "missing":
        file.unlink()
    else:
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    check_found(load_snapshot(large, large.index_dir), VECTORS, list(range(1, LARGE + 1)))
    (large.index_dir / f"{file.stem}.123.part").write_bytes(b"left by a killed process")
    publish_snapshot(large, large.index_dir)
    assert base_files(large.index_dir) == [file]
    assert file.read_bytes() == whole


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_no_failure(large: Store) -> None:
    (file,) = base_files(large.index_dir)
    file.unlink()
    file.with_suffix(".faiss").mkdir()  # nothing can be put in its place, whoever one is
    publish_snapshot(large, large.index_dir)
    assert file.is_dir()
    assert len(load_snapshot(large, large.index_dir).nearest(QUESTION, 3)) == 3


@pytest.mark.slow
def test_the_base_of_another_library_or_recipe_is_not_used(large: Store, tmp_path: Path) -> None:
    (file,) = base_files(large.index_dir)
    with Store.create(tmp_path / "other") as other:
        add(other, -VECTORS)  # the same rows, the opposite vectors
        shutil.copy(file, other.index_dir / file.name)
        publish_snapshot(other, other.index_dir)
        (own,) = base_files(other.index_dir)
        assert own.name.split("-")[1] != file.name.split("-")[1]
        nearest = load_snapshot(other, other.index_dir).nearest(QUESTION, 5)
        assert list(nearest) == true_nearest(-VECTORS, list(range(1, LARGE + 1)), QUESTION, 5)
