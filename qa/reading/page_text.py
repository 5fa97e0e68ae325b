"""The lines of pages become one text: running heads go, words and paragraphs are made whole.

Pure, and free of any PDF library. Lengths are in points (1/72 inch), heights from the foot up.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.reading.page_line import Line
from qa.reading.page_tables import row_text, with_headers
from qa.reading.running_heads import without_running_heads
from qa.reading.word_breaks import Seam, Words, seam, words_of

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

LONGEST_CAPTION = 6
"""Lines of a caption in letters of the text's own size."""

LONGEST_END = 20
"""Characters at the end of a line that tell what ends there."""

_SENTENCE_END = re.compile(r"[.!?:…。！？][\"'”’»)\]]*(?:\[\d{1,3}\])*$")
_SENTENCE_INSIDE = re.compile(
    r"[^\W\d_]{3}[.!?][\"'”’»)\]]*(?:\[\d{1,3}\])*\s+(?=[\"'“‘„«(]?[^\W\d_])"
)
_BULLET = re.compile(r"[•▪◦‣●■–*-]\s")
_LEADERS = re.compile(r"(?:[.·…_]\s?){4,}\s*\w{1,6}$")
"""A line of a list of contents, with its page."""

_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§])\W?\s*\w")
_CAPTION = re.compile(
    r"(?:Fig(?:ure)?|Photo(?:graph)?|Picture|Image|Table|Box|Abb(?:ildung)?|Foto|Bild|Tab(?:elle)?"
    r"|Tableau|Figura|Tabla)\b[.:]?\s*(?:\d|by\b|:|[^\W\d_]+:)"
)


@dataclass(frozen=True, slots=True)
class PagedText:
    """A text and the offset at which each of its pages begins."""

    text: str
    page_starts: tuple[int, ...]


def join_pages(pages: Sequence[Sequence[Line]]) -> PagedText:
    """One text of all pages, in which a sentence that runs over a page's end stays whole.

    A page without lines begins where the next one does, or at the end of the text.
    """
    bodies = with_headers(_uninterrupted(without_running_heads(pages)))
    words = words_of([line.text for body in bodies for line in body])
    bodies = [[_written(line, words) for line in body] for body in bodies]
    lines = [line for body in bodies for line in body]
    text: list[str] = []
    line_starts: list[int] = []
    length = 0
    for line, joint in zip(lines, [Seam(""), *_seams(bodies, words)], strict=False):
        if joint.dropped:
            text[-1] = text[-1][: -joint.dropped]
        length += len(joint.between) - joint.dropped
        line_starts.append(length)
        length += len(line.text)
        text += [joint.between, line.text]
    firsts = itertools.accumulate(map(len, bodies[:-1]), initial=0) if bodies else ()
    page_starts = tuple(([*line_starts, length])[first] for first in firsts)
    return PagedText("".join(text), page_starts)


def _written(line: Line, words: Words) -> Line:
    return replace(line, text=row_text(line, words)) if line.cells else line


def _seams(bodies: Sequence[Sequence[Line]], words: Words) -> list[Seam]:
    """How each line but the first of all is joined to the one before it."""
    pitch = _usual_pitch(bodies)
    seams: list[Seam] = []
    last: Line | None = None
    margin = 0.0
    for body in bodies:
        for number, line in enumerate(body):
            if last is not None:
                if number == 0:
                    ends = _ends_before_a_turn(last, line, margin)
                else:
                    ends = _ends_before(last, line, body[number + 1 : number + 2], margin, pitch)
                seams.append(_joint(last, line, words, ends=ends))
            last, margin = line, _margin(body, number)
    return seams


def _joint(line: Line, following: Line, words: Words, *, ends: bool) -> Seam:
    if line.cells and following.cells and line.columns == following.columns:
        return Seam("\n")
    if ends:
        return Seam("\n\n", dropped=int(line.text.endswith("\xad")))
    return seam(line.text, following.text, words)


