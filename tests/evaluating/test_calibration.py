"""Numbers fitted for a home: what they are worth, when they are used, and what they rest on."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering.confidence import Confidence, Signals, Weighing, shipped
from qa.answering.parts import Taught
from qa.evaluating.calibrating import Asked
from qa.evaluating.calibration import (
    FOLDS,
    LEAST,
    REPEATS,
    Judged,
    Worth,
    calibrate,
    cross_validated,
    enough,
    fit_both,
    worth,
)
from qa.evaluating.weighing import Weighed

DAY = date(2026, 11, 30)
BAR = 0.2
SURE = Signals(8.0, 8.0, 4.0, 3.0, 1.0, 2.0, 1.0, 0.7)
UNSURE = Signals(-8.0, -8.0, -5.0, -3.0, 0.5, 0.0, 0.2, 0.3)


def asked(number: int, signals: Signals | None, *, right: bool, own: bool = True) -> Asked:
    return Asked(f"{number:03}-{own}", own, right, right, Taught.WELL, 1.0, signals)


def a_set(count: int, right: Signals, wrong: Signals, *, own: bool) -> list[Asked]:
    """So many questions of each kind, each kind of the same signals."""
    return [
        asked(number, right if number % 2 else wrong, right=bool(number % 2), own=own)
        for number in range(2 * count)
    ]


def calibrated(some: Sequence[Asked], *, same_encoders: bool = True) -> Judged | None:
    return calibrate(some, shipped(), BAR, DAY, same_encoders=same_encoders)


FIXED = a_set(20, SURE, UNSURE, own=False)


def test_auroc_is_the_share_of_pairs_in_order_and_the_loss_the_mean_of_both_kinds() -> None:
    questions = [
        Weighed(0.9, True, True),
        Weighed(0.8, False, False),
        Weighed(0.5, True, True),
        Weighed(0.1, False, False),
    ]
    found = worth(questions)
    assert found.auroc == 0.75  # of .9 > .8, .9 > .1, .5 > .1 and .5 < .8
    right = -(math.log(0.9) + math.log(0.5)) / 2
    wrong = -(math.log(0.2) + math.log(0.9)) / 2
    assert found.loss == pytest.approx((right + wrong) / 2)
    assert worth([replace(one, confidence=0.5) for one in questions]).auroc == 0.5  # all tie
    alone = worth(questions[:1])
    assert alone.auroc == 0.5
    assert alone.loss == pytest.approx(-math.log(0.9))


def test_both_kinds_are_needed_to_judge_by() -> None:
    some = a_set(LEAST, SURE, UNSURE, own=True)
    assert enough(some)
    assert not enough(some[:-1])
    assert not enough([*some[:-1], asked(99, None, right=False)])  # nothing was found for it


def test_too_few_questions_of_ones_own_leave_the_shipped_numbers() -> None:
    some = [*FIXED, *a_set(LEAST - 1, SURE, UNSURE, own=True)]
    assert calibrated(some) is None


def test_every_question_is_judged_by_numbers_that_were_fitted_without_it() -> None:
    some = a_set(6, SURE, UNSURE, own=True)
    seen: dict[int, Sequence[Asked]] = {}

    def fitted(others: Sequence[Asked]) -> Weighing:
        seen[len(seen)] = others
        none = Confidence(float(len(seen) - 1), (0.0,) * 8)
        return Weighing(none, none)

    numbers = cross_validated(some, fitted)
    assert len(seen) == FOLDS * REPEATS
    for one in some:
        assert len(numbers[one.key]) == REPEATS
        for weighing in numbers[one.key]:
            others = seen[round(weighing.with_reader.bias)]
            assert one not in others
            rights = [other.right for other in others]
            assert abs(rights.count(True) - rights.count(False)) <= 1


def test_what_one_asks_teaches_what_the_shipped_numbers_do_not_know() -> None:
    """Here, all that tells what is answered is the first sentence's span, which hardly counts."""
    own = a_set(
        20, replace(SURE, answerable=0.0), replace(SURE, answerable=0.0, span=2.0), own=True
    )
    found = calibrated([*FIXED, *own])
    assert found
    kept = found.calibration
    assert (kept.questions, kept.own, kept.judged_on, kept.day) == (80, 40, 40, DAY)
    span = 2
    before, after = shipped().with_reader.weights, kept.weighing.with_reader.weights
    assert after[span] > before[span]
    assert kept.in_use
    assert kept.fitted.loss < kept.shipped.loss
    assert (found.answerable, found.unanswerable) == (20, 20)
    assert found.bar_shipped.refused_answerable == 0


