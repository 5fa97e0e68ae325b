"""How likely the evidence answers the question. Pure.

A logistic model of a few signals, fitted by `bench/calibrate.py` on questions whose answers are
known, half of them without one; its numbers lie in `confidence.json`, and `qa calibrate` may fit
others for a home (`qa.evaluating.calibrating`). There are two: with what the
reader says, and without, for questions that it was not taught to judge. With it nothing counts that
tells how far words are shared: people ask in words of their own, and a near miss shares many. The
language model has no part in it: what is not to be told is known before it has read a word.
"""

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from hashlib import sha256
from importlib.resources import files
from typing import Any

from qa.answering.contexts import Context
from qa.answering.parts import Taught, compares, taught
from qa.answering.scoring import ANSWERS_FROM, ScoredSentence
from qa.library.span_reader import ScoredSpan, SpanReading
from qa.reading import wording
from qa.reading.date_words import whole_year
from qa.reading.dates import DateMention, absolute_dates, days_of
from qa.reading.partial_days import YEAR
from qa.reading.passages import header
from qa.types import Evidence, Hit, Passage

CONFIDENCE_FILE = "confidence.json"
WITH_READER, WITHOUT_READER = "with_reader", "without_reader"

OTHER_DAYS = 0.2
"""What is left of a probability where the question names a day that no source touches. Set by hand:
the texts that the rest is fitted on have no dates."""

OTHER_MATTER = 1 / 3
"""What is left where the best passage and its title have no word of the question, and the best
piece scores little: what the articles say nothing about would be answered by whatever has the form
of an answer. Of nine such questions on our stories one was answered rightly."""

SCORES_LITTLE = -6.0
"""From this score on words that are other than the question's may answer: of ten such seven did."""

SCORES_NOTHING = -16.0
"""Below this score neither cross-encoder nor reader found anything in the best piece, whatever was
taken to answer elsewhere: of 17 answers told of such 2 were right (`bench/answers.md`)."""

FEWEST_WORDS = 2
"""Telling words of a question from which on it counts that none of them is there."""

MOST_LOGITS = 16.0
"""Sums of logits count up to this above and below nothing: beyond, more says no more."""

MOST_OF_READER = 6.0
"""The reader's logits likewise."""

MOST_NAMES = 3
"""So many names and figures count; more say no more."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a question and its evidence before anything is told.

    `relevance` is the highest sum of two logits of a sentence, `alone` the first of these. `span`
    is the logit above its null of the reader's best span in the sentence that is told first,
    `answerable` its log-odds that one of the passages answers at all (both 0 without a reader).
    `names_there` is the share of the question's names and figures that stand in what is at hand of
    the best sentence's article, `names_met` how many do: who asks with names that are there mostly
    asks what is told, who names nothing asks at large. `asked_there` is the share of its other
    content words in that sentence, the one before it, and the title. `cosine` is that of the
    question and the best passage.
    """

    relevance: float
    alone: float
    span: float
    answerable: float
    names_there: float
    names_met: float
    asked_there: float
    cosine: float

    @property
    def read(self) -> bool:
        """Whether a reader was asked: it never says exactly nothing of both."""
        return (self.span, self.answerable) != (0.0, 0.0)

    def without_reader(self) -> "Signals":
        """The same as if no reader had been asked."""
        return replace(self, span=0.0, answerable=0.0)

    def without_words(self) -> "Signals":
        """The same without what the reader knows better: how far words are shared.

        A reader has read these; whoever asks in words of their own shares few, and near misses
        share many (`bench/answers.md` has figures).
        """
        return replace(self, relevance=0.0, alone=0.0, asked_there=0.0)


@dataclass(frozen=True, slots=True)
class Confidence:
    """Weights of the signals, in the order of their fields, and the bias; for log-odds."""

    bias: float
    weights: tuple[float, ...]

    def of(self, signals: Signals) -> float:
        """The probability that the evidence answers the question, 0 to 1."""
        weighed = zip(self.weights, astuple(signals), strict=True)
        return 1 / (1 + math.exp(-self.bias - sum(weight * signal for weight, signal in weighed)))


