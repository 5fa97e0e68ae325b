"""A watched folder's changes reach the library, whole files only."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest

from qa.errors import LibraryError
from qa.library.store import Store
from qa.library.summary import IndexSummary, Move
from qa.library.watching import watch_folders
from tests.library.stories import STORIES, index, write

QUIET_S = 0.4
PATIENCE_S = 30.0


@contextmanager
def watched(store: Store, folder: Path) -> Iterator[Queue[IndexSummary | LibraryError]]:
    """Watch a folder in another thread; what each run changed, or how the watch failed."""
    summaries: Queue[IndexSummary | LibraryError] = Queue()
    stop = threading.Event()

    def watch() -> None:
        try:
            watch_folders([folder], lambda: summaries.put(index(store, folder)), stop, QUIET_S)
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
    with Store.create(tmp_path / "index") as store, watched(store, folder) as summaries:
        next_change(summaries)
        with (folder / "slow.txt").open("w") as slow:
            for number in range(40):
                slow.write(f"Sentence {number}. ")
                slow.flush()
                time.sleep(QUIET_S / 8)
        assert next_change(summaries).added == ("slow",)
        article = store.article("slow")
        assert article is not None
        assert article.text.endswith("Sentence 39.")


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
        watch_folders([tmp_path / "none"], lambda: None, threading.Event())
