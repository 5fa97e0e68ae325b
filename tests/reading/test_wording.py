"""Words and names in the form in which texts are compared, worked out by hand."""

import pytest

from qa.reading.wording import content_words, figures, name_form, names, sure_figures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Russia", "Russians"),
        ("India", "Indian"),
        ("Gaza", "Gazans"),
        ("Mexico", "Mexicans"),
        ("Pakistan", "Pakistani"),
        ("Germany", "Germans"),
        ("Israel", "Israelis"),
        ("England", "English"),
        ("Kenya’s", "Kenyan"),
    ],
)
def test_a_country_and_its_people_are_one_name(one: str, other: str) -> None:
    assert name_form(one) == name_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("India", "Indonesia"), ("Iran", "Iraq"), ("Niger", "Nigeria"), ("Oman", "Rome")],
)
def test_countries_stay_apart(one: str, other: str) -> None:
    assert name_form(one) != name_form(other)


def test_the_country_of_many_names() -> None:
    assert names("the United States") == names("the US") == names("the Americans")


def test_an_abbreviation_with_or_without_its_last_stop() -> None:
    assert names("based in the U.S.") == names("based in the U.S") == {name_form("USA")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rose 4.5 per cent", "rose 4.5%"),
        ("€80", "80 euros"),
        ("9 cm of snow", "9 centimetres of snow"),
        ("1.2m users", "1.2 million users"),
        ("US$5", "5 dollars"),
    ],
)
def test_a_unit_is_one_word_however_it_is_written(one: str, other: str) -> None:
    assert content_words(one) == content_words(other)


def test_figures_that_may_be_none() -> None:
    assert figures("dozens of boats, an hour, 12 knots") == {"12", "1"}
    assert sure_figures("dozens of boats, an hour, 14 knots") == {"14"}
