"""The numbers of a text, in figures or in words, with what they count. Pure.

"1.5 million", "1,500,000" and "one and a half million" are one number; "12 per cent" and "12%" are
one share, and 12 metres are neither.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `text[start:end]`, its unit where one is written that is known here.

    `values` holds its readings as plain decimals ("1500000", "35.4") or a time of day ("15:05");
    the first is the likeliest. A `loose` one may mean no number: "one of them", "an hour", "first".
    """

    start: int
    end: int
    values: tuple[str, ...]
    unit: str | None = None
    loose: bool = False


def read_figures(text: str) -> tuple[Figure, ...]:
    """All numbers of a text in order: figures, words ("twenty-one"), ordinals ("5th", "fifth")."""
    found: list[Figure] = []
    for match in _NUMBER.finditer(text):
        figure = _time(match) if match["time"] else _quantity(match)
        if figure:
            found.append(figure)
    return tuple(_with_shared_scales(text, found))


def states(there: Iterable[Figure], wanted: Figure) -> bool:
    """Whether one of the figures is the wanted one; a unit counts where both have one."""
    return any(
        not set(wanted.values).isdisjoint(one.values)
        and (wanted.unit is None or one.unit is None or wanted.unit == one.unit)
        for one in there
    )


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_WORDS = (
    {word: value for value, word in enumerate(_SMALL)}
    | {word: 10 * tens for tens, word in enumerate(_TENS, 2)}
    | {word: value for value, word in enumerate(_ORDINALS, 4)}
    | {"first": 1, "second": 2, "third": 3, "twentieth": 20, "thirtieth": 30, "dozen": 12}
)
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
    "k": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "bn": 1_000_000_000,
    "tn": 1_000_000_000_000,
}
_UNITS = {
    "percent": r"%|per\s?cent|pct",
    "point": r"(?:percentage\s+)?points?",
    "dollar": r"(?:us\s+)?dollars?|usd",
    "euro": r"euros?|eur",
    "pound": r"pounds?|gbp",
    "yen": "yen|jpy",
    "krona": "kron(?:or|a|er|e)",
    "metre": r"met(?:re|er)s?|m",
    "kilometre": r"kilomet(?:re|er)s?|km|kms",
    "centimetre": r"centimet(?:re|er)s?|cm",
    "millimetre": r"millimet(?:re|er)s?|mm",
    "mile": "miles?",
    "yard": "yards?",
    "foot": "feet|foot|ft",
    "inch": "inch(?:es)?",
    "tonne": "tonnes?",
    "ton": "tons?",
    "kilogram": "kilogram(?:me)?s?|kilos?|kg",
    "gram": "gram(?:me)?s?",
    "litre": "lit(?:re|er)s?",
    "second": "seconds?|secs?",
    "minute": "minutes?|mins?",
    "hour": "hours?|hrs?",
    "day": "days?",
    "week": "weeks?",
    "month": "months?",
    "year": "years?",
    "degree": "degrees?|°",
    "knot": "knots?",
}
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}

