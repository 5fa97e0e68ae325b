"""Whom an article is about, above passages that only say "he", and the headings before them."""

from dataclasses import replace

import pytest

from qa.answering.contexts import NOTHING, Context, context, heading_above, subject
from qa.types import Passage
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


MINUTES = """# Minutes of Nether Lathe

Present: five councillors.

## 4. The mill chimney

The engineer climbed it on Monday.

It leans by 64 centimetres.

### Resolved

To lower it by a third before the spring.

## 5. Any other business

Nobody knew."""


def cut_at(*beginnings: str) -> tuple[Passage, ...]:
    """The minutes, cut before each of these words."""
    starts = [0, *map(MINUTES.index, beginnings)]
    ends = [*starts[1:], len(MINUTES)]
    return tuple(
        hit(MINUTES[start:end].rstrip(), title="Minutes of Nether Lathe", start=start).passage
        for start, end in zip(starts, ends, strict=True)
    )


def test_the_heading_above_a_passage_is_the_last_before_it() -> None:
    opening, leans, lower, other = cut_at("It leans", "To lower", "## 5.")
    article = (opening, leans, lower, other)
    assert heading_above(opening, article) == ""
    assert heading_above(leans, article) == "4. The mill chimney"
    assert heading_above(lower, article) == "Resolved"
    assert heading_above(other, article) == ""  # it begins with its own


def test_a_heading_that_is_the_title_says_nothing_more() -> None:
    opening, present = cut_at("Present")
    assert heading_above(present, (opening, present)) == ""


def test_a_heading_is_read_only_for_what_is_asked_and_not_said() -> None:
    article = cut_at("It leans")
    leans = article[1]
    assert context("How far does the chimney lean?", leans, article) == Context(
        heading="4. The mill chimney"
    )
    assert context("How far does it lean?", leans, article) == NOTHING
    said = (article[0], replace(leans, text="The mill chimney leans by 64 centimetres."))
    assert context("How far does the chimney lean?", said[1], said) == NOTHING


def test_a_passage_whose_article_is_not_at_hand_has_no_heading() -> None:
    leans = cut_at("It leans")[1]
    assert context("How far does the chimney lean?", leans) == NOTHING
