"""The fit of confidence on four points, worked out by hand, and what a prior does to it."""

import math
from dataclasses import fields

import pytest

from qa.answering.confidence import Confidence, Signals
from qa.evaluating.fitting import Example, Prior, fit, nothing

SILENT = Signals(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
NAMES = [field.name for field in fields(Signals)]


def point(cosine: float, *, right: bool, share: float = 1.0) -> Example:
    return Example(Signals(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, cosine), right, share)


FOUR = (
    point(1.0, right=True, share=3.0),
    point(1.0, right=False),
    point(0.0, right=True),
    point(0.0, right=False, share=3.0),
)
"""At 1 three of four are right, at 0 one of four. Standardised, these are 1 and -1: with a weight v
for that, both sides lean the loss by 4 σ(v) - 3."""


def weights(cosine: float) -> tuple[float, ...]:
    return tuple(cosine if name == "cosine" else 0.0 for name in NAMES)


def check(found: Confidence, bias: float, cosine: float) -> None:
    assert found.bias == pytest.approx(bias, abs=1e-3)
    assert found.weights == pytest.approx(weights(cosine), abs=1e-3)


def test_without_a_penalty_the_odds_are_those_of_the_points() -> None:
    found = fit(FOUR, nothing(0.0))
    check(found, -math.log(3), 2 * math.log(3))
    assert found.of(FOUR[0].signals) == pytest.approx(3 / 4, abs=1e-3)
    assert found.of(SILENT) == pytest.approx(1 / 4, abs=1e-3)


def test_a_penalty_draws_towards_nothing() -> None:
    # 2 (4 σ(v) - 3) + s v = 0 at v = ln 2, where σ = 2/3, if s = (2/3) / ln 2
    check(fit(FOUR, nothing(2 / 3 / math.log(2))), -math.log(2), 2 * math.log(2))


def test_a_prior_draws_towards_what_was_believed() -> None:
    # 2 (4 σ(v) - 3) + s (v - v₀) = 0 at v = ln 2 for s = 1 if v₀ = ln 2 - 2/3; its bias, for even
    # odds in the middle, is -v₀
    before = math.log(2) - 2 / 3
    prior = Prior(Confidence(-before, weights(2 * before)), 1.0, bias=True)
    check(fit(FOUR, prior), -math.log(2), 2 * math.log(2))


def test_without_an_example_all_stays_as_it_was_believed() -> None:
    believed = Confidence(-0.7, weights(1.3))
    assert fit((), Prior(believed, 3.0, bias=True)) == believed


def test_a_strong_belief_is_not_moved_by_four_points() -> None:
    believed = Confidence(-0.7, weights(1.3))
    check(fit(FOUR, Prior(believed, 1e6, bias=True)), -0.7, 1.3)


def test_what_no_example_tells_of_stays_as_it_was_believed() -> None:
    span = tuple(0.5 if name == "span" else 0.0 for name in NAMES)
    found = fit(FOUR, Prior(Confidence(0.0, span), 1.0, bias=True))
    assert found.weights[NAMES.index("span")] == pytest.approx(0.5)
    assert found.weights[NAMES.index("cosine")] > 1.0


def test_what_is_all_but_the_same_for_all_says_nothing() -> None:
    """The mean of so many of 0.7 is not 0.7: to standardise would take rounding for a signal."""
    many = [point(0.7, right=number % 3 == 0) for number in range(40)]
    found = fit(many, Prior(Confidence(0.0, weights(0.3)), 1.0, bias=True))
    assert found.weights == pytest.approx(weights(0.3))


def test_a_free_bias_takes_the_odds_of_all() -> None:
    examples = [point(0.5, right=True, share=4.0), point(0.5, right=False)]
    assert fit(examples, nothing()).of(examples[0].signals) == pytest.approx(4 / 5, abs=1e-3)


def test_a_signal_that_speaks_against_an_answer_is_left_out() -> None:
    turned = [Example(one.signals, not one.right, one.share) for one in FOUR]
    check(fit(turned, nothing()), 0.0, 0.0)
