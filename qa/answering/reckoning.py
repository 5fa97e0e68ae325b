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
_FROM_TO = re.compile(r"\bfrom\s+\S+\s+(?:\S+\s+)?to\s+$", re.IGNORECASE)
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
    """Whether a difference or a sum is asked for: then two figures that differ are no two sides."""
    return any(pattern.search(question) for pattern in (_DIFFERENCE, _SUM))


def reckon(question: str, evidence: Evidence) -> Reckoned | None:
    """What the question asks to be computed from a quote; None where that is not plain.

    A difference is between the quote's first figure and the one beside a name of the question, or
    from one to the other; a sum is of a quote's only two, both of what is asked about. What the
    quote itself states ("by 835 votes") is not computed.
    """
    quote = evidence.quote
    figures = [one for one in read_figures(quote) if _counts(one, quote)]
    if len(figures) < 2 or any(_STATED.search(quote[: one.start]) for one in figures):
        return None
    if _DIFFERENCE.search(question):
        first, others = figures[0], figures[1:]
        beside = [one for one in others if _beside_name(question, quote, one)]
        if len(beside) == 1 and _alike(quote, first, beside[0]):
            return _reckoned(quote, first, beside[0], "−")
        if len(others) == 1 and _FROM_TO.search(quote[: others[0].start]):
            return _reckoned(quote, first, others[0], "−")
    if _SUM.search(question) and len(figures) == 2 and _both_asked_for(question, quote, figures):
        return _reckoned(quote, figures[0], figures[1], "+")
    return None


def _counts(figure: Figure, text: str) -> bool:
    """A number of things, no time of day, no year and no day of a month."""
    value = figure.values[0]
    year = figure.unit is None and re.fullmatch(
        r"(?:1[5-9]|20)\d\d", text[figure.start : figure.end]
    )
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


def _both_asked_for(question: str, quote: str, figures: Sequence[Figure]) -> bool:
    """Whether both count the same, and of each its clause says what is asked, or nothing else."""
    asked = set(wording.content_words(question))
    clauses = [wording.content_words(_clause_of(quote, figure)) for figure in figures]
    own = [
        {word for word in clause if not word[0].isdigit() and word not in counted}
        for clause, counted in zip(clauses, _counted(quote, figures), strict=True)
    ]
    return _alike(quote, *figures) and all(not words or words & asked for words in own)


def _counted(quote: str, figures: Sequence[Figure]) -> list[list[str]]:
    return [wording.content_words(_behind(quote, figure))[:1] for figure in figures]


def _beside_name(question: str, quote: str, figure: Figure) -> bool:
    return bool(wording.names(question) & wording.name_forms(_clause_of(quote, figure)))


def _clause_of(quote: str, figure: Figure) -> str:
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(quote)), len(quote)]
    start = max(cut for cut in cuts if cut <= figure.start)
    return quote[start : min(cut for cut in cuts if cut >= figure.end)]


def _reckoned(quote: str, one: Figure, other: Figure, sign: str) -> Reckoned | None:
    if one.unit != other.unit and None not in (one.unit, other.unit):
        return None
    try:
        first, second = Decimal(one.values[0]), Decimal(other.values[0])
    except InvalidOperation:
        return None
    if sign == "−" and first < second:
        one, other, first, second = other, one, second, first
    result = first - second if sign == "−" else first + second
    return Reckoned(
        quote[one.start : one.end], sign, quote[other.start : other.end], f"{result:,f}"
    )
