"""Articles that say different things to one question: tolls that rose, reports that disagree. Pure.

Told apart by the few words of each article that answer by themselves. Several names that several
articles list are no contradiction: they are one list.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date

from qa.answering.parts import asks_list, asks_when, of_another_turn
from qa.reading import wording
from qa.reading.dates import absolute_dates
from qa.reading.figures import read_figures
from qa.reading.partial_days import PartialDay, fullness, partial_days, same_day
from qa.types import Evidence, Hit

LATER_REPORT = 13.0
"""Below the best score by no more than this, the words of an article of another day answer the same
question, as reports that follow each other do: what counts is that the reader finds an answer."""

AS_GOOD = 6.0
"""Otherwise two answers have to score as near as this: a sequel has another day of release."""

SAME_MATTER = 0.5
"""Without figures, two quotes speak of one matter from this share of common words on, the answers
left out: so do the reports of one event, and seldom two events."""

COPIES = 0.7
"""From this share of common words on one is the other with another answer in it."""

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
        if not one.short or one.score < best_first[0].score - LATER_REPORT:
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
    told = [sorted(side, key=lambda one: -fullness(_days(one, hits))) for side in sides]
    newest_first = sorted(told, key=lambda side: _newest(side, hits), reverse=True)
    return tuple(tuple(side) for side in newest_first)


def compared(question: str, one: Evidence, other: Evidence, hits: Sequence[Hit]) -> bool | None:
    """Whether two short answers say the same (True), something else (False), or neither is sure."""
    mine, others = one.short, other.short
    if wording.words(mine) == wording.words(others):
        return True
    copies = _in_common(one, other, max) >= COPIES
    as_good = abs(one.score - other.score) <= AS_GOOD
    days, other_days = _days(one, hits), _days(other, hits)
    rivals = as_good or _on_other_days(question, one, other, hits)
    if days and other_days:
        same = same_day(days, other_days)  # a later report seldom moves a day, as it does a toll
        return same if same is not False or copies or as_good else None
    if asks_when(question) and not copies:
        return None  # "on Tuesday" and "after the talks" may be one day
    asked = wording.figures(question)
    figures, other_figures = wording.figures(mine) - asked, wording.figures(others) - asked
    if not (_names(mine) and _names(others)) and (figures or other_figures):
        if not (figures and other_figures):
            return None
        if figures <= other_figures or other_figures <= figures:
            return True
        return False if _units(mine) == _units(others) and (copies or rivals) else None
    known = set(wording.content_words(question))
    words = set(wording.content_words(mine)) - known
    other_words = set(wording.content_words(others)) - known
    if not words or not other_words:
        return None
    if words <= other_words or other_words <= words or (words & other_words and not copies):
        return True
    if copies:
        return None if asks_list(question) else False
    if _LISTED.search(mine) or _LISTED.search(others):
        return None
    return False if as_good and _in_common(one, other, min) >= SAME_MATTER else None


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


def _days(one: Evidence, hits: Sequence[Hit]) -> tuple[PartialDay, ...]:
    return partial_days(one.short, hits[one.number - 1].passage.published)


def _names(text: str) -> set[str]:
    """Its names; behind another word, or the capital of one word would be that of a text."""
    return wording.names(f"a {text}") - wording.CALENDAR


def _units(text: str) -> set[str | None]:
    return {figure.unit for figure in read_figures(text)}


def _shares_article(side: Sequence[Evidence], one: Evidence) -> bool:
    return any(one.article_id == other.article_id for other in side)


def _newest(side: Sequence[Evidence], hits: Sequence[Hit]) -> date:
    days = [hits[one.number - 1].passage.published for one in side]
    return max((day for day in days if day), default=date.min)
