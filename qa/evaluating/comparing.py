"""Comparing runs over the same questions, question by question. Pure.

A measure is compared over the questions that have a score for it in both runs, so its two values
may be other than those of the runs' own reports: of two runs that refuse different questions, only
what both have answered says which cites better.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from qa.errors import RunError
from qa.evaluating.finished_runs import FinishedRun
from qa.evaluating.metrics import HEADLINES, MEASURES, Definition, Share, combined
from qa.evaluating.resampling import Paired, holm
from qa.messages import nearest

SIGNIFICANT = 0.05
"""Below this corrected p a difference is called one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in two runs, over the `count` questions that have a score for it in both.

    `difference` is the other run's value minus the first's, [`low`, `high`] its 95% interval. `p`
    is how often a difference as large comes up where the two answers to each question are dealt
    to the runs by chance; `corrected` is the same in view of how many measures were tested with
    this one: the `main` ones by themselves, and so the rest. `won` and `lost` are the ids of the
    questions on which the other run is better and worse.
    """

    definition: Definition
    first: float
    other: float
    difference: float
    low: float
    high: float
    p: float
    corrected: float
    count: int
    won: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def main(self) -> bool:
        """Whether it is one of the measures by which a comparison is decided."""
        return self.definition.name in HEADLINES

    @property
    def differs(self) -> bool:
        """Whether there is a question that either run does better."""
        return bool(self.won or self.lost)

    @property
    def verdict(self) -> int:
        """1 where the other run is better, -1 where it is worse, 0 where chance will do as well."""
        if self.corrected >= SIGNIFICANT or self.difference == 0:
            return 0
        return 1 if (self.difference < 0) is self.definition.less_is_better else -1


@dataclass(frozen=True, slots=True)
class Condition:
    """What a difference must not be, such as `answer_f1 < -0.02`."""

    measure: str
    sign: str
    bound: float

    def __str__(self) -> str:
        return f"{self.measure} {self.sign} {self.bound:g}"

    def holds(self, difference: float) -> bool:
        """Whether a difference is on the named side of the bound."""
        match self.sign:
            case "<":
                return difference < self.bound
            case "<=":
                return difference <= self.bound
            case ">":
                return difference > self.bound
        return difference >= self.bound


def parse_condition(text: str) -> Condition:
    """A condition as it is typed; a ValueError says what is wrong with it."""
    match = re.fullmatch(r"\s*([\w@:]+)\s*(<=|>=|<|>)\s*([-+]?(?:\d+\.?\d*|\.\d+))\s*", text)
    if match is None:
        raise ValueError(f'{text!r} is no condition; one looks like "answer_f1 < -0.02"')
    names = [definition.name for definition in MEASURES]
    if match[1] not in names:
        close = nearest(match[1], names)
        hint = f"; did you mean {close}?" if close else ""
        raise ValueError(f"there is no measure {match[1]!r}{hint}")
    return Condition(match[1], match[2], float(match[3]))


def ensure_same_questions(runs: Sequence[FinishedRun]) -> None:
    """Raise RunError naming two runs that were asked different questions."""
    first = runs[0]
    for other in runs[1:]:
        if other.questions_digest != first.questions_digest:
            raise RunError(
                f"{first.folder} and {other.folder} were asked different questions "
                f"({len(first.lines)} and {len(other.lines)}), so nothing can be said of their "
                "difference. Run qa eval for both on the same file with the same --limit, "
                "--sample and --tags."
            )


def compare(first: FinishedRun, other: FinishedRun) -> tuple[Difference, ...]:
    """Every measure that at least one question has a score for in both runs, the main ones first.

    The p of the main measures are corrected for each other, and so are those of the rest. What is
    the same on every question could not have come out otherwise by dealing, so it is not counted
    among what was tested (Tarone, Biometrics 1990).

    Raises RunError if they were asked different questions.
    """
    ensure_same_questions([first, other])
    differences = []
    for definition in MEASURES:
        pairs = {
            id_: (line.scores[definition.score], other.lines[id_].scores[definition.score])
            for id_, line in first.lines.items()
            if definition.score in line.scores and definition.score in other.lines[id_].scores
        }
        if pairs:
            differences.append(_difference(definition, pairs))
    main = [one for one in differences if one.main]
    others = [one for one in differences if not one.main]
    main.sort(key=lambda one: HEADLINES.index(one.definition.name))
    return (*_corrected(main), *_corrected(others))


def settings_that_differ(first: FinishedRun, other: FinishedRun) -> dict[str, tuple[Any, Any]]:
    """What was set differently, by name, the model among it."""
    names = dict.fromkeys((*first.settings, *other.settings))
    values = {name: (first.settings.get(name), other.settings.get(name)) for name in names}
    return {name: pair for name, pair in values.items() if pair[0] != pair[1]}


def _corrected(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """The same with their p corrected for each other."""
    raised = iter(holm([one.p for one in differences if one.differs]))
    return tuple(
        replace(one, corrected=next(raised)) if one.differs else one for one in differences
    )


def _difference(definition: Definition, pairs: dict[str, tuple[Share, Share]]) -> Difference:
    import numpy as np

    shares = [(a.part, a.whole, b.part, b.whole) for a, b in pairs.values()]
    part, whole, other_part, other_whole = np.array(shares, dtype=np.float64).T
    measured = partial(combined, definition.statistic)
    both = Paired(np.r_[part, other_part], np.r_[whole, other_whole], measured)
    one, two = np.arange(len(pairs)), np.arange(len(pairs)) + len(pairs)
    first, second = float(both.value(one)), float(both.value(two))
    low, high, p = both.interval_and_p(one, two)
    gain = (other_part / other_whole - part / whole) * (-1 if definition.less_is_better else 1)
    return Difference(
        definition,
        first,
        second,
        second - first,
        low,
        high,
        p,
        1.0,
        len(pairs),
        tuple(id_ for id_, by in zip(pairs, gain, strict=True) if by > 0),
        tuple(id_ for id_, by in zip(pairs, gain, strict=True) if by < 0),
    )
