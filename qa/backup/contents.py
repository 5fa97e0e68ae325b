"""What a backup holds: databases, uploads and settings, zipped with a list of hashes. Pure.

What is of one machine (where its folders lie) stays there, and so does every key and password.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from qa.conversing.archive import FILE_NAME as CONVERSATIONS
from qa.library.database import FILE_NAME as LIBRARY
from qa.library.scanned_pages import FILE_NAME as SCANS
from qa.service.uploads import UPLOADS
from qa.settings import COLLECTIONS, MAIN
from qa.settings import FILE_NAME as SETTINGS

LIST = "backup.json"
"""The list of all other members, packed last."""

FORMAT = 1
"""Raise it when an older program could not restore what a backup holds."""

INDEX = "index"
"""The folder of the libraries inside a backup, each in one of its collection's name."""

OF_THE_MACHINE = ("models_dir", "index_dir", "index", "runs_dir", "generator_key")
"""Settings that are left out of a backup, and kept where one is restored."""

_NAME = re.compile(
    rf"{re.escape(SETTINGS)}|{re.escape(CONVERSATIONS)}"
    rf"|{INDEX}/[a-z0-9][a-z0-9_-]{{0,63}}/({re.escape(LIBRARY)}|{re.escape(SCANS)})"
    rf"|{UPLOADS}(/[^./\0][^/\0]*)+"
)
"""Of a member. No part of a path begins with a dot, so none leads out of its folder."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a backup, as it must be once it is unpacked."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, when and by which version it was made, and of which home."""

    format: int
    program: str
    made: str
    home: str
    members: tuple[Member, ...]

    @property
    def size_bytes(self) -> int:
        """Of all members, unpacked."""
        return sum(member.size_bytes for member in self.members)


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done, and how many of its bytes are done."""

    stage: str
    done_bytes: int
    total_bytes: int


Report = Callable[[Step], None]
Tell = Callable[[int], None]


def counting(stage: str, total: int, report: Report) -> Tell:
    """What adds up the bytes of a stage, and reports each sum."""
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        report(Step(stage, min(done, total), total))

    return tell


_MANIFEST = TypeAdapter(Manifest)


def to_json(manifest: Manifest) -> bytes:
    """The list as it is packed."""
    return _MANIFEST.dump_json(manifest, indent=1)


def from_json(packed: bytes) -> Manifest:
    """The list that was packed so. Raises ValueError for what no program of ours has packed."""
    try:
        manifest = _MANIFEST.validate_json(packed)
    except ValidationError as error:
        raise ValueError(str(error.errors()[0]["msg"])) from error
    for member in manifest.members:
        if not is_name(member.name):
            msg = f"{member.name!r} is no part of a home"
            raise ValueError(msg)
    return manifest


def is_name(name: str) -> bool:
    """Whether a file of a backup may be called so."""
    return _NAME.fullmatch(name) is not None


def place_below_index(name: str) -> PurePosixPath:
    """Where a file of a library belongs below the folder of libraries, by its name in a backup."""
    _, collection, file = name.split("/")
    return (
        PurePosixPath(file) if collection == MAIN else PurePosixPath(COLLECTIONS, collection, file)
    )


def settings_that_leave(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a `qa.toml` that go into a backup: none of the machine, no secret."""
    kept = {key: value for key, value in values.items() if key not in OF_THE_MACHINE}
    if ":scrypt$" in str(kept.get("auth", "")):  # the users themselves, not the name of their file
        del kept["auth"]
    return kept
