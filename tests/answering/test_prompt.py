"""What a model is given, word for word."""

import pytest

from qa.answering.prompt import SYSTEM, abstains, build_messages, in_reading_order
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
                "Question:",
                " When was it lit?",
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
        Message(Role.USER, ("Question:", " By whom?")),
    ]


def test_earlier_citations_are_renumbered_or_dropped() -> None:
    turn = Turn("q", "In 1858 [1]. It takes 90 minutes [2][3].", ("lamp#0", "ferry#0"))
    messages = build_messages("By whom?", [FERRY], [turn])
    assert messages[2] == Message(Role.ASSISTANT, ("In 1858. It takes 90 minutes [1].",))


@pytest.mark.parametrize(
    ("turns", "repeated"),
    [
        (0, []),
        (1, [0]),
        (2, [0, 1]),
        (3, [0, 1, 2]),
        (4, [2, 3]),  # two at a time are left out
        (5, [2, 3, 4]),
        (6, [4, 5]),
    ],
)
def test_only_the_last_turns_are_repeated(turns: int, repeated: list[int]) -> None:
    history = [Turn(f"question {n}", f"answer {n}") for n in range(turns)]
    messages = build_messages("now", [LAMP], history)
    assert [message.parts[-1] for message in messages[1:]] == [
        *(text for n in repeated for text in (f" question {n}", f"answer {n}")),
        " now",
    ]


def test_what_was_read_before_comes_first_in_the_same_order() -> None:
    fog = hit("The fog horn is loud.", title="The horn", article_id="horn")
    assert in_reading_order([LAMP, FERRY, fog], []) == (LAMP, FERRY, fog)
    read = ["gone#0", fog.passage.id, LAMP.passage.id]
    assert in_reading_order([LAMP, FERRY, fog], read) == (fog, LAMP, FERRY)


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
