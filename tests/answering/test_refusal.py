"""When to refuse, before and after the model."""

from datetime import date

import pytest

from qa.answering.refusal import abstains, refuse, refuse_before
from qa.types import RefusalReason
from tests.answering.builders import hit

LAMP = hit("The lamp was lit in 1858.", title="The lamp", published=date(2023, 2, 18))


def test_nothing_found_is_nothing_relevant() -> None:
    refusal = refuse_before("Who won?", [], 0.25)
    assert refusal is not None
    assert refusal.reason is RefusalReason.NOTHING_RELEVANT


@pytest.mark.parametrize(("cosine", "refused"), [(0.24, True), (0.25, False), (0.9, False)])
def test_below_the_floor_the_model_is_not_asked(cosine: float, refused: bool) -> None:
    far = hit("The lamp was lit.", cosine=-0.1)
    near = hit("The lamp was lit.", cosine=cosine)
    assert (refuse_before("Who won?", [far, near], 0.25) is not None) == refused


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("Was it lit in 1858?", False),  # the passage says 1858
        ("Was it lit last winter, in 2022?", False),  # the year before the article
        ("What happened in 2019?", True),
        ("Did 1700 people come?", True),
        ("Did 2,019 people come?", False),  # not a year
    ],
)
def test_a_year_that_no_source_knows(question: str, refused: bool) -> None:
    refusal = refuse_before(question, [LAMP], 0.25)
    assert (refusal is not None) == refused
    if refusal:
        assert refusal.reason is RefusalReason.NOT_IN_SOURCES
        assert refusal.message.endswith("Closest: The lamp (18 February 2023).")


def test_an_undated_article_may_be_of_any_year() -> None:
    undated = hit("The lamp was lit.", published=None)
    assert refuse_before("What happened in 2019?", [undated], 0.25) is None


def test_a_refusal_says_what_is_missing_and_what_is_near() -> None:
    refusal = refuse("Did Anna Ancher or Lamp paint it in Skagen on Friday?", [LAMP])
    assert refusal.reason is RefusalReason.NOT_IN_SOURCES
    assert refusal.message == (
        "The articles don't say. None of those found speaks of Ancher or Anna or Skagen."
        " Closest: The lamp (18 February 2023)."
    )


def test_what_has_no_title_is_not_named() -> None:
    bare = hit("The lamp was lit.", title="", published=None)
    assert refuse("Who lit the lamp?", [bare]).message == "The articles don't say."


def test_a_refusal_of_a_question_whose_names_are_all_known() -> None:
    refusal = refuse("Who lit the Lamp?", [LAMP])
    assert refusal.message == "The articles don't say. Closest: The lamp (18 February 2023)."


@pytest.mark.parametrize(
    "text",
    [
        "The articles do not say.",
        "The articles do not say",
        "The passages do not state who won the final.",
        "The articles don't mention a winner [1].",
        "There is no information about that.",
        "The name of the captain is not mentioned in the passages.",
        "Not stated",
        "Unknown.",
    ],
)
def test_an_abstention_in_many_words(text: str) -> None:
    assert abstains(text)


@pytest.mark.parametrize(
    "text",
    [
        "He does not say why he left [1].",
        "The ministry said the articles do not say everything [1].",
        "No information was lost [1].",
        "The owner did not mention a date [2].",
    ],
)
def test_an_answer_about_silence_is_no_abstention(text: str) -> None:
    assert not abstains(text)
