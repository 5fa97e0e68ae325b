"""Large files on a disk: hashing them with progress, and what a disk can refuse, in plain words."""

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.errors import ModelError

HASH_CHUNK_BYTES = 4 << 20

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_IN_THE_WAY = (errno.ENOTDIR, errno.EEXIST, errno.EISDIR)
_REFUSED = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.EIO, errno.ENAMETOOLONG)


@dataclass(frozen=True, slots=True)
class PullProgress:
    """What is being done to a model, and how many of its bytes are done.

    `failed` marks news that should stay to be read: a source could not deliver, and why.
    """

    stage: str
    done_bytes: int
    total_bytes: int
    failed: bool = False


Report = Callable[[PullProgress], None]


def sha256_of(file: Path, stage: str = "", report: Report | None = None) -> str:
    """The SHA-256 of a file in hexadecimal, read in chunks, each of them reported."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        total = os.fstat(stream.fileno()).st_size
        while chunk := stream.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
            if report:
                report(PullProgress(stage, stream.tell(), total))
    return digest.hexdigest()


def size_bytes(place: Path) -> int:
    """The bytes of a file, or of all files in a folder; 0 if there is nothing.

    Files may vanish while they are counted: other programs work in the folder too.
    """
    inside = (Path(root, name) for root, _, names in os.walk(place) for name in names)
    total = 0
    for file in inside if place.is_dir() else (place,):
        with contextlib.suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def is_disk_error(error: OSError) -> bool:
    """Whether the disk or the rights of a folder are at fault, and not a network."""
    return error.errno in (*_FULL, *_IN_THE_WAY, *_REFUSED)


@contextlib.contextmanager
def clear_disk_errors(models_dir: Path) -> Iterator[None]:
    """Turn a full disk, a read-only folder and the like into a ModelError with the next step."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            message = (
                f"The disk that holds {models_dir} is full. Free some space and try again: "
                "what was fetched so far is kept."
            )
        elif error.errno in _IN_THE_WAY:
            message = (
                f"{error.filename2 or error.filename or models_dir} is in the way of a model. "
                "Move it, or choose another folder with QA_MODELS_DIR."
            )
        else:
            message = (
                f"The folder {models_dir} cannot be used ({error.strerror or error}). "
                "Choose another one with QA_MODELS_DIR."
            )
        raise ModelError(message) from error
