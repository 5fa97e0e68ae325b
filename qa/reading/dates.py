"""The days that a text names, those among them that only its publication date makes plain. Pure.

News says "on Tuesday" and "last month". Read against the day of publication these are days of the
calendar; what cannot be read for sure is left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from qa.reading.date_words import (
    FULL_DATES,
    WORDINGS,
    Days,
    Setting,
    Wording,
    month_of,
    whole_year,
)

ANY_DAY = date(2000, 7, 1)
"""Words that need a day of publication are read against it where none is known: alike in both of
two texts that are compared."""


@dataclass(frozen=True, slots=True)
class DateMention:
    """Words of a text, `text[start:end]`, and the days they mean: `first` to `last`, both included.

    The two are equal where one day is meant.
    """

    start: int
    end: int
    first: date
    last: date


def absolute_dates(text: str) -> tuple[DateMention, ...]:
    """The days and months that a text names in full, with their year, in order.

    24/03/2021 is left out: such figures may be read in two ways.
    """
    return tuple(_mentions(text, date.max, FULL_DATES))


def relative_dates(text: str, published: date) -> tuple[DateMention, ...]:
    """The days that words mean which need the day of publication to be read, in order.

    Offsets are into `text`; mentions do not overlap. A weekday is the nearest one before the
    publication, that day included, or after it where the verb looks ahead. A day or month without
    its year is the nearest one, and where none is near the one on the side to which the verb looks.
    "Two weeks ago" is the week around that day.
    """
    in_full = set(absolute_dates(text))
    found = _mentions(text, published, (*FULL_DATES, *WORDINGS))
    return tuple(mention for mention in found if mention not in in_full)


@lru_cache(maxsize=256)  # the days of one claim are asked for with every quote
def days_of(text: str, published: date | None) -> tuple[DateMention, ...]:
    """All of them: those named in full, and behind them those read against a day of publication.

    Where none is known, `ANY_DAY` is taken for it.
    """
    return absolute_dates(text) + relative_dates(text, published or ANY_DAY)


def gloss(text: str, published: date) -> str:
    """A line that says which days the words of a text mean: `Tuesday = 23 March 2021; …`.

    Empty where there is nothing to say; a day that only lacks its year needs no explanation.
    """
    said: dict[str, None] = {}
    for mention in relative_dates(text, published):
        words = text[mention.start : mention.end]
        if not any(char.isdigit() for char in words):
            said[f"{words} = {spelled(mention.first, mention.last)}"] = None
    return "; ".join(said)


def spelled(first: date, last: date) -> str:
    """`23 March 2021`, `March 2021`, `2021` or `22 March 2021 to 28 March 2021`."""
    if first == last:
        return f"{first.day} {first:%B} {first.year}"
    if (first, last) == whole_year(first.year):
        return str(first.year)
    if (first, last) == month_of(first):
        return f"{first:%B} {first.year}"
    return f"{spelled(first, first)} to {spelled(last, last)}"


def _mentions(text: str, published: date, wordings: Sequence[Wording]) -> Iterator[DateMention]:
    """What the wordings find, the earliest first, the longest where several begin alike."""
    matches = [(match, one) for one in wordings for match in one.pattern.finditer(text)]
    matches.sort(key=lambda found: (found[0].start(), -found[0].end()))
    named_last, taken = None, 0
    for match, wording in matches:
        if match.start() < taken:
            continue
        if "\n" in text[taken : match.start()]:
            named_last = None
        days = _read(match, wording, Setting(published, named_last))
        if days is None:
            continue
        start = match.start("words") if "words" in match.re.groupindex else match.start()
        yield DateMention(start, match.end(), *days)
        taken = match.end()
        named_last = days[0] if days[0] == days[1] else named_last


def _read(match: re.Match[str], wording: Wording, setting: Setting) -> Days | None:
    """The days, or None where they are none or lie outside the calendar (years 1 to 9999)."""
    try:
        days = wording.read(match, setting)
    except (ValueError, OverflowError, LookupError):
        return None
    return days if days and days[0] <= days[1] else None
