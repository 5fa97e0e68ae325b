"""Risk, coverage and calibration, worked out by hand."""

from dataclasses import replace

import pytest

from qa.cli.evaluating import proposal
from qa.evaluating.weighing import Weighed, bar_for, confidence_measures
from tests.evaluating.test_weighing import FIVE


def measured(questions: tuple[Weighed, ...]) -> dict[str, float]:
    return {one.name: one.value for one in confidence_measures(questions)}


def test_the_measures_of_five_questions() -> None:
    # right at .9, right and wrong at .5, wrong at .3 and at 0
    assert measured(FIVE) == {
        "brier": pytest.approx((0.01 + 0.25 + 0.25 + 0.09) / 5),
        # bins: .9 against 1; .5 against 1/2; .3 against 0; 0 against 0
        "ece": pytest.approx((0.1 + 2 * 0 + 0.3 + 0) / 5),
        # wrong among the first 1 to 5: 0, .5 (either of a tie), 1, 2, 3
        "aurc": pytest.approx((0 / 1 + 0.5 / 2 + 1 / 3 + 2 / 4 + 3 / 5) / 5),
        # trapezia: (0 + 0) / 2, .25, .75, 1.5, 2.5, each of 1/5 x 1/5
        "augrc": pytest.approx((0 + 0.25 + 0.75 + 1.5 + 2.5) / 25),
    }
    for one in confidence_measures(FIVE):
        assert one.low < one.value < one.high
        assert one.count == 5


def test_the_area_under_the_generalised_risk_is_that_of_its_closed_form() -> None:
    # (1 - AUROC) acc (1 - acc) + (1 - acc)^2 / 2; of the six pairs 5 are in order and one ties
    auroc, acc = 5.5 / 6, 2 / 5
    assert measured(FIVE)["augrc"] == pytest.approx(
        (1 - auroc) * acc * (1 - acc) + (1 - acc) ** 2 / 2
    )


def test_the_order_of_a_tie_changes_nothing() -> None:
    assert measured(FIVE[::-1]) == pytest.approx(measured(FIVE))


BAD = {
    # the same shares of right ones, in the worst order
    "in disorder": tuple(
        replace(one, confidence=other.confidence)
        for one, other in zip(FIVE, FIVE[::-1], strict=True)
    ),
    # the same order, told too surely
    "too sure": tuple(replace(one, confidence=0.5 + one.confidence / 2) for one in FIVE),
}


def test_confidence_that_is_bad_in_one_way_is_worse_there() -> None:
    good = measured(FIVE)
    disorder, sure = (measured(one) for one in BAD.values())
    assert {name for name in good if disorder[name] > good[name] + 1e-9} == set(good)
    assert {name for name in good if sure[name] > good[name] + 1e-9} == {"brier", "ece"}
    assert sure["aurc"] == pytest.approx(good["aurc"])
    assert sure["augrc"] == pytest.approx(good["augrc"])


def test_the_lowest_bar_that_keeps_to_a_risk() -> None:
    bars = {risk: bar_for(FIVE, risk) for risk in (0.6, 0.5, 0.34, 0.3, 0.0)}
    assert {risk: bar and (bar.bar, bar.told, bar.wrong) for risk, bar in bars.items()} == {
        0.6: (0.0, 4, 2),  # the fifth has nothing to tell
        0.5: (0.0, 4, 2),
        0.34: (0.5, 3, 1),
        0.3: (0.9, 1, 0),
        0.0: (0.9, 1, 0),
    }
    assert bar_for(FIVE[2:], 0.5) is None
    assert bar_for((), 0.5) is None


def test_what_is_proposed_says_how_sure_it_is() -> None:
    assert proposal(FIVE, 0.34) == (
        "refuse_below = 0.5 keeps to a risk of 34.0%: of 5 questions 3 are told, 1 of them wrongly "
        "(95% interval 6.1% to 79.2%)."
    )
    assert proposal(FIVE[2:], 0.05) == (
        "No refuse_below keeps to a risk of 5.0%; the least here, 100.0%, comes with "
        "refuse_below = 0."
    )
    assert proposal(FIVE[4:], 0.05).startswith("No refuse_below can be proposed")
