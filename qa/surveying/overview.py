"""Summaries and timelines in the articles' own sentences; nothing is written by a model.

A summary takes whole sentences by their place, by how much they say of what the rest says, and by
how little they repeat one another (maximal marginal relevance: Carbonell and Goldstein, 1998).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from qa.library.duplicates import same_text
from qa.library.embedder import Embedder, Vectors
from qa.library.mentioning import Quote, mentions, sentences, telling_words
from qa.library.records import ArticleLine
from qa.reading.dates import DateMention, absolute_dates, relative_dates, spelled
from qa.reading.words import stem
from qa.surveying.about_library import (
    Shelf,
    counted,
    described,
    label,
    named_topic,
    narrowed,
    newest_first,
    none_of,
)
from qa.surveying.requests import Asks, Request
from qa.surveying.telling import Line, Told, tell
from qa.types import Hit, Scope

ARTICLE_QUOTES, STORY_QUOTES, TIMELINE_QUOTES = 5, 8, 12
"""The most sentences that a summary of one article, one of several, and a timeline bring."""

READ_SENTENCES = 40
"""Of one article; news says first what matters, and each costs some 5 ms to embed."""

LEAD_WORTH, PLACE_WORTH, NEWS = 0.3, 0.1, 0.5
"""Added to the cosine with the article's mean for its first sentence and for standing near the
front; and the weight of that against likeness to what is chosen already."""

SAME = 0.88
"""Cosine from which a sentence only repeats another."""

MOST_WORDS = 0.5
"""Share of a topic's words beyond which a title names it."""

NEAR_MEANING = 0.35
"""Cosine of question and passage from which the best may be meant though it has no word of it."""

OF_ONE_STORY = 0.6
"""Share of the best article's cosine from which another belongs to the story that is asked for."""

FEW_WORDS = 5
"""A shorter sentence is read with the one before it."""

_SOME_DAY = date(2001, 1, 1)
"""Finds the words for a time where no publication tells which time they mean."""

_POINTS_BACK = re.compile(
    r"(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|Such|But|And|Er|Sie|Es|Il|Elle|Ils)\b"
    r"|(?:\w+\W+){1,6}(?:those|these)\b"
)
_PREPOSITION = re.compile(r"\b(?:on|in|since|by|until|at|during|early|late)\s+$", re.IGNORECASE)
_SAID = re.compile(r"\b(?:said|told|says|announced)\s+(?:\w+\s+)?(?:on\s+)?$")


def summary(
    request: Request, shelf: Shelf, embedder: Embedder, scope: Scope, hits: Sequence[Hit]
) -> Told | None:
    """The article, the story, the period or all that was asked for, in a few sentences of theirs.

    `hits` are the best for the topic by meaning; they choose where no article has its words. None
    where no article is about the topic: then it is asked for in some other way.
    """
    lines = _chosen(request, shelf, narrowed(scope, request), hits)
    if not lines:
        return None if request.topic else none_of(request, shelf, scope)
    shown = lines[:STORY_QUOTES]
    gists = _gists([_units(shelf, line.id) for line in _oldest_first(shown)], embedder)
    if len(lines) == 1:
        return tell([Line(f"{label(lines[0])}:"), *(Line("- ", one, True) for one in gists)])
    head = f"{counted(len(lines))}{described(request)}"
    named = request.topic and not request.at_large
    head += f" on “{named_topic(request)}”" if named else ""
    head += f", of them the newest {len(shown)}" if len(shown) < len(lines) else ""
    days = {line.id: line.published for line in shown}
    dated = any(days.values())
    told = [Line(f"{head}{', the oldest first' if dated else ''}:")]
    for quote in gists:
        day = days[quote.passage.article_id]
        told.append(Line(f"- {spelled(day, day)}: " if day else "- ", quote, True))
    return tell(told)


def timeline(request: Request, shelf: Shelf, scope: Scope, hits: Sequence[Hit]) -> Told | None:
    """What the articles on a topic date, in order of time; else in the order of the articles.

    `hits` and None are as in `summary`.
    """
    lines = _chosen(request, shelf, narrowed(scope, request), hits)
    events: list[_Event] = []
    for line in _oldest_first(lines):
        for event in _events(line, shelf):
            if not any(same_text(event.quote.text, other.quote.text) for other in events):
                events.append(event)
    if not lines:
        return None if request.topic else none_of(request, shelf, scope)
    if not events:
        return tell([Line(f"No sentence of {counted(len(lines))} names a time.")])
    by_worth = sorted(events, key=lambda event: _worth(event, request.topic))  # newest win a tie
    kept = {id(event) for event in by_worth[-TIMELINE_QUOTES:]}
    dated = sorted((one for one in events if one.days and id(one) in kept), key=_Event.order)
    undated = [one for one in events if not one.days and id(one) in kept]
    told = [Line(f"- {one.words}: ", one.quote, True) for one in dated]
    if undated:
        own = "in the order of the articles, with their own words for the time:"
        told.append(Line(f"{'Undated' if dated else 'The articles state no date'}; {own}"))
        told += [Line(f"- {one.words}: ", one.quote, True) for one in undated]
    if len(events) > len(kept):
        told.append(Line(f"({len(events) - len(kept)} more sentences name a time.)"))
    return tell(told)


