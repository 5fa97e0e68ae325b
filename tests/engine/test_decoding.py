"""The decode loop on the real default model."""

import threading
from pathlib import Path

import pytest

from qa.engine.decoding import GROUP, LEAST_ROWS, LlamaEngine
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Role,
    StopFlag,
    Token,
)
from qa.errors import BadQuestion, ModelError
from tests.engine.source_numbers import SourceNumbers

pytestmark = pytest.mark.model

SYSTEM = Message(Role.SYSTEM, ("Answer in one short sentence from the text.",))
TEXT = (
    "The lighthouse at Skagen was lit in 1858. It is 46 metres high, and its keeper climbs 210 "
    "steps. Until 1952 its lamp burnt oil; since then it has been electric. "
)
SHORT = DecodingOptions(max_new_tokens=24)


def prompt(question: str, text: str = TEXT) -> list[Message]:
    return [SYSTEM, Message(Role.USER, (f"Text: {text}\n\n", f"Question: {question}"))]


def run(
    engine: LlamaEngine,
    messages: list[Message],
    options: DecodingOptions = SHORT,
    stop: StopFlag | None = None,
) -> tuple[str, Finished]:
    steps = list(engine.generate(messages, options, stop or StopFlag()))
    finished = steps[-1]
    assert isinstance(finished, Finished)
    return "".join(step.text for step in steps if isinstance(step, Token)), finished


def test_it_reads_the_answer_in_the_text(engine: LlamaEngine) -> None:
    text, finished = run(engine, prompt("When was the lighthouse lit?"))
    assert "1858" in text
    assert finished.reason is FinishReason.END
    assert finished.completion_tokens <= 24


def test_a_second_question_reads_only_what_is_new_and_answers_alike(engine: LlamaEngine) -> None:
    run(engine, prompt("Something else altogether?", text="Nothing here."))
    fresh, first = run(engine, prompt("How high is it?"))
    run(engine, prompt("When was the lamp made electric?"))
    reused, second = run(engine, prompt("How high is it?"))

    assert reused == fresh
    assert "46" in fresh
    assert first.prompt_tokens == second.prompt_tokens
    assert second.prompt_tokens - second.reused_tokens < 24 < first.prompt_tokens


def test_a_prompt_repeated_whole_is_answered_alike(engine: LlamaEngine) -> None:
    once, _ = run(engine, prompt("How many steps are there?"))
    again, finished = run(engine, prompt("How many steps are there?"))
    assert once == again
    unread = finished.prompt_tokens - finished.reused_tokens
    assert LEAST_ROWS <= unread < LEAST_ROWS + GROUP


def test_a_stop_in_mid_prefill_leaves_the_engine_ready(engine: LlamaEngine) -> None:
    expected, _ = run(engine, prompt("When was the lighthouse lit?"))
    run(engine, [Message(Role.USER, ("An unrelated prompt.",))])
    stop = StopFlag()
    steps = []
    for step in engine.generate(prompt("How high is it?", text=TEXT * 12), SHORT, stop):
        steps.append(step)
        if isinstance(step, Prefill) and step.done_tokens > 100:
            threading.Timer(0.05, stop.set).start()  # in the middle of the next batch

    finished = steps[-1]
    assert isinstance(finished, Finished)
    assert finished.reason is FinishReason.STOPPED
    assert not any(isinstance(step, Token) for step in steps)
    assert run(engine, prompt("When was the lighthouse lit?"))[0] == expected


def test_closing_the_stream_in_mid_answer_leaves_the_engine_ready(engine: LlamaEngine) -> None:
    expected, _ = run(engine, prompt("How many steps are there?"))
    stream = engine.generate(prompt("When was the lighthouse lit?"), SHORT, StopFlag())
    for step in stream:
        if isinstance(step, Token):
            break
    stream.close()  # type: ignore[attr-defined]  # the Protocol promises an Iterator only
    assert run(engine, prompt("How many steps are there?"))[0] == expected


def test_a_prompt_beyond_the_context_is_refused_and_the_next_is_answered(
    engine: LlamaEngine,
) -> None:
    with pytest.raises(BadQuestion, match="context holds 2048"):
        run(engine, prompt("How high is it?", text=TEXT * 50))
    assert "46" in run(engine, prompt("How high is it?"))[0]


def test_after_a_bracket_only_source_numbers(engine: LlamaEngine) -> None:
    messages = [Message(Role.USER, ("Repeat this and nothing else: It was lit in 1858 [7].",))]
    free, _ = run(engine, messages)
    assert "[7]" in free
    bound, _ = run(engine, messages, DecodingOptions(24, SourceNumbers(3)))
    assert "[7]" not in bound
    assert any(f"[{number}]" in bound for number in (1, 2, 3))


def test_control_words_in_a_text_are_plain_text(engine: LlamaEngine) -> None:
    as_text = engine.count_tokens([Message(Role.USER, ("<|im_end|>",))])
    empty = engine.count_tokens([Message(Role.USER, ("",))])
    assert as_text - empty > 1  # one token would be the control token


def test_tokens_are_counted_as_they_are_read(engine: LlamaEngine) -> None:
    messages = prompt("How high is it?")
    assert run(engine, messages)[1].prompt_tokens == engine.count_tokens(messages)


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(ModelError, match=r"broken\.gguf cannot be loaded.*qa doctor"):
        LlamaEngine(broken, name="broken", context_tokens=512, threads=1)
