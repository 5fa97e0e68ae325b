"""The wordings in which news names a day, and how each is read. Pure.

A wording is a pattern and a reader: the reader gives the days that a match means, None where it
means none for sure. `dates` finds them in a text. Weeks begin on Monday (ISO 8601).
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qa.reading.tense import looks_ahead

HALF_A_YEAR = 6
"""Months: one that lies farther back is nearer ahead."""

NEAR_BY = timedelta(60)
"""A day without its year that lies no farther away is meant, whatever the verb: "was to open"."""

Days = tuple[date, date]
"""The first and the last of some days that follow one another."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a wording is read against: the day of publication, and the day named just before it."""

    published: date
    named_last: date | None


@dataclass(frozen=True, slots=True)
class Wording:
    """A pattern and what reads its matches; a group `words` narrows the match to its own words.

    The reader may raise ValueError or OverflowError for days outside the calendar, and LookupError
    for words that fold to a pattern's own, such as "yeſterday".
    """

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Setting], Days | None]


def whole_year(year: int) -> Days:
    """1 January to 31 December."""
    return date(year, 1, 1), date(year, 12, 31)


def month_of(day: date) -> Days:
    """The whole month in which a day lies."""
    return _month(_months(day))


def _full_date(match: re.Match[str], _: Setting) -> Days:
    found = match.groupdict()
    day = _day_number(found.get("day") or "1")
    first = date(int(found["year"]), month_number(found["month"]), day)
    if "day" not in found:
        return month_of(first)
    return first, first.replace(day=int(found.get("last") or first.day))


def _day_without_year(match: re.Match[str], setting: Setting) -> Days | None:
    month, day = month_number(match["month"]), _day_number(match["day"])
    near = range(setting.published.year - 1, setting.published.year + 2)
    days = [
        date(year, month, day)
        for year in near
        if date.min.year <= year <= date.max.year and day <= calendar.monthrange(year, month)[1]
    ]
    if not days:
        return None
    first = min(days, key=lambda one: abs(one - setting.published))
    if abs(first - setting.published) > NEAR_BY:
        ahead = looks_ahead(match.string, *match.span())
        first = min(
            (one for one in days if ahead is None or (one > setting.published) is ahead),
            key=lambda one: abs(one - setting.published),
            default=first,
        )
    return first, first.replace(day=int(match.groupdict().get("last") or day))


def _named_month(match: re.Match[str], setting: Setting) -> Days:
    """Last, this or next such month."""
    published = _months(setting.published)
    behind = (published - month_number(match["month"]) + 1) % 12
    which = match["which"].lower()
    if which == "last":
        return _month(published - (behind or 12))
    return _month(published - behind + (12 if behind or which == "next" else 0))


def _month_of_year(match: re.Match[str], setting: Setting) -> Days:
    """That month of last, this or next year."""
    year = setting.published.year + ("last", "this", "next").index(match["which"]) - 1
    return _month(12 * year + month_number(match["month"]) - 1)


def _month_alone(match: re.Match[str], setting: Setting) -> Days:
    """The nearest such month on the side to which the verb looks, else on either side."""
    published = _months(setting.published)
    behind = (published - month_number(match["month"]) + 1) % 12
    ahead = looks_ahead(match.string, *match.span("words"))
    if ahead is None:
        ahead = behind > HALF_A_YEAR
    return _month(published - behind + (12 if behind and ahead else 0))


def _weekday(match: re.Match[str], setting: Setting) -> Days | None:
    which = (match["which"] or "").lower()
    if which not in {"", "last", "this", "next"}:
        return None
    behind = (setting.published.weekday() - _WEEKDAYS.index(match["weekday"].lower())) % 7
    ahead = which in {"this", "next"} or (not which and looks_ahead(match.string, *match.span()))
    if ahead:
        days = -behind % 7 or (7 if which == "next" else 0)
    else:
        days = -behind or (-7 if which == "last" else 0)
    return _one(setting.published + timedelta(days))


def _near_day(match: re.Match[str], setting: Setting) -> Days:
    words = " ".join(match.group().lower().split())
    return _one(setting.published + timedelta(_NEAR_DAYS[words]))


