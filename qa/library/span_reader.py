"""Stand-in until the reader's branch is merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """Words of a text that was read, `text[start:end]`, with their logit above the null's."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class SpanReading:
    """What a reader makes of one text for a question."""

    answerable: float
    spans: tuple[ScoredSpan, ...]


class PassageReader(Protocol):
    """Finds the few words of a text that answer a question."""

    def read(self, question: str, texts: Sequence[str]) -> tuple[SpanReading, ...]:
        """One reading a text."""
