"""What an assistant is given, and can be given later: a model, preferences, seconds."""

import time
from collections.abc import Iterator, Sequence

import pytest

from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Queued,
    Step,
    StopFlag,
    Token,
)
from qa.errors import OutOfTime
from qa.library.store import Store
from qa.types import AS_SET, Outcome, Preferences, Waiting
from tests.answering.lamp_and_ferry import LIT, SAID, SAILS, assistant, over
from tests.fakes import ScriptedGenerator


def test_passages_are_looked_up_without_a_model(store: Store) -> None:
    hits = over(store, None).retrieve("How long does the ferry take?", (), 1)
    assert [hit.passage.article_id for hit in hits] == ["ferry"]


def test_somebody_with_preferences_is_answered_by_them_and_nobody_else_is(store: Store) -> None:
    """Two passages are read, and what is likely by 0.3 is told."""
    asked, generator = assistant(store, "One two three. Four.", SAID)
    strict = asked.preferring(Preferences(refuse_below=1.0))
    assert strict.answer(LIT).outcome is Outcome.CLOSE
    assert asked.answer(LIT).outcome is Outcome.ANSWERED

    unlikely = "How was the wick of the lighthouse at Skagen trimmed?"
    assert asked.preferring(Preferences(refuse_below=0.0)).answer(unlikely).refusal is None

    one = asked.preferring(Preferences(passages=1)).find(SAILS)
    assert [len(one.hits), len(asked.find(SAILS).hits)] == [1, 2]
    assert len(asked.preferring(AS_SET).find(SAILS).hits) == 2

    short = asked.preferring(Preferences(max_answer_tokens=3)).answer(SAILS)
    assert short.usage.completion_tokens == 3
    assert asked.answer(SAILS).usage.completion_tokens == len(SAID.split())
    assert len(generator.prompts) == 2


def test_another_model_answers_from_the_next_question_on(store: Store) -> None:
    asked, first = assistant(store)
    assert asked.model_name == "scripted"
    second = ScriptedGenerator([SAID], name="second")
    asked.answer_with(second)
    assert asked.answer(SAILS).model == "second"
    assert (len(first.prompts), len(second.prompts)) == (0, 1)
    asked.answer_with(None)
    assert asked.answer(SAILS).model == "none"


class Endless(ScriptedGenerator):
    """Waits in the queue for a moment, then writes until it is stopped."""

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """See ScriptedGenerator."""
        for ahead in (1, 0):
            yield Queued(ahead)
        yield Prefill(10, 10)
        while not stop.is_set():
            time.sleep(0.005)
            yield Token("on and on ", -0.1)
        yield Finished(FinishReason.STOPPED, 10, 0, 1)


def test_an_answer_that_takes_too_long_is_ended_with_a_message(store: Store) -> None:
    asked = over(store, Endless([]), answer_seconds=0.2)
    events = asked.ask(SAILS)
    assert [next(events) for _ in range(3)][1:] == [Waiting(1), Waiting(0)]
    with pytest.raises(OutOfTime, match=r"within 0\.2 seconds.*answer_seconds"):
        list(events)
