"""What has not changed is not opened; what has is noticed, whatever its time stamp says."""

import os
import time
from pathlib import Path

import pytest

from qa.errors import LibraryError
from qa.library.comparing import GRAIN_NS, find_below, stands_as_read
from qa.library.records import SourceFile
from qa.library.store import Store
from qa.reading.articles import READING_VERSION
from tests.fakes import FakeEmbedder
from tests.library.stories import STORIES, index, write

LONG_AGO_NS = 1_600_000_000 * 10**9


def aged(folder: Path, mtime_ns: int = LONG_AGO_NS) -> Path:
    """The folder, its files as if written long ago."""
    for file in folder.iterdir():
        os.utime(file, ns=(mtime_ns, mtime_ns))
    return folder


def known(path: Path, read_ns: int, **changes: object) -> SourceFile:
    status = path.stat()
    values = {
        "path": path,
        "root": path.parent,
        "reading": READING_VERSION,
        "size": status.st_size,
        "mtime_ns": status.st_mtime_ns,
        "read_ns": read_ns,
        "digest": "d",
    }
    return SourceFile(**(values | changes))  # type: ignore[arg-type]


def test_size_time_place_and_reader_decide(tmp_path: Path) -> None:
    folder = aged(write(tmp_path / "in", {"a.txt": "Text."}))
    (found,) = find_below([folder]).files
    later = LONG_AGO_NS + GRAIN_NS + 1
    file = folder / "a.txt"
    assert stands_as_read(found, known(file, later))
    for changes in (
        {"size": 6},
        {"mtime_ns": LONG_AGO_NS - 1},
        {"root": tmp_path},
        {"reading": READING_VERSION - 1},
        {"size": -1},
    ):
        assert not stands_as_read(found, known(file, later, **changes))
    # Read within two seconds of being written: it may have changed since and look the same.
    assert not stands_as_read(found, known(file, later - 1))
    assert not stands_as_read(found, known(file, LONG_AGO_NS - 10**12))


def test_a_file_that_stands_as_it_was_read_is_not_opened(tmp_path: Path) -> None:
    folder = aged(write(tmp_path / "in", STORIES))
    with Store.create(tmp_path / "index") as store:
        index(store, folder)
        # Other words of the same length, with the old time set again: nothing else can hide.
        hidden = STORIES["port.txt"].replace("Ostrava", "Opava!!")
        (folder / "port.txt").write_text(hidden)
        aged(folder)
        assert index(store, folder).updated == ()
        os.utime(folder / "port.txt")
        assert index(store, folder).updated == ("port",)
        article = store.article("port")
        assert article is not None
        assert article.text == hidden


def test_a_change_within_the_clock_s_grain_is_noticed(tmp_path: Path) -> None:
    folder = aged(write(tmp_path / "in", STORIES), time.time_ns())
    stamp = (folder / "port.txt").stat().st_mtime_ns
    with Store.create(tmp_path / "index") as store:
        index(store, folder)
        (folder / "port.txt").write_text(STORIES["port.txt"].replace("Ostrava", "Opava!!"))
        os.utime(folder / "port.txt", ns=(stamp, stamp))
        assert index(store, folder).updated == ("port",)


def test_a_touched_file_is_compared_by_its_bytes_once(tmp_path: Path) -> None:
    folder = aged(write(tmp_path / "in", STORIES))
    with Store.create(tmp_path / "index") as store:
        index(store, folder)
        generation, before = store.generation(), store.files()[folder / "port.txt"]
        aged(folder, LONG_AGO_NS + 10**9)
        embedder = FakeEmbedder()
        summary = index(store, folder, embedder=embedder)
        assert summary.unchanged == ("bridge", "mayor", "port")
        assert (embedder.embedded, store.generation()) == (0, generation)
        after = store.files()[folder / "port.txt"]
        assert (before.mtime_ns, after.mtime_ns) == (LONG_AGO_NS, LONG_AGO_NS + 10**9)
        assert (after.digest, after.article_ids) == (before.digest, ("port",))


def test_time_stamps_never_become_dates(tmp_path: Path) -> None:
    folder = aged(write(tmp_path / "in", STORIES))
    with Store.create(tmp_path / "index") as store:
        index(store, folder)
        published = {article.id: str(article.published) for article in store.articles()}
        assert published == {"bridge": "None", "mayor": "2023-02-18", "port": "None"}


def test_skipped_files_are_named_again_without_being_read_again(tmp_path: Path) -> None:
    files = {
        "a.txt": "Good.",
        "empty.md": "",
        "rows.jsonl": '{"text": "Row one."}\nnonsense\n{"text": "Row three."}\n',
    }
    folder = aged(write(tmp_path / "in", files))
    with Store.create(tmp_path / "index") as store:
        first = index(store, folder)
        assert first.added == ("a", "rows/1", "rows/3")
        assert [one.path.name for one in first.skipped] == ["empty.md", "rows.jsonl"]
        generation, notes = store.generation(), store.files()
        second = index(store, folder)
        assert second.skipped == first.skipped
        assert (store.generation(), store.files()) == (generation, notes)  # not even noted anew
        (folder / "empty.md").write_text("Full.")
        third = index(store, folder)
        assert third.added == ("empty",)
        assert [one.path.name for one in third.skipped] == ["rows.jsonl"]
        (folder / "rows.jsonl").unlink()
        assert index(store, folder).skipped == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_rights_is_tried_again_each_time(tmp_path: Path) -> None:
    folder = aged(write(tmp_path / "in", STORIES))
    (folder / "port.txt").chmod(0)
    with Store.create(tmp_path / "index") as store:
        assert "Check its rights" in index(store, folder).skipped[0].reason
        (folder / "port.txt").chmod(0o600)
        assert index(store, folder).added == ("port",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_cannot_be_looked_at_stays_as_it_was(tmp_path: Path) -> None:
    folder = aged(write(tmp_path / "in", STORIES))
    (folder / "deep").mkdir()
    (folder / "deep" / "sea.txt").write_text("The sea is deep.")
    with Store.create(tmp_path / "index") as store:
        index(store, folder)
        (folder / "port.txt").write_text("Another text, which nobody may read.")
        (folder / "port.txt").chmod(0)
        (folder / "deep").chmod(0)
        (folder / "bridge.md").unlink()
        summary = index(store, folder)
        (folder / "deep").chmod(0o700)
        assert summary.removed == ()
        assert [one.path.name for one in summary.skipped] == ["port.txt"]
        assert len(summary.problems) == 1
        assert set(store.digests()) == {"bridge", "deep/sea", "mayor", "port"}
        assert index(store, folder).removed == ("bridge",)


def test_all_roots_are_found_and_a_file_counts_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES | {"picture.gif": "", "notes.mp3": "", "b.GIF": ""})
    found = find_below([folder, folder / "port.txt"])
    assert [file.path.name for file in found.files] == ["bridge.md", "mayor.txt", "port.txt"]
    assert {file.root for file in found.files} == {folder}
    assert found.passed_over == {".gif": 2, ".mp3": 1}
    with pytest.raises(LibraryError, match="There is no file or folder"):
        find_below([folder, tmp_path / "none"])
