"""Finds the few words of a text that answer a question, and how likely there are any.

A reader of our own (`qa/library/reader/README.md`): a small encoder that comes with the program and
reads the word vectors of the embedder all-MiniLM-L6-v2. It was trained on questions whose text has
no answer as much as on others, so that it can say so (Rajpurkar, Jia and Liang, ACL 2018).
"""

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.library.pair_model import PairModel, open_pair_model

Logits = NDArray[np.float32]
"""One logit a token, or one a pair of tokens."""

ENCODER = Path(__file__).parent / "reader" / "encoder.onnx"
EMBEDDER_FILES = ("model.safetensors", "tokenizer.json")
"""What is read of the embedder."""

WORDS_DIGEST = "words_digest"
"""Under this name the encoder tells which word vectors it was trained on."""

MOST_SPANS = 5
LONGEST_SPAN = 30
"""In tokens; an answer in SQuAD 2.0 has 4 on average, 1 in 100 has more than 30."""

_WORD = re.compile(r"[\w\u0300-\u036f]+(?:(?:(?<=\d)[.,:](?=\d)|['’])[\w\u0300-\u036f]+)*")


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """Words of a text that was read, `text[start:end]`, with their logit above the null's."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class SpanReading:
    """What a reader makes of one text for a question.

    `answerable` is the log-odds that the text answers it; spans come best first, do not overlap,
    and consist of whole words. Only a text without words has none.
    """

    answerable: float
    spans: tuple[ScoredSpan, ...]


class PassageReader(Protocol):
    """Finds the few words of a text that answer a question."""

    def read(self, question: str, texts: Sequence[str]) -> tuple[SpanReading, ...]:
        """One reading a text."""


class OnnxReader:
    """The reader that comes with the program, on the CPU, never from the network.

    The model is loaded with the first text. Several threads may read at once. Each text goes
    through the model alone, as many at a time as there are threads, each on one thread: so a score
    never depends on the texts beside it, as in `qa.library.cross_encoder`.
    """

    def __init__(self, embedder_folder: Path, threads: int) -> None:
        """Name the folder of all-MiniLM-L6-v2 and the CPU threads to use, 0 for all cores.

        Raises ModelError when a file is missing.
        """
        self._folder = embedder_folder
        self._threads = threads or os.cpu_count() or 1
        self._lock = threading.Lock()  # fast tokenizers may not be used by two threads at once
        self._model: _Loaded | None = None
        self._workers = ThreadPoolExecutor(self._threads, thread_name_prefix="reader")
        if not ENCODER.is_file():
            raise ModelError(
                f"The reader's weights, {ENCODER}, are missing. Install Cuttings again."
            )
        for name in EMBEDDER_FILES:
            if not (embedder_folder / name).is_file():
                raise ModelError(
                    f"The reader needs the embedder all-minilm-l6-v2, and {embedder_folder} has no"
                    f" {name}. Pull it with: qa models pull all-minilm-l6-v2"
                )

    def read(self, question: str, texts: Sequence[str]) -> tuple[SpanReading, ...]:
        """One reading a text.

        A text that is too long loses its end (of a question of over 250 tokens, that as well).
        Raises ModelError when the model cannot be loaded.
        """
        with self._lock:
            self._model = self._model or _load(self._folder)
            model = self._model
            tokens = model.pair.tokenizer.encode_batch([(question, text) for text in texts])
        return tuple(self._workers.map(model.reading, texts, tokens))


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The encoder with its tokenizer, and the word vectors that it reads, a row a token."""

    pair: PairModel
    words: Logits

    def reading(self, text: str, tokens: Any) -> SpanReading:
        """What the model makes of one text that is read into tokens."""
        ids, types = np.array(tokens.ids), np.array([tokens.type_ids], dtype=np.int64)
        inputs = {"vectors": self.words[ids][np.newaxis], "types": types}
        start, end, answerable = self.pair.session.run(None, inputs)
        first = int(types[0].argmax())  # of the text's tokens; the last is [SEP]
        null = float(start[0, 0] + end[0, 0])
        scores = span_scores(start[0, first:-1], end[0, first:-1]) - null
        spans = best_spans(scores, tokens.offsets[first:-1], text)
        return SpanReading(float(answerable[0]), tuple(spans))


def _load(embedder_folder: Path) -> _Loaded:
    """The shipped encoder over an embedder's words; ModelError for damaged or other files."""
    from safetensors import SafetensorError, safe_open

    next_step = "Check its word vectors with: qa models verify all-minilm-l6-v2"
    pair = open_pair_model("The reader", ENCODER, embedder_folder / "tokenizer.json", next_step)
    try:
        with safe_open(embedder_folder / "model.safetensors", framework="numpy") as tensors:
            words = tensors.get_tensor("embeddings.word_embeddings.weight")
    except (SafetensorError, OSError) as error:
        raise ModelError(f"The reader cannot be loaded: {error}. {next_step}") from error
    known = pair.session.get_modelmeta().custom_metadata_map.get(WORDS_DIGEST)
    if words_digest(pair.tokenizer.get_vocab(), words) != known:
        raise ModelError(
            f"The reader was trained on other word vectors than those in {embedder_folder}."
            " Pull its own with: qa models pull all-minilm-l6-v2"
        )
    return _Loaded(pair, words)


def words_digest(vocabulary: Mapping[str, int], vectors: Logits) -> str:
    """Tells one embedder's words from another's: all of them, and the vectors of one in 64."""
    digest = hashlib.sha256("\n".join(sorted(vocabulary, key=vocabulary.__getitem__)).encode())
    digest.update(np.ascontiguousarray(vectors[::64], dtype="<f4").tobytes())
    return digest.hexdigest()


def span_scores(start: Logits, end: Logits) -> Logits:
    """The sum of two logits for every first and last token, shape (tokens, tokens).

    A span that ends before it starts, or is longer than LONGEST_SPAN, has -inf.
    """
    length = np.arange(len(end)) - np.arange(len(start))[:, np.newaxis]
    sums = start[:, np.newaxis] + end
    return np.where((length >= 0) & (length < LONGEST_SPAN), sums, np.float32(-np.inf))


def best_spans(
    scores: Logits, offsets: Sequence[tuple[int, int]], text: str
) -> Iterator[ScoredSpan]:
    """The best spans of a text by the scores of its tokens, as whole words, none in another."""
    words = [match.span() for match in _WORD.finditer(text)]
    taken: list[ScoredSpan] = []
    for place in np.argsort(-scores, axis=None, kind="stable"):
        first, last = divmod(int(place), len(scores))
        score = float(scores[first, last])
        if len(taken) == MOST_SPANS or score == -np.inf:
            return
        span = whole_words((offsets[first][0], offsets[last][1]), words)
        if span and not any(span[0] < one.end and one.start < span[1] for one in taken):
            taken.append(ScoredSpan(*span, score))
            yield taken[-1]


def whole_words(span: tuple[int, int], words: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The span with the rest of any word that it cuts; None where it has no word at all."""
    start, end = span
    met = [word for word in words if word[0] < end and start < word[1]]
    return (min(start, met[0][0]), max(end, met[-1][1])) if met else None
