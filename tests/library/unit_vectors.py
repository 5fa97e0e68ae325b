"""Vectors for tests, and a library that holds them without any text worth reading."""

from pathlib import Path

import numpy as np

from qa.library.embedder import Vectors
from qa.library.records import EmbeddedPassage, Recipe
from qa.library.storage import Storage
from qa.types import Article, Passage

DIMENSION = 64
RECIPE = Recipe(embedder="made by hand", dimension=DIMENSION, passage_tokens=8, splitter=1)
PER_ARTICLE = 100


def clustered(count: int, seed: int) -> Vectors:
    """Unit vectors around 40 centres that are the same for every seed."""
    centres = np.random.default_rng(0).standard_normal((40, DIMENSION))
    rng = np.random.default_rng(seed)
    rows = centres[rng.integers(40, size=count)] + 0.7 * rng.standard_normal((count, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def add(store: Storage, matrix: Vectors, name: str = "a") -> None:
    """Store a passage for each vector, a hundred to an article: `a-0`, `a-1`, …

    In an empty library, `matrix[i]` gets row i + 1.
    """
    with store.changing() as changes:
        for first in range(0, len(matrix), PER_ARTICLE):
            article = Article(f"{name}-{first // PER_ARTICLE}", "t", "t", None, None, "digest")
            changes.put(article, Path(f"/{article.id}"))
            passages = [
                EmbeddedPassage(
                    Passage(f"{article.id}#{number}", article.id, "t", None, 0, 1, "t"),
                    digest=f"{article.id}#{number}".encode(),
                    vector=vector,
                    bands=(),
                )
                for number, vector in enumerate(matrix[first : first + PER_ARTICLE])
            ]
            changes.put_passages(passages, RECIPE)
