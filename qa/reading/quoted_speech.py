"""Sentences that stand within a quotation, and the whole of it that they are told with. Pure."""

import re

from qa.reading.orders import without_orders
from qa.reading.sentences import sentence_spans

MOST_OF_QUOTATION = 300
"""Characters for which a quotation may go on before or behind a sentence and is told with it."""

_CLOSED_BY = {'"': '"”', "“": '”"', "„": '“”"', "«": "»"}
_MARKS = '“”„«»"'
_BEFORE_OPENING = "([{—–-/“‘«„「『"
_OPENED_BEFORE = re.compile(rf"(?:(?!\n\n)[^{_MARKS}])*(?<=[.,!?…])[{_MARKS}](?!\w)")
_QUOTED = re.compile(f"[{_MARKS}][^{_MARKS}]*(?:[{_MARKS}]|$)")


def with_quotation(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of sentences with the whole of each quotation that they are part of.

    It begins at the sentence in which the quotation opens, and at the one before that where nothing
    but quoted words would be told. None where the span begins within a quotation and cannot be told
    so: too much stands before it, what comes along is an order, or the text lacks its beginning.
    """
    opens = _opening(text, start)
    if opens < 0:
        return None
    whole = _end_of_quotation(text, opens, end)
    within = opens < start
    if text[opens] in _CLOSED_BY and not re.search(r"[^\W\d]", _QUOTED.sub("", text[opens:whole])):
        before = max((first for first, _ in sentence_spans(text[:opens])), default=opens)
        if not text[before:opens].rstrip()[-1:].isalnum():  # a heading says nobody's words
            opens = _opening(text, before)
    if opens == start or (
        start - opens <= MOST_OF_QUOTATION and text[opens:whole] in without_orders(text)
    ):
        return opens, whole
    return None if within else (start, whole)


def open_quotation(text: str) -> str:
    """The marks that would close the quotation in which a text ends; "" where it ends in none.

    A straight mark opens behind a gap and closes elsewhere, also what another mark opened.
    """
    closing = ""
    for place, char in enumerate(text):
        if closing:
            closing = "" if char in closing else closing
        elif char in _CLOSED_BY and (char != '"' or is_behind_gap(text, place)):
            closing = _CLOSED_BY[char]
    return closing


def is_behind_gap(text: str, place: int) -> bool:
    """Whether a mark stands where a quotation may open."""
    return place == 0 or text[place - 1].isspace() or text[place - 1] in _BEFORE_OPENING


def _opening(text: str, start: int) -> int:
    """Where the sentence begins in which a quotation opens that is open at a place; else the place.

    The quotation has to close behind the place or to go on in the next paragraph, whose first sign
    is a mark then; else one mark forgotten would make a quotation of all that follows. -1 for one
    that opens in front of the text and closes in its first paragraph.
    """
    paragraph = text.rfind("\n\n", 0, start) + 1
    closing = open_quotation(text[paragraph:start])
    goes_on = rf"[^{_MARKS}]*(?:[{closing}](?!\w)|\n\n\s*[{_MARKS}])"
    if closing and re.compile(goes_on).match(text, start):
        starts = [paragraph + first for first, _ in sentence_spans(text[paragraph:start])]
        return max(
            (one for one in starts if not open_quotation(text[paragraph:one])), default=start
        )
    head = _OPENED_BEFORE.match(text)
    return -1 if head and start < head.end() else start


def _end_of_quotation(text: str, start: int, end: int) -> int:
    """Where the sentence ends in which a quotation closes that a span leaves open, or its own end.

    So it is where the quotation goes on for no more than some sentences, and none is an order.
    """
    closing = open_quotation(text[start:end])
    match = re.compile(rf"[^{_MARKS}]*[{closing}](?!\w)").match(text, end) if closing else None
    if match is None or match.end() - end > MOST_OF_QUOTATION:
        return end
    whole = next(stop for first, stop in sentence_spans(text) if first < match.end() <= stop)
    return whole if text[start:whole] in without_orders(text) else end
