"""The evidence for a question: sentences that bear on it, best first, with what they lean on."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answering.scoring import ScoredSentence, opens_a_part, words_of
from qa.library.duplicates import same_text
from qa.reading.quoted_speech import with_quotation
from qa.types import Evidence, Hit

MOST = 5
"""So many pieces of evidence at most: what a person reads at a glance, and the model in 3 s."""

NEAR = 8.0
"""How far below the best a sentence's score may lie: so three pieces are chosen on average. Twice
as far where the reader finds an answer in it."""

UNREAD = 1.75
"""So many times as far without a reader: sums of two logits spread wider."""

LEANS_ON = 2.5
"""A sentence whose logit rises by so much behind the one before it is not understood alone."""

_POINTS_BACK = re.compile(
    r"^\W*(?:(?:and|but|so|then|yet|still|also|however)\b,?\s+)?(?:he|she|it|they|him|her|his|its|"
    r"their|this|that|these|those|er|sie|es|il|elle|ils|elles|ella|ellos)\b",
    re.IGNORECASE,
)


def choose(
    scored: Sequence[ScoredSentence], hits: Sequence[Hit], most: int = MOST, near: float = NEAR
) -> tuple[Evidence, ...]:
    """The evidence: what scores near the best, each saying once, with what it points back at."""
    chosen: list[Evidence] = []
    least = max((one.score for one in scored if one.bears), default=-math.inf)
    bearing = [one for one in scored if one.bears or (one.answers and one.score > least)]
    near *= UNREAD if bearing and bearing[0].span is None else 1
    for sentence in bearing:
        if len(chosen) == most:
            break
        below = bearing[0].score - sentence.score
        if chosen and not sentence.answers and opens_a_part(words_of(sentence, hits)):
            continue
        if sentence.outright or below <= (2 * near if sentence.answers else near):
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
    """Add a piece; what of it is there already is left out, what says the same is noted there."""
    for place, other in enumerate(chosen):
        if one.passage_id == other.passage_id and one.start < other.end and other.start < one.end:
            chosen[place] = replace(other, answer=other.answer or _inside(one.answer, other))
            rest = _behind(one, other.end)
            if rest is None:
                return
            one = rest
        elif same_text(one.quote, other.quote) or _holds(one.quote, other.quote):
            also_in = {*other.also_in, *one.also_in, one.article_id} - {other.article_id}
            chosen[place] = replace(other, also_in=tuple(sorted(also_in)))
            return
    chosen.append(one)


def _holds(quote: str, other: str) -> bool:
    """Whether one of two quotes has all the other says, word for word: a copy, cut elsewhere."""
    shorter, longer = sorted((" ".join(text.split()) for text in (quote, other)), key=len)
    return shorter in longer


def _inside(span: tuple[int, int] | None, other: Evidence) -> tuple[int, int] | None:
    return span if span and other.start <= span[0] and span[1] <= other.end else None


def _behind(one: Evidence, end: int) -> Evidence | None:
    """What of a piece stands behind a place in its passage; None if it is nothing."""
    rest = one.quote[max(0, end - one.start) :]
    start = max(one.start, end) + len(rest) - len(rest.lstrip())
    if not rest.strip():
        return None
    left = replace(one, start=start, quote=rest.lstrip())
    return replace(left, answer=_inside(one.answer, left))


def _evidence(sentence: ScoredSentence, hits: Sequence[Hit]) -> Evidence:
    hit = hits[sentence.number - 1]
    passage = hit.passage
    text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
    between = passage.text[sentence.opens - passage.start : sentence.start - passage.start]
    risen = sentence.in_context - sentence.alone > LEANS_ON and "\n\n" not in between
    leans = risen or (_POINTS_BACK.match(text) and not opens_a_part(between))
    start = sentence.opens if leans else sentence.start
    own = start - passage.start, sentence.goes_on - passage.start
    start, end = with_quotation(passage.text, *own) or own
    span = sentence.span
    return Evidence(
        sentence.number,
        passage.id,
        passage.article_id,
        passage.start + start,
        passage.start + end,
        passage.text[start:end],
        sentence.score,
        (span.start, span.end) if sentence.answers and span else None,
        hit.also_in,
        sentence.outright,
    )
