"""`qa index`, `qa articles` and `qa collections` as a person types them."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from qa.library.locking import only_writer
from qa.library.store import Store
from tests.cli.typed import QA, fails, printed, qa, qa_process
from tests.conftest import ROOT
from tests.library.stories import STORIES, index, write


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """The library of the test's home, made without a model; and a collection beside it."""
    folder = tmp_path / "home" / "index"
    for place, files in ((folder, STORIES), (folder / "collections" / "small", {"a.txt": "One."})):
        with Store.create(place) as store:
            index(store, write(tmp_path / "in", files))
    return folder


@pytest.mark.usefixtures("index_dir")
def test_listing() -> None:
    rows = printed(qa("articles", "list", "--json"))
    assert [row["id"] for row in rows] == ["bridge", "mayor", "port"]
    assert set(rows[0]) == {
        "id", "title", "source", "published", "characters", "passages", "digest",
    }  # fmt: skip
    assert rows[1]["published"] == "2023-02-18"
    assert rows[2]["characters"] == len(STORIES["port.txt"])
    by_date = printed(qa("articles", "list", "--sort", "date", "--json"))
    assert [row["id"] for row in by_date] == ["mayor", "bridge", "port"]
    since = printed(qa("articles", "list", "--since", "2023-02-18", "--json"))
    assert [row["id"] for row in since] == ["mayor"]
    assert printed(qa("articles", "list", "--until", "2023-02-17", "--json")) == []
    assert qa("articles", "list", "--since", "yesterday").returncode == 2
    lines = qa("articles", "list").stdout.splitlines()
    assert lines[-1].startswith("3 articles, ")
    assert lines[-1].endswith("published from 2023-02-18 to 2023-02-18")
    (row,) = printed(qa("articles", "list", "--collection", "small", "--json"))
    assert row["id"] == "a"


@pytest.mark.usefixtures("index_dir")
def test_showing_and_removing() -> None:
    shown = printed(qa("articles", "show", "mayor", "--json"))
    assert shown["text"].startswith("The mayor resigned.")
    assert shown["page_starts"] == []
    assert qa("articles", "show", "mayor").stdout == shown["text"] + "\n"
    fails(qa("articles", "show", "nobody"), "no article 'nobody'", "qa articles list")
    fails(qa("articles", "remove", "mayor", "nobody"), "nobody", "Nothing was removed")
    assert qa("articles", "remove", "mayor").stdout.startswith("1 removed.")
    fails(qa("articles", "show", "mayor"), "no article")
    fails(qa("articles", "show", "mayor", "--collection", "none"), "no index")


def test_exporting_and_checking(index_dir: Path, tmp_path: Path) -> None:
    assert qa("articles", "check").stdout == "The library is whole.\n"
    out = tmp_path / "out"
    assert printed(qa("articles", "export", out, "--json")) == {
        "folder": str(out),
        "exported": 3,
        "unreadable": 0,
    }
    assert (out / "mayor.md").read_text().startswith("---\nid: mayor\ntitle: The mayor resigned.\n")
    fails(qa("articles", "export", out), "not an empty folder")

    with closing(sqlite3.connect(index_dir / "library.db")) as connection:
        connection.execute("DELETE FROM vectors WHERE passage = 1")
        connection.commit()
    broken = qa("articles", "check")
    assert (broken.returncode, broken.stdout) == (1, "bridge#0 has no vector.\n")
    asked = qa("articles", "check", "--json")
    assert (asked.returncode, json.loads(asked.stdout)) == (
        1,
        {"whole": False, "problems": ["bridge#0 has no vector."]},
    )
    (index_dir / "library.db").write_bytes(b"junk" * 1000)
    fails(qa("articles", "list"), "is not a library", "files are untouched")


@pytest.mark.slow
def test_collections(index_dir: Path) -> None:
    main, small = printed(qa("collections", "list", "--json"))
    assert (main["name"], main["articles"], main["newest"]) == ("main", 3, "2023-02-18")
    assert (small["name"], small["articles"], small["newest"]) == ("small", 1, None)
    assert small["bytes"] >= (index_dir / "collections/small/library.db").stat().st_size
    assert "small" in qa("collections", "list").stdout
    fails(qa("collections", "remove", "small"), "qa collections remove small --yes")
    fails(qa("collections", "remove", "../index", "--yes"), "collection")
    with only_writer(index_dir / "collections" / "small", None):
        removed = qa_process("collections", "remove", "small", "--yes")
        fails(removed, "Another qa index", str(os.getpid()))
    assert qa("collections", "remove", "small", "--yes").returncode == 0
    assert [row["name"] for row in printed(qa("collections", "list", "--json"))] == ["main"]


@pytest.mark.model
def test_indexing(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES | {"empty.txt": "", "picture.gif": "", "b.GIF": ""})
    first = qa("index", folder)
    assert first.returncode == 0
    assert first.stdout == (
        "3 articles in the library:"
        " 3 added, 0 updated, 0 moved, 0 removed, 0 unchanged, 1 skipped.\n"
    )
    assert first.stderr.splitlines() == [
        f"skipped {folder}/empty.txt is empty. Delete it or put the article into it.",
        "2 files passed over: 2 .gif.",
    ]
    shutil.move(folder / "port.txt", folder / "harbour.txt")
    summary = printed(qa("index", "--json"))
    assert summary["moved"] == [{"old_id": "port", "new_id": "harbour"}]
    assert (summary["added"], summary["removed"]) == ([], [])
    assert (summary["embedded"], summary["articles"]) == (0, 3)
    assert summary["skipped"][0]["path"] == f"{folder}/empty.txt"
    assert summary["passed_over"] == {".gif": 2}

    with only_writer(tmp_path / "home" / "index", None):
        waited = qa_process("index", "--no-wait")
        fails(waited, "Another qa index is at work", f"process {os.getpid()}")
    (folder / "new.txt").write_text("A new story.")
    assert printed(qa("index", "--collection", "other", folder, "--json"))["articles"] == 4
    assert printed(qa("index", "--json"))["added"] == ["new"]


@pytest.mark.model
def test_watching_ends_with_ctrl_c_and_is_no_failure(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    # A shell that runs the tests in the background may have told them to ignore Ctrl-C.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = [*QA[:-1], heed + QA[-1], "index", str(folder), "--watch", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as watch:
        assert watch.stdout is not None
        assert json.loads(watch.stdout.readline())["added"] == ["bridge", "mayor", "port"]
        (folder / "new.txt").write_text("A new story.")
        assert json.loads(watch.stdout.readline())["added"] == ["new"]
        watch.send_signal(signal.SIGINT)
        watch.wait(60)
    assert watch.returncode == 0
