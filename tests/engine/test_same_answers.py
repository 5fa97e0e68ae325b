"""What an engine has done before must not show in an answer, compared to the bit.

Asked of the default model, and of one model of each other way of remembering what was read.

A step is a piece of text and its log-probability: where one cell of another prompt, of a rejected
draft or of a stopped reading were left, the log-probabilities would differ.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.answering.assistant import Assistant
from qa.answering.following import leaning
from qa.answering.prompt import ask
from qa.engine.decoding import GROUP, LEAST_ROWS, LlamaEngine
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Queued,
    Role,
    StopFlag,
    Token,
)
from qa.errors import BadQuestion
from qa.evaluating.questions import load_questions
from qa.models.catalogue import ModelKind, resolve_model
from qa.settings import Settings
from tests.conftest import SEEDS, THREADS
from tests.engine import made_models
from tests.engine.source_numbers import SourceNumbers

pytestmark = pytest.mark.model

ASKED = ("suez-01", "suez-02", "suez-03", "suez-05", "suez-07", "suez-10", "suez-12", "suez-14")
SOURCES = 1  # a number that may be cited, where words are decoded along a constraint
TOKENS = 28

Said = list[tuple[str, float]]
Reply = tuple[Said, Finished]


@dataclass(frozen=True, slots=True)
class Memory:
    """A way of remembering what was read."""

    make: Callable[[Path], None] | None = None
    """Writes a model that remembers so; without one it is the default model's way."""

    can_be_cut: bool = True
    """Whether the last of it can be dropped alone."""

    copies_can_be_cut: bool = True
    """And the last of a copy."""

    context_tokens: int = 8192  # a made model's tokens are bytes
    question_tokens: int = 160
    """More than the last question has, with what the template puts behind it."""


MEMORIES = {
    "cells": Memory(context_tokens=2048, question_tokens=40),
    "sliding window": Memory(made_models.sliding_window, copies_can_be_cut=False),
    "own state": Memory(made_models.own_state, can_be_cut=False, copies_can_be_cut=False),
    "cells and state": Memory(
        made_models.cells_and_state, can_be_cut=False, copies_can_be_cut=False
    ),
}


@pytest.fixture(scope="module", params=MEMORIES)
def memory(request: pytest.FixtureRequest) -> Memory:
    """Each way in turn."""
    return MEMORIES[request.param]


