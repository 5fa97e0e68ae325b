"""A question becomes hits: nearest by meaning, best by words, fused, the best ranked again.

Fusion is a convex combination of normalised scores (Bruch, Gai and Ingber, TOIS 2023): unlike
fusion by rank it keeps what the lexical ranking is sure of in first place. A scope narrows both
rankings before their best are taken, so that it cannot leave one of them empty.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from qa.errors import IndexMissing, LibraryError
from qa.library.duplicates import collapse, near_duplicates
from qa.library.embedder import Embedder, Vectors
from qa.library.embedding import embedding_text
from qa.library.records import Recipe
from qa.library.reranking import max_sim, rerank, shared_pairs
from qa.library.storage import Storage
from qa.reading.languages import language_of, stop_words
from qa.reading.words import words
from qa.types import EVERYTHING, Found, Fusion, Hit, Scope

CANDIDATES = 50
"""Passages taken from each ranking before they are fused."""

MOST_CANDIDATES = 3200
"""As many are taken at last where copies of a few texts hold all the places before."""

RERANKED = 16
"""Fused candidates that are ranked again: eight are too few, more than sixteen gain nothing
(`bench/retrieval.md`). Their tokens are embedded for it, in some tenth of a second."""

DENSE_WEIGHT = {Fusion.BOTH: 0.5, Fusion.DENSE: 1.0, Fusion.LEXICAL: 0.0}
"""Share of the dense score in the fused one; a half was measured on SQuAD paragraphs, and is flat
around there."""

KEPT = 8
"""So many of the last searches are kept: what was read ahead is asked then, and an evaluation looks
up once more what has just been answered."""

MOST_WORDS, MOST_CHARS = 256, 4000
"""What is read of a question; the embedder reads no more of it either."""

_QUOTED = re.compile(r'["“„«「『]([^"“”„«»「」『』]+)["”“»」』]')


class Retriever:
    """Finds the passages for a question; may be used from any thread while the library changes."""

    def __init__(
        self,
        store: Storage,
        embedder: Embedder,
        reopen: Callable[[Recipe], Embedder] | None = None,
        fusion: Fusion = Fusion.BOTH,
    ) -> None:
        """`reopen` opens the embedder of a library that came to be made with another one."""
        self._store = store
        self._embedder = embedder
        self._reopen = reopen
        self._fusion = fusion
        self._kept: dict[_Search, _Candidates] = {}
        self._lock = Lock()

    def retrieve(
        self, question: str, k: int, scope: Scope = EVERYTHING, *, rough: bool = False
    ) -> tuple[Hit, ...]:
        """The k best passages, best first, fewer if the scope has fewer; none for no question.

        `rough` leaves them as they are fused, in a fifth of the time: for whoever reads them all.
        Raises IndexMissing when nothing is indexed, LibraryError when the library's vectors are
        another embedder's or no article comes from a source that the scope names.
        """
        self._check_library()
        scope = self._store.known_sources(scope)
        query = readable(question)
        if not query or k <= 0:
            return ()
        wanted = max(k, RERANKED)
        found = self._ranked(_Search(self._store.generation(), query, wanted, scope, rough))
        # Passages that went meanwhile have no copies any more.
        with self._store.reading():
            return tuple(
                self._with_copies(hit, found.rows[hit.passage.id], scope) for hit in found.best[:k]
            )

    def warm_up(self) -> None:
        """Load what is otherwise loaded by the first question: the embedder, the vectors."""
        self.retrieve("warm up", 1)

    def _ranked(self, search: "_Search") -> "_Candidates":
        """What a search finds, ranked; one of the last searches is not made twice."""
        found = self._kept.get(search)
        if found is None:
            vector = self._embedder.embed_questions([search.query])[0]
            with self._store.reading():
                found = self._candidates(search.query, vector, search.wanted, search.scope)
            if not search.rough:
                best = self._ranked_again(search.query, found.best, found.bm25)
                found = replace(found, best=best)
            with self._lock:
                self._kept[search] = found
                for oldest in list(self._kept)[:-KEPT]:
                    del self._kept[oldest]
        return found

    def _candidates(self, query: str, vector: Vectors, wanted: int, scope: Scope) -> "_Candidates":
        """The best of the rankings, as many of each as give the wanted number of texts.

        A story that a hundred papers printed would else take the place of every other.
        """
        terms = telling_terms(query)
        limit = CANDIDATES
        while True:
            nearest: Mapping[int, float] = {}
            matching: Mapping[int, float] = {}
            if self._fusion is not Fusion.LEXICAL:
                nearest = self._store.nearest(vector, limit, scope)
            if self._fusion is not Fusion.DENSE:
                matching = self._store.matching(terms, limit, scope)
            cosines = self._store.cosines(vector, nearest.keys() | matching.keys())
            scores = fuse(cosines, matching, self._fusion)
            passages = self._store.passages_in(cosines)
            hits = [
                Hit(passage, scores[row], _found_by(row in nearest, row in matching), cosines[row])
                for row, passage in passages.items()
            ]
            best = collapse(hits, wanted)
            exhausted = max(len(nearest), len(matching)) < limit
            if len(best) == wanted or exhausted or limit >= MOST_CANDIDATES:
                rows = {passage.id: row for row, passage in passages.items()}
                bm25 = {id_: matching[row] for id_, row in rows.items() if row in matching}
                return _Candidates(best, rows, bm25)
            limit *= 4

    def _with_copies(self, hit: Hit, row: int, scope: Scope) -> Hit:
        """The hit with every other article in the scope that has (nearly) the same passage."""
        copies = self._store.passages_in(self._store.copies_of(row)).values()
        same = {
            copy.article_id
            for copy in copies
            if scope.holds(copy) and near_duplicates(hit.passage, copy)
        }
        also_in = (same | set(hit.also_in)) - {hit.passage.article_id}
        return replace(hit, also_in=tuple(sorted(also_in)))

    def _ranked_again(
        self, query: str, hits: Sequence[Hit], bm25: Mapping[str, float]
    ) -> tuple[Hit, ...]:
        """The hits by how they meet each word of the question, best first."""
        texts = [embedding_text(hit.passage) for hit in hits]
        question, *passages = self._embedder.embed_tokens([query, *texts])
        ids = [hit.passage.id for hit in hits]
        scores = rerank(
            similarity={
                id_: max_sim(question, tokens) for id_, tokens in zip(ids, passages, strict=True)
            },
            bm25=bm25,
            pairs={hit.passage.id: shared_pairs(query, hit.passage.text) for hit in hits},
        )
        scored = [replace(hit, score=scores[hit.passage.id]) for hit in hits]
        return tuple(sorted(scored, key=lambda hit: -hit.score))  # stable: a tie stays as it was

    def _check_library(self) -> None:
        recipe = self._store.recipe()
        if recipe is None or self._store.article_count() == 0:
            raise IndexMissing(
                f"There is no article in {self._store.place}. Add some with: qa index FOLDER"
            )
        if recipe.embedder != self._embedder.digest:
            if self._reopen is None:
                raise LibraryError(
                    f"The library {self._store.place} was made with another embedder."
                    " Bring it up to date with: qa index"
                )
            self._embedder = self._reopen(recipe)


@dataclass(frozen=True, slots=True)
class _Search:
    """What the result of a search depends on: the library's state, and what is asked of it."""

    generation: int
    query: str
    wanted: int
    scope: Scope
    rough: bool


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The fused candidates, each text once, with row and BM25 by the passage's id."""

    best: tuple[Hit, ...]
    rows: Mapping[str, int]
    bm25: Mapping[str, float]


