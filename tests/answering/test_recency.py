"""Questions about the present prefer newer articles."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.recency import RECENCY_WEIGHT, newer_first, prefers_newer
from qa.types import Hit
from tests.answering.builders import hit

DAYS = [date(2021, 3, 24), date(2021, 3, 26), date(2021, 3, 29)]


def dated(score: float, published: date | None, article_id: str) -> Hit:
    return replace(hit("Ships wait.", published=published, article_id=article_id), score=score)


def order(*hits: Hit) -> list[str]:
    return [one.passage.article_id for one in newer_first(hits)]


@pytest.mark.parametrize(
    "question",
    [
        "How many ships are waiting now?",
        "What is the latest number of ships?",
        "Is the canal still closed?",
        "Who is currently the president?",
        "Which share did he win most recently?",
        "Has anybody died so far?",
        "Where is he today?",
        "How much is claimed, as of the last report?",
    ],
)
def test_questions_about_the_present(question: str) -> None:
    assert prefers_newer(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many ships were waiting?",
        "How many ships were still waiting on 25 March?",
        "How many ships were still waiting on March 25?",
        "Who was still president in February 2023?",
        "Was the ship still stuck on Thursday?",
        "What was the latest figure in 2018?",
        "Which record did they know?",
        "Who was present at the ceremony?",
    ],
)
def test_questions_about_an_older_state_or_none(question: str) -> None:
    assert not prefers_newer(question)


def test_the_newer_of_what_bears_on_the_question_comes_first() -> None:
    # 0.8 · 0.6 + 0.2 · 0 = 0.48; 0.8 · 0.55 + 0.2 · 1/2 = 0.54; 0.8 · 0.5 + 0.2 · 1 = 0.6
    hits = newer_first(
        [dated(0.6, DAYS[0], "old"), dated(0.55, DAYS[1], "middle"), dated(0.5, DAYS[2], "new")]
    )
    assert [one.passage.article_id for one in hits] == ["new", "middle", "old"]
    assert [one.score for one in hits] == pytest.approx([0.6, 0.54, 0.48])
    assert RECENCY_WEIGHT == 0.2


def test_a_new_article_about_something_else_stays_behind() -> None:
    assert order(dated(0.6, DAYS[0], "old"), dated(0.3, DAYS[2], "other")) == ["old", "other"]


def test_what_is_much_better_stays_first_and_undated_counts_as_old() -> None:
    assert order(dated(0.9, DAYS[0], "old"), dated(0.64, DAYS[2], "new")) == ["old", "new"]
    assert order(dated(0.6, None, "undated"), dated(0.5, DAYS[2], "new")) == ["new", "undated"]
    assert order(dated(0.6, None, "a"), dated(0.5, None, "b")) == ["a", "b"]
    assert newer_first([]) == ()


@given(
    st.lists(st.tuples(st.floats(0, 1), st.none() | st.sampled_from(DAYS)), max_size=8).map(
        lambda rows: [dated(score, day, str(number)) for number, (score, day) in enumerate(rows)]
    )
)
def test_no_hit_is_lost_and_scores_stay_between_0_and_1(hits: list[Hit]) -> None:
    ordered = newer_first(hits)
    assert sorted(one.passage.id for one in ordered) == sorted(one.passage.id for one in hits)
    assert all(0 <= one.score <= 1 for one in ordered)
