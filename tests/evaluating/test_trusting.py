"""Bars of trust and the calibration plot's points, worked out by hand."""

import pytest

from qa.evaluating.evidence import Evidence, Level
from qa.evaluating.judging import Judged, Outcome
from qa.evaluating.predictions import Prediction, Said, parse_prediction
from qa.evaluating.questions import Question
from qa.evaluating.trusting import AtBar, TrustBin, Trusted, brier, sweep, trust_bins, trusted

FIVE = (
    Trusted(0.9, answerable=True, right=True),
    Trusted(0.5, answerable=True, right=True),
    Trusted(0.5, answerable=True, right=False),
    Trusted(0.3, answerable=False, right=False),
    Trusted(0.0, answerable=False, right=False),
)


def judged(answers: tuple[str, ...], said: Said | None) -> Judged:
    prediction = Prediction("q", None, said, (), ())
    evidence = Evidence(Level.ARTICLE, ())
    return Judged(Question("q", "?", answers), prediction, evidence, Outcome.RIGHT, {})


def answered(text: str, standing: float) -> Said:
    return Said(text, False, (), 1.0, 2.0, {}, standing=standing)


def withheld(found: str, standing: float | None) -> Said:
    message = "The articles don't say 42 million."
    return Said(message, True, (), 1.0, 2.0, {}, standing=standing, found=found)


def test_every_bar_that_makes_a_difference_is_tried() -> None:
    assert sweep(FIVE) == (
        # nothing was found for the fifth: there is nothing to tell at any bar
        AtBar(0.0, right=2, refused_answerable=0, refused_unanswerable=1),
        AtBar(0.3, right=2, refused_answerable=0, refused_unanswerable=1),
        AtBar(0.5, right=2, refused_answerable=0, refused_unanswerable=2),
        AtBar(0.9, right=1, refused_answerable=2, refused_unanswerable=2),
        AtBar(1.0, right=0, refused_answerable=3, refused_unanswerable=2),
    )


def test_bins_are_of_a_tenth_and_hold_what_is_in_them() -> None:
    assert trust_bins(FIVE) == (
        TrustBin(0.0, 0, 1),
        TrustBin(0.3, 0, 1),
        TrustBin(0.5, 1, 2),
        TrustBin(0.9, 1, 1),
    )
    # full trust is in the last bin, not in one of its own
    assert trust_bins([Trusted(1.0, answerable=True, right=True), FIVE[0]]) == (
        TrustBin(0.95, 2, 2),
    )


def test_the_brier_score() -> None:
    # .1² + .5² + .5² + .3² + 0
    score = brier(FIVE)
    assert score.value == pytest.approx((0.01 + 0.25 + 0.25 + 0.09) / 5)
    assert score.low < score.value < score.high
    assert score.count == 5


def test_an_answer_is_taken_by_its_words_and_a_refusal_by_its_best_finding() -> None:
    questions = [
        judged(("42 million",), answered("It cost 42 [1] million [2].", 0.8)),
        judged(("42 million",), withheld("43 million", 0.1)),
        judged(("42 million",), withheld("42 million", 0.1)),
        judged((), answered("42 million", 0.2)),
        judged((), withheld("", None)),
        judged(("42 million",), None),
    ]
    assert trusted(questions) == (
        Trusted(0.8, answerable=True, right=True),
        Trusted(0.1, answerable=True, right=False),
        Trusted(0.1, answerable=True, right=True),
        Trusted(0.2, answerable=False, right=False),
        Trusted(0.0, answerable=False, right=False),
    )


def test_runs_that_tell_no_findings_have_no_trust() -> None:
    assert trusted([judged(("42",), withheld("", None)), judged((), None)]) == ()


LINE = {
    "id": "q", "answer": "42.", "refused": False, "sentences": [], "usage": {},
    "timings": {"first_token_s": 1, "total_s": 2},
    "findings": [{"number": 1, "text": "41", "trust": 0.2},
                 {"number": 2, "text": "42", "trust": 0.6},
                 {"number": 3, "text": "Not stated.", "trust": 0.9}],
}  # fmt: skip


def test_what_was_held_against_the_bar_is_read_from_the_line() -> None:
    said = parse_prediction({**LINE, "standing": 0.7}).said
    assert said is not None
    assert (said.standing, said.found) == (0.7, "42")
    unread = parse_prediction({**LINE, "findings": [], "standing": None}).said
    assert unread is not None
    assert (unread.standing, unread.found) == (None, "")


def test_lines_that_do_not_tell_it_are_read_by_their_best_finding() -> None:
    older = parse_prediction(LINE).said
    assert older is not None
    assert (older.standing, older.found) == (0.6, "42")
    oldest = parse_prediction({**LINE, "findings": []}).said
    assert oldest is not None
    assert (oldest.standing, oldest.found) == (None, "")
