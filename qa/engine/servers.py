"""One model on several servers: each question goes to one of them, and to another where that fails.

Questions stand in one fair queue for the next free server. What has been told of an answer is never
told again: where a server breaks off, another one's answer goes on behind the words that are told,
if it begins with them.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace

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
from qa.engine.queueing import QUEUE_PATIENCE_S, FairQueue
from qa.engine.server import Listed, ModelOnServer, ensure_has, first_model, listed_models
from qa.engine.server_connection import Refused, Server
from qa.engine.server_pool import BackOff, ServerPool
from qa.engine.server_protocol import estimate_tokens
from qa.errors import ServerFailed

SILENCE_SECONDS = 90.0
"""A server may load its model before it says anything, as Ollama does behind a pause."""

LONGEST_WAIT_S = 5.0
"""A question waits so long for a server that failed, where no other is left, and is told then."""

WRONG_REQUEST = (400, 413, 422)
"""What no other server would answer either. Any other refusal is this server's own."""

BACK_OFF = BackOff()


@dataclass(slots=True)
class _Asked:
    """A prompt on its way through the servers; `to_ask` are those left in this round."""

    messages: Sequence[Message]
    options: DecodingOptions
    stop: StopFlag
    to_ask: set[Server]
    is_last_round: bool = False
    has_waited: bool = False
    failures: dict[Server, ServerFailed] = field(default_factory=dict)
    told: str = ""
    told_tokens: int = 0
    broke_off: ServerFailed | None = None  # how the server failed that told it


