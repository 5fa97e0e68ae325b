"""What is told of the evidence: sides that differ, a quote, or the model's checked words. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.answering import markers, parts
from qa.answering.differing import differing
from qa.answering.evidence import NEAR, merged
from qa.answering.phrasing import as_sides, claimed, joined, quoted
from qa.answering.quotations import keep_verbatim
from qa.answering.reckoning import asks_to_reckon, reckon, states_result
from qa.answering.support import Words, bears_out
from qa.reading import wording
from qa.reading.dates import relative_dates, spelled
from qa.reading.languages import UNKNOWN, language_of
from qa.reading.orders import without_orders
from qa.reading.partial_days import YEAR
from qa.reading.passages import day
from qa.reading.quoted_speech import with_quotation
from qa.reading.sentences import ends_asking
from qa.reading.tense import looks_ahead
from qa.surveying.telling import Told
from qa.types import Evidence, Hit, Passage, Sentence

_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", re.IGNORECASE)
PARAGRAPH = "\n\n"
_VERDICTS = frozenset("yes no ja nein oui non sí".split())

DISAGREE = "The articles disagree."
CHANGED = "The articles differ; the newest comes first."

FROM_QUOTATION = "from a quotation there"

SHORT = 220
"""A quote of so many characters is read as fast as a sentence about it."""

BESIDE_THE_BEST = 4.0
"""How far below the best score a quote is told with it, as part of the answer."""

MOST_QUOTED = 3

IN_FULL = 2
"""Quotes that are told with the rest of their paragraph where no one sentence is likely to say it
all: of several things the rest stands there, and of a reason what it is a reason for. What scores
far below the best is told alone: its paragraph answered none of 494 questions more."""

SURE = 10.0
"""A quote of such a score answers by itself: of 127 such, the paragraph answered two others."""

READ = 4
"""Pieces of evidence that the model reads: with the prompt some 300 tokens."""


def from_quotes(
    question: str, evidence: Sequence[Evidence], hits: Sequence[Hit], *, through: str = ""
) -> Told | None:
    """The answer, where the articles' own words are one as they stand; else None.

    So it is where articles differ, where a figure is to be computed (the model's sums are nobody's
    words), where yes or no was asked, in two steps, where all about a topic or several things are
    wanted (the model tells some of them), where the best quote is in another language (no sentence
    of the model stood in five such answers), and where one short quote stands out.
    """
    if parts.asks_several(question) or parts.asks_change(question) or parts.topic_of(question):
        return in_quotes(question, evidence, hits)
    reckoned = reckon(question, evidence[0])
    if reckoned:
        return joined([_quoted(evidence[0], hits, f"{reckoned}: ")])
    reckons = asks_to_reckon(question)
    sides = differing(question, evidence, hits)
    results = all(states_result(side[0]) for side in sides)
    if sides and not (reckons and (not results or _each_of_its_own(question, sides))):
        return _sides(sides, hits)
    across = _in_another_language(question, hits[evidence[0].number - 1].passage)
    as_they_are = reckons or through or across or parts.asks_whether(question)
    if as_they_are or _stands_out(question, evidence):
        return in_quotes(question, evidence, hits)
    return None


def in_quotes(question: str, evidence: Sequence[Evidence], hits: Sequence[Hit]) -> Told:
    """The best quotes as the answer: those that score near the best, and one for each part.

    Two at least, where no few words could answer; three about a topic, or of what is compared;
    where several things are asked for, all; of what changed all, the newest first. How and why, and
    where several things are asked, the first come in their paragraphs, which are evidence then.
    """
    if parts.asks_change(question):
        return joined([_quoted(one, hits, _day_of(one, hits)) for one in _by_day(evidence, hits)])
    asked = len(parts.several(question))
    no_few_words = parts.is_open(question) or parts.untaught(question)
    several = asked > 1 or len(parts.named(question)) > 1
    near = evidence[0].score - BESIDE_THE_BEST
    several_sides = parts.topic_of(question) or parts.compares(question)
    told = list(evidence[: MOST_QUOTED if several_sides else 1])
    if parts.asks_list(question):
        rest = evidence[len(told) :]
        told += [one for one in rest if one.answer or one.score >= near]
    for one in evidence:
        adds = several and _adds_name(question, told, one)
        second = len(told) < asked or (len(told) == 1 and no_few_words)
        if one not in told and len(told) < MOST_QUOTED and (one.score >= near or adds or second):
            told.append(one)
    if not parts.takes_telling(question):
        return joined([_quoted(one, hits, _dated(question, one, hits)) for one in told])
    likely = [one for one in told[:IN_FULL] if one.score >= evidence[0].score - NEAR]
    shown = merged([_in_paragraph(one, hits) if one in likely else one for one in told])
    answer = joined([_quoted(one, hits, _dated(question, one, hits)) for one in shown])
    return replace(answer, evidence=_as_shown(evidence, shown))


def checked(
    sentence: str, evidence: Sequence[Evidence], hits: Sequence[Hit], question: str = ""
) -> Sentence | None:
    """A sentence of the model with what it rests on; None where nothing bears it out.

    A "Yes" or "No" before it goes: what the articles say tells the direction. One piece of evidence
    bears a sentence out, or several of one article together.
    """
    quotable = [text for one in evidence for text in (one.quote, _passage_title(one, hits))]
    claim = keep_verbatim(markers.without(markers.canonical(sentence, len(hits))), quotable)
    claim = _without_verdict(claim).strip().rstrip(".,;: ")
    if not any(char.isalnum() for char in claim):
        return None
    for one in evidence:
        if bears_out(claim, _words([one], hits), question):
            return claimed(claim, [one])
    for article in dict.fromkeys(one.article_id for one in evidence):
        own = [one for one in evidence if one.article_id == article]
        if len(own) > 1 and bears_out(claim, _words(own, hits), question):
            return claimed(claim, _needed(claim, own, hits))
    return None


def _needed(claim: str, evidence: Sequence[Evidence], hits: Sequence[Hit]) -> list[Evidence]:
    """The pieces without which a sentence is borne out no longer: a source too many misleads."""
    kept = list(evidence)
    for one in reversed(evidence):
        rest = [other for other in kept if other is not one]
        if rest and bears_out(claim, _words(rest, hits)):
            kept = rest
    return kept


def settled(
    question: str, sentences: Sequence[Sentence], evidence: Sequence[Evidence], hits: Sequence[Hit]
) -> Told:
    """The model's checked sentences, or the quotes where these do not say what the best one does.

    They must have the few words that answer by themselves, where a reader found such; and else some
    new word of the best quote: a sentence that only repeats the question tells nothing.
    """
    if not sentences:
        return in_quotes(question, evidence, hits)
    told = {word for one in sentences for word in wording.words(one.text)}
    best = evidence[0]
    answering = set(wording.words(best.short)) - set(wording.words(question))
    new = set(wording.content_words(best.quote)) - set(wording.content_words(question))
    if (answering and not answering <= told) or not new & told:
        return in_quotes(question, evidence, hits)
    return joined(sentences)


def _in_paragraph(one: Evidence, hits: Sequence[Hit]) -> Evidence:
    """A piece with the rest of its paragraph, as far as that stands in its passage.

    With the next one, too, where it ends in a question. As it is where it is sure to answer, or an
    order to whoever reads it stands there.
    """
    if one.score >= SURE:
        return one
    passage = hits[one.number - 1].passage
    start = passage.text.rfind(PARAGRAPH, 0, one.start - passage.start)
    end = passage.text.find(PARAGRAPH, one.end - passage.start)
    if end >= 0 and ends_asking(passage.text[:end]):
        end = passage.text.find(PARAGRAPH, end + len(PARAGRAPH))
    start = 0 if start < 0 else start + len(PARAGRAPH)
    end = len(passage.text) if end < 0 else end
    quote = passage.text[start:end]
    if without_orders(quote) != quote:
        return one
    return replace(one, start=passage.start + start, end=passage.start + end, quote=quote)


def _as_shown(evidence: Sequence[Evidence], shown: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence in its order, what is shown in place of the pieces that it holds."""
    whole = [
        next(
            (
                other
                for other in shown
                if other.passage_id == one.passage_id
                and other.start < one.end
                and one.start < other.end
            ),
            one,
        )
        for one in evidence
    ]
    return tuple(dict.fromkeys(whole))