@pytest.fixture(scope="module")
def model(memory: Memory, defaults: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a model that remembers so."""
    if memory.make is None:
        return resolve_model(defaults.model, defaults.models_dir, ModelKind.LANGUAGE)
    file = tmp_path_factory.mktemp("made") / "made.gguf"
    memory.make(file)
    return file


@pytest.fixture(scope="module")
def used(memory: Memory, model: Path) -> Iterator[LlamaEngine]:
    """An engine that all tests of a module ask one after another."""
    tokens = memory.context_tokens
    with closing(LlamaEngine(model, name="asked", context_tokens=tokens, threads=THREADS)) as made:
        yield made


@pytest.fixture(scope="module")
def prompts(assistant: Assistant) -> list[list[Message]]:
    """Eight prompts as the assistant makes them from seeds/, two of them follow-ups."""
    every = {question.id: question for question in load_questions(SEEDS / "questions.jsonl")}
    questions = [every[one] for one in ASKED]
    found = [assistant.find(question.question, question.history) for question in questions]
    return [
        ask(leaning(question.question, question.history), one.evidence[:2], one.hits)
        for question, one in zip(questions, found, strict=True)
    ]


@pytest.fixture(scope="module")
def twice(used: LlamaEngine, prompts: list[list[Message]]) -> list[tuple[Reply, Reply]]:
    """What is said to each prompt with drafts, and at once again without."""
    return [(say(used, one), say(used, one, drafts=False)) for one in prompts]


@pytest.fixture(scope="module")
def expected(twice: list[tuple[Reply, Reply]]) -> list[Said]:
    """What is said to each prompt before anything was stopped, overflowed or read ahead."""
    return [said for (said, _), _ in twice]


@pytest.fixture
def fresh(memory: Memory, model: Path) -> Iterator[LlamaEngine]:
    """An engine that has never read anything, and keeps nothing of earlier prompts."""
    tokens = memory.context_tokens
    engine = LlamaEngine(
        model, name="fresh", context_tokens=tokens, threads=THREADS, kept_states_bytes=0
    )
    with closing(engine):
        yield engine


def say(engine: LlamaEngine, messages: list[Message], *, drafts: bool = True) -> Reply:
    options = DecodingOptions(TOKENS, SourceNumbers(SOURCES), drafts=drafts)
    steps = list(engine.generate(messages, options, StopFlag()))
    finished = steps[-1]
    assert isinstance(finished, Finished)
    return [(step.text, step.logprob) for step in steps if isinstance(step, Token)], finished


def unread(finished: Finished) -> int:
    return finished.prompt_tokens - finished.reused_tokens


def test_with_and_without_drafts_and_prefix_reuse(
    twice: list[tuple[Reply, Reply]], memory: Memory
) -> None:
    accepted = 0
    for (drafted, first), (alone, second) in twice:
        assert drafted == alone
        assert (unread(second) < LEAST_ROWS + GROUP) == memory.can_be_cut
        assert unread(first) > LEAST_ROWS + GROUP
        assert (second.drafted_tokens, second.accepted_tokens) == (0, 0)
        accepted += first.accepted_tokens
    if memory.can_be_cut:  # the drafts were put to the test
        assert accepted > (0 if memory.make else len(ASKED))
    else:
        assert all(first.drafted_tokens == 0 for (_, first), _ in twice)


def test_each_prompt_has_an_answer_of_its_own(expected: list[Said]) -> None:
    assert len({tuple(said) for said in expected}) == len(ASKED)


def test_nothing_of_earlier_chats_can_be_seen(
    used: LlamaEngine, fresh: LlamaEngine, prompts: list[list[Message]]
) -> None:
    alone = {number: say(fresh, prompts[number])[0] for number in (0, 6)}
    told = "The password of the harbour office is walnut-42. "
    say(used, [Message(Role.USER, (told * 20, "What is the password?"))])
    for number in (0, 6, 0):
        assert say(used, prompts[number])[0] == alone[number]


def test_after_a_stop_in_mid_prefill(
    used: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    long = [Message(Role.USER, ("A tall tale without an end. " * 150, "What is it?"))]
    stop, last = StopFlag(), None
    for last in used.generate(long, DecodingOptions(8), stop):
        if isinstance(last, Prefill) and last.done_tokens > 100:
            threading.Timer(0.05, stop.set).start()  # in the middle of the next batch
    assert isinstance(last, Finished)
    assert last.reason is FinishReason.STOPPED
    assert say(used, prompts[3])[0] == expected[3]


def test_after_a_stop_among_drafts(
    used: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    stream = used.generate(prompts[1], DecodingOptions(TOKENS), StopFlag())
    pieces = 0
    for step in stream:
        pieces += isinstance(step, Token)
        if pieces == 5:
            break
    stream.close()  # type: ignore[attr-defined]  # the Protocol promises an Iterator only
    assert say(used, prompts[0])[0] == expected[0]


def test_after_a_prompt_that_overflowed_the_context(
    used: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    with pytest.raises(BadQuestion, match=f"context holds {used.context_tokens}"):
        say(used, [Message(Role.USER, ("A tall tale without an end. " * 400,))])
    assert say(used, prompts[4])[0] == expected[4]


def test_an_answer_up_to_the_last_cell_of_the_context(memory: Memory, model: Path) -> None:
    sentences = 8 if memory.make else 32
    with closing(LlamaEngine(model, name="small", context_tokens=256, threads=THREADS)) as engine:
        tale = [Message(Role.USER, ("One two three four five. " * sentences, "Repeat all of it."))]
        room = engine.context_tokens - engine.count_tokens(tale)
        assert 10 < room < 40
        drafted, alone = (
            list(engine.generate(tale, DecodingOptions(500, drafts=drafts), StopFlag()))
            for drafts in (True, False)
        )
        said = [[step for step in steps if isinstance(step, Token)] for steps in (drafted, alone)]
        assert said[0] == said[1]
        finished = drafted[-1]
        assert isinstance(finished, Finished)
        assert finished.reason is FinishReason.LENGTH
        assert finished.completion_tokens == room
        assert (finished.drafted_tokens > 0) == memory.can_be_cut
        assert memory.make or finished.accepted_tokens > 0


def test_what_was_read_before_another_question_is_not_read_again(
    used: LlamaEngine, prompts: list[list[Message]], memory: Memory
) -> None:
    first, _ = say(used, prompts[5])
    say(used, [Message(Role.USER, ("Something else. " * 40, "What is it?"))])
    again, finished = say(used, prompts[5])
    assert again == first
    assert (unread(finished) < LEAST_ROWS + GROUP) == memory.copies_can_be_cut


def test_what_was_read_ahead_is_not_read_again(
    used: LlamaEngine, prompts: list[list[Message]], expected: list[Said], memory: Memory
) -> None:
    say(used, [Message(Role.USER, ("Something else. " * 40, "What is it?"))])
    *others, question = prompts[7]
    other_question = Message(question.role, (*question.parts[:-1], " Who?"))
    used.read_ahead([*others, other_question], StopFlag())
    for _ in range(2):  # and again after another question
        said, finished = say(used, prompts[7])
        assert unread(finished) < memory.question_tokens
        assert said == expected[7]
        assert say(used, prompts[6])[0] == expected[6]


def test_what_every_prompt_begins_with_is_read_once(
    used: LlamaEngine, prompts: list[list[Message]], tmp_path: Path
) -> None:
    instructions = prompts[0][0]
    start = [instructions, Message(Role.USER, ("",))]
    first, second = say(used, prompts[0])[0], say(used, prompts[1])[0]
    for file in (tmp_path / "start", tmp_path / "start"):  # written, then read
        used.begin_with(start, file)
        for prompt, expected in ((prompts[0], first), (prompts[1], second)):
            said, finished = say(used, prompt)
            assert said == expected
            assert finished.reused_tokens >= used.count_tokens([instructions]) - 40


def test_reading_ahead_gives_way_at_once(
    used: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    long = [Message(Role.USER, ("A tall tale without an end. " * 200, "What is it?"))]
    stop = StopFlag()
    reader = threading.Thread(target=used.read_ahead, args=(long, stop))
    reader.start()
    while not used.is_reading_ahead:
        assert reader.is_alive()
    assert say(used, prompts[2])[0] == expected[2]
    reader.join(5)
    assert stop.is_set()
    assert not reader.is_alive()


def test_nothing_is_read_ahead_beside_an_answer_and_it_is_told(
    used: LlamaEngine, prompts: list[list[Message]]
) -> None:
    stop = StopFlag()
    steps = used.generate(prompts[2], DecodingOptions(TOKENS), StopFlag())
    next(steps)
    used.read_ahead(prompts[3], stop)
    assert stop.is_set()
    assert list(steps)


def test_four_threads_are_answered_in_turn(
    used: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    said: dict[int, Said] = {}
    places: dict[int, list[int]] = {}
    order: list[int] = []

    def ask(number: int) -> None:
        options = DecodingOptions(TOKENS, SourceNumbers(SOURCES))
        steps = []
        for step in used.generate(prompts[number], options, StopFlag()):
            if isinstance(step, Prefill) and number not in order:
                order.append(number)
            steps.append(step)
        said[number] = [(step.text, step.logprob) for step in steps if isinstance(step, Token)]
        places[number] = [step.ahead for step in steps if isinstance(step, Queued)]

    before = iter(used.generate(prompts[4], DecodingOptions(TOKENS), StopFlag()))
    next(before)  # under way until all four have come
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for number, thread in enumerate(threads):
        thread.start()
        while used.queued <= number + 1:
            assert thread.is_alive()  # so that they come one after another
    assert list(before)
    for thread in threads:
        thread.join()
    assert [said[number] for number in range(4)] == expected[:4]
    assert order == [0, 1, 2, 3]
    for number in range(4):
        assert places[number] == sorted(places[number], reverse=True)
        assert (places[number][0], places[number][-1]) == (number + 1, 0)


def test_a_stop_while_waiting_leaves_the_queue(
    used: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    options = DecodingOptions(TOKENS, SourceNumbers(SOURCES))
    first = iter(used.generate(prompts[0], options, StopFlag()))
    next(first)
    stop = StopFlag()
    second = iter(used.generate(prompts[1], DecodingOptions(TOKENS), stop))
    assert next(second) == Queued(1)
    stop.set()
    *_, last = second
    assert isinstance(last, Finished)
    assert last.reason is FinishReason.STOPPED
    assert used.queued == 1
    *steps, done = first
    assert isinstance(done, Finished)
    assert done.reason is not FinishReason.STOPPED
    assert [(step.text, step.logprob) for step in steps if isinstance(step, Token)] == expected[0]
