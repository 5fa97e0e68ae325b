"""Whether a short answer is of the kind that a question asks for: a name, a day, a number. Pure.

Of a passage that does not know who or when, a small model hands out what is there instead: an
office for a person, a place for a day. Read in English questions; any other asks for no kind.
"""

import re

from qa.answering import wording

_WHO = re.compile(r"^\W*(?:(?:and|but|or) )?(?:who|whom|whose)\b", re.IGNORECASE)
_WHEN = re.compile(
    r"\bwhen (?:is|are|was|were|do|does|did|has|have|had|will|can|could|should|would)\b"
    r"|\b(?:what|which) (?:day|date|year|month)\b|\bwhat (?:is|was) the date\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"\bhow (?:many|much|long|old|tall|far|high|fast|deep|wide|heavy)\b", re.IGNORECASE
)
_COMMON_WORD = re.compile(r"\b[a-z]{4,}\b")
_SHARE = re.compile(r"%|\bper ?cent", re.IGNORECASE)


def kind_fits(question: str, found: str) -> float:
    """1.0 where what was found is of the kind asked for, or no kind is known, else 0.0.

    Somebody is a capital and no longer word in small letters, a day has a figure or a name of the
    calendar, a number is one in figures or letters, and no percentage of things that are counted.
    What only repeats the question is of no kind.
    """
    fits = _fits(question, found)
    if fits is None:
        return 1.0
    words = set(wording.content_words(found))
    return float(fits and not words <= set(wording.content_words(question)))


def _fits(question: str, found: str) -> bool | None:
    """Whether it is the person, day or number asked for; None where none of these is."""
    if _WHO.search(question):
        return found[:1].isupper() and not _COMMON_WORD.search(found)
    has_figure = bool(wording.figures(found))
    if _WHEN.search(question):
        return has_figure or bool(wording.name_forms(found) & wording.CALENDAR)
    asked = _HOW_MANY.search(question)
    if asked is None:
        return None
    counted = asked.group().lower().endswith("many") and not _SHARE.search(question)
    return has_figure and not (counted and _SHARE.search(found))
