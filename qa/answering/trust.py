"""How far an answer that was found in a passage may be trusted. Pure.

A logistic model of a few signals, fitted by `bench/calibrate.py` on questions whose answers are
known, half of them without one; its numbers lie in `calibration.json`, for each language model that
was asked: a smaller one is less sure of what is right, too.
"""

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from importlib.resources import files
from statistics import fmean

from qa.answering import wording
from qa.answering.claims import days_of
from qa.reading.dates import DateMention, absolute_dates
from qa.answering.kinds import kind_fits
from qa.library.embedder import Embedder
from qa.reading.passages import header
from qa.reading.sentences import sentence_spans
from qa.types import Hit, Passage, Signals

LEAST_LOGPROB = -5.0
"""Below it, a token's log-probability says no more than that it was a surprise."""

OTHER_DAYS = 0.5
"""What is lost where the question names days that a passage does not touch. Set by hand: the texts
that the rest is fitted on have no dates."""

CALIBRATION_FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the signals, in the order of their fields, and the bias; for log-odds."""

    bias: float
    weights: tuple[float, ...]

    def trust(self, signals: Signals) -> float:
        """The probability that an answer with these signals stands, 0 to 1."""
        weighed = zip(self.weights, astuple(signals), strict=True)
        log_odds = self.bias + sum(weight * signal for weight, signal in weighed)
        of_these_days = 1 - OTHER_DAYS * (1 - signals.days_there)
        return of_these_days / (1 + math.exp(-log_odds))


@functools.cache
def calibration(model: str) -> Calibration:
    """The numbers that come with the program for a model; the default model's for any other."""
    stored = json.loads((files("qa.answering") / CALIBRATION_FILE).read_text(encoding="utf-8"))
    mine = stored.get(model) or next(iter(stored.values()))
    weights = tuple(float(mine["weights"][field.name]) for field in fields(Signals))
    return Calibration(float(mine["bias"]), weights)


def signals_of(
    question: str,
    standing: str,
    found: str,
    logprobs: Sequence[float],
    states: float,
    hit: Hit,
    hits: Sequence[Hit],
    embedder: Embedder | None = None,
) -> Signals:
    """The signals of what was found in one of the hits; `logprobs` are those of its tokens.

    `standing` is the question behind those that it leans on, which together name what is asked
    about; the question itself, where it stands alone.
    """
    passage = hit.passage
    head = header(passage.title, passage.published)
    article = " ".join(
        one.passage.text for one in hits if one.passage.article_id == passage.article_id
    )
    held_in = _sentence_with(found, standing, passage.text)
    told = set(wording.content_words(found))
    beside = set(wording.words(f"{head} {held_in}"))
    asked = [set(wording.content_words(text)) - told for text in (question, standing)]
    named = wording.figures(standing) | wording.names(standing)
    known = set(wording.words(f"{head} {article}")) | wording.name_forms(f"{head} {article}")
    bounded = [max(LEAST_LOGPROB, logprob) for logprob in logprobs] or [LEAST_LOGPROB]
    best = max(one.score for one in hits)
    return Signals(
        states=states,
        mean_logprob=fmean(bounded),
        least_logprob=min(bounded),
        score=hit.score / best if best > 0 else 0.0,
        cosine=_cosine(standing, held_in, embedder) if embedder else hit.cosine,
        asked_there=max((_share(words, beside) for words in asked if words), default=1.0),
        names_there=_share(named, known),
        days_there=_days_there(standing, passage),
        answer_there=_share(told, set(wording.words(f"{head} {passage.text}"))),
        kind_fits=kind_fits(question, found),
    )


def _cosine(one: str, other: str, embedder: Embedder) -> float:
    vectors = embedder.embed([one, other])
    return float(vectors[0] @ vectors[1])


def _sentence_with(found: str, question: str, text: str) -> str:
    """The sentence that has most of the words of what was found, then most of the question's.

    It decides: the passage around it may be about what is asked, and say nothing of it.
    """
    answer, asked = set(wording.content_words(found)), set(wording.content_words(question))
    sentences = [text[start:end] for start, end in sentence_spans(text)] or [text]

    def held(sentence: str) -> tuple[int, int]:
        there = set(wording.words(sentence))
        return len(answer & there), len((asked - answer) & there)

    return max(sentences, key=held)


def _share(wanted: set[str], there: set[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 1.0


def _days_there(question: str, passage: Passage) -> float:
    """The share of the question's days that the passage, or the day it was published, touches."""
    asked = absolute_dates(question)
    if not asked or passage.published is None:
        return 1.0
    published = DateMention(0, 0, passage.published, passage.published)
    known = (published, *days_of(passage.text, passage.published))
    touched = [
        any(one.first <= day.last and day.first <= one.last for one in known) for day in asked
    ]
    return sum(touched) / len(touched)
