"""A language model on the real server of llama-cpp-python, and on two of which one is killed."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest

from qa.engine.constraints import Quotations
from qa.engine.decoding import LlamaEngine
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Generator,
    Message,
    Prefill,
    Queued,
    Role,
    Step,
    StopFlag,
    Token,
)
from qa.engine.server import Listed, ModelOnServer, ServerEngine, listed_models
from qa.engine.server_connection import Refused, Server
from qa.engine.server_protocol import UNTOLD
from qa.engine.servers import ServersEngine
from qa.errors import ServerFailed
from qa.models.catalogue import ModelKind, resolve_model
from qa.service.opening import open_server
from qa.settings import load_settings
from tests.conftest import ROOT
from tests.llama_server import CONTEXT_TOKENS, MODEL, LlamaServer, running

pytestmark = [pytest.mark.model, pytest.mark.slow]

PATIENCE_S = 60.0  # for what happens at once unless it does not happen
PROMPT = [
    Message(Role.SYSTEM, ("You tell stories.",)),
    Message(Role.USER, ("Tell me of a weir, a mill and a river.",)),
]
LENGTH = 48  # tokens, of a story that goes on
OPTIONS = DecodingOptions(max_new_tokens=LENGTH)


@pytest.fixture(scope="module")
def server() -> Iterator[LlamaServer]:
    """One for all tests that leave it whole."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def story(server: LlamaServer) -> str:
    """The whole answer to PROMPT."""
    return words(ask(opened(server)))


def opened(server: LlamaServer) -> ServerEngine:
    return ServerEngine(Server(server.url), model="", context_tokens=CONTEXT_TOKENS)


def ask(generator: Generator, prompt: Sequence[Message] = PROMPT) -> list[Step]:
    return list(generator.generate(prompt, OPTIONS, StopFlag()))


def words(steps: Sequence[Step]) -> str:
    return "".join(step.text for step in steps if isinstance(step, Token))


def test_it_is_known_by_what_it_lists(server: LlamaServer) -> None:
    """It is sent no grammar, and what is known of it decides how it is asked."""
    listed = listed_models(Server(server.url))
    assert listed == Listed((MODEL,), has_grammar=False, breaks_off=True)
    assert isinstance(open_server(load_settings(generator=server.url)), ServersEngine)


def test_an_answer_comes_token_by_token(server: LlamaServer) -> None:
    """With estimates, as it tells neither what it counted nor how sure it was."""
    before, read, *tokens, finished = ask(opened(server))
    estimate = 5 + 6 + 10 + 6  # of 17 and 38 bytes
    assert [before, read] == [Prefill(0, estimate), Prefill(estimate, estimate)]
    assert len(tokens) == LENGTH
    assert all(isinstance(token, Token) and token.logprob == UNTOLD for token in tokens)
    assert finished == Finished(FinishReason.LENGTH, estimate, 0, LENGTH)


def test_it_writes_what_our_own_engine_writes_of_the_same_file(
    server: LlamaServer, story: str
) -> None:
    """The likeliest words, held to no penalty for those that are there already."""
    path = resolve_model(MODEL, ROOT / "models", ModelKind.LANGUAGE)
    with closing(LlamaEngine(path, name=MODEL, context_tokens=CONTEXT_TOKENS, threads=1)) as engine:
        ours = words(
            list(engine.generate(PROMPT, DecodingOptions(LENGTH, drafts=False), StopFlag()))
        )
    assert ours == story


def test_a_stop_in_the_middle_leaves_it_for_the_next_question(
    server: LlamaServer, story: str
) -> None:
    stop, told = StopFlag(), []
    endless = DecodingOptions(max_new_tokens=CONTEXT_TOKENS // 2)
    for step in opened(server).generate(PROMPT, endless, stop):
        told.append(step)
        if isinstance(step, Token):
            stop.set()
    assert isinstance(told[-1], Finished)
    assert told[-1].reason is FinishReason.STOPPED
    assert words(ask(opened(server))) == story


def test_two_questions_of_one_program_wait_for_each_other(server: LlamaServer, story: str) -> None:
    """Asked side by side, the second would break off the first."""
    generator = open_server(load_settings(generator=server.url))
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _: ask(generator), range(2)))
    assert [words(steps) for steps in told] == [story] * 2
    assert any(isinstance(step, Queued) for steps in told for step in steps)


