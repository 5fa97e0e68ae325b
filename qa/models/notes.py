"""Small JSON files that remember what took long to find out, such as that a large file is whole."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from qa.files import write_whole

T = TypeVar("T")


def read_note(file: Path) -> object:
    """What a note says; None where it cannot be read."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_note(file: Path, note: object, indent: int | None = None) -> None:
    """Write a note; whoever reads it meanwhile gets the one before, whole."""
    write_whole(file, json.dumps(note, indent=indent, ensure_ascii=False).encode())


def noted_by_key(file: Path) -> dict[str, object]:
    """What a note says of each key; nothing where it cannot be read."""
    note = read_note(file)
    return note if isinstance(note, dict) else {}


def noted(file: Path, key: str, form: type[T]) -> T | None:
    """What a note says of a key; None for nothing, or what another version wrote."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(form).validate_python(noted_by_key(file).get(key))
    except ValidationError:
        return None


def note_by_key(file: Path, key: str, value: object, most: int) -> None:
    """Note a value of a key beside the latest of others, `most` in all, if it can be written."""
    others = {name: noted for name, noted in noted_by_key(file).items() if name != key}
    latest = [*others.items(), (key, value)][-most:]
    with contextlib.suppress(OSError):
        write_note(file, dict(latest), indent=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A note in `file` of how `weights` lay there when they had the SHA-256."""

    file: Path
    weights: Path
    sha256: str

    def is_right(self) -> bool:
        """Whether the weights lie there as they did when they were hashed."""
        noted = read_note(self.file)
        return noted is not None and noted == self._as_they_lie()

    def write(self) -> None:
        """Remember that the weights, as they lie there now, have the right hash.

        Where the folder cannot be written there is no stamp, and they are hashed another time.
        """
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(exist_ok=True)
            write_note(self.file, self._as_they_lie())

    def forget(self) -> None:
        """Take it away."""
        self.file.unlink(missing_ok=True)

    def _as_they_lie(self) -> dict[str, int | str]:
        found = self.weights.stat()
        return {"size": found.st_size, "mtime_ns": found.st_mtime_ns, "sha256": self.sha256}
