"""Articles that say different things to one question: tolls that rose, reports that disagree. Pure.

Told apart by the few words of each article that answer by themselves. Several names that several
articles list are no contradiction: they are one list.
"""

import re
from calendar import month_name
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from qa.answering.parts import asks_list, asks_several, asks_when, of_another_turn
from qa.reading import wording
from qa.reading.dates import absolute_dates
from qa.reading.figures import read_figures
from qa.reading.partial_days import PartialDay, fullness, partial_days, same_day
from qa.types import Evidence, Hit

LATER_REPORT = 13.0
"""Below the best score by no more than this, the words of an article of another day answer the same
question, as reports that follow each other do: what counts is that the reader finds an answer."""

A_SIDE = -2.0
"""A side scores as much as this: of the differences told with a worse one none of eight was one, of
the others six of eight (`bench/answers.md`)."""

AS_GOOD = 6.0
"""Otherwise two answers have to score as near as this: a sequel has another day of release."""

SAME_MATTER = 0.5
"""Without figures, two quotes speak of one matter from this share of common words on, the answers
left out: so do the reports of one event, and seldom two events."""

COPIES = 0.7
"""From this share of common words on one is the other with another answer in it."""

NEARLY = Decimal("0.8")
"""A hedged figure may be one that is so near it."""

_HEDGE = re.compile(
    r"\b(?:nearly|almost|about|around|some|roughly|approximately|over|(?:more|less|fewer) than"
    r"|at (?:least|most)|up to|close to)\s[^.!?]{0,20}$",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,6})?")  # no longer than decimals are rounded exactly
