"""The sentences of a text, as offsets. Pure, and used for passages and for answers alike."""

import itertools
import re

import nupunkt

from qa.reading.sentence_ends import sentence_starts

_BREAK = re.compile(
    r"\n[^\S\n]*\n\s*"  # an empty line
    r"|(?<=\n)(?=[^\S\n]*(?:#{1,6}|[-*+•>]|\d{1,3}[.)])[^\S\n])"  # before a heading or list item
    r"|(?m:^)#{1,6}[^\S\n].*\n"  # after a heading
)
_LINE_OF_PROSE = 40
"""Characters of a line that a sentence may run on from, over the end of a page."""
_FOOTNOTES = re.compile(r"\s*(?:\[\d{1,3}\])+")


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every sentence, in order, without the white space around it.

    Every character that is not white space stands in exactly one span. The end of a heading or a
    list item always ends a sentence, and so does that of a paragraph, but where a page ended within
    the sentence. Marks such as `[2]` right after a sentence belong to it.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        spans += _sentences_of_block(text[start:end], start)
    return tuple(spans)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its ends; start equals end when nothing is left."""
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    return start, start + len(part.strip())


def _blocks(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in _BREAK.finditer(text) if not _runs_on(text, *match.span())]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


def _runs_on(text: str, start: int, end: int) -> bool:
    """Whether a line of prose stops without a stop, and goes on in a small letter behind a gap."""
    line = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
    open_ended = line[-1:].isalpha() or line[-1:] in (",", ";")
    return len(line) >= _LINE_OF_PROSE and open_ended and text[end : end + 1].islower()


def _sentences_of_block(block: str, offset: int) -> list[tuple[int, int]]:
    cuts = sentence_starts(block, [start for start, _ in nupunkt.sent_spans(block)][1:])
    # nupunkt leaves a footnote mark at the head of the next sentence.
    cuts = [mark.end() if (mark := _FOOTNOTES.match(block, cut)) else cut for cut in cuts]
    bounds = [0, *cuts, len(block)]
    spans = [trimmed(block, start, end) for start, end in itertools.pairwise(bounds)]
    return [(offset + start, offset + end) for start, end in spans if start < end]
