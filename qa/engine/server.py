"""A language model on a server that speaks the protocol of OpenAI, in place of one on this machine.

For those who have a bigger machine: llama.cpp, Ollama, vLLM and others serve so. The prompt leaves
this machine for that address, and nothing else does.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from qa.engine.constraints import Quotations
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Step,
    StopFlag,
)
from qa.engine.grammar import quotation_grammar
from qa.engine.server_connection import Refused, Server, exchange
from qa.engine.server_protocol import (
    END_OF_STREAM,
    Completion,
    ServedModels,
    ServerUsage,
    as_pairs,
    estimate_tokens,
    event_data,
    reason_of,
    tokens_of,
    without_control_words,
)
from qa.engine.thoughts import NO_THINKING, Thoughts
from qa.errors import ModelError, ServerFailed

CHAT, MODELS = "/chat/completions", "/models"

# What a server may refuse. It is asked for first, and done without where that is refused.
NO_THOUGHTS = {"chat_template_kwargs": NO_THINKING}  # llama.cpp and vLLM hand it to the template
NO_PENALTY = {"repeat_penalty": 1.0, "repetition_penalty": 1.0}
"""Unless told otherwise `llama_cpp.server` makes words less likely that were there before, by 1.1:
it does not quote a text as it stands. vLLM's name for it is the second one."""
STREAM_OPTIONS = "stream_options"
WISHES = {"logprobs": True, STREAM_OPTIONS: {"include_usage": True}}
"""`llama_cpp.server` tells log-probabilities only with `top_logprobs`, which is not asked for: it
then sorts the whole vocabulary for each token, which took .1 s with 49,000 on a busy machine."""
OF_LOCAL_SERVERS = NO_THOUGHTS | NO_PENALTY
NOT_UNDERSTOOD = (400, 422)

OF_LLAMA_CPP = "llamacpp"
"""Whose models are llama.cpp's own server's. It holds the likeliest token against the grammar and
looks further only where that is refused: 0.04 ms on a busy machine, with 275 words to quote from. A
server that holds all of 151,000 tokens against it takes 0.4 s each time (`llama_cpp.server`, whose
models are OF_LLAMA_CPP_PYTHON), and where it cannot read a grammar it dies."""

OF_LLAMA_CPP_PYTHON = "me"
"""Whose models are those of `llama_cpp.server`. It writes one answer at a time and breaks it off
where another question comes, unless started with `--interrupt_requests false`."""

SHOWN_MODELS = 5
"""So many models of a server are named to somebody who looks for another one."""


class LacksModel(ServerFailed):
    """The server has other models than the one that is wanted."""


class ServerEngine:
    """One model on a server; satisfies `qa.engine.generation.Generator`.

    Several prompts may be under way at once; the server has its own queue.
    """

    def __init__(self, server: Server, *, model: str, context_tokens: int) -> None:
        """Ask the server which models it has; of these the first is taken where `model` is "".

        Raises ModelError when it does not answer, or lists none and none is named.
        """
        listed = listed_models(server)
        self.name = model or first_model(server, listed.names)
        self.context_tokens = context_tokens
        self._model = ModelOnServer(server, self.name, has_grammar=listed.has_grammar)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """An estimate: a token for four bytes, and a few for each message."""
        return estimate_tokens(messages)

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """See Generator, and ModelOnServer."""
        return self._model.generate(messages, options, stop)

    def read_ahead(self, messages: Sequence[Message], stop: StopFlag) -> None:
        """Nothing: a server reads what it is asked to answer."""


