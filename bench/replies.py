"""What was replied to each case, kept in a file that a kill cannot harm."""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from qa.types import Outcome


@dataclass(frozen=True, slots=True)
class Reply:
    """What a way of answering said to a case, and what only the moment of asking could tell.

    `digest` stands for everything that decides the reply. `quotes` are the evidence, best first, as
    it is shown, `scores` the cross-encoder's. `claims` are the sides of a conflict that was shown.
    `dangling` and `not_verbatim` count its citations' and quotes' faults, see `citation_faults`.
    `evidence_given` tells whether the passages held the evidence; None where that is not known.
    `first_quotes_s` are the seconds from the question to the quotes, None where none were shown
    before the answer.
    """

    arm: str
    id: str
    digest: str
    text: str = ""
    outcome: Outcome = Outcome.ANSWERED
    quotes: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()
    claims: tuple[str, ...] = ()
    citations: int = 0
    dangling: int = 0
    not_verbatim: int = 0
    evidence_given: bool | None = None
    first_quotes_s: float | None = None
    total_s: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    confidence: float | None = None
    error: str | None = None

    @property
    def answered(self) -> bool:
        """Whether something is told as the answer."""
        return self.outcome is Outcome.ANSWERED and self.error is None

    @property
    def told(self) -> str:
        """What is told as the answer; a refusal's message is not."""
        return self.text if self.answered else ""


_FIELDS = {field.name for field in fields(Reply)}


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
        """All that were written, in order; those of a program with other fields are left out."""
        rows = map(json.loads, self._file.read_text(encoding="utf-8").splitlines())
        return [_reply(row) for row in rows if row.keys() == _FIELDS]

    def add(self, reply: Reply) -> None:
        """Append a reply and see it onto the disk."""
        with self._file.open("ab") as file:
            file.write(json.dumps(asdict(reply), ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _reply(row: dict[str, Any]) -> Reply:
    lists = {name: tuple(row[name]) for name in ("quotes", "scores", "claims")}
    return Reply(**{**row, **lists, "outcome": Outcome(row["outcome"])})
