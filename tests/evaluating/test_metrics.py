"""Every measure on cases worked out by hand."""

import warnings

import pytest

from qa.evaluating.evidence import Piece
from qa.evaluating.metrics import (
    MEASURES,
    Measure,
    Share,
    answer_scores,
    citation_scores,
    contains_answer,
    cost_scores,
    measure,
    normalise,
    retrieval_scores,
    summarise,
)
from qa.evaluating.predictions import Place, Quote, Said, SaidSentence, Span

BY_NAME = {definition.name: definition for definition in MEASURES}


def said(text: str, *, refused: bool = False, supported: tuple[bool, ...] = ()) -> Said:
    sentences = tuple(SaidSentence(0, len(text), verdict, ()) for verdict in supported)
    return Said(text, refused, sentences, 1.5, 4.0, {"prompt_tokens": 600, "reused_tokens": 90})


def parts(scores: dict[str, Share]) -> dict[str, float]:
    return {name: share.part for name, share in scores.items()}


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


@pytest.mark.parametrize(
    ("text", "accepted", "em", "f1"),
    [
        # worked out by the rules of the official script: lower case, no punctuation, no articles
        ("42 million euros", ["42 million euros"], 1, 1),
        ("The 42 Million euros.", ["42 million euros"], 1, 1),
        ("42 million euros [1].", ["42 million euros"], 1, 1),
        # precision 3/5, recall 3/3: f1 = 2 * 0.6 / 1.6
        ("It cost 42 million euros [1].", ["42 million euros"], 0, 0.75),
        # the best of several accepted answers: against "42 million", p 2/5, r 2/2, f1 4/7;
        # against "cost 42 million euros", p 4/5, r 4/4, f1 8/9
        ("It cost 42 million euros.", ["42 million", "cost 42 million euros"], 0, 8 / 9),
        # a word twice counts twice only if it is twice in both: p 1/2, r 1/1
        ("no no", ["no"], 0, 2 / 3),
        ("Lisbon", ["Porto"], 0, 0),
        ("", ["Porto"], 0, 0),
        ("[1]", ["Porto"], 0, 0),
    ],
)
def test_exact_match_and_f1_are_squads(
    text: str, accepted: list[str], em: float, f1: float
) -> None:
    scores = parts(answer_scores(said(text), accepted))
    assert scores["answer_em"] == em
    assert scores["answer_f1"] == pytest.approx(f1)
    assert scores["refusal_false"] == 0


def test_a_refusal_has_no_answer_whatever_its_message_says() -> None:
    scores = parts(answer_scores(said("The articles do not say.", refused=True), ["the articles"]))
    assert scores == {
        "answer_em": 0, "answer_f1": 0, "contains_answer": 0, "refusal_false": 1
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "accepted", "contained"),
    [
        ("It cost 42 million euros.", ["43 million", "42 million"], True),
        ("It was the Mayor, Inês Duarte.", ["inês duarte"], True),
        ("They had a party.", ["art"], False),
        ("Duarte, Inês", ["Inês Duarte"], False),
        ("He backs a ban on the ferry.", ["ban on ferry"], True),
        ("They are “Nordline’s” ships", ["Nordline's"], True),
        ("They run 2019–20", ["2019-20"], True),
        ("6\u00a0per cent", ["6 per cent"], True),
        ("anything", ["The", "?"], False),
        ("", ["Porto"], False),
        ("Porto", [], False),
    ],
)
def test_an_answer_contains_an_accepted_one_word_by_word(
    text: str, accepted: list[str], contained: bool
) -> None:
    assert contains_answer(text, accepted) is contained


def test_a_marker_does_not_come_between_the_words() -> None:
    assert parts(answer_scores(said("Inês [1] Duarte [2, 3]."), ["Inês Duarte"]))["answer_em"] == 1
    # four digits in brackets are a year, not a marker
    assert parts(answer_scores(said("In [1973]"), ["in 1973"]))["answer_em"] == 1