def _quoted(one: Evidence, hits: Sequence[Hit], lead: str) -> Sentence:
    """A piece as it is told; one from a quotation that is too long to be told whole says so."""
    passage = hits[one.number - 1].passage
    whole = with_quotation(passage.text, one.start - passage.start, one.end - passage.start)
    return quoted(one, lead if whole else f"{lead}{FROM_QUOTATION}: ")


def _in_another_language(question: str, passage: Passage) -> bool:
    languages = {language_of(question), language_of(passage.text)}
    return len(languages) > 1 and UNKNOWN not in languages


def _by_day(evidence: Sequence[Evidence], hits: Sequence[Hit]) -> list[Evidence]:
    """The newest first; the undated last, in the order of their scores."""
    days = {hit.passage.id: hit.passage.published for hit in hits}
    return sorted(evidence, key=lambda one: days[one.passage_id] or date.min, reverse=True)


def _day_of(one: Evidence, hits: Sequence[Hit]) -> str:
    published = hits[one.number - 1].passage.published
    return f"{day(published)}: " if published else ""


def _dated(question: str, one: Evidence, hits: Sequence[Hit]) -> str:
    """The day that "on Wednesday" means there, where a day is asked for and one alone is named.

    It must stand in the words that answer by themselves, where there are any, and else beside no
    year. Where no verb tells whether a weekday is over, none is told: a wrong day costs more.
    """
    published = hits[one.number - 1].passage.published
    if published is None or not parts.asks_when(question):
        return ""
    first, last = (0, len(one.quote))
    if one.answer:
        first, last = one.answer[0] - one.start, one.answer[1] - one.start
    elif YEAR.search(one.quote):
        return ""
    days = {
        (day.first, day.last)
        for day in relative_dates(one.quote, published)
        if day.start < last
        and first < day.end
        and not (
            _WEEKDAY.fullmatch(one.quote, day.start, day.end)
            and looks_ahead(one.quote, day.start, day.end) is None
        )
    }
    return f"{spelled(*days.pop())}: " if len(days) == 1 else ""