_NOBODY = re.compile(r"\W*(?:nobody|no one|none|no \w+|not (?:one|a single))\b", re.IGNORECASE)
_ASIDE = re.compile(r",|\b(?:in|near|at|from)\b")
_TITLES = wording.name_forms(
    "President Prime Minister Chancellor Secretary Senator Governor Mayor Captain General"
    " Professor Doctor Dr Mr Mrs Ms Sir Lord Lady King Queen Prince Princess Pope Bishop Judge"
)
_GLUED = re.compile(r"\b\d\w*")
_RANGE = re.compile(r"\s*(?:-|–|to|and)\s*")
_PERIOD = re.compile(
    r"\b(?:(first|second|third|fourth|last) (?:quarter|half|round|season|term)"
    rf"|(?:in|for|of|during)\s+({'|'.join(month_name[1:])}|(?:1[5-9]|20)\d\d))\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"an?\s", re.IGNORECASE)
_LISTED = re.compile(r",|\b(?:and|und|et|y|&)\b")


def differing(
    question: str, evidence: Sequence[Evidence], hits: Sequence[Hit]
) -> tuple[tuple[Evidence, ...], ...]:
    """The sides, the newest first, each of evidence that agrees; none where nothing differs.

    A side rests on articles of its own: one that says two things does not contradict itself. What
    tells a day most fully stands first on its side.
    """
    sides: list[list[Evidence]] = []
    best_first = sorted(evidence, key=lambda one: -one.score)
    for one in best_first:
        if of_another_turn(question, one.quote):
            continue
        if not one.short or one.score < A_SIDE:
            continue
        if not one.outright and one.score < best_first[0].score - LATER_REPORT:
            continue
        verdicts = [[compared(question, each, one, hits) for each in side] for side in sides]
        same = [side for side, said in zip(sides, verdicts, strict=True) if _agree(said)]
        if same:
            same[0].append(one)
        elif all(
            False in said and not _shares_article(side, one)
            for side, said in zip(sides, verdicts, strict=True)
        ):
            sides.append([one])
    if len(sides) < 2:
        return ()
    told = [sorted(side, key=lambda one: -fullness(answering_days(one, hits))) for side in sides]
    newest_first = sorted(told, key=lambda side: _newest(side, hits), reverse=True)
    return tuple(tuple(side) for side in newest_first)


def compared(question: str, one: Evidence, other: Evidence, hits: Sequence[Hit]) -> bool | None:
    """Whether two short answers say the same (True), something else (False), or neither is sure."""
    mine, others = one.short, other.short
    if wording.words(mine) == wording.words(others):
        return True
    copies = _in_common(one, other, max) >= COPIES
    both = one.outright and other.outright
    as_good = both or abs(one.score - other.score) <= AS_GOOD
    days, other_days = answering_days(one, hits), answering_days(other, hits)
    rivals = as_good or _on_other_days(question, one, other, hits)
    if days and other_days:
        same = same_day(days, other_days)  # a later report seldom moves a day, as it does a toll
        return same if same is not False or copies or both else None
    if asks_when(question) and not copies:
        return None  # "on Tuesday" and "after the talks" may be one day
    asked = wording.figures(question)
    figures, other_figures = (wording.sure_figures(text) - asked for text in (mine, others))
    if figures or other_figures:  # "nobody" is 0 beside a figure
        figures = figures or ({"0"} if _NOBODY.match(mine) else set())
        other_figures = other_figures or ({"0"} if _NOBODY.match(others) else set())
    if not (_names(mine) and _names(others)) and (figures or other_figures):
        if not (figures and other_figures):
            return None
        if figures <= other_figures or other_figures <= figures:
            return True
        if _in_range(one, other) or _in_range(other, one):
            return True
        hedged = not _on_other_days(question, one, other, hits) and (_hedged(one) or _hedged(other))
        if _rounded(figures, other_figures, hedged=hedged):
            return True
        unlike = _units(mine) != _units(others) or _of_other_periods(one, other)
        return False if not unlike and (copies or rivals) else None
    known = set(wording.content_words(question))
    words = set(wording.content_words(mine)) - known
    other_words = set(wording.content_words(others)) - known
    if not words or not other_words:
        return None
    one_name = _one_name(mine, others)
    share = words & other_words and not copies and one_name is not False
    if words <= other_words or other_words <= words or share or one_name:
        return True
    if copies:
        return None if asks_list(question) else False
    if _LISTED.search(mine) or _LISTED.search(others) or asks_several(question):
        return None
    if _SOMEBODY.match(mine) or _SOMEBODY.match(others):
        return None  # "a Colombian" may be anybody
    same_matter = both or _in_common(one, other, min) >= SAME_MATTER
    return False if as_good and same_matter else None


def answering_days(one: Evidence, hits: Sequence[Hit]) -> tuple[PartialDay, ...]:
    """The days that the few words which answer by themselves name, as their sentence has them."""
    if one.answer is None:
        return ()
    within = one.answer[0] - one.start, one.answer[1] - one.start
    return partial_days(one.quote, hits[one.number - 1].passage.published, within)


def _agree(verdicts: Sequence[bool | None]) -> bool:
    """Whether a piece says the same as one of a side, and nothing else than any."""
    return True in verdicts and False not in verdicts


def _in_common(one: Evidence, other: Evidence, of: Callable[[int, int], int]) -> float:
    """The share of words that two quotes have in common, their answers left out."""
    rest = set(wording.content_words(one.quote)) - set(wording.content_words(one.short))
    others = set(wording.content_words(other.quote)) - set(wording.content_words(other.short))
    return len(rest & others) / (of(len(rest), len(others)) or 1)


def _on_other_days(question: str, one: Evidence, other: Evidence, hits: Sequence[Hit]) -> bool:
    """Whether they are reports of two days, and the question is about none by its date."""
    published = {hits[each.number - 1].passage.published for each in (one, other)}
    return None not in published and len(published) == 2 and not absolute_dates(question)


def _names(text: str) -> set[str]:
    """Its names, no "30C"; behind another word, or one word's capital would be that of a text."""
    return wording.names(f"a {_GLUED.sub('', text)}") - wording.CALENDAR


def _hedged(one: Evidence) -> bool:
    """Whether its answer is no more than about right: "nearly 50", "more than 40"."""
    return one.answer is not None and bool(_HEDGE.search(one.quote[: one.answer[1] - one.start]))


def _rounded(figures: set[str], others: set[str], *, hedged: bool) -> bool:
    """Whether one figure of each may be the other rounded, 1.2 for 1.24; or, `hedged`, is near it.

    A figure with a single digit that counts is no rounded one but a hedged one.
    """
    if len(figures) != 1 or len(others) != 1 or not all(map(_PLAIN.fullmatch, figures | others)):
        return False
    one, other = (Decimal(figure) for figure in (*figures, *others))
    if hedged and min(one, other) >= NEARLY * max(one, other):
        return True
    return any(
        len(rough.normalize().as_tuple().digits) > 1 and exact.quantize(_last_place(rough)) == rough
        for rough, exact in ((one, other), (other, one))
    )


def _last_place(figure: Decimal) -> Decimal:
    """One in the last place of a figure that counts: .1 for 1.2, 10 for 350."""
    return Decimal((0, (1,), int(figure.normalize().as_tuple().exponent)))


def _in_range(one: Evidence, other: Evidence) -> bool:
    """Whether the only figure of one lies in the range that the other states: 6 in "5-7"."""
    figures, bounds = read_figures(one.short), read_figures(other.short)
    plain = all(_PLAIN.fullmatch(each.values[0]) for each in (*figures, *bounds))
    if not plain or (len(figures), len(bounds)) != (1, 2):
        return False
    low, value, high = (Decimal(each.values[0]) for each in (bounds[0], *figures, bounds[1]))
    between = _RANGE.fullmatch(other.short, bounds[0].end, bounds[1].start)
    of_one = figures[0].unit in (None, bounds[1].unit)
    return between is not None and of_one and low <= value <= high


def _units(text: str) -> set[str]:
    """The units that it names; what else is counted may have many names: "people", "victims"."""
    return {figure.unit for figure in read_figures(text) if figure.unit}


def _of_other_periods(one: Evidence, other: Evidence) -> bool:
    """Whether both quotes name a month, a year, a quarter or the like, and none is the same."""
    mine, others = (
        {(found[1] or found[2]).lower() for found in _PERIOD.finditer(each.quote)}
        for each in (one, other)
    )
    return bool(mine and others and not mine & others)


def _one_name(short: str, other: str) -> bool | None:
    """Whether one of two names has all of the other, titles and initials apart, or a part alone.

    None where they have nothing in common, where more than names is told, and where one name may be
    spelt or shortened in two ways.
    """
    names, others = (
        {name for name in _names(text) - _TITLES if len(name) > 1} for text in (short, other)
    )
    if not names & others or _ASIDE.search(short) or _ASIDE.search(other):
        return None
    if not (names <= others or others <= names):
        initials, other_initials = (
            {name[0] for name in rest} for rest in (names - others, others - names)
        )
        return None if initials & other_initials else False  # Joe or Joseph, Zelensky or Zelenskyy
    more = wording.plain_words(f"a {short} {other}") or wording.figures(f"{short} {other}")
    return None if more else True


def _shares_article(side: Sequence[Evidence], one: Evidence) -> bool:
    return any(one.article_id == other.article_id for other in side)


def _newest(side: Sequence[Evidence], hits: Sequence[Hit]) -> date:
    days = [hits[one.number - 1].passage.published for one in side]
    return max((day for day in days if day), default=date.min)
