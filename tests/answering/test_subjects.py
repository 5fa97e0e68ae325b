"""Whom an article is about, above passages that only say "he"."""

from dataclasses import replace

import pytest

from qa.answering.subjects import subject
from tests.answering.builders import hit

OPENING = "The last smoker. You can find Bartholomew Sleight, or Barty, on Salters' Wharf in May."
HE = hit("He lays the back of his hand against the door.", title="The last smoker").passage


@pytest.mark.parametrize(
    ("question", "above"),
    [
        ("How does Barty Sleight judge the heat?", "Barty Sleight"),
        ("how does barty judge the heat", "Barty"),
        ("What is on Sleight's door?", "Sleight"),
        ("Can you find the heat?", ""),  # "find" is no name there, "You" none at all
        ("What does the smoker do in May?", ""),  # a month, and what the title has
        ("How does Ann Dale judge the heat?", ""),  # the article does not open with her
        ("Is Barty the last smoker's nephew?", "Barty"),
    ],
)
def test_the_names_asked_for_that_an_article_opens_with(question: str, above: str) -> None:
    assert subject(question, HE, OPENING) == above


def test_a_passage_or_title_that_names_one_of_them_needs_none_above() -> None:
    asked = "How does Barty Sleight judge the heat?"
    named = hit("Barty never said a word about it.", title="The last smoker").passage
    assert subject(asked, named, OPENING) == ""
    assert subject(asked, replace(HE, title="Sleight of Holme"), OPENING) == ""
