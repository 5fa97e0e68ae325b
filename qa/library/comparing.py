"""What is on disk, compared with what the library has read of it, without opening a file."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import BadArticle, LibraryError
from qa.files import sha256_of_file
from qa.library.records import SourceFile
from qa.reading.articles import READING_VERSION, walk
from qa.reading.formats import MOST_BYTES, READERS, printable

GRAIN_NS = 2_000_000_000
"""A file may change once more within the grain of its time stamp without another stamp to show
for it: two seconds on FAT, the coarsest in use. As in git's index, a file that was read so soon
after it was written is compared by its bytes the next time."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file below a root; size in bytes, modification time in nanoseconds of system time."""

    path: Path
    root: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below the roots: files to read, sorted below each root, a file with the first.

    `passed_over` counts files in other formats by suffix; `problems` are whole messages about
    folders that could not be listed.
    """

    files: tuple[FoundFile, ...]
    passed_over: Mapping[str, int]
    problems: tuple[str, ...]


def find_below(roots: Sequence[Path]) -> Found:
    """Everything below the roots. Raises LibraryError when there is nothing, or no such root."""
    if not roots:
        raise LibraryError("No folder was named and none was indexed before: qa index FOLDER")
    files: dict[Path, FoundFile] = {}
    passed_over: Counter[str] = Counter()
    problems: list[str] = []
    for root in roots:
        if not root.exists():
            raise LibraryError(f"There is no file or folder {root}. Nothing was changed.")
        below = walk(root)
        passed_over.update(below.passed_over)
        problems += below.problems
        for path in below.files:
            try:
                status = path.stat()
            except OSError:  # gone since the folder was listed
                continue
            files.setdefault(path, FoundFile(path, root, status.st_size, status.st_mtime_ns))
    if not files:
        raise LibraryError(nothing_below(roots, problems))
    return Found(tuple(files.values()), passed_over, tuple(dict.fromkeys(problems)))


def find_file(file: Path, root: Path) -> Found:
    """One file as it is found below a root. Raises LibraryError when it is not there."""
    try:
        status = file.stat()
    except OSError as error:
        raise LibraryError(f"There is no file {file}. Nothing was changed.") from error
    return Found((FoundFile(file, root, status.st_size, status.st_mtime_ns),), {}, ())


def nothing_below(roots: Sequence[Path], reasons: Iterable[str]) -> str:
    """What is said when there is nothing to index, with the first of the reasons."""
    named = ", ".join(printable(root) for root in roots)
    said = f"There is no article ({', '.join(READERS)}) below {named}. Nothing was changed."
    return " ".join([said, *itertools.islice(reasons, 1)])


def stands_as_read(found: FoundFile, known: SourceFile) -> bool:
    """Whether a file is surely what it was when it was read, from its size and time alone."""
    return (
        (found.size, found.mtime_ns) == (known.size, known.mtime_ns)
        and found.mtime_ns + GRAIN_NS < known.read_ns
        and read_alike(found, known)
    )


def unread(found: Sequence[FoundFile], known: Mapping[Path, SourceFile]) -> tuple[FoundFile, ...]:
    """The files that are new, or not surely what they were when they were read."""
    return tuple(
        file
        for file in found
        if not ((before := known.get(file.path)) and stands_as_read(file, before))
    )


def read_alike(found: FoundFile, known: SourceFile) -> bool:
    """Whether equal bytes would be read to equal articles: by one program, below one root."""
    return known.reading == READING_VERSION and known.root == found.root


def digest_of(found: FoundFile) -> str:
    """SHA-256 of a file's bytes; of one too large to be read, its size, without opening it.

    Raises BadArticle when it cannot be read.
    """
    if found.size > MOST_BYTES:
        return f"{found.size} bytes"
    try:
        return sha256_of_file(found.path)
    except OSError as error:
        raise BadArticle(
            f"{printable(found.path)} cannot be read: {error.strerror}. Check its rights."
        ) from error
