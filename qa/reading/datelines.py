"""The day on which an article says it was published. Pure.

A day is taken from a field that states it, or from the head of the text: a line that holds little
else ("Published: 18 February 2023", "By Jane Doe | Feb. 18, 2023"), or a dateline that opens the
first paragraph ("MUNICH, Feb. 18, 2023 (Reuters) - …"). Days that the prose mentions are never
taken, nor days written with numbers alone unless the year comes first: 03/04/2023 is two days.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qa.reading.date_words import month_number

HEAD_LINES = 6
"""So many lines at the top, empty ones left out, may hold headline, byline, section and date."""

LONGEST_HEAD_LINE_CHARS = 100
"""A longer line is the first paragraph, and the head ends there."""

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:1[6-9]|20)\d\d"
_TIME = (
    r"(?:\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s*[ap]\.?m\b\.?)?|\d{1,2}\s*[ap]\.?m\b\.?)"
    r"(?:\s*\(?(?:[A-Z]{1,5}|(?:GMT|UTC)?[+-]\d\d?:?(?:\d\d)?)\b\)?)?"
)
_WEEKDAY = r"(?:Mon|Tue|Tues|Wed|Wednes|Thu|Thur|Thurs|Fri|Sat|Satur|Sun)(?:day)?\b\.?,?"
_DAY = re.compile(
    rf"(?<![\w/.-])(?:(?P<year>{_YEAR})(?P<mark>[-/])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})"
    rf"(?:[T ]\d\d:\d\d[\d:.]*(?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?)?"
    rf"|(?P<day_first>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?P<month_second>{_MONTH}),?\s+"
    rf"(?P<year_third>{_YEAR})"
    rf"|(?P<month_first>{_MONTH})\s+(?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?,?\s+"
    rf"(?P<year_last>{_YEAR}))(?![\w/-])",
    re.IGNORECASE,
)
_COMPACT_DAY = re.compile(rf"({_YEAR})(\d\d)(\d\d)(?:T?\d{{6}})?\Z")
_WEEKDAY_FIRST = re.compile(rf"(?:{_WEEKDAY}\s*)?", re.IGNORECASE)

_LABEL = re.compile(
    r"(?P<published>(?:first |originally )?(?:published|posted|issued|released)(?: date)?"
    r"|publish(?:ing)? date|publication date|release date|date|dateline)"
    r"(?:\s+(?:on|at|online))?\s*:?\s*"
    r"|(?P<updated>(?:last |first )?(?:updated|modified|revised|edited)(?: date)?)"
    r"(?:\s+(?:on|at))?\s*:?\s*",
    re.IGNORECASE,
)
_BEFORE = rf"(?:(?:at\s+)?{_TIME}\s*(?:on\s+)?[,\s]*)?(?:{_WEEKDAY})?\s*"
_BEFORE_DAY = re.compile(_BEFORE, re.IGNORECASE)
_BYLINE = re.compile(rf"by\s+(?P<name>[^\d:]{{2,80}}?)[\s,–—-]+{_BEFORE}", re.IGNORECASE)
_AFTER_DAY = re.compile(rf"[\s,]*(?:(?:at|[-–—])?\s*{_TIME})?\s*\.?", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[|·•;]\s*")
_AGENCY = re.compile(r"\s*(?:\([^()]{2,40}\)|/[^/\n]{2,40}/)")
_OPENING = re.compile(r"\s*(?:--?|[–—:])\s*(?:$|(?=[\"'“‘«]?[^\W\da-z_]))")
_NAME_PARTICLES = frozenset("and de la le von van der den al el bin da do dos du & ,".split())
_NO_PLACES = frozenset(
    "on in since by until till before after from as at between during for to the a an this that"
    " when while updated published corrected born died effective dated week weekend".split()
)
_EMPHASIS = "*_#> \t"
_BRACKETS = "[]()" + _EMPHASIS


@dataclass(frozen=True, slots=True)
class _HeadLine:
    """A line of the head: the published days in it, the updated ones, and the bare ones."""

    published: tuple[date, ...]
    updated: tuple[date, ...]
    bare: tuple[date, ...]


def stated_day(written: str) -> date | None:
    """The day in a field that holds nothing else: ISO 8601, or as newspapers and mail write it.

    A time of day may stand beside it; the day is the one written, whatever the zone.
    """
    written = " ".join(written.split())
    compact = _COMPACT_DAY.match(written)
    if compact:
        return _date(*map(int, compact.groups()))
    weekday = _WEEKDAY_FIRST.match(written)
    found = _DAY.match(written, weekday.end() if weekday else 0)
    if found is None or not _AFTER_DAY.fullmatch(written, found.end()):
        return None
    return _day(found)


def labelled_day(line: str) -> date | None:
    """The day of a line that tells nothing else, but what day it is: "Date: 18 February 2023"."""
    stripped = line.strip(_BRACKETS)
    label = _LABEL.match(stripped)
    return stated_day(stripped[label.end() if label else 0 :])


def dateline(text: str) -> date | None:
    """The day that the head of a text states, or None.

    The first day that is labelled as the publication's counts, else the first bare one, else the
    first that is labelled as an update. A line with several bare days states none of them.
    """
    bare: list[date] = []
    updated: list[date] = []
    for number, line in enumerate(head_lines(text)):
        if len(line) > LONGEST_HEAD_LINE_CHARS:
            opening = _opening_day(line)
            bare += [opening] if opening else []
            break
        days = _read_line(line, below_headline=number == 1)
        if days.published:
            return days.published[0]
        bare += days.bare if len(set(days.bare)) == 1 else ()
        updated += days.updated
    return next(iter([*bare, *updated]), None)


def head_lines(text: str) -> Iterator[str]:
    """The first lines that are not empty, without marks of emphasis or heading around them."""
    start = given = 0
    while start < len(text) and given < HEAD_LINES:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = " ".join(text[start : min(end, start + 400)].split()).strip(_EMPHASIS)
        start = end + 1
        if line:
            given += 1
            yield line


def _read_line(line: str, *, below_headline: bool) -> _HeadLine:
    opening = _opening_day(line, below_headline=below_headline)
    if opening:
        return _HeadLine((), (), (opening,))
    published: list[date] = []
    updated: list[date] = []
    bare: list[date] = []
    for part in _SEPARATOR.split(line):
        stripped = part.strip(_BRACKETS)
        label = _LABEL.match(stripped)
        day = _only_day(stripped, label.end() if label else 0)
        if day is None:
            continue
        if label is None:
            bare.append(day)
        else:
            (published if label.group("published") else updated).append(day)
    return _HeadLine(tuple(published), tuple(updated), tuple(bare))


def _only_day(part: str, start: int) -> date | None:
    """The day in a part of a line that from `start` on holds a byline, a time and it at most."""
    found = _DAY.search(part, start)
    if found is None or not _AFTER_DAY.fullmatch(part, found.end()):
        return None
    before = part[start : found.start()]
    if not _BEFORE_DAY.fullmatch(before):
        byline = None if start else _BYLINE.fullmatch(before)
        if byline is None or not _is_name(byline["name"]):
            return None
    return _day(found)


def _opening_day(line: str, *, below_headline: bool = False) -> date | None:
    """The day of a dateline that opens a paragraph: a place, the day, a dash and the text.

    An agency may stand between, or alone close it: "MUNICH, Feb. 18, 2023 /PRNewswire/ -- The".
    Right below the headline it may be all of a line, as on a clipping: "Orme Gazette, 18 May 2023".
    """
    found = _DAY.search(line, 0, 80)
    if found is None:
        return None
    place = line[: found.start()].rstrip()
    place = place.removeprefix("The ") if below_headline else place
    if not place.endswith(",") or not _is_place(place[:-1]):
        return None
    agency = _AGENCY.match(line, found.end())
    end = agency.end() if agency else found.end()
    if _OPENING.match(line, end) or (agency and end == len(line)):
        return _day(found)
    # Elsewhere only a place in capitals is sure to be none of a headline's names.
    alone = end == len(line) and (below_headline or place.isupper())
    return _day(found) if alone else None


def _is_place(words: str) -> bool:
    parts = words.replace(",", " ").split()
    return (
        0 < len(parts) <= 6
        and parts[0].casefold() not in _NO_PLACES
        and not re.match(rf"(?:{_WEEKDAY}|{_MONTH})\Z", parts[-1], re.IGNORECASE)
        and _is_name(words)
    )


def _is_name(words: str) -> bool:
    parts = words.replace(",", " ").split()
    return bool(parts) and all(
        part[0].isupper() or part.casefold() in _NAME_PARTICLES for part in parts
    )


def _day(found: re.Match[str]) -> date | None:
    year = found["year"] or found["year_third"] or found["year_last"]
    day = found["day"] or found["day_first"] or found["day_second"]
    name = found["month_second"] or found["month_first"]
    return _date(int(year), month_number(name or found["month"]), int(day))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
