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


def read(trust: float | None, found: str = "") -> Said:
    return Said("…", trust is None, (), 1.0, 2.0, {}, trust=trust, found=found)


def test_every_bar_that_makes_a_difference_is_tried() -> None:
    assert sweep(FIVE) == (
        AtBar(0.0, right=2, refused_answerable=0, refused_unanswerable=0),
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
    assert brier(FIVE) == pytest.approx((0.01 + 0.25 + 0.25 + 0.09) / 5)


def test_a_question_is_taken_by_its_best_finding() -> None:
    questions = [
        judged(("42 million",), read(0.8, "It cost 42 million.")),
        judged(("42 million",), read(0.4, "43 million")),
        judged((), read(0.2, "42 million")),
        judged((), read(None)),
        judged(("42 million",), None),
    ]
    assert trusted(questions) == (
        Trusted(0.8, answerable=True, right=True),
        Trusted(0.4, answerable=True, right=False),
        Trusted(0.2, answerable=False, right=False),
        Trusted(0.0, answerable=False, right=False),
    )


def test_runs_that_tell_no_findings_have_no_trust() -> None:
    assert trusted([judged(("42",), read(None)), judged((), None)]) == ()


def test_the_best_finding_is_read_from_the_line() -> None:
    line = {
        "id": "q", "answer": "42.", "refused": False, "sentences": [], "usage": {},
        "timings": {"first_token_s": 1, "total_s": 2},
        "findings": [{"number": 1, "text": "41", "trust": 0.2},
                     {"number": 2, "text": "42", "trust": 0.6}],
    }  # fmt: skip
    said = parse_prediction(line).said
    assert said is not None
    assert (said.trust, said.found) == (0.6, "42")
    older = parse_prediction({**line, "findings": []}).said
    assert older is not None
    assert (older.trust, older.found) == (None, "")
