"""Articles that say different things to one question: tolls that rose, reports that disagree. Pure.

Told apart by the few words of each article that answer by themselves. Several names that several
articles list are no contradiction: they are one list.
"""

import re
from collections.abc import Sequence
from datetime import date

from qa.reading import wording
from qa.reading.figures import read_figures
from qa.types import Evidence, Hit

AS_GOOD = 19.0
"""Below the best score by no more than this, another article's words answer the same question: what
counts is that the reader finds an answer in them."""

SAME_MATTER = 0.5
"""Without figures, two quotes speak of one matter from this share of common words on, the answers
left out: so do the reports of one event, and seldom two events."""

_TURNS = frozenset(wording.words("first second third fourth fifth"))
_LISTED = re.compile(r",|\b(?:and|und|et|y|&)\b")


def differing(
    question: str, evidence: Sequence[Evidence], hits: Sequence[Hit]
) -> tuple[tuple[Evidence, ...], ...]:
    """The sides, the newest first, each of evidence that agrees; none where nothing differs.

    A side rests on articles of its own: one that says two things does not contradict itself.
    """
    sides: list[list[Evidence]] = []
    turns = {word for word in wording.words(question) if word in _TURNS}
    best_first = sorted(evidence, key=lambda one: -one.score)
    for one in best_first:
        if not turns <= set(wording.words(one.quote)):
            continue  # the first round is no side of a question about the second
        if not one.short or one.score < best_first[0].score - AS_GOOD:
            continue
        same = [side for side in sides if compared(question, side[0], one) is True]
        if same:
            same[0].append(one)
        elif all(
            compared(question, side[0], one) is False and not _shares_article(side, one)
            for side in sides
        ):
            sides.append([one])
    if len(sides) < 2:
        return ()
    return tuple(tuple(side) for side in sorted(sides, key=lambda side: _newest(side, hits)))[::-1]


def compared(question: str, one: Evidence, other: Evidence) -> bool | None:
    """Whether two short answers say the same (True), something else (False), or neither is sure."""
    mine, others = one.short, other.short
    if wording.words(mine) == wording.words(other.short):
        return True
    asked = wording.figures(question)
    figures, others_figures = wording.figures(mine) - asked, wording.figures(others) - asked
    if figures and others_figures:
        if figures <= others_figures or others_figures <= figures:
            return True
        return False if _units(mine) == _units(others) else None
    if figures or others_figures:
        return None
    known = set(wording.content_words(question))
    words = set(wording.content_words(mine)) - known
    other_words = set(wording.content_words(others)) - known
    if not words or not other_words:
        return None
    if words & other_words:
        return True
    if _LISTED.search(mine) or _LISTED.search(others):
        return None
    return False if _same_matter(one, other) else None


def _same_matter(one: Evidence, other: Evidence) -> bool:
    rest = set(wording.content_words(one.quote)) - set(wording.content_words(one.short))
    others = set(wording.content_words(other.quote)) - set(wording.content_words(other.short))
    return len(rest & others) >= SAME_MATTER * min(len(rest), len(others)) > 0


def _units(text: str) -> set[str | None]:
    return {figure.unit for figure in read_figures(text)}


def _shares_article(side: Sequence[Evidence], one: Evidence) -> bool:
    return any(one.article_id == other.article_id for other in side)


def _newest(side: Sequence[Evidence], hits: Sequence[Hit]) -> date:
    days = [hits[one.number - 1].passage.published for one in side]
    return max((day for day in days if day), default=date.min)