def _uninterrupted(bodies: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages with notes, captions and tables in front of the paragraphs they stand in.

    So they are kept, on their page, and no sentence has them in its midst.
    """
    pitch = _usual_pitch(bodies)
    heights = sorted(line.full_height for body in bodies for line in body)
    largest = (1 + OTHER_SIZE) * heights[len(heights) // 2] if heights else 0.0
    made: list[list[Line]] = []
    for number, body in enumerate(bodies):
        before = next((page[-1] for page in reversed(made) if page), None)
        after = next((page[0] for page in bodies[number + 1 :] if page), None)
        lines, at = list(body), 0
        while at < len(lines):
            is_heading = at > 0 and lines[at - 1].full_height > largest
            end = at if is_heading else _end_of_interruption(lines, at, after)
            if at < end < len(lines):
                lines[end] = replace(lines[end], goes_on=True)
            if end > at:
                lines = _put_in_front(lines, at, end, before, pitch)
            at = max(end, at + 1)
        made.append(lines)
    return made


def _end_of_interruption(lines: Sequence[Line], at: int, after: Line | None) -> int:
    """Where what interrupts the sentence of the line before `at` ends; `at` if nothing does."""
    last = lines[at - 1] if at else None
    if last is None or _stands_alone(last) or _ends_sentence(last):
        return at
    end = at
    # Words of a sentence in another font stand no farther from it than its other words.
    fall = abs(last.bottom - lines[at].bottom)
    is_off = _stands_alone(lines[at]) or fall > PARAGRAPH_GAP * last.full_height
    while is_off and end < len(lines):
        if not (_stands_alone(lines[end]) or _is_smaller(lines[end], last)):
            break
        end += 1
    if end == at and _CAPTION.match(lines[at].text):
        ends = range(at + 1, min(at + 1 + LONGEST_CAPTION, len(lines)))
        end = next((one for one in ends if _ends_sentence(lines[one - 1])), at)
    following = lines[end] if end < len(lines) else after
    if end == at or following is None or _stands_alone(following):
        return at
    if _has_other_size(last, following) or lines[at].text[0].islower():
        return at
    if following.text[0].islower() or last.text.endswith(("-", "\xad")):
        return end
    # Names and German nouns are large at the head of a column too.
    turns = end == len(lines) or following.bottom > lines[end - 1].bottom
    return end if turns and _NOTE.match(lines[at].text) else at


def _put_in_front(
    lines: Sequence[Line], at: int, end: int, before: Line | None, pitch: float
) -> list[Line]:
    """The lines with those from `at` to `end` in front of the paragraph that they interrupt."""
    first = at - 1
    while first and not _ends_before(
        lines[first - 1],
        lines[first],
        lines[first + 1 : first + 2],
        _margin(lines, first - 1),
        pitch,
    ):
        first -= 1
    starts_page = before is None or _ends_sentence(before) or _stands_alone(before)
    if first or starts_page:
        return [*lines[:first], *lines[at:end], *lines[first:at], *lines[end:]]
    # The paragraph began on an earlier page: in front of the sentence.
    for number in range(at - 1, -1, -1):
        line = lines[number]
        ends = [found.end() for found in _SENTENCE_INSIDE.finditer(line.text)]
        ends = [one for one in ends if line.text[one:].lstrip("\"'“‘„«(")[:1].isupper()]
        if ends:
            halves = (
                replace(line, text=line.text[: ends[-1]].rstrip(), end_height=line.height),
                replace(line, text=line.text[ends[-1] :], height=line.end_height),
            )
            return [
                *(*lines[:number], halves[0], *lines[at:end], halves[1]),
                *(*lines[number + 1 : at], *lines[end:]),
            ]
    return list(lines)


def _ends_sentence(line: Line) -> bool:
    return _SENTENCE_END.search(line.text, len(line.text) - LONGEST_END) is not None


def _is_smaller(line: Line, other: Line) -> bool:
    """Whether a line is all in smaller letters than another, as notes and captions are."""
    least = (1 - OTHER_SIZE) * min(other.height, other.end_height)
    return max(line.height, line.end_height) < least


def _stands_alone(line: Line) -> bool:
    return bool(line.cells) or line.is_apart


def _ends_before(
    line: Line, following: Line, after: Sequence[Line], margin: float, pitch: float
) -> bool:
    """Whether a paragraph ends with a line, told from one or two lines that follow on the page."""
    if following.goes_on:
        return False
    if _stands_alone(line) or _stands_alone(following):
        return True
    if _LEADERS.search(line.text, len(line.text) - LONGEST_END):
        return True
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
    return not hangs or _ends_sentence(line)


def _ends_before_a_turn(line: Line, following: Line, margin: float) -> bool:
    """Whether a paragraph ends with the last line of a page or column."""
    return (
        _stands_alone(line)
        or _stands_alone(following)
        or _ends_sentence(line)
        or _differ_in_size(line, following)
        or _is_short(line, following, margin)
        or _BULLET.match(following.text) is not None
    )


def _is_short(line: Line, following: Line, margin: float) -> bool:
    """Whether a line stops so far from its column's edge that it must be a paragraph's last."""
    share = (line.right - line.left) / max(margin - line.left, 1.0)
    if _ends_sentence(line):
        return share < SHORT_LINE
    return share < SHORT_HEADING and not following.text[0].islower()


def _differ_in_size(line: Line, following: Line) -> bool:
    """Whether no end of one line is set as an end of the other; a word of it may be in any font.

    A sentence that runs on in small letters does so whatever its fonts.
    """
    if following.text[0].islower() and not _ends_sentence(line):
        return False
    return _has_other_size(line, following)


def _has_other_size(line: Line, following: Line) -> bool:
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
