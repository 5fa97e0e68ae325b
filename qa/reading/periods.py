"""The days of publication that a question names: "from May", "since 3 March". Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from qa.reading.date_words import whole_year
from qa.reading.dates import DateMention, absolute_dates, relative_dates

_BEFORE_DAYS = re.compile(
    r"(?:\b(?:that|which)\s+(?:were|was|are|is)\s+)?"
    r"(?:(?<!was )(?<!were )\b(?:published|printed|dated)\s+)?"
    r"(?P<side>\b(?:from|in|on|since|until|till|up to|before|after|between|during|for|of|by|ab|seit"
    r"|aus dem|vom|im|en|de|depuis|desde))\s+(?:the\s+(?:month\s+of\s+)?)?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:and|to|until|till|or|-|–|through)\s*(?:the\s+)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<=\s)(?:19|20)\d\d\b(?!\s*%)")
_ITS_OWN = re.compile(r"(?:last|this|next|earlier this)\b", re.IGNORECASE)
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
        if not before and not own:
            continue
        side = before["side"].lower() if before else "in"
        start = before.start() if before else mention.start
        start -= len("the ") if question[:start].endswith(" the ") else 0
        if side in {"of", "for", "de"} and not _A_NOUN.search(question[:start]):
            continue
        first, last, end = mention.first, mention.last, mention.end
        following = mentions[place + 1] if place + 1 < len(mentions) else None
        if following and _BETWEEN.fullmatch(question, end, following.start):
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
    found = list(absolute_dates(question))
    if newest:
        found += [_not_after(mention, newest) for mention in relative_dates(question, newest)]
    for year in _YEAR.finditer(question):
        if not any(mention.start <= year.start() < mention.end for mention in found):
            found.append(DateMention(*year.span(), *whole_year(int(year[0]))))
    return sorted(found, key=lambda mention: mention.start)


def _not_after(mention: DateMention, newest: date) -> DateMention:
    if mention.first <= newest:
        return mention
    try:
        return DateMention(
            mention.start,
            mention.end,
            mention.first.replace(year=mention.first.year - 1),
            mention.last.replace(year=mention.last.year - 1),
        )
    except ValueError:  # a 29 February
        return mention
