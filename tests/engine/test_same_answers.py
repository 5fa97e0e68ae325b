"""What an engine has done before must not show in an answer: the real model, compared to the bit.

A step is a piece of text and its log-probability: where one cell of another prompt, of a rejected
draft or of a stopped reading were left, the log-probabilities would differ.
"""

import threading
from collections.abc import Iterator
from contextlib import closing

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
from tests.engine.source_numbers import SourceNumbers

pytestmark = pytest.mark.model

ASKED = ("suez-01", "suez-02", "suez-03", "suez-05", "suez-07", "suez-10", "suez-12", "suez-14")
SOURCES = 1  # a number that may be cited, where words are decoded along a constraint
TOKENS = 28

Said = list[tuple[str, float]]
Reply = tuple[Said, Finished]


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
def twice(engine: LlamaEngine, prompts: list[list[Message]]) -> list[tuple[Reply, Reply]]:
    """What is said to each prompt with drafts, and at once again without."""
    return [(say(engine, one), say(engine, one, drafts=False)) for one in prompts]


@pytest.fixture(scope="module")
def expected(twice: list[tuple[Reply, Reply]]) -> list[Said]:
    """What is said to each prompt before anything was stopped, overflowed or read ahead."""
    return [said for (said, _), _ in twice]


@pytest.fixture
def fresh(defaults: Settings) -> Iterator[LlamaEngine]:
    """An engine that has never read anything, and keeps nothing of earlier prompts."""
    path = resolve_model(defaults.model, defaults.models_dir, ModelKind.LANGUAGE)
    engine = LlamaEngine(
        path, name="fresh", context_tokens=2048, threads=THREADS, kept_states_bytes=0
    )
    yield engine
    engine.close()


def say(engine: LlamaEngine, messages: list[Message], *, drafts: bool = True) -> Reply:
    options = DecodingOptions(TOKENS, SourceNumbers(SOURCES), drafts=drafts)
    steps = list(engine.generate(messages, options, StopFlag()))
    finished = steps[-1]
    assert isinstance(finished, Finished)
    return [(step.text, step.logprob) for step in steps if isinstance(step, Token)], finished


def unread(finished: Finished) -> int:
    return finished.prompt_tokens - finished.reused_tokens


def test_with_and_without_drafts_and_prefix_reuse(twice: list[tuple[Reply, Reply]]) -> None:
    accepted = 0
    for (drafted, first), (alone, second) in twice:
        assert drafted == alone
        assert unread(second) < LEAST_ROWS + GROUP < unread(first)
        assert (second.drafted_tokens, second.accepted_tokens) == (0, 0)
        accepted += first.accepted_tokens
    assert accepted > len(ASKED), "the drafts were put to the test"


def test_nothing_of_earlier_chats_can_be_seen(
    engine: LlamaEngine, fresh: LlamaEngine, prompts: list[list[Message]]
) -> None:
    alone = {number: say(fresh, prompts[number])[0] for number in (0, 6)}
    told = "The password of the harbour office is walnut-42. "
    say(engine, [Message(Role.USER, (told * 20, "What is the password?"))])
    for number in (0, 6, 0):
        assert say(engine, prompts[number])[0] == alone[number]


