"""The values that go into the library and come out of it, beside those of `qa.types`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.library.embedder import Vectors
from qa.types import Article, Passage


@dataclass(frozen=True, slots=True)
class Recipe:
    """How passages are cut and embedded; only passages of one recipe may be compared."""

    embedder: str
    dimension: int
    passage_tokens: int
    splitter: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was last read: the digest of its bytes and the ids of its articles."""

    path: Path
    digest: str
    article_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutArticle:
    """An article, cut into passages but not yet embedded, and the file it stands in."""

    article: Article
    file: Path
    file_digest: str
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of all passages: `matrix[i]` belongs to the passage in row `rows[i]`."""

    rows: NDArray[np.int64]
    matrix: Vectors


ARTICLE_COLUMNS = "id, title, source, published, text, digest"
PASSAGE_COLUMNS = "article_id, number, title, published, start_char, end_char, text, source"


def article_of(row: Sequence[Any]) -> Article:
    """The article in a row of `ARTICLE_COLUMNS`."""
    article_id, title, source, published, text, digest = row
    return Article(article_id, title, text, source, _date(published), digest)


def row_of(article: Article) -> tuple[str | None, ...]:
    """The row of `ARTICLE_COLUMNS` for an article."""
    published = article.published.isoformat() if article.published else None
    return article.id, article.title, article.source, published, article.text, article.digest


def passage_of(row: Sequence[Any]) -> Passage:
    """The passage in a row of `PASSAGE_COLUMNS`."""
    article_id, number, title, published, start, end, text, source = row
    passage_id = f"{article_id}#{number}"
    return Passage(passage_id, article_id, title, _date(published), start, end, text, source)


def number_of(passage_id: str) -> int | None:
    """The number of a passage in its article, from 0; None when that is no passage's id."""
    number = passage_id.rpartition("#")[2]
    return int(number) if number.isascii() and number.isdigit() else None


def _date(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
