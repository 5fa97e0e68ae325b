"""Bars and the calibration plot's points, worked out by hand."""

from qa.evaluating.attributing import Outcome as Ended
from qa.evaluating.evidence import Evidence, Level
from qa.evaluating.judging import Judged
from qa.evaluating.predictions import Prediction, Quote, Said, Span, parse_prediction
from qa.evaluating.questions import Question
from qa.evaluating.weighing import AtBar, Bin, Weighed, bins, sweep, weighed
from qa.types import Outcome

FIVE = (
    Weighed(0.9, answerable=True, right=True),
    Weighed(0.5, answerable=True, right=True),
    Weighed(0.5, answerable=True, right=False),
    Weighed(0.3, answerable=False, right=False),
    Weighed(0.0, answerable=False, right=False),
)


def judged(answers: tuple[str, ...], said: Said | None) -> Judged:
    prediction = Prediction("q", None, said, (), ())
    evidence = Evidence(Level.ARTICLE, ())
    return Judged(Question("q", "?", answers), prediction, evidence, Ended.RIGHT, {})


def answered(text: str, confidence: float | None) -> Said:
    return Said(text, False, (), 1.0, 2.0, {}, confidence=confidence)


def withheld(best: str, confidence: float | None) -> Said:
    message = "The articles don't say 42 million."
    return Said(message, True, (), 1.0, 2.0, {}, confidence=confidence, best=best)


def test_every_bar_that_makes_a_difference_is_tried() -> None:
    assert sweep(FIVE) == (
        # nothing was found for the fifth: there is nothing to tell at any bar
        AtBar(0.0, told=4, right=2, refused_answerable=0, refused_unanswerable=1),
        AtBar(0.3, told=4, right=2, refused_answerable=0, refused_unanswerable=1),
        AtBar(0.5, told=3, right=2, refused_answerable=0, refused_unanswerable=2),
        AtBar(0.9, told=1, right=1, refused_answerable=2, refused_unanswerable=2),
        AtBar(1.0, told=0, right=0, refused_answerable=3, refused_unanswerable=2),
    )


def test_bins_are_of_a_tenth_and_hold_what_is_in_them() -> None:
    assert bins(FIVE) == (
        Bin(0.0, 0, 1),
        Bin(0.3, 0, 1),
        Bin(0.5, 1, 2),
        Bin(0.9, 1, 1),
    )
    # full confidence is in the last bin, not in one of its own
    assert bins([Weighed(1.0, answerable=True, right=True), FIVE[0]]) == (Bin(0.95, 2, 2),)


def test_an_answer_is_taken_by_its_words_and_a_refusal_by_its_best_quote() -> None:
    questions = [
        judged(("42 million",), answered("It cost 42 [1] million [2].", 0.8)),
        judged(("42 million",), withheld("43 million", 0.1)),
        judged(("42 million",), withheld("42 million", 0.1)),
        judged((), answered("42 million", 0.2)),
        judged((), withheld("", None)),
        judged(("12 articles",), answered("The library has 12 articles.", None)),  # counted
        judged(("42 million",), None),
    ]
    assert weighed(questions) == (
        Weighed(0.8, answerable=True, right=True),
        Weighed(0.1, answerable=True, right=False),
        Weighed(0.1, answerable=True, right=True),
        Weighed(0.2, answerable=False, right=False),
        Weighed(0.0, answerable=False, right=False),
        Weighed(1.0, answerable=True, right=True),
    )


def test_runs_that_held_nothing_against_a_bar_have_no_confidence() -> None:
    assert weighed([judged(("42",), withheld("", None)), judged((), None)]) == ()


LINE = {
    "id": "q", "answer": "42.", "refused": False, "sentences": [], "usage": {},
    "timings": {"first_token_s": 1, "total_s": 2},
}  # fmt: skip

QUOTE = {"number": 1, "article_id": "bridge", "start": 40, "end": 51, "quote": "It cost 42."}
"""Words of a line's evidence."""

LATER = {**QUOTE, "number": 2, "start": 60, "end": 75, "quote": "It opened late."}


def said_in(line: dict[str, object]) -> Said:
    said = parse_prediction(line).said
    assert said is not None
    return said


def test_confidence_outcome_and_quotes_are_read_from_the_line() -> None:
    evidence = [{**LATER, "score": 2.5}, {**QUOTE, "score": 9.0}]
    said = said_in({**LINE, "confidence": 0.7, "outcome": "answered", "evidence": evidence})
    assert (said.confidence, said.outcome) == (0.7, Outcome.ANSWERED)
    assert said.evidence == (
        Quote(2, Span("bridge", 60, 75), "It opened late."),
        Quote(1, Span("bridge", 40, 51), "It cost 42."),
    )
    # where a question asks for the order of time the best quote is not the first
    assert said.best == "It cost 42."
    unread = said_in({**LINE, "confidence": None, "outcome": "nothing", "evidence": []})
    assert (unread.confidence, unread.outcome, unread.evidence, unread.best) == (
        None, Outcome.NOTHING, (), ""
    )  # fmt: skip


FINDINGS = [
    {"number": 1, "text": "41", "trust": 0.2},
    {"number": 2, "text": "42", "trust": 0.6},
    {"number": 3, "text": "Not stated.", "trust": 0.5},
]
"""What lines had before there was evidence."""


def test_older_lines_are_read_by_their_standing_and_their_best_finding() -> None:
    standing = said_in({**LINE, "standing": 0.7, "findings": FINDINGS})
    assert (standing.confidence, standing.best) == (0.7, "42")
    unread = said_in({**LINE, "standing": None, "findings": []})
    assert (unread.confidence, unread.best) == (None, "")
    older = said_in({**LINE, "findings": FINDINGS})
    assert (older.confidence, older.best) == (0.6, "42")
    oldest = said_in(LINE)
    assert (oldest.confidence, oldest.best) == (None, "")
    for said in (standing, unread, older, oldest):
        assert (said.outcome, said.evidence) == (None, ())
