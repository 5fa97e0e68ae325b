"""llama.cpp by itself: what a prompt, or a token of several answers, costs without our loop."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.engine.context import PREFILL_BATCH, load_parameters


class BareContext:
    """A context of its own over a model, fed through `llama_decode`.

    The parameters are those of the engine's context; with several sequences they share the cells.
    """

    def __init__(self, path: Path, context_tokens: int, threads: int, sequences: int = 1) -> None:
        import llama_cpp

        self._api: Any = llama_cpp
        self._model = llama_cpp.Llama(str(path), **load_parameters(context_tokens, threads))
        parameters = self._model.context_params
        parameters.n_seq_max = sequences
        parameters.kv_unified = sequences > 1
        self._context = llama_cpp.llama_init_from_model(self._model.model, parameters)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(PREFILL_BATCH, 0, 1)
        self._length = 0

    def close(self) -> None:
        """Free its memory."""
        self._api.llama_batch_free(self._batch)
        self._api.llama_free(self._context)
        self._model.close()

    def read(self, tokens: Sequence[int]) -> float:
        """Seconds to read a prompt into empty cells and to know the likeliest token behind it."""
        started = time.perf_counter()
        self._api.llama_memory_clear(self._memory, False)
        for start in range(0, len(tokens), PREFILL_BATCH):
            part = tokens[start : start + PREFILL_BATCH]
            last = start + len(part) == len(tokens)
            self._decode([(token, start + index, 0) for index, token in enumerate(part)], last)
        self._likeliest()
        self._length = len(tokens)
        return time.perf_counter() - started

    def read_together(self, first: Sequence[int], second: Sequence[int]) -> float:
        """Seconds to read two prompts into empty cells, tokens of both in each batch."""
        started = time.perf_counter()
        self._api.llama_memory_clear(self._memory, False)
        rows = sorted(
            (index, sequence, token)
            for sequence, tokens in enumerate((first, second))
            for index, token in enumerate(tokens)
        )
        for start in range(0, len(rows), PREFILL_BATCH):
            part = rows[start : start + PREFILL_BATCH]
            self._decode([(token, index, sequence) for index, sequence, token in part], True)
        self._likeliest()
        return time.perf_counter() - started

    def share(self, sequences: int) -> None:
        """Let as many sequences begin with what has been read."""
        for sequence in range(1, sequences):
            self._api.llama_memory_seq_rm(self._memory, sequence, 0, -1)
            self._api.llama_memory_seq_cp(self._memory, 0, sequence, 0, self._length)

    def step(self, token: int, sequences: int) -> float:
        """Seconds to read one token behind each of so many sequences; it is dropped again."""
        started = time.perf_counter()
        self._decode([(token, self._length, sequence) for sequence in range(sequences)], True)
        self._likeliest()
        seconds = time.perf_counter() - started
        for sequence in range(sequences):
            self._api.llama_memory_seq_rm(self._memory, sequence, self._length, -1)
        return seconds

    def _decode(self, rows: Sequence[tuple[int, int, int]], logits: bool) -> None:
        """Read tokens, each at its position of its sequence; logits behind each sequence's last."""
        batch = self._batch
        batch.n_tokens = len(rows)
        last = {sequence: index for index, (_, _, sequence) in enumerate(rows)}
        for index, (token, position, sequence) in enumerate(rows):
            batch.token[index] = token
            batch.pos[index] = position
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = sequence
            batch.logits[index] = logits and last[sequence] == index
        code = self._api.llama_decode(self._context, batch)
        if code:
            raise RuntimeError(f"llama_decode failed with code {code}")

    def _likeliest(self) -> int:
        import numpy as np

        logits = self._api.llama_get_logits_ith(self._context, -1)
        return int(np.ctypeslib.as_array(logits, (self._model.n_vocab(),)).argmax())


@contextmanager
def bare_context(
    path: Path, context_tokens: int, threads: int, sequences: int = 1
) -> Iterator[BareContext]:
    """A BareContext that is closed at the end."""
    context = BareContext(path, context_tokens, threads, sequences)
    try:
        yield context
    finally:
        context.close()
