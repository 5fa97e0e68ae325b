"""Texts become unit vectors.

Most embedders are computed by `qa.library.bert`, which is tested against `ReferenceEncoder`; those
of other kinds by that.
"""

import functools
import json
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.files import sha256_of_file
from qa.library.bert import BertEncoder, is_plain_bert, opened_tokenizer

Vectors = NDArray[np.float32]

ONE_THREAD_TEXTS = 4
"""Up to so many texts one thread is enough: a question takes 4 to 7 ms. Several threads wait for
one another, and where a language model is at work beside them a question took 140 to 440 ms."""

MANY_PIECES = 100_000
"""Pieces of words from which on a vocabulary is one of many languages: these have 120,000 and more,
those of English 30,000 to 50,000."""

EMBEDDER_FILES = (
    "model.safetensors",
    "tokenizer.json",
    "modules.json",
    "config.json",
    "sentence_bert_config.json",
)
"""What a folder must hold to be an embedder."""


BATCH_TEXTS = 32
"""Texts in one pass of the model, sorted by length; larger ones are no faster on a CPU."""


class Embedder(Protocol):
    """What the library needs of an embedding model."""

    @property
    def digest(self) -> str:
        """Identifies the weights: vectors of equal digest may be compared."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Longest text that is read whole, in this model's tokens, special ones not counted."""

    @property
    def multilingual(self) -> bool:
        """Whether it was taught many languages."""

    def count_tokens(self, text: str) -> int:
        """Length of a text in this model's tokens, special ones not counted."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, shape (len(texts), dimension), each of unit length."""

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """As `embed`, for what is looked for: some models are told which of the two they read."""

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        """One matrix a text: a row of unit length for each of its tokens, special ones left out.

        Each row is what the token means beside the others of its text.
        """


class ReferenceEncoder:
    """A sentence-transformers model of any architecture; not for use by several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Load the model in a folder, on the CPU, never from the network.

        Raises SafetensorError, OSError, ValueError, KeyError or RuntimeError when it is damaged.
        """
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vector of each text, of unit length; a row a text."""
        vectors = self._model.encode(
            list(texts),
            batch_size=BATCH_TEXTS,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        """One matrix a text: a unit row for each token but the first and last, special ones."""
        tokens = self._model.encode(
            list(texts),
            batch_size=BATCH_TEXTS,
            output_value="token_embeddings",
            show_progress_bar=False,
        )
        matrices = (np.asarray(rows[1:-1].cpu().numpy(), dtype=np.float32) for rows in tokens)
        return tuple(rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in matrices)


class SentenceEmbedder:
    """A sentence-transformers model in a local folder, on the CPU, never from the network.

    The model is loaded when the first text is embedded; tokens are counted without it.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        """Name a folder of model files and the CPU threads to use, 0 for all cores.

        Raises ModelError when the folder does not hold an embedder.
        """
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1
        self._lock = threading.Lock()  # fast tokenizers may not be used by two threads at once
        for name in EMBEDDER_FILES:
            if not (folder / name).is_file():
                raise ModelError(
                    f"The embedder in {folder} is not whole: {name} is missing."
                    " Pull it with: qa models pull all-minilm-l6-v2"
                )

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of the weights."""
        return sha256_of_file(self._folder / "model.safetensors")

    @functools.cached_property
    def dimension(self) -> int:
        """Length of a vector, from the model's configuration where that says it."""
        modules = json.loads((self._folder / "modules.json").read_text())
        if any(module["type"].endswith(".Dense") for module in modules):
            return int(self.embed(["a"]).shape[1])
        config = json.loads((self._folder / "config.json").read_text())
        return int(config["hidden_size"])

    @functools.cached_property
    def max_tokens(self) -> int:
        """Longest text that is read whole, in this model's tokens, special ones not counted."""
        config = json.loads((self._folder / "sentence_bert_config.json").read_text())
        special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        prompt = max(self.count_tokens(one) for one in self._prompts.values())
        return int(config["max_seq_length"]) - int(special) - prompt

    @functools.cached_property
    def multilingual(self) -> bool:
        """Whether it was taught many languages, by the size of its vocabulary."""
        return int(self._tokenizer.get_vocab_size()) >= MANY_PIECES

    @functools.cached_property
    def _prompts(self) -> Mapping[str, str]:
        """What is put before a "query" and a "passage", where the model's folder names it."""
        file = self._folder / "config_sentence_transformers.json"
        named = json.loads(file.read_text()).get("prompts", {}) if file.is_file() else {}
        passage = named.get("passage", named.get("document", ""))
        return {"query": str(named.get("query", "")), "passage": str(passage)}

    def count_tokens(self, text: str) -> int:
        """Length of a text in this model's tokens, special ones not counted."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, shape (len(texts), dimension), each of unit length."""
        return self._embed(self._prompts["passage"], texts)

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """As `embed`, for what is looked for: some models are told which of the two they read."""
        return self._embed(self._prompts["query"], questions)

    def _embed(self, prompt: str, texts: Sequence[str]) -> Vectors:
        with self._lock:
            self._take_threads(len(texts))
            return self._encoder.embed([prompt + text for text in texts])

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        """One matrix a text: a row of unit length for each of its tokens, special ones left out.

        Each row is what the token means beside the others of its text.
        """
        with self._lock:
            self._take_threads(len(texts))
            return self._encoder.embed_tokens(texts)

    def _take_threads(self, texts: int) -> None:
        import torch

        torch.set_num_threads(self._threads if texts > ONE_THREAD_TEXTS else 1)

    @functools.cached_property
    def _tokenizer(self) -> Any:
        return opened_tokenizer(self._folder)

    @functools.cached_property
    def _encoder(self) -> BertEncoder | ReferenceEncoder:
        os.environ["TOKENIZERS_PARALLELISM"] = "false"  # no warning after a fork
        from safetensors import SafetensorError

        try:
            if is_plain_bert(self._folder):
                return BertEncoder(self._folder, self._tokenizer)
            return ReferenceEncoder(self._folder)
        except (SafetensorError, OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError(
                f"The embedder in {self._folder} cannot be loaded: {error}."
                " Check it with: qa models verify all-minilm-l6-v2"
            ) from error
