"""The best candidates, ranked again by how each word of the question is met in a passage. Pure.

One vector for a whole passage blurs what its single words say; comparing the question's tokens
with the passage's, one by one, brings that back (late interaction: Khattab and Zaharia, ColBERT,
SIGIR 2020). The tokens' vectors are the embedder's own, so no further model is needed. Words that
stand side by side in the question and in the passage are telling besides (term proximity: Rasolofo
and Savoy, ECIR 2003). `bench/retrieval.md` has what each gains.
"""

import itertools
from collections.abc import Mapping

from qa.library.embedder import Vectors
from qa.reading.languages import language_of, stop_words
from qa.reading.words import stem, words

MAX_SIM_WEIGHT, BM25_WEIGHT, PAIRS_WEIGHT = 0.84, 0.08, 0.08
"""Shares in the score; measured, and flat around here. MaxSim differs by some 0.1 among good
candidates and BM25 by 0.5, so its share is smaller than it looks."""


def max_sim(question: Vectors, passage: Vectors) -> float:
    """The mean over the question's tokens of the best cosine with any of the passage's, in [-1, 1].

    Both are matrices of unit rows, shape (tokens, dimension).
    """
    if not len(question) or not len(passage):
        return 0.0
    return float((question @ passage.T).max(axis=1).mean())


def shared_pairs(question: str, passage: str) -> float:
    """The share, in [0, 1], of the question's pairs of neighbours that the passage has as such.

    Words count by their stems; pairs of two stop words do not count.
    """
    stops = stop_words(language_of(question))
    pairs = [
        (stem(one), stem(other))
        for one, other in itertools.pairwise(words(question))
        if not {one, other} <= stops
    ]
    there = set(itertools.pairwise(map(stem, words(passage))))
    return sum(pair in there for pair in pairs) / len(pairs) if pairs else 0.0


def rerank(
    similarity: Mapping[str, float], bm25: Mapping[str, float], pairs: Mapping[str, float]
) -> Mapping[str, float]:
    """A score in [0, 1] for each passage, by its id: a convex sum of what is known of it.

    BM25 is divided by its greatest and is 0 for a passage that no word led to.
    """
    best = max(bm25.values(), default=0.0) or 1.0
    return {
        id_: MAX_SIM_WEIGHT * max(0.0, max_sim_of)
        + BM25_WEIGHT * bm25.get(id_, 0.0) / best
        + PAIRS_WEIGHT * pairs[id_]
        for id_, max_sim_of in similarity.items()
    }
