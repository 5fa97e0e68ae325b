"""Questions about the present prefer newer articles; answers name the day they rest on."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.recency import RECENCY_WEIGHT, as_of, newer_first, prefers_newer
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


LENGTH_NOW = hit("The Ever Given is 400 metres long.", published=DAYS[1], article_id="correction")
LENGTH_THEN = hit("The ship is 430 metres long and lies across.", published=DAYS[0])
CLAIM = "The ship is 400 metres long"


def test_the_day_is_named_where_another_day_has_another_figure() -> None:
    question = "How long is the ship?"
    assert as_of(question, CLAIM, LENGTH_NOW.passage, [LENGTH_NOW, LENGTH_THEN]) == DAYS[1]
    same_day = replace(LENGTH_THEN, passage=replace(LENGTH_THEN.passage, published=DAYS[1]))
    assert as_of(question, CLAIM, LENGTH_NOW.passage, [LENGTH_NOW, same_day]) is None
    agreeing = hit("At 400 metres it is longer than others, 59 metres wide.", published=DAYS[0])
    assert as_of(question, CLAIM, LENGTH_NOW.passage, [LENGTH_NOW, agreeing]) is None
    elsewhere = hit("Turnout was 68.24 percent.", published=DAYS[0])
    assert as_of(question, CLAIM, LENGTH_NOW.passage, [LENGTH_NOW, elsewhere]) is None


def test_the_day_is_named_where_the_present_is_asked_for() -> None:
    question = "Who is president now?"
    assert as_of(question, "Zeman is president", LENGTH_NOW.passage, [LENGTH_NOW]) == DAYS[1]
    undated = replace(LENGTH_NOW.passage, published=None)
    assert as_of(question, "Zeman is president", undated, [LENGTH_NOW]) is None


def test_no_day_is_named_beside_one_that_stands_there() -> None:
    hits = [LENGTH_NOW, LENGTH_THEN]
    question = "How long was the ship on 26 March?"
    assert as_of(question, CLAIM, LENGTH_NOW.passage, hits) is None
    claim = f"{CLAIM}, the correction of 26 March says"
    assert as_of("How long is the ship?", claim, LENGTH_NOW.passage, hits) is None
