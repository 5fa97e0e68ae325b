"""Every measure on cases worked out by hand."""

import warnings

import pytest

from qa.evaluating.metrics import (
    MEASURES,
    Measure,
    Share,
    answer_scores,
    contains_answer,
    cost_scores,
    measure,
    normalise,
    summarise,
    verdict_scores,
)
from qa.evaluating.predictions import Said

BY_NAME = {definition.name: definition for definition in MEASURES}


def said(text: str, *, refused: bool = False, reason: str | None = None) -> Said:
    usage = {"prompt_tokens": 600, "reused_tokens": 90, "drafted_tokens": 8, "accepted_tokens": 2}
    return Said(text, refused, (), 1.5, 4.0, usage, reason=reason)


def parts(scores: dict[str, Share]) -> dict[str, float]:
    return {name: share.part for name, share in scores.items()}


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
        # all the script drops: articles and ASCII punctuation, hyphens without a space in place
        ("a well-known, an Old Bridge!", ["well-known old bridge"], 1, 1),
        ("$42 million", ["42 million"], 1, 1),
        # p 2/4, r 2/3: f1 = 2 * 1/2 * 2/3 / (7/6)
        ("in the spring of 1973", ["spring 1973 crisis"], 0, 4 / 7),
        # the order of the words is nothing to F1 and everything to EM
        ("million 42 euros", ["42 million euros"], 0, 1),
        # a tie: both accepted answers share one word of two
        ("red blue", ["red green", "blue green"], 0, 0.5),
    ],
)
def test_exact_match_and_f1_are_squads(
    text: str, accepted: list[str], em: float, f1: float
) -> None:
    scores = parts(answer_scores(said(text), accepted))
    assert scores["answer_em"] == em
    assert scores["answer_f1"] == pytest.approx(f1)
    assert scores["refusal_false"] == 0


NONE_BY_REASON = {"nothing_relevant": 0.0, "not_in_sources": 0.0}


def by_reason(name: str, **shares: float) -> dict[str, float]:
    return {f"{name}:{reason}": part for reason, part in (NONE_BY_REASON | shares).items()}


def test_verdicts_on_an_answerable_question() -> None:
    assert parts(verdict_scores(said("It cost 42 million euros [1]."), ["42 million euros"])) == {
        "right": 1, "contains_answer": 1, "given_answers_right": 1, "answer_em": 0, "squad2_em": 0,
        "answer_f1": pytest.approx(0.75), "squad2_f1": pytest.approx(0.75), "refusal_false": 0,
        **by_reason("refusal_false"),
    }  # fmt: skip
    assert parts(verdict_scores(said("No.", refused=True, reason="not_in_sources"), ["42"])) == {
        "right": 0, "contains_answer": 0, "answer_em": 0, "squad2_em": 0, "answer_f1": 0,
        "squad2_f1": 0, "refusal_false": 1, **by_reason("refusal_false", not_in_sources=1),
    }  # fmt: skip


def test_verdicts_on_an_unanswerable_question() -> None:
    refusal = said("No.", refused=True, reason="nothing_relevant")
    assert parts(verdict_scores(refusal, [])) == {
        "right": 1, "squad2_em": 1, "squad2_f1": 1, "refusal_right": 1,
        **by_reason("refusal_right", nothing_relevant=1),
    }  # fmt: skip
    assert parts(verdict_scores(said("42 million"), [])) == {
        "right": 0, "squad2_em": 0, "squad2_f1": 0, "refusal_right": 0, "given_answers_right": 0,
        **by_reason("refusal_right"),
    }  # fmt: skip


def test_a_refusal_for_an_unknown_reason_is_still_a_refusal() -> None:
    scores = parts(verdict_scores(said("No.", refused=True), []))
    assert scores["refusal_right"] == 1
    assert by_reason("refusal_right").items() <= scores.items()


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


def test_costs() -> None:
    assert parts(cost_scores(said("…"))) == {
        "total_s": 4.0,
        "first_token_s": 1.5,
        "prompt_tokens": 600,
        "reused_tokens": 90,
        "prefix_reuse": 90,
        "completion_tokens": 0,
        "draft_acceptance": 2,
    }
    assert cost_scores(said("…"))["prefix_reuse"] == Share(90, 600)
    assert cost_scores(said("…"))["draft_acceptance"] == Share(2, 8)
    unread = Said("…", True, (), None, 0.1, {})
    assert not {"first_token_s", "prefix_reuse", "draft_acceptance"} & set(cost_scores(unread))


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
