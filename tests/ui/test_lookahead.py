"""Looking ahead over the scripted assistant, in real time: each test waits for what it expects."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from qa.engine.generation import StopFlag
from qa.engine.queueing import Gate
from qa.errors import IndexMissing, ModelError
from qa.types import Answered, Event, Hit, Retrieved, Turn
from tests.ui.scripted import (
    BUDGET,
    COUNT,
    FERRY,
    FERRY_ANSWER,
    FIRE,
    HITS,
    ScriptedAssistant,
    hit,
)
from ui.desk import Desk
from ui.exchange import Stage
from ui.lookahead import LookAhead

ALL = [FERRY.id, FIRE.id, BUDGET.id]
LONG_S = 1.2  # twice what anything waits for


def holds(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    yield Retrieved(HITS)
    if assistant.hold(stop):
        yield Answered(FERRY_ANSWER)


def by_words(text: str) -> tuple[Hit, ...]:
    """The fire's passage for "fire", the count beside two others for "many", else all three."""
    if "fire" in text:
        return (hit(FIRE),)
    return (hit(FERRY), hit(COUNT), hit(FIRE)) if "many" in text else HITS


def soon(true: Callable[[], bool]) -> bool:
    """Whether something comes true within five seconds."""
    deadline = time.monotonic() + 5
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant(holds, finds=by_words)


@pytest.fixture
def slow() -> ScriptedAssistant:
    return ScriptedAssistant(holds, finds=by_words, slow_reader=True)


def test_what_settles_is_read_once_and_only_what_changes_after_it(
    assistant: ScriptedAssistant,
) -> None:
    with closing(LookAhead(assistant, Gate())) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: assistant.read == ALL)
        lookahead.typed("a", "When did the ferry ", ())
        assert soon(lambda: len(assistant.looked_up) == 2)
        lookahead.typed("a", "When did the ferry many ", ())
        assert soon(lambda: assistant.read == [*ALL, COUNT.id])
        lookahead.typed("a", "When did the ferry ", ())
        assert soon(lambda: len(assistant.looked_up) == 4)
        time.sleep(LONG_S)
    assert assistant.read == [*ALL, COUNT.id]


def test_typing_on_stops_what_is_found_no_more_and_nothing_else(slow: ScriptedAssistant) -> None:
    with closing(LookAhead(slow, Gate())) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: slow.read == [FERRY.id])
        lookahead.typed("a", "When did the many ", ())
        assert soon(lambda: len(slow.looked_up) == 2)
        assert slow.cut_short == []
        lookahead.typed("a", "When did the fire ", ())
        assert soon(lambda: slow.read == [FERRY.id, FIRE.id])
        assert slow.cut_short == [FERRY.id]


def test_emptying_the_box_and_leaving_stop_the_reading(slow: ScriptedAssistant) -> None:
    with closing(LookAhead(slow, Gate())) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: slow.read == [FERRY.id])
        lookahead.typed("a", "", ())
        assert soon(lambda: slow.cut_short == [FERRY.id])
        lookahead.typed("a", "Where was the fire?", ())
        assert soon(lambda: slow.read == [FERRY.id, FIRE.id])
        lookahead.forget("a")
        assert soon(lambda: slow.cut_short == [FERRY.id, FIRE.id])


def test_enter_leaves_the_reading_to_the_engine_and_ends_the_looking(
    slow: ScriptedAssistant,
) -> None:
    with closing(Desk(slow)) as desk:
        desk.typed("a", "When did the ", ())
        assert soon(lambda: slow.read == [FERRY.id])
        desk.typed("a", "When did the Aldona ", ())
        asked = desk.ask("a", "When did the Aldona sail?", ())
        assert [next(asked).stage, next(asked).stage] == [Stage.SEARCHING, Stage.READING]
        desk.typed("a", "When did the Aldona sail?", ())  # the last letters come late
        desk.typed("a", "", ())
        time.sleep(LONG_S)
        assert slow.looked_up == [("When did the", ())]
        slow.gate.set()
        assert list(asked)[-1].stage is Stage.ANSWERED
        time.sleep(LONG_S)
    assert slow.looked_up == [("When did the", ())]
    assert (slow.read, slow.cut_short) == ([FERRY.id], [])


