"""Collections: libraries side by side, each by itself."""

from datetime import date
from pathlib import Path

import pytest

from qa.errors import IndexMissing, LibraryError
from qa.library.locking import only_writer
from qa.library.places import list_collections, remove_collection
from qa.library.store import Store
from tests.library.stories import STORIES, index, write


def test_listed_by_name_the_main_one_first(tmp_path: Path) -> None:
    home = tmp_path / "index"
    assert list_collections(home) == ()
    with Store.create(home / "collections" / "ships") as ships:
        index(ships, write(tmp_path / "ships", {"a.txt": "A ship came in."}))
    with Store.create(home / "collections" / "broken"):
        pass
    (home / "collections" / "broken" / "library.db").write_bytes(b"junk" * 1000)
    assert [line.name for line in list_collections(home)] == ["broken", "ships"]
    with Store.create(home) as store:
        index(store, write(tmp_path / "in", STORIES))
        passages = store.passage_count()
    main, broken, ships_line = list_collections(home)
    assert (main.name, main.articles, main.passages) == ("main", 3, passages)
    assert (main.newest, ships_line.newest) == (date(2023, 2, 18), None)
    assert (ships_line.name, ships_line.articles, ships_line.passages) == ("ships", 1, 1)
    assert ships_line.size_bytes >= (home / "collections/ships/library.db").stat().st_size
    assert broken.problem is not None
    assert "is not a library" in broken.problem


def test_one_is_removed_and_the_others_stay(tmp_path: Path) -> None:
    home = tmp_path / "index"
    ships = home / "collections" / "ships"
    for folder in (home, ships):
        with Store.create(folder) as store:
            index(store, write(tmp_path / "in", STORIES))
    with only_writer(ships, None), pytest.raises(LibraryError, match="Another qa index"):
        remove_collection(ships)
    remove_collection(ships)
    assert not ships.exists()
    assert [line.name for line in list_collections(home)] == ["main"]
    with pytest.raises(IndexMissing, match="no library in"):
        remove_collection(ships)
    (home / "README.md").write_text("Not ours.")
    remove_collection(home)
    assert sorted(path.name for path in home.iterdir()) == ["README.md", "collections"]
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == sorted(STORIES)
