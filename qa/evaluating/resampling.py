"""How much chance alone does: intervals of measures, and tests whether two runs differ. Pure."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

RESAMPLES = 2000
"""Samples an interval: another seed moves the ends by some 0.003 at 50 questions."""
SEED = 20230218

DEALS = 5000
"""So many of the ways to deal the scores are tried where there are more: up to twelve questions
that differ are dealt in every way. The least p there can be, 0.0004, is still below 0.05 when
it is corrected for forty measures."""


def percentile_interval(
    samples: "Sequence[NDArray[Any]]", statistic: "Callable[..., Floats]"
) -> tuple[float, float]:
    """The ends of the 95% percentile bootstrap interval over questions (Efron, 1979).

    The samples have a value a question each and are drawn together, with a fixed seed.
    """
    import numpy as np
    from scipy.stats import bootstrap

    interval = bootstrap(
        tuple(samples),
        statistic,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=100,  # bounds the memory: 100 x questions indices at a time
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def wilson(count: int, total: int) -> tuple[float, float]:
    """The ends of the 95% interval of a share, `count` of `total` (Wilson, JASA 1927)."""
    from scipy.stats import binomtest

    ends = binomtest(count, total).proportion_ci(method="wilson")
    return min(ends.low, count / total), max(ends.high, count / total)


class Paired:
    """The scores of two runs in one row, those of the second behind those of the first."""

    def __init__(self, part: "Floats", whole: "Floats", statistic: "Callable[..., Floats]") -> None:
        """`statistic` makes of parts and wholes, along an axis, the measure."""
        self._part = part
        self._whole = whole
        self._statistic = statistic

    def value(self, rows: "Rows", axis: int = -1) -> "Floats":
        """The measure over the scores in these rows."""
        return self._statistic(self._part[rows], self._whole[rows], axis)

    def interval_and_p(self, one: "Rows", two: "Rows") -> tuple[float, float, float]:
        """The ends of the paired 95% percentile bootstrap interval (Efron, 1979), and p.

        p is two-sided, of the paired randomisation test (Smucker et al., CIKM 2007), see `_p`. Both
        have a fixed seed.
        """
        import numpy as np

        if np.array_equal(self._part[one], self._part[two]) and np.array_equal(
            self._whole[one], self._whole[two]
        ):
            return 0.0, 0.0, 1.0

        def difference(rows: "Rows", others: "Rows", axis: int = -1) -> "Floats":
            return self.value(others, axis) - self.value(rows, axis)

        if len(one) == 1:  # either way of dealing two scores has a difference as large
            only = float(difference(one, two))
            return only, only, 1.0
        return (*percentile_interval((one, two), difference), self._p(one, two))

    def _p(self, one: "Rows", two: "Rows") -> float:
        """Each question swaps its two scores or does not: in every way, or in DEALS of them.

        A question that scores the same in both runs is not dealt, but counts in the measure.
        """
        import numpy as np
        from scipy.stats import permutation_test

        same = (self._part[one] == self._part[two]) & (self._whole[one] == self._whole[two])
        if (~same).sum() == 1:  # dealt either way it is as large
            return 1.0

        def difference(rows: "Rows", others: "Rows", axis: int = -1) -> "Floats":
            fixed = np.broadcast_to(one[same], (*rows.shape[:-1], int(same.sum())))
            dealt, others_dealt = (np.concatenate([x, fixed], axis) for x in (rows, others))
            return self.value(others_dealt, axis) - self.value(dealt, axis)

        return float(
            permutation_test(
                (one[~same], two[~same]),
                difference,
                permutation_type="samples",
                vectorized=True,
                n_resamples=DEALS,
                batch=100,  # bounds the memory
                rng=np.random.default_rng(SEED),
            ).pvalue
        )


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """The p of several tests, each so raised that all can be held against one level.

    Of those that fall below a level, the probability that even one came so by chance is at most
    that level (Holm, Scandinavian Journal of Statistics, 1979): the least p counts as many times
    as there are tests, the next once less, and none falls below one that was less.
    """
    corrected, least = [1.0] * len(p), 0.0
    for rank, at in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        least = max(least, min(1.0, (len(p) - rank) * p[at]))
        corrected[at] = least
    return tuple(corrected)
