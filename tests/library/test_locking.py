"""Two runs at once: the second waits, or says who is at work."""

import json
import os
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest

from qa.errors import LibraryError
from qa.library.locking import FILE_NAME, only_writer

pytestmark = pytest.mark.slow

HOLDER = """
import sys
from pathlib import Path
from qa.library.locking import only_writer

with only_writer(Path(sys.argv[1]), None):
    print("held", flush=True)
    sys.stdin.readline()
"""


class Holder:
    """Another process that holds the lock until it is told to let go, or is killed."""

    def __init__(self, index_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(index_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "held\n"

    def let_go(self) -> None:
        self.process.communicate("\n")


def test_the_second_says_who_is_at_work(tmp_path: Path) -> None:
    holder = Holder(tmp_path)
    now = datetime.now().astimezone()
    with pytest.raises(LibraryError) as failure, only_writer(tmp_path, None):
        pass
    message = str(failure.value)
    assert message.startswith(f"Another qa index is at work on {tmp_path} since {now:%H:}")
    assert message.endswith(f" (process {holder.process.pid}). Try again when that is done.")
    holder.let_go()
    with only_writer(tmp_path, None):
        pass


def test_the_second_waits_and_says_so_once(tmp_path: Path) -> None:
    holder = Holder(tmp_path)
    said: list[str] = []
    timer = threading.Timer(0.2, holder.let_go)
    timer.start()
    with only_writer(tmp_path, said.append):
        holder.process.wait()
    timer.join()
    (line,) = said
    assert f"(process {holder.process.pid}); waiting. Ctrl-C to leave it." in line


def test_a_holder_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    holder = Holder(tmp_path)
    holder.process.kill()
    holder.process.communicate()
    assert json.loads((tmp_path / FILE_NAME).read_text())["pid"] == holder.process.pid
    with only_writer(tmp_path, None):
        assert json.loads((tmp_path / FILE_NAME).read_text())["pid"] == os.getpid()
    assert (tmp_path / FILE_NAME).read_text() == ""


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\xff\xfe\x00",
        b"[1, 2]",
        b'{"pid": 4711',
        b'{"pid": "no", "since": "never"}',
        b'{"pid": 99999999999999999999, "since": "2023-02-18T12:04:00+00:00"}',
        b'{"pid": 4194304, "since": "2023-02-18T12:04:00+00:00"}',  # above the kernel's greatest
    ],
)
def test_what_else_stands_in_the_lock_file_is_not_believed(tmp_path: Path, note: bytes) -> None:
    holder = Holder(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(note)
    with (
        pytest.raises(LibraryError, match=rf"at work on {tmp_path}\. Try again"),
        only_writer(tmp_path, None),
    ):
        pass
    holder.let_go()


def test_a_holder_since_another_day(tmp_path: Path) -> None:
    holder = Holder(tmp_path)
    note = {"pid": os.getpid(), "since": "2023-02-18T12:04:00+00:00"}
    (tmp_path / FILE_NAME).write_text(json.dumps(note))
    with pytest.raises(LibraryError, match="since 2023-02-18 12:04"), only_writer(tmp_path, None):
        pass
    holder.let_go()


def test_a_library_that_was_removed_while_one_waited(tmp_path: Path) -> None:
    holder = Holder(tmp_path)

    def remove(_: str) -> None:
        (tmp_path / FILE_NAME).unlink()
        holder.let_go()

    with pytest.raises(LibraryError, match="was removed meanwhile"), only_writer(tmp_path, remove):
        pass


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with (
        pytest.raises(LibraryError, match=r"cannot be written: .*Check its rights"),
        only_writer(tmp_path / "nowhere", None),
    ):
        pass


def test_a_note_that_cannot_be_written_hides_no_error(tmp_path: Path) -> None:
    """On a full disk the reason is what the work ran into, not the lock's own note."""
    (tmp_path / FILE_NAME).symlink_to("/dev/full")
    with pytest.raises(LibraryError, match="the disk is full"), only_writer(tmp_path, None):
        raise LibraryError("the disk is full")