def _chosen(request: Request, shelf: Shelf, scope: Scope, hits: Sequence[Hit]) -> list[ArticleLine]:
    """The articles that are meant, the newest first."""
    lines = newest_first(shelf.listing(scope))
    by_id = {line.id: line for line in lines}
    if request.at_large:
        return newest_first(by_id[one] for one in _near(hits) if one in by_id)
    if request.topic:
        named = [
            by_id[one.passage.article_id] for one in mentions(request.topic, shelf, scope).quotes
        ]
        if request.most == 1 and not request.end:
            lines = _titled(request.topic, lines) or named or _alike(request, hits, by_id)
        elif not named or _has_names(request.topic):  # "the Suez blockage": "the Suez is closed"
            lines = newest_first({*named, *_alike(request, hits, by_id)})
        else:
            lines = named
    if request.end is Asks.OLDEST:
        lines = [line for line in reversed(lines) if line.published]
    return lines[: request.most] if request.most else lines


def _oldest_first(lines: Sequence[ArticleLine]) -> list[ArticleLine]:
    """By date, the undated last; of one day, by id."""
    return sorted(lines, key=lambda line: (line.published or date.max, line.id))


def _titled(topic: str, lines: Sequence[ArticleLine]) -> list[ArticleLine]:
    """The articles with the most of a topic's words in their titles, if that is most of them."""
    asked = {stem(word.plain) for word in telling_words(topic)}
    shares = [len(asked & _stems(line.title)) / max(1, len(asked)) for line in lines]
    best = max(shares, default=0.0)
    if best <= MOST_WORDS:
        return []
    return [line for line, share in zip(lines, shares, strict=True) if share == best]


def _alike(
    request: Request, hits: Sequence[Hit], by_id: Mapping[str, ArticleLine]
) -> list[ArticleLine]:
    """The articles of hits with all names of a topic and half of its words; else what is nearest.

    The nearest stands for the rest only where one article is meant.
    """
    words = telling_words(request.topic)
    names = {stem(word.plain) for word in words if word.capital}
    asked = {stem(word.plain) for word in words}
    there = [hit for hit in hits if hit.passage.article_id in by_id]
    near = []
    for hit in there:
        shared = asked & _stems(f"{hit.passage.title} {hit.passage.text}")
        if names <= shared and 2 * len(shared) >= len(asked):
            near.append(hit)
    if not near and request.most == 1:
        near = [hit for hit in there[:1] if hit.cosine >= NEAR_MEANING]
    return [by_id[one] for one in {hit.passage.article_id for hit in near}]


def _near(hits: Sequence[Hit]) -> list[str]:
    """The articles that mean nearly as much of what is asked as the one that means most of it."""
    cosines: dict[str, float] = {}
    for hit in hits:
        article = hit.passage.article_id
        cosines[article] = max(hit.cosine, cosines.get(article, 0.0))
    best = max(cosines.values(), default=0.0)
    if best < NEAR_MEANING:
        return []
    return [article for article, cosine in cosines.items() if cosine >= OF_ONE_STORY * best]


def _has_names(topic: str) -> bool:
    return any(word.capital for word in telling_words(topic))


def _stems(text: str) -> set[str]:
    return {stem(word.plain) for word in telling_words(text)}


def _units(shelf: Shelf, article_id: str) -> list[Quote]:
    """The sentences of an article, each with the few words behind it: "Norwater denies it."."""
    units: list[Quote] = []
    for quote in sentences(shelf.passages(article_id)):
        few = len(quote.text.split()) < FEW_WORDS
        if units and few and _one_paragraph(units[-1], quote):
            units[-1] = replace(units[-1], end=quote.end)
        else:
            units.append(quote)
    return units


def _one_paragraph(one: Quote, behind: Quote) -> bool:
    passage = one.passage
    between = passage.text[one.end - passage.start : behind.start - passage.start]
    return passage.id == behind.passage.id and between.isspace() and "\n\n" not in between