def test_after_a_stop_in_mid_prefill(
    engine: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    long = [Message(Role.USER, ("A tall tale without an end. " * 150, "What is it?"))]
    stop, last = StopFlag(), None
    for last in engine.generate(long, DecodingOptions(8), stop):
        if isinstance(last, Prefill) and last.done_tokens > 100:
            threading.Timer(0.05, stop.set).start()  # in the middle of the next batch
    assert isinstance(last, Finished)
    assert last.reason is FinishReason.STOPPED
    assert say(engine, prompts[3])[0] == expected[3]


def test_after_a_stop_among_drafts(
    engine: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    stream = engine.generate(prompts[1], DecodingOptions(TOKENS), StopFlag())
    pieces = 0
    for step in stream:
        pieces += isinstance(step, Token)
        if pieces == 5:
            break
    stream.close()  # type: ignore[attr-defined]  # the Protocol promises an Iterator only
    assert say(engine, prompts[0])[0] == expected[0]


def test_after_a_prompt_that_overflowed_the_context(
    engine: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    with pytest.raises(BadQuestion, match="context holds 2048"):
        say(engine, [Message(Role.USER, ("A tall tale without an end. " * 400,))])
    assert say(engine, prompts[4])[0] == expected[4]


def test_an_answer_up_to_the_last_cell_of_the_context(defaults: Settings) -> None:
    path = resolve_model(defaults.model, defaults.models_dir, ModelKind.LANGUAGE)
    with closing(LlamaEngine(path, name="small", context_tokens=256, threads=THREADS)) as engine:
        tale = [Message(Role.USER, ("One two three four five. " * 32, "Repeat all of it."))]
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
        assert finished.accepted_tokens > 0


def test_what_was_read_before_another_question_is_not_read_again(
    engine: LlamaEngine, prompts: list[list[Message]]
) -> None:
    first, _ = say(engine, prompts[5])
    say(engine, [Message(Role.USER, ("Something else. " * 40, "What is it?"))])
    again, finished = say(engine, prompts[5])
    assert again == first
    assert unread(finished) < LEAST_ROWS + GROUP


def test_what_was_read_ahead_is_not_read_again(
    engine: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    say(engine, [Message(Role.USER, ("Something else. " * 40, "What is it?"))])
    *others, question = prompts[7]
    other_question = Message(question.role, (*question.parts[:-1], " Who?"))
    engine.read_ahead([*others, other_question], StopFlag())
    said, finished = say(engine, prompts[7])
    assert unread(finished) < 40
    assert said == expected[7]
    assert say(engine, prompts[6])[0] == expected[6]


def test_reading_ahead_gives_way_at_once(
    engine: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    long = [Message(Role.USER, ("A tall tale without an end. " * 200, "What is it?"))]
    stop = StopFlag()
    reader = threading.Thread(target=engine.read_ahead, args=(long, stop))
    reader.start()
    while not engine.is_reading_ahead:
        assert reader.is_alive()
    assert say(engine, prompts[2])[0] == expected[2]
    reader.join(5)
    assert stop.is_set()
    assert not reader.is_alive()


def test_nothing_is_read_ahead_beside_an_answer_and_it_is_told(
    engine: LlamaEngine, prompts: list[list[Message]]
) -> None:
    stop = StopFlag()
    steps = engine.generate(prompts[2], DecodingOptions(TOKENS), StopFlag())
    next(steps)
    engine.read_ahead(prompts[3], stop)
    assert stop.is_set()
    assert list(steps)


def test_four_threads_are_answered_in_turn(
    engine: LlamaEngine, prompts: list[list[Message]], expected: list[Said]
) -> None:
    said: dict[int, Said] = {}
    places: dict[int, list[int]] = {}
    order: list[int] = []

    def ask(number: int) -> None:
        options = DecodingOptions(TOKENS, SourceNumbers(SOURCES))
        steps = []
        for step in engine.generate(prompts[number], options, StopFlag()):
            if isinstance(step, Prefill) and number not in order:
                order.append(number)
            steps.append(step)
        said[number] = [(step.text, step.logprob) for step in steps if isinstance(step, Token)]
        places[number] = [step.ahead for step in steps if isinstance(step, Queued)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for number, thread in enumerate(threads):
        thread.start()
        while engine.queued <= number and thread.is_alive():
            pass  # so that they come one after another
    for thread in threads:
        thread.join()
    assert [said[number] for number in range(4)] == expected[:4]
    assert order == [0, 1, 2, 3]
    assert places[0] == []
    for number in (1, 2, 3):
        assert places[number] == sorted(places[number], reverse=True)
        assert (places[number][0], places[number][-1]) == (number, 0)


def test_a_stop_while_waiting_leaves_the_queue(
    engine: LlamaEngine, prompts: list[list[Message]]
) -> None:
    first = iter(engine.generate(prompts[0], DecodingOptions(TOKENS), StopFlag()))
    next(first)
    stop = StopFlag()
    second = iter(engine.generate(prompts[1], DecodingOptions(TOKENS), stop))
    assert next(second) == Queued(1)
    stop.set()
    *_, last = second
    assert isinstance(last, Finished)
    assert last.reason is FinishReason.STOPPED
    assert engine.queued == 1
    *_, done = first
    assert isinstance(done, Finished)
    assert done.reason is FinishReason.END
