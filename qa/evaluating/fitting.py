"""Fits how likely evidence answers: a logistic model of the signals of what was found. Pure.

`bench/calibrate.py` fits the numbers that the program brings along, from nothing; `qa calibrate`
those of a home, from these on.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from qa.answering.confidence import Confidence, Signals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHRINKAGE = 3.0
"""Weight of the squared (standardised) weights beside the summed loss: with some hundred questions
it keeps a signal that helped by chance small."""

LEAST_SPREAD = 0.01
"""A signal whose standard deviation is below this is the same for all, and says nothing of any."""


@dataclass(frozen=True, slots=True)
class Example:
    """The signals of a question whose worth is known: `right` if what was found answers it.

    It counts `share` times in a fit.
    """

    signals: Signals
    right: bool
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before a question is asked: weights, and how strongly.

    To move a weight by as much as makes a log-odds of a signal's spread costs strength / 2, which
    is that many nats of loss. Where `bias` is false, the bias may be any at no cost.
    """

    weights: Confidence
    strength: float
    bias: bool


def nothing(strength: float = SHRINKAGE) -> Prior:
    """To know nothing: every weight is taken to be none."""
    return Prior(Confidence(0.0, (0.0,) * len(fields(Signals))), strength, bias=False)


def fit(examples: Sequence[Example], prior: Prior) -> Confidence:
    """The weights that are likeliest after the examples, none of them below nothing.

    Logistic regression on standardised signals with a quadratic penalty (Hastie, Tibshirani and
    Friedman, The Elements of Statistical Learning, 4.4), which is on the distance from what was
    believed before: the maximum a posteriori of a normal prior around it (Chelba and Acero,
    Adaptation of Maximum Entropy Capitalizer, EMNLP 2004). Without an example it is the prior.
    The weights are given back in the signals' own units.
    """
    import numpy as np
    from scipy.optimize import minimize

    if not examples:
        return prior.weights
    signals = np.array([astuple(one.signals) for one in examples])
    right = np.array([one.right for one in examples], float)
    share = np.array([one.share for one in examples])
    mean, spread = signals.mean(axis=0), signals.std(axis=0)
    spread[spread < LEAST_SPREAD] = 1.0
    standardised = np.column_stack([np.ones(len(signals)), (signals - mean) / spread])
    before = np.array(prior.weights.weights)
    believed = np.concatenate([[prior.weights.bias + before @ mean], before * spread])
    strength = np.full(len(believed), prior.strength)
    strength[0] *= prior.bias

    def loss(weights: "Floats") -> tuple[float, "Floats"]:
        log_odds = standardised @ weights
        summed = np.logaddexp(0, log_odds) - right * log_odds
        residual = 1 / (1 + np.exp(-log_odds)) - right
        moved = weights - believed
        return (
            float(share @ summed + (strength * moved**2).sum() / 2),
            standardised.T @ (share * residual) + strength * moved,
        )

    # Each signal speaks for an answer by its meaning: what speaks against it here is chance.
    bounds = [(None, None), *[(0.0, None)] * len(mean)]
    found = minimize(loss, believed, jac=True, method="L-BFGS-B", bounds=bounds)
    weights = found.x[1:] / spread
    return Confidence(float(found.x[0] - weights @ mean), tuple(float(one) for one in weights))
