"""Hits made by hand for the tests of answering."""

from datetime import date

from qa.types import Found, Hit, Passage


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
