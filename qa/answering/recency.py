"""What was true when: questions about the present are answered from the newer articles. Pure.

A later article may have overtaken an earlier one. A question about the latest state is
answered from the newer articles among those that bear on it; a question that names a day of its own
is left alone.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.reading.dates import absolute_dates, relative_dates
from qa.types import Hit

RECENCY_WEIGHT = 0.2
"""Share of the date in the score of a hit. Of 18 questions on seeds/ about the present state, 15
had an up-to-date passage among the first four by relevance alone, 16 at 0.1, 17 from 0.2 to 0.3."""

NEAR_THE_BEST = 0.7
"""Share of the best score from which a hit counts as bearing on the question: the same 17 from 0.5
to 0.7, 16 at 0.8. A new article about something else must not come first."""

NEWER_AMONG = 2
"""So many times the wanted hits are looked through for newer ones; three times gain nothing."""

_ANY_DAY = date(2000, 1, 1)  # which words name a day does not depend on the day of publication
_PRESENT = re.compile(
    r"\b(?:latest|newest|now|nowadays|still|current|currently|at present|presently|(?:most )?recent"
    r"|(?:most )?recently|so far|today|as of|to date|by now|these days|at the moment|any more"
    r"|anymore|(?:up to|until) now)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\byesterday\b",
    re.IGNORECASE,
)
_MONTH = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)


def prefers_newer(question: str) -> bool:
    """Whether a question asks for the latest state of things, and for no day that it names."""
    return _PRESENT.search(question) is not None and not _names_a_day(question)


def newer_first(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits for a question that prefers newer articles, the best first.

    Among those that bear on the question, the score becomes a convex combination of the old one and
    the rank of the article's day, 0 for the oldest, 1 for the newest; the others follow. No day
    counts as the oldest.
    """
    bar = NEAR_THE_BEST * max((hit.score for hit in hits), default=0.0)
    near = {hit.passage.id: hit.passage.published for hit in hits if hit.score >= bar}
    days = sorted(set(near.values()), key=lambda day: day or date.min)
    rank = {day: place / max(1, len(days) - 1) for place, day in enumerate(days)}

    def score(hit: Hit) -> float:
        recency = rank[hit.passage.published] if hit.passage.id in near else 0.0
        return (1 - RECENCY_WEIGHT) * hit.score + RECENCY_WEIGHT * recency

    scored = [replace(hit, score=score(hit)) for hit in hits]
    return tuple(sorted(scored, key=lambda hit: (hit.passage.id not in near, -hit.score)))


def _names_a_day(text: str) -> bool:
    """A year, month, day of a month or weekday; "today" and "last week" are none of these."""
    if _DAY.search(text) or absolute_dates(text):
        return True
    return any(
        _MONTH.search(text, mention.start, mention.end)
        for mention in relative_dates(text, _ANY_DAY)
    )
