"""One writer at a time. The lock is the kernel's (flock): it goes when its holder does.

What stands in the lock file only serves the message about who holds it; it may be stale, cut short
or missing.
"""

import fcntl
import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from qa.errors import LibraryError

FILE_NAME = ".lock"

MOST_BYTES = 200
"""What is read of the lock file; a holder's note has some 50."""


@contextmanager
def only_writer(index_dir: Path, waiting: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the lock of an index folder.

    While another process has it, `waiting` is told so, once, and this one waits. Raises
    LibraryError instead when there is no `waiting`, or when the folder cannot be written.
    """
    file = index_dir / FILE_NAME
    try:
        lock = file.open("a+b", buffering=0)
    except OSError as error:
        raise LibraryError(
            f"{index_dir} cannot be written: {error.strerror}. Check its rights."
        ) from error
    with lock:
        _acquire(lock, index_dir, waiting)
        if not _is(lock, file):
            raise LibraryError(f"{index_dir} was removed meanwhile. Run qa index again.")
        note = {"pid": os.getpid(), "since": datetime.now().astimezone().isoformat()}
        _note(lock, json.dumps(note).encode())
        try:
            yield
        finally:
            _note(lock, b"")


def _note(lock: io.FileIO, text: bytes) -> None:
    """Put a text in the place of what stands in the file; a full or broken disk has it as it is."""
    with suppress(OSError):
        lock.truncate(0)
        lock.write(text)


def _acquire(lock: io.FileIO, index_dir: Path, waiting: Callable[[str], None] | None) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        tell_of_another(f"{index_dir}{_holder(lock)}", waiting, error)
        fcntl.flock(lock, fcntl.LOCK_EX)


def tell_of_another(
    where: str, waiting: Callable[[str], None] | None, error: Exception | None = None
) -> None:
    """Tell whoever waits that another is at work there; LibraryError where nobody does."""
    busy = f"Another qa index is at work on {where}"
    if waiting is None:
        raise LibraryError(f"{busy}. Try again when that is done.") from error
    waiting(f"{busy}; waiting. Ctrl-C to leave it.")


def _holder(lock: io.FileIO) -> str:
    """` since 12:04 (process 4711)`, as far as the lock file tells of a process that is alive."""
    lock.seek(0)
    try:
        note = json.loads(lock.read(MOST_BYTES))
        pid, since = int(note["pid"]), datetime.fromisoformat(note["since"])
        os.kill(pid, 0)
    except (ValueError, TypeError, KeyError, OverflowError, ProcessLookupError):
        return ""
    except PermissionError:  # alive, and another user's
        pass
    return f" since {clock(since)} (process {pid})"


def clock(since: datetime) -> str:
    """`12:04`, with the day where it was not today."""
    today = since.date() == datetime.now(since.tzinfo).date()
    return f"{since:%H:%M}" if today else f"{since:%Y-%m-%d %H:%M}"


def _is(lock: io.FileIO, file: Path) -> bool:
    """Whether the lock is still the file of that name."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), file.stat())
    except FileNotFoundError:
        return False
