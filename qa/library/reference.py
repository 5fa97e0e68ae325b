"""Embedders of any architecture, through sentence-transformers.

What `bert.py` computes itself is tested against this.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

BATCH_TEXTS = 32
"""Texts in one pass of the model, sorted by length; larger ones are no faster on a CPU."""


class ReferenceEncoder:
    """A sentence-transformers model in memory; not for use by several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Load the model in a folder, on the CPU, never from the network.

        Raises SafetensorError, OSError, ValueError, KeyError or RuntimeError when it is damaged.
        """
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """The vector of each text, of unit length; a row a text."""
        vectors = self._model.encode(
            list(texts),
            batch_size=BATCH_TEXTS,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Matrix, ...]:
        """One matrix a text: a unit row for each token but the first and last, special ones."""
        tokens = self._model.encode(
            list(texts),
            batch_size=BATCH_TEXTS,
            output_value="token_embeddings",
            show_progress_bar=False,
        )
        matrices = (np.asarray(rows[1:-1].cpu().numpy(), dtype=np.float32) for rows in tokens)
        return tuple(rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in matrices)