def test_normalising() -> None:
    assert normalise("  The “A-Team”:  an\u00a0$5 plan ") == "ateam 5 plan"


def test_citation_scores() -> None:
    texts = {"a": "It cost 42 million euros."}
    good = Quote(1, Span("a", 8, 18), "42 million")
    shifted = Quote(1, Span("a", 9, 19), "42 million")
    gone = Quote(2, Span("b", 0, 3), "Two")
    answer = said("…", supported=(True, False, True))
    scores = citation_scores(answer, [good, shifted, gone], [piece(15, 20)], texts)
    assert scores == {
        "citation_holds_evidence": Share(1),
        "quotes_verbatim": Share(1, 3),
        "sentences_supported": Share(2, 3),
    }
    elsewhere = citation_scores(answer, [good], [piece(0, 8)], texts)
    assert elsewhere["citation_holds_evidence"] == Share(0)
    assert elsewhere["quotes_verbatim"] == Share(1, 1)


def test_an_answer_without_citations_holds_no_evidence_and_quotes_nothing() -> None:
    assert citation_scores(said("…"), [], [piece(0, 5)], {}) == {
        "citation_holds_evidence": Share(0)
    }
    assert citation_scores(said("…"), [], [], {}) == {}


def test_an_empty_quote_is_not_verbatim() -> None:
    scores = citation_scores(said("…"), [Quote(1, Span("a", 3, 3), "")], [], {"a": "text"})
    assert scores["quotes_verbatim"] == Share(0, 1)


def test_costs() -> None:
    assert parts(cost_scores(said("…"))) == {
        "total_s": 4.0,
        "first_token_s": 1.5,
        "prompt_tokens": 600,
        "reused_tokens": 90,
        "completion_tokens": 0,
    }
    unread = Said("…", True, (), None, 0.1, {})
    assert "first_token_s" not in cost_scores(unread)


def test_a_share_is_the_parts_over_the_wholes() -> None:
    # 1 of 1 citation, and 1 of 3: two of four, not the mean of 1 and 1/3
    result = measure(BY_NAME["quotes_verbatim"], [Share(1, 1), Share(1, 3)])
    assert result.value == 0.5
    assert result.count == 2
    assert result.low <= 0.5 <= result.high


def test_percentiles() -> None:
    seconds = [Share(float(n)) for n in range(101)]
    assert measure(BY_NAME["total_s_p50"], seconds).value == 50
    assert measure(BY_NAME["total_s_p95"], seconds).value == 95


def test_an_interval_is_that_of_the_binomial_and_the_same_every_time() -> None:
    shares = [Share(1.0)] * 50 + [Share(0.0)] * 50
    result = measure(BY_NAME["contains_answer"], shares)
    # 0.5 ± 1.96 * sqrt(0.25 / 100)
    assert result.value == 0.5
    assert result.low == pytest.approx(0.402, abs=0.02)
    assert result.high == pytest.approx(0.598, abs=0.02)
    assert measure(BY_NAME["contains_answer"], shares) == result


@pytest.mark.parametrize("name", ["contains_answer", "total_s_p95"])
@pytest.mark.parametrize("values", [[0.25], [1.0, 1.0, 1.0], [0.0, 0.0]])
def test_one_question_or_equal_ones_give_no_width_and_no_warning(
    name: str, values: list[float]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = measure(BY_NAME[name], [Share(value) for value in values])
    assert result == Measure(name, values[0], values[0], values[0], len(values))


def test_two_different_questions_do_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = measure(BY_NAME["answer_f1"], [Share(0.0), Share(1.0)])
    assert (result.low, result.value, result.high) == (0, 0.5, 1)


def test_a_measure_that_nobody_has_a_score_for_is_absent() -> None:
    summary = summarise([{"failed": Share(0)}, {"failed": Share(0), "mrr": Share(0.5)}])
    assert [(one.name, one.value, one.count) for one in summary] == [
        ("mrr", 0.5, 1),
        ("failed", 0, 2),
    ]
    assert summarise([]) == ()
