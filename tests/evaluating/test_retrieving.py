"""Measures of retrieval on rankings worked out by hand."""

from math import log2

import pytest

from qa.evaluating.evidence import Piece
from qa.evaluating.metrics import Share
from qa.evaluating.predictions import Place, Span
from qa.evaluating.retrieving import distinct_articles, retrieval_scores


def parts(scores: dict[str, Share]) -> dict[str, float]:
    return {name: share.part for name, share in scores.items() if "ndcg" not in name}


def ndcg(scores: dict[str, Share]) -> tuple[float, float]:
    return scores["ndcg@5"].part, scores["ndcg@10"].part


def gain(*ranks: int) -> float:
    return sum(1 / log2(1 + rank) for rank in ranks)


def hits(*starts: int) -> list[Place]:
    """Hits of ten characters each in one article."""
    return [Place(Span("a", start, start + 10)) for start in starts]


def piece(start: int, end: int) -> Piece:
    return (Span("a", start, end),)


def test_recall_and_mrr_of_one_quote_found_at_rank_two() -> None:
    scores = parts(retrieval_scores([piece(25, 28)], hits(0, 20, 40)))
    assert scores == {"recall@1": 0, "recall@3": 1, "recall@5": 1, "recall@10": 1, "mrr": 0.5}


def test_two_quotes_found_at_ranks_one_and_four() -> None:
    scores = parts(retrieval_scores([piece(60, 65), piece(0, 5)], hits(0, 20, 40, 60)))
    assert scores == {"recall@1": 0.5, "recall@3": 0.5, "recall@5": 1, "recall@10": 1, "mrr": 1}


def test_several_hits_on_one_quote_count_once() -> None:
    scores = parts(retrieval_scores([piece(5, 45), piece(90, 95)], hits(0, 20, 40)))
    assert scores["recall@3"] == 0.5
    assert scores["mrr"] == 1


def test_one_hit_on_two_quotes_finds_both_at_its_rank() -> None:
    scores = parts(retrieval_scores([piece(0, 3), piece(5, 9)], hits(50, 0)))
    assert scores == {"recall@1": 0, "recall@3": 1, "recall@5": 1, "recall@10": 1, "mrr": 0.5}


def test_a_quote_across_two_passages_is_found_by_either() -> None:
    scores = parts(retrieval_scores([piece(8, 12)], hits(10, 0)))
    assert scores["recall@1"] == 1


def test_the_same_passage_twice_keeps_its_ranks() -> None:
    scores = parts(retrieval_scores([piece(20, 30)], hits(0, 0, 20)))
    assert scores["recall@1"] == 0
    assert scores["recall@3"] == 1
    assert scores["mrr"] == pytest.approx(1 / 3)


def test_rank_ten_is_ranked_as_a_number() -> None:
    scores = parts(retrieval_scores([piece(900, 905)], hits(*range(0, 90, 10), 900)))
    assert scores == {
        "recall@1": 0, "recall@3": 0, "recall@5": 0, "recall@10": 1, "mrr": pytest.approx(0.1)
    }  # fmt: skip


def test_nothing_found_and_nothing_to_find() -> None:
    nothing = {"recall@1": 0, "recall@3": 0, "recall@5": 0, "recall@10": 0, "mrr": 0}
    assert parts(retrieval_scores([piece(90, 95)], hits(0, 20))) == nothing
    assert parts(retrieval_scores([piece(90, 95)], [])) == nothing
    assert parts(retrieval_scores([()], hits(0))) == nothing
    assert retrieval_scores([], hits(0)) == {}


def test_ndcg_of_one_piece_is_the_discount_of_its_rank() -> None:
    assert ndcg(retrieval_scores([piece(0, 5)], hits(0, 20))) == (1, 1)
    assert ndcg(retrieval_scores([piece(25, 28)], hits(0, 20))) == pytest.approx([1 / log2(3)] * 2)
    late = ndcg(retrieval_scores([piece(60, 65)], hits(*range(0, 100, 10))))
    assert late == pytest.approx((0, 1 / log2(8)))
    assert ndcg(retrieval_scores([piece(90, 95)], hits(0))) == (0, 0)
    assert ndcg(retrieval_scores([piece(90, 95)], [])) == (0, 0)


def test_ndcg_of_several_pieces_against_the_best_order_of_them() -> None:
    two = [piece(0, 5), piece(60, 65)]
    assert ndcg(retrieval_scores(two, hits(0, 20, 40, 60))) == pytest.approx(
        [gain(1, 4) / gain(1, 2)] * 2
    )
    # the second is not found at all: the best order would have had it
    assert ndcg(retrieval_scores(two, hits(0, 20))) == pytest.approx([gain(1) / gain(1, 2)] * 2)


def test_a_second_hit_on_the_same_words_gains_nothing_in_ndcg() -> None:
    assert ndcg(retrieval_scores([piece(5, 45)], hits(0, 20, 40))) == (1, 1)
    # both at once at rank two: one hit that could have stood first
    assert ndcg(retrieval_scores([piece(0, 3), piece(5, 9)], hits(50, 0))) == pytest.approx(
        [1 / log2(3)] * 2
    )


def test_names_of_the_article_level_are_their_own() -> None:
    scores = retrieval_scores([piece(0, 5)], hits(0), "article_")
    assert set(scores) == {
        "article_recall@1", "article_recall@3", "article_recall@5", "article_recall@10",
        "article_mrr", "article_ndcg@5", "article_ndcg@10",
    }  # fmt: skip


def test_articles_are_ranked_by_the_first_hit_that_brings_them_up() -> None:
    a, b, c = Place(Span("a", 0, 9)), Place(Span("b", 0, 9), also_in=("a",)), Place(Span("c", 0, 9))
    again, new_copy = Place(Span("a", 20, 29)), Place(Span("a", 30, 39), also_in=("d",))
    assert distinct_articles([a, again, b, again, new_copy, c]) == (a, b, new_copy, c)
    assert distinct_articles([b, a]) == (b,)
    assert distinct_articles([]) == ()
