"""What remembers that a large file was hashed, so that it need not be hashed again."""

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """A note in `file` of how `weights` lay there when they had the SHA-256."""

    file: Path
    weights: Path
    sha256: str

    def is_right(self) -> bool:
        """Whether the weights lie there as they did when they were hashed."""
        try:
            noted = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(noted == self._as_they_lie())

    def write(self) -> None:
        """Remember that the weights, as they lie there now, have the right hash.

        Where the folder cannot be written there is no stamp, and they are hashed another time.
        """
        draft = self.file.with_name(f"{self.file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(exist_ok=True)
            draft.write_text(json.dumps(self._as_they_lie()), encoding="utf-8")
            draft.replace(self.file)

    def forget(self) -> None:
        """Take it away."""
        self.file.unlink(missing_ok=True)

    def _as_they_lie(self) -> dict[str, int | str]:
        found = self.weights.stat()
        return {"size": found.st_size, "mtime_ns": found.st_mtime_ns, "sha256": self.sha256}
