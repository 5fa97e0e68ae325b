"""Fits how likely evidence answers: a logistic model of the signals of what was found. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import Any

import numpy as np

from qa.answering.confidence import Confidence, Signals

SHRINKAGE = 3.0
"""Weight of the squared (standardised) weights beside the summed loss: with some hundred questions
it keeps a signal that helped by chance small."""


PEOPLES = {"everyday": 3.0, "desk": 3.0}
"""How much more the sets count whose questions are asked as people ask them."""

BY_WORDS = ("relevance", "alone", "asked_there")
"""Signals that tell how far words are shared. A reader has read these; whoever asks in words of
their own shares few, and near misses share many (`bench/answers.md` has figures)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question whose worth is known: `right` if what was found answers it.

    `kind` and `question` name where it is from.
    """

    kind: str
    question: str
    signals: Signals
    right: bool


def example(row: Mapping[str, Any]) -> Example:
    """An example from its line."""
    return Example(row["kind"], row["question"], Signals(*row["signals"]), row["right"])


def without_reader(examples: Sequence[Example]) -> list[Example]:
    """The same examples as if no reader had been asked: its signals weigh nothing then."""
    return [replace(one, signals=one.signals.without_reader()) for one in examples]


def with_reader(examples: Sequence[Example]) -> list[Example]:
    """The same examples without what the reader knows better."""
    words = dict.fromkeys(BY_WORDS, 0.0)
    return [replace(one, signals=replace(one.signals, **words)) for one in examples]


def fit(examples: Sequence[Example]) -> Confidence:
    """The weights that make what is known of the examples likeliest, each kind by its share.

    L2-regularised logistic regression on standardised signals (Hastie, Tibshirani and Friedman,
    The Elements of Statistical Learning, 4.4), its weights given back in the signals' own units.
    """
    from scipy.optimize import minimize

    signals = np.array([astuple(one.signals) for one in examples])
    right = np.array([one.right for one in examples], float)
    share = _shares([one.kind for one in examples])
    mean, spread = signals.mean(axis=0), signals.std(axis=0)
    spread[spread == 0] = 1.0
    standardised = np.column_stack([np.ones(len(signals)), (signals - mean) / spread])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        log_odds = standardised @ weights
        summed = np.logaddexp(0, log_odds) - right * log_odds
        residual = 1 / (1 + np.exp(-log_odds)) - right
        shrunk = np.concatenate([[0.0], weights[1:]])
        return (
            float(share @ summed + SHRINKAGE / 2 * (shrunk**2).sum()),
            standardised.T @ (share * residual) + SHRINKAGE * shrunk,
        )

    start = np.zeros(standardised.shape[1])
    # Each signal speaks for an answer by its meaning: what speaks against it here is chance.
    bounds = [(None, None), *[(0.0, None)] * len(mean)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    weights = found.x[1:] / spread
    return Confidence(float(found.x[0] - weights @ mean), tuple(float(one) for one in weights))


def _shares(kinds: Sequence[str]) -> np.ndarray:
    """What each example counts, 1 on average: every kind as much as any other, but for people's."""
    counts = Counter(kinds)
    weighed = [PEOPLES.get(_set_of(kind), 1.0) / counts[kind] for kind in kinds]
    total = sum(weighed)
    return np.array([one * len(kinds) / total for one in weighed])


def _set_of(kind: str) -> str:
    return kind.split("-")[0]


def scores(examples: Sequence[Example]) -> str:
    """How well the signals tell the sets apart: AUROC of each set, fitted without that set."""
    sets = sorted({_set_of(one.kind) for one in examples})
    return ", ".join(f"{name} {_held_out(name, examples):.3f}" for name in sets)


def _held_out(name: str, examples: Sequence[Example]) -> float:
    from sklearn.metrics import roc_auc_score

    own = [one for one in examples if _set_of(one.kind) == name]
    others = [one for one in examples if one not in own]
    fitted = fit(others or own)
    told = [fitted.of(one.signals) for one in own]
    return float(roc_auc_score([one.right for one in own], told))


def stored(confidence: Confidence) -> dict[str, Any]:
    """A confidence as its file holds it, in six digits."""
    names = [field.name for field in fields(Signals)]
    weights = dict(zip(names, confidence.weights, strict=True))
    return {
        "bias": round(confidence.bias, 6),
        "weights": {name: round(weight, 6) for name, weight in weights.items()},
    }
