"""What an assistant is given, and can be given later: a model, preferences, seconds."""

import time
from collections.abc import Iterator, Sequence

import pytest

from qa.answering.assistant import Assistant
from qa.answering.reader import FINDING_TOKENS
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
from qa.errors import ModelError, OutOfTime
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.types import AS_SET, Preferences, Waiting
from tests.answering.lamp_and_ferry import assistant, over
from tests.fakes import FakeEmbedder, ReadingGenerator


def test_without_a_model_it_looks_passages_up_and_no_more(store: Store) -> None:
    retriever = Retriever(store, FakeEmbedder(), store.index_dir)
    asked = Assistant(
        retriever,
        None,
        passages=2,
        relevance_floor=0,
        refuse_below=0.3,
        max_answer_tokens=20,
        answer_seconds=60,
    )
    hits = asked.retrieve("How long does the ferry take?", (), 1)
    assert [hit.passage.article_id for hit in hits] == ["ferry"]
    with pytest.raises(ModelError, match="No language model"):
        asked.answer("How long does the ferry take?")


def test_somebody_with_preferences_is_answered_by_them_and_nobody_else_is(store: Store) -> None:
    """The finding is trusted 0.5; the bar is set to 0.3, and two passages are read."""
    asked, generator = assistant(store, states={"lighthouse": 0.0})
    question = "When was the lighthouse at Skagen lit?"
    strict = asked.preferring(Preferences(passages=1, refuse_below=0.6))
    answer = strict.answer(question)
    assert (len(answer.hits), answer.refusal is not None) == (1, True)
    assert asked.preferring(Preferences(refuse_below=0.0)).answer(question).refusal is None
    answer = asked.preferring(AS_SET).answer(question)
    assert (len(answer.hits), answer.refusal is None) == (2, True)

    generator.allowed_tokens.clear()
    asked.preferring(Preferences(max_answer_tokens=7)).answer(question)
    asked.answer(question)
    sentences = [most for most in generator.allowed_tokens if most != FINDING_TOKENS]
    assert sentences == [7, 20]


def test_another_model_answers_from_the_next_question_on(store: Store) -> None:
    asked, first = assistant(store, states={"lighthouse": 9.0})
    assert asked.model_name == "reading"
    second = ReadingGenerator({"lighthouse": "1858"}, states={"lighthouse": 9.0}, name="second")
    asked.answer_with(second)
    assert asked.answer("When was the lighthouse at Skagen lit?").model == "second"
    assert (len(first.prompts), len(second.prompts) > 0) == (0, True)
    asked.answer_with(None)
    with pytest.raises(ModelError, match="No language model"):
        asked.answer("When was the lighthouse at Skagen lit?")


class Endless(ReadingGenerator):
    """Waits in the queue for a moment, then writes until it is stopped."""

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """See ReadingGenerator."""
        for ahead in (1, 0):
            yield Queued(ahead)
        yield Prefill(10, 10)
        while not stop.is_set():
            time.sleep(0.005)
            yield Token("on and on ", -0.1)
        yield Finished(FinishReason.STOPPED, 10, 0, 1)


def test_an_answer_that_takes_too_long_is_ended_with_a_message(store: Store) -> None:
    asked = over(store, Endless({}), answer_seconds=0.2)
    events = asked.ask("When was the lighthouse lit?")
    assert [next(events) for _ in range(3)][1:] == [Waiting(1), Waiting(0)]
    with pytest.raises(OutOfTime, match=r"within 0\.2 seconds.*answer_seconds"):
        list(events)
