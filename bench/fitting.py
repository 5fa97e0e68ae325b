"""Fits how likely evidence answers: a logistic model of the signals of what was found. Pure."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import Any

import numpy as np

from qa.answering.confidence import Confidence, ModelWord, Signals

SHRINKAGE = 3.0
"""Weight of the squared (standardised) weights beside the summed loss: with some hundred questions
it keeps a signal that helped by chance small."""


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


def word(row: Mapping[str, Any]) -> "Word":
    """What a model said, from its line."""
    return Word(row["kind"], row["question"], row["before"], row["word"], row["right"])


def without_reader(examples: Sequence[Example]) -> list[Example]:
    """The same examples as if no reader had been asked: its signals weigh nothing then."""
    return [replace(one, signals=one.signals.without_reader()) for one in examples]


def fit(examples: Sequence[Example]) -> Confidence:
    """The weights that make what is known of the examples likeliest, each kind counting alike."""
    signals = np.array([astuple(one.signals) for one in examples])
    shares = _shares([one.kind for one in examples])
    bias, weights = _logistic(signals, [one.right for one in examples], shares)
    return Confidence(bias, weights)


@dataclass(frozen=True, slots=True)
class Word:
    """What a model said of a question in doubt: `word` as in ModelWord, `before` what was known."""

    kind: str
    question: str
    before: float
    word: float
    right: bool


def fit_word(words: Sequence[Word], examples: Sequence[Example]) -> ModelWord:
    """The weights of a model's word; a kind counts by its share of all examples, as in `fit`.

    So what is in doubt is as likely to be answered as it is among all.
    """
    counted = _shares([one.kind for one in examples])
    share = dict(zip([one.kind for one in examples], counted, strict=True))
    known = np.array([[math.log(one.before / (1 - one.before)), one.word] for one in words])
    shares = np.array([share[one.kind] for one in words])
    bias, (before, word) = _logistic(known, [one.right for one in words], shares)
    return ModelWord(round(bias, 6), round(before, 6), round(word, 6))


def _logistic(
    known: np.ndarray, right: Sequence[bool], shares: np.ndarray
) -> tuple[float, tuple[float, ...]]:
    """Bias and weights of L2-regularised logistic regression, in the units of what is `known`.

    Fitted on what is standardised, (examples, signals) wide, each example counting its share
    (Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 4.4).
    """
    from scipy.optimize import minimize

    told = np.array(right, float)
    mean, spread = known.mean(axis=0), known.std(axis=0)
    spread[spread == 0] = 1.0
    standardised = np.column_stack([np.ones(len(known)), (known - mean) / spread])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        log_odds = standardised @ weights
        summed = np.logaddexp(0, log_odds) - told * log_odds
        residual = 1 / (1 + np.exp(-log_odds)) - told
        shrunk = np.concatenate([[0.0], weights[1:]])
        return (
            float(shares @ summed + SHRINKAGE / 2 * (shrunk**2).sum()),
            standardised.T @ (shares * residual) + SHRINKAGE * shrunk,
        )

    start = np.zeros(standardised.shape[1])
    # Each signal speaks for an answer by its meaning: what speaks against it here is chance.
    bounds = [(None, None), *[(0.0, None)] * len(mean)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    weights = found.x[1:] / spread
    return float(found.x[0] - weights @ mean), tuple(float(one) for one in weights)


def _shares(kinds: Sequence[str]) -> np.ndarray:
    """What each example counts, 1 on average: every kind as much as any other."""
    counts = Counter(kinds)
    return np.array([len(kinds) / len(counts) / counts[kind] for kind in kinds])


def scores(examples: Sequence[Example]) -> str:
    """How well the signals tell the sets apart: AUROC of each set, fitted without that set."""
    sets = sorted({one.kind.split("-")[0] for one in examples})
    return ", ".join(f"{name} {_held_out(name, examples):.3f}" for name in sets)


def word_scores(words: Sequence[Word], fitted: ModelWord) -> str:
    """How well what is in doubt is told apart: AUROC before the model's word, and with it."""
    from sklearn.metrics import roc_auc_score

    right = [one.right for one in words]
    before = roc_auc_score(right, [one.before for one in words])
    after = roc_auc_score(right, [fitted.of(one.before, one.word) for one in words])
    return f"{before:.3f} before, {after:.3f} with the word"


def _held_out(name: str, examples: Sequence[Example]) -> float:
    from sklearn.metrics import roc_auc_score

    own = [one for one in examples if one.kind.split("-")[0] == name]
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