def test_nothing_is_looked_up_while_anybody_is_answered(assistant: ScriptedAssistant) -> None:
    with closing(Desk(assistant)) as desk:
        asked = desk.ask("a", "When did the Aldona sail?", ())
        next(asked)
        desk.typed("a", "And the fire?", ())
        desk.typed("b", "When did the ", ())
        time.sleep(LONG_S)
        assert assistant.looked_up == []
        assistant.gate.set()
        answered = list(asked)[-1]
        assert soon(lambda: sorted(assistant.read) == sorted([*ALL, FIRE.id]))
        history = (Turn("When did the Aldona sail?", FERRY_ANSWER.text, tuple(ALL)),)
        assert answered.number == 1
        assert set(assistant.looked_up) == {("And the fire?", history), ("When did the", ())}


def test_a_reading_that_gave_way_to_a_question_is_taken_up_again(slow: ScriptedAssistant) -> None:
    with closing(Desk(slow)) as desk:
        desk.typed("a", "When did the ", ())
        assert soon(lambda: slow.read == [FERRY.id])
        slow.gate.set()
        assert list(desk.ask("b", "Where was the fire?", ()))[-1].stage is Stage.ANSWERED
        assert soon(lambda: slow.read == [FERRY.id, FERRY.id])
        assert len(slow.looked_up) == 1


def test_what_cannot_be_read_is_not_tried_again() -> None:
    class Broken(ScriptedAssistant):
        def read_ahead(self, *given: object, **named: object) -> None:
            super().read_ahead(*given, **named)  # type: ignore[arg-type]
            raise ModelError("The model is gone. Pull it with: qa models pull")

    broken = Broken(holds, finds=by_words)
    with closing(LookAhead(broken, Gate())) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: broken.read == ALL)
        time.sleep(LONG_S)
    assert broken.read == ALL


def test_four_type_at_once_and_one_is_read_for_at_a_time() -> None:
    reading, most = threading.Semaphore(1), []

    class OneReader(ScriptedAssistant):
        def read_ahead(self, *given: object, **named: object) -> None:
            most.append(reading.acquire(blocking=False))
            time.sleep(0.02)
            super().read_ahead(*given, **named)  # type: ignore[arg-type]
            reading.release()

    assistant = OneReader(holds, finds=by_words)
    with closing(LookAhead(assistant, Gate())) as lookahead:
        typing = [
            threading.Thread(target=lookahead.typed, args=(name, f"Was {name} hurt? ", ()))
            for name in ("Anna", "Bo", "Clara", "fire")
        ]
        for thread in typing:
            thread.start()
        for thread in typing:
            thread.join()
        assert soon(lambda: len(assistant.read) == 10)
        time.sleep(LONG_S)
    assert len(assistant.looked_up) == 4
    assert sorted(assistant.read) == sorted([*ALL, *ALL, *ALL, FIRE.id])
    assert most == [True] * 10


def test_a_missing_library_is_the_questions_affair() -> None:
    def fails(text: str) -> tuple[Hit, ...]:
        raise IndexMissing("There is no article. Add some with: qa index FOLDER")

    assistant = ScriptedAssistant(holds, finds=fails)
    with closing(LookAhead(assistant, Gate())) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: len(assistant.looked_up) == 1)
        lookahead.typed("a", "When did the ferry ", ())
        assert soon(lambda: len(assistant.looked_up) == 2)
    assert assistant.read == []


def test_closing_ends_the_threads_and_what_they_do(slow: ScriptedAssistant) -> None:
    before = threading.active_count()
    lookahead = LookAhead(slow, Gate())
    assert threading.active_count() == before
    lookahead.typed("a", "When did the ", ())
    assert soon(lambda: slow.read == [FERRY.id])
    lookahead.close()
    assert slow.cut_short == [FERRY.id]
    assert threading.active_count() == before
    lookahead.typed("a", "When did the ferry ", ())
    lookahead.close()
    assert threading.active_count() == before
    assert len(slow.looked_up) == 1
