"""Following folders: the library is brought up to date whenever something in them changes.

A file that is still being written, as downloads are, is waited for; others are read meanwhile.
"""

import math
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import LibraryError
from qa.library.comparing import FoundFile
from qa.reading.downloads import half_beside, is_half_a_file
from qa.reading.formats import format_of, is_looked_into, printable

QUIET_S = 2.0
"""A file whose size and time stay the same so long is taken as written to its end; between two
pieces of a download over a slow line lies a second and more."""

LONGEST_WAIT_S = 600.0
"""A file that is never at rest, such as a log, is read all the same after so long."""

WAKE_MS = 500
"""How often a watch looks whether it is to stop, and what has come to rest."""

IsWhole = Callable[[FoundFile], bool]
"""Whether a file that is new or changed can be read now; else it is waited for."""


def watch_folders(
    roots: Sequence[Path],
    bring_up_to_date: Callable[[IsWhole], None],
    stop: threading.Event,
    quiet_s: float = QUIET_S,
) -> None:
    """Call a function at once, and again after each change below the roots, until told to stop.

    It is called when a changed file has come to rest, never twice at a time, and is to leave the
    files that are not whole. Raises LibraryError when a root is gone; what the function raises is
    not held back.
    """
    from watchfiles import watch

    unrest = Unrest(quiet_s)
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
        _check(roots)
        if not begun and stop.wait(quiet_s):  # so that a file that was just written is at rest
            return
        unrest.note(Path(path) for _, path in changes)
        if unrest.settle() or not begun:
            begun = True
            bring_up_to_date(unrest.is_whole)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Size and modification time of a file, None where it is gone; since when they are so, and
    since when it is waited for, in seconds of a clock that only goes forward.
    """

    stamp: tuple[int, int] | None
    since: float
    first: float


class Unrest:
    """The files that have changed and are waited for."""

    def __init__(self, quiet_s: float, longest_wait_s: float = LONGEST_WAIT_S) -> None:
        self._quiet_s = quiet_s
        self._longest_wait_s = longest_wait_s
        self._waiting: dict[Path, _Seen] = {}
        self._overdue: frozenset[Path] = frozenset()

    def note(self, paths: Iterable[Path]) -> None:
        """Wait for files that have changed, or are there no more."""
        now = time.monotonic()
        for path in paths:
            known = self._waiting.get(path)
            self._waiting[path] = _Seen(_stamp(path), now, known.first if known else now)

    def settle(self) -> bool:
        """Wait no longer for what has come to rest, or never does; whether there is any."""
        now = time.monotonic()
        at_rest, overdue = set(), set()
        for path, seen in self._waiting.items():
            stamp = _stamp(path)
            if stamp != seen.stamp:
                self._waiting[path] = replace(seen, stamp=stamp, since=now)
            elif now - seen.since >= self._quiet_s and not _is_half(path):
                at_rest.add(path)
            if now - seen.first >= self._longest_wait_s:
                overdue.add(path)
        for path in at_rest | overdue:
            if path in overdue and _is_half(path):  # once it is said; what it waits for may come
                self._waiting[path] = replace(self._waiting[path], first=math.inf)
            else:
                del self._waiting[path]
        self._overdue = frozenset(overdue)
        return bool(at_rest or overdue)

    def is_whole(self, found: FoundFile) -> bool:
        """Whether a file can be read now, by what was seen of it and by the time it bears."""
        if found.path in self._overdue:
            return True
        if found.path in self._waiting:
            return False
        age_s = (time.time_ns() - found.mtime_ns) / 1e9
        if 0 <= age_s < self._quiet_s or _is_half(found.path):
            self.note([found.path])
            return False
        return True


def _is_half(path: Path) -> bool:
    try:
        return half_beside(path) is not None
    except OSError:  # gone, or no file
        return False


def _matters(path: Path) -> bool:
    """Files in a format that is read, and whatever has no suffix: it may be a folder."""
    if any(is_half_a_file(part) for part in path.parts):
        return False
    return not path.suffix or is_looked_into(format_of(path)) or path.is_dir()


def _check(roots: Iterable[Path]) -> None:
    for root in roots:
        if not root.exists():
            raise LibraryError(
                f"{printable(root)} is gone; the library keeps what it has. When it is back: "
                "qa index --watch"
            )


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size in bytes and modification time in nanoseconds of a file that is there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
