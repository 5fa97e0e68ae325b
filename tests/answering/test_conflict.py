"""Which findings agree, which contradict, and in which order sides are told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.conflict import (
    compared,
    fullest_first,
    grouped,
    joint_trust,
    sides,
    standing,
)
from tests.answering.builders import hit
from tests.answering.findings import finding

HOW_MANY = "How many ships were waiting at the Suez Canal on 26 March 2021?"


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Who won?", "Ashleigh Barty", "Barty"),
        ("Who won?", "Peter Berdowski of Boskalis", "The chief executive, Peter Berdowski"),
        ("When?", "November 12", "November 12, 2020"),
        ("When?", "Nov. 18", "18 November 2020"),
        ("How much?", "Four", "4 cars"),
        (HOW_MANY, "237", "At least 237 ships"),
        (HOW_MANY, "237 ships on 26 March 2021", "237"),
        ("How much a day?", "12 to 14 million dollars", "14 million"),
        ("Did it sail?", "Yes", "Yes, it did"),
        ("Where is the ship?", "The ship", "the ship"),
    ],
)
def test_these_agree(question: str, one: str, other: str) -> None:
    assert compared(question, one, other) is True
    assert compared(question, other, one) is True


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("On which day?", "Monday", "29 March"),  # words and figures
        ("Where is the ship?", "The ship", "A ship in the canal"),  # nothing but the question's
        ("Who is the CEO of Nintendo?", "Doug Bowser", "Nintendo"),
        ("Who?", "", "Barty"),
    ],
)
def test_these_cannot_be_compared(question: str, one: str, other: str) -> None:
    assert compared(question, one, other) is None
    assert compared(question, other, one) is None


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Who won?", "Ashleigh Barty", "Simona Halep"),
        ("When?", "June 2020", "June 2010"),
        ("When?", "March 14, 2023", "March 16, 2023"),
        (HOW_MANY, "150 ships", "237 ships"),
        (HOW_MANY, "150 ships on 26 March 2021", "237 ships on 26 March 2021"),
        ("Did it sail?", "Yes", "No, it did not"),
        ("Who won the cup of Croatia?", "Argentina", "Germany"),
    ],
)
def test_these_contradict(question: str, one: str, other: str) -> None:
    assert compared(question, one, other) is False
    assert compared(question, other, one) is False


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_texts_are_compared_both_ways_alike(question: str, one: str, other: str) -> None:
    assert compared(question, one, one) is True
    assert compared(question, one, other) is compared(question, other, one)


def test_findings_that_agree_are_grouped_and_trusted_together() -> None:
    lone, first, second = (
        finding(1, "Halep", 0.8),
        finding(2, "Ashleigh Barty", 0.7),
        finding(3, "Barty", 0.6),
    )
    hits = [hit("…", article_id=name) for name in "abc"]
    assert grouped("Who won?", [lone, first, second], hits) == ((first, second), (lone,))
    assert joint_trust([first, second], hits) == pytest.approx(0.88)
    assert joint_trust([lone], hits) == pytest.approx(0.8)


def test_what_one_article_says_twice_counts_once() -> None:
    hits = [hit("…", article_id="a"), hit("…", article_id="b"), hit("…", article_id="b", start=9)]
    one, twice, again = finding(1, "11 hours", 0.33), finding(2, "32", 0.31), finding(3, "32", 0.23)
    assert joint_trust([twice, again], hits) == pytest.approx(0.31)
    assert grouped("How long?", [one, twice, again], hits) == ((one,), (twice, again))


def test_answers_share_what_is_trusted() -> None:
    hits = [hit("…", article_id=name) for name in "abc"]
    best, other, third = [finding(1, "150", 0.6)], [finding(2, "237", 0.5)], [finding(3, "9", 0.2)]
    # Odds: 1.5, 1 and 0.25; 1 for none of them.
    assert standing([best], [best], hits) == pytest.approx(0.6)
    assert standing([best], [best, other, third], hits) == pytest.approx(1.5 / 3.75)
    assert standing([best, other], [best, other, third], hits) == pytest.approx(2.5 / 3.75)
    certain = [finding(1, "150", 1.0)]
    assert standing([certain], [certain, other], hits) == pytest.approx(0.9998)


@pytest.mark.parametrize(
    ("trusted", "other", "trust", "first"),
    [
        ("November 12", "Nov. 12, 2020", 0.3, 2),
        ("2020", "May 29, 2020", 0.3, 2),
        ("Barty", "Ashleigh Barty", 0.3, 2),
        ("November 12", "November 12, 2020", 0.1, 1),  # trusted too little
        ("12 cars", "12 to 14 lorries", 0.3, 1),  # says more, but not all
        ("237", "some 237 ships and boats", 0.3, 1),  # more words, no more facts
    ],
)
def test_what_is_told_in_full_is_told(trusted: str, other: str, trust: float, first: int) -> None:
    group = [finding(1, trusted, 0.8), finding(2, other, trust)]
    assert fullest_first(group)[0].number == first
    assert {one.number for one in fullest_first(group)} == {1, 2}


def test_nothing_found_is_no_group() -> None:
    assert grouped("Who won?", [], []) == ()


def test_sides_of_different_articles_the_newest_first() -> None:
    hits = [
        hit("…", article_id="old", published=date(2021, 3, 25)),
        hit("…", article_id="undated", published=None),
        hit("…", article_id="new", published=date(2021, 3, 26)),
    ]
    old, undated, new = finding(1, "150", 0.9), finding(2, "100", 0.7), finding(3, "237", 0.8)
    assert sides(HOW_MANY, [[old], [new], [undated]], hits) == ((new,), (old,), (undated,))


def test_what_is_trusted_little_is_no_side() -> None:
    hits = [hit("…", article_id="a"), hit("…", article_id="b")]
    sure, doubtful = finding(1, "150", 0.7), finding(2, "237", 0.59)
    assert sides(HOW_MANY, [[sure], [doubtful]], hits) == ((sure,),)


def test_what_is_much_less_likely_than_the_first_is_no_side() -> None:
    hits = [hit("…", article_id="a"), hit("…", article_id="b")]
    certain, likely = finding(1, "150", 0.95), finding(2, "237", 0.73)
    assert sides(HOW_MANY, [[certain], [likely]], hits) == ((certain,),)  # odds of 2.7 beside 19
    likelier = finding(2, "237", 0.75)  # 3
    assert sides(HOW_MANY, [[certain], [likelier]], hits) == ((certain,), (likelier,))


def test_the_most_trusted_is_a_side_however_little_it_is_trusted() -> None:
    only = finding(1, "150", 0.1)
    assert sides(HOW_MANY, [[only]], [hit("…")]) == ((only,),)


def test_what_cannot_be_compared_is_no_side() -> None:
    hits = [hit("…", article_id="a"), hit("…", article_id="b")]
    figure, words = finding(1, "237", 0.9), finding(2, "a long queue", 0.8)
    assert sides(HOW_MANY, [[figure], [words]], hits) == ((figure,),)
    assert grouped(HOW_MANY, [figure, words], hits) == ((figure,), (words,))


def test_one_article_does_not_contradict_itself() -> None:
    hits = [hit("…", article_id="a"), hit("…", article_id="a", start=9), hit("…", article_id="b")]
    now, before, other = finding(1, "237", 0.9), finding(2, "150", 0.8), finding(3, "150", 0.7)
    assert sides(HOW_MANY, [[now], [before]], hits) == ((now,),)
    assert sides(HOW_MANY, [[now], [before, other]], hits) == ((now,),)
    assert sides(HOW_MANY, [[now], [other]], hits) == ((now,), (other,))
