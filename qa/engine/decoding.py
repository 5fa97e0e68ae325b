"""Messages in, a stream of steps out: our own decode loop over a `LlamaContext`.

What was read before is not read again, a stop ends a prefill and not only a decode, a constraint
masks the logits, and drafts are verified several at once. One context, one prompt at a time, a fair
queue in front of it.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from qa.engine.context import PREFILL_BATCH, LlamaContext
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Queued,
    Step,
    StopFlag,
)
from qa.engine.kept_states import KeptStates, read_state, shared_prefix, write_state
from qa.engine.pace import Pace
from qa.engine.queueing import QUEUE_PATIENCE_S, FairQueue, Place
from qa.engine.writing import write
from qa.errors import BadQuestion

GROUP, LEAST_ROWS = 4, 8
"""llama.cpp computes rows in groups of four, and fewer than eight by other kernels. Read from a
multiple of four on, eight or more at a time, a token's KV cells are the same bit for bit, whatever
is read with it. Nothing else is ever reused: what is said to a prompt does not depend on those
before it.
"""

READ_AHEAD_BATCH = 32
"""Tokens read in one go for a question that is still being typed: whoever presses Enter waits for
such a batch at most, 0.4 s. It reads 70 tokens a second where PREFILL_BATCH reads 82."""

WORTH_KEEPING = 64
"""Tokens that are kept when another prompt takes their place: reading them takes most of a second,
keeping them some milliseconds."""

KEPT_STATES_BYTES = 64_000_000
"""Memory for what was read of earlier prompts: four of the default model's."""


@dataclass(frozen=True, slots=True)
class _ReadingAhead:
    """A prompt's beginning that is being read ahead."""

    tokens: Sequence[int]
    stop: StopFlag


