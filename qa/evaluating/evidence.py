"""Evidence: where the words that answer a question stand, and which hits hold them. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from qa.evaluating.predictions import Place, Span
from qa.evaluating.questions import Question

Piece = tuple[Span, ...]
"""One thing to be found, by every place where it stands: any of them will do."""


class Level(Enum):
    """What counts as found: the quoted words, or any passage of the right article."""

    PASSAGE = "passage"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that should be found for a question, and the quotes that stand in no article named."""

    level: Level
    pieces: tuple[Piece, ...]
    unlocated: tuple[str, ...] = ()


def locate_evidence(
    question: Question, texts: Mapping[str, str], places: Sequence[Place]
) -> Evidence:
    """What retrieval should find for a question, one piece a distinct quote, else one an article.

    A quote is looked for in the articles that the question names, and in the articles of those
    `places` that stand for one of them as a near-duplicate. When none of its quotes can be
    located, or it has none, each article named is a piece. An unanswerable question has none.
    """
    if not question.answerable:
        return Evidence(Level.ARTICLE, ())
    copies = {
        place.span.article_id
        for place in places
        if not set(place.also_in).isdisjoint(question.articles)
    }
    article_ids = sorted(copies | set(question.articles))
    found: dict[str, Piece] = {
        quote: tuple(
            Span(article_id, start, end)
            for article_id in article_ids
            for start, end in find_quote(quote, texts.get(article_id, ""))
        )
        for quote in question.evidence
    }
    unlocated = tuple(quote for quote, piece in found.items() if not piece)
    pieces = tuple(piece for piece in found.values() if piece)
    if pieces:
        return Evidence(Level.PASSAGE, pieces, unlocated)
    return Evidence(Level.ARTICLE, article_pieces(question, places), unlocated)


def article_pieces(question: Question, places: Sequence[Place]) -> tuple[Piece, ...]:
    """One piece an article that the question names: any of the places in it, or in its near-copy.

    An unanswerable question has none.
    """
    named = dict.fromkeys(question.articles) if question.answerable else ()
    return tuple(_article(article_id, places) for article_id in named)


def find_quote(quote: str, text: str) -> tuple[tuple[int, int], ...]:
    """Every place of a quote in a text: verbatim, else with any white space between its words."""
    verbatim = re.escape(quote)
    loose = r"\s+".join(re.escape(word) for word in quote.split())
    for pattern in (verbatim, loose):
        spans = tuple(match.span() for match in re.finditer(pattern, text))
        if spans:
            return spans
    return ()


def holds(span: Span, pieces: Iterable[Piece]) -> bool:
    """Whether a span shares a character with a place of any of the pieces."""
    return any(span.overlaps(place) for piece in pieces for place in piece)


def _article(article_id: str, places: Sequence[Place]) -> Piece:
    """Any passage of an article, or one that stands for its near-duplicate there."""
    return tuple(
        place.span
        for place in places
        if place.span.article_id == article_id or article_id in place.also_in
    )