@dataclass(frozen=True, slots=True)
class ModelOnServer:
    """A model by its name on a server.

    The server may be silent for `silence_s` seconds at a time; None = until it is stopped. It is
    asked for its likeliest words. Where it `has_grammar`, it quotes along what may be quoted. Else
    it writes as it likes: constraints and drafts are for an engine that owns its logits, so numbers
    of no source and quotes that stand nowhere are found when the answer is checked
    (`qa.answering.citations`).
    """

    server: Server
    name: str
    silence_s: float | None = None
    has_grammar: bool = False

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Generator[Step, None, None]:
        """See Generator. Counts are the server's own where it tells them, else estimates.

        A token's `logprob` is UNTOLD where the server tells none. Raises ServerFailed, and
        ModelError where the model itself wrote nothing.
        """
        total, written = estimate_tokens(messages), 0
        thoughts, said, reason, usage = Thoughts(), False, None, ServerUsage()
        yield Prefill(0, total)
        with closing(self._pieces(messages, options, stop)) as pieces:
            for piece in pieces:
                usage = piece.usage or usage
                for choice in piece.choices[:1]:
                    reason = choice.finish_reason or reason
                    tokens = tokens_of(choice)
                    come = len(tokens) + bool(choice.delta.thoughts or choice.message.thoughts)
                    if come and not written:
                        yield Prefill(total, total)
                    written += come
                    for token in tokens:
                        for told in thoughts.take(token):
                            said = said or bool(told.text.strip())
                            yield told
        for told in thoughts.rest():
            said = said or bool(told.text.strip())
            yield told
        prompt_tokens = usage.prompt_tokens or total
        completion_tokens = usage.completion_tokens or written
        cached = usage.prompt_tokens_details.cached_tokens if usage.prompt_tokens_details else 0
        if stop.is_set():
            ending = FinishReason.STOPPED
        elif not said or reason is None:
            raise self._nothing_whole(reason, written)
        else:
            ending = FinishReason.LENGTH if reason == "length" else FinishReason.END
        yield Finished(ending, prompt_tokens, cached or 0, completion_tokens)

    def _request(self, messages: Sequence[Message], max_tokens: int) -> dict[str, Any]:
        return {
            "model": self.name,
            "messages": as_pairs(messages),
            "temperature": 0,
            "max_tokens": max_tokens,
        }

    def _pieces(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Generator[Completion, None, None]:
        """The events of the answer's stream, with log-probabilities and usage if it tells them.

        A stream without any event is one of a server that failed behind its headers. It says why,
        or answers, where it is asked for no stream.
        """
        asked = self._request(messages, options.max_new_tokens)
        for wishes in (*self._by_grammar(options), WISHES | OF_LOCAL_SERVERS, WISHES, {}):
            try:
                has_told = yield from self._events(asked | {"stream": True} | wishes, stop)
            except Refused as refused:
                if refused.status not in NOT_UNDERSTOOD or not wishes:
                    raise
            else:
                if not has_told:
                    rest = {name: wishes[name] for name in wishes if name != STREAM_OPTIONS}
                    yield from self._events(asked | rest, stop)
                return

    def _by_grammar(self, options: DecodingOptions) -> list[dict[str, Any]]:
        """The wishes with those for quotations, where there are any and the server knows how."""
        if not self.has_grammar or not isinstance(options.constraint, Quotations):
            return []
        texts = tuple(without_control_words(text) for text in options.constraint.texts)
        grammar = quotation_grammar(Quotations(texts))
        return [WISHES | OF_LOCAL_SERVERS | {"grammar": grammar}] if grammar else []

    def _events(self, asked: dict[str, Any], stop: StopFlag) -> Generator[Completion, None, bool]:
        """The events as they come; in the end whether there was any."""
        has_told = False
        with closing(exchange(self.server, CHAT, asked, stop, self.silence_s)) as lines:
            for line in lines:
                event = event_data(line)
                if event == END_OF_STREAM:
                    return True
                if event is not None:
                    has_told = True
                    yield self._completion(event)
                elif line.lstrip().startswith("<"):  # a page
                    raise _no_protocol(self.server)
                elif line.lstrip().startswith("{"):
                    yield self._whole("\n".join([line, *lines]))
                    return True
        return has_told

    def _whole(self, body: str) -> Completion:
        """The answer of a server that does not stream, although asked to."""
        answer = self._completion(body)
        if not answer.choices:
            raise _no_protocol(self.server)
        return answer

    def _completion(self, event: str) -> Completion:
        try:
            completion = Completion.model_validate_json(event)
        except ValidationError as error:
            raise _no_protocol(self.server) from error
        if completion.error:
            raise ServerFailed(
                f"The server at {self.server.url} failed in mid-answer "
                f"({reason_of(completion.error)})",
                "See its log, and ask again.",
            )
        return completion

    def _nothing_whole(self, reason: str | None, written: int) -> ModelError:
        """Why there is no answer although nothing failed."""
        if reason is None:
            what = "broke off in mid-answer" if written else "ended without an answer"
            return ServerFailed(
                f"The server at {self.server.url} {what}", "See its log, and ask again."
            )
        return ModelError(
            f"The model {self.name} at {self.server.url} wrote nothing (it ended by {reason!r}). "
            "Take an instruct model that does not think first, or raise max_answer_tokens."
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """The names of the models that a server has, and which server it is where that matters.

    One that `has_grammar` decodes along it; one that `breaks_off` leaves an answer where another
    question comes.
    """

    names: tuple[str, ...] = ()
    has_grammar: bool = False
    breaks_off: bool = False


def listed_models(server: Server, stop: StopFlag | None = None) -> Listed:
    """What a server tells of its models; nothing from one that keeps no list, or when stopped.

    Raises ServerFailed when it does not answer, or with something else.
    """
    stop = stop or StopFlag()
    try:
        with closing(exchange(server, MODELS, None, stop)) as lines:
            answer = "\n".join(lines)
        if stop.is_set():
            return Listed()
        models = ServedModels.model_validate_json(answer).data or []
    except Refused as refused:
        if refused.status == 404:
            return Listed()
        raise
    except ValidationError as error:
        raise _no_protocol(server) from error
    owners = {str(model.owned_by) for model in models}
    return Listed(
        tuple(model.id for model in models),
        has_grammar=OF_LLAMA_CPP in owners,
        breaks_off=OF_LLAMA_CPP_PYTHON in owners,
    )


def served_models(server: Server) -> tuple[str, ...]:
    """The names of the models that a server has; raises as `listed_models`."""
    return listed_models(server).names


def first_model(server: Server, served: Sequence[str]) -> str:
    """The model that is taken where none is named; ServerFailed where there is none."""
    if not served:
        raise ServerFailed(
            f"The server at {server.url} lists no model",
            "See that generator is its address, which mostly ends in /v1, or name the model by "
            "model in qa.toml or QA_MODEL.",
        )
    return served[0]


def ensure_has(server: Server, served: Sequence[str], model: str) -> None:
    """Raise LacksModel where a server lists models, and this one is not among them.

    Ollama takes a name without its `:latest`.
    """
    if served and not {model, f"{model}:latest"} & set(served):
        raise LacksModel(
            f"{server.url} has {', '.join(served[:SHOWN_MODELS])}, and no {model}",
            "Name one that it has by model in qa.toml or QA_MODEL.",
        )


def _no_protocol(server: Server) -> ServerFailed:
    return ServerFailed(
        f"What answers at {server.url} does not speak the protocol of OpenAI",
        "See that generator is the address of a language model's server; it mostly ends in /v1.",
    )
