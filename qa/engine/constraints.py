"""Rules that hold while an answer is being decoded: the text so far in, what may follow out."""

import re
from dataclasses import dataclass
from typing import Protocol


class Constraint(Protocol):
    """A rule over the text of an answer; it knows nothing of tokens."""

    def allowed(self, text: str) -> tuple[str, ...] | None:
        """The strings one of which must come next, or None where anything may."""


@dataclass(frozen=True, slots=True)
class SourceNumbers:
    """Behind an opening bracket only the number of a source may come, then the closing bracket."""

    count: int

    def allowed(self, text: str) -> tuple[str, ...] | None:
        """See Constraint; numbers with several digits are offered digit by digit."""
        open_bracket = re.search(r"\[(\d*)$", text)
        if open_bracket is None:
            return None
        digits = open_bracket.group(1)
        numbers = [str(number) for number in range(1, self.count + 1)]
        following = {n[len(digits)] for n in numbers if n.startswith(digits) and n != digits}
        closing = ("]",) if digits in numbers else ()
        return (*closing, *sorted(following))
