"""The lines of pages become one text: running heads go, words and paragraphs are made whole.

Pure, and free of any PDF library. Lengths are in points (1/72 inch), heights from the foot up.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

EDGE_LINES = 3
"""Running heads and feet are among so many outermost lines of a page."""

PAGES_OF_A_RUNNING_HEAD = 3
"""A line on so many pages (or on half of them, if there are fewer) is a running head."""

PARAGRAPH_GAP = 1.25
"""Of the usual distance of two lines. Most styles set paragraphs apart by half a line."""

INDENT = 0.8
"""Of a line's height: less is play in the setting."""

SHORT_LINE = 0.85
"""Of the column's width: a sentence that ends there ends its paragraph."""

SHORT_HEADING = 0.6
"""Of the column's width: even a line that ends no sentence stands alone, as headings do."""

OTHER_SIZE = 0.15
"""Share by which heights differ where one is a heading or a note. Fonts of one size vary less."""

NEIGHBOURS = 40
"""So many lines before and after one tell how wide its column is."""

_SENTENCE_END = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_BULLET = re.compile(r"[•▪◦‣●■–*-]\s")
_FIGURES = re.compile(r"\d+")
_NUMBER_AT_AN_END = re.compile(r"^\W*(\d{1,4})(?!\S)|(?<!\S)(\d{1,4})\W*$")
_BROKEN_WORD = re.compile(r"(\w+(?:['’-]\w+)*)[-‐]$")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SOFT_HYPHEN = "\xad"
_SUSPENDING = frozenset({"and", "or", "to", "und", "oder", "et", "ou"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands on its page: its words, and where they stand, in points.

    The heights are those of its first and last letters' fonts. A soft hyphen at the end of the
    words is one; any other hyphen there may be either kind.
    """

    text: str
    left: float
    right: float
    bottom: float
    height: float
    end_height: float

    @property
    def full_height(self) -> float:
        """The height of the larger of its fonts: a bullet or a note's number is none to go by."""
        return max(self.height, self.end_height)


_Key = tuple[bool, int, str | int]


@dataclass(frozen=True, slots=True)
class _EdgeLine:
    """A line near the edge of its page and what other pages may have in common with it."""

    line: Line
    keys: frozenset[_Key]


@dataclass(frozen=True, slots=True)
class PagedText:
    """A text and the offset at which each of its pages begins."""

    text: str
    page_starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Seam:
    """How a line is joined to the one before: so many characters of that go, and this comes."""

    between: str
    dropped: int = 0


def join_pages(pages: Sequence[Sequence[Line]]) -> PagedText:
    """One text of all pages, in which a sentence that runs over a page's end stays whole.

    A page without lines begins where the next one does, or at the end of the text.
    """
    bodies = without_running_heads(pages)
    lines = [line for body in bodies for line in body]
    text: list[str] = []
    line_starts: list[int] = []
    length = 0
    for line, seam in zip(lines, [_Seam(""), *_seams(bodies)], strict=False):
        if seam.dropped:
            text[-1] = text[-1][: -seam.dropped]
        length += len(seam.between) - seam.dropped
        line_starts.append(length)
        length += len(line.text)
        text += [seam.between, line.text]
    firsts = itertools.accumulate(map(len, bodies[:-1]), initial=0) if bodies else ()
    page_starts = tuple(([*line_starts, length])[first] for first in firsts)
    return PagedText("".join(text), page_starts)


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
    bodies = [
        [line for line in page if line not in top and line not in foot]
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
    lines = sorted(page, key=lambda line: line.bottom, reverse=top)[:EDGE_LINES]
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


def _seams(bodies: Sequence[Sequence[Line]]) -> list[_Seam]:
    """How each line but the first of all is joined to the one before it."""
    words = _words([line.text for body in bodies for line in body])
    pitch = _usual_pitch(bodies)
    seams: list[_Seam] = []
    last: Line | None = None
    margin = 0.0
    for body in bodies:
        for number, line in enumerate(body):
            if last is not None:
                if number == 0:
                    ends = _ends_before_a_turn(last, line, margin)
                else:
                    ends = _ends_before(last, line, body[number + 1 : number + 2], margin, pitch)
                seams.append(_paragraph_seam(last) if ends else _seam(last.text, line.text, words))
            last, margin = line, _margin(body, number)
    return seams


def _ends_before(
    line: Line, following: Line, after: Sequence[Line], margin: float, pitch: float
) -> bool:
    """Whether a paragraph ends with a line, told from one or two lines that follow on the page."""
    fall = line.bottom - following.bottom
    if fall < -line.full_height:  # the next column
        return _ends_before_a_turn(line, following, margin)
    if abs(fall) < line.full_height / 2:  # the same line, in two pieces
        return False
    if _differ_in_size(line, following) or fall > PARAGRAPH_GAP * pitch * line.full_height:
        return True
    if _BULLET.match(following.text) or _is_short(line, following, margin):
        return True
    if following.left - line.left < INDENT * line.full_height or _BULLET.match(line.text):
        return False
    # The lines under a hanging first line are not indented; those under an indented one are not.
    hangs = all(abs(third.left - following.left) < INDENT * line.full_height for third in after)
    return not hangs or _SENTENCE_END.search(line.text) is not None


def _ends_before_a_turn(line: Line, following: Line, margin: float) -> bool:
    """Whether a paragraph ends with the last line of a page or column."""
    return (
        bool(_SENTENCE_END.search(line.text))
        or _differ_in_size(line, following)
        or _is_short(line, following, margin)
        or _BULLET.match(following.text) is not None
    )


def _is_short(line: Line, following: Line, margin: float) -> bool:
    """Whether a line stops so far from its column's edge that it must be a paragraph's last."""
    share = (line.right - line.left) / max(margin - line.left, 1.0)
    if _SENTENCE_END.search(line.text):
        return share < SHORT_LINE
    return share < SHORT_HEADING and not following.text[0].islower()


def _differ_in_size(line: Line, following: Line) -> bool:
    """Whether no end of one line is set as an end of the other; a word of it may be in any font.

    A sentence that runs on in small letters does so whatever its fonts.
    """
    if following.text[0].islower() and not _SENTENCE_END.search(line.text):
        return False
    return all(
        abs(one - other) > OTHER_SIZE * max(one, other)
        for one in (line.height, line.end_height)
        for other in (following.height, following.end_height)
    )


def _margin(body: Sequence[Line], number: int) -> float:
    """The right edge of a line's column: where the longer lines over and under it end."""
    line = body[number]
    rights = sorted(
        other.right
        for other in body[max(0, number - NEIGHBOURS) : number + NEIGHBOURS]
        if other.left < line.right and line.left < other.right
    )
    return rights[len(rights) * 3 // 4] if rights else line.right


def _usual_pitch(bodies: Sequence[Sequence[Line]]) -> float:
    """The distance of two lines of a paragraph, as a multiple of their height.

    A quarter of all distances are no larger: more lines follow one inside a paragraph than that.
    """
    pitches = sorted(
        (line.bottom - following.bottom) / line.full_height
        for body in bodies
        for line, following in itertools.pairwise(body)
        if line.bottom - following.bottom > line.full_height / 2 > 0
        and not _differ_in_size(line, following)
    )
    return pitches[len(pitches) // 4] if pitches else 1.0


def _words(lines: Sequence[str]) -> frozenset[str]:
    """The words that stand whole inside the lines, in small letters."""
    return frozenset(
        word.casefold() for line in lines for word in _WORD.findall(_BROKEN_WORD.sub("", line))
    )


def _paragraph_seam(line: Line) -> _Seam:
    return _Seam("\n\n", dropped=int(line.text.endswith(_SOFT_HYPHEN)))


def _seam(text: str, following: str, words: frozenset[str]) -> _Seam:
    """How two lines of one paragraph are joined.

    A hyphen at the end goes if a small letter follows, unless the word stands elsewhere in the
    document with the hyphen and nowhere without it. It stays after a figure, a single letter
    ("e-mail") and a word that holds another hyphen ("state-of-the-art"), unless the word stands
    elsewhere without it; and where "and" or "or" follows ("two- and three-year terms").
    """
    if text.endswith(_SOFT_HYPHEN):
        return _Seam("", dropped=1)
    broken, rest = _BROKEN_WORD.search(text), _WORD.match(following)
    if broken is None or rest is None or rest.group() in _SUSPENDING:
        return _Seam(" ")
    front, back = broken[1].casefold(), rest.group().casefold()
    last = front.rsplit("-", 1)[-1]
    if front + back in words or last + back in words:
        keeps = not following[0].islower()
    else:
        keeps = (
            not following[0].islower()
            or f"{front}-{back}" in words
            or last != front
            or len(front) == 1
            or front[-1].isdigit()
        )
    return _Seam("", dropped=0 if keeps else 1)
