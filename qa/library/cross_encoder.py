"""Scores how well a text answers a question, reading both at once.

An embedder reads question and text apart and compares two vectors; a cross-encoder reads them as
one, so it sees which words of the text meet the question (Nogueira and Cho, 2019). It is too slow
for a whole library and right for a few dozen candidates.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.library.pair_model import PairModel, open_pair_model

Scores = NDArray[np.float32]

CROSS_ENCODER_FILES = ("model.onnx", "tokenizer.json")
"""What a folder must hold to be a cross-encoder."""


class CrossEncoder(Protocol):
    """What ranks texts by a question."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        """One relevance logit a pair of (question, text), shape (len(pairs),).

        Higher is more relevant.
        """


class OnnxCrossEncoder:
    """A BERT cross-encoder in ONNX in a local folder, on the CPU, never from the network.

    The model is loaded with the first pair. Several threads may score at once.

    Each pair goes through the model alone, as many at a time as there are threads, each on one
    thread. So a score never depends on the pairs beside it: the int8 weights come with activations
    quantised over a whole batch, and in batches of 8 to 32 scores moved by .02 on average and up to
    .6. It is faster as well, since nothing is padded and no thread waits for another: 32 pairs of
    44 tokens on two cores beside other work take 330 ms (median), and in batches of 8, 16 and 32
    with two threads in the model 451, 483 and 674 ms (396 in batches of 8 with threads that spin
    while they wait, and then 1,096 for the slowest tenth; 620 ms on one thread).
    """

    def __init__(self, folder: Path, threads: int) -> None:
        """Name a folder of model files and the CPU threads to use, 0 for all cores.

        Raises ModelError when the folder does not hold a cross-encoder.
        """
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1
        self._lock = threading.Lock()  # fast tokenizers may not be used by two threads at once
        self._model: PairModel | None = None
        self._workers = ThreadPoolExecutor(self._threads, thread_name_prefix="cross-encoder")
        for name in CROSS_ENCODER_FILES:
            if not (folder / name).is_file():
                raise ModelError(
                    f"The cross-encoder in {folder} is not whole: {name} is missing."
                    " Pull it with: qa models pull ms-marco-minilm-l12"
                )

    def score(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        """One relevance logit a pair of (question, text), shape (len(pairs),).

        A pair that is too long loses the end of its text (of a question of over 250 tokens, too).
        Raises ModelError when the model cannot be loaded.
        """
        with self._lock:
            self._model = self._model or open_pair_model(
                f"The cross-encoder in {self._folder}",
                self._folder / "model.onnx",
                self._folder / "tokenizer.json",
                "Check it with: qa models verify ms-marco-minilm-l12",
            )
            model = self._model
            read = model.tokenizer.encode_batch(list(pairs))
        longest_first = sorted(range(len(read)), key=lambda place: -len(read[place].ids))
        logits = self._workers.map(lambda place: _logit(model.session, read[place]), longest_first)
        scores = np.empty(len(read), dtype=np.float32)
        for place, logit in zip(longest_first, logits, strict=True):
            scores[place] = logit
        return scores


def _logit(session: Any, pair: Any) -> float:
    """The model's one output for a pair that is read into tokens."""
    inputs = {
        "input_ids": pair.ids,
        "attention_mask": pair.attention_mask,
        "token_type_ids": pair.type_ids,
    }
    (logits,) = session.run(
        None, {name: np.array([row], dtype=np.int64) for name, row in inputs.items()}
    )
    return float(logits[0, 0])
