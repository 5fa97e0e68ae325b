"""Days as far as words tell them."""

from datetime import date

import pytest

from qa.reading.partial_days import PartialDay, fullness, partial_days, same_day

WEDNESDAY = date(2022, 5, 4)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on 17 November 2020", (PartialDay(2020, 11, 17),)),
        ("in November 2020", (PartialDay(2020, 11),)),
        ("on November 17", (PartialDay(None, 11, 17),)),
        ("in 2020", (PartialDay(2020),)),
        ("on Tuesday", ()),
        ("47 people", ()),
    ],
)
def test_without_a_day_of_publication(text: str, days: tuple[PartialDay, ...]) -> None:
    assert partial_days(text, None) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on November 17", (PartialDay(2021, 11, 17),)),  # the nearest one
        ("on Tuesday", (PartialDay(2022, 5, 3),)),
        ("in 2020", (PartialDay(2020),)),
    ],
)
def test_with_one(text: str, days: tuple[PartialDay, ...]) -> None:
    assert partial_days(text, WEDNESDAY) == days


def test_some_words_of_a_text_are_read_in_it() -> None:
    """Whether "Saturday" is over stands in the sentence, and so does the rest of a day."""
    ahead, whole = "The match will be on Saturday.", "It opened in 1932, on 3 May 1932."
    assert partial_days("Saturday", WEDNESDAY) == (PartialDay(2022, 4, 30),)
    at = ahead.index("Saturday")
    assert partial_days(ahead, WEDNESDAY, (at, at + 8)) == (PartialDay(2022, 5, 7),)
    at = whole.index("3 May")
    assert partial_days(whole, WEDNESDAY, (at, at + 5)) == (PartialDay(1932, 5, 3),)
    assert partial_days(whole, WEDNESDAY, (0, 9)) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("on November 17", "on 17 November 2020", True),
        ("in 2020", "on 17 November 2020", True),
        ("in 2019", "on 17 November 2020", False),
        ("on November 17, 2010", "on 17 November 2020", False),
        ("in 2020", "on November 17", None),  # nothing in common
        ("in 2019 or 2020", "in 2020", True),
        ("at noon", "in 2020", None),
    ],
)
def test_whether_they_may_be_the_same(one: str, other: str, same: bool | None) -> None:
    assert same_day(partial_days(one, None), partial_days(other, None)) is same
    assert same_day(partial_days(other, None), partial_days(one, None)) is same


def test_a_day_in_full_tells_most() -> None:
    assert fullness([]) == 0
    assert fullness([PartialDay(2020)]) == 1
    assert fullness([PartialDay(2020), PartialDay(None, 11, 17)]) == 2
    assert fullness([PartialDay(2020, 11, 17), PartialDay(2020)]) == 3
