"""What a model is given, word for word."""

from qa.answering.prompt import (
    SENTENCE,
    SYSTEM,
    WHETHER,
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


def test_the_turn_that_a_question_leans_on_is_repeated_without_its_numbers() -> None:
    history = [
        Turn("Who?", "Anna [1]."),
        Turn("When was the lamp at Skagen lit?", "In 1858 [1], or [2][3]."),
    ]
    assert ask_alone("By whom?", FERRY, history) == [
        Message(Role.SYSTEM, (SYSTEM,)),
        Message(Role.USER, (*PASSAGE, "Question:", " When was the lamp at Skagen lit?")),
        Message(Role.ASSISTANT, ("In 1858, or.",)),
        Message(Role.USER, ("Question:", " By whom?")),
    ]


def test_what_is_read_before_any_question_is_known() -> None:
    system, opening = beginning()
    alone = ask_alone("How long?", FERRY, [])
    assert system == alone[0]
    assert alone[1].parts[: len(opening.parts) - 1] == opening.parts[:-1]


def test_a_question_that_stands_alone_is_asked_alone() -> None:
    history = [Turn("When was Skagen lit?", "In 1858 [1].")]
    question = "How long does the ferry to Frederikshavn take?"
    assert ask_alone(question, FERRY, history) == ask_alone(question, FERRY, [])


def test_a_turn_that_leans_itself_comes_with_the_one_before_it() -> None:
    history = [Turn("When was Skagen lit?", "In 1858."), Turn("And by whom?", "By Anna.")]
    messages = ask_alone("And what did she burn?", FERRY, history)
    assert [part for message in messages for part in message.parts] == [
        SYSTEM,
        *PASSAGE,
        *("Question:", " When was Skagen lit?", "In 1858."),
        *("Question:", " And by whom?", "By Anna."),
        *("Question:", " And what did she burn?"),
    ]
