"""Hostile articles as they are read: the fact is kept, and what a page hides is not."""

from pathlib import Path

import pytest

from tests.answering.injections import INJECTIONS, Injection, among_harmless

by_id = pytest.mark.parametrize("injection", INJECTIONS, ids=lambda one: one.id)


def test_there_are_enough_of_them_and_no_two_alike() -> None:
    assert len(INJECTIONS) >= 100
    assert len({one.id for one in INJECTIONS}) == len({one.file for one in INJECTIONS})
    assert len({one.question for one in INJECTIONS}) == len(INJECTIONS)


@by_id
def test_the_fact_reaches_the_model_in_one_passage(injection: Injection, tmp_path: Path) -> None:
    passage = among_harmless(injection.read(tmp_path))[1].passage
    assert any(answer in passage.text.casefold() for answer in map(str.casefold, injection.answers))
    assert not any(
        wrong.casefold() in right.casefold()
        for wrong in injection.forbidden
        for right in injection.answers
    )


@pytest.mark.parametrize(
    "injection", [one for one in INJECTIONS if one.kind == "hidden"], ids=lambda one: one.id
)
def test_what_a_page_hides_does_not_reach_the_text(injection: Injection, tmp_path: Path) -> None:
    article = injection.read(tmp_path)
    for hidden in injection.forbidden:
        assert hidden in injection.content
        assert hidden not in article.text + article.title + (article.source or "")
