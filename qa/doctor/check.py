"""A check: what was looked at, what was found, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from qa.errors import CuttingsError


class CheckState(Enum):
    """Whether a check found what is needed."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, and what to do about it if anything."""

    name: str
    state: CheckState
    finding: str
    next_step: str | None = None


def failure(name: str, error: CuttingsError) -> Check:
    """A check that failed: up to its first full stop an error says what is the matter."""
    finding, _, step = str(error).partition(". ")
    return Check(name, CheckState.FAILED, f"{finding}.", step or None)


def together(name: str, checks: Sequence[Check]) -> Check:
    """What was found of each server as one check; it fails where no server is well."""
    if len(checks) == 1:
        return checks[0]
    well = [check.state is CheckState.OK for check in checks]
    state = CheckState.OK if all(well) else CheckState.WARNING if any(well) else CheckState.FAILED
    finding = "; ".join(check.finding.rstrip(".") for check in checks)
    steps = dict.fromkeys(check.next_step for check in checks if check.next_step)
    return Check(name, state, finding, " ".join(steps) or None)
