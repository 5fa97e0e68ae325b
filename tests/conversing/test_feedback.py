"""Judgements are kept, and become a question set that `qa eval` reads."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.conversing.archive import Archive
from qa.conversing.feedback import Judgement, Verdict, question_set
from qa.conversing.records import KeptExchange
from qa.evaluating.questions import load_questions
from qa.types import Answer, Turn
from tests.ui.harbour import BUDGET, FERRY_ANSWER, FERRY_QUESTION, NOBODY, close, quote, refused

ASKED = datetime(2024, 3, 16, 12, 30, tzinfo=UTC)
TENTH = quote(BUDGET, 3, BUDGET.text, 0.5, "a tenth")
FOUND = replace(FERRY_ANSWER, evidence=(*FERRY_ANSWER.evidence, TENTH))
WORDY = replace(FERRY_ANSWER, evidence=(NOBODY,))


def judged(verdict: Verdict, answer: Answer = FERRY_ANSWER, correction: str = "") -> Judgement:
    exchange = KeptExchange(1, FERRY_QUESTION, ASKED, answer, answer.hits)
    return Judgement(7, ASKED, verdict, correction, exchange)


def answers(verdict: Verdict, answer: Answer = FERRY_ANSWER, correction: str = "") -> object:
    lines = question_set([judged(verdict, answer, correction)])
    return lines[0]["answers"] if lines else None


def test_a_right_answer_is_accepted_by_the_short_words_of_what_it_cites() -> None:
    (line,) = question_set([judged(Verdict.RIGHT, FOUND)])
    assert line == {
        "id": "feedback-7",
        "question": FERRY_QUESTION,
        "answers": ["Thursday morning", "212 passengers"],
        "articles": ["harbour/ferry", "harbour/fire"],
        "evidence": [
            "The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her "
            "engine room.",
            "A fire broke out in the engine room of the ferry Aldona",
            "212 passengers were on board",
        ],
        "history": [],
        "tags": ["feedback", "right"],
    }


def test_what_each_verdict_accepts() -> None:
    told = ["Thursday morning", "212 passengers"]
    assert answers(Verdict.RIGHT) == told
    assert answers(Verdict.RIGHT, refused("Who?")) == []
    assert answers(Verdict.SHOULD_REFUSE) == []
    assert answers(Verdict.WRONG) is None
    assert answers(Verdict.WRONG, correction="Friday") == ["Friday"]
    assert answers(Verdict.WRONG, refused("Who?"), "Friday") == ["Friday"]
    assert answers(Verdict.CITATION_WRONG) == told
    assert answers(Verdict.CITATION_WRONG, correction="Friday") == ["Friday"]
    assert answers(Verdict.CITATION_WRONG, refused("Who?")) is None
    (line,) = question_set([judged(Verdict.CITATION_WRONG)])
    assert line["articles"] == line["evidence"] == []


def test_where_no_few_words_answer_the_evidence_is_kept_and_nobody_wrote_the_answer_down() -> None:
    (line,) = question_set([judged(Verdict.RIGHT, WORDY)])
    assert line["answers"] is None
    assert line["articles"] == ["harbour/ferry", "harbour/fire"]
    assert question_set([judged(Verdict.CITATION_WRONG, WORDY)]) == ()


def test_quotes_that_rightly_only_come_close_are_a_question_to_be_refused() -> None:
    (line,) = question_set([judged(Verdict.RIGHT, close("Was anybody punished?"))])
    assert line["answers"] == line["articles"] == line["evidence"] == []


def test_judgements_are_kept_as_they_stood_and_exported(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        id_ = archive.begin("ann", FERRY_QUESTION)
        archive.keep("ann", id_, KeptExchange(1, FERRY_QUESTION, ASKED, FERRY_ANSWER))
        again = KeptExchange(2, "And Tosca?", ASKED, refused("And Tosca?"))
        archive.keep("ann", id_, again)
        archive.keep("ann", id_, KeptExchange(3, "Stopped?", ASKED))
        assert archive.judge("ann", id_, 1, Verdict.WRONG)
        assert archive.judge("ann", id_, 1, Verdict.RIGHT)
        assert archive.judge("ann", id_, 2, Verdict.WRONG, "  Maria\n Jeritza ")
        assert not archive.judge("ann", id_, 3, Verdict.RIGHT)
        assert not archive.judge("bob", id_, 1, Verdict.WRONG)
        assert archive.verdicts("ann", id_) == {1: Verdict.RIGHT, 2: Verdict.WRONG}
        assert archive.verdicts("bob", id_) == {}

        archive.keep("ann", id_, KeptExchange(1, "Edited?", ASKED, refused("Edited?")))
        first, second = archive.judgements()
        assert (first.verdict, first.exchange.answer) == (Verdict.RIGHT, FERRY_ANSWER)
        assert (second.correction, second.exchange) == ("Maria Jeritza", again)
        assert second.history == (Turn(FERRY_QUESTION, FERRY_ANSWER.text),)

        file = tmp_path / "set.jsonl"
        lines = question_set(archive.judgements())
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        questions = load_questions(file)
        assert [question.answers for question in questions][1] == ("Maria Jeritza",)
        assert questions[1].history == (Turn(FERRY_QUESTION, FERRY_ANSWER.text),)

        archive.delete("ann", id_)
        assert archive.judgements() == ()


def test_of_an_answer_that_came_when_asked_again_nothing_has_been_said(tmp_path: Path) -> None:
    first = KeptExchange(1, FERRY_QUESTION, ASKED, FERRY_ANSWER)
    second = KeptExchange(2, "And Tosca?", ASKED, refused("And Tosca?"))
    with Archive.open(tmp_path) as archive:
        id_ = archive.begin("ann", FERRY_QUESTION)
        for exchange in (first, second):
            archive.keep("ann", id_, exchange)
            archive.judge("ann", id_, exchange.number, Verdict.WRONG)
        archive.keep("ann", id_, replace(second, asked=ASKED + timedelta(minutes=1)))
        assert archive.verdicts("ann", id_) == {1: Verdict.WRONG}
        assert archive.judge("ann", id_, 2, Verdict.RIGHT)
        assert archive.verdicts("ann", id_) == {1: Verdict.WRONG, 2: Verdict.RIGHT}
        archive.keep("ann", id_, KeptExchange(1, "Edited?", ASKED, FERRY_ANSWER))
        assert archive.verdicts("ann", id_) == {}
        assert len(archive.judgements("ann")) == 2


@pytest.mark.parametrize("verdict", list(Verdict))
def test_without_an_answer_there_is_nothing_to_ask(verdict: Verdict) -> None:
    exchange = KeptExchange(1, "Stopped?", ASKED)
    assert question_set([Judgement(1, ASKED, verdict, "x", exchange)]) == ()
