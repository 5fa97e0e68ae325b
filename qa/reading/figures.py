"""The numbers of a text, in figures or in words, with what they count. Pure.

"1.5 million", "1,500,000" and "one and a half million" are one number; "12 per cent" and "12%" are
one share, and 12 metres are neither. The sign and the fraction belong to a number: "−0.3", "½".
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `text[start:end]`, its unit where one is written that is known here.

    `values` holds its readings as plain decimals ("1500000", "−0.3" as "-0.3"), "2/3", or a time
    of day ("15:05"); the first is the likeliest. A `loose` one may mean no number: "one of them",
    "an hour", "first", "dozens". A unit that is written behind it ends at `unit_end`.
    """

    start: int
    end: int
    values: tuple[str, ...]
    unit: str | None = None
    loose: bool = False
    unit_end: int = 0


def read_figures(text: str) -> tuple[Figure, ...]:
    """All numbers of a text in order: figures, words ("twenty-one"), ordinals ("5th", "fifth")."""
    found: list[Figure] = []
    for match in _NUMBER.finditer(text):
        figure = _time(match) if match["time"] or match["clock"] else _quantity(match)
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
    "canadian_dollar": r"canadian\s+dollars?|cad",
    "australian_dollar": r"australian\s+dollars?|aud",
    "dollar": r"(?:us\s+)?dollars?|usd",
    "euro": r"euros?|eur",
    "pound": r"pounds?|gbp",
    "yen": "yen|jpy",
    "krona": "kron(?:or|a|er|e)",
    "square_kilometre": r"(?:sq\.?|square)\s?(?:kilomet(?:re|er)s?|km)|km²",
    "square_metre": r"(?:sq\.?|square)\s?(?:met(?:re|er)s?|m)|m²",
    "square_mile": r"(?:sq\.?|square)\s?miles?",
    "hectare": "hectares?|ha",
    "acre": "acres?",
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
    "degree_celsius": r"(?:degrees?\s+|°\s?)?(?:celsius|(?-i:C)(?!-))",
    "degree_fahrenheit": r"(?:degrees?\s+|°\s?)?(?:fahrenheit|(?-i:F)(?!-))",
    "knot": "knots?",
}
_SIGNS = {"$": "dollar", "US$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_SIGNS |= {"C$": "canadian_dollar", "A$": "australian_dollar"}

_ONE_UNIT = "second|minute|hour|day|week|month|year|mile|kilomet(?:re|er)|met(?:re|er)|dollar|euro"
_SERIES = "round|half|term|time|place|stage|phase|quarter|ballot|leg|attempt|reading|prize|day"
_WORD_NUMBER = "|".join([*_SMALL, *_TENS, *_ORDINALS, "twentieth", "thirtieth", "dozen"])
_SCALE_WORDS = "hundred|thousand|million|billion|trillion"
_UNCOUNTED = frozenset("dozens hundreds thousands millions billions trillions".split())
_NUMBER = re.compile(
    rf"""(?<![\w.,:])(?P<minus>minus\s+|(?<![^\s(])[-−](?=[$€£¥]?\d))?(?:
      (?P<clock>(?:1[0-2]|0?[1-9])(?:[.:][0-5]\d)?)(?P<part>\s?[ap]\.?m\b)
    | (?P<time>[0-2]?\d:[0-5]\d)(?![\d:])
        (?P<half>\s*(?:[ap]\.?\s?m\b|in\s+the\s+(?:morning|afternoon|evening)))?
    | (?P<whole>\d{{1,15}})?\s?(?P<fraction>[½⅓⅔¼¾⅕⅛])
    | (?P<parts>{"|".join(_SMALL[1:10])})[\s-]
        (?P<of>third|(?:(?<=one[\s-])|(?<=three[\s-]))quarter|{"|".join(_ORDINALS[1:7])})s?\b(?!-)
    | (?P<sign>(?:US|[CA])?\$|[€£¥])?\s?
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
    r"[\s-]?(?:(?:nautical|cubic|metric|us|american|swedish)\s+)?"
    rf"(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _UNITS.items())})(?!\w)",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"\W{1,2}(?:high|long|wide|deep|tall|thick|above|below|away|apart|race|sprint|dash|hurdles)\b",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")  # "12.500" in German and Spanish
_RANGE = re.compile(r"\s*(?:-|–|to|and|or)\s*[$€£¥]?\s*", re.IGNORECASE)


def _time(match: re.Match[str]) -> Figure:
    """A time of day as `hh:mm`; without "a.m." or "in the evening" it may be either half's."""
    written = match["time"] or match["clock"].replace(".", ":")
    hour, minute = map(int, (written if ":" in written else f"{written}:00").split(":"))
    half = (match["half"] or match["part"] or "").lower()
    if not half:
        hours = [hour, hour + 12] if 0 < hour < 12 else [hour]
    elif "morning" in half or half.strip().startswith("a"):
        hours = [hour % 12]
    else:
        hours = [hour % 12 + 12]
    return Figure(match.start(), match.end(), tuple(f"{one}:{minute:02}" for one in hours))


def _quantity(match: re.Match[str]) -> Figure | None:
    end, unit = match.end(), _SIGNS.get((match["sign"] or "").upper())
    scale, loose = (match["scale"] or "").lower(), False
    metres = scale == "m" and not unit  # or millions
    if metres and _LENGTH.match(match.string, end):
        scale, end, metres = "", match.end("digits"), False
    if match["rank"]:
        end = match.end("rank")
    behind = _UNIT.match(match.string, end)
    if behind and not unit:
        unit = behind.lastgroup
    if match["digits"]:
        values = _values(match["digits"], _SCALES.get(scale, 1))
        if unit == "percent" or "$" in (match["sign"] or ""):
            values = values[:1]  # "6.625 percent", "$3.499"
        values += _values(match["digits"], 1) if metres else ()
    elif match["fraction"]:
        part = Fraction(unicodedata.numeric(match["fraction"])).limit_denominator(8)
        values = (_fraction(int(match["whole"] or 0) + part),)
    elif match["parts"]:
        parts, of = match["parts"].lower(), match["of"].lower()
        values = (_fraction(Fraction(_WORDS[parts], _WORDS.get(of, 4))),)
    elif match["rank"]:
        loose = match["counted"] is None
        values = (str(_WORDS[match["rank"].lower()]),)
    elif match["article"]:
        values, loose = ("1",), True
    else:
        values = tuple(dict.fromkeys(_worded(match["words"].lower())))
    if match["words"]:
        loose = match["words"].lower() in _UNCOUNTED or (
            match["words"].lower() == "one" and not unit
        )
    if match["minus"]:
        values = tuple(f"-{one}" for one in values)
    unit_end = behind.end() if behind else end
    return Figure(match.start(), end, values, unit, loose, unit_end) if values else None


def _values(digits: str, scale: int) -> tuple[str, ...]:
    """`1,500` and `1 500` are thousands; a lone comma before other than three digits is a point."""
    readings = [re.sub(r"[,'’\s](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")]
    if _THOUSANDS.fullmatch(digits):
        readings.append(digits.replace(".", ""))
    plain = [_plain(Decimal(one) * scale) for one in readings if _DECIMAL.fullmatch(one)]
    return tuple(plain) or (digits,)  # 24.03.2021, 1.2.3, 15:05, 2/3


def _fraction(value: Fraction) -> str:
    """As a decimal, or "2/3" where it is none."""
    exact = 1000 % value.denominator == 0
    return _plain(Decimal(value.numerator) / value.denominator) if exact else str(value)


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
            half_of = room if total and room >= 1_000 else 1  # "a million and a half"
            group += Decimal(half_of) / 2
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