def test_an_answer_that_another_program_breaks_off_goes_on_behind_its_words(
    server: LlamaServer, story: str
) -> None:
    generator = open_server(load_settings(generator=server.url))
    asks = {"messages": [{"role": "user", "content": "Hello."}], "max_tokens": 4}
    with httpx.Client(trust_env=False, timeout=PATIENCE_S) as other, ThreadPoolExecutor(1) as pool:
        steps, others = [], None
        for step in generator.generate(PROMPT, OPTIONS, StopFlag()):
            steps.append(step)
            if others is None and isinstance(step, Token):
                others = pool.submit(other.post, f"{server.url}/chat/completions", json=asks)
        assert others is not None
        assert others.result().status_code == httpx.codes.OK
    assert words(steps) == story
    assert isinstance(steps[-1], Finished)
    assert steps[-1].reason is FinishReason.LENGTH


def test_where_one_of_two_is_killed_in_the_middle_the_other_goes_on_behind_its_words(
    story: str,
) -> None:
    """No word is told twice; the dead one is set aside, and nobody is asked to wait for it."""
    with running() as first, running() as second:
        generator = open_server(load_settings(generator=[first.url, second.url]))
        assert isinstance(generator, ServersEngine)
        steps = []
        for step in generator.generate(PROMPT, OPTIONS, StopFlag()):
            steps.append(step)
            if len([one for one in steps if isinstance(one, Token)]) == 8:
                first.kill()
        assert words(steps) == story
        (failure,) = generator.set_aside
        assert first.url in failure.finding
        assert words(ask(generator)) == story
        second.kill()
        with pytest.raises(ServerFailed) as raised:
            ask(generator)
    assert first.url in str(raised.value)
    assert second.url in str(raised.value)


def test_two_answer_side_by_side(server: LlamaServer, story: str) -> None:
    both = threading.Barrier(2, timeout=PATIENCE_S)

    def answer(generator: Generator) -> list[Step]:
        steps: list[Step] = []
        for step in generator.generate(PROMPT, OPTIONS, StopFlag()):
            if isinstance(step, Token) and not words(steps):
                both.wait()  # one after the other would never pass
            steps.append(step)
        return steps

    with running() as second, ThreadPoolExecutor(2) as pool:
        generator = open_server(load_settings(generator=[server.url, second.url]))
        told = list(pool.map(answer, [generator] * 2))
    assert [words(steps) for steps in told] == [story] * 2


def test_a_prompt_that_is_too_long_is_refused_with_its_reason_and_the_next_step(
    server: LlamaServer, story: str
) -> None:
    """The stream itself ends without a word."""
    long = [Message(Role.USER, ("weir " * 2 * CONTEXT_TOKENS,))]
    for generator in (opened(server), open_server(load_settings(generator=server.url))):
        with pytest.raises(Refused) as raised:
            ask(generator, long)
        assert raised.value.status == httpx.codes.BAD_REQUEST
        assert f"maximum context length is {CONTEXT_TOKENS} tokens" in raised.value.finding
        assert raised.value.step == "See its log; where it is too long, lower passages."
        assert words(ask(generator)) == story


def test_a_model_that_it_does_not_have_is_not_answered_for_by_another(server: LlamaServer) -> None:
    """It answers to any name."""
    with pytest.raises(
        ServerFailed, match=rf"^{server.url} has {MODEL}, and no big\. Name one that it has"
    ):
        open_server(load_settings(generator=server.url, model="big"))


def test_it_reads_our_grammar_and_quotes_along_it(server: LlamaServer) -> None:
    """Were it sent one: between marks stand words of the text then, one after the other."""
    text = "The weir was built in 1873 by Ada Molina."
    said = "Write what she said, in quotation marks."
    prompt = [
        Message(Role.SYSTEM, ("You quote.",)),
        Message(Role.USER, (f'Ada Molina said: "We build weirs." {said}',)),
    ]
    options = DecodingOptions(LENGTH, Quotations((text,)))
    free, bound = (
        words(list(model.generate(prompt, options, StopFlag()))).split('"')[1]
        for model in (
            ModelOnServer(Server(server.url), MODEL, has_grammar=has_grammar)
            for has_grammar in (False, True)
        )
    )
    assert free == "We build weirs."
    assert bound
    assert bound in text
