"""Intervals of a measure, by drawing the questions anew, and of a share. Pure."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RESAMPLES = 2000
"""Samples an interval: another seed moves the ends by some 0.003 at 50 questions."""
SEED = 20230218


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
