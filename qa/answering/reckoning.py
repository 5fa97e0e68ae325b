"""Differences and sums of two figures that stand in one quote, where the question asks for that.

Pure. Nothing is computed but what is plain: both figures are of one kind and both are shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from qa.reading import wording
from qa.reading.figures import Figure, read_figures
from qa.types import Evidence

_DIFFERENCE = re.compile(
    r"\bby how (?:many|much|far)\b|\bhow (?:many|much) (?:more|fewer|less|longer|higher)\b"
    r"|\b(?:margin|difference)\b",
    re.IGNORECASE,
)
_SUM = re.compile(r"\b(?:in total|altogether|all together|combined|taken together)\b", re.I)
_STATED = re.compile(r"\bby\s+(?:about |some |nearly |almost |just )?$", re.IGNORECASE)
_FROM_TO = re.compile(  # "from 3 to 5 hours" alone is a range
    r"\b(?:(?:up|down|put)|(?:r[io]s|f[ae]ll|gr[eo]w|climb|drop|increas|decreas|rais|cut|jump"
    r"|shr[au]nk|declin|went|chang|surg|soar|slid|slump|widen|narrow|expand|reduc|lower|improv"
    r"|plung|tumbl|mov|doubl|tripl|halv|lift)\w*)\s[^.;]*"
    r"\bfrom\s+\S+\s+(?:\S+\s+)?to\s+$",
    re.IGNORECASE,
)
_TOLD_TWICE = re.compile(
    r"\b(?:by|until|first|then|now|ago|earlier|later|according|between|sa(?:id|ys)|had)\b", re.I
)
_COMPARES = re.compile(
    r"\b(?:than|beat(?:en)?|w[io]n|los[et]|ahead|behind|margin|difference|lead|led|apart|between"
    r"|defeat\w*|outnumber\w*|exceed\w*)\b",
    re.IGNORECASE,
)
# A figure without a unit is none of these.
_OF_OTHERS = ("percent", "degree_celsius", "degree_fahrenheit")
_MILLIONS = re.compile(r"\d\s?m$", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_CLAUSE = re.compile(r"[,;:.!?]\s|\b(?:and|but|while|against|ahead of|behind|than)\b")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Two figures as they are written, in their order, the sign between them, and the result."""

    one: str
    sign: str
    other: str
    result: str

    def __str__(self) -> str:
        return f"{self.one} {self.sign} {self.other} = {self.result}"


def asks_to_reckon(question: str) -> bool:
    """Whether a difference or a sum is asked for."""
    return any(pattern.search(question) for pattern in (_DIFFERENCE, _SUM))


def states_result(evidence: Evidence) -> bool:
    """Whether a quote has one figure that counts: of several the result has to be computed."""
    return sum(_counts(one, evidence.quote) for one in read_figures(evidence.quote)) == 1


def reckon(question: str, evidence: Evidence) -> Reckoned | None:
    """What the question asks to be computed from a quote; None where that is not plain.

    A difference is between the quote's first figure and the one beside a name of the question that
    compares, or from one to the other; a sum is of a quote's only two, of two things asked about.
    What the quote itself states ("by 835 votes") is not computed, nor what may be read in two ways
    ("from 5 to 7 million").
    """
    quote = evidence.quote
    figures = [one for one in read_figures(quote) if _counts(one, quote)]
    if len(figures) < 2 or any(_STATED.search(quote[: one.start]) for one in figures):
        return None
    if _DIFFERENCE.search(question):
        first, others = figures[0], figures[1:]
        beside = [one for one in others if _beside_name(question, quote, one)]
        compares = _COMPARES.search(question) is not None
        if compares and len(beside) == 1 and _alike(quote, first, beside[0]):
            return _reckoned(quote, first, beside[0], "−")
        if len(others) == 1 and _FROM_TO.search(quote[: others[0].start]):
            return _reckoned(quote, first, others[0], "−")
    if _SUM.search(question) and len(figures) == 2 and _of_two_things(question, quote, figures):
        return _reckoned(quote, figures[0], figures[1], "+")
    return None


def _counts(figure: Figure, text: str) -> bool:
    """A number of things, no time of day, no year and no day of a month."""
    value = figure.values[0]
    year = figure.unit is None and _YEAR.fullmatch(text, figure.start, figure.end)
    behind = text[figure.end :].lstrip().split(" ")[0].strip(".,;").lower()
    dated = wording.name_form(behind) in wording.CALENDAR if behind else False
    return not figure.loose and ":" not in value and not year and not dated


def _alike(quote: str, one: Figure, other: Figure) -> bool:
    """Whether both count the same, or the second says no more of what it counts."""
    counted, others = _counted(quote, (one, other))
    return not others or counted == others


def _behind(quote: str, figure: Figure) -> str:
    """The rest of a figure's clause."""
    end = _CLAUSE.search(quote, figure.end)
    return quote[figure.end : end.start() if end else len(quote)].rstrip(".")


def _of_two_things(question: str, quote: str, figures: Sequence[Figure]) -> bool:
    """Whether both count the same, each of something that is asked about and the other is not of.

    Else, or where a time or a witness is named, one thing may be told twice.
    """
    asked = set(wording.content_words(question))
    one, other = (
        {word for word in wording.content_words(_clause_of(quote, figure)) if word not in counted}
        for figure, counted in zip(figures, _counted(quote, figures), strict=True)
    )
    apart = asked & (one - other) and asked & (other - one)
    return bool(apart) and _alike(quote, *figures) and not _TOLD_TWICE.search(quote)


def _counted(quote: str, figures: Sequence[Figure]) -> list[list[str]]:
    return [wording.content_words(_behind(quote, figure))[:1] for figure in figures]


def _beside_name(question: str, quote: str, figure: Figure) -> bool:
    return bool(wording.names(question) & wording.name_forms(_clause_of(quote, figure)))


def _clause_of(quote: str, figure: Figure) -> str:
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(quote)), len(quote)]
    start = max(cut for cut in cuts if cut <= figure.start)
    return quote[start : min(cut for cut in cuts if cut >= figure.end)]


def _reckoned(quote: str, one: Figure, other: Figure, sign: str) -> Reckoned | None:
    written, other_written = quote[one.start : one.end], quote[other.start : other.end]
    # "2m" may be millions or metres; of two such the difference is as many of either
    of_m = all(_MILLIONS.search(each) for each in (written, other_written))
    of_m = of_m and len(one.values) == len(other.values) == 2
    if (
        (not of_m and max(len(one.values), len(other.values)) > 1)
        or (one.unit in _OF_OTHERS) != (other.unit in _OF_OTHERS)
        or (one.unit != other.unit and None not in (one.unit, other.unit))
    ):
        return None
    try:
        first, second = (Decimal(each.values[-1 if of_m else 0]) for each in (one, other))
    except InvalidOperation:
        return None
    if sign == "−" and first < second:
        written, other_written, first, second = other_written, written, second, first
    result = first - second if sign == "−" else first + second
    return Reckoned(written, sign, other_written, f"{result:,f}{'m' if of_m else ''}")