def test_numbers_that_are_worse_are_not_used() -> None:
    """Whether these are right is drawn by the shipped numbers: no others can know it better."""
    dice = Random(4)
    drawn = []
    for number in range(40):
        signals = replace(
            SURE,
            span=dice.uniform(-6, 6),
            answerable=dice.uniform(-5, 3),
            names_there=dice.random(),
            names_met=float(dice.randrange(4)),
            cosine=dice.random(),
        )
        right = dice.random() < shipped().of(signals)
        drawn.append(asked(number, signals, right=right))
    found = calibrated([*FIXED, *drawn])
    assert found
    assert found.calibration.fitted.auroc < found.calibration.shipped.auroc
    assert not found.calibration.in_use


def test_no_worse_is_neither_in_order_nor_in_loss() -> None:
    some = Worth(0.7, 0.5)
    assert some.is_no_worse_than(some)
    assert not some.is_no_worse_than(Worth(0.71, 0.5))
    assert not some.is_no_worse_than(Worth(0.7, 0.49))


def test_numbers_that_forget_the_fixed_set_are_not_used() -> None:
    """One's own questions are told by the span alone, which in the fixed set leads astray."""
    plain = Signals(0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.5)
    own = a_set(200, replace(plain, span=4.0), replace(plain, span=-4.0), own=True)
    named = replace(plain, span=-4.0)
    unnamed = replace(plain, span=4.0, names_there=0.0)
    fixed = a_set(20, named, unnamed, own=False)
    found = calibrated([*fixed, *own])
    assert found
    assert found.calibration.fitted.is_no_worse_than(found.calibration.shipped)
    assert (found.fixed_shipped, found.fixed_fitted) == (1.0, 0.0)
    assert not found.calibration.in_use


def test_with_other_encoders_all_is_fitted_from_nothing() -> None:
    found = calibrated(FIXED, same_encoders=False)
    assert found
    assert (found.calibration.own, found.calibration.judged_on) == (0, 40)
    assert found.calibration.fitted.auroc == 1.0
    numbers = found.calibration.weighing
    assert numbers == fit_both(sorted(FIXED, key=lambda one: one.key), None)
    assert min(numbers.with_reader.weights) >= 0
    by_words = (0, 1, 6)  # relevance, alone, asked_there: the reader knows these better
    assert [numbers.with_reader.weights[at] for at in by_words] == [0.0, 0.0, 0.0]
    assert numbers.without_reader.weights[2:4] == (0.0, 0.0)


def test_a_question_that_was_not_read_says_nothing_of_the_reader() -> None:
    some = a_set(LEAST, SURE, UNSURE, own=True)
    unread = asked(99, SURE.without_reader(), right=False)
    assert fit_both([*some, unread], None).with_reader == fit_both(some, None).with_reader
    assert fit_both([*some, unread], None).without_reader != fit_both(some, None).without_reader


@settings(max_examples=3)
@given(st.permutations([*FIXED, *a_set(LEAST, SURE, UNSURE, own=True)]))
def test_the_order_of_the_questions_does_not_matter(some: list[Asked]) -> None:
    ordered = sorted(some, key=lambda one: one.key)
    assert calibrated(some) == calibrated(ordered)


def test_days_that_no_source_touches_and_questions_out_of_reach_of_the_reader_count() -> None:
    one = asked(1, SURE, right=True)
    sure = shipped().of(SURE)
    assert one.confidence(shipped()) == sure
    assert replace(one, met=0.2).confidence(shipped()) == pytest.approx(0.2 * sure)
    assert replace(one, signals=None).confidence(shipped()) == 0.0
    unread = replace(UNSURE, names_there=1.0)  # the reader says no, the words say perhaps
    beside = shipped().without_reader.of(unread)
    assert shipped().of(unread) < beside
    assert replace(one, signals=unread, taught=Taught.NOT).confidence(shipped()) == beside
    half = (shipped().of(unread) + beside) / 2
    assert replace(one, signals=unread, taught=Taught.LITTLE).confidence(shipped()) == half