@dataclass(frozen=True, slots=True)
class Weighing:
    """Both models: the one for what a reader has judged, the one for what it was not taught to."""

    with_reader: Confidence
    without_reader: Confidence

    @property
    def digest(self) -> str:
        """Tells these numbers from others, in 16 hexadecimal digits."""
        return sha256(json.dumps(weighing_object(self)).encode()).hexdigest()[:16]

    def of(self, signals: Signals, known: Taught = Taught.WELL) -> float:
        """How likely the signals are those of an answer, 0 to 1, by the reader if it was asked.

        Of a question that it was not taught it says nothing against; of one that it was taught a
        little its word is half (figures in `bench/answers.md`).
        """
        without = self.without_reader.of(signals)
        if not signals.read:
            return without
        by_reader = self.with_reader.of(signals)
        if known is Taught.NOT:
            return max(by_reader, without)
        return (by_reader + without) / 2 if known is Taught.LITTLE else by_reader


def confidence(*, reader: bool) -> Confidence:
    """The numbers that come with the program, fitted with or without the reader's signals."""
    return shipped().with_reader if reader else shipped().without_reader


@functools.cache
def shipped() -> Weighing:
    """The numbers that come with the program."""
    text = (files("qa.answering") / CONFIDENCE_FILE).read_text(encoding="utf-8")
    return weighing_of(json.loads(text))


def weighing_of(stored: Mapping[str, Any]) -> Weighing:
    """What a file holds of both; KeyError, TypeError or ValueError where it has another form."""
    return Weighing(_confidence_of(stored[WITH_READER]), _confidence_of(stored[WITHOUT_READER]))


def weighing_object(weighing: Weighing) -> dict[str, Any]:
    """Both as a file holds them, in six digits."""
    return {
        WITH_READER: _confidence_object(weighing.with_reader),
        WITHOUT_READER: _confidence_object(weighing.without_reader),
    }


def _confidence_of(stored: Mapping[str, Any]) -> Confidence:
    numbers = [stored["bias"], *(stored["weights"][field.name] for field in fields(Signals))]
    bias, *weights = (float(number) for number in numbers)
    if not all(map(math.isfinite, (bias, *weights))):
        msg = "a weight is no number"
        raise ValueError(msg)
    return Confidence(bias, tuple(weights))


def _confidence_object(confidence: Confidence) -> dict[str, Any]:
    names = [field.name for field in fields(Signals)]
    weights = dict(zip(names, confidence.weights, strict=True))
    return {
        "bias": round(confidence.bias, 6),
        "weights": {name: round(weight, 6) for name, weight in weights.items()},
    }


def signals_of(
    question: str,
    scored: Sequence[ScoredSentence],
    readings: Sequence[SpanReading],
    hits: Sequence[Hit],
    contexts: Sequence[Context] = (),
) -> Signals:
    """The signals of a question; `readings` are those of the hits. Needs a sentence at least.

    `contexts` are read above the hits: whom an article opens with is at hand in all of it.

    What the reader finds in what is no evidence, as an order is none, says nothing; a passage that
    has nothing better says nothing.
    """
    best = scored[0]
    nearest = max(scored, key=lambda one: one.relevance)
    hit = hits[best.number - 1]
    passage = hit.passage
    beside = header(passage.title, passage.published)
    window = passage.text[best.opens - passage.start : best.end - passage.start]
    article = " ".join(
        one.passage.text for one in hits if one.passage.article_id == passage.article_id
    )
    asked_for = wording.sure_figures(question) | wording.names(question)
    about = contexts[best.number - 1].subject if contexts else ""
    at_hand = f"{about} {beside} {article}"
    known = set(wording.words(at_hand)) | wording.name_forms(at_hand)
    asked = set(wording.content_words(question))
    read = [
        (reading, _best_in_evidence(reading, number, scored, hits))
        for number, reading in enumerate(readings, 1)
    ]
    answering = [
        reading.answerable
        for reading, best in read
        if best and (best is reading.spans[0] or best.score > ANSWERS_FROM)
    ]
    least = -MOST_OF_READER if readings else 0.0
    return Signals(
        relevance=_bounded(nearest.relevance, MOST_LOGITS),
        alone=_bounded(nearest.alone, MOST_LOGITS),
        span=_bounded(best.span.score if best.span else least, MOST_OF_READER),
        answerable=_bounded(max(answering, default=least), MOST_OF_READER),
        names_there=_share(asked_for, known),
        names_met=float(min(MOST_NAMES, len(asked_for & known))),
        asked_there=_share(asked, set(wording.words(f"{beside} {window}"))),
        cosine=max(one.cosine for one in hits),
    )


