"""A rule for the decode loop that is plain to check: only numbers of sources stand in brackets."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceNumbers:
    """A Constraint: behind an opening bracket comes a source's number, then the closing one."""

    count: int

    def allowed(self, text: str) -> tuple[str, ...] | None:
        """What may follow; a number of no source that got there is left as it is."""
        open_bracket = re.search(r"\[(\d*)$", text)
        if open_bracket is None:
            return None
        digits = open_bracket[1]
        numbers = [str(number) for number in range(1, self.count + 1)]
        rests = [number.removeprefix(digits) for number in numbers if number.startswith(digits)]
        behind = ("", ".", ",", ";", ":", ")", "[")  # tokenizers join them with the bracket
        return tuple(f"{rest}]{mark}" for rest in rests for mark in behind) or None