def _gists(articles: Sequence[Sequence[Quote]], embedder: Embedder) -> list[Quote]:
    """The best sentences of each article, in order; a copy in another article is noted."""
    found: list[Quote] = []
    vectors: list[Vectors] = []
    for units in articles:
        some = units[: max(STORY_QUOTES, READ_SENTENCES // len(articles))]
        if len(articles) > 1:
            wanted = max(1, STORY_QUOTES // len(articles))
        else:
            wanted = ARTICLE_QUOTES if len(some) > 2 * ARTICLE_QUOTES else ARTICLE_QUOTES - 1
        embedded = embedder.embed([unit.text for unit in some])
        picked = _picked(embedded, wanted, vectors)
        vectors += [embedded[place] for place in picked]
        found += [_with_its_subject(some, place, picked) for place in picked]
    copies = [
        [other for units in articles for other in units if _copied(one, other)] for one in found
    ]
    return [
        replace(one, also_in=tuple(sorted({other.passage.article_id for other in others})))
        for one, others in zip(found, copies, strict=True)
    ]


def _copied(one: Quote, other: Quote) -> bool:
    return one.passage.article_id != other.passage.article_id and same_text(one.text, other.text)


def _picked(vectors: Vectors, wanted: int, before: Sequence[Vectors]) -> list[int]:
    """The places of the sentences to take, ascending; none that repeats one of `before`."""
    mean = vectors.mean(axis=0)
    worth = vectors @ (mean / (np.linalg.norm(mean) or 1.0))
    worth += PLACE_WORTH * (1 - np.arange(len(vectors)) / max(1, len(vectors)))
    worth[:1] += LEAD_WORTH
    if before:
        worth[np.max(vectors @ np.array(before).T, axis=1) > SAME] = -np.inf
    picked: list[int] = []
    while len(picked) < wanted:
        likeness = np.zeros(len(vectors))
        if picked:
            likeness = np.max(vectors @ vectors[picked].T, axis=1)
        value = NEWS * worth - (1 - NEWS) * likeness
        value[likeness > SAME] = -np.inf
        value[picked] = -np.inf
        if np.isneginf(value.max(initial=-np.inf)):
            break
        picked.append(int(value.argmax()))
    return sorted(picked)


def _with_its_subject(units: Sequence[Quote], place: int, picked: Sequence[int]) -> Quote:
    """The sentence; with the one before it, where it opens with what that one names."""
    quote = units[place]
    if place == 0 or place - 1 in picked or not _POINTS_BACK.match(quote.text):
        return quote
    before = units[place - 1]
    return replace(quote, start=before.start) if _one_paragraph(before, quote) else quote


@dataclass(frozen=True, slots=True)
class _Event:
    """A sentence of an article, from 0, the days it names (None: unknown), and words before it."""

    quote: Quote
    days: tuple[date, date] | None
    words: str
    place: int

    def order(self) -> tuple[date, date]:
        """By its first day, then by its last."""
        return self.days or (date.max, date.max)


def _events(line: ArticleLine, shelf: Shelf) -> Iterator[_Event]:
    """The sentences of an article that name a time, and its first with the day it was published."""
    published = line.published
    quotes = sentences(shelf.passages(line.id))
    named = [_named(quote.text, published or _SOME_DAY) for quote in quotes]
    for place, (sentence, time) in enumerate(zip(quotes, named, strict=True)):
        quote, opens = sentence, place == 0 and published is not None
        if opens and named[1:] and not named[1] and _one_paragraph(quote, quotes[1]):
            quote = replace(quote, end=quotes[1].end)  # what it says next belongs to that day, too
        if opens and published and not (time and time.first == time.last):
            day = spelled(published, published)
            yield _Event(quote, (published, published), f"{day} (published)", place)
        elif time and (published or time in absolute_dates(quote.text)):
            yield _Event(quote, (time.first, time.last), spelled(time.first, time.last), place)
        elif time:
            before = _PREPOSITION.search(quote.text, 0, time.start)
            words = quote.text[before.start() if before else time.start : time.end]
            yield _Event(quote, None, words, place)


def _named(text: str, published: date) -> DateMention | None:
    """The time that a sentence is about: a day sooner than a month, and not when it was said."""
    found = [*absolute_dates(text), *relative_dates(text, published)]
    return min(
        found,
        key=lambda one: (
            bool(_SAID.search(text, 0, one.start)), one.first != one.last, one.start
        ),
        default=None,
    )  # fmt: skip


def _worth(event: _Event, topic: str) -> tuple[bool, int, int]:
    """What opens an article, then what has most of the topic's words, then what stands early."""
    asked = {stem(word.plain) for word in telling_words(topic)}
    return event.place == 0, len(asked & _stems(event.quote.text)), -event.place
