"""How far each sentence of some passages bears on a question.

A cross-encoder reads each sentence together with the question, once alone and once behind the
title, the heading and the sentence before it. A reader of spans tells which few words of it answer.
What both make of it where it stands is its score (figures in `bench/answers.md`). Sentences that
give orders to whoever reads them are no evidence.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering.contexts import NOTHING, Context
from qa.answering.meaning import Meaning, is_foreign, likenesses, logit_of
from qa.answering.parts import asks_why, of_another_turn, taught
from qa.answering.span_readings import below_subject
from qa.library.cross_encoder import CrossEncoder
from qa.library.span_reader import ScoredSpan, SpanReading
from qa.reading.datelines import labelled_day
from qa.reading.dates import absolute_dates, gloss
from qa.reading.languages import language_of, stop_words
from qa.reading.orders import LEFT_OUT, without_orders
from qa.reading.outlines import bare_heading, heading_words, headings, is_heading, lists
from qa.reading.sentences import ends_asking, sentence_spans
from qa.reading.words import stem, words
from qa.types import Hit, Passage

FLOOR = -5.0
"""A logit that one of the two must reach: below it, words are shared and nothing else."""

FOUND_FROM = 0.0
"""The score of a span from which its sentence bears on the question whatever the cross-encoder says
of it: the reader takes it for likelier than no answer. Less will do where no sentence bears."""

SPAN_WEIGHT = 2.0
"""What a logit of the reader's best span adds to the score of the sentence that it stands in
(figures in `bench/answers.md`)."""

SPAN_BOUND = 10.0
"""Logits of a span count up to this, either way: beyond it the reader is as sure as it gets. A
sentence that has none of a passage's best spans counts as one with the lowest."""

ANSWERS_FROM = -6.0
"""The score of a span from which its words are taken for what answers: beside evidence that is
likely to answer, a reader that is half sure has mostly marked the right words."""

OUTRIGHT = 6.5, -3.0
"""The logit in context and the score of a span from which a sentence answers whatever else does."""

GOES_ON = 0.5
"""What the sentence behind must add to a logit to be told with it: less is chance."""

REPLY_WORDS = 3
"""A sentence of fewer words, and without a figure, is hardly a reply: "Yes.", "Not yet."."""

OWN_WORD = 4.0
"""What each word of a question that a sentence has, and its title has not, adds to both logits in a
language that the cross-encoder was not taught: it knows names and signs there, and little else."""

