"""Articles added and removed at the page, in a real library with a fake embedder."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from qa.errors import BadArticle, CuttingsError, LibraryError
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.reading.formats import MOST_BYTES
from qa.service.uploads import Shelf
from qa.types import Scope
from tests.fakes import FakeEmbedder

EMBEDDER = FakeEmbedder()

FERRY = "---\ntitle: Ferry back in service\npublished: 2024-03-14\nsource: Courier\n---\nIt sailed."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Articles of the person's own, outside the home."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "fire.md").write_text("# Fire put out\n\nThe fire on the ship was put out.")
    return tmp_path / "own"


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "index") as store:
        index_folders([folder], store, EMBEDDER, 64, lambda _: None)
        yield store


@pytest.fixture
def shelf(tmp_path: Path, store: Store) -> Shelf:
    return Shelf(store, EMBEDDER, tmp_path / "uploads", 64)


def add(shelf: Shelf, name: str, text: str) -> tuple[str, ...]:
    written = shelf.incoming(name)
    written.write_text(text, encoding="utf-8")
    return shelf.add(written, name).article_ids


def found(store: Store, question: str) -> list[str]:
    hits = Retriever(store, EMBEDDER).retrieve(question, 5)
    return [hit.passage.article_id for hit in hits]


def test_an_upload_is_found_removed_and_brought_back(
    shelf: Shelf, store: Store, tmp_path: Path
) -> None:
    assert add(shelf, "ferry.md", FERRY) == ("ferry",)
    assert (shelf.freshness().articles, shelf.freshness().newest) == (2, date(2024, 3, 14))
    assert found(store, "sailed")[0] == "ferry"
    removal = shelf.remove("ferry")
    assert removal is not None
    assert (removal.title, removal.stands_in) == ("Ferry back in service", None)
    assert "ferry" not in found(store, "sailed")
    assert [file.name for file in (tmp_path / "uploads").glob("*.md")] == []
    assert shelf.undo(removal.token) == "ferry"
    assert shelf.undo(removal.token) is None
    assert found(store, "sailed")[0] == "ferry"
    assert [file.name for file in (tmp_path / "uploads").glob("*.md")] == ["ferry.md"]


def test_what_was_read_from_markdown_is_known_from_what_was_not(shelf: Shelf) -> None:
    for name in ("ferry.md", "harbour.MARKDOWN", "council.txt"):
        add(shelf, name, f"{FERRY} {name}")
    ids = ("fire", "ferry", "harbour", "council", "none")
    assert list(filter(shelf.is_markdown, ids)) == ["fire", "ferry", "harbour"]


def test_qa_index_keeps_what_was_uploaded_and_leaves_out_what_was_removed(
    shelf: Shelf, store: Store, folder: Path, tmp_path: Path
) -> None:
    add(shelf, "ferry.md", FERRY)
    add(shelf, "other.md", "# Other\n\nText.")
    shelf.remove("other")
    assert store.roots() == (folder, tmp_path / "uploads")
    summary = index_folders([], store, EMBEDDER, 64, lambda _: None)
    assert sorted(summary.unchanged) == ["ferry", "fire"]
    assert summary.added == summary.removed == ()


def test_an_article_of_a_folder_of_ones_own_is_removed_and_its_file_stays(
    shelf: Shelf, store: Store, folder: Path
) -> None:
    removal = shelf.remove("fire")
    assert removal is not None
    assert store.article_count() == 0
    assert (folder / "fire.md").exists()
    assert removal.stands_in == Path("own/fire.md")
    assert shelf.undo(removal.token) == "fire"
    assert found(store, "fire") == ["fire"]
    again = shelf.remove("fire")
    assert again is not None
    assert again.stands_in == Path("fire.md")  # of its folder, an undo knows nothing
    assert shelf.remove("nothing") is None


def test_what_is_said_to_come_back_does_and_nothing_else(
    shelf: Shelf, store: Store, folder: Path, tmp_path: Path
) -> None:
    rows = [{"id": name, "title": name, "text": f"Told by {name}."} for name in ("ann", "bert")]
    add(shelf, "told.jsonl", "\n".join(map(json.dumps, rows)))
    add(shelf, "ferry.md", FERRY)
    (folder / "gone.md").write_text("# Gone\n\nIts file is deleted.")
    index_folders([], store, EMBEDDER, 64, lambda _: None)
    (folder / "gone.md").unlink()
    told = {one: shelf.remove(one) for one in ("fire", "told/ann", "ferry", "gone")}
    assert {one: removal and removal.stands_in for one, removal in told.items()} == {
        "fire": Path("own/fire.md"),
        "told/ann": Path(tmp_path.name, "uploads/told.jsonl"),
        "ferry": None,
        "gone": None,
    }
    index_folders([], store, EMBEDDER, 64, lambda _: None)
    assert sorted(store.digests()) == ["fire", "told/ann", "told/bert"]


def test_a_file_of_the_same_name_replaces_the_earlier_one_and_no_other(
    shelf: Shelf, store: Store
) -> None:
    assert add(shelf, "note.txt", "First\n\nOne.") == ("note",)
    assert add(shelf, "note.txt", "Second\n\nTwo.") == ("note",)
    note = store.article("note")
    assert note is not None
    assert note.title == "Second"
    # `fire` was indexed from elsewhere; the digits are the first of `printf %s NAME | sha256sum`.
    assert add(shelf, "fire.txt", "Another fire\n\nIn a barn.") == ("fire-cf893266",)
    assert add(shelf, "fire.txt", "The other fire\n\nIn a barn.") == ("fire-cf893266",)
    assert add(shelf, "fire-2.txt", "A third fire\n\nAt sea.") == ("fire-2",)
    assert store.article_count() == 4


def test_a_name_of_many_bytes_fits_into_a_file_system(shelf: Shelf, tmp_path: Path) -> None:
    add(shelf, "船" * 100 + ".md", "# Title\n\nText.")
    (file,) = (tmp_path / "uploads").glob("*.md")
    assert file.name == "船" * 36 + "-5d2aaffa.md"  # 120 bytes; `printf %s NAME | sha256sum`


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        # Each with the first digits of `printf %s NAME | sha256sum`.
        ("2023/Wang visit.md", "2023-wang-visit-950685c6"),
        ("../../etc/x.md", "etc-x-9a544b53"),
        ("C:\\docs\\a.md", "c--docs-a-a3f04add"),
        ("<img onerror=1>.md", "img-onerror-1--770f1521"),
        ("...md", "upload-a2b2a7eb"),
        ("x" * 300 + ".md", "x" * 108 + "-9569758f"),
    ],
)
def test_a_name_says_nothing_of_where_the_file_is_kept(
    shelf: Shelf, tmp_path: Path, name: str, id_: str
) -> None:
    (given,) = add(shelf, name, "# Title\n\nText.")
    assert given.strip("-") == id_
    assert all(file.parent == tmp_path / "uploads" for file in (tmp_path / "uploads").iterdir())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Q&A.md", "Q-A.md"),
        ("a/b.txt", "a-b.txt"),
        ("x" * 116 + "/1.md", "x" * 116 + "/2.md"),
        ("Scan.TXT", "Scan.txt"),
    ],
)
def test_names_of_which_the_same_is_left_do_not_replace_each_other(
    shelf: Shelf, store: Store, one: str, other: str
) -> None:
    (first,) = add(shelf, one, "Ferry\n\nIt sailed.")
    (second,) = add(shelf, other, "Weir\n\nIt opened.")
    assert add(shelf, one, "Ferry\n\nIt sank.") == (first,)
    kept = {id_: article.text for id_ in (first, second) if (article := store.article(id_))}
    assert kept == {first: "Ferry\n\nIt sank.", second: "Weir\n\nIt opened."}
    assert store.article_count() == 3


@pytest.mark.parametrize(
    ("former", "name", "id_"),
    [("notes-index.md", "notes/index.md", "notes-index-96bef71f"), ("Scan.md", "Scan.MD", "scan")],
)
def test_what_was_kept_before_names_had_digests_is_not_doubled(
    shelf: Shelf, store: Store, former: str, name: str, id_: str
) -> None:
    long_line = "It sailed. " * 20  # no title, so that the file's name is
    shelf.put(long_line.encode(), shelf.uploads / former)
    assert add(shelf, name, long_line) == (id_,)
    assert sorted(store.digests()) == sorted(["fire", id_])
    assert add(shelf, name, FERRY) == (id_,)
    assert len(list(shelf.uploads.glob("[!.]*"))) == 1


def test_what_may_be_another_upload_of_before_stays(shelf: Shelf, store: Store) -> None:
    shelf.put(FERRY.encode(), shelf.uploads / "notes-index.md")
    assert add(shelf, "notes/index.md", "# Weir\n\nIt opened.") == ("notes-index-96bef71f",)
    assert sorted(store.digests()) == ["fire", "notes-index", "notes-index-96bef71f"]


def test_an_undo_that_had_to_wait_for_the_embedder_can_be_tried_again(
    shelf: Shelf, store: Store, tmp_path: Path
) -> None:
    add(shelf, "ferry.md", FERRY)
    removal = shelf.remove("ferry")
    assert removal is not None
    index_folders([], store, FakeEmbedder(digest="other"), 64, lambda _: None)
    with pytest.raises(LibraryError, match="qa index"):
        shelf.undo(removal.token)
    assert list((tmp_path / "uploads").glob("*.md")) == []
    index_folders([], store, EMBEDDER, 64, lambda _: None)
    assert shelf.undo(removal.token) == "ferry"
    assert [file.name for file in (tmp_path / "uploads").glob("*.md")] == ["ferry.md"]


def test_what_gives_no_article_is_named_and_not_kept(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match=r"song\.mp3 is not in a format read here"):
        shelf.incoming("song.mp3")
    with pytest.raises(BadArticle, match=r"drawing\.svg is not in a format read here"):
        shelf.incoming("drawing.svg")
    with pytest.raises(LibraryError, match=r"^empty\.txt is empty\."):
        add(shelf, "empty.txt", "  ")
    add(shelf, "note.txt", "First\n\nOne.")
    with pytest.raises(LibraryError):
        add(shelf, "note.txt", "")
    assert [file.name for file in (tmp_path / "uploads").iterdir()] == ["note.txt"]
    assert (tmp_path / "uploads" / "note.txt").read_text() == "First\n\nOne."


def test_a_list_is_filtered_by_words_days_and_source(shelf: Shelf) -> None:
    add(shelf, "ferry.md", FERRY)

    def listed(search: str = "", scope: Scope = Scope()) -> list[str]:  # noqa: B008
        found = shelf.listed(search, scope, 9)
        assert found.count == len(found.headings)
        return [one.id for one in found.headings]

    assert listed() == ["ferry", "fire"]
    assert listed("SERVICE courier") == ["ferry"]
    assert listed("nothing") == []
    assert listed("none") == []  # as the source of the fire is
    assert listed(scope=Scope(since=date(2024, 3, 15))) == []
    assert listed(scope=Scope(sources=("courier",))) == ["ferry"]
    assert shelf.sources() == ("Courier",)


@pytest.mark.parametrize("search", ["", "r"])  # with words, and without, which is quicker
def test_of_many_the_newest_are_listed_and_all_are_counted(shelf: Shelf, search: str) -> None:
    for name, day in (("Ferry", "2024-03-13"), ("Harbour", "2024-03-15"), ("River", "2024-03-14")):
        add(shelf, f"{name}.md", f"---\npublished: {day}\n---\n\n# {name}\n\nOpen.")
    add(shelf, "undated.md", "# Other\n\nOpen.")
    found = shelf.listed(search, Scope(), 2)
    assert [one.title for one in found.headings] == ["Harbour", "River"]
    assert found.count == 5
    everything = shelf.listed(search, Scope(), 9).headings
    assert [one.id for one in everything] == ["harbour", "river", "ferry", "fire", "undated"]


def test_a_library_of_another_embedder_is_not_made_anew_for_one_file(
    store: Store, tmp_path: Path
) -> None:
    other = Shelf(store, FakeEmbedder(digest="other"), tmp_path / "uploads", 64)
    with pytest.raises(CuttingsError, match="qa index"):
        add(other, "ferry.md", FERRY)
    assert list((tmp_path / "uploads").iterdir()) == []


def test_an_upload_that_is_too_large_is_not_read(shelf: Shelf, tmp_path: Path) -> None:
    written = shelf.incoming("large.txt")
    with written.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(LibraryError, match=r"large\.txt is larger than 256 MB\. Split it\."):
        shelf.add(written, "large.txt")
    assert list((tmp_path / "uploads").iterdir()) == []
