"""Comparing runs over the same questions, question by question. Pure.

A measure is compared over the questions that have a score for it in both runs, so its two values
may be other than those of the runs' own reports: of two runs that refuse different questions, only
what both have answered says which cites better.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import RunError
from qa.evaluating.finished_run import FinishedRun
from qa.evaluating.metrics import MEASURES, RESAMPLES, SEED, Definition, Share, Statistic

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIGNIFICANT = 0.05
"""Below this p a difference is called one. Of forty measures two fall below it by chance."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in two runs, over the `count` questions that have a score for it in both.

    `difference` is the other run's value minus the first's, [`low`, `high`] its 95% interval. `p`
    is how often a difference as large comes up where the two answers to each question are dealt
    to the runs by chance. `won` and `lost` are the ids of the questions on which the other run is
    better and worse.
    """

    definition: Definition
    first: float
    other: float
    difference: float
    low: float
    high: float
    p: float
    count: int
    won: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def verdict(self) -> int:
        """1 where the other run is better, -1 where it is worse, 0 where chance will do as well."""
        if self.p >= SIGNIFICANT or self.difference == 0:
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
        close = difflib.get_close_matches(match[1], names, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
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
    """Every measure that at least one question has a score for in both runs, in MEASURES' order.

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
    return tuple(differences)


def settings_that_differ(first: FinishedRun, other: FinishedRun) -> dict[str, tuple[Any, Any]]:
    """What was set differently, by name, the model among it."""
    names = dict.fromkeys((*first.settings, *other.settings))
    values = {name: (first.settings.get(name), other.settings.get(name)) for name in names}
    return {name: pair for name, pair in values.items() if pair[0] != pair[1]}


def _difference(definition: Definition, pairs: dict[str, tuple[Share, Share]]) -> Difference:
    import numpy as np

    shares = [(a.part, a.whole, b.part, b.whole) for a, b in pairs.values()]
    part, whole, other_part, other_whole = np.array(shares, dtype=np.float64).T
    both = _Both(definition, np.r_[part, other_part], np.r_[whole, other_whole])
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
        len(pairs),
        tuple(id_ for id_, by in zip(pairs, gain, strict=True) if by > 0),
        tuple(id_ for id_, by in zip(pairs, gain, strict=True) if by < 0),
    )


class _Both:
    """The scores of two runs in one row, those of the second behind those of the first."""

    def __init__(
        self,
        definition: Definition,
        part: "NDArray[np.float64]",
        whole: "NDArray[np.float64]",
    ) -> None:
        self._statistic = definition.statistic
        self._part = part
        self._whole = whole

    def value(self, rows: "NDArray[np.int64]", axis: int = -1) -> "NDArray[np.float64]":
        """The measure over the scores in these rows."""
        import numpy as np

        part, whole = self._part[rows], self._whole[rows]
        if self._statistic is Statistic.SHARE:
            return np.asarray(part.sum(axis=axis) / whole.sum(axis=axis))
        quantile = 0.5 if self._statistic is Statistic.P50 else 0.95
        return np.asarray(np.quantile(part / whole, quantile, axis=axis))

    def interval_and_p(
        self, one: "NDArray[np.int64]", two: "NDArray[np.int64]"
    ) -> tuple[float, float, float]:
        """The ends of the paired 95% percentile bootstrap interval (Efron, 1979), and p.

        p is two-sided, of the paired randomisation test (Smucker et al., CIKM 2007): each question
        swaps its two scores or does not, in every way where these are few, else in RESAMPLES of
        them. Both have a fixed seed.
        """
        import numpy as np
        from scipy.stats import bootstrap, permutation_test

        if np.array_equal(self._part[one], self._part[two]) and np.array_equal(
            self._whole[one], self._whole[two]
        ):
            return 0.0, 0.0, 1.0

        def difference(
            rows: "NDArray[np.int64]", others: "NDArray[np.int64]", axis: int = -1
        ) -> "NDArray[np.float64]":
            return self.value(others, axis) - self.value(rows, axis)

        if len(one) == 1:  # either way of dealing two scores has a difference as large
            only = float(difference(one, two))
            return only, only, 1.0
        p = permutation_test(
            (one, two),
            difference,
            permutation_type="samples",
            vectorized=True,
            n_resamples=RESAMPLES,
            batch=100,  # bounds the memory, here and below
            rng=np.random.default_rng(SEED),
        ).pvalue
        interval = bootstrap(
            (one, two),
            difference,
            paired=True,
            vectorized=True,
            n_resamples=RESAMPLES,
            batch=100,
            method="percentile",
            rng=np.random.default_rng(SEED),
        ).confidence_interval
        return float(interval.low), float(interval.high), float(p)
