"""How likely evidence answers: the formula, the signals of a hand-made example, the numbers."""

import math
from dataclasses import fields, replace
from datetime import date

import pytest

from qa.answering.confidence import (
    MOST_LOGITS,
    MOST_NAMES,
    OTHER_DAYS,
    OTHER_MATTER,
    Confidence,
    Signals,
    confidence,
    days_met,
    matter_met,
    signals_of,
    words_met,
)
from qa.answering.contexts import NOTHING, Context
from qa.answering.scoring import ScoredSentence
from qa.library.span_reader import ScoredSpan, SpanReading
from tests.answering.builders import hit, piece

SILENT = Signals(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
HITS = (
    hit(
        "The lighthouse of Holme was lit in 1858. Its keeper was Ann Dale.",
        title="A lamp",
        article_id="lamp",
        cosine=0.4,
    ),
    hit("The keeper left in 1871.", title="A lamp", start=500, article_id="lamp", cosine=0.6),
)
BEST = ScoredSentence(1, 0, 40, 0, 6.0, MOST_LOGITS, None, 40)


def test_a_logistic_model_of_the_signals() -> None:
    weights = Confidence(-1.0, (0.1, 0.0, 0.5, 0.0, 2.0, 0.0, 0.0, 0.0))
    # -1 + .1 · 10 + .5 · 4 + 2 · .5 = 3
    signals = replace(SILENT, relevance=10.0, span=4.0, names_there=0.5)
    assert weights.of(signals) == pytest.approx(1 / (1 + math.exp(-3)))
    assert Confidence(0.0, (0.0,) * 8).of(signals) == 0.5


def test_the_signals_of_an_example() -> None:
    readings = (
        SpanReading(2.0, (ScoredSpan(35, 39, 8.0), ScoredSpan(0, 3, 1.0))),
        SpanReading(-3.0, (ScoredSpan(0, 3, 2.0),)),
    )
    told = replace(BEST, span=ScoredSpan(35, 39, 8.0))
    signals = signals_of("When was the Holme lighthouse of Greta lit?", [told], readings, HITS)
    assert signals == Signals(
        relevance=MOST_LOGITS,  # 6 more, bounded
        alone=6.0,
        span=6.0,  # 8, bounded
        answerable=2.0,
        names_there=0.5,  # Holme, not Greta
        names_met=1.0,
        asked_there=0.75,  # Holme, lighthouse, lit
        cosine=0.6,
    )


def test_what_the_reader_finds_in_what_is_no_evidence_says_nothing() -> None:
    """The first passage's words stand behind the only sentence that was scored."""
    ordered = (SpanReading(5.0, (ScoredSpan(45, 60, 8.0),)), SpanReading(4.0, ()))
    signals = signals_of("Who kept it?", [BEST], ordered, HITS)
    assert (signals.span, signals.answerable) == (-6.0, -6.0)
    second = ScoredSpan(35, 39, -2.0)  # and this one in the sentence
    both = (SpanReading(5.0, (ScoredSpan(45, 60, 8.0), second)), SpanReading(4.0, ()))
    signals = signals_of("Who kept it?", [replace(BEST, span=second)], both, HITS)
    assert (signals.span, signals.answerable) == (-2.0, 5.0)


def test_names_count_in_all_that_is_at_hand_of_the_article() -> None:
    there = signals_of("Who left in 1871?", [BEST], (), HITS)
    assert (there.names_there, there.names_met) == (1.0, 1.0)  # a figure is as good as a name
    assert (there.span, there.answerable) == (0.0, 0.0)
    elsewhere = (HITS[0], hit("The keeper left in 1871.", article_id="other"))
    assert signals_of("Who left in 1871?", [BEST], (), elsewhere).names_there == 0.0


def test_whom_an_article_opens_with_is_at_hand_in_all_of_it() -> None:
    asked = "When did Greta Holme light it?"
    assert signals_of(asked, [BEST], (), HITS).names_met == 1.0  # Holme alone
    contexts = [Context(subject="Greta"), *[NOTHING] * (len(HITS) - 1)]
    there = signals_of(asked, [BEST], (), HITS, contexts)
    assert (there.names_there, there.names_met) == (1.0, 2.0)


def test_a_question_without_names_has_all_of_them_and_none_is_met() -> None:
    signals = signals_of("When was it?", [BEST], (), HITS)
    assert (signals.names_there, signals.names_met) == (1.0, 0.0)


def test_from_three_names_on_more_say_no_more() -> None:
    signals = signals_of("Was Ann Dale of Holme keeper in 1858 or 1871?", [BEST], (), HITS)
    assert signals.names_met == MOST_NAMES


@pytest.mark.parametrize("reader", [True, False])
def test_the_numbers_of_the_program_load_and_tell_good_from_bad(*, reader: bool) -> None:
    stored = confidence(reader=reader)
    assert len(stored.weights) == len(fields(Signals))
    good = Signals(10.0, 10.0, 6.0, 6.0, 1.0, 2.0, 1.0, 0.8)
    bad = Signals(-10.0, -10.0, -6.0, -6.0, 0.0, 0.0, 0.0, 0.1)
    assert stored.of(good) > 0.5
    assert stored.of(bad) < 0.15


def test_without_a_reader_its_signals_weigh_nothing() -> None:
    sure = Signals(1.0, 1.0, 6.0, 6.0, 1.0, 1.0, 1.0, 0.5)
    without = confidence(reader=False)
    assert without.of(sure) == without.of(sure.without_reader())
    assert confidence(reader=True).of(sure) > confidence(reader=True).of(sure.without_reader())


@pytest.mark.parametrize(
    ("question", "met"),
    [
        ("Who won the prize in 2020?", False),
        ("Who won the prize in 2022?", True),
        ("Who had won it in 1975?", True),  # its words name that year
        ("Who won the prize on 7 October 2022?", True),
        ("What closed in 2019?", True),  # "three years ago"
        ("Who won the prize?", True),
        ("Why did 2000 people come?", True),  # "2,000 people"
        ("Why did 2001 people come?", False),
    ],
)
def test_a_year_that_no_source_touches_makes_an_answer_unlikely(question: str, met: bool) -> None:
    text = "The prize went to Ann Dale. Bo Lind won it in 1975. The mine closed three years ago. "
    text += "Over 2,000 people came."
    source = hit(text, title="Prize for Dale", published=date(2022, 10, 7))
    assert days_met(question, [source]) == (1.0 if met else OTHER_DAYS)


@pytest.mark.parametrize(
    ("question", "met"),
    [
        ("How much have rail fares gone up?", False),  # "gone" is in any article
        ("How much has the bridge cost?", True),
        ("Who is Dale?", True),
        ("What was said in Holme?", True),  # the title says so
        ("Why?", True),
        ("Who paid?", True),  # by one word it is not told
        ("Who paid the builders?", False),
        ("Wie teuer sind Fahrkarten der Bahn geworden?", True),  # other words say so there
    ],
)
def test_a_passage_without_a_word_of_the_question_is_about_something_else(
    question: str, met: bool
) -> None:
    source = hit("The bill for the bridge has gone up, Ann Dale says.", title="Holme news")
    assert words_met(question, [source]) == (1.0 if met else OTHER_MATTER)
    text = source.passage.text
    little, enough = (piece(text, [source], score=score) for score in (-6.1, -6.0))
    assert matter_met(question, [little], [source]) == words_met(question, [source])
    assert matter_met(question, [enough], [source]) == 1.0
    assert matter_met(f"{question} In 2019", [enough], [source]) == OTHER_DAYS


@pytest.mark.parametrize(
    ("question", "scores", "left"),
    [
        ("Who was Ann Dale of Holme?", (-16.1, -20.0), OTHER_MATTER),
        ("Who was Ann Dale of Holme?", (-16.0, -20.0), 1.0),
        ("Who was Ann Dale of Holme?", (-20.0, -16.0), 1.0),  # the newest first, say
        ("Which is older, the lamp or the keeper?", (-16.1, -20.0), 1.0),  # each tells a half
        ("Wer war Ann Dale in Holme?", (-16.1, -20.0), 1.0),  # which no reader was taught
    ],
)
def test_where_neither_model_finds_anything_little_is_left(
    question: str, scores: tuple[float, ...], left: float
) -> None:
    evidence = [piece("Its keeper was Ann Dale.", HITS, score=score) for score in scores]
    assert matter_met(question, evidence, HITS) == left


def test_an_undated_source_may_be_of_any_year() -> None:
    source = hit("The prize went to Ann Dale.", published=None)
    assert days_met("Who won the prize in 2020?", [source]) == 1.0