def matter_met(question: str, evidence: Sequence[Evidence], hits: Sequence[Hit]) -> float:
    """What of a probability is left by the days and the words of a question, 0 to 1.

    `hits` are those of the evidence, the best piece's first.
    """
    best = max((one.score for one in evidence), default=0.0)
    if best < SCORES_NOTHING and taught(question) and not compares(question):
        return OTHER_MATTER * days_met(question, hits)
    little = bool(evidence) and evidence[0].score < SCORES_LITTLE
    return days_met(question, hits) * (words_met(question, hits) if little else 1.0)


def words_met(question: str, hits: Sequence[Hit]) -> float:
    """1 where the first hit or its title has a telling word of the question, else less.

    One word says little: what it asks for may well be told in another.
    """
    asked = {*wording.plain_words(question), *wording.names(question), *wording.figures(question)}
    if len(asked) < FEWEST_WORDS or not hits or not taught(question):
        return 1.0
    text = f"{hits[0].passage.title} {hits[0].passage.text}"
    return 1.0 if asked & {*wording.words(text), *wording.name_forms(text)} else OTHER_MATTER


def days_met(question: str, hits: Sequence[Hit]) -> float:
    """1 where the hits touch every day or year that a question names, else less.

    A hit touches the day of its publication, and those that its words name; and "2000 people" is
    no year where a hit has that figure.
    """
    asked = [*absolute_dates(question), *_years_in(question)]
    told = {figure for hit in hits for figure in wording.figures(hit.passage.text) if asked}
    known = [day for hit in hits for day in _days_in(hit.passage)]
    dated = all(hit.passage.published for hit in hits)
    if not dated or all(
        question[day.start : day.end] in told or any(_touch(day, one) for one in known)
        for day in asked
    ):
        return 1.0
    return OTHER_DAYS


def _years_in(text: str) -> list[DateMention]:
    years = [(one.start(), int(one[0])) for one in YEAR.finditer(text)]
    return [DateMention(at, at + 4, *whole_year(year)) for at, year in years]


def _days_in(passage: Passage) -> tuple[DateMention, ...]:
    own = passage.published
    published = (DateMention(0, 0, own, own),) if own else ()
    stated = _years_in(f"{passage.title} {passage.text}")
    return (*published, *stated, *days_of(passage.text, own))


def _touch(one: DateMention, other: DateMention) -> bool:
    return one.first <= other.last and other.first <= one.last


def _best_in_evidence(
    reading: SpanReading, number: int, scored: Sequence[ScoredSentence], hits: Sequence[Hit]
) -> ScoredSpan | None:
    """The first of the reader's spans in a passage that stands in a sentence that was scored."""
    at = hits[number - 1].passage.start
    own = [one for one in scored if one.number == number]
    return next(
        (
            span
            for span in reading.spans
            if any(one.start < at + span.end and at + span.start < one.end for one in own)
        ),
        None,
    )


def _bounded(logits: float, most: float) -> float:
    return max(-most, min(most, logits))


def _share(wanted: set[str], there: set[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 1.0
