"""Hits and evidence made by hand for the tests of answering."""

from collections.abc import Sequence
from datetime import date

from qa.types import Evidence, Found, Hit, Passage


def hit(
    text: str,
    *,
    title: str = "Harbour news",
    published: date | None = date(2023, 2, 18),
    start: int = 0,
    article_id: str = "harbour",
    cosine: float = 0.5,
) -> Hit:
    """A hit whose passage begins at `start` of its article."""
    passage = Passage(
        id=f"{article_id}#{start}",
        article_id=article_id,
        title=title,
        published=published,
        start=start,
        end=start + len(text),
        text=text,
        source="Cuttings desk",
    )
    return Hit(passage, score=0.5, found_by=Found.BOTH, cosine=cosine)


def piece(
    quote: str, hits: Sequence[Hit], number: int = 1, *, score: float = 12.0, short: str = ""
) -> Evidence:
    """Evidence whose words stand in the passage of a numbered hit, short answer and all."""
    passage = hits[number - 1].passage
    start = passage.start + passage.text.index(quote)
    answer = None
    if short:
        at = start + quote.index(short)
        answer = (at, at + len(short))
    return Evidence(
        number,
        passage.id,
        passage.article_id,
        start,
        start + len(quote),
        quote,
        score,
        answer,
    )
