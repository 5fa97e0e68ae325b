"""What is looked up for a follow-up, and how what was found is brought together."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.following import DEPTH, Query, fuse_hits, leaning, leans, queries
from qa.library.embedder import SentenceEmbedder
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.types import Hit, Turn
from tests.answering.builders import hit

LIT = Turn("When was the lamp of Cape Hurst lit?", "It was lit in 1858 [1][2].")
KEPT = Turn("And who kept it?", "It was kept by Jonas Hale [1].")


def scored(text: str, score: float, cosine: float = 0.5, article_id: str = "") -> Hit:
    return replace(hit(text, article_id=article_id or text, cosine=cosine), score=score)


@pytest.mark.parametrize(
    "question",
    [
        "And in the second round?",
        "What about the Czech side of the story in Prague?",
        "When did he leave Budapest for Moscow again?",  # points back
        "In which hotel?",  # one telling word
        "Which captain steered the wooden lifeboat?",  # names nothing
        "What should I read about steering lifeboats?",
        "",
    ],
)
def test_a_question_that_leans_on_what_was_said(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who chairs the Norwegian Nobel Committee?",
        "Which team won the football cup in 2018?",
        "Andrej Babiš won what share of the vote?",  # opens with "And" and goes on
    ],
)
def test_a_question_that_stands_alone(question: str) -> None:
    assert not leans(question)


def test_a_question_without_a_turn_before_it_is_looked_up_alone() -> None:
    assert queries("And why?", []) == (Query("And why?", 1.0),)


def test_a_new_subject_is_looked_up_alone() -> None:
    question = "Who chairs the Norwegian Nobel Committee?"
    assert queries(question, [LIT]) == (Query(question, 1.0),)


def test_a_follow_up_is_looked_up_alone_and_behind_the_turn_before_it() -> None:
    assert queries("By whom?", [KEPT, LIT]) == (
        Query("By whom?", 0.4),
        Query("When was the lamp of Cape Hurst lit? It was lit in 1858. By whom?", 0.6),
    )


def test_where_that_turn_leans_on_another_its_question_comes_too() -> None:
    _, behind = queries("By whom?", [LIT, KEPT])
    assert behind.text == (
        "When was the lamp of Cape Hurst lit? And who kept it? It was kept by Jonas Hale. By whom?"
    )


def test_a_follow_up_is_read_with_what_it_leans_on_behind_it() -> None:
    assert leaning("By whom?", [LIT]) == "By whom? (When was the lamp of Cape Hurst lit?)"
    assert leaning("By whom?", []) == "By whom?"


def test_a_question_that_is_asked_once_more_leans_on_nothing() -> None:
    again = "And when was the lamp of Cape Hurst lit?"
    assert queries(again, [LIT]) == (Query(again, 1.0),)


def test_a_refusal_is_no_answer_to_lean_on() -> None:
    refused = replace(
        LIT, answer="Nothing in the articles bears on this question. Closest: The lamp."
    )
    _, behind = queries("By whom?", [refused])
    assert behind.text == "When was the lamp of Cape Hurst lit? By whom?"


def test_scores_are_added_by_share_and_the_nearer_cosine_counts() -> None:
    alone = [scored("a", 0.8, 0.4), scored("b", 0.6, 0.2)]
    behind = [scored("b", 0.9, 0.8), scored("c", 0.7, 0.6)]
    fused = fuse_hits([(Query("x", 0.75), alone), (Query("y", 0.25), behind)], k=3)
    # a: .75·.8 + .25·.7 (the lowest of the other); b: .75·.6 + .25·.9; c: .75·.6 + .25·.7
    assert [one.passage.id for one in fused] == ["a#0", "b#0", "c#0"]
    assert [one.score for one in fused] == pytest.approx([0.775, 0.675, 0.625])
    assert [one.cosine for one in fused] == pytest.approx([0.4, 0.8, 0.6])


def test_copies_that_two_queries_found_are_one_passage() -> None:
    text = "The ferry to the island was stopped on Monday because of a storm in the strait."
    desk = replace(scored(text, 0.8, article_id="desk"), also_in=("wire",))
    wire = replace(scored(text, 0.6, article_id="wire"), also_in=("desk",))
    other = scored("The lamp was lit.", 0.5, article_id="lamp")
    (first, second) = fuse_hits([(Query("x", 0.5), [desk, other]), (Query("y", 0.5), [wire])], k=2)
    assert (first.score, {first.passage.article_id, *first.also_in}) == (0.7, {"desk", "wire"})
    assert second.passage.article_id == "lamp"


def test_what_one_query_found_stays_as_it_is() -> None:
    hits = [scored("a", 0.8), scored("b", 0.6)]
    assert fuse_hits([(Query("x", 1.0), hits)], k=1) == (hits[0],)


def test_a_query_that_found_nothing_leaves_the_order_to_the_other() -> None:
    hits = [scored("a", 0.8), scored("b", 0.6)]
    fused = fuse_hits([(Query("x", 0.5), []), (Query("y", 0.5), hits)], k=5)
    assert [one.passage.id for one in fused] == ["a#0", "b#0"]


rankings = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 1)).map(
    lambda scores: [scored(name, score) for name, score in scores.items()]
)


@given(rankings, rankings, st.integers(0, 10))
def test_fused_hits_are_those_found_best_first(alone: list[Hit], behind: list[Hit], k: int) -> None:
    fused = fuse_hits([(Query("x", 0.5), alone), (Query("y", 0.5), behind)], k)
    ids = [one.passage.id for one in fused]
    found = {one.passage.id for one in (*alone, *behind)}
    assert len(ids) == len(set(ids)) == min(k, len(found))
    assert set(ids) <= found
    scores = [one.score for one in fused]
    assert scores == sorted(scores, reverse=True)
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in scores)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "turn", "wanted"),
    [
        (
            "And Babiš?",
            Turn("What share of the vote did Petr Pavel win in the second round?", "58.32 percent"),
            "41.67 percent",
        ),
        (
            "Where was that?",
            Turn("When was the Chinese balloon shot down?", "On 4 February 2023 [1]."),
            "off the coast of South Carolina",
        ),
        (  # put behind the turn before it in one string, it does not find this
            "And how long is the term of the Czech president?",
            Turn("How long did Blinken and Wang Yi talk in Munich?", "About an hour [1]."),
            "His term is five years.",
        ),
    ],
)
def test_follow_ups_find_their_evidence_in_seeds(
    question: str, turn: Turn, wanted: str, seeds_store: Store, embedder: SentenceEmbedder
) -> None:
    retriever = Retriever(seeds_store, embedder, seeds_store.index_dir)
    found = [(query, retriever.retrieve(query.text, DEPTH)) for query in queries(question, [turn])]
    assert any(wanted in one.passage.text for one in fuse_hits(found, k=4))
