"""Passages become evidence: the sentences among them that bear on a question, best first.

A cross-encoder reads each sentence together with the question, once alone and once behind the
title and the sentence before it; the sum of the two logits is its score (figures in
`bench/answers.md`). A reader of spans tells which few words of it answer by themselves. Sentences
that give orders to whoever reads them are no evidence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa.reading.orders import without_orders
from qa.library.cross_encoder import CrossEncoder
from qa.library.duplicates import same_words
from qa.library.span_reader import PassageReader, ScoredSpan, SpanReading
from qa.reading.sentences import sentence_spans
from qa.types import Evidence, Hit

MOST = 5
"""So many pieces of evidence at most: what a person reads at a glance, and the model in 3 s."""

NEAR = 9.0
"""How far below the best a sentence's score may lie; sums of two logits differ by 5 to 20 between
what answers and what stands beside it."""

FLOOR = -6.0
"""Sentences that score less bear on the question in name only, whatever the best of them scores."""

SPAN_WEIGHT = 0.8
"""What a logit of the reader's best span adds to the score of the sentence that it stands in."""

SPAN_BOUND = 6.0
"""Logits of a span count up to this, either way: beyond it the reader is as sure as it gets."""

LEANS_ON = 2.5
"""A sentence whose logit rises by this much behind the one before it needs that to be understood."""

_POINTS_BACK = re.compile(
    r"^\W*(?:(?:and|but|so|then|yet|still|also|however)\b,?\s+)?(?:he|she|it|they|him|her|his|its|"
    r"their|this|that|these|those|er|sie|es|il|elle|ils|elles|ella|ellos)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of source `number` with what was read of it, offsets in the article.

    `alone` and `in_context` are logits; `opens` is where the sentence before it begins, or its own
    start. `span` is the reader's best span in it, offsets in the article as well.
    """

    number: int
    start: int
    end: int
    opens: int
    alone: float
    in_context: float
    span: ScoredSpan | None

    @property
    def relevance(self) -> float:
        """The sum of the two logits."""
        return self.alone + self.in_context

    @property
    def score(self) -> float:
        """By what sentences are ranked: relevance, and how well its best span answers."""
        if self.span is None:
            return self.relevance
        return self.relevance + SPAN_WEIGHT * bounded(self.span.score)


def bounded(logit: float) -> float:
    """A span's score within its bounds."""
    return max(-SPAN_BOUND, min(SPAN_BOUND, logit))


def score_sentences(
    question: str,
    hits: Sequence[Hit],
    cross_encoder: CrossEncoder,
    readings: Sequence[SpanReading],
) -> tuple[ScoredSentence, ...]:
    """Every sentence of the hits that is no order, best first. `readings` are those of the hits."""
    bare: list[tuple[int, int, int, int]] = []
    pairs: list[tuple[str, str]] = []
    for number, hit in enumerate(hits, 1):
        text, before = hit.passage.text, 0
        for start, end in sentence_spans(text):
            sentence = text[start:end]
            if without_orders(sentence) == sentence:
                bare.append((number, start, end, before))
                pairs.append((question, sentence))
                pairs.append((question, f"{hit.passage.title}. {text[before:end]}"))
            before = start
    logits = cross_encoder.score(pairs).reshape(-1, 2) if pairs else np.zeros((0, 2))
    scored = []
    for (number, start, end, before), (alone, in_context) in zip(bare, logits, strict=True):
        at = hits[number - 1].passage.start
        span = _best_within(readings[number - 1], start, end) if readings else None
        if span:
            span = ScoredSpan(at + span.start, at + span.end, span.score)
        scored.append(
            ScoredSentence(
                number, at + start, at + end, at + before, float(alone), float(in_context), span
            )
        )
    return tuple(sorted(scored, key=lambda one: -one.score))


def read_spans(
    question: str, hits: Sequence[Hit], reader: PassageReader | None
) -> tuple[SpanReading, ...]:
    """What the reader makes of each hit; nothing without a reader."""
    return reader.read(question, [hit.passage.text for hit in hits]) if reader else ()


def choose(
    scored: Sequence[ScoredSentence], hits: Sequence[Hit], most: int = MOST, near: float = NEAR
) -> tuple[Evidence, ...]:
    """The evidence: what scores near the best, each saying once, with what it points back at."""
    if not scored:
        return ()
    bar = max(scored[0].score - near, FLOOR)
    chosen: list[Evidence] = []
    for sentence in scored:
        if sentence.score < bar or len(chosen) == most:
            break
        _add(chosen, _evidence(sentence, hits))
    return tuple(chosen)


def merged(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The same evidence with what says the same, or overlaps, taken together; the order stays."""
    kept: list[Evidence] = []
    for one in evidence:
        _add(kept, one)
    return tuple(kept)


def renumbered(
    evidence: Sequence[Evidence], hits: Sequence[Hit]
) -> tuple[tuple[Evidence, ...], tuple[Hit, ...]]:
    """The evidence with the hits that it stands in and no others, numbered as they come up."""
    numbers = list(dict.fromkeys(one.number for one in evidence))
    places = {number: place for place, number in enumerate(numbers, 1)}
    return (
        tuple(replace(one, number=places[one.number]) for one in evidence),
        tuple(hits[number - 1] for number in numbers),
    )


def _add(chosen: list[Evidence], one: Evidence) -> None:
    """Add a piece, unless its words are there: then it widens that, or is noted in it."""
    for place, other in enumerate(chosen):
        if one.passage_id == other.passage_id and one.start < other.end and other.start < one.end:
            if one.end > other.end:
                return  # it would bring the end of what the other begins; its own turn may come
            chosen[place] = replace(other, answer=other.answer or one.answer)
            return
        if same_words(one.quote, other.quote):
            also_in = {*other.also_in, *one.also_in, one.article_id} - {other.article_id}
            chosen[place] = replace(other, also_in=tuple(sorted(also_in)))
            return
    chosen.append(one)


def _evidence(sentence: ScoredSentence, hits: Sequence[Hit]) -> Evidence:
    hit = hits[sentence.number - 1]
    passage = hit.passage
    text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
    leans = sentence.in_context - sentence.alone > LEANS_ON or _POINTS_BACK.match(text)
    start = sentence.opens if leans else sentence.start
    span = sentence.span
    return Evidence(
        sentence.number,
        passage.id,
        passage.article_id,
        start,
        sentence.end,
        passage.text[start - passage.start : sentence.end - passage.start],
        sentence.score,
        (span.start, span.end) if span and span.score > 0 else None,
        hit.also_in,
    )


def _best_within(reading: SpanReading, start: int, end: int) -> ScoredSpan | None:
    within = [span for span in reading.spans if start <= span.start and span.end <= end]
    return max(within, key=lambda span: span.score, default=None)
