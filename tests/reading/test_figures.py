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
        ("3pm", "15:00"),
        ("7.30pm", "7:30 p.m."),
        ("11 a.m.", "11:00"),
        ("9:40 in the morning", "9:40 a.m."),
        ("two and a half years", "2.5 years"),
        ("a million and a half", "1,500,000"),
        ("2½ years", "2.5 years"),
        ("three-quarters", "¾"),
        ("two-thirds", "⅔"),
        ("-0.3%", "minus 0.3 per cent"),
        ("US$12", "12 dollars"),
        ("C$12", "12 Canadian dollars"),
        ("12 sq km", "12 square kilometres"),
        ("20°C", "20 degrees Celsius"),
        ("1.2m", "1.2 million"),
        ("12.500", "12,500"),  # in German and Spanish
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
        ("958,655", "958.65"),
        ("-5", "5"),
        ("two-thirds", "two"),
        ("two-thirds", "0.6667"),
        ("12 C", "12 F"),
        ("C$12", "$12"),
        ("12 km", "12 sq km"),
        ("12 acres", "12 hectares"),
        ("1.2m", "1.2 billion"),
        ("1.2m users", "12 million users"),
        ("0.125", "125"),
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


def test_what_is_no_sign_of_a_number() -> None:
    assert values("COVID-19, a 2-1 win, 1759-60 and (-4)") == [
        ("19", None),
        ("2", None),
        ("1", None),
        ("1759", None),
        ("60", None),
        ("-4", None),
    ]


def test_a_number_with_an_m_is_millions_or_metres() -> None:
    users, tall, paid = read_figures("1.2m users, 1.2m tall, $1.2m")
    assert (users.values, users.unit) == (("1200000", "1.2"), None)
    assert (tall.values, tall.unit) == (("1.2",), "metre")
    assert (paid.values, paid.unit) == (("1200000",), "dollar")


def test_a_time_shares_no_scale() -> None:
    assert values("at 15:05 and 2 million, two-thirds to 2 million")[0] == ("15:05", None)


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


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("four quarter-finals", ("4", None)),
        ("two quarters", ("2", None)),
        ("three quarters", ("0.75", None)),
        ("one quarter", ("0.25", None)),
        ("two third-placed teams", ("2", None)),
        ("two fifth-graders", ("2", None)),
        ("two fifths", ("0.4", None)),
        ("2 C-130s", ("2", None)),
        ("2 F-16s", ("2", None)),
        ("2 C", ("2", "degree_celsius")),
        ("the third day", ("3", "day")),
    ],
)
def test_what_looks_like_a_fraction_or_a_unit(text: str, read: tuple[str, str | None]) -> None:
    assert values(text)[0] == read


@pytest.mark.parametrize("text", ["6.625 percent", "6.625%", "$3.499", "US$3.499"])
def test_no_thousands_beside_a_share_or_a_dollar_sign(text: str) -> None:
    (figure,) = read_figures(text)
    assert figure.values in (("6.625",), ("3.499",))


def test_a_number_of_any_length_is_read() -> None:
    assert read_figures("9" * 5000 + "½")
