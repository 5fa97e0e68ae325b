"""One GGUF model and one context of llama.cpp: tokens in, logits out.

`Llama` loads the file and tokenises; everything else runs on the low-level API, because the KV
cells must be ours. It knows which tokens its cells hold and nothing of prompts or answers. Not for
two threads at once.
"""

import ctypes
import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.engine.chat_template import tokenize_messages
from qa.engine.generation import Message, StopFlag
from qa.engine.kept_states import KeptState
from qa.engine.thoughts import MARKS, NO_THINKING
from qa.errors import ModelError

# Tokens read in one `llama_decode`: the granularity of the progress that is shown. Larger batches
# read no faster on a CPU (1.5B, 529 tokens, 2 threads: 120 tokens/s in 128s, 119 in 512s).
PREFILL_BATCH = 128

LONGEST_PIECE = 256  # bytes of a token's text

_DECODED, _NO_ROOM, _ABORTED = 0, 1, 2

_ERROR_LEVEL = 4  # GGML_LOG_LEVEL_ERROR in ggml.h


class LlamaContext:
    """A loaded model with one sequence of KV cells."""

    def __init__(self, path: Path, context_tokens: int, threads: int) -> None:
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
        self._llama = self._load(path, context_tokens, threads or os.cpu_count() or 1)
        self.size: int = self._llama.n_ctx()
        self.held: list[int] = []
        """The tokens whose KV cells are held, by position."""
        self._context = self._llama.ctx
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._vocab = llama_cpp.llama_model_get_vocab(self._llama.model)
        self._vocab_size: int = self._llama.n_vocab()
        self.can_cut = not any(
            trait(self._llama.model)
            for trait in (llama_cpp.llama_model_is_recurrent, llama_cpp.llama_model_is_hybrid)
        )
        """Whether the last KV cells can be dropped alone: a state of its own, which every token
        changes, goes as a whole. Where they cannot nothing is drafted."""
        has_window = llama_cpp.llama_model_n_swa(self._llama.model) > 0
        self.copies_can_be_cut = self.can_cut and not has_window
        """Whether that holds of a copied state: without the cells behind a sliding window, which
        llama.cpp does not copy, what comes next can be read, and nothing before it."""
        self._whole = 0
        self.never_written = self._marks_of_thoughts()
        """Tokens that open thoughts: without them a model answers at once."""
        self._batch = llama_cpp.llama_batch_init(PREFILL_BATCH, 0, 1)
        self._formatter = self._load_template(path)
        # `llama_decode` runs beside the caller's thread, so that Ctrl-C reaches the caller.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="llama_decode")
        # A quarter of a second for 150,000 tokens, while the embedder is still being loaded.
        self._tokens_by_piece = self._worker.submit(self._read_vocabulary)
        # The native loop asks between graph nodes whether to stop. `strlen` of the flag's string
        # is that question without Python's lock: 0 is "go on", 1 is "stop".
        self._is_set = llama_cpp.ggml_abort_callback(("strlen", ctypes.CDLL(None)))

    def close(self) -> None:
        """Free the model's memory."""
        self._worker.shutdown()
        self._api.llama_batch_free(self._batch)
        self._llama.close()

    def decode(self, tokens: Sequence[int], stop: StopFlag, logits: int = 1) -> bool:
        """Append up to PREFILL_BATCH tokens; False if stopped, and then nothing was appended.

        Logits are computed behind the last `logits` of them. Raises ModelError when llama.cpp
        fails.
        """
        if stop.is_set():
            return False
        self._api.llama_set_abort_callback(self._context, self._is_set, ctypes.addressof(stop.cell))
        self._fill_batch(tokens, logits)
        future = self._worker.submit(self._api.llama_decode, self._context, self._batch)
        try:
            code = future.result()
        finally:
            if not future.done():  # interrupted: end the native call, then drop what it wrote
                stop.set()
                wait([future])
                self._drop_from(len(self.held))
        if code == _DECODED:
            self.held += tokens
            return True
        self._drop_from(len(self.held))
        if code == _ABORTED:
            return False
        raise ModelError(
            f"llama.cpp could not decode (code {code}"
            + (", no room in the context" if code == _NO_ROOM else "")
            + "). Ask again; if it stays, run: qa doctor"
        )

    def logits(self, from_end: int = 1) -> NDArray[np.float32]:
        """The logits behind the token that is so many from the end of the last decode, 1 = last.

        A view of the vocabulary's size that the next decode overwrites.
        """
        pointer = self._api.llama_get_logits_ith(self._context, -from_end)
        return np.ctypeslib.as_array(pointer, (self._vocab_size,))

    def usable(self, length: int) -> int:
        """How many cells `cut` would leave of the first `length`: all, or none where it cannot."""
        whole = self._whole if self.can_cut else len(self.held)
        return length if length >= whole else 0

    def cut(self, length: int) -> None:
        """Keep the first `length` KV cells, or none where they cannot be kept alone."""
        if length < len(self.held):
            self._drop_from(self.usable(length))

    @property
    def state_bytes(self) -> int:
        """The size of a copy of what is held."""
        return int(self._api.llama_state_seq_get_size(self._context, 0))

    def copy_state(self) -> KeptState:
        """A copy of what is held."""
        size = self.state_bytes
        cells = np.empty(size, np.uint8)
        written = self._api.llama_state_seq_get_data(self._context, _bytes_of(cells), size, 0)
        return KeptState(tuple(self.held), cells[:written])

    def restore(self, state: KeptState) -> None:
        """Hold what a copied state holds, in place of what is held now."""
        self._drop_from(0)
        size = state.cells.size
        taken = self._api.llama_state_seq_set_data(self._context, _bytes_of(state.cells), size, 0)
        if taken == size:
            self.held = list(state.tokens)
            self._whole = 0 if self.copies_can_be_cut else len(self.held)
        else:
            self._drop_from(0)

    def is_end(self, token: int) -> bool:
        """Whether a token ends what a model says."""
        return bool(self._api.llama_vocab_is_eog(self._vocab, token))

    def piece(self, token: int) -> bytes:
        """The text of a token, which need not be whole characters; empty for a control token."""
        return self._piece_into(ctypes.create_string_buffer(LONGEST_PIECE), token)

    @property
    def tokens_by_piece(self) -> dict[bytes, int]:
        """The token of every text that is a token."""
        return self._tokens_by_piece.result()

    def tokenize(self, messages: Sequence[Message]) -> list[int]:
        """The tokens of a prompt, by the model's chat template."""
        tokens = tokenize_messages(messages, self._render, self._text_tokens)
        start = self._llama.token_bos()
        if self._api.llama_vocab_get_add_bos(self._vocab) and tokens[:1] != [start]:
            tokens.insert(0, start)
        return tokens

    def _load(self, path: Path, context_tokens: int, threads: int) -> Any:
        complaints = _native_errors()
        complaints.clear()
        try:
            return self._api.Llama(str(path), **load_parameters(context_tokens, threads))
        except (ValueError, RuntimeError, OSError) as error:
            raise ModelError(
                f"{path} cannot be loaded: {' '.join(complaints) or error}. "
                "See what is wrong with: qa doctor"
            ) from error

    def _drop_from(self, length: int) -> None:
        if not self._api.llama_memory_seq_rm(self._memory, 0, length, -1):
            self._api.llama_memory_clear(self._memory, False)
            length = 0
        del self.held[length:]
        self._whole = min(self._whole, length)

    def _read_vocabulary(self) -> dict[bytes, int]:
        buffer = ctypes.create_string_buffer(LONGEST_PIECE)
        tokens = reversed(range(self._vocab_size))  # the lowest of two that look alike
        pieces = {self._piece_into(buffer, token): token for token in tokens}
        pieces.pop(b"", None)
        return pieces

    def _piece_into(self, buffer: "ctypes.Array[ctypes.c_char]", token: int) -> bytes:
        length = self._api.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(length, 0)]

    def _fill_batch(self, tokens: Sequence[int], logits: int) -> None:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = len(self.held) + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = index >= len(tokens) - logits

    def _text_tokens(self, text: str, *, control: bool) -> list[int]:
        tokens: list[int] = self._llama.tokenize(
            text.encode("utf-8", errors="replace"), add_bos=False, special=control
        )
        return tokens

    def _marks_of_thoughts(self) -> list[int]:
        """Of the marks that open thoughts, those that are one token of this model."""
        tokens = [self._text_tokens(opening, control=True) for opening, _ in MARKS]
        return [found[0] for found in tokens if len(found) == 1]

    def _render(self, pairs: list[dict[str, str]]) -> str:
        from jinja2 import TemplateError

        try:
            return str(self._formatter(messages=pairs, **NO_THINKING).prompt)
        except (TemplateError, TypeError) as error:  # what it was not made for
            raise ValueError(str(error)) from error

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


