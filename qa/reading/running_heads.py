"""Running heads and feet and page numbers are found by what several pages have in common. Pure."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from qa.reading.page_line import Line

EDGE_LINES = 3
"""Running heads and feet are among so many outermost lines of a page."""

PAGES_OF_A_RUNNING_HEAD = 3
"""A line on so many pages (or on half of them, if there are fewer) is a running head."""

_FIGURES = re.compile(r"\d+")
_NUMBER_AT_AN_END = re.compile(r"^\W*(\d{1,4})(?!\S)|(?<!\S)(\d{1,4})\W*$")

_Key = tuple[bool, int, str | int]


@dataclass(frozen=True, slots=True)
class _EdgeLine:
    """A line near the edge of its page and what other pages may have in common with it."""

    line: Line
    keys: frozenset[_Key]


def without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without lines that stand, but for their figures, at the edge of several pages.

    So are page numbers, and lines that begin or end with one: one that rises page by page.
    """
    edges = [
        _edge(page, number, top=top) for number, page in enumerate(pages) for top in (True, False)
    ]
    counts = Counter(key for edge in edges for key in {key for one in edge for key in one.keys})
    enough = max(2, min(PAGES_OF_A_RUNNING_HEAD, -(-len(pages) // 2)))
    frequent = {key for key, count in counts.items() if count >= enough}
    heads = [_heads(edge, frequent) for edge in edges]
    stamps = Counter(text for page in pages for text in {one.text for one in page if one.is_apart})
    bodies = [
        [
            line
            for line in page
            if line not in top
            and line not in foot
            and not (line.is_apart and stamps[line.text] >= enough)
        ]
        for page, top, foot in zip(pages, heads[::2], heads[1::2], strict=True)
    ]
    # Slides that are all alike are their own text.
    return bodies if any(bodies) else [list(page) for page in pages]


def _heads(edge: Sequence[_EdgeLine], frequent: Set[_Key]) -> list[Line]:
    """The lines from the edge inward up to the first that is no running head."""
    heads = itertools.takewhile(lambda one: not frequent.isdisjoint(one.keys), edge)
    return [one.line for one in heads]


def _edge(page: Sequence[Line], number: int, *, top: bool) -> list[_EdgeLine]:
    """The outermost lines of a page, from the edge inward."""
    # The first row of a table stands at the head of every page that it goes on to.
    printed = [line for line in page if not line.cells]
    lines = sorted(printed, key=lambda line: line.bottom, reverse=top)[:EDGE_LINES]
    return [_EdgeLine(line, _keys(line, number, top=top)) for line in lines]


def _keys(line: Line, number: int, *, top: bool) -> frozenset[_Key]:
    """What a running head has in common on all its pages: its words, or its number's distance.

    Its size tells it from the title and the chapters that it repeats.
    """
    text, size = line.text.casefold(), round(line.full_height)
    without_figures = _FIGURES.sub("#", text)
    has_words = any(char.isalpha() for char in text)
    if not has_words and without_figures.count("#") != 1:
        return frozenset()  # a row of a table
    distances = {int(found[1] or found[2]) - number for found in _NUMBER_AT_AN_END.finditer(text)}
    common = distances | {without_figures} if has_words else distances
    return frozenset((top, size, one) for one in common)
