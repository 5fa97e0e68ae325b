"""A question becomes hits: nearest by meaning, best by words, the two rankings fused.

Fusion is a convex combination of normalised scores (Bruch, Gai and Ingber, TOIS 2023): unlike
fusion by rank it keeps what the lexical ranking is sure of in first place.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from qa.errors import IndexMissing, LibraryError
from qa.library.duplicates import collapse
from qa.library.embedder import Embedder
from qa.library.store import Store
from qa.library.vectors import Snapshot, load_snapshot
from qa.reading.stop_words import STOP_WORDS
from qa.types import Found, Hit

CANDIDATES = 50
"""Passages taken from each ranking before they are fused."""

DENSE_WEIGHT = 0.5
"""Share of the dense score in the fused one; measured on SQuAD paragraphs, flat around here."""

MOST_WORDS, MOST_CHARS = 256, 4000
"""What is read of a question; the embedder reads no more of it either."""


class Retriever:
    """Finds the passages for a question; may be used from any thread while the library changes."""

    def __init__(self, store: Store, embedder: Embedder, index_dir: Path) -> None:
        self._store = store
        self._embedder = embedder
        self._index_dir = index_dir
        self._snapshot: Snapshot | None = None

    def retrieve(self, question: str, k: int) -> tuple[Hit, ...]:
        """The k best passages, best first, fewer if the library has fewer; none for no question.

        Raises IndexMissing when nothing is indexed, LibraryError when the library's vectors are
        another embedder's.
        """
        self._check_library()
        query = readable(question)
        if not query:
            return ()
        vector = self._embedder.embed([query])[0]
        with self._store.reading():
            snapshot = self._present_snapshot()
            nearest = snapshot.nearest(vector, CANDIDATES)
            matching = self._store.matching(any_word(query), CANDIDATES)
            cosines = snapshot.cosines(vector, nearest.keys() | matching.keys())
            passages = self._store.passages_in(cosines)
        scores = fuse(cosines, matching)
        hits = [
            Hit(passage, scores[row], _found_by(row in nearest, row in matching), cosines[row])
            for row, passage in passages.items()
        ]
        return collapse(hits, k)

    def _check_library(self) -> None:
        recipe = self._store.recipe()
        if recipe is None or self._store.article_count() == 0:
            raise IndexMissing(
                f"There is no article in {self._store.file}. Add some with: qa index FOLDER"
            )
        if recipe.embedder != self._embedder.digest:
            raise LibraryError(
                f"The library {self._store.file} was made with another embedder."
                " Bring it up to date with: qa index"
            )

    def _present_snapshot(self) -> Snapshot:
        """The vectors of this generation; called while reading, so that all is of one state."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.generation != self._store.generation():
            self._snapshot = snapshot = load_snapshot(self._store, self._index_dir)
        return snapshot


def fuse(cosines: Mapping[int, float], bm25: Mapping[int, float]) -> Mapping[int, float]:
    """Scores in [0, 1] by row: the mean of cosine and BM25, each brought to [0, 1] first.

    Cosines are stretched from the least to the greatest of all candidates; BM25 is divided by its
    greatest and is 0 for a row that no word led to.
    """
    if not cosines:
        return {}
    least, greatest = min(cosines.values()), max(cosines.values())
    spread = (greatest - least) or 1.0
    best = max(bm25.values(), default=0.0) or 1.0
    return {
        row: DENSE_WEIGHT * (cosine - least) / spread
        + (1 - DENSE_WEIGHT) * bm25.get(row, 0.0) / best
        for row, cosine in cosines.items()
    }


def readable(question: str) -> str:
    """What is read of a question: its first words, in characters that can be stored as UTF-8."""
    words = question.encode("utf-8", "ignore").decode("utf-8").split(maxsplit=MOST_WORDS)
    return " ".join(words[:MOST_WORDS])[:MOST_CHARS]


def any_word(query: str) -> str:
    """An FTS5 query for passages with any word of the query that is no stop word.

    Words are quoted one by one, so that nothing in them is an operator. Empty without words.
    """
    words = dict.fromkeys(re.findall(r"[^\W_]+", query.lower()))
    telling = [word for word in words if word not in STOP_WORDS]
    return " OR ".join(f'"{word}"' for word in telling or words)


def _found_by(dense: bool, lexical: bool) -> Found:
    if dense and lexical:
        return Found.BOTH
    return Found.DENSE if dense else Found.LEXICAL
