"""Looking ahead over the scripted assistant, in real time: each test waits for what it expects."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from qa.engine.generation import StopFlag
from qa.errors import IndexMissing
from qa.types import Answered, Event, Hit, Retrieved, Turn
from tests.ui.scripted import BUDGET, FERRY, FERRY_ANSWER, FIRE, HITS, ScriptedAssistant, hit
from ui.desk import Desk
from ui.exchange import Stage
from ui.lookahead import LookAhead

ALL = (FERRY.id, FIRE.id, BUDGET.id)
LONG_S = 1.2  # twice what anything waits for


def holds(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    yield Retrieved(HITS)
    if assistant.hold(stop):
        yield Answered(FERRY_ANSWER)


def by_words(text: str) -> tuple[Hit, ...]:
    """The fire's passage for a text with "fire" in it, all three for any other."""
    return (hit(FIRE),) if "fire" in text else HITS


def soon(true: Callable[[], bool]) -> bool:
    """Whether something comes true within five seconds."""
    deadline = time.monotonic() + 5
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant(holds, finds=by_words, slow_reader=True)


def test_what_settles_is_read_and_typing_on_stops_it(assistant: ScriptedAssistant) -> None:
    with closing(LookAhead(assistant)) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: assistant.read == [ALL])
        assert assistant.looked_up == [("When did the", ())]
        lookahead.typed("a", "When did the ferry ", ())
        assert soon(lambda: len(assistant.looked_up) == 2)
        assert assistant.cut_short == []
        lookahead.typed("a", "When did the ferry fire ", ())
        assert soon(lambda: assistant.read == [ALL, (FIRE.id,)])
        assert assistant.cut_short == [ALL]


def test_emptying_the_box_and_leaving_stop_the_reading(assistant: ScriptedAssistant) -> None:
    with closing(LookAhead(assistant)) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: assistant.read == [ALL])
        lookahead.typed("a", "", ())
        assert soon(lambda: assistant.cut_short == [ALL])
        lookahead.typed("a", "Where was the fire?", ())
        assert soon(lambda: assistant.read == [ALL, (FIRE.id,)])
        lookahead.forget("a")
        assert soon(lambda: assistant.cut_short == [ALL, (FIRE.id,)])


def test_enter_leaves_the_reading_to_the_engine_and_ends_the_looking(
    assistant: ScriptedAssistant,
) -> None:
    with closing(Desk(assistant)) as desk:
        desk.typed("a", "When did the ", ())
        assert soon(lambda: assistant.read == [ALL])
        desk.typed("a", "When did the Aldona ", ())
        asked = desk.ask("a", "When did the Aldona sail?", ())
        assert [next(asked).stage, next(asked).stage] == [Stage.SEARCHING, Stage.READING]
        desk.typed("a", "When did the Aldona sail?", ())  # the last letters come late
        desk.typed("a", "", ())
        time.sleep(LONG_S)
        assert assistant.looked_up == [("When did the", ())]
        assistant.gate.set()
        assert list(asked)[-1].stage is Stage.ANSWERED
        time.sleep(LONG_S)
    assert assistant.looked_up == [("When did the", ())]
    assert (assistant.read, assistant.cut_short) == ([ALL], [])


def test_nothing_is_looked_up_while_anybody_is_answered(assistant: ScriptedAssistant) -> None:
    assistant.slow_reader = False
    with closing(Desk(assistant)) as desk:
        asked = desk.ask("a", "When did the Aldona sail?", ())
        next(asked)
        desk.typed("a", "And the fire?", ())
        desk.typed("b", "When did the ", ())
        time.sleep(LONG_S)
        assert assistant.looked_up == []
        assistant.gate.set()
        answered = list(asked)[-1]
        assert soon(lambda: set(assistant.read) == {ALL, (FIRE.id,)})
        history = (Turn("When did the Aldona sail?", FERRY_ANSWER.text, ALL),)
        assert answered.number == 1
        assert set(assistant.looked_up) == {("And the fire?", history), ("When did the", ())}


def test_what_had_been_read_is_read_again_after_an_answer(assistant: ScriptedAssistant) -> None:
    with closing(Desk(assistant)) as desk:
        desk.typed("a", "When did the ", ())
        assert soon(lambda: assistant.read == [ALL])
        assistant.gate.set()
        assert list(desk.ask("b", "Where was the fire?", ()))[-1].stage is Stage.ANSWERED
        assert soon(lambda: assistant.read == [ALL, ALL])
        assert len(assistant.looked_up) == 1


def test_four_type_at_once_and_one_is_read_for_at_a_time() -> None:
    reading, most = threading.Semaphore(1), []

    class OneReader(ScriptedAssistant):
        def read_ahead(self, *given: object, **named: object) -> None:
            most.append(reading.acquire(blocking=False))
            time.sleep(0.05)
            super().read_ahead(*given, **named)  # type: ignore[arg-type]
            reading.release()

    assistant = OneReader(holds, finds=by_words)
    with closing(LookAhead(assistant)) as lookahead:
        typing = [
            threading.Thread(target=lookahead.typed, args=(name, f"Was {name} hurt? ", ()))
            for name in ("Anna", "Bo", "Clara", "fire")
        ]
        for thread in typing:
            thread.start()
        for thread in typing:
            thread.join()
        assert soon(lambda: len(assistant.read) == 4)
        time.sleep(LONG_S)
    assert len(assistant.looked_up) == 4
    assert sorted(assistant.read) == sorted([ALL, ALL, ALL, (FIRE.id,)])
    assert most == [True] * 4


def test_a_missing_library_is_the_questions_affair() -> None:
    def fails(text: str) -> tuple[Hit, ...]:
        raise IndexMissing("There is no article. Add some with: qa index FOLDER")

    assistant = ScriptedAssistant(holds, finds=fails)
    with closing(LookAhead(assistant)) as lookahead:
        lookahead.typed("a", "When did the ", ())
        assert soon(lambda: len(assistant.looked_up) == 1)
        lookahead.typed("a", "When did the ferry ", ())
        assert soon(lambda: len(assistant.looked_up) == 2)
    assert assistant.read == []


def test_closing_ends_the_threads_and_what_they_do(assistant: ScriptedAssistant) -> None:
    before = threading.active_count()
    lookahead = LookAhead(assistant)
    assert threading.active_count() == before
    lookahead.typed("a", "When did the ", ())
    assert soon(lambda: assistant.read == [ALL])
    lookahead.close()
    assert assistant.cut_short == [ALL]
    assert threading.active_count() == before
    lookahead.typed("a", "When did the ferry ", ())
    lookahead.close()
    assert threading.active_count() == before
    assert len(assistant.looked_up) == 1


def test_a_question_begins_with_the_passages_that_were_read_for_it() -> None:
    def found(text: str) -> tuple[Hit, ...]:
        return HITS if "sail" not in text else (hit(BUDGET), hit(FERRY), hit(FIRE))

    assistant = ScriptedAssistant(holds, finds=found, gate=opened())
    with closing(Desk(assistant)) as desk:
        desk.typed("a", "When did the ", ())
        assert soon(lambda: assistant.read == [ALL])
        list(desk.ask("a", "When did the Aldona sail?", ()))
        list(desk.ask("a", "Pasted: when did it sail?", ()))
    assert assistant.asked_after == [ALL, ()]


def opened() -> threading.Event:
    gate = threading.Event()
    gate.set()
    return gate
