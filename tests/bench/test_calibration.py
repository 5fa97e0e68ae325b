"""The numbers of trust come from kept examples, and these from no question that is reported on."""

import json
from dataclasses import astuple

import pytest
from calibrate import CALIBRATION, REPORTED, kept_examples
from fitting import Example, fit, stored

from qa.answering.trust import calibration
from tests.answering.findings import signals

KEPT = kept_examples()


def test_no_example_is_of_a_question_that_is_reported_on() -> None:
    reported = json.loads(REPORTED.read_text(encoding="utf-8"))
    assert {len(reported["rgb"]), len(reported["squad"])} == {25, 100}
    told = {question for questions in reported.values() for question in questions}
    for examples in KEPT.values():
        assert told.isdisjoint(one.question for one in examples)
        assert {one.kind for one in examples} == {"rgb_2_of_5", "rgb_4_of_5", "rgb_noise", "squad"}


def test_the_numbers_of_the_program_are_what_the_examples_give() -> None:
    kept = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    assert list(kept) == list(KEPT)
    for model, examples in KEPT.items():
        again = stored(fit(examples))
        assert kept[model]["weights"] == pytest.approx(again["weights"], abs=1e-3)
        assert kept[model]["bias"] == pytest.approx(again["bias"], abs=1e-3)
        assert calibration(model).weights == tuple(kept[model]["weights"].values())


def test_a_signal_that_tells_all_gets_the_weight() -> None:
    examples = [
        Example(
            "squad", str(number), signals(states=float(number % 2), cosine=0.5), bool(number % 2)
        )
        for number in range(40)
    ]
    fitted = fit(examples)
    assert fitted.weights[0] > 0
    assert list(fitted.weights[1:]) == [0.0] * (len(astuple(signals())) - 1)
    assert fitted.trust(signals(states=1.0)) > 0.8
    assert fitted.trust(signals(states=0.0)) < 0.2


def test_a_signal_never_speaks_against_what_it_says() -> None:
    examples = [
        Example("squad", str(number), signals(states=float(number % 2)), not number % 2)
        for number in range(40)
    ]
    assert fit(examples).weights[0] == 0.0


def test_every_kind_counts_alike() -> None:
    """Forty wrong ones of one kind weigh no more than the one right of another."""
    examples = [Example("squad", str(number), signals(), False) for number in range(40)]
    examples.append(Example("rgb_noise", "only", signals(), True))
    assert fit(examples).trust(signals()) == pytest.approx(0.5, abs=1e-3)
