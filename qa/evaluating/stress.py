"""Stress: how much less is right of questions that were changed so that nothing answers them. Pure.

Each changed question is held against the one that it was made of, in the same run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluating.judging import Judged
from qa.evaluating.perturbing import CHANGED_FROM
from qa.evaluating.resampling import percentile_interval


@dataclass(frozen=True, slots=True)
class Drop:
    """Of `count` pairs with one kind of change the shares that are right, unchanged and changed.

    [`low`, `high`] is the 95% interval of what is lost, `asked - changed`.
    """

    change: str
    count: int
    asked: float
    changed: float
    low: float
    high: float

    @property
    def lost(self) -> float:
        """How much less is right of the changed ones."""
        return self.asked - self.changed


def drops(judged: Sequence[Judged]) -> tuple[Drop, ...]:
    """What each kind of change costs; nothing for a set that was not made by perturbing one."""
    right = {one.question.id: one.scores["right"].part for one in judged if "right" in one.scores}
    pairs: dict[str, list[tuple[float, float]]] = {}
    for one in judged:
        origin = one.question.extra.get(CHANGED_FROM)
        if origin in right and one.question.id in right:
            change = str(one.question.extra.get("change", ""))
            pairs.setdefault(change, []).append((right[origin], right[one.question.id]))
    return tuple(_drop(change, some) for change, some in pairs.items())


def _drop(change: str, pairs: Sequence[tuple[float, float]]) -> Drop:
    import numpy as np

    asked, changed = np.array(pairs, dtype=np.float64).T
    lost = asked - changed
    low, high = float(lost[0]), float(lost[0])
    if not np.all(lost == lost[0]):
        low, high = percentile_interval((lost,), np.mean)
    return Drop(change, len(pairs), float(asked.mean()), float(changed.mean()), low, high)
