"""The days of publication that a question names: "from May", "since 3 March". Pure."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa.reading.date_words import MONTH, NUMBERS, month_number, month_of, whole_year
from qa.reading.dates import DateMention, absolute_dates, relative_dates

_SIDES = (
    "from|in|since|until|till|up to|before|after|between|during|over|within|throughout|for|of|by|ab"
    "|seit|aus dem|vom|im|en|de|depuis|desde"
)
_BEFORE_DAYS = re.compile(
    r"(?:\b(?:that|which)\s+(?:were|was|are|is)\s+)?"
    r"(?:(?<!was )(?<!were )\b(?:published|printed|dated)\s+)?"
    rf"(?P<side>\b(?:{_SIDES}|on))\s+(?:the\s+(?:month\s+of\s+)?)?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:and|to|until|till|or|-|–|through)\s*(?:the\s+)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<=\s)(?:19|20)\d\d\b(?!\s*%)")
_A_MONTH = re.compile(  # where "may" is one, though it is typed in small letters
    rf"(?:(?P<alone>\b(?:{_SIDES}|and|to|or|through)\s+(?:the\s+month\s+of\s+)?|[-–]\s*)"
    rf"|\b(?:last|this|next)\s+|\d(?:st|nd|rd|th)?\s+(?:of\s+)?|(?=\w+\.?\s+\d))\b{MONTH}",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"(?<![\w/.-])(\d\d?)([/.-])(\d\d?)\2((?:19|20)\d\d)(?![\w/-])")
_UP_TO_NOW = re.compile(
    rf"\b(?:(?:last|past)\s+(?P<count>{'|'.join(NUMBERS)}|[1-9]\d{{0,2}})|past)\s+"
    r"(?P<unit>day|week|month|year)s?\b",
    re.IGNORECASE,
)
_DAYS_OF = {"day": 1, "week": 7, "month": 365 / 12, "year": 365}
_ITS_OWN = re.compile(r"(?:last|past|this|next|earlier this|yesterday|today)\b", re.IGNORECASE)
_ITS_ARTICLES = re.compile(
    r"[’']s(?=\s+(?:\w+\s+)?(?:articles?|stor(?:y|ies)|news|headlines|pieces?|cuttings?)\b)", re.I
)
_A_PART = re.compile(r"\s+of\b|[’']s\b", re.IGNORECASE)
_ITS_NOUN = re.compile(  # "the 2016 referendum"
    r"(?<=\d{4})\s+(?!(?:about|on|that|which|regarding|concerning|mention\w*|from|for|by|in|with|at"
    r"|and|to|or|until)\b)[^\W\d_]",
    re.IGNORECASE,
)
_ITS_VERB = re.compile(r"^(?:summari[sz]e|sum up|recap)\s+$", re.IGNORECASE)
_A_NOUN = re.compile(
    r"(?:articles?|summary|overview|recap|gist|timeline|chronology|stor(?:y|ies)|events|news|pieces?"
    r"|everything|all)\s+$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Period:
    """What remains of a question, and the days that it named, both included; None: open."""

    rest: str
    since: date | None = None
    until: date | None = None

    @property
    def named(self) -> bool:
        """Whether the question named any days."""
        return bool(self.since or self.until)


def read_period(question: str, newest: date | None) -> Period:
    """The period in which something was published, taken out of a question.

    A day without its year is the latest such day up to `newest`, as is a month.
    """
    mentions = _mentions(question, newest)
    for place, mention in enumerate(mentions):
        before = _BEFORE_DAYS.search(question, 0, mention.start)
        own = _ITS_OWN.match(question, mention.start) or _ITS_VERB.match(question[: mention.start])
        whose = _ITS_ARTICLES.match(question, mention.end)
        if whose:  # "how many of today's articles": of the articles
            rest = f"{question[: mention.start]}the{question[whose.end() :]}"
            return Period(rest, mention.first, mention.last)
        if not (before or own) or _A_PART.match(question, mention.end):
            continue
        side = before["side"].lower() if before else "in"
        start = before.start() if before else mention.start
        named = side in {"on", "of", "for", "de"} or not before or before[0].endswith("the ")
        if named and _ITS_NOUN.match(question, mention.end):
            continue
        start -= len("the ") if question[:start].endswith(" the ") else 0
        if side in {"of", "for", "de"} and not _A_NOUN.search(question[:start]):
            continue
        first, last, end = mention.first, mention.last, mention.end
        following = mentions[place + 1] if place + 1 < len(mentions) else None
        joined = following and _BETWEEN.fullmatch(question, end, following.start)
        if following and joined:
            if not question[:end][-4:].isdigit():
                first = _last_before(following, mention)
            apart = following.first - last > timedelta(1)
            if apart and side != "between" and joined[0].strip() in {"and", "or"}:
                return Period(question)  # two that are no period
            last, end = following.last, following.end
            side = "in"
        rest = " ".join((question[:start] + " " + question[end:]).split()).rstrip(" ,")
        return Period(rest, *_sided(side, first, last))
    return Period(question)


def _sided(side: str, first: date, last: date) -> tuple[date | None, date | None]:
    day = timedelta(1)
    match side:
        case "since" | "seit" | "ab" | "depuis" | "desde":
            return first, None
        case "after":
            return last + day, None
        case "until" | "till" | "up to":
            return None, last
        case "before":
            return None, first - day
    return first, last


def _mentions(question: str, newest: date | None) -> list[DateMention]:
    """Days, months and years that are named, in order; those ahead of `newest` are of before."""
    question = _A_MONTH.sub(
        lambda one: one[0].replace(one["month"], one["month"].title()), question
    )
    found = list(absolute_dates(question))
    if newest:
        found += [_not_after(mention, newest) for mention in relative_dates(question, newest)]
    for more in _mentions_of_questions(question, newest):
        if not any(mention.start < more.end and more.start < mention.end for mention in found):
            found.append(more)
    return sorted(found, key=lambda mention: mention.start)


def _mentions_of_questions(question: str, newest: date | None) -> Iterator[DateMention]:
    """What articles seldom say, or do not mean so: a year, 24/03/2021, a month, "the past week"."""
    for match in _YEAR.finditer(question):
        yield DateMention(*match.span(), *whole_year(int(match[0])))
    for match in _FIGURES.finditer(question):
        month, day = sorted((int(match[1]), int(match[3])))
        if month == day or day > 12:  # else there are two such days
            with suppress(ValueError):
                one = date(int(match[4]), month, day)
                yield DateMention(*match.span(), one, one)
    if newest is None:
        return
    for match in _A_MONTH.finditer(question):
        if match["alone"]:
            days = month_of(date(newest.year, month_number(match["month"]), 1))
            yield _not_after(DateMention(*match.span("month"), *days), newest)
    for match in _UP_TO_NOW.finditer(question):
        written = (match["count"] or "one").lower()
        count = NUMBERS.index(written) + 1 if written in NUMBERS else int(written)
        first = newest - timedelta(count * _DAYS_OF[match["unit"].lower()] - 1)
        yield DateMention(*match.span(), first, newest)


def _not_after(mention: DateMention, newest: date) -> DateMention:
    ahead = mention.first > newest
    return _in_year(mention, mention.first.year - 1) if ahead else mention


def _last_before(end: DateMention, mention: DateMention) -> date:
    """The first day of what has its year from what ends it: "between November and May 2022"."""
    first = _in_year(mention, end.first.year).first
    return first if first <= end.last else _in_year(mention, end.first.year - 1).first


def _in_year(mention: DateMention, year: int) -> DateMention:
    """The same days of another year; as they are where it has none such."""
    first, last = mention.first, mention.last
    if (first, last) == month_of(first):  # a February may be longer
        first, last = month_of(first.replace(year=year, day=1))
    else:
        with suppress(ValueError):  # a 29 February
            first = first.replace(year=year)
            last = last.replace(year=year + last.year - mention.first.year)
    return replace(mention, first=first, last=last)
