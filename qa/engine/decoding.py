"""A GGUF model and our own decode loop on llama.cpp's low-level API.

`Llama` loads the file and tokenises; decoding runs on `llama_decode`, because three things must be
ours: the KV cells of the longest common prefix of two prompts are kept, a stop ends a prefill and
not only a decode, and a constraint masks the logits. One context, one sequence, one lock.
"""

import codecs
import ctypes
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.engine.chat_template import tokenize_messages, without_system
from qa.engine.constraints import Constraint
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Step,
    StopFlag,
    Token,
)
from qa.engine.native_log import native_errors
from qa.errors import BadQuestion, ModelError

# Tokens read in one `llama_decode`: the granularity of the progress that is shown. Larger batches
# read no faster on a CPU (1.5B, 529 tokens, 2 threads: 120 tokens/s in 128s, 119 in 512s).
PREFILL_BATCH = 128

_DECODED, _NO_ROOM, _ABORTED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Choice:
    token: int
    logprob: float


class LlamaEngine:
    """One loaded model; satisfies `qa.engine.generation.Generator`."""

    def __init__(self, path: Path, *, name: str, context_tokens: int, threads: int) -> None:
        """Load the GGUF file at `path`; `threads` = 0 takes every core.

        Raises ModelError when the file cannot be loaded or has no chat template.
        """
        # Read by OpenMP when llama.cpp is loaded: how long a thread that waits for another spins.
        # The default is 100 times as long and starves everybody when another program wants the
        # same cores. 1.5B, 2 threads, idle, two runs each: prefill 83 and 76 tokens/s against the
        # default's 87 and 78, decode 12.1 and 11.6 against 11.4 and 11.8. Beside one busy program,
        # one run each: decode 5.3 tokens/s, 2.5 at 20,000 and 1.2 at 100,000.
        os.environ.setdefault("GOMP_SPINCOUNT", "3000")
        import llama_cpp

        self._api: Any = llama_cpp
        threads = threads or os.cpu_count() or 1
        complaints = native_errors()
        complaints.clear()
        try:
            self._llama: Any = llama_cpp.Llama(
                str(path),
                n_ctx=context_tokens,
                n_batch=PREFILL_BATCH,
                n_ubatch=PREFILL_BATCH,
                n_threads=threads,
                n_threads_batch=threads,
                verbose=False,
            )
        except (ValueError, RuntimeError, OSError) as error:
            raise ModelError(
                f"{path} cannot be loaded: {' '.join(complaints) or error}. "
                "See what is wrong with: qa doctor"
            ) from error
        self.name = name
        self.context_tokens: int = self._llama.n_ctx()
        self._context = self._llama.ctx
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._vocab = llama_cpp.llama_model_get_vocab(self._llama.model)
        self._vocab_size: int = self._llama.n_vocab()
        self._batch = llama_cpp.llama_batch_init(PREFILL_BATCH, 0, 1)
        self._formatter = self._load_template(path)
        self._cells: list[int] = []  # the tokens whose KV cells are held, by position
        self._lock = threading.Lock()
        # `llama_decode` runs beside the caller's thread, so that Ctrl-C reaches the caller.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="llama_decode")
        # The native loop asks between graph nodes whether to stop. `strlen` of the flag's string
        # is that question without Python's lock: 0 is "go on", 1 is "stop".
        self._is_set = llama_cpp.ggml_abort_callback(("strlen", ctypes.CDLL(None)))

    def close(self) -> None:
        """Free the model's memory; waits for an answer under way."""
        with self._lock:
            self._worker.shutdown()
            self._api.llama_batch_free(self._batch)
            self._llama.close()

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """See Generator."""
        return len(self._tokenize(messages))

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """See Generator. Greedy.

        Raises BadQuestion when the prompt leaves no room for an answer, ModelError when llama.cpp
        fails.
        """
        prompt = self._prompt(messages)
        with self._lock:
            reused = self._keep_common_prefix(prompt)
            yield from self._read(prompt, stop)
            if len(self._cells) < len(prompt):
                yield Finished(FinishReason.STOPPED, len(prompt), reused, 0)
                return
            room = min(options.max_new_tokens, self.context_tokens - len(prompt))
            yield from self._write(len(prompt), reused, room, options.constraint, stop)

    def _prompt(self, messages: Sequence[Message]) -> list[int]:
        """The prompt's tokens; BadQuestion when they leave no room for an answer."""
        prompt = self._tokenize(messages)
        if len(prompt) >= self.context_tokens:
            raise BadQuestion(
                f"The prompt has {len(prompt)} tokens and the model's context holds "
                f"{self.context_tokens}. Ask a shorter question or raise context_tokens."
            )
        return prompt

    def _read(self, prompt: list[int], stop: StopFlag) -> Iterator[Prefill]:
        """Decode what of the prompt has no KV cells yet; stopped, it ends before the end."""
        yield Prefill(len(self._cells), len(prompt))
        for start in range(len(self._cells), len(prompt), PREFILL_BATCH):
            if not self._decode(prompt[start : start + PREFILL_BATCH], stop):
                return
            yield Prefill(len(self._cells), len(prompt))

    def _write(
        self,
        prompt_tokens: int,
        reused: int,
        room: int,
        constraint: Constraint | None,
        stop: StopFlag,
    ) -> Iterator[Step]:
        utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")
        text, count, reason = "", 0, FinishReason.LENGTH
        while count < room:
            choice = self._choose(constraint.allowed(text) if constraint else None)
            if self._api.llama_vocab_is_eog(self._vocab, choice.token):
                reason = FinishReason.END
                break
            count += 1
            piece = utf8.decode(self._piece(choice.token))
            text += piece
            if piece:
                yield Token(piece, choice.logprob)
            if count < room and not self._decode([choice.token], stop):
                reason = FinishReason.STOPPED
                break
        yield Finished(reason, prompt_tokens, reused, count)

    def _choose(self, allowed: tuple[str, ...] | None) -> _Choice:
        """The likeliest token, or the likeliest first token of an allowed string."""
        logits = self._logits()
        if allowed is None:
            token = int(logits.argmax())
        else:
            tokens = [self._text_tokens(string, control=False)[0] for string in allowed]
            token = max(tokens, key=lambda candidate: float(logits[candidate]))
        highest = float(logits.max())
        normaliser = highest + float(np.log(np.exp(logits - highest).sum()))
        return _Choice(token, float(logits[token]) - normaliser)

    def _logits(self) -> NDArray[np.float32]:
        """The logits behind the last token, a view that the next decode overwrites."""
        pointer = self._api.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, (self._vocab_size,))

    def _keep_common_prefix(self, prompt: list[int]) -> int:
        """Drop the KV cells behind the prefix shared with the last prompt; how many stay."""
        shared = 0
        for held, wanted in zip(self._cells, prompt[:-1], strict=False):  # the last must be decoded
            if held != wanted:
                break
            shared += 1
        self._cut(shared)
        return len(self._cells)

    def _cut(self, length: int) -> None:
        """Keep the first `length` KV cells, or none where the model's memory cannot be cut."""
        if not self._api.llama_memory_seq_rm(self._memory, 0, length, -1):
            self._api.llama_memory_clear(self._memory, False)
            length = 0
        del self._cells[length:]

    def _decode(self, tokens: list[int], stop: StopFlag) -> bool:
        """Append tokens to the context; False if stopped, and then nothing was appended."""
        if stop.is_set():
            return False
        self._api.llama_set_abort_callback(self._context, self._is_set, ctypes.addressof(stop.cell))
        batch = self._batch
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = len(self._cells) + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = index == len(tokens) - 1
        future = self._worker.submit(self._api.llama_decode, self._context, batch)
        try:
            code = future.result()
        finally:
            if not future.done():  # interrupted: end the native call, then drop what it wrote
                stop.set()
                wait([future])
                self._cut(len(self._cells))
        if code == _DECODED:
            self._cells += tokens
            return True
        self._cut(len(self._cells))
        if code == _ABORTED:
            return False
        raise ModelError(
            f"llama.cpp could not decode (code {code}"
            + (", no room in the context" if code == _NO_ROOM else "")
            + "). Ask again; if it stays, run: qa doctor"
        )

    def _tokenize(self, messages: Sequence[Message]) -> list[int]:
        tokens = tokenize_messages(messages, self._render, self._text_tokens)
        start = self._llama.token_bos()
        if self._api.llama_vocab_get_add_bos(self._vocab) and tokens[:1] != [start]:
            tokens.insert(0, start)
        return tokens

    def _text_tokens(self, text: str, *, control: bool) -> list[int]:
        tokens: list[int] = self._llama.tokenize(
            text.encode("utf-8", errors="replace"), add_bos=False, special=control
        )
        return tokens

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        length = self._api.llama_token_to_piece(self._vocab, token, buffer, 256, 0, False)
        return buffer.raw[: max(length, 0)]

    def _render(self, pairs: list[dict[str, str]]) -> str:
        try:
            return str(self._formatter(messages=pairs).prompt)
        except ValueError:  # what a template's own raise_exception becomes
            return str(self._formatter(messages=without_system(pairs)).prompt)

    def _load_template(self, path: Path) -> Any:
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        template = self._llama.metadata.get("tokenizer.chat_template")
        if template is None:
            raise ModelError(
                f"{path} has no chat template: it is a base model. Use its instruct variant."
            )

        def text_of(token: int) -> str:
            return self._llama._model.token_get_text(token) if token >= 0 else ""

        return Jinja2ChatFormatter(
            template=template,
            eos_token=text_of(self._llama.token_eos()),
            bos_token=text_of(self._llama.token_bos()),
        )