_ONE_UNIT = "second|minute|hour|day|week|month|year|mile|kilomet(?:re|er)|met(?:re|er)|dollar|euro"
_SERIES = "round|half|term|time|place|stage|phase|quarter|ballot|leg|attempt|reading|prize|day"
_WORD_NUMBER = "|".join([*_SMALL, *_TENS, *_ORDINALS, "twentieth", "thirtieth", "dozen"])
_SCALE_WORDS = "hundred|thousand|million|billion|trillion"
_NUMBER = re.compile(
    rf"""(?<![\w.,:])(?:
      (?P<time>[0-2]?\d:[0-5]\d)(?![\d:])
        (?P<half>\s*(?:[ap]\.?\s?m\b|in\s+the\s+(?:morning|afternoon|evening)))?
    | (?P<sign>[$€£¥])?\s?
      (?P<digits>\d{{1,3}}(?:[,'’\u00a0\u202f\u2009 ]\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)*)
      (?:st|nd|rd|th)?(?:[\s-]?(?P<scale>(?:{_SCALE_WORDS}|bn|mn|tn|k)\b|m\b))?
    | (?<!-)\b(?P<words>(?:(?:an?|half\s+an?)\s+(?=(?:{_SCALE_WORDS}|dozen)\b))?
        (?:{_WORD_NUMBER}|{_SCALE_WORDS}|(?<=[ty][\s-])(?:first|second|third))s?\b
        (?:(?:[\s-]+|\s+and\s+(?:a\s+half\s+)?)
           (?:{_WORD_NUMBER}|{_SCALE_WORDS}|(?<=ty[\s-])(?:first|second|third))\b)*(?:\s+and\s+a\s+half\b)?)
    | \b(?P<rank>first|second|third)\b(?P<counted>[\s-]+(?:{_SERIES})\b|\s*(?=[.,;:!?]|$))?
    | \b(?P<article>an?)\b(?=\s+(?:{_ONE_UNIT})\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT = re.compile(
    r"[\s-]?(?:(?:nautical|square|cubic|metric|us|american|swedish)\s+)?"
    rf"(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _UNITS.items())})(?!\w)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|–|to|and|or)\s*[$€£¥]?\s*", re.IGNORECASE)


def _time(match: re.Match[str]) -> Figure:
    """A time of day as `hh:mm`; without "a.m." or "in the evening" it may be either half's."""
    hour, minute = map(int, match["time"].split(":"))
    half = (match["half"] or "").lower()
    if not half:
        hours = [hour, hour + 12] if 0 < hour < 12 else [hour]
    elif "morning" in half or half.strip().startswith("a"):
        hours = [hour % 12]
    else:
        hours = [hour % 12 + 12]
    return Figure(match.start(), match.end(), tuple(f"{one}:{minute:02}" for one in hours))


def _quantity(match: re.Match[str]) -> Figure | None:
    end, unit = match.end(), _SIGNS.get(match["sign"] or "")
    scale, loose = (match["scale"] or "").lower(), False
    if scale == "m" and not unit:  # metres
        scale, end = "", match.end("digits")
    if match["digits"]:
        values = _values(match["digits"], _SCALES.get(scale, 1))
    elif match["rank"]:
        end, loose = match.end("rank"), match["counted"] is None
        values = (str(_WORDS[match["rank"].lower()]),)
    elif match["article"]:
        values, loose = ("1",), True
    else:
        values = tuple(dict.fromkeys(_worded(match["words"].lower())))
    behind = _UNIT.match(match.string, end)
    if behind and not unit:
        unit = behind.lastgroup
    if match["words"]:
        loose = match["words"].lower() == "one" and unit is None
    return Figure(match.start(), end, values, unit, loose) if values else None


def _values(digits: str, scale: int) -> tuple[str, ...]:
    """`1,500` and `1 500` are thousands; a lone comma before other than three digits is a point."""
    joined = re.sub(r"[,'’\s](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    try:
        return (_plain(Decimal(joined) * scale),)
    except InvalidOperation:  # 24.03.2021, 1.2.3
        return (digits,)


def _plain(value: Decimal) -> str:
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _worded(words: str) -> Iterator[str]:
    """The numbers that words spell: "two hundred and five" is one, "nineteen ninety" two."""
    total, group = Decimal(0), Decimal(0)
    room = 1_000  # the next word must be worth less, or it begins another number
    for word in re.findall(r"[a-z]+", words):
        known = word if word in _WORDS or word in _SCALES else word.removesuffix("s")
        if known in _SCALES:
            room = _SCALES[known]
            group = (group or Decimal(1)) * room
            if room >= 1_000:
                total, group = total + group, Decimal(0)
        elif known in _WORDS:
            if _WORDS[known] >= room:
                yield _plain(total + group)
                total = group = Decimal(0)
            group += _WORDS[known]
            room = 10 if _WORDS[known] >= 20 else 0
        elif known == "half":
            group += Decimal("0.5")
    yield _plain(total + group)


def _with_shared_scales(text: str, found: list[Figure]) -> Iterator[Figure]:
    """In "12 to 14 million dollars" the first number counts millions of dollars, too."""
    for one, behind in itertools.zip_longest(found, found[1:]):
        if behind is None or not _RANGE.fullmatch(text, one.end, behind.start):
            yield one
            continue
        scales = re.search(rf"\b({_SCALE_WORDS})\b", text[behind.start : behind.end].lower())
        scaled = _values(one.values[0], _SCALES[scales[1]]) if scales else ()
        yield replace(one, values=(*one.values, *scaled), unit=one.unit or behind.unit)