class ServersEngine:
    """One model on several servers, or on one; satisfies `qa.engine.generation.Generator`.

    Each answers `at_once` questions at a time, and is given up where it says nothing for
    `silence_s` seconds.
    """

    def __init__(
        self,
        servers: Sequence[Server],
        *,
        model: str,
        context_tokens: int,
        at_once: int = 1,
        silence_s: float = SILENCE_SECONDS,
        back_off: BackOff = BACK_OFF,
    ) -> None:
        """Look at all at once; without a `model` the first of the first that answers is taken.

        Who does not answer or lacks the model is set aside. Raises ServerFailed when all are.
        """
        self.context_tokens = context_tokens
        self._servers = tuple(servers)
        self._pool = ServerPool(servers, at_once, back_off)
        self._queue = FairQueue()
        self._silence_s = silence_s
        self._sleep = back_off.sleep
        self._models: dict[Server, ModelOnServer] = {}
        self.name = self._looked_at(model)

    @property
    def set_aside(self) -> tuple[ServerFailed, ...]:
        """How those servers failed that are not asked for now."""
        failures = [self._pool.failure_of(server) for server in self._servers]
        return tuple(failure for failure in failures if failure)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """An estimate: a token for four bytes, and a few for each message."""
        return estimate_tokens(messages)

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """See Generator, and ModelOnServer.

        Raises ServerFailed where no server answers, and where one broke off in words with which no
        other begins; Refused where the request itself is wrong.
        """
        asked = _Asked(messages, options, stop, set(self._servers))
        while server := (yield from self._turn(asked)):
            try:
                yield from self._answer(server, asked)
            except ServerFailed as error:
                is_wrong = isinstance(error, Refused) and error.status in WRONG_REQUEST
                if is_wrong or error is asked.broke_off:
                    raise
                self._pool.set_aside(server, error)
                asked.failures[server] = error
                asked.to_ask.discard(server)
                asked.broke_off = error if asked.told else None
            else:
                return
            finally:
                self._pool.give_back(server)
        yield Finished(FinishReason.STOPPED, estimate_tokens(messages), 0, asked.told_tokens)

    def read_ahead(self, messages: Sequence[Message], stop: StopFlag) -> None:
        """Nothing: a server reads what it is asked to answer."""

    def _looked_at(self, model: str) -> str:
        """The model that all have who are not set aside now."""
        with ThreadPoolExecutor(len(self._servers), thread_name_prefix="look-at-server") as threads:
            looks = [threads.submit(listed_models, server) for server in self._servers]
        for server, look in zip(self._servers, looks, strict=True):
            try:
                listed = look.result()
                model = model or first_model(server, listed.names)
                self._note(server, listed, model)
            except ServerFailed as error:
                self._pool.set_aside(server, error)
        if len(self.set_aside) == len(self._servers):
            raise self._no_answer({})
        return model

    def _note(self, server: Server, listed: Listed, model: str) -> None:
        """Note what a look at a server has shown. Raises LacksModel."""
        ensure_has(server, listed.names, model)
        self._models[server] = ModelOnServer(server, model, self._silence_s, listed.has_grammar)

    def _turn(self, asked: _Asked) -> Generator[Queued, None, Server | None]:
        """Wait in the queue for a server that is free, to be given back; None when stopped.

        A question that has begun goes before those that wait.
        """
        has_begun = asked.options.continues or bool(asked.failures)
        patience_s = 0.0
        with self._queue.place(next_up=has_begun) as place:
            while not asked.stop.is_set():
                ahead = place.ahead(patience_s)
                server = None if ahead else self._free(asked, patience_s)
                if server:
                    return server
                asked.has_waited = True
                yield Queued(ahead + self._pool.is_busy)
                patience_s = QUEUE_PATIENCE_S
        return None

    def _free(self, asked: _Asked, patience_s: float) -> Server | None:
        """A server for the first in the queue; None when none is free within the patience.

        It waits for those that have not failed it in this round, and who stands behind it waits
        too. Raises ServerFailed where none will be free soon.
        """
        if self._pool.due_in_s(asked.to_ask) > LONGEST_WAIT_S:
            if asked.is_last_round or self._pool.due_in_s(self._servers) > LONGEST_WAIT_S:
                raise self._no_answer(asked.failures)
            asked.is_last_round, asked.to_ask = True, set(self._servers)
        due_in_s = self._pool.due_in_s(asked.to_ask)
        if due_in_s:
            self._sleep(min(due_in_s, QUEUE_PATIENCE_S))
            return None
        return self._pool.take(asked.to_ask, patience_s)

    def _answer(self, server: Server, asked: _Asked) -> Iterator[Step]:
        """What the server answers, without what is told already; where it failed, after a look."""
        if asked.has_waited:
            asked.has_waited = False
            yield Queued(0)
        if self._pool.failure_of(server):
            self._note(server, listed_models(server, asked.stop), self.name)
        model = self._models[server]
        with closing(model.generate(asked.messages, asked.options, asked.stop)) as steps:
            for step in _untold(steps, asked):
                if isinstance(step, Finished) and step.reason is not FinishReason.STOPPED:
                    self._pool.answered(server)
                yield step

    def _no_answer(self, failures: Mapping[Server, ServerFailed]) -> ServerFailed:
        """Why no server answers, each named; `failures` are those that the question itself met.

        One alone is what is the matter itself.
        """
        errors = [
            error
            for server in self._servers
            if (error := failures.get(server) or self._pool.failure_of(server))
        ]
        they, finding = "It is", errors[0].finding
        if len(self._servers) > 1:
            each = "; ".join(error.finding[0].lower() + error.finding[1:] for error in errors)
            they, finding = "They are", f"No server of generator answers: {each}"
        steps = " ".join(dict.fromkeys(error.step for error in errors))
        due_in_s = self._pool.due_in_s(self._servers)
        again = f" {they} asked again in {due_in_s:.0f} s." if due_in_s > LONGEST_WAIT_S else ""
        return ServerFailed(finding, steps + again)


def _untold(steps: Iterator[Step], asked: _Asked) -> Iterator[Step]:
    """The steps behind the words that are told already, noting what they tell.

    Raises what broke off those words where the answer does not begin with them.
    """
    ahead = asked.told
    for step in steps:
        match step:
            case Token(text) if ahead and ahead.startswith(text):
                ahead = ahead.removeprefix(text)
            case Token(text):
                if asked.broke_off and not text.startswith(ahead):
                    raise asked.broke_off
                new = replace(step, text=text.removeprefix(ahead))
                ahead = ""
                asked.told += new.text
                asked.told_tokens += 1
                yield new
            case Finished(reason) if (
                ahead and asked.broke_off and reason is not FinishReason.STOPPED
            ):
                raise asked.broke_off
            case Prefill() if asked.told:
                pass  # to read it once more is no news behind words of the answer
            case _:
                yield step
