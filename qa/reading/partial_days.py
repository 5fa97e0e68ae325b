"""Days as far as words tell them: "November 17" has no year, "2020" no month. Pure."""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date

from qa.reading.dates import ANY_DAY, DateMention, absolute_dates, relative_dates

YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A day; None stands for what is not told."""

    year: int | None
    month: int | None = None
    day: int | None = None

    def same(self, other: "PartialDay") -> bool | None:
        """Whether all that both tell is the same; None where they have nothing in common."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        told = [one == another for one, another in pairs if None not in (one, another)]
        return all(told) if told else None


def partial_days(
    text: str, published: date | None, within: tuple[int, int] | None = None
) -> tuple[PartialDay, ...]:
    """The days that a text names, or that some words of it name, each as far as it is told.

    With its day of publication words such as "Tuesday" are days, too, and a day has a year. Words
    `within` a text are read in it: whether "Saturday" is over stands in its sentence.
    """
    first, last = within or (0, len(text))
    full, near = (
        [one for one in found if one.start < last and first < one.end]
        for found in (absolute_dates(text), relative_dates(text, published or ANY_DAY))
    )
    single = [
        PartialDay(one.first.year if published else None, one.first.month, one.first.day)
        for one in near
        if one.first == one.last and (published or _has_digit(text, one))
    ]
    inside = [range(one.start, one.end) for one in (*full, *near)]
    years = [
        PartialDay(int(match[0]))
        for match in YEAR.finditer(text, first, last)
        if not any(match.start() in one for one in inside)
    ]
    return (*map(_of_full_date, full), *single, *years)


def same_day(days: Sequence[PartialDay], others: Sequence[PartialDay]) -> bool | None:
    """Whether one of these may be one of the others; None where that cannot be told."""
    verdicts = {one.same(other) for one in days for other in others}
    if True in verdicts:
        return True
    return False if verdicts == {False} else None


def fullness(days: Sequence[PartialDay]) -> int:
    """How much is told of the day that is told most fully: 3 for a whole one, 0 for none."""
    return max((sum(part is not None for part in astuple(day)) for day in days), default=0)


def _of_full_date(mention: DateMention) -> PartialDay:
    first, last = mention.first, mention.last
    month = first.month if (first.year, first.month) == (last.year, last.month) else None
    return PartialDay(first.year, month, first.day if first == last else None)


def _has_digit(text: str, mention: DateMention) -> bool:
    return any(char.isdigit() for char in text[mention.start : mention.end])
