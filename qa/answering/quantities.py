"""Whether the figures of a claim count what they count in a source, and are told as surely. Pure.

"By 4,812 votes" is not "won 4,812 votes", "nearly 300" is not "300", and "some residents" are not
all. Whether a figure stands in the source at all is for `qa/answering/support.py` to tell.
"""

import itertools
import re
from collections.abc import Sequence

from qa.reading import wording
from qa.reading.dates import DateMention, days_of
from qa.reading.figures import Figure, read_figures, states
from qa.reading.partial_days import YEAR
from qa.reading.sentences import clause_cuts, sentence_spans

LEAD_CHARS = 40
"""Characters before a figure that are read: room for the longest hedge and the word before it."""

_HEDGE = re.compile(
    r"\b(?:(?P<most>(?:no|not) more than|(?:fewer|less|lower) than|at most|up to|as many as|under"
    r"|below|a maximum of)|(?P<least>(?:no|not) (?:fewer|less) than|(?:more|higher) than|at least"
    r"|over|above|a minimum of)|(?P<near>about|around|some|roughly|approximately|nearly|almost"
    r"|close to|an estimated|ca))\W+(?:of )?(?:the )?$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\b(?:all|every|most|few|only|alone|more|less|fewer)\b", re.IGNORECASE)
# What a figure does not count: "rose 5 per cent in April" may be "in April, it rose" there.
_SET_IN_FRONT = re.compile(
    r"\s*(?:in|on|at|to|from|for|by|since|after|before|until|till|during|within|through"
    r"|throughout|over|under|against|between|among|across|with|last|this|next)\b",
    re.IGNORECASE,
)
_OTHER_FIGURE = re.compile(r"\s*(?:from|to)\s")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)*)[\W\d_]*$")
# Small words that tell where a figure leads: "rose to 9 cm" is not "rose by 9 cm".
_DIRECTION = frozenset("by from to after before than until since within per".split())
# "Rose 9 cm" is "rose by 9 cm"; who won 9 votes did not win by them.
_CHANGES = re.compile(
    r"r[io]s(?:e|es|en|ing)|f[ae]ll(?:s|en|ing)?|gr[eo]w(?:s|n|ing)?|(?:in|de)creas\w+|climb\w*"
    r"|drop\w*|shr[aiu]nk\w*|up|down"
)


def free_figures(text: str, days: Sequence[DateMention]) -> list[Figure]:
    """The figures of a text that are numbers for sure and no part of the days that it names."""
    return [
        one
        for one in read_figures(text)
        if not one.loose and not any(day.start <= one.start < day.end for day in days)
    ]


def quantities_agree(claim: str, nearest: str, there: str) -> bool:
    """Whether figures and "all", "few" or "more" are those of a source.

    They come in the order of the sentence `nearest` to the claim, and count what they do `there`.
    """
    if not _amounts(claim) <= _amounts(nearest):
        return False
    figures = free_figures(claim, ())
    undated = free_figures(claim, days_of(claim, None))
    return (
        all(_told_alike(figure, claim, there) for figure in figures)
        and not (figures and _borrows(claim, figures, there))
        and not any(_borrows(part, own, there, on=True) for part, own in _parts(claim, figures))
        and _in_order(claim, [one for one in undated if not YEAR.fullmatch(one.values[0])], nearest)
    )


def _amounts(text: str) -> set[str]:
    """Words such as "all" and "more", but "more than" before a figure, which hedges it."""
    hedged = {one.start for one in read_figures(text)}
    return {
        one[0].lower()
        for one in _AMOUNT.finditer(text)
        if not (text[one.end() :].startswith(" than ") and one.end() + len(" than ") in hedged)
    }


def _told_alike(figure: Figure, claim: str, there: str) -> bool:
    """Whether what is counted, how surely, and a small word that tells a direction are the same.

    A plain figure may be told with "about".
    """
    found = [one for one in read_figures(there) if states((one,), figure)]
    if not found:
        return True  # it stands in the line above, or is a year
    behind = _behind(claim, figure)
    counted = wording.content_words(behind)[:1]
    apart = bool(_SET_IN_FRONT.match(behind))
    hedge, lead = _hedge_and_lead(claim, figure)
    return any(
        set(counted) <= set(wording.words(_clause_of(there, one) + (_front(there, one) * apart)))
        and own_hedge in (hedge, "" if hedge == "near" else hedge)
        and (lead not in _DIRECTION or lead == own_lead)
        for one in found
        for own_hedge, own_lead in [_hedge_and_lead(there, one)]
    )


