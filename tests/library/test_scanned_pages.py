"""Scans are read page by page, each page once, and go on where an interrupted run stopped."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qa.errors import LibraryError
from qa.library.indexing import index_folders, remove_articles
from qa.library.scanned_pages import FILE_NAME, Ocr, PageAtHand, ScannedPages
from qa.library.store import Store
from qa.library.summary import IndexProgress, IndexSummary
from qa.reading.ocr import OcrLine
from qa.reading.scans import ScannedPage
from tests.fakes import FakeEmbedder, FakePageReader
from tests.library.stories import PASSAGE_TOKENS
from tests.reading.samples import picture, tiff

FAX = tiff([200, 300, 400])
WORDS_OF_FAX = (
    "Alpha a. Alpha b. Bravo a. Bravo b. Bravo c. Charlie a. Charlie b. Charlie c. Charlie d."
)


def run(
    store: Store,
    folder: Path,
    reader: FakePageReader | None,
    report: Callable[[IndexProgress], None] = lambda _: None,
) -> IndexSummary:
    ocr = Ocr(reader, store.index_dir) if reader else None
    return index_folders([folder], store, FakeEmbedder(), PASSAGE_TOKENS, report, ocr=ocr)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "a.txt").write_text("A note.")
    (made / "fax.tif").write_bytes(FAX)
    return made


def text_of(store: Store, article_id: str) -> str:
    article = store.article(article_id)
    assert article is not None
    return " ".join(article.text.split())


def test_a_scan_is_an_article_whose_passages_have_pages(tmp_path: Path, folder: Path) -> None:
    with Store.create(tmp_path / "index") as store:
        reader = FakePageReader()
        assert run(store, folder, reader).added == ("a", "fax")
        assert reader.sizes == [(200, 50), (300, 50), (400, 50)]
        assert text_of(store, "fax") == WORDS_OF_FAX
        article = store.article("fax")
        assert article is not None
        assert article.page_starts == (0, 19, 47)
        assert {passage.page for passage in store.passages("fax")} >= {1}
        assert run(store, folder, reader).unchanged == ("a", "fax")
        assert len(reader.sizes) == 3


def test_an_interrupted_run_goes_on_with_the_next_page(tmp_path: Path, folder: Path) -> None:
    with Store.create(tmp_path / "index") as store:
        with pytest.raises(KeyboardInterrupt):
            run(store, folder, FakePageReader(stop_at=3))
        assert store.article("fax") is None
        after = FakePageReader(sizes=[(200, 50), (300, 50)])  # as if it had read two, too
        assert "fax" in run(store, folder, after).added
        assert after.sizes[2:] == [(400, 50)]
        assert text_of(store, "fax") == WORDS_OF_FAX


def test_progress_goes_page_by_page(tmp_path: Path, folder: Path) -> None:
    steps: list[IndexProgress] = []
    with Store.create(tmp_path / "index") as store:
        run(store, folder, FakePageReader(), steps.append)
    pages = [step for step in steps if step.page]
    assert [step.page for step in pages] == [PageAtHand(number, 3) for number in (1, 2, 3)]
    assert {step.current for step in pages} == {str(folder / "fax.tif")}
    assert [step.done - len("A note.") for step in pages] == [
        0,
        len(FAX) // 3,
        len(FAX) * 2 // 3,
    ]
    assert [step.done for step in steps] == sorted(step.done for step in steps)


def test_without_ocr_a_scan_is_named_and_read_another_time(tmp_path: Path, folder: Path) -> None:
    with Store.create(tmp_path / "index") as store:
        summary = run(store, folder, None)
        assert [(one.path.name, one.kept) for one in summary.skipped] == [("fax.tif", False)]
        assert summary.skipped[0].reason.endswith("qa index without --no-ocr.")
        assert not (store.index_dir / FILE_NAME).exists()
        again = run(store, folder, FakePageReader())
        assert (again.added, again.skipped) == (("fax",), ())
        # What was read stays, whether the next run can read or not.
        assert run(store, folder, None).unchanged == ("a", "fax")


def test_pages_are_known_by_what_stands_in_them(tmp_path: Path, folder: Path) -> None:
    with Store.create(tmp_path / "index") as store:
        run(store, folder, FakePageReader())
        (folder / "fax.tif").rename(folder / "moved.tif")
        moved = FakePageReader()
        assert [move.new_id for move in run(store, folder, moved).moved] == ["moved"]
        assert moved.sizes == []
        other = FakePageReader(name="fake-reader-2")
        (folder / "copy.tif").write_bytes(FAX)
        run(store, folder, other)
        assert len(other.sizes) == 3


def test_what_was_read_goes_with_its_article(tmp_path: Path, folder: Path) -> None:
    (folder / "b.png").write_bytes(picture((200, 100)))
    with Store.create(tmp_path / "index") as store:
        run(store, folder, FakePageReader())
        kept = store.index_dir / FILE_NAME
        assert b"Alpha" in kept.read_bytes()
        assert b"Bravo" in kept.read_bytes()
        (folder / "b.png").unlink()  # it was read first: b comes before fax
        run(store, folder, FakePageReader())
        assert b"Alpha" not in kept.read_bytes()
        remove_articles(["fax"], store)
        assert b"Bravo" not in kept.read_bytes()


def test_a_damaged_cache_is_named_with_the_next_step(tmp_path: Path, folder: Path) -> None:
    with Store.create(tmp_path / "index") as store:
        (store.index_dir / FILE_NAME).write_bytes(b"no database" * 100)
        with pytest.raises(LibraryError, match=r"scans\.db.*Delete it; its pages are then read"):
            run(store, folder, FakePageReader())


def test_a_page_is_kept_as_it_was_read(tmp_path: Path) -> None:
    page = ScannedPage((OcrLine("„Łódź“", 1.5, 2, 30.25, 2.5, 12, 0.75),), turned=90)
    with ScannedPages.opened(tmp_path) as pages:
        pages.keep(b"scan", 0, "reader", "file", page)
        pages.keep(b"scan", 1, "reader", "file", ScannedPage((), blank=True))
    with ScannedPages.opened(tmp_path) as pages:
        assert pages.page(b"scan", 0, "reader") == page
        assert pages.page(b"scan", 1, "reader") == ScannedPage((), blank=True)
        assert pages.page(b"scan", 2, "reader") is None
        assert pages.page(b"scan", 0, "another") is None


@pytest.mark.parametrize(
    "row",
    [
        "replace(page, 'Alpha', 'Alpia')",
        """'{"blank": false, "lines": [["Alpha", 0, 0, 9, 0, 9, 0.9]]}'""",
        """'{"lines": [], "blank": false, "turned": 0}'""",
    ],
    ids=["turned bit", "first version", "second version"],
)
def test_a_page_that_is_not_what_was_kept_is_read_again(tmp_path: Path, row: str) -> None:
    page = ScannedPage((OcrLine("Alpha", 1.5, 2, 30.25, 2.5, 12, 0.75),))
    with ScannedPages.opened(tmp_path) as pages:
        for number in (0, 1):
            pages.keep(b"scan", number, "reader", "file", page)
        with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
            connection.execute(f"UPDATE pages SET page = {row} WHERE number = 0")
        assert pages.page(b"scan", 0, "reader") is None
        assert pages.page(b"scan", 1, "reader") == page
