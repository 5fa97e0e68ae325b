"""Following folders: the library is brought up to date whenever something in them changes."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from qa.errors import LibraryError
from qa.reading.formats import format_of, is_looked_into, printable

QUIET_S = 1.0
"""A file whose size and time stay the same so long is taken as written to its end."""

LONGEST_WAIT_S = 60.0
"""A file that is never at rest, such as a log, is read all the same after so long."""

WAKE_MS = 500
"""How often a watch looks whether it is to stop."""

_Stamps = Mapping[Path, tuple[int, int]]


def watch_folders(
    roots: Sequence[Path],
    bring_up_to_date: Callable[[], None],
    stop: threading.Event,
    quiet_s: float = QUIET_S,
) -> None:
    """Call a function at once, and again after each change below the roots, until told to stop.

    It is called when the changed files have come to rest, never twice at a time. Raises
    LibraryError when a root is gone; what the function raises is not held back.
    """
    from watchfiles import watch

    begun = False
    _check(roots)
    # Watching begins before the first call, so that no change falls between the two.
    for changes in watch(
        *roots,
        watch_filter=lambda _, path: _matters(Path(path)),
        stop_event=stop,
        rust_timeout=WAKE_MS,
        yield_on_timeout=True,
    ):
        if changes:
            _wait_for_rest((Path(path) for _, path in changes), stop, quiet_s)
        _check(roots)
        if changes or not begun:
            begun = True
            bring_up_to_date()


def _matters(path: Path) -> bool:
    """Files in a format that is read, and whatever has no suffix: it may be a folder."""
    return not path.suffix or is_looked_into(format_of(path)) or path.is_dir()


def _check(roots: Iterable[Path]) -> None:
    for root in roots:
        if not root.exists():
            raise LibraryError(
                f"{printable(root)} is gone; the library keeps what it has. When it is back: "
                "qa index --watch"
            )


def _wait_for_rest(paths: Iterable[Path], stop: threading.Event, quiet_s: float) -> None:
    files = tuple(paths)
    before, deadline = _stamps(files), time.monotonic() + LONGEST_WAIT_S
    while not stop.wait(quiet_s) and time.monotonic() < deadline:
        now = _stamps(files)
        if now == before:
            return
        before = now


def _stamps(files: Iterable[Path]) -> _Stamps:
    """Size in bytes and modification time in nanoseconds of the files that are there."""
    stamps = {}
    for file in files:
        try:
            status = file.stat()
        except OSError:
            continue
        stamps[file] = (status.st_size, status.st_mtime_ns)
    return stamps
