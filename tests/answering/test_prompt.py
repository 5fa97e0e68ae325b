"""What a model is given, word for word."""

import pytest

from qa.answering.prompt import SYSTEM, abstains, build_messages
from qa.engine.generation import Message, Role
from qa.types import Turn
from tests.answering.builders import hit

LAMP = hit("The lamp was lit in 1858.", title="The lamp", published=None, article_id="lamp")
FERRY = hit("The ferry takes 90 minutes.", title="The ferry", article_id="ferry")


def test_the_system_text_then_the_passages_then_the_question() -> None:
    assert build_messages("When was it lit?", [LAMP, FERRY], []) == [
        Message(Role.SYSTEM, (SYSTEM,)),
        Message(
            Role.USER,
            (
                "Passages:\n\n",
                "[1] The lamp\nThe lamp was lit in 1858.\n\n",
                "[2] The ferry (18 February 2023)\nThe ferry takes 90 minutes.\n\n",
                "Question: When was it lit?",
            ),
        ),
    ]


def test_a_follow_up_repeats_the_first_prompt_and_adds_to_it() -> None:
    first = build_messages("When was it lit?", [LAMP, FERRY], [])
    turn = Turn("When was it lit?", "In 1858 [1].", ("lamp#0", "ferry#0"))
    second = build_messages("By whom?", [LAMP, FERRY], [turn])
    assert second == [
        *first,
        Message(Role.ASSISTANT, ("In 1858 [1].",)),
        Message(Role.USER, ("Question: By whom?",)),
    ]


def test_earlier_citations_are_renumbered_or_dropped() -> None:
    turn = Turn("q", "In 1858 [1]. It takes 90 minutes [2][3].", ("lamp#0", "ferry#0"))
    messages = build_messages("By whom?", [FERRY], [turn])
    assert messages[2] == Message(Role.ASSISTANT, ("In 1858. It takes 90 minutes [1].",))


def test_only_the_last_turns_are_repeated() -> None:
    turns = [Turn(f"question {n}", f"answer {n}") for n in range(5)]
    messages = build_messages("now", [LAMP], turns)
    assert [message.parts[-1] for message in messages[1:]] == [
        "Question: question 3",
        "answer 3",
        "Question: question 4",
        "answer 4",
        "Question: now",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The articles do not say.",
        "The articles do not say",
        "The passages do not state who won the final.",
        "The articles don't mention a winner [1].",
        "There is no information about that.",
        "The name of the captain is not mentioned in the passages.",
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
