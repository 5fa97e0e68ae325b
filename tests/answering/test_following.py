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
        "Were there no witnesses when it sank off Cape Hurst?",
        "How many people live there in the winter of Cape Hurst?",
        "When was the Russian one founded in Perm?",
        "In which hotel?",  # one telling word
        "How did Russia respond to that decision of the Swedes in Malmö?",
        "Was that before the war in Ukraine began?",
        "Who was prime minister of Britain at the time?",
        "What has Biden done in Poland since then?",
        "Did the same happen in France last year?",
        "Is Germany also affected?",
        "Was the harbour of Bergen closed too?",
        "Who was president of the French Republic then?",
        "Which one did Macron sign in Berlin?",
        "What did Macron say to Biden about it?",  # of what stands in it, "it" is none
        "How does Pavel mean to travel to her?",
        "What do people in Munich say about his visit?",  # nobody is called Munich
        "Ok and who came second in the race of Monaco?",
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
        "Who is Petr Pavel?",  # whom he is does not hang on what was said
        "How long will it take to rebuild the Kestrel bridge?",  # "it" stands for nothing
        "Who won the Tour de France this year?",
        "Were there any witnesses at Cape Hurst harbour?",
        "Who was one of the founders of the Holme Gazette?",
        "Why did no one stop the attack in Munich?",
        "Who won the Formula One race in Monaco?",
        "Who paid one million euros for the Banksy?",
        "Who is the only one to survive the wreck of the Marit?",
        "Who is the former chancellor of Germany?",
        "Why did Germany send its tanks to Ukraine?",  # a name's own
        "Where did Biden and Xi meet and what did they discuss?",
        "What did Biden say about his visit to Poland?",
        "Is it safe to travel to Turkey?",
        "How hard is it for a refugee to work in Germany?",
        "How likely is it that Biden will run again?",
        "Was it Biden who signed the order on Cuba?",
        "Did Biden say that Russia would pay?",  # conjunctions
        "What happened to the ship that blocked the Suez Canal?",
        "How does the debt of France compare to that of Germany?",
        "Who were those killed in the Munich attack?",
        "Who led the CIA at the time of the Munich attack?",
        "Who was king of Spain and of Portugal at the same time?",
        "What is the Central African Republic also known as?",
        "Ok, who won the World Cup in 2018?",
        "Which Oslo company owned the ship that sank?",
        "Is Norway also in the EU?",
        "Did Germany send its tanks to Ukraine?",
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


def asked(*questions: str) -> list[Turn]:
    return [Turn(question, "So it was [1].") for question in questions]


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("Where did she die?", ("Who was Anna Berg?", "When did she die?")),
        ("And when did it start?", ("Where did it start?",)),
        ("And who won in 2019?", ("Who won?",)),
        ("How old is the mayor?", ("Who is the mayor?",)),
    ],
)
def test_the_same_verb_asked_for_something_else_is_not_asked_once_more(
    question: str, before: tuple[str, ...]
) -> None:
    assert leant_on(question, asked(*before)) == tuple(asked(*before))


def test_what_is_asked_once_more_leans_on_what_it_leant_on() -> None:
    before = asked("Who was Anna Berg?", "When did she die?")
    assert leant_on("And when did she die, please?", before) == tuple(before[:1])
    assert leant_on("Who won?", asked("Who won?")) == ()
    assert leant_on("And in Lund?", asked("And in Lund?") * 1200) == ()


def test_however_long_they_follow_each_other_the_last_that_stands_alone_is_among_them() -> None:
    before = asked("Who won the World Cup in 2018?", "And in 2014?", "And in 2010?")
    assert leant_on("And in 2006?", before) == (before[0], before[2])
    before = asked("Who is Olga Lind?", "Who is Anna Berg?", "How old is she?", "Is she married?")
    assert leant_on("Where does she live?", before) == (before[1], before[3])
    before = asked("Who won?", "And who was second?", "And third?")  # none of them does
    assert leant_on("And last?", before) == (before[0], before[2])


def test_greetings_and_thanks_are_passed_over() -> None:
    before = asked("Who owns the Ever Given?", "Thanks!", "ok")
    assert leant_on("And who chartered it?", before) == tuple(before[:1])
    assert leant_on("And who chartered it?", asked("Hello!", "What can you do?")) == ()


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
        ("When was the lamp of Skagen lit?", "What about Skagen?"),  # asks for no "what"
        ("Was the lamp of Cape Hurst lit in 1912?", "Ok and in 1912?"),
        ("Was the lamp of Cape Hurst lit in 1912?", "thanks, and in 1912?"),
        ("When was the lamp of Skagen lit?", "And Skagen, please?"),
        ("Tell me more about Cape Hurst.", "Tell me more about it."),  # an order stays one
        ("Which lamp did Hurst light?", "Which one did Hurst light?"),  # what points is replaced
        ("Who kept the lamp in 1858?", "Who kept the lamp at the time?"),
        ("Was the lamp of Cape Hurst lit in 1912?", "and in 1912"),
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
        ("When was the lamp of Cape Hurst lit?", "What about Skagen?"),
        ("The lamp of Cape Hurst was lit in 1858.", "Ok and in 1858?"),
        (
            "Cape Hurst was lit in 1858.",
            "and in 1858",
        ),  # an answer, though nothing asks by its sign
        ("The lamp of Cape Hurst was lit.", "Tell me more about it."),
        ("Tell me more about Skagen.", "Tell me more about it."),
        ("When was the lamp lit?", "When was the wooden one lit?"),  # of which sort is said
        ("Tell me more about Cape Hurst.", "How high is it?"),
        ("", "And him."),
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
        ("How did Hurst respond to that decision?", "How did Hurst respond to"),
        ("When was the Russian one founded?", "When was the Russian"),
        ("And how many were there in May?", "How many were"),  # it may point at nothing
        ("And who said that Babiš lost?", "Who said"),
        ("Ok and who kept it?", "Who kept"),
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
