"""Files that are written whole or not at all, and files of lines that a kill cannot spoil."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def write_whole(file: Path, *pieces: bytes | memoryview) -> None:
    """Write a file so that nobody sees it half written, and see it onto the disk."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as written:
            for piece in pieces:
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def flush(place: Path) -> None:
    """See to it that what was written of a file, or of a folder's names, is on the disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of_file(file: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def json_lines(values: Iterable[object]) -> str:
    """JSON Lines: each value in a line of its own."""
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def append_line(file: Path, value: object) -> None:
    """Add a line to a file of JSON Lines, and see it onto the disk."""
    with file.open("ab") as opened:
        opened.write(json_lines([value]).encode())
        opened.flush()
        os.fsync(opened.fileno())


def whole_lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that need not exist, with their numbers.

    A last one without its line feed was cut off by a kill, and does not count.
    """
    if file.exists():
        yield from enumerate(file.read_bytes().split(b"\n")[:-1], 1)


def cut_off_half_line(file: Path) -> None:
    """Drop a last line without its line feed, before more are added."""
    if file.exists():
        whole = file.read_bytes().rfind(b"\n") + 1
        if whole < file.stat().st_size:
            os.truncate(file, whole)
