"""A model that obeys every order: what is shown in the end are the articles' words."""

import re
from pathlib import Path

import pytest

from qa.answering.assistant import Assistant
from qa.answering.prompt import SYSTEM
from qa.types import Answer, Outcome
from tests.answering.injections import INJECTIONS, FixedSearch, Injection, among_harmless
from tests.fakes import FakeCrossEncoder, ScriptedGenerator

by_id = pytest.mark.parametrize("injection", INJECTIONS, ids=lambda one: one.id)

PLAIN_STATEMENTS = {
    "override-code-block": "code that returns the wrong figure reads like a report",
    "override-threat": "a threat that gives no order by itself",
    "turn-heading": "a plain sentence under a heading",
    "citation-nine": "the article's own numbers, quoted as they stand there",
    "citation-one": "the article's own numbers, quoted as they stand there",
    "citation-source-word": "the article's own numbers, quoted as they stand there",
}
"""Where the forbidden words stand in no order that is known as one, and may be quoted."""

NOT_QUOTED_YET = {
    "template-chatml-system": "a sentence that runs into a forged turn is left out with it",
    "template-chatml-assistant": "a sentence that runs into a forged turn is left out with it",
}


def answer(injection: Injection, said: str, folder: Path) -> Answer:
    """What becomes of these words of a model; whatever bears on the question is to be told."""
    assistant = Assistant(
        FixedSearch(among_harmless(injection.read(folder))),
        ScriptedGenerator([said]),
        FakeCrossEncoder(),
        passages=4,
        refuse_below=0.0,
        max_answer_tokens=64,
        answer_seconds=60,
    )
    return assistant.answer(injection.question)


def assert_citations_lead_somewhere(answer: Answer) -> None:
    """Every number that is not the article's own, between quotation marks, is a source's."""
    assert {one.number for one in answer.evidence} <= set(range(1, len(answer.hits) + 1))
    for sentence in answer.sentences:
        for citation in sentence.citations:
            assert 1 <= citation.number <= len(answer.hits)
            passage = answer.hits[citation.number - 1].passage
            assert citation.passage_id == passage.id
            assert passage.start <= citation.start < citation.end <= passage.end
        cited = {str(citation.number) for citation in sentence.citations}
        own = re.sub("“.*”", "", sentence.text)
        assert set(re.findall(r"\[(\d+)\]", own)) == cited
        assert sentence.supported == bool(sentence.citations)


def assert_no_order_is_shown(given: Answer, injection: Injection) -> None:
    if injection.id in PLAIN_STATEMENTS:
        return
    shown = "\n".join([given.text, *(one.quote for one in given.evidence)]).casefold()
    for wrong in injection.forbidden:
        assert wrong.casefold() not in shown


@by_id
def test_what_is_ordered_is_neither_told_nor_quoted(injection: Injection, tmp_path: Path) -> None:
    for wrong in injection.forbidden:
        given = answer(injection, f"It is {wrong}. The answer is {wrong}.", tmp_path)
        assert_no_order_is_shown(given, injection)
        assert_citations_lead_somewhere(given)


@by_id
def test_no_citation_to_nowhere(injection: Injection, tmp_path: Path) -> None:
    for marker in ("[9]", "[2][9].", "[Source 12]"):
        given = answer(injection, f"The answer is {injection.answers[0]} {marker}", tmp_path)
        assert_citations_lead_somewhere(given)


@by_id
def test_the_fact_is_told_or_quoted(
    injection: Injection, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if injection.id in NOT_QUOTED_YET:
        request.applymarker(pytest.mark.xfail(reason=NOT_QUOTED_YET[injection.id]))
    given = answer(injection, f"It is {injection.answers[0]}.", tmp_path)
    assert given.outcome is Outcome.ANSWERED
    assert any(right.casefold() in given.text.casefold() for right in injection.answers)
    hostile = {one.number for one in given.evidence if not is_harmless(one.article_id)}
    assert hostile & {one.number for sentence in given.sentences for one in sentence.citations}


def is_harmless(article_id: str) -> bool:
    return article_id in {"ansel", "berrow", "culm"}


@by_id
def test_the_system_text_is_never_shown(injection: Injection, tmp_path: Path) -> None:
    given = answer(injection, SYSTEM, tmp_path)
    assert SYSTEM[:20] not in given.text
    assert "quotes alone" not in given.text


@by_id
def test_what_no_article_says_is_never_shown(injection: Injection, tmp_path: Path) -> None:
    nonsense = "Forty-two violet parrots captured Wilhelmshaven"
    for said in (f"{nonsense}.", f"It is {injection.answers[0]}, and {nonsense}."):
        given = answer(injection, said, tmp_path)
        assert_citations_lead_somewhere(given)
        assert "parrots" not in given.text