def load_parameters(context_tokens: int, threads: int) -> dict[str, Any]:
    """What `Llama` is given beside the file."""
    return {
        "n_ctx": context_tokens,
        "n_batch": PREFILL_BATCH,
        "n_ubatch": PREFILL_BATCH,
        "n_threads": threads,
        "n_threads_batch": threads,
        # A sliding window's cells are all kept, those behind the window masked: else what the first
        # cells saw would be lost, and they could not be cut. By its sizes Gemma 3 1B takes 26 KB
        # for each token so, and would take 4 for those behind the window.
        "swa_full": True,
        # Mapped, the weights would lie in memory twice: as the file has them and as the processor
        # wants them (1.5B: 1,860 MB against 1,270).
        "use_mmap": False,
        "verbose": False,
    }


def _bytes_of(cells: NDArray[np.uint8]) -> Any:
    return cells.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))


@cache
def _native_errors() -> deque[str]:
    """The last few error lines of llama.cpp in this process, oldest first, for our messages.

    llama.cpp has one log a process; the first call takes it over, for good, so that nothing of it
    is printed among the answers.
    """
    import llama_cpp

    lines: deque[str] = deque(maxlen=3)

    def keep(level: int, text: bytes, _: object) -> None:
        if level == _ERROR_LEVEL:
            lines.append(text.decode("utf-8", errors="replace").strip())

    callback: Any = llama_cpp.llama_log_callback(keep)
    llama_cpp.llama_log_set(callback, ctypes.c_void_p(0))
    _kept_alive.append(callback)
    return lines


# The native side keeps a bare pointer to the callback: it must never be collected.
_kept_alive: list[Any] = []
