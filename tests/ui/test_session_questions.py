import threading
from collections.abc import Iterator

from qa.engine.generation import StopFlag
from qa.engine.queueing import Gate
from qa.errors import ModelError
from qa.types import Answered, Event, Reading, Retrieved, Turn, Waiting, Writing
from tests.ui.harbour import EVIDENCE, FERRY_ANSWER, FERRY_QUESTION, HITS, refused
from tests.ui.scripted import ScriptedAssistant, answers
from ui.exchange import Exchange, Stage, advance, turns
from ui.sessions import Sessions


def holds(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    yield Retrieved(HITS)
    if assistant.hold(stop):
        yield Answered(FERRY_ANSWER)


def test_an_exchange_grows_event_by_event() -> None:
    exchange = Exchange(1, FERRY_QUESTION)
    stages = []
    events = (
        Retrieved(HITS, EVIDENCE),
        Waiting(1),
        Waiting(0),
        Reading(300, 600),
        Reading(270, 600),  # a question of two parts: its second prompt begins with what was read
        Writing("On Thursday [1]."),
        Reading(270, 600),
        Writing("Nobody was hurt [2]."),
    )
    for event in events:
        exchange = advance(exchange, event)
        stages.append(exchange.stage)
    assert stages == [
        Stage.READING,
        Stage.WAITING,
        Stage.READING,
        Stage.READING,
        Stage.READING,
        Stage.WRITING,
        Stage.WRITING,
        Stage.WRITING,
    ]
    assert (exchange.hits, exchange.evidence, exchange.read_share) == (HITS, EVIDENCE, 0.5)
    assert exchange.written == "On Thursday [1]. Nobody was hurt [2]."
    assert advance(exchange, Answered(FERRY_ANSWER)).answer == FERRY_ANSWER


def test_only_answered_questions_are_turns() -> None:
    exchanges = (
        Exchange(1, "Stopped?", Stage.STOPPED, written="half"),
        advance(Exchange(2, "Who won?"), Answered(refused("Who won?"))),
    )
    assert turns(exchanges) == (
        Turn(
            "Who won?",
            "Nothing in the articles bears on this question. Ask with words that the articles "
            "themselves would use, in their language. Closest: Ferry back in service after eleven "
            "days (14 March 2024).",
            ("harbour/ferry#1", "harbour/fire#0", "council/budget#2"),
        ),
    )


def test_every_stage_is_shown_and_the_last_is_final() -> None:
    shown = list(Sessions(ScriptedAssistant(answers)).ask("a", FERRY_QUESTION, ()))
    stages = list(dict.fromkeys(exchange.stage for exchange in shown))
    assert stages == [Stage.SEARCHING, Stage.READING, Stage.WRITING, Stage.ANSWERED]
    assert len(shown) < 9  # of 31 reading steps most fall between two updates
    assert [one.written for one in shown if one.stage is Stage.WRITING] == [
        " ".join(one.text for one in FERRY_ANSWER.sentences[:count]) for count in (1, 2, 3)
    ]
    assert shown[-1].answer == FERRY_ANSWER


def test_stop_ends_it_and_the_next_question_is_answered() -> None:
    assistant = ScriptedAssistant(holds)
    sessions = Sessions(assistant)
    asked = sessions.ask("a", FERRY_QUESTION, ())
    assert [next(asked).stage, next(asked).stage] == [Stage.SEARCHING, Stage.READING]
    sessions.stop("nobody")
    sessions.stop("a")
    assert [exchange.stage for exchange in asked] == [Stage.STOPPED]
    assistant.gate.set()
    assert list(sessions.ask("a", FERRY_QUESTION, ()))[-1].stage is Stage.ANSWERED


def test_closing_stops_the_assistant() -> None:
    assistant = ScriptedAssistant(holds)
    sessions = Sessions(assistant)
    asked = sessions.ask("a", FERRY_QUESTION, ())
    assert [next(asked).stage, next(asked).stage] == [Stage.SEARCHING, Stage.READING]
    asked.close()
    assert assistant.stopped.is_set()
    assistant.gate.set()
    assert list(sessions.ask("b", FERRY_QUESTION, ()))[-1].stage is Stage.ANSWERED


def test_a_session_asks_one_question_at_a_time() -> None:
    sessions = Sessions(ScriptedAssistant(holds))
    asked = sessions.ask("a", FERRY_QUESTION, ())
    next(asked)
    assert list(sessions.ask("a", "Another?", ())) == []
    asked.close()


def test_whoever_sees_the_end_may_ask_at_once() -> None:
    sessions = Sessions(ScriptedAssistant(answers))
    asked = sessions.ask("a", FERRY_QUESTION, ())
    assert any(exchange.stage.final for exchange in asked)  # and takes nothing more from it
    assert list(sessions.ask("a", FERRY_QUESTION, ()))[-1].answer == FERRY_ANSWER


def test_whoever_waits_sees_each_place_at_once_with_the_sources() -> None:
    def waits(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        yield Retrieved(HITS)
        yield from (Waiting(2), Waiting(1), Waiting(0))
        yield Answered(FERRY_ANSWER)

    shown = list(Sessions(ScriptedAssistant(waits)).ask("a", FERRY_QUESTION, ()))
    assert [(exchange.stage, exchange.ahead) for exchange in shown] == [
        (Stage.SEARCHING, 0),
        (Stage.READING, 0),
        (Stage.WAITING, 2),
        (Stage.WAITING, 1),
        (Stage.READING, 0),
        (Stage.ANSWERED, 0),
    ]
    assert shown[2].hits == HITS


def test_closing_the_desk_stops_everybody() -> None:
    sessions = Sessions(ScriptedAssistant(holds))
    first, second = sessions.ask("a", "One?", ()), sessions.ask("b", "Two?", ())
    for asked in (first, second):
        assert [next(asked).stage, next(asked).stage] == [Stage.SEARCHING, Stage.READING]
    sessions.close()
    for asked in (first, second):
        assert [exchange.stage for exchange in asked] == [Stage.STOPPED]


def test_who_leaves_is_stopped_and_looked_ahead_for_no_more() -> None:
    assistant = ScriptedAssistant(holds, slow_reader=True)
    sessions = Sessions(assistant)
    asked = sessions.ask("a", FERRY_QUESTION, ())
    assert [next(asked).stage, next(asked).stage] == [Stage.SEARCHING, Stage.READING]
    sessions.typed("a", "When did the ferry", ())
    sessions.leave("a")
    assert [exchange.stage for exchange in asked] == [Stage.STOPPED]
    sessions.close()
    assert assistant.read == []


def test_an_error_that_a_person_can_act_on_becomes_a_line() -> None:
    def fails(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        yield Retrieved(HITS)
        raise ModelError("The model is gone. Pull it with: qa models pull")

    sessions = Sessions(ScriptedAssistant(fails))
    last = list(sessions.ask("a", FERRY_QUESTION, ()))[-1]
    assert (last.stage, last.error) == (
        Stage.FAILED,
        "The model is gone. Pull it with: qa models pull",
    )
    assert last.hits == HITS


def test_a_question_waits_while_another_model_is_taken_and_can_be_stopped() -> None:
    assistant, gate = ScriptedAssistant(answers), Gate()
    sessions = Sessions(assistant, gate)
    with gate.closed():
        growing = sessions.ask("a", FERRY_QUESTION, ())
        assert next(growing).stage is Stage.SEARCHING
        threading.Timer(0.1, sessions.stop, ("a",)).start()
        assert [one.stage for one in growing] == [Stage.STOPPED]
        assert assistant.asked == []
    assert list(sessions.ask("a", FERRY_QUESTION, ()))[-1].stage is Stage.ANSWERED
