"""An article becomes passages: runs of whole sentences that the embedder can read in one piece.

Pure. Passages follow one another without overlap and together hold every word of the article.
"""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from semantic_text_splitter import TextSplitter

from qa.reading.outlines import headings, is_heading, is_item
from qa.reading.sentences import ends_asking, sentence_spans, trimmed
from qa.types import Article, Passage

SPLITTER_VERSION = 6
"""Raise it when the same article is cut differently, so that libraries are cut again."""

LONGEST_HEADER_TITLE_CHARS = 120
"""Longer titles are shortened in the header, which is read with every passage."""

HEADER_TOKENS = 48
"""Room that an embedder needs for a header beside the passage; 120 letters and a date take less."""

CHARS_PER_TOKEN = 8
"""A token counts for at most so many characters. English has some 4.5; word-piece models read a
long run of letters (an address, a key) as one unknown token, which a language model does not."""

STRETCH_PASSAGES = 4
"""A sentence is looked through so many of the longest passages at a time: the splitter reads all of
a text again for each cut in it, which in a megabyte without a full stop takes minutes."""

PARAGRAPH_CUT = 0.1
"""What a cut inside a paragraph costs, where a passage that is half empty costs 0.25."""

PART_CUT = 0.05
"""What a cut between paragraphs costs in a text with headings: their part is told of by theirs."""

LEADING_CUT = 0.5
"""What a cut behind a question costs, or a heading: neither says much without what follows; and one
inside a list."""

_PAUSE = re.compile(r"\s+|[,;，；、]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that is longer than a passage may be.

    `cut` is what it costs to begin a passage with it.
    """

    start: int
    end: int
    tokens: int
    cut: float


def header(title: str, published: date | None) -> str:
    """The line above a passage when it is embedded or shown to a model: `Title (18 February 2023)`.

    It is never part of a passage's offsets.
    """
    if len(title) > LONGEST_HEADER_TITLE_CHARS:
        title = title[: LONGEST_HEADER_TITLE_CHARS - 1].rsplit(" ", 1)[0] + "…"
    return f"{title} ({day(published)})" if published else title


def day(published: date) -> str:
    """A date as it is shown: `18 February 2023`."""
    return f"{published.day} {published:%B %Y}"


def split_article(
    article: Article, count_tokens: Callable[[str], int], max_tokens: int
) -> tuple[Passage, ...]:
    """The passages of an article, in order, each at most `max_tokens` long.

    The header is not counted, so that a report is cut alike under whatever headline it was printed.
    Sentences are kept whole unless one alone is too long. `count_tokens` must not count more for
    two texts joined by a space than for the two together (word and sentence pieces do not).
    """
    pieces = _pieces(article.text, count_tokens, max_tokens)
    bounds = _best_cuts(pieces, max_tokens)
    return tuple(
        _passage(article, number, pieces[first].start, pieces[last - 1].end)
        for number, (first, last) in enumerate(itertools.pairwise(bounds))
    )


def _passage(article: Article, number: int, start: int, end: int) -> Passage:
    turns = article.page_starts
    page = bisect_right(turns, start)
    return Passage(
        id=f"{article.id}#{number}",
        article_id=article.id,
        title=article.title,
        published=article.published,
        start=start,
        end=end,
        text=article.text[start:end],
        source=article.source,
        page=page or None,
        page_turns=turns[page : bisect_left(turns, end)],
    )


def _pieces(text: str, count_tokens: Callable[[str], int], budget: int) -> list[_Piece]:
    def length(part: str) -> int:
        return max(count_tokens(part), len(part) // CHARS_PER_TOKEN)

    pieces: list[_Piece] = []
    between = PART_CUT if any(start for start, _ in headings(text)) else 0.0  # a title is none
    previous_start = previous_end = 0
    for start, end in sentence_spans(text):
        opens_paragraph = start == 0 or text.count("\n", previous_end, start) > 1
        sentence, previous = text[start:end], text[previous_start:previous_end]
        cut = between if opens_paragraph else PARAGRAPH_CUT
        if is_heading(sentence):
            cut = 0.0
        if _leads_on(previous) or (is_item(previous) and is_item(sentence)):
            cut = LEADING_CUT
        for part_start, part_end in _fitting(text, start, end, length, budget):
            tokens = length(text[part_start:part_end])
            pieces.append(_Piece(part_start, part_end, tokens, cut))
            cut = PARAGRAPH_CUT
        previous_start, previous_end = start, end
    return pieces


def _leads_on(sentence: str) -> bool:
    """Whether it says little without what follows: a question, a heading, a line set in bold."""
    return is_heading(sentence) or sentence.endswith(("**", ":")) or ends_asking(sentence)


def _fitting(
    text: str, start: int, end: int, length: Callable[[str], int], budget: int
) -> list[tuple[int, int]]:
    """The sentence itself, or, when it is too long, its parts, cut where it hurts least."""
    longest = budget * CHARS_PER_TOKEN
    if end - start <= longest and length(text[start:end]) <= budget:
        return [(start, end)]
    splitter = TextSplitter.from_callback(length, budget)
    parts = [
        trimmed(text, first + offset, first + offset + len(part))
        for first, last in _stretches(text, start, end, STRETCH_PASSAGES * longest)
        for offset, part in splitter.chunk_indices(text[first:last])
    ]
    return [(part_start, part_end) for part_start, part_end in parts if part_start < part_end]


def _stretches(text: str, start: int, end: int, most_chars: int) -> Iterator[tuple[int, int]]:
    """A span in parts of at most so many characters, cut at white space or a comma if there is."""
    while end - start > most_chars:
        pauses = list(_PAUSE.finditer(text, start + most_chars // 2, start + most_chars))
        cut = pauses[-1].end() if pauses else start + most_chars
        yield start, cut
        start = cut
    yield start, end


def _best_cuts(pieces: Sequence[_Piece], budget: int) -> list[int]:
    """Where passages begin, and the end: the cuts of least cost over the whole article.

    As in breaking lines (Knuth and Plass, 1981): each passage costs the square of its empty part,
    and more when it begins inside a paragraph, or behind a question; so the last is no
    stub and none is broken for want of a look ahead.
    """
    least = [0.0] + [float("inf")] * len(pieces)
    begin = [0] * (len(pieces) + 1)
    for last in range(1, len(pieces) + 1):
        tokens = 0
        for first in range(last - 1, -1, -1):
            tokens += pieces[first].tokens
            if tokens > budget and first < last - 1:
                break
            cost = least[first] + (1 - tokens / budget) ** 2 + pieces[first].cut
            if cost < least[last]:
                least[last], begin[last] = cost, first
    cuts = [len(pieces)]
    while cuts[-1] > 0:
        cuts.append(begin[cuts[-1]])
    return cuts[::-1]