def fuse(
    cosines: Mapping[int, float], bm25: Mapping[int, float], fusion: Fusion = Fusion.BOTH
) -> Mapping[int, float]:
    """Scores in [0, 1] by row: the mean of cosine and BM25, each brought to [0, 1] first.

    One ranking alone keeps its own scores, brought to [0, 1] alike. Cosines are stretched from the
    least to the greatest of all candidates; BM25 is divided by its greatest and is 0 for a row
    that no word led to.
    """
    if not cosines:
        return {}
    least, greatest = min(cosines.values()), max(cosines.values())
    spread = (greatest - least) or 1.0
    best = max(bm25.values(), default=0.0) or 1.0
    weight = DENSE_WEIGHT[fusion]
    return {
        row: weight * (cosine - least) / spread + (1 - weight) * bm25.get(row, 0.0) / best
        for row, cosine in cosines.items()
    }


def readable(question: str) -> str:
    """What is read of a question: its first words, in characters that can be stored as UTF-8.

    Accents are composed, as they are in the articles.
    """
    storable = question.encode("utf-8", "ignore").decode("utf-8")
    words = unicodedata.normalize("NFC", storable).split(maxsplit=MOST_WORDS)
    return " ".join(words[:MOST_WORDS])[:MOST_CHARS]


def telling_terms(query: str) -> list[str]:
    """The words of the query that are no stop words of its language, else all of them.

    Words that the query puts into double quotes count as a phrase besides.
    """
    asked = dict.fromkeys(words(query))
    stops = stop_words(language_of(query))
    telling = [word for word in asked if word not in stops]
    phrases = [words(phrase) for phrase in _QUOTED.findall(query)]
    terms = [*(telling or asked), *(" ".join(phrase) for phrase in phrases if len(phrase) > 1)]
    return list(dict.fromkeys(terms))


def _found_by(dense: bool, lexical: bool) -> Found:
    if dense and lexical:
        return Found.BOTH
    return Found.DENSE if dense else Found.LEXICAL
