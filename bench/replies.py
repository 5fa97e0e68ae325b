"""What was replied to each case, kept in a file that a kill cannot harm."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reply:
    """What a way of answering said to a case, and what only the moment of asking could tell.

    `digest` stands for everything that decides the reply. `claims` are the sides of a conflict that
    was shown. `dangling` and `not_verbatim` count its citations' faults, see `citation_faults`.
    `evidence_given` and `answer_given` tell whether the passages held the evidence, and an accepted
    answer; None where that is not known. `second_look_s` is the time in which the
    model weighed whether a passage states what is asked. `standing` is the answer's, 0 where no
    model was asked.
    """

    arm: str
    id: str
    digest: str
    text: str = ""
    refused: bool = False
    reason: str | None = None
    claims: tuple[str, ...] = ()
    conflict_shown: bool = False
    citations: int = 0
    dangling: int = 0
    not_verbatim: int = 0
    evidence_given: bool | None = None
    answer_given: bool | None = None
    total_s: float = 0.0
    second_look_s: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    error: str | None = None
    standing: float = 0.0


class Journal:
    """The replies in one file, a JSON object a line, each on the disk before the next is asked."""

    def __init__(self, file: Path) -> None:
        """Open or begin it; a last line that was cut off by a kill is dropped."""
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        whole = file.read_bytes().rfind(b"\n") + 1
        if whole < file.stat().st_size:
            os.truncate(file, whole)

    def replies(self) -> list[Reply]:
        """All that were ever written, in order; those to an older program are among them."""
        rows = map(json.loads, self._file.read_text(encoding="utf-8").splitlines())
        return [Reply(**{**row, "claims": tuple(row["claims"])}) for row in rows]

    def add(self, reply: Reply) -> None:
        """Append a reply and see it onto the disk."""
        with self._file.open("ab") as file:
            file.write(json.dumps(asdict(reply), ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
