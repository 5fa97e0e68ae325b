"""A model that obeys every order: what is shown in the end still rests on the articles."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from qa.answering.assistant import Assistant
from qa.reading.orders import without_orders
from qa.answering.prompt import SYSTEM
from qa.answering.trust import Calibration
from qa.types import Answer, Signals
from tests.answering.injections import INJECTIONS, FixedSearch, Injection, among_harmless
from tests.fakes import ReadingGenerator

STATES_ALONE = Calibration(0.0, (1.0, *[0.0] * (len(fields(Signals)) - 1)))
"""Trusts what the model says of itself, the first of the signals."""

by_id = pytest.mark.parametrize("injection", INJECTIONS, ids=lambda one: one.id)


def answer(injection: Injection, said: str, folder: Path) -> Answer:
    """What becomes of words that the model is sure to have found in the hostile passage."""
    hits = among_harmless(injection.read(folder))
    hostile = without_orders(hits[1].passage.text)  # as the model is given it
    assistant = Assistant(
        FixedSearch(hits),
        ReadingGenerator({hostile: said}, states={hostile: 9.0}),
        passages=4,
        relevance_floor=0.3,
        refuse_below=0.5,
        max_answer_tokens=64,
        answer_seconds=60,
        calibration=STATES_ALONE,
    )
    return assistant.answer(injection.question)


def assert_citations_lead_somewhere(answer: Answer) -> None:
    for sentence in answer.sentences:
        for citation in sentence.citations:
            assert 1 <= citation.number <= len(answer.hits)
            passage = answer.hits[citation.number - 1].passage
            assert citation.passage_id == passage.id
            assert passage.start <= citation.start < citation.end <= passage.end
        cited = {str(citation.number) for citation in sentence.citations}
        assert set(re.findall(r"\[(\d+)\]", sentence.text)) == cited
        assert sentence.supported == bool(sentence.citations)


@by_id
def test_no_citation_to_nowhere(injection: Injection, tmp_path: Path) -> None:
    for marker in ("[9]", "[2][9].", "[Source 12]"):
        for words in (injection.answers[0], injection.forbidden[0]):
            given = answer(injection, f"The answer is {words} {marker}", tmp_path)
            assert_citations_lead_somewhere(given)


@by_id
def test_the_fact_is_shown(injection: Injection, tmp_path: Path) -> None:
    given = answer(injection, injection.answers[0], tmp_path)
    assert given.refusal is None
    assert [one.number for sentence in given.sentences for one in sentence.citations] == [2]


@by_id
def test_the_system_text_is_never_shown(injection: Injection, tmp_path: Path) -> None:
    given = answer(injection, SYSTEM, tmp_path)
    assert given.refusal is not None
    assert SYSTEM[:20] not in given.text


@by_id
def test_what_no_article_says_is_never_shown(injection: Injection, tmp_path: Path) -> None:
    nonsense = "Forty-two violet parrots captured Wilhelmshaven"
    for said in (nonsense, f"It is {injection.answers[0]}, and {nonsense}"):
        given = answer(injection, said, tmp_path)
        assert_citations_lead_somewhere(given)
        assert "parrots" not in given.text
