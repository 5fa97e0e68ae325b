"""Passages get their vectors: those the library has by their content, the others by embedding."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from qa.library.duplicates import band_keys, without_title
from qa.library.embedder import Embedder
from qa.library.records import EmbeddedPassage, Recipe
from qa.library.storage import Storage
from qa.reading.passages import header
from qa.types import Passage

DIGEST_BYTES = 16
"""Of a SHA-256: among 10⁹ passages two different ones share it with probability 10⁻²¹."""


@dataclass(frozen=True, slots=True)
class EmbeddedBatch:
    """Passages in the order they came in, and how many texts the embedder had to read for them."""

    passages: tuple[EmbeddedPassage, ...]
    embedded: int


def embedding_text(passage: Passage) -> str:
    """What is embedded of a passage: its header, then its words."""
    return f"{header(passage.title, passage.published)}\n{passage.text}"


def embedding_digest(passage: Passage) -> bytes:
    """Identifies what is embedded of a passage: equal digests have equal vectors."""
    return text_digest(embedding_text(passage))


def text_digest(text: str) -> bytes:
    """Identifies a text that is embedded."""
    return hashlib.sha256(text.encode()).digest()[:DIGEST_BYTES]


def embed_new(
    passages: Sequence[Passage], store: Storage, embedder: Embedder, recipe: Recipe
) -> EmbeddedBatch:
    """Passages with their vectors; no text is embedded twice, or that the library has a vector of.

    Such are the passages of a moved file, of wire copies, and of an edited article's paragraphs
    that stayed as they were.
    """
    digests = [embedding_digest(passage) for passage in passages]
    vectors = dict(store.vectors_of(dict.fromkeys(digests), recipe))
    new = {
        digest: embedding_text(passage)
        for digest, passage in zip(digests, passages, strict=True)
        if digest not in vectors
    }
    if new:
        vectors.update(zip(new, embedder.embed(list(new.values())), strict=True))
    return EmbeddedBatch(
        tuple(
            EmbeddedPassage(passage, digest, vectors[digest], band_keys(without_title(passage)))
            for passage, digest in zip(passages, digests, strict=True)
        ),
        embedded=len(new),
    )