def _behind(text: str, figure: Figure) -> str:
    """What stands in the clause behind a figure and its unit; in "3-2" no minus stands there."""
    return YEAR.sub("", _clause_of(text, figure, behind=True)).lstrip("-−")


def _front(text: str, figure: Figure) -> str:
    """What is set in front of the sentence that a figure stands in: "In April, prices rose"."""
    start = max((start for start, _ in sentence_spans(text) if start <= figure.start), default=0)
    front = text[start : min(cut for cut in clause_cuts(text) if cut > start)]
    return f" {front}" if _SET_IN_FRONT.match(front) else ""


def _clause_of(text: str, figure: Figure, *, behind: bool = False) -> str:
    """The clause that a figure stands in, or the rest of it behind the figure and its unit."""
    cuts = clause_cuts(text)
    start = max(cut for cut in cuts if cut <= figure.start)
    end = max(figure.end, figure.unit_end)
    return text[end if behind else start : min(cut for cut in cuts if cut >= end)]


def _hedge_and_lead(text: str, figure: Figure) -> tuple[str, str]:
    """How sure a figure is (`least`, `most`, `near` or empty), and the small word before that."""
    before = text[max(0, figure.start - LEAD_CHARS) : figure.start]
    hedge = _HEDGE.search(before)
    word = _LAST_WORD.search(before[: hedge.start()] if hedge else before)
    lead = word[1].lower() if word else ""
    return (hedge.lastgroup or "") if hedge else "", "by" if _CHANGES.fullmatch(lead) else lead


def _parts(claim: str, figures: Sequence[Figure]) -> list[tuple[str, list[Figure]]]:
    """A claim, parted at each "and" between two figures, and the figures of every part."""
    ands = {claim.rfind(" and ", one.end, two.start) for one, two in itertools.pairwise(figures)}
    cuts = itertools.pairwise(sorted({0, len(claim), *ands} - {-1}))
    parts = [
        (claim[start:end], [one for one in figures if start <= one.start < end])
        for start, end in cuts
    ]
    return [(part, own) for part, own in parts if own]


def _borrows(claim: str, figures: Sequence[Figure], there: str, *, on: bool = False) -> bool:
    """Whether a word of the claim stands only in clauses about other figures than the claim's.

    "140 were on board, of whom 47 died" lends "died" to 47 alone, and "12 in Turkey and 56 in
    Syria" lends "Syria" to 56. With `on` a clause may lend its words to those behind it: "sold 40
    ships and bought 12".
    """
    told = set(wording.content_words(claim)) | wording.names(claim)
    own: set[str] = set()
    others: set[str] = set()
    counted = [one for one in read_figures(there) if not one.loose]
    ands = {there.rfind(" and ", one.end, two.start) for one, two in itertools.pairwise(counted)}
    for start, end in itertools.pairwise(sorted({*clause_cuts(there), *ands} - {-1})):
        clause = there[start:end]
        inside = [one for one in counted if start <= one.start < end]
        foreign = inside and not any(states(inside, figure) for figure in figures)
        on &= not inside or bool(foreign)
        (others if foreign and not on else own).update(
            wording.words(clause), wording.name_forms(clause)
        )
    return bool(told & others - own)


def _in_order(claim: str, figures: Sequence[Figure], there: str) -> bool:
    """Whether figures stand in their order: 40 died and 900 were hurt, or 900 and 40.

    One that stands twice counts in either place; years may go before or behind what happened then,
    and so may figures that all stand between the same words: "to 4 per cent from 5".
    """
    place, turned = -1, False
    stated = read_figures(there)
    for figure in figures:
        found = [one.start for one in stated if states((one,), figure)]
        behind = [start for start in found if start > place]
        turned |= bool(found) and not behind
        place = min(behind, default=place)
    if not turned:
        return True
    kept = [(figure, _between(claim, figure)) for figure in figures]
    return all(
        any(own) and any(states((one,), figure) and own == _between(there, one) for one in stated)
        for figure, own in kept
    )


def _between(text: str, figure: Figure) -> tuple[str, str]:
    """The word before a figure, no "and", and the one behind it, no other figure."""
    _, lead = _hedge_and_lead(text, figure)
    behind = _behind(text, figure)
    counted = "" if _OTHER_FIGURE.match(behind) else "".join(wording.content_words(behind)[:1])
    return "" if lead == "and" else lead, counted
