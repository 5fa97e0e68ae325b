"""Numbers read from figures and words, worked out by hand."""

import pytest

from qa.reading.figures import read_figures, states


def values(text: str) -> list[tuple[str, str | None]]:
    return [(figure.values[0], figure.unit) for figure in read_figures(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("four", "4"),
        ("twenty-one guns", "21 guns"),
        ("1.5 million", "1,500,000"),
        ("one and a half million", "1 500 000"),
        ("half a million", "500,000"),
        ("a hundred and fifty", "150"),
        ("two hundred and fifty thousand", "250,000"),
        ("the 5th", "the fifth"),
        ("twenty-first", "21st"),
        ("35.40", "35.4"),
        ("12 per cent", "12%"),
        ("12 percent", "twelve percent"),
        ("$185bn", "185 billion dollars"),
        ("$916m", "916 million dollars"),
        ("400-metre", "400 meters"),
        ("3:05 p.m.", "15:05"),
        ("9:40 in the morning", "9:40 a.m."),
        ("two and a half years", "2.5 years"),
    ],
)
def test_two_spellings_of_one_number(one: str, other: str) -> None:
    (first,), (second,) = read_figures(one), read_figures(other)
    assert states([second], first)
    assert first.unit == second.unit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 percent", "12 metres"),
        ("six miles", "six kilometres"),
        ("185 billion dollars", "185 billion euros"),
        ("185 billion", "185 million"),
        ("9:40 a.m.", "9:40 p.m."),
        ("958,655", "958.655"),
    ],
)
def test_two_numbers(one: str, other: str) -> None:
    (first,), (second,) = read_figures(one), read_figures(other)
    assert not states([second], first)


def test_what_a_number_counts_is_not_always_written() -> None:
    assert values("At least 150 ships, 22,843 votes, pad 39B and 1759-60") == [
        ("150", None),
        ("22843", None),
        ("39", None),
        ("1759", None),
        ("60", None),
    ]


def test_a_range_shares_its_scale_and_unit() -> None:
    low, high = read_figures("between 12 and 14 million dollars")
    assert (low.values, low.unit) == (("12", "12000000"), "dollar")
    assert (high.values, high.unit) == (("14000000",), "dollar")
    assert values("48 to 72 hours") == [("48", "hour"), ("72", "hour")]


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("one of them", True),
        ("one hour", False),
        ("an hour", True),
        ("the first flight", True),
        ("the first round", False),
        ("he came third", False),
        ("1 of them", False),
    ],
)
def test_words_that_may_mean_no_number_are_loose(text: str, loose: bool) -> None:
    (figure,) = read_figures(text)
    assert figure.loose == loose


def test_numbers_side_by_side_stay_two() -> None:
    assert values("nineteen, ninety") == [("19", None), ("90", None)]
    assert values("in 2021 300 people") == [("2021", None), ("300", None)]
    assert values("X.25 and v1.2") == []