def _sides(sides: Sequence[Sequence[Evidence]], hits: Sequence[Hit]) -> Told:
    days = [hits[side[0].number - 1].passage.published for side in sides]
    dated = None not in days and len(set(days)) == len(days)
    sentences = [
        _quoted(side[0], hits, f"{day(published)}: " if published else "")
        for side, published in zip(sides, days, strict=True)
    ]
    return as_sides(joined(sentences, CHANGED if dated else DISAGREE))


def _each_of_its_own(question: str, sides: Sequence[Sequence[Evidence]]) -> bool:
    """Whether two sides each speak of a name of the question that the other has not.

    Then they are what a difference or a sum is asked of, and no two answers.
    """
    asked = wording.names(question)
    one, other = (asked & wording.name_forms(side[0].quote) for side in sides[:2])
    return bool(one - other and other - one)


def _stands_out(question: str, evidence: Sequence[Evidence]) -> bool:
    """Whether one short quote says it all: nothing else comes near, and one thing is asked."""
    best = evidence[0]
    alone = all(one.score < best.score - BESIDE_THE_BEST for one in evidence[1:])
    return alone and len(best.quote) <= SHORT and len(parts.several(question)) == 1


def _adds_name(question: str, told: Sequence[Evidence], one: Evidence) -> bool:
    """Whether a piece speaks of something the question names, and none of the others does."""
    asked = wording.names(question) | {
        word for part in parts.several(question)[1:] for word in wording.content_words(part)
    }
    known = {word for other in told for word in _all_forms(other.quote)}
    return bool(asked & _all_forms(one.quote) - known)


def _all_forms(text: str) -> set[str]:
    return wording.name_forms(text) | set(wording.words(text))


def _words(evidence: Sequence[Evidence], hits: Sequence[Hit]) -> Words:
    passage = hits[evidence[0].number - 1].passage
    text = "\n\n".join(one.quote for one in evidence)
    return Words(text, passage.published, passage.title)


def _passage_title(one: Evidence, hits: Sequence[Hit]) -> str:
    return hits[one.number - 1].passage.title


def _without_verdict(claim: str) -> str:
    first, _, rest = claim.partition(",")
    if first.strip(" .!").lower() not in _VERDICTS:
        return claim
    rest = rest.lstrip()
    return rest[:1].upper() + rest[1:]
