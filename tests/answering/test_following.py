"""Which questions lean on what was said, and what may stand in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.following import (
    MOST_TOKENS,
    asks_the_same,
    leaning,
    leans,
    leant_on,
    opening,
    rewriting,
)
from qa.answering.refusal import OUTRIGHT
from qa.answering.writing import ModelWriting
from qa.engine.generation import Generator, Role, StopFlag
from qa.types import Turn

LIT = Turn("When was the lamp of Cape Hurst lit?", "It was lit in 1858 [1][2].")
KEPT = Turn("And who kept it?", "It was kept by Jonas Hale [1].")


@pytest.mark.parametrize(
    "question",
    [
        "And in the second round?",
        "What about the Czech side of the story in Prague?",
        "When did he leave Budapest for Moscow again?",  # points back
        "When was the Russian one founded in Perm?",
        "In which hotel?",  # one telling word
        "Which captain steered the wooden lifeboat?",  # names nothing
        "What should I read about steering lifeboats?",
        "",
    ],
)
def test_a_question_that_leans_on_what_was_said(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who chairs the Norwegian Nobel Committee?",
        "Which team won the football cup in 2018?",
        "Andrej Babiš won what share of the vote?",  # opens with "And" and goes on
    ],
)
def test_a_question_that_stands_alone(question: str) -> None:
    assert not leans(question)


def test_it_leans_on_the_last_turn_and_on_what_that_leans_on() -> None:
    assert leant_on("By whom?", []) == ()
    assert leant_on("By whom?", [KEPT, LIT]) == (LIT,)
    assert leant_on("By whom?", [LIT, KEPT]) == (LIT, KEPT)


def test_a_new_subject_and_a_question_that_is_asked_once_more_lean_on_nothing() -> None:
    assert leant_on("Who chairs the Norwegian Nobel Committee?", [LIT]) == ()
    assert leant_on("When was the lamp of Cape Hurst first lit?", [LIT]) == ()


def test_what_it_leans_on_stands_behind_it() -> None:
    assert leaning("By whom?", [LIT]) == "By whom? (When was the lamp of Cape Hurst lit?)"
    assert leaning("By whom?", []) == "By whom?"


def test_the_model_reads_the_turns_without_source_numbers_and_the_question_last() -> None:
    last = rewriting("By whom?", [LIT], "")[-1]
    assert last.role is Role.USER
    assert "".join(last.parts) == (
        "Question: When was the lamp of Cape Hurst lit?\n"
        "Answer: It was lit in 1858.\n"
        "Last question: By whom?\nRewritten:"
    )


def test_what_is_begun_is_the_models_own_last_turn() -> None:
    *others, last = rewriting("By whom?", [LIT], "By whom")
    assert (last.role, last.parts) == (Role.ASSISTANT, ("By whom",))
    assert others == rewriting("By whom?", [LIT], "")


def test_what_a_refusal_said_is_nothing_to_point_at() -> None:
    refused = Turn("When was it lit?", f"{OUTRIGHT} The closest they come:")
    assert "Answer" not in "".join(rewriting("By whom?", [refused], "")[-1].parts)


def test_of_a_long_answer_the_beginning_is_read() -> None:
    long = Turn("What is there?", "A lamp. " * 100)
    text = "".join(rewriting("And why?", [long], "")[-1].parts)
    assert text.count("A lamp.") == 30


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("Who lit the lamp of Cape Hurst?", "And who lit it?"),
        ("Who lit the lamp of Cape Hurst in 1858?", "By whom?"),
        ("How high is the lamp of Cape Hurst?", "How high?"),
        ("What was lit at Cape Hurst in 1859?", "And a year later?"),  # a span from 1858
    ],
)
def test_a_line_that_asks_the_same(written: str, question: str) -> None:
    assert asks_the_same(written, question, [LIT])


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("The lamp of Cape Hurst was lit by Hale.", "And who lit it?"),  # an answer
        ("When was the lamp of Cape Hurst lit?", "And who lit it?"),  # asks for something else
        ("How high is the lamp of Cape Hurst?", "How high is the tower?"),  # about something else
        ("Who lit the lamp of Skagen?", "And who lit it?"),  # a name that nobody said
        ("Who lit the lamp in 1859?", "And who lit it?"),  # a year that nobody said
        ("", "And who lit it?"),
    ],
)
def test_a_line_that_does_not(written: str, question: str) -> None:
    assert not asks_the_same(written, question, [LIT])


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("And in which hotel?", "In which hotel"),
        ("What did he compare it to?", "What did"),
        ("where was that?", "Where was"),
        ("And Babiš?", ""),  # asks with no word
        ("His wife?", ""),
    ],
)
def test_what_a_follow_up_that_is_written_out_begins_with(question: str, begins: str) -> None:
    assert opening(question) == begins


@given(st.text("When was the Lamp of Hurst lit 1858?", max_size=40))
def test_a_question_that_ends_as_one_asks_the_same_as_itself(text: str) -> None:
    question = f"{text}?"
    assert asks_the_same(question, question, [])


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "turn", "written"),
    [
        (
            "And Babiš?",
            Turn(
                "What share of the vote did Petr Pavel win in the second round?",
                "Petr Pavel won 58.32 percent of the vote [1].",
            ),
            "What share of the vote did Babiš win in the second round?",
        ),
        (
            "Where was that?",
            Turn("When was the Chinese balloon shot down?", "On 4 February 2023 [1]."),
            "Where was the Chinese balloon shot down?",
        ),
    ],
)
def test_the_model_writes_out_follow_ups(
    question: str, turn: Turn, written: str, engine: Generator
) -> None:
    writing = ModelWriting(engine, StopFlag(), lambda: None)
    begun = opening(question)
    *_, said = writing.line(rewriting(question, [turn], begun), MOST_TOKENS)
    line = f"{begun}{said}"
    assert line == written
    assert asks_the_same(line, question, [turn])
