"""Late interaction by hand, on vectors of two dimensions."""

import numpy as np
import pytest

from qa.library.embedder import Vectors
from qa.library.reranking import max_sim, rerank, shared_pairs


def rows(values: list[list[float]]) -> Vectors:
    return np.array(values, dtype=np.float32).reshape(-1, 2)


QUESTION = rows([[1, 0], [0, 1]])
NOTHING = np.zeros((0, 2), dtype=np.float32)


def test_each_token_of_the_question_takes_its_best_match() -> None:
    # The first finds itself (1); the second finds (.6, .8) best: .8.
    assert max_sim(QUESTION, rows([[1, 0], [0.6, 0.8]])) == pytest.approx(0.9)
    assert max_sim(QUESTION, rows([[1, 0]])) == pytest.approx(0.5)
    assert max_sim(QUESTION, rows([[-1, 0], [-1, 0]])) == pytest.approx(-0.5)
    assert max_sim(QUESTION, NOTHING) == max_sim(NOTHING, QUESTION) == 0


def test_neighbouring_words_by_hand() -> None:
    question = "Who won the human rights prize?"
    # Of its pairs (who won), (won the), (the human), (human rights), (rights prize) the last three
    # stand in the first text, of which plural and case count for nothing.
    assert shared_pairs(question, "She got THE human right prizes.") == pytest.approx(3 / 5)
    assert shared_pairs(question, "Rights of a human; the prize she won.") == 0
    assert shared_pairs("Who is it?", "Who is it? Who is it?") == 0  # stop words alone
    assert shared_pairs("zebra", "zebra") == shared_pairs("", "") == 0


def test_score_by_hand() -> None:
    scores = rerank(
        similarity={"a": 0.9, "b": 0.5, "c": -0.5},
        bm25={"b": 6.0, "c": 3.0},
        pairs={"a": 0.0, "b": 0.5, "c": 1.0},
    )
    assert scores == pytest.approx({"a": 0.756, "b": 0.42 + 0.08 + 0.04, "c": 0.04 + 0.08})
    assert rerank({"a": 0.5}, {}, {"a": 0.0}) == pytest.approx({"a": 0.42})
    assert rerank({}, {}, {}) == {}
