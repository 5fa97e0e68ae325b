"""Measures of retrieval: what is made of the ten best passages of one question. Pure."""

from collections.abc import Iterator, Sequence

from qa.evaluating.evidence import Piece, holds
from qa.evaluating.metrics import NDCG_AT, RECALL_AT, Share
from qa.evaluating.predictions import Place


def retrieval_scores(
    pieces: Sequence[Piece], hits: Sequence[Place], prefix: str = ""
) -> dict[str, Share]:
    """recall@1, @3, @5, @10, mrr, ndcg@5 and @10, for a question with something to find.

    recall@k is the share of the pieces of evidence that at least one of the first k hits overlaps;
    with one piece it is the top-k accuracy of Karpukhin et al. (EMNLP 2020). Several passages may
    overlap one quote and one passage several quotes, so every piece is a topic of its own for
    ir-measures, its relevant documents the hits that overlap it, and recall@k is the mean of
    `Success@k` over them. mrr is `RR` of one more topic, whose relevant documents are the hits
    that overlap any piece: 1 / rank of the first (Voorhees, TREC-8, 1999), or 0. ndcg@k is `nDCG@k`
    (Järvelin and Kekäläinen, TOIS 2002) with gains of 0 and 1: relevant is a hit that is the first
    to overlap some piece, so that a second one on the same words gains nothing, and a piece that
    no hit overlaps is one more document of the ideal ranking.

    `prefix` stands before the names: "article_" where the pieces are articles.
    """
    if not pieces:
        return {}
    from ir_measures import RR, Qrel, ScoredDoc, Success, iter_calc, nDCG

    alone = [f"piece {i}" for i in range(len(pieces))]
    topics = {
        **{name: _held([piece], hits) for name, piece in zip(alone, pieces, strict=True)},
        "any": _held(pieces, hits),
        "first": _first_on_each(pieces, hits),
    }
    relevant = [
        Qrel(topic, document, int(held))
        for topic, documents in topics.items()
        for document, held in documents.items()
    ]
    ranking = [
        ScoredDoc(topic, f"hit {rank}", -rank)
        for topic in topics
        for rank in range(1, len(hits) + 1)
    ]
    wanted = [*(Success @ k for k in RECALL_AT), RR, *(nDCG @ k for k in NDCG_AT)]
    values: dict[tuple[str, str], float] = {
        (one.query_id, str(one.measure)): one.value for one in iter_calc(wanted, relevant, ranking)
    }

    def value(topic: str, measure: str) -> float:
        return values.get((topic, measure), 0.0)  # nothing is calculated for an empty ranking

    scores = {
        f"recall@{k}": sum(value(topic, f"Success@{k}") for topic in alone) / len(alone)
        for k in RECALL_AT
    }
    scores["mrr"] = value("any", "RR")
    scores |= {f"ndcg@{k}": value("first", f"nDCG@{k}") for k in NDCG_AT}
    return {prefix + name: Share(score) for name, score in scores.items()}


def distinct_articles(hits: Sequence[Place]) -> tuple[Place, ...]:
    """The hits that bring up an article which none before them did: a ranking of articles."""
    return tuple(_new_articles(hits))


def _new_articles(hits: Sequence[Place]) -> Iterator[Place]:
    seen: set[str] = set()
    for hit in hits:
        articles = {hit.span.article_id, *hit.also_in}
        if not articles <= seen:
            yield hit
        seen |= articles


def _held(pieces: Sequence[Piece], hits: Sequence[Place]) -> dict[str, bool]:
    return {f"hit {rank}": holds(hit.span, pieces) for rank, hit in enumerate(hits, 1)}


def _first_on_each(pieces: Sequence[Piece], hits: Sequence[Place]) -> dict[str, bool]:
    """Which hits are the first to overlap some piece, and a document for each piece left over."""
    left = list(range(len(pieces)))
    documents = {}
    for rank, hit in enumerate(hits, 1):
        still = [i for i in left if not holds(hit.span, [pieces[i]])]
        documents[f"hit {rank}"] = len(still) < len(left)
        left = still
    return documents | {f"piece {i}": True for i in left}