_Place = tuple[int, int, int, int]
"""Number of the hit, where a sentence begins and ends in it, and where the one before it begins."""


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of source `number` with what was read of it, offsets in the article.

    `alone` and `in_context` are logits, both that of `likeness` where the sentence is ranked by its
    meaning; `opens` is where the sentence before it begins, or its own
    start. `goes_on` is where the sentence behind it ends, if the question is met better with that;
    else its own end. `span` is the reader's best span in it, offsets in the article as well.
    """

    number: int
    start: int
    end: int
    opens: int
    alone: float
    in_context: float
    span: ScoredSpan | None
    goes_on: int
    likeness: float | None = None

    @property
    def found(self) -> bool:
        """Whether the reader takes some words of it for likelier than no answer."""
        return self.span is not None and self.span.score > FOUND_FROM

    @property
    def bears(self) -> bool:
        """Whether it bears on the question at all, as cross-encoder or reader see it."""
        return self.found or max(self.alone, self.in_context) >= FLOOR

    @property
    def answers(self) -> bool:
        """Whether some words of it are taken for an answer by themselves."""
        return self.span is not None and self.span.score > ANSWERS_FROM

    @property
    def outright(self) -> bool:
        """Whether cross-encoder and reader both take it for an answer, however good another is."""
        met, found = OUTRIGHT
        return self.span is not None and self.in_context >= met and self.span.score >= found

    @property
    def relevance(self) -> float:
        """The sum of the two logits."""
        return self.alone + self.in_context

    @property
    def score(self) -> float:
        """By what sentences are ranked: as its context makes of it, and how its best span answers.

        Without a reader, its relevance. What a sentence is worth alone misleads beside the reader:
        of a long article most sentences that answer do not name what they are about.
        """
        if self.span is None:
            return self.relevance
        return self.in_context + SPAN_WEIGHT * max(-SPAN_BOUND, min(SPAN_BOUND, self.span.score))


def score_sentences(
    question: str,
    hits: Sequence[Hit],
    cross_encoder: CrossEncoder,
    readings: Sequence[SpanReading],
    meaning: Meaning | None = None,
    contexts: Sequence[Context] | None = None,
) -> tuple[ScoredSentence, ...]:
    """Every sentence of the hits that is no order, best first. `readings` are those of the hits.

    `contexts` are read above the hits. What is about the first round comes behind all else where
    the second is asked for. With `meaning`, what the other models were not taught to read is
    ranked by that.
    """
    places = [
        (number, start, end, before)
        for number, hit in enumerate(hits, 1)
        for start, end, before in _readable_sentences(hit.passage, question)
    ]
    apart = {n for n, hit in enumerate(hits, 1) if meaning and is_foreign(question, hit.passage)}
    known = [place for place in places if place[0] not in apart]
    others = [place for place in places if place[0] in apart]
    above = contexts or [NOTHING] * len(hits)
    read = _read_together(question, known, hits, above, cross_encoder, readings)
    met = dict(zip(known, read, strict=True))
    if meaning:
        met |= zip(others, _met_by_meaning(question, others, hits, meaning), strict=True)
    scored = [met[place] for place in places]
    behind: list[ScoredSentence | None] = [*scored[1:], None][: len(scored)]
    following = [one if one and not opens_a_part(words_of(one, hits)) else None for one in behind]
    always = not taught(question)
    whole = [
        _with_reply(place, scored, hits)
        if ends_asking(words_of(one, hits))
        else _going_on(one, next_, always=always or (asks_why(question) and not one.found))
        for place, (one, next_) in enumerate(zip(scored, following, strict=True))
    ]
    elsewhere = {one for one in whole if of_another_turn(question, words_of(one, hits))}
    return tuple(sorted(whole, key=lambda one: (one in elsewhere, -one.score)))


def _read_together(
    question: str,
    places: Sequence[_Place],
    hits: Sequence[Hit],
    contexts: Sequence[Context],
    cross_encoder: CrossEncoder,
    readings: Sequence[SpanReading],
) -> list[ScoredSentence]:
    """These sentences as the cross-encoder and the reader see them; `contexts` are the hits'."""
    pairs = [
        pair
        for place in places
        for pair in _pairs(question, hits[place[0] - 1].passage, contexts[place[0] - 1], place)
    ]
    logits = [float(logit) for logit in cross_encoder.score(pairs)] if pairs else []
    both = zip(logits[::2], logits[1::2], strict=True)
    scored = [
        _scored(place, logits_of_it, hits, readings)
        for place, logits_of_it in zip(places, both, strict=True)
    ]
    if taught(question):
        return scored
    return [_with_own_words(one, question, hits) for one in scored]


def _met_by_meaning(
    question: str, places: Sequence[_Place], hits: Sequence[Hit], meaning: Meaning
) -> Iterator[ScoredSentence]:
    """These sentences as the embedder sees them below their titles."""
    sentences = [(hits[number - 1].passage, start, end) for number, start, end, _ in places]
    near = likenesses(question, sentences, meaning)
    for place, likeness in zip(places, near, strict=True):
        logit = logit_of(likeness)
        yield replace(_scored(place, (logit, logit), hits, ()), likeness=likeness)


def _readable_sentences(passage: Passage, question: str) -> Iterator[tuple[int, int, int]]:
    """Start and end of each sentence that may state something, and where the one before it begins.

    Orders state nothing, and no sentence leans on one. Nor does a sentence that asks the question
    itself, word for word, nor a heading but for one that asks; a title in the text is told with the
    text, unless it is a sentence that ends in a full stop, and so is the day of its publication.
    """
    text = passage.text
    kept, before = without_orders(text), 0
    asked, title = question.rstrip(" ?？").casefold(), bare_heading(passage.title)
    after_order = False
    for start, end in _units(text):
        sentence = without_orders(text[start:end])
        ordered = sentence.count(LEFT_OUT) > text.count(LEFT_OUT, start, end)
        ordered = ordered or sentence not in kept
        asks = asked in sentence.casefold() and ends_asking(sentence)
        day = labelled_day(sentence)
        is_title = bare_heading(sentence) == title and not passage.title.endswith(".")
        repeats = asks or is_title or (day and day == passage.published)
        names_a_part = is_heading(sentence) and not ends_asking(sentence)
        if not ordered and not (repeats or names_a_part):
            yield start, end, start if after_order else before
        before, after_order = start, ordered


