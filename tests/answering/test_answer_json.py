"""The object that `qa ask --json` prints."""

from dataclasses import replace

from qa.answering.answer_json import answer_object
from tests.ui.harbour import FERRY_ANSWER, NOBODY, SAILED, close, refused


def test_evidence_is_told_with_its_place_and_its_short_answer() -> None:
    told = answer_object(replace(FERRY_ANSWER, evidence=(SAILED, NOBODY), confidence=0.123456))
    assert (told["outcome"], told["refused"], told["confidence"]) == ("answered", False, 0.1235)
    assert told["evidence"] == [
        {
            "quote": "The ferry Aldona sailed again on Thursday morning, eleven days after a fire "
            "in her engine room.",
            "number": 1,
            "article_id": "harbour/ferry",
            "passage_id": "harbour/ferry#1",
            "start": 200,
            "end": 295,
            "score": 12.3,
            "also_in": ["wire/ferry-1", "wire/ferry-2"],
            "answer": "Thursday morning",
        },
        {
            "quote": "Nobody was hurt.",
            "number": 2,
            "article_id": "harbour/fire",
            "passage_id": "harbour/fire#0",
            "start": 75,
            "end": 91,
            "score": 1.5,
            "also_in": [],
            "answer": None,
        },
    ]
    assert not {"findings", "standing"} & told.keys()


def test_whatever_is_not_answered_is_refused() -> None:
    near, none = answer_object(close("Was anybody punished?")), answer_object(refused("Who sang?"))
    assert (near["outcome"], near["refused"], near["confidence"]) == ("close", True, 0.8)
    assert (none["outcome"], none["refused"], none["confidence"]) == ("nothing", True, None)
    assert len(near["evidence"]) == 3
    assert near["answer"] == near["refusal"]["message"]
    assert none["evidence"] == []


def test_a_score_is_rounded() -> None:
    told = answer_object(replace(FERRY_ANSWER, evidence=(replace(NOBODY, score=-8.123456),)))
    assert [one["score"] for one in told["evidence"]] == [-8.1235]
