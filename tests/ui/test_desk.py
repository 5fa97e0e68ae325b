import threading
from collections.abc import Iterator

from qa.engine.generation import StopFlag
from qa.errors import ModelError
from qa.types import Answered, Event, Reading, Retrieved, Turn, Writing
from tests.ui.scripted import (
    FERRY_ANSWER,
    FERRY_QUESTION,
    HITS,
    ScriptedAssistant,
    refused,
    stream,
)
from ui.desk import Desk
from ui.exchange import Exchange, Stage, advance, turns


def answers(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    yield from stream(FERRY_ANSWER)


def holds(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    yield Retrieved(HITS)
    if assistant.hold(stop):
        yield Answered(FERRY_ANSWER)


def test_an_exchange_grows_event_by_event() -> None:
    exchange = Exchange(1, FERRY_QUESTION)
    stages = []
    for event in (Retrieved(HITS), Reading(150, 600), Writing("The "), Writing("ferry")):
        exchange = advance(exchange, event)
        stages.append(exchange.stage)
    assert stages == [Stage.READING, Stage.READING, Stage.WRITING, Stage.WRITING]
    assert (exchange.read_share, exchange.written, exchange.hits) == (0.25, "The ferry", HITS)
    assert advance(exchange, Answered(FERRY_ANSWER)).answer == FERRY_ANSWER


def test_only_answered_questions_are_turns() -> None:
    exchanges = (
        Exchange(1, "Stopped?", Stage.STOPPED, written="half"),
        advance(Exchange(2, "Who won?"), Answered(refused("Who won?"))),
    )
    assert turns(exchanges) == (
        Turn(
            "Who won?",
            "The articles do not say who won.",
            ("harbour/ferry#1", "harbour/fire#0", "council/budget#2"),
        ),
    )


def test_every_stage_is_shown_and_the_last_is_final() -> None:
    shown = list(Desk(ScriptedAssistant(answers)).ask("a", FERRY_QUESTION, ()))
    stages = list(dict.fromkeys(exchange.stage for exchange in shown))
    assert stages == [Stage.SEARCHING, Stage.READING, Stage.WRITING, Stage.ANSWERED]
    assert len(shown) < 8  # of two reading steps and 25 words, most fall between two updates
    assert shown[-1].answer == FERRY_ANSWER


def test_stop_ends_it_and_the_next_question_is_answered() -> None:
    assistant = ScriptedAssistant(holds)
    desk = Desk(assistant)
    asked = desk.ask("a", FERRY_QUESTION, ())
    assert [next(asked).stage, next(asked).stage] == [Stage.SEARCHING, Stage.READING]
    desk.stop("nobody")
    desk.stop("a")
    assert [exchange.stage for exchange in asked] == [Stage.STOPPED]
    assistant.gate.set()
    assert list(desk.ask("a", FERRY_QUESTION, ()))[-1].stage is Stage.ANSWERED


def test_closing_stops_the_assistant() -> None:
    assistant = ScriptedAssistant(holds)
    desk = Desk(assistant)
    asked = desk.ask("a", FERRY_QUESTION, ())
    assert [next(asked).stage, next(asked).stage] == [Stage.SEARCHING, Stage.READING]
    asked.close()
    assert assistant.stopped.is_set()
    assistant.gate.set()
    assert list(desk.ask("b", FERRY_QUESTION, ()))[-1].stage is Stage.ANSWERED


def test_a_session_asks_one_question_at_a_time() -> None:
    desk = Desk(ScriptedAssistant(holds))
    asked = desk.ask("a", FERRY_QUESTION, ())
    next(asked)
    assert list(desk.ask("a", "Another?", ())) == []
    asked.close()


def test_the_second_waits_for_the_first() -> None:
    assistant = ScriptedAssistant(holds)
    desk = Desk(assistant)
    first, second = desk.ask("a", "One?", ()), desk.ask("b", "Two?", ())
    next(first)
    waiting = next(second)
    assert (waiting.stage, waiting.ahead) == (Stage.WAITING, 1)
    assistant.gate.set()
    worker = threading.Thread(target=lambda: list(first))
    worker.start()
    assert list(second)[-1].stage is Stage.ANSWERED
    worker.join()
    assert [question for question, _ in assistant.asked] == ["One?", "Two?"]


def test_closing_the_desk_stops_everybody() -> None:
    desk = Desk(ScriptedAssistant(holds))
    first, second = desk.ask("a", "One?", ()), desk.ask("b", "Two?", ())
    assert [next(first).stage, next(first).stage] == [Stage.SEARCHING, Stage.READING]
    assert next(second).stage is Stage.WAITING
    desk.close()
    assert [exchange.stage for exchange in first] == [Stage.STOPPED]
    assert list(second)[-1].stage is Stage.STOPPED


def test_an_error_that_a_person_can_act_on_becomes_a_line() -> None:
    def fails(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        yield Retrieved(HITS)
        raise ModelError("The model is gone. Pull it with: qa models pull")

    desk = Desk(ScriptedAssistant(fails))
    last = list(desk.ask("a", FERRY_QUESTION, ()))[-1]
    assert (last.stage, last.error) == (
        Stage.FAILED,
        "The model is gone. Pull it with: qa models pull",
    )
    assert last.hits == HITS