def _units(text: str) -> list[tuple[int, int]]:
    """The sentences of a text; a heading of several is one, and a list with what leads to it."""
    whole = (*headings(text), *lists(text))
    spans = sentence_spans(text)
    beside = [span for span in spans if not any(a <= span[0] < b for a, b in whole)]
    return sorted([*beside, *whole])


def _pairs(
    question: str, passage: Passage, context: Context, place: _Place
) -> tuple[tuple[str, str], tuple[str, str]]:
    """The sentence alone, and behind title and neighbour; days that are asked for are spelt out."""
    _, start, end, before = place
    alone, in_context = passage.text[start:end], passage.text[before:end]
    above = [one for one in headings(passage.text) if one[1] <= before]
    heading = heading_words(passage.text[slice(*above[-1])]) if above else context.heading
    if heading and bare_heading(heading) != bare_heading(passage.title):
        in_context = f"{heading} {in_context}"
    if passage.published and absolute_dates(question):
        days = gloss(in_context, passage.published)
        alone, in_context = (f"{text} ({days})" if days else text for text in (alone, in_context))
    title = below_subject(passage.title, context.subject)
    return (question, alone), (question, f"{title}. {in_context}")


def _scored(
    place: _Place,
    logits: tuple[float, float],
    hits: Sequence[Hit],
    readings: Sequence[SpanReading],
) -> ScoredSentence:
    number, start, end, before = place
    at = hits[number - 1].passage.start
    span = None
    if readings:
        found = _best_within(readings[number - 1], start, end) or ScoredSpan(0, 0, -SPAN_BOUND)
        span = ScoredSpan(at + found.start, at + found.end, found.score)
    return ScoredSentence(number, at + start, at + end, at + before, *logits, span, at + end)


def _with_own_words(one: ScoredSentence, question: str, hits: Sequence[Hit]) -> ScoredSentence:
    """The sentence with what its words add in a language that nothing here was taught."""
    title = hits[one.number - 1].passage.title
    asked = set(words(question)) - stop_words(language_of(question))
    own = {stem(word) for word in asked} & {stem(word) for word in words(words_of(one, hits))}
    added = OWN_WORD * len(own - {stem(word) for word in words(title)})
    return replace(one, alone=one.alone + added, in_context=one.in_context + added)


def words_of(one: ScoredSentence, hits: Sequence[Hit]) -> str:
    """The sentence itself."""
    passage = hits[one.number - 1].passage
    return passage.text[one.start - passage.start : one.end - passage.start]


def opens_a_part(text: str) -> bool:
    """Whether it opens a part and is not told with a sentence: marked so, or without a stop."""
    return is_heading(text) or text.rstrip()[-1:].isalnum()


def _with_reply(
    place: int, scored: Sequence[ScoredSentence], hits: Sequence[Hit]
) -> ScoredSentence:
    """What an interviewer asks with what was replied: up to what says more than "Yes" or "So so".

    A question that nothing is replied to stays as it is.
    """
    end = scored[place].goes_on
    for before, one in itertools.pairwise(scored[place:]):
        if not _follows(before, one) or opens_a_part(words_of(one, hits)):
            break
        end = one.end
        said = words_of(one, hits)
        if len(words(said)) >= REPLY_WORDS or any(char.isdigit() for char in said):
            break
    return replace(scored[place], goes_on=end)


def _going_on(
    one: ScoredSentence, behind: ScoredSentence | None, *, always: bool
) -> ScoredSentence:
    """The sentence with the one behind it, where the two together meet the question better.

    Asked why, a sentence that repeats what happened comes first, and its reason behind it, unless
    the reader is sure to find the reason in it; in another language it is left to the person who
    asks which of two neighbours answers.
    """
    if behind is None or not _follows(one, behind) or one.likeness is not None:
        return one  # a likeness tells the two apart
    better = behind.in_context > one.in_context + GOES_ON
    goes_on = always or (better and behind.alone < one.alone)
    return replace(one, goes_on=behind.end) if goes_on else one


def _follows(one: ScoredSentence, other: ScoredSentence) -> bool:
    """Whether the other stands right behind the one in its passage."""
    return other.number == one.number and other.opens == one.start


def _best_within(reading: SpanReading, start: int, end: int) -> ScoredSpan | None:
    within = [span for span in reading.spans if start <= span.start and span.end <= end]
    return max(within, key=lambda span: span.score, default=None)
