"""Corrected p, worked out by hand."""

import pytest

from qa.evaluating.resampling import holm


def test_the_least_counts_as_often_as_there_are_tests_and_none_falls_below_a_lesser_one() -> None:
    # in their order: 4 * .005 = .02, 3 * .01 = .03, 2 * .03 = .06, and .04 is not let below .06
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_ties_one_alone_none_and_nothing_above_one() -> None:
    assert holm([0.02, 0.02]) == pytest.approx((0.04, 0.04))
    assert holm([0.2]) == (0.2,)
    assert holm([]) == ()
    assert holm([0.6, 0.9, 0.5]) == (1.0, 1.0, 1.0)
