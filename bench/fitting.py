"""Fits the numbers of confidence on questions of several sets, each by its share. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qa.answering.confidence import Confidence, Signals
from qa.evaluating import fitting
from qa.evaluating.fitting import nothing

PEOPLES = {"everyday": 3.0, "desk": 3.0}
"""How much more the sets count whose questions are asked as people ask them."""


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
    return [replace(one, signals=one.signals.without_words()) for one in examples]


def fit(examples: Sequence[Example]) -> Confidence:
    """The weights that make what is known of the examples likeliest, each kind by its share."""
    shares = _shares([one.kind for one in examples])
    shared = [
        fitting.Example(one.signals, one.right, share)
        for one, share in zip(examples, shares, strict=True)
    ]
    return fitting.fit(shared, nothing())


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
