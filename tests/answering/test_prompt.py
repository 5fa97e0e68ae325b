"""What a model is given, word for word."""

import pytest

from qa.answering.prompt import (
    SENTENCE,
    SYSTEM,
    WHETHER,
    abstains,
    ask_alone,
    ask_sentence,
    ask_whether,
    beginning,
)
from qa.engine.generation import Message, Role
from qa.types import Turn
from tests.answering.builders import hit

FERRY = hit("The ferry takes 90 minutes.", title="The ferry", article_id="ferry")
PASSAGE = ("Passage:\n", "The ferry (18 February 2023)\nThe ferry takes 90 minutes.\n\n")


def test_the_system_text_then_one_passage_then_the_question() -> None:
    assert ask_alone("How long does it take?", FERRY, []) == [
        Message(Role.SYSTEM, (SYSTEM,)),
        Message(Role.USER, (*PASSAGE, "Question:", " How long does it take?")),
    ]


def test_the_second_question_begins_as_the_first() -> None:
    system, asked = ask_alone("How long does it take?", FERRY, [])
    assert ask_whether("How long does it take?", FERRY, []) == [
        system,
        Message(Role.USER, (*asked.parts, WHETHER)),
    ]


def test_a_sentence_is_asked_for_behind_what_was_found() -> None:
    assert ask_sentence("How long does it take?", FERRY, [], "90 minutes") == [
        *ask_alone("How long does it take?", FERRY, []),
        Message(Role.ASSISTANT, ("90 minutes",)),
        Message(Role.USER, (SENTENCE,)),
    ]


def test_of_the_conversation_the_last_turn_is_repeated_without_its_numbers() -> None:
    history = [Turn("Who?", "Anna [1]."), Turn("When was it lit?", "In 1858 [1], or so [2][3].")]
    (_, asked) = ask_alone("By whom?", FERRY, history)
    assert asked.parts == (
        *PASSAGE,
        "Earlier question: When was it lit?\nAnswer: In 1858, or so.\n",
        "Question:",
        " By whom?",
    )


def test_what_is_read_before_any_question_is_known() -> None:
    system, opening = beginning()
    alone = ask_alone("How long?", FERRY, [])
    assert system == alone[0]
    assert alone[1].parts[: len(opening.parts) - 1] == opening.parts[:-1]


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
