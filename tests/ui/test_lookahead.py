"""Reading ahead over the scripted assistant, in real time: each test waits for what it expects."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from qa.engine.generation import StopFlag
from qa.engine.queueing import Gate
from qa.errors import IndexMissing
from qa.types import Answered, Event, Preferences, Retrieved, Turn
from tests.ui.harbour import EVIDENCE, FERRY_ANSWER, HITS
from tests.ui.scripted import ScriptedAssistant
from ui.exchange import Stage
from ui.lookahead import LookAhead
from ui.sessions import Sessions

pytestmark = pytest.mark.slow

LONG_S = 1.2  # twice what anything waits for


def holds(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    yield Retrieved(HITS, EVIDENCE)
    if assistant.hold(stop):
        yield Answered(FERRY_ANSWER)


def soon(true: Callable[[], bool]) -> bool:
    """Whether something comes true within five seconds."""
    deadline = time.monotonic() + 5
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


def texts(assistant: ScriptedAssistant) -> list[str]:
    return [text for text, _ in assistant.read]


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant(holds)


@pytest.fixture
def slow() -> ScriptedAssistant:
    return ScriptedAssistant(holds, slow_reader=True)


def test_each_text_that_has_settled_is_read_for_once(assistant: ScriptedAssistant) -> None:
    with closing(LookAhead(assistant, Gate())) as lookahead:
        lookahead.typed("a", "When did the ", (), Preferences(passages=2))
        assert soon(lambda: len(assistant.read) == 1)
        lookahead.typed("a", "When did the fer", ())
        assert soon(lambda: len(assistant.read) == 2)
        time.sleep(LONG_S)
    assert texts(assistant) == ["When did the", "When did the fer"]
    assert assistant.preferred[0] == Preferences(passages=2)


def test_only_another_whole_word_ends_a_reading(slow: ScriptedAssistant) -> None:
    with closing(LookAhead(slow, Gate())) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: texts(slow) == ["When did the"])
        lookahead.typed("a", "When did the fer", ())
        time.sleep(LONG_S)
        assert slow.cut_short == []
        lookahead.typed("a", "When did the ferry ", ())
        assert soon(lambda: texts(slow) == ["When did the", "When did the ferry"])
        assert slow.cut_short == ["When did the"]


def test_emptying_the_box_and_leaving_stop_the_reading(slow: ScriptedAssistant) -> None:
    with closing(LookAhead(slow, Gate())) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: texts(slow) == ["When did the"])
        lookahead.typed("a", "", ())
        assert soon(lambda: slow.cut_short == ["When did the"])
        lookahead.typed("a", "Where was the fire?", ())
        assert soon(lambda: texts(slow) == ["When did the", "Where was the"])
        lookahead.forget("a")
        assert soon(lambda: slow.cut_short == ["When did the", "Where was the"])


def test_enter_leaves_the_reading_to_the_engine_and_ends_the_looking(
    slow: ScriptedAssistant,
) -> None:
    with closing(Sessions(slow)) as sessions:
        sessions.typed("a", "When did the ", ())
        assert soon(lambda: texts(slow) == ["When did the"])
        sessions.typed("a", "When did the Aldona", ())
        asked = sessions.ask("a", "When did the Aldona sail?", ())
        assert [next(asked).stage, next(asked).stage] == [Stage.SEARCHING, Stage.READING]
        sessions.typed("a", "When did the Aldona sail?", ())  # the last letters come late
        sessions.typed("a", "", ())
        time.sleep(LONG_S)
        slow.gate.set()
        assert list(asked)[-1].stage is Stage.ANSWERED
        time.sleep(LONG_S)
    assert texts(slow) == ["When did the"]
    assert slow.cut_short == []


def test_nothing_is_read_ahead_while_anybody_is_answered(assistant: ScriptedAssistant) -> None:
    with closing(Sessions(assistant)) as sessions:
        asked = sessions.ask("a", "When did the Aldona sail?", ())
        next(asked)
        sessions.typed("a", "And the fire? ", ())
        sessions.typed("b", "When did the ", ())
        time.sleep(LONG_S)
        assert assistant.read == []
        assistant.gate.set()
        answered = list(asked)[-1]
        assert soon(lambda: len(assistant.read) == 2)
        ids = tuple(hit.passage.id for hit in HITS)
        history = (Turn("When did the Aldona sail?", FERRY_ANSWER.text, ids),)
        assert answered.number == 1
        assert set(assistant.read) == {("And the fire?", history), ("When did the", ())}


def test_a_reading_that_gave_way_to_a_question_is_taken_up_again(slow: ScriptedAssistant) -> None:
    with closing(Sessions(slow)) as sessions:
        sessions.typed("a", "When did the ", ())
        assert soon(lambda: texts(slow) == ["When did the"])
        slow.gate.set()
        assert list(sessions.ask("b", "Where was the fire?", ()))[-1].stage is Stage.ANSWERED
        assert soon(lambda: texts(slow) == ["When did the", "When did the"])


def test_four_type_at_once_and_one_is_read_for_at_a_time() -> None:
    reading, alone = threading.Semaphore(1), []

    class OneReader(ScriptedAssistant):
        def read_ahead(self, *given: object, **named: object) -> None:
            alone.append(reading.acquire(blocking=False))
            time.sleep(0.02)
            super().read_ahead(*given, **named)  # type: ignore[arg-type]
            reading.release()

    assistant = OneReader(holds)
    with closing(LookAhead(assistant, Gate())) as lookahead:
        typing = [
            threading.Thread(target=lookahead.typed, args=(name, f"Was {name} hurt? ", ()))
            for name in ("Anna", "Bo", "Clara", "Dora")
        ]
        for thread in typing:
            thread.start()
        for thread in typing:
            thread.join()
        assert soon(lambda: len(assistant.read) == 4)
        time.sleep(LONG_S)
    assert sorted(texts(assistant)) == [
        "Was Anna hurt?",
        "Was Bo hurt?",
        "Was Clara hurt?",
        "Was Dora hurt?",
    ]
    assert alone == [True] * 4


def test_what_cannot_be_read_is_the_questions_affair_and_not_tried_again() -> None:
    class Missing(ScriptedAssistant):
        def read_ahead(self, *given: object, **named: object) -> None:
            super().read_ahead(*given, **named)  # type: ignore[arg-type]
            raise IndexMissing("There is no article. Add some with: qa index FOLDER")

    missing = Missing(holds)
    with closing(LookAhead(missing, Gate())) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: len(missing.read) == 1)
        time.sleep(LONG_S)
        lookahead.typed("a", "When did the ferry ", ())
        assert soon(lambda: texts(missing) == ["When did the", "When did the ferry"])


def test_nothing_is_read_ahead_while_another_model_is_taken(assistant: ScriptedAssistant) -> None:
    gate = Gate()
    with closing(LookAhead(assistant, gate)) as lookahead:
        with gate.closed():
            lookahead.typed("a", "When did the ", ())
            time.sleep(LONG_S)
            assert assistant.read == []
        assert soon(lambda: texts(assistant) == ["When did the"])


def test_nothing_is_read_ahead_while_anybody_else_is_answered_by_the_model(
    assistant: ScriptedAssistant,
) -> None:
    """At another collection, or by the endpoint: they pass the same gate."""
    gate = Gate()
    with closing(LookAhead(assistant, gate)) as lookahead:
        with gate.passing():
            lookahead.typed("a", "When did the ", ())
            time.sleep(LONG_S)
            assert assistant.read == []
        assert soon(lambda: texts(assistant) == ["When did the"])


def test_what_waited_to_be_read_is_not_when_its_question_has_been_asked(
    assistant: ScriptedAssistant,
) -> None:
    gate = Gate()
    assistant.gate.set()
    with closing(Sessions(assistant, gate)) as sessions:
        with gate.passing():
            sessions.typed("a", "When did the ", ())
            time.sleep(LONG_S)
            asked = list(sessions.ask("a", "When did the Aldona sail?", ()))
            assert asked[-1].stage is Stage.ANSWERED
            time.sleep(LONG_S)  # the other one is still being answered
        time.sleep(LONG_S)
    assert assistant.read == []


def test_of_two_collections_one_is_read_for_at_a_time(slow: ScriptedAssistant) -> None:
    gate, other = Gate(), ScriptedAssistant(holds)
    with closing(LookAhead(slow, gate)) as first, closing(LookAhead(other, gate)) as second:
        first.typed("a", "When did the ", ())
        assert soon(lambda: texts(slow) == ["When did the"])
        second.typed("b", "Who sang the ", ())
        time.sleep(LONG_S)
        assert other.read == []
        first.forget("a")
        assert soon(lambda: texts(other) == ["Who sang the"])


def test_closing_ends_the_thread_and_what_it_does(slow: ScriptedAssistant) -> None:
    before = threading.active_count()
    lookahead = LookAhead(slow, Gate())
    assert threading.active_count() == before
    lookahead.typed("a", "When did the ", ())
    assert soon(lambda: texts(slow) == ["When did the"])
    lookahead.close()
    assert slow.cut_short == ["When did the"]
    assert threading.active_count() == before
    lookahead.typed("a", "When did the ferry ", ())
    lookahead.close()
    assert threading.active_count() == before
    assert len(slow.read) == 1