class LlamaEngine:
    """One loaded model; satisfies `qa.engine.generation.Generator`."""

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        context_tokens: int,
        threads: int,
        kept_states_bytes: int = KEPT_STATES_BYTES,
    ) -> None:
        """Load the GGUF file at `path`; `threads` = 0 takes every core.

        Raises ModelError when the file cannot be loaded or has no chat template.
        """
        self.name = name
        self._context = LlamaContext(path, context_tokens, threads)
        self.context_tokens = self._context.size
        self._kept = KeptStates(kept_states_bytes, can_be_cut=self._context.copies_can_be_cut)
        self._queue = FairQueue()
        self._cells = threading.Lock()  # held by whoever uses the context
        self._reading_ahead: _ReadingAhead | None = None
        self._closed = False
        self.pace = Pace()

    def close(self) -> None:
        """Free the model's memory; waits for an answer under way."""
        with self._cells:
            self._closed = True
            self._context.close()

    @property
    def queued(self) -> int:
        """How many prompts are being answered or wait for it."""
        return len(self._queue)

    @property
    def is_reading_ahead(self) -> bool:
        """Whether a prompt that is yet to come is being read."""
        return self._reading_ahead is not None

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """See Generator."""
        return len(self._context.tokenize(messages))

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """See Generator. Greedy.

        Raises BadQuestion when the prompt leaves no room for an answer, ModelError when llama.cpp
        fails.
        """
        prompt = self._prompt(messages)
        with self._queue.place(next_up=options.continues) as place:
            self._end_reading_of_others(prompt)
            yield from self._wait(place, stop)
            if not stop.is_set():
                with self._cells:
                    if not self._closed:
                        yield from self._answer(prompt, options, stop)
                        return
            yield Finished(FinishReason.STOPPED, len(prompt), 0, 0)

    def read_ahead(self, messages: Sequence[Message], stop: StopFlag) -> None:
        """See Generator. The stop flag is set when it has to give way, from the start or later."""
        beginning = self._beginning(messages)[: self.context_tokens]
        if len(self._queue) or not self._cells.acquire(blocking=False):
            stop.set()
            return
        try:
            self._reading_ahead = _ReadingAhead(beginning, stop)
            if not self._closed:
                self._reuse(beginning)
                self._read_on(beginning, stop)
        finally:
            self._reading_ahead = None
            self._cells.release()

    def begin_with(self, messages: Sequence[Message], file: Path) -> None:
        """Read ahead what every prompt begins with, from a file if it stands there, or into it.

        The file serves this model on this build of llama.cpp alone; it need not be writable.
        """
        state = read_state(file)
        with self._cells:
            if state and list(state.tokens) == self._beginning(messages):
                self._context.restore(state)
                return
        self.read_ahead(messages, StopFlag())
        with self._cells, suppress(OSError):
            write_state(self._context.copy_state(), file)

    def _prompt(self, messages: Sequence[Message]) -> list[int]:
        """The prompt's tokens; BadQuestion when they leave no room for an answer."""
        prompt = self._context.tokenize(messages)
        if len(prompt) >= self.context_tokens:
            raise BadQuestion(
                f"The prompt has {len(prompt)} tokens and the model's context holds "
                f"{self.context_tokens}. Ask a shorter question or raise context_tokens."
            )
        return prompt

    def _beginning(self, messages: Sequence[Message]) -> list[int]:
        """The tokens before the last part of the last message, whatever that part will be.

        In whole groups.
        """
        *others, last = messages
        prompts = [
            self._context.tokenize([*others, replace(last, parts=(*last.parts[:-1], part))])
            for part in ("a", "?")
        ]
        return prompts[0][: _whole_groups(shared_prefix(*prompts))]

    def _end_reading_of_others(self, prompt: Sequence[int]) -> None:
        """Stop what is being read ahead unless this prompt begins with it."""
        reading = self._reading_ahead
        if reading and shared_prefix(reading.tokens, prompt) < len(reading.tokens):
            reading.stop.set()

    def _wait(self, place: Place, stop: StopFlag) -> Iterator[Queued]:
        """Tell the place in the queue until it is this prompt's turn, or it is stopped."""
        ahead = place.ahead(0)
        if not ahead:
            return
        while ahead and not stop.is_set():
            yield Queued(ahead)
            ahead = place.ahead(QUEUE_PATIENCE_S)
        yield Queued(ahead)

    def _answer(
        self, prompt: Sequence[int], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        reused = self._reuse(prompt)
        try:
            yield from self._read(prompt, stop)
            if len(self._context.held) < len(prompt):
                yield Finished(FinishReason.STOPPED, len(prompt), reused, 0)
                return
            room = min(options.max_new_tokens, self.context_tokens - len(prompt))
            began = time.perf_counter()
            finished = yield from write(
                self._context, prompt, replace(options, max_new_tokens=room), stop
            )
            self.pace = self.pace.wrote(finished.completion_tokens, time.perf_counter() - began)
            yield replace(finished, reused_tokens=reused)
        finally:  # what was written was not computed as a prompt would be
            self._context.cut(_whole_groups(len(prompt)))

    def _reuse(self, prompt: Sequence[int]) -> int:
        """Bring the cells to the longest beginning of the prompt that is known; its length.

        Some tokens are always left to be read, as many as a batch needs.
        """
        context, known = self._context, prompt[: max(0, len(prompt) - LEAST_ROWS)]
        usable = context.usable(shared_prefix(context.held, known))
        kept = self._kept.best_for(known, longer_than=usable)
        # a copy that cannot be cut has to be made before more is read
        lost = len(context.held) - (usable if context.copies_can_be_cut else 0)
        if lost >= WORTH_KEEPING:
            self._kept.keep(context.state_bytes, context.copy_state)
        if kept:
            context.restore(kept)
        context.cut(_whole_groups(shared_prefix(context.held, known)))
        return len(context.held)

    def _read(self, prompt: Sequence[int], stop: StopFlag) -> Iterator[Prefill]:
        """Decode what of the prompt has no KV cells yet; stopped, it ends before the end."""
        held = self._context.held
        yield Prefill(len(held), len(prompt))
        for batch in _batches(prompt, len(held), PREFILL_BATCH):
            began = time.perf_counter()
            if not self._context.decode(batch, stop):
                return
            self.pace = self.pace.read(len(batch), time.perf_counter() - began)
            yield Prefill(len(held), len(prompt))

    def _read_on(self, beginning: Sequence[int], stop: StopFlag) -> None:
        """Decode a prompt's beginning until somebody comes with a prompt."""
        for batch in _batches(beginning, len(self._context.held), READ_AHEAD_BATCH):
            if len(self._queue) or not self._context.decode(batch, stop, logits=0):
                return


def _whole_groups(count: int) -> int:
    return count - count % GROUP


def _batches(tokens: Sequence[int], start: int, most: int) -> Iterator[Sequence[int]]:
    """The tokens from `start` on, at most so many at a time and LEAST_ROWS at least."""
    while start < len(tokens):
        left = len(tokens) - start
        count = most - LEAST_ROWS if most < left < most + LEAST_ROWS else min(left, most)
        yield tokens[start : start + count]
        start += count
