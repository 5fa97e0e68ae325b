"""The real assistant on seeds/: real encoders, default model, questions worked out by hand."""

import json

import pytest

from qa.answering.assistant import Assistant
from qa.library.store import Store
from qa.types import Outcome, Turn
from tests.conftest import SEEDS

pytestmark = pytest.mark.model

QUESTIONS = {
    question["id"]: question
    for question in map(
        json.loads, (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    )
}


@pytest.mark.parametrize(
    "question_id",
    ["suez-01", "suez-02", "suez-06", "suez-14", "balloon-01", "balloon-08"],
)
def test_it_answers_and_every_quote_is_verbatim(
    question_id: str, assistant: Assistant, seeds_store: Store
) -> None:
    question = QUESTIONS[question_id]
    history = [Turn(turn["question"], turn["answer"]) for turn in question.get("history", [])]
    answer = assistant.answer(question["question"], history)

    assert answer.outcome is Outcome.ANSWERED
    said = answer.text.casefold()
    assert any(accepted.casefold() in said for accepted in question["answers"]), answer.text
    citations = [one for sentence in answer.sentences for one in sentence.citations]
    assert citations
    for citation in citations:
        passage = answer.hits[citation.number - 1].passage
        article = seeds_store.article(passage.article_id)
        assert article is not None
        quote = article.text[citation.start : citation.end]
        assert quote
        assert quote in passage.text
    assert {one.number for one in answer.evidence} == set(range(1, len(answer.hits) + 1))
    assert {answer.hits[one.number - 1].passage.article_id for one in citations} & set(
        question["articles"]
    )


@pytest.mark.parametrize(
    "question_id",
    [
        pytest.param(
            "suez-18",
            marks=pytest.mark.xfail(
                strict=True, reason="its names are met, and nothing asks whether it was that day"
            ),
        ),
        "other-01",
    ],
)
def test_it_refuses_what_the_articles_do_not_say(question_id: str, assistant: Assistant) -> None:
    question = QUESTIONS[question_id]
    assert question["answers"] == []
    answer = assistant.answer(question["question"])
    assert answer.outcome is not Outcome.ANSWERED
    assert answer.sentences == ()


@pytest.mark.parametrize(
    "question",
    [
        "Did Antony Blinken and Wang Yi meet in Munich?",
        "Was the Ever Given refloated?",
        "Were members of the crew of the Ever Given injured?",
    ],
)
def test_yes_or_no_is_told_by_the_articles_words(question: str, assistant: Assistant) -> None:
    answer = assistant.answer(question)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.usage.completion_tokens == 0
    assert not answer.text.startswith(("Yes", "No,"))


def test_the_library_is_asked_about_itself(assistant: Assistant) -> None:
    answer = assistant.answer("How many articles mention the Ever Given?")
    texts = [path.read_text(encoding="utf-8") for path in SEEDS.rglob("*.md")]
    mentioning = sum("Ever Given" in text for text in texts)
    assert answer.text.startswith(f"{mentioning} articles")