def _neighbouring_day(match: re.Match[str], setting: Setting) -> Days | None:
    """The day before, of or after the one named last; "the day before" alone may be yesterday."""
    words = match.group().lower()
    step = -1 if "before" in words or "previous" in words else int("same" not in words)
    day = setting.named_last or (setting.published if "before" in words else None)
    return _one(day + timedelta(step)) if day else None


def _ago(match: re.Match[str], setting: Setting) -> Days:
    return _away(setting.published, -_count(match), match["unit"])


def _in_some_time(match: re.Match[str], setting: Setting) -> Days | None:
    """ "In three days" is a date where the verb looks ahead; else it may be a duration."""
    if not match["time"] and not looks_ahead(match.string, *match.span()):
        return None
    return _away(setting.published, _count(match), match["unit"])


def _earlier_or_later(match: re.Match[str], setting: Setting) -> Days | None:
    if setting.named_last is None:
        return None
    sign = 1 if match["side"].lower() == "later" else -1
    return _away(setting.named_last, sign * _count(match), match["unit"])


def _unit(match: re.Match[str], setting: Setting) -> Days:
    """Last, this or next week, month or year; with "earlier" or "later" the part of it."""
    step = ("last", "this", "next").index(match["which"].lower()) - 1
    first, last = _unit_of(setting.published, step, match["unit"])
    part = (match["part"] or "").lower()
    if step == 0 and part == "earlier":
        last = setting.published
    if step == 0 and part == "later":
        first = setting.published
    return first, last


def _the_weekend(match: re.Match[str], setting: Setting) -> Days:
    """The weekend that has begun, else the one before it or, where the verb looks ahead, after."""
    ahead = looks_ahead(match.string, *match.span())
    begun = setting.published.weekday() >= _WEEKDAYS.index("saturday")
    return _unit_of(setting.published, 0 if ahead or begun else -1, "weekend")


def _away(day: date, count: int, unit: str) -> Days:
    """Some units away from a day: that very day, the week around it, the whole month or year."""
    match unit.lower():
        case "day":
            return _one(day + timedelta(count))
        case "week":
            middle = day + timedelta(7 * count)
            return middle - timedelta(3), middle + timedelta(3)
        case "month":
            return _month(_months(day) + count)
    return whole_year(day.year + count)


def _unit_of(day: date, step: int, unit: str) -> Days:
    """The week, weekend, month or year of a day, or so many before or after it."""
    unit = unit.lower()
    if unit == "month":
        return _month(_months(day) + step)
    if unit == "year":
        return whole_year(day.year + step)
    monday = day - timedelta(day.weekday()) + timedelta(7 * step)
    return monday + timedelta(5 if unit == "weekend" else 0), monday + timedelta(6)


def _one(day: date) -> Days:
    return day, day


def _months(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def _month(months: int) -> Days:
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, 1), date(year, month + 1, last)


def month_number(written: str) -> int:
    """1 to 12, of a name, its first letters or figures."""
    return int(written) if written.isdigit() else _MONTHS.index(written[:3].lower()) + 1


def _day_number(written: str) -> int:
    """1 to 31, of figures or "twenty-first"."""
    return int(written) if written.isdigit() else _ORDINALS.index(written.lower()) + 1


def _count(match: re.Match[str]) -> int:
    written = match["count"].lower()
    if written in NUMBERS:
        return NUMBERS.index(written) + 1
    return 1 if written in {"a", "an"} else int(written)


_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first"
    " twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh"
    " twenty-eighth twenty-ninth thirtieth thirty-first"
).split()
_NEAR_DAYS = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}

_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH = (
    r"(?P<month>(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
    r"(?:(?<=\b[A-Z][a-z]{2})(?<!May)\.|(?<=\bSept)\.)?)"
)
_YEAR = r"(?P<year>(?:1[5-9]|20)[0-9]{2})"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_SPELT_DAY = rf"(?<!\b[Aa] )(?P<day>(?i:{'|'.join(sorted(_ORDINALS, key=len, reverse=True))}))\s+of"
_TO = r"(?:\s*(?:and|to|or|-|–)\s*(?:the\s+)?(?P<last>[0-3]?[0-9])(?:st|nd|rd|th)?)?"
_OPENING = rf"(?<![\w/.,-])(?:{_WEEKDAY},?\s+)?(?:the\s+)?"
_COUNT = rf"(?P<count>an?|{'|'.join(NUMBERS)}|[1-9][0-9]{{0,2}})\s+(?P<unit>day|week|month|year)s?"
_NEAR = "|".join(words.replace(" ", r"\s+") for words in _NEAR_DAYS)
_EXACTLY = r"(?<!than )(?<!least )(?<!over )\b"
_BEFORE_A_MONTH = "in|since|until|by|of|from|for|through|early|late|mid"
_OTHER_WEEKDAYS = (
    "every|each|any|most|some|another|an?|previous|following|good|black|ash|palm|super|holy|bloody"
)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


