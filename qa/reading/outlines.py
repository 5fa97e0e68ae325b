"""The headings and the lists of a text, as Markdown has them. Pure."""

import re

from qa.reading.sentences import sentence_spans

MOST_OF_LIST, SHORT_ITEM = 600, 120
"""Characters of a list and of an item up to which a list is told whole."""

_HEADING = re.compile(
    r"(?m:^)(?:#{1,6}[^\S\n]+(?P<words>.*\S)|\*\*(?P<bold>[^*\n]+)\*\*(?=[^\S\n]*(?m:$)))"
)
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ITEM = re.compile(r"[^\S\n]*(?:[-*+•]|\d{1,3}[.)])[^\S\n]+\S")


def headings(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every line that is a heading, in order; one all in bold is one, too."""
    return tuple(match.span() for match in _HEADING.finditer(text))


def is_heading(line: str) -> bool:
    """Whether a line is marked as a heading."""
    return _HEADING.match(line) is not None


def is_item(line: str) -> bool:
    """Whether a line is marked as an item of a list."""
    return _ITEM.match(line) is not None


def heading_words(line: str) -> str:
    """The words of a heading, without its mark."""
    match = _HEADING.match(line)
    return (match["words"] or match["bold"]) if match else line


def bare_heading(heading: str) -> str:
    """A heading as it is compared with a title: without its marks, in small letters."""
    return heading.strip("#* \n").casefold()


def lists(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every list of short items, with the sentence before it that leads to it.

    One that no sentence with a colon leads to is none, nor one that is long: its items are read one
    by one.
    """
    found: list[tuple[int, int]] = []
    lead: int | None = None
    items: list[tuple[int, int]] = []
    for line in [*(match.span() for match in _LINE.finditer(text)), (len(text), len(text))]:
        if is_item(text[slice(*line)]):
            items.append(line)
            continue
        if lead is not None and items and all(end - start <= SHORT_ITEM for start, end in items):
            found.append((lead, items[-1][1]))
        items, lead = [], None
        if text[slice(*line)].rstrip().endswith(":"):
            lead = line[0] + sentence_spans(text[slice(*line)])[-1][0]
    return tuple(span for span in found if span[1] - span[0] <= MOST_OF_LIST)
