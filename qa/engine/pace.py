"""How fast a model reads and writes on this machine, as it was measured at its work."""

from dataclasses import dataclass

LEAST_READ, LEAST_WRITTEN = 64, 16
"""Fewer tokens tell no pace: the first batches of a process are slow."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Tokens that were read and written, and the seconds that it took."""

    read_tokens: int = 0
    read_s: float = 0.0
    written_tokens: int = 0
    written_s: float = 0.0

    def read(self, tokens: int, seconds: float) -> "Pace":
        """With so many more tokens read."""
        return Pace(
            self.read_tokens + tokens, self.read_s + seconds, self.written_tokens, self.written_s
        )

    def wrote(self, tokens: int, seconds: float) -> "Pace":
        """With so many more tokens written."""
        return Pace(
            self.read_tokens, self.read_s, self.written_tokens + tokens, self.written_s + seconds
        )

    @property
    def read_per_s(self) -> float | None:
        """Tokens read in a second; None where too few were."""
        return _rate(self.read_tokens, self.read_s, LEAST_READ)

    @property
    def written_per_s(self) -> float | None:
        """Tokens written in a second; None where too few were."""
        return _rate(self.written_tokens, self.written_s, LEAST_WRITTEN)


def _rate(tokens: int, seconds: float, least: int) -> float | None:
    return tokens / seconds if tokens >= least and seconds > 0 else None
