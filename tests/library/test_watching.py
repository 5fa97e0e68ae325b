"""A watched folder's changes reach the library, whole files only."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest

from qa.errors import LibraryError
from qa.library.comparing import FoundFile
from qa.library.store import Store
from qa.library.summary import IndexSummary, Move
from qa.library.watching import IsWhole, Unrest, watch_folders
from tests.library.stories import STORIES, index, write
from tests.reading.samples import pdf

pytestmark = pytest.mark.slow

QUIET_S = 0.4
PATIENCE_S = 90.0

LONG_QUIET_S = 1.6
"""For files that grow: on a busy machine the test itself may pause between two sentences."""


@contextmanager
def watched(
    store: Store, folder: Path, quiet_s: float = QUIET_S
) -> Iterator[Queue[IndexSummary | LibraryError]]:
    """Watch a folder in another thread; what each run changed, or how the watch failed."""
    summaries: Queue[IndexSummary | LibraryError] = Queue()
    stop = threading.Event()

    def bring_up_to_date(is_whole: IsWhole) -> None:
        summaries.put(index(store, folder, is_whole=is_whole))

    def watch() -> None:
        try:
            watch_folders([folder], bring_up_to_date, stop, quiet_s)
        except LibraryError as error:
            summaries.put(error)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield summaries
    finally:
        stop.set()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()


def next_change(summaries: Queue[IndexSummary | LibraryError]) -> IndexSummary:
    """The next run that changed anything; one change may be seen in two runs."""
    while True:
        summary = summaries.get(timeout=PATIENCE_S)
        assert isinstance(summary, IndexSummary)
        if summary.added or summary.updated or summary.moved or summary.removed:
            return summary


def test_what_changes_is_indexed(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path / "index") as store, watched(store, folder) as summaries:
        assert next_change(summaries).added == ("bridge", "mayor", "port")
        (folder / "deep").mkdir()
        (folder / "deep" / "new.txt").write_text("A new story.")
        assert next_change(summaries).added == ("deep/new",)
        (folder / "port.txt").write_text("The port closed again.")
        assert next_change(summaries).updated == ("port",)
        (folder / "port.txt").rename(folder / "harbour.txt")
        assert next_change(summaries).moved == (Move("port", "harbour"),)
        (folder / "harbour.txt").unlink()
        assert next_change(summaries).removed == ("harbour",)


def test_a_file_is_read_when_it_is_written_to_its_end(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with (
        Store.create(tmp_path / "index") as store,
        watched(store, folder, LONG_QUIET_S) as summaries,
    ):
        next_change(summaries)
        with (folder / "slow.txt").open("w") as slow:
            for number in range(40):
                slow.write(f"Sentence {number}. ")
                slow.flush()
                time.sleep(LONG_QUIET_S / 16)
        assert next_change(summaries).added == ("slow",)
        article = store.article("slow")
        assert article is not None
        assert article.text.endswith("Sentence 39.")


@pytest.mark.parametrize(
    ("half", "place"),
    [("report.pdf.crdownload", ""), ("report.X7pQ.pdf.part", "report.pdf"), ("report.pdf.aria2",
     "report.pdf"), ("report.pdf.download/report.pdf", "")],
)  # fmt: skip
def test_a_download_is_waited_for_and_other_files_are_read_meanwhile(
    tmp_path: Path, half: str, place: str
) -> None:
    raw = pdf([["The weir is open."]])
    folder = write(tmp_path / "in", STORIES)
    (folder / half).parent.mkdir(exist_ok=True)
    with Store.create(tmp_path / "index") as store, watched(store, folder) as summaries:
        next_change(summaries)
        if place:
            (folder / place).write_bytes(b"")  # keeps the place of the file to come
        for number in range(4):
            with (folder / half).open("ab") as slow:
                slow.write(raw[len(raw) * number // 4 : len(raw) * (number + 1) // 4])
            if number == 1:
                (folder / "new.txt").write_text("A new story.")
                assert next_change(summaries).added == ("new",)
            time.sleep(QUIET_S / 2)
        assert store.article("report") is None
        (folder / half).rename(folder / "report.pdf")
        if (folder / half).parent != folder:
            (folder / half).parent.rmdir()
        summary = next_change(summaries)
        assert (summary.added, summary.skipped) == (("report",), ())


def test_a_file_that_grows_on_does_not_hold_up_the_others(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with (
        Store.create(tmp_path / "index") as store,
        watched(store, folder, LONG_QUIET_S) as summaries,
    ):
        next_change(summaries)
        with (folder / "slow.txt").open("w") as slow:
            (folder / "new.txt").write_text("A new story.")
            while summaries.empty():
                slow.write("Sentence. ")
                slow.flush()
                time.sleep(LONG_QUIET_S / 16)
            assert next_change(summaries).added == ("new",)
            slow.write("End.")
        assert next_change(summaries).added == ("slow",)
        article = store.article("slow")
        assert article is not None
        assert article.text.endswith("End.")


def found(file: Path) -> FoundFile:
    status = file.stat()
    return FoundFile(file, file.parent, status.st_size, status.st_mtime_ns)


def test_what_never_rests_is_read_in_the_end_and_a_half_is_waited_for_on(tmp_path: Path) -> None:
    log, half = tmp_path / "log.txt", tmp_path / "report.pdf"
    for file in (log, half, tmp_path / "report.pdf.part"):
        file.write_text("A line.")
    unrest = Unrest(quiet_s=1000, longest_wait_s=0)
    assert not unrest.is_whole(found(log))
    assert not unrest.is_whole(found(half))
    assert unrest.settle()
    assert unrest.is_whole(found(log))
    assert unrest.is_whole(found(half))  # so that what reads it says why it does not
    assert not unrest.settle()
    assert not unrest.is_whole(found(half))


def test_articles_whose_files_are_gone_are_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path / "index") as store:
        assert index(store, folder).missing == ()
        (folder / "port.txt").unlink()
        kept = index(store, folder, keep_missing=True)
        assert (kept.missing, kept.removed) == (("port",), ())
        gone = index(store, folder)
        assert (gone.missing, gone.removed) == ((), ("port",))


def test_a_download_is_said_and_its_earlier_version_stays(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path / "index") as store:
        index(store, folder)
        (folder / "port.txt").write_text("The port cl")
        (folder / "port.txt.part").write_text("The port cl")
        summary = index(store, folder)
        assert "port" in summary.unchanged
        (skipped,) = summary.skipped
        assert "port.txt is still being downloaded: port.txt.part lies beside it" in skipped.reason


def test_files_that_are_not_read_wake_nobody(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path / "index") as store, watched(store, folder) as summaries:
        next_change(summaries)
        (folder / "picture.gif").write_bytes(b"\x89PNG")
        time.sleep(2 * QUIET_S)
        (folder / "new.txt").write_text("A new story.")
        summary = summaries.get(timeout=PATIENCE_S)
        assert isinstance(summary, IndexSummary)
        assert summary.added == ("new",)


def test_a_folder_that_goes_ends_the_watch_and_keeps_the_library(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path / "index") as store, watched(store, folder) as summaries:
        next_change(summaries)
        folder.rename(tmp_path / "away")
        ending = summaries.get(timeout=PATIENCE_S)
        assert isinstance(ending, LibraryError)
        assert "is gone; the library keeps what it has" in str(ending)
        assert store.article_count() == 3


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="is gone"):
        watch_folders([tmp_path / "none"], lambda _: None, threading.Event())