FULL_DATES: tuple[Wording, ...] = (
    Wording(re.compile(rf"{_OPENING}{_SPELT_DAY}\s+{MONTH},?\s+{_YEAR}\b"), _full_date),
    Wording(re.compile(rf"{_OPENING}{_DAY}{_TO}(?:\s+of)?\s+{MONTH},?\s+{_YEAR}\b"), _full_date),
    Wording(re.compile(rf"{_OPENING}{MONTH}\s+{_DAY}{_TO},?\s+{_YEAR}\b"), _full_date),
    Wording(
        re.compile(
            r"(?<![\w/.-])(?P<year>(?:1[5-9]|20)[0-9]{2})-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])"
            r"(?![\w/-])"
        ),
        _full_date,
    ),
    Wording(re.compile(rf"(?<![\w/.-]){MONTH},?\s+{_YEAR}\b"), _full_date),
)
"""Days and months with their year; of two that begin alike the longer is taken."""

WORDINGS: tuple[Wording, ...] = (
    Wording(re.compile(rf"{_OPENING}{_SPELT_DAY}\s+{MONTH}(?!['’])"), _day_without_year),
    Wording(re.compile(rf"{_OPENING}{_DAY}{_TO}(?:\s+of)?\s+{MONTH}"), _day_without_year),
    Wording(  # "In March 20 ships passed" names no day
        re.compile(rf"(?<!\b[Ii]n ){_OPENING}{MONTH}\s+{_DAY}{_TO}(?![\w%]|[,.:]\d)"),
        _day_without_year,
    ),
    Wording(re.compile(rf"\b(?P<which>(?i:last|this|next))\s+{MONTH}"), _named_month),
    Wording(
        re.compile(
            rf"\b(?:(?i:{_BEFORE_A_MONTH})[\s-]\s*)?"
            rf"(?P<words>{MONTH}\s+(?P<which>last|this|next)\s+year)\b"
        ),
        _month_of_year,
    ),
    Wording(
        re.compile(rf"\b(?i:{_BEFORE_A_MONTH})[\s-]\s*(?P<words>{MONTH})(?!\s+\d)"),
        _month_alone,
    ),
    Wording(
        _compiled(
            rf"\b(?:(?P<which>last|this|next|{_OTHER_WEEKDAYS})\s+)?(?P<weekday>{_WEEKDAY})\b(?!-)"
        ),
        _weekday,
    ),
    Wording(_compiled(rf"\b(?:{_NEAR})\b"), _near_day),
    Wording(
        _compiled(
            r"\bthe\s+(?:(?:previous|next|following|same)\s+day\b|day\s+(?:before|after)\b"
            r"(?=\s*(?:[.,;:!?)”\"]|$)|\s+(?:and|but|when|while|as)\b))"
        ),
        _neighbouring_day,
    ),
    Wording(_compiled(rf"{_EXACTLY}{_COUNT}\s+ago\b"), _ago),
    Wording(_compiled(rf"\bin\s+{_COUNT}\b(?P<time>[’']s?\s+time\b)?"), _in_some_time),
    Wording(
        _compiled(rf"{_EXACTLY}{_COUNT}\s+(?P<side>earlier|later|before(?=\s*[.,;:!?]|$))\b"),
        _earlier_or_later,
    ),
    Wording(
        _compiled(
            r"\b(?:(?P<part>earlier|later)\s+)?(?P<which>last|this|next)\s+"
            r"(?P<unit>weekend|week|month|year)\b"
        ),
        _unit,
    ),
    Wording(_compiled(r"\b(?:at|over|during)\s+the\s+weekend\b"), _the_weekend),
)
"""Days that need the day of publication; of two that begin alike the longer is taken."""
