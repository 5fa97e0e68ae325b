"""The FAISS snapshot: a cache that may vanish, age or rot without anybody noticing."""

from pathlib import Path

import numpy as np
import pytest

from qa.library.store import Store
from qa.library.vectors import load_snapshot, publish_snapshot
from tests.fakes import FakeEmbedder
from tests.library.stories import STORIES, index, write


def snapshot_files(index_dir: Path) -> list[Path]:
    return sorted(index_dir.glob("vectors-*"))


def nearest_ids(store: Store, text: str) -> list[str]:
    vector = FakeEmbedder().embed([text])[0]
    rows = load_snapshot(store, store.index_dir).nearest(vector, 2)
    passages = store.passages_in(rows)
    return [passages[row].id for row in rows]


def test_nearest_by_cosine(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        index(store, write(tmp_path / "in", {"a.txt": "ant bee\n\ncow dog", "b.txt": "cow fox"}))
        snapshot = load_snapshot(store, tmp_path)
        vector = FakeEmbedder().embed(["cow fox"])[0]
        nearest = snapshot.nearest(vector, 10)
        # The header is the title, the first line: "cow fox" twice, against once "cow" in seven.
        by_id = {store.passages_in([row])[row].id: cosine for row, cosine in nearest.items()}
        assert list(by_id) == ["b#0", "a#0"]
        assert by_id["b#0"] == pytest.approx(1)
        # a#0 is embedded as "ant bee ant bee cow dog": lengths √(4+4+1+1) and √2.
        assert by_id["a#0"] == pytest.approx(1 / (np.sqrt(10) * np.sqrt(2)), abs=1e-6)
        assert snapshot.cosines(vector, nearest) == pytest.approx(dict(nearest), abs=1e-6)
        assert snapshot.nearest(vector, 1).keys() == {next(iter(nearest))}


@pytest.mark.parametrize("harm", ["missing", "cut short", "one bit", "not FAISS", "empty"])
def test_a_harmed_snapshot_is_built_again_without_embedding(tmp_path: Path, harm: str) -> None:
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path) as store:
        index(store, folder)
        (file,) = snapshot_files(tmp_path)
        whole = file.read_bytes()
        expected = nearest_ids(store, "who follows the mayor")
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
        assert nearest_ids(store, "who follows the mayor") == expected
        embedder = FakeEmbedder()
        index(store, folder, embedder=embedder)
        assert embedder.embedded == 0
        assert [path.read_bytes() for path in snapshot_files(tmp_path)] == [whole]


def test_a_snapshot_of_another_generation_or_library_is_not_used(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        index(store, write(tmp_path / "in", STORIES))
        (old,) = snapshot_files(tmp_path)
        with store.changing() as changes:
            changes.remove(["mayor"])
        assert "mayor#0" not in nearest_ids(store, "the mayor resigned")
        publish_snapshot(store, tmp_path)
        assert not old.exists()
        (first,) = snapshot_files(tmp_path)
    with Store.create(tmp_path / "other") as other:
        index(other, write(tmp_path / "in", STORIES))
        (second,) = snapshot_files(tmp_path / "other")
    assert first.name.split("-")[1] != second.name.split("-")[1]


def test_an_empty_library_has_no_neighbours(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        assert load_snapshot(store, tmp_path).nearest(FakeEmbedder().embed(["a"])[0], 5) == {}
