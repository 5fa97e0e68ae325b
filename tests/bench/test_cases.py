from typing import Any

import pytest
from cases import Case, in_turn, mixed, rgb_cases, shuffled, spellings
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluating.questions import Question


def row(number: int, *, true: int = 3, noise: int = 6, clean: int = 4) -> dict[str, Any]:
    """A row of the conflict file: t0 t1 …, f0 f1 …, noise n0 n1 …, of which the last are clean."""
    return {
        "id": f"row-{number}",
        "question": "When was it?",
        "answers": ["May 29 2020"],
        "false_answer": "May 9, 2012",
        "true_passages": [f"t{n}" for n in range(true)],
        "false_passages": [f"f{n}" for n in range(true)],
        "noise_passages": [f"n{n}" for n in range(noise)],
        "clean_noise_passages": [f"n{n}" for n in range(noise - clean, noise)],
    }


def case(name: str, *, answerable: bool = True, seen: bool = False) -> Case:
    return Case("squad", Question(name, "Who?", ("Ann",) if answerable else ()), seen=seen)


@pytest.mark.parametrize(
    ("right", "noise", "noise_count", "expected"),
    [
        ("ABCD", "xyz", 2, "ABCxy"),
        ("ABCD", "wxyz", 4, "Awxyz"),
        ("A", "wxyz", 2, "Awxyz"),  # too few right ones: noise fills up
        ("ABCDE", "x", 4, "ABCDx"),  # too little noise: right ones fill up
        ("A", "x", 2, "Ax"),
    ],
)
def test_one_kind_fills_up_where_the_other_runs_out(
    right: str, noise: str, noise_count: int, expected: str
) -> None:
    assert mixed(right, noise, noise_count, 5) == list(expected)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("rgb_2_of_5", ["n2", "n3", "t0", "t1", "t2"]),  # n0 and n1 leak the answer: taken last
        ("rgb_4_of_5", ["n2", "n3", "n4", "n5", "t0"]),
        ("rgb_noise", ["n2", "n3", "n4", "n5"]),
        ("rgb_conflict", ["f1", "f2", "n2", "t0", "t1"]),
    ],
)
def test_each_kind_mixes_its_passages(kind: str, expected: list[str]) -> None:
    (made,) = rgb_cases([row(0)], kind)
    assert sorted(made.passages) == expected
    assert made.question.answerable is (kind != "rgb_noise")


def test_a_row_with_one_true_and_one_false_passage_is_filled_with_noise() -> None:
    (made,) = rgb_cases([row(0, true=1)], "rgb_conflict")
    assert sorted(made.passages) == ["f0", "n2", "n3", "n4", "t0"]


def test_passages_stand_in_an_order_of_the_row_s_own_and_always_the_same() -> None:
    rows = [row(number) for number in range(20)]
    orders = [made.passages for made in rgb_cases(rows, "rgb_2_of_5")]
    assert len(set(orders)) > 10
    assert orders == [made.passages for made in rgb_cases(rows, "rgb_2_of_5")]
    assert orders[7:] == [made.passages for made in rgb_cases(rows, "rgb_2_of_5")[7:]]


def test_even_rows_are_the_seen_half_whatever_is_left_out() -> None:
    rows = [row(0), row(1, clean=2), row(2), row(3)]
    made = rgb_cases(rows, "rgb_noise")
    assert [(one.question.id, one.seen) for one in made] == [
        ("row-0", True),
        ("row-2", True),
        ("row-3", False),
    ]


def test_answers_of_a_row_are_accepted_in_every_spelling_of_the_day() -> None:
    (made,) = rgb_cases([row(0)], "rgb_conflict")
    assert made.question.answers == (
        "May 29 2020",
        "29 May 2020",
    )
    assert made.false_answers == ("May 9, 2012", "May 9 2012", "9 May 2012")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            "October 19 2021",
            ("October 19 2021", "19 October 2021", "Oct 19 2021", "19 Oct 2021"),
        ),
        ("June 2020", ("June 2020",)),
        ("Tampa, Florida", ("Tampa, Florida",)),
    ],
)
def test_a_day_is_spelled_as_people_do(answer: str, expected: tuple[str, ...]) -> None:
    assert spellings(answer) == expected


def test_any_beginning_of_a_draw_is_balanced() -> None:
    cases = [case(f"a{n}") for n in range(6)] + [case(f"u{n}", answerable=False) for n in range(3)]
    drawn = in_turn(cases, lambda one: one.question.answerable)
    assert sum(one.question.answerable for one in drawn[:6]) == 3
    assert [one.question.answerable for one in drawn[6:]] == [True] * 3


@given(st.sets(st.integers(0, 99)), st.integers(100, 110))
def test_one_more_row_moves_no_other(numbers: set[int], another: int) -> None:
    cases = [case(f"q{n}") for n in numbers]
    more = shuffled([*cases, case(f"q{another}")])
    assert [one for one in more if one.question.id != f"q{another}"] == shuffled(cases)
