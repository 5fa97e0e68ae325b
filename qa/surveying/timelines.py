"""Timelines: the articles' own sentences that name a time, in order; no model writes anything."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.library.duplicates import same_text
from qa.library.mentioning import Quote, sentences
from qa.library.records import ArticleLine
from qa.reading import wording
from qa.reading.date_words import whole_year
from qa.reading.dates import DateMention, absolute_dates, relative_dates, spelled
from qa.surveying.about_library import Shelf, counted, narrowed, none_of
from qa.surveying.requests import Request
from qa.surveying.summaries import lead_of, one_paragraph
from qa.surveying.telling import Line, Told, tell
from qa.surveying.topics import chosen, oldest_first, stems
from qa.types import Scope

TIMELINE_QUOTES = 12
"""The most sentences that a timeline brings."""

_SOME_DAY = date(2001, 1, 1)
"""Finds the words for a time where no publication tells which time they mean."""

_DAY_WORDS = frozenset("a an the on last".split())
_PREPOSITION = re.compile(r"\b(?:on|in|since|by|until|at|during|early|late)\s+$", re.IGNORECASE)
_IN_A_YEAR = re.compile(
    r"\b(?:(?P<opens>In|Since|During)|By|Until|Early|Late"
    r"|in|since|by|until|from|of|early|late|during)\s+"
    r"(?P<year>(?:1[5-9]|20)\d\d)\b(?!\s?(?:BCE?\b|B\.C))"
    # no 1,600 votes; "In 2019 prices rose", but not "In 1600 votes he won"
    r"(?!\s(?:\w+s|people|men|women|children)\b"
    r"(?(opens)\s(?:he|she|it|they|we|I|you|the|a|an|[A-Z]\w+)\b))"
)
_DENIES = re.compile(r"\b(?:no|not|never|nobody|none|nothing)\b|n[’']t\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"\b(?:[01]?\d|2[0-3]):[0-5]\d\b|\b(?:1[0-2]|[1-9])(?:[:.][0-5]\d)?\s?[ap]\.?m\b"
    r"|\b(?:at|by|until|around|before|after)\s+(?:(?:[01]?\d|2[0-3])\.[0-5]\d(?=[,.;)]|$)"
    r"|noon\b|midnight\b)|\b\w+\s+(?:o[’']clock|in\s+the\s+(?:morning|afternoon|evening))\b",
    re.IGNORECASE,
)
"""A time of day, which is one of the day that was named before it."""

_SAID = re.compile(r"\b(?:said|told|says|announced)\s+(?:\w+\s+)?(?:on\s+)?$")


def timeline(
    request: Request, shelf: Shelf, scope: Scope, near: Mapping[str, float]
) -> Told | None:
    """What the articles on a topic date, in order of time; else in the order of the articles.

    `near` and None are as in a summary.
    """
    lines = chosen(request, shelf, narrowed(scope, request), near)
    events: list[_Event] = []
    for line in oldest_first(lines):
        for event in _events(line, shelf):
            same = (place for place, other in enumerate(events) if _one_event(event, other))
            place = next(same, None)
            if place is None:
                events.append(event)
            else:
                events[place] = _merged(events[place], event)
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


@dataclass(frozen=True, slots=True)
class _Event:
    """A sentence of an article, the days it names (None: unknown), and the words before it.

    `place` is how far it stands from the article's lead.
    """

    quote: Quote
    days: tuple[date, date] | None
    words: str
    place: int

    def order(self) -> tuple[date, date]:
        """By its first day, then by its last."""
        return self.days or (date.max, date.max)


def _one_event(one: _Event, other: _Event) -> bool:
    """Whether two articles tell of one day the same, or one of them the same and more.

    So they do where the longer opens with the words of the shorter, but for the day, and goes on
    with a small word: "Russia attacked Ukraine", and that with drones.
    """
    texts = one.quote.text, other.quote.text
    if same_text(*texts):
        return True
    if one.days is None or one.days != other.days or one.days[0] != one.days[1]:
        return False
    if {one.quote.passage.article_id, *one.quote.also_in} & {other.quote.passage.article_id}:
        return False
    if len({_DENIES.search(text) is None for text in texts}) > 1:
        return False
    shorter, longer = sorted((_told_words(text, one.days[0]) for text in texts), key=len)
    same = len(shorter) > 1 and longer[: len(shorter)] == shorter
    return same and set(longer[len(shorter) :][:1]) <= wording.FREE_WORDS


def _told_words(text: str, day: date) -> list[str]:
    """The words of a text without articles and without those that name a day."""
    of_day = {str(day.day), str(day.year), *_DAY_WORDS}
    return [
        word
        for word in wording.words(text.replace(" may ", " might "))  # "may resign" names no month
        if word not in of_day and wording.name_form(word) not in wording.CALENDAR
    ]


def _merged(one: _Event, other: _Event) -> _Event:
    """The longer of two that tell the same, with the articles of both."""
    kept = max(one, other, key=lambda event: len(event.quote.text))
    articles = {one.quote.passage.article_id, other.quote.passage.article_id, *one.quote.also_in}
    also_in = tuple(sorted(articles - {kept.quote.passage.article_id}))
    place = min(one.place, other.place)
    return replace(kept, quote=replace(kept.quote, also_in=also_in), place=place)


def _events(line: ArticleLine, shelf: Shelf) -> Iterator[_Event]:
    """The sentences of an article that name a time, and its lead with the day it was published."""
    published = line.published
    quotes = sentences(shelf.passages(line.id))
    lead = lead_of(quotes)
    named = _days_of(quotes, published)
    for at, (sentence, time) in enumerate(zip(quotes, named, strict=True)):
        quote, opens, place = sentence.whole(), at == lead and published, abs(at - lead)
        if quote is None:
            continue
        behind = quotes[at + 1] if opens and named[at + 1 :] and not named[at + 1] else None
        if behind and one_paragraph(quote, behind):
            quote = replace(quote, end=behind.end)  # what it says next belongs to that day, too
        if opens and not (time and (time.first == time.last or _opens_with(time, sentence.text))):
            yield _Event(quote, (opens, opens), f"{spelled(opens, opens)} (published)", place)
        elif time and (published or time not in relative_dates(sentence.text, _SOME_DAY)):
            yield _Event(quote, (time.first, time.last), spelled(time.first, time.last), place)
        elif time:
            before = _PREPOSITION.search(sentence.text, 0, time.start)
            words = sentence.text[before.start() if before else time.start : time.end]
            yield _Event(quote, None, words, place)


def _days_of(quotes: Sequence[Quote], published: date | None) -> list[DateMention | None]:
    """The time that each sentence is about, if it is about one.

    What stands below a line that is a day and nothing else is of that day, to the end of the
    paragraph; a sentence with a time of day is of the day that its paragraph named last.
    """
    days: list[DateMention | None] = []
    below: DateMention | None = None  # the day of the line above this paragraph
    last: DateMention | None = None
    for at, quote in enumerate(quotes):
        before = quotes[at - 1] if at else None
        if before is None or not one_paragraph(before, quote):
            last, below = None, _day_above(before, quote, published)
        time = _named(quote.text, published or _SOME_DAY)
        if time:
            last = time
        elif published and (below or (last and _CLOCK.search(quote.text))):
            day = below or last
            time = day and replace(day, start=0, end=0)
        days.append(time)
    return days


def _day_above(before: Quote | None, quote: Quote, published: date | None) -> DateMention | None:
    """The day that stands as a line of its own between a sentence and the one before it.

    That of publication is none: it dates the article.
    """
    passage = quote.passage
    above = passage.text[: quote.start - passage.start]
    if before and before.passage.id == passage.id:
        above = above[before.end - passage.start :]
    elif before:
        above = before.passage.text[before.end - before.passage.start :] + above
    lines = [line for line in above.splitlines() if line.strip()]
    if not lines:
        return None
    day = _named(lines[-1], published or _SOME_DAY)
    if day is None or day.first == day.last == published:
        return None
    rest = lines[-1][: day.start] + lines[-1][day.end :]
    return None if any(char.isalnum() for char in rest) else day


def _opens_with(time: DateMention, text: str) -> bool:
    """Whether a sentence says first when; a month or year further on may be that of the past."""
    return len(text[: time.start].split()) <= 1


def _named(text: str, published: date) -> DateMention | None:
    """The time that a sentence is about: a day sooner than a month, and not when it was said."""
    found = [*absolute_dates(text), *relative_dates(text, published)]
    found += [
        DateMention(year.start("year"), year.end(), *whole_year(int(year["year"])))
        for year in _IN_A_YEAR.finditer(text)
        if not any(one.start < year.end() and year.start("year") < one.end for one in found)
    ]
    return min(
        found,
        key=lambda one: (
            bool(_SAID.search(text, 0, one.start)), one.first != one.last, one.start
        ),
        default=None,
    )  # fmt: skip


def _worth(event: _Event, topic: str) -> tuple[bool, int, int]:
    """What opens an article, then what has most of the topic's words, then what stands early.

    A time of day counts for a word of the topic: with it somebody tells what happened when.
    """
    met = len(stems(topic) & stems(event.quote.text))
    return event.place == 0, met + bool(_CLOCK.search(event.quote.text)), -event.place
