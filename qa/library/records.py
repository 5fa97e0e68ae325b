"""The values that go into the library and come out of it, beside those of `qa.types`."""

import functools
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.library.embedder import Vectors
from qa.types import Article, Passage


@dataclass(frozen=True, slots=True)
class Recipe:
    """How passages are cut and embedded; only passages of one recipe may be compared.

    `embedder` is the digest of the weights. `embedder_name` says under which name or path they
    were last opened, so that a reader can open them again; it makes no other recipe.
    """

    embedder: str
    dimension: int
    passage_tokens: int
    splitter: int
    embedder_name: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[str, int, int, int]:
        """All that makes it this recipe, in the order of `RECIPE_COLUMNS`."""
        return self.embedder, self.dimension, self.passage_tokens, self.splitter


SCANS_UNREAD = 0
"""In place of the version, of a file with scans that nobody was there to read: read it again."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was last read whole, and what came of it.

    `root` is the named folder (or file) below which it was found, `reading` the READING_VERSION or
    SCANS_UNREAD, `digest` the SHA-256 of its bytes; `read_ns` is when its reading began, in
    nanoseconds of system time. `problems` are messages about what gave no article, `clashes` the
    ids of articles in it that an earlier file has, `article_ids` those of the articles that are its
    own.
    """

    path: Path
    root: Path
    reading: int
    size: int
    mtime_ns: int
    read_ns: int
    digest: str
    problems: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """What a list of articles says of one; `characters` is the length of its text."""

    id: str
    title: str
    source: str | None
    published: date | None
    characters: int
    passages: int
    digest: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What an article is found by in a list, without its length, which is slow to count for all."""

    id: str
    title: str
    source: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with all that is stored of it.

    `digest` identifies what was embedded (see `qa.library.embedding`); `bands` are its band keys.
    """

    passage: Passage
    digest: bytes
    vector: Vectors
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of all passages: `matrix[i]` belongs to the passage in row `rows[i]`."""

    rows: NDArray[np.int64]
    matrix: Vectors


NO_TEXTS = "[]"
"""A list of texts is stored as JSON; most are empty."""

RECIPE_COLUMNS = "embedder, dimension, passage_tokens, splitter"
ARTICLE_COLUMNS = "id, title, source, published, text, digest, page_starts"
HEADING_COLUMNS = "id, title, source, published"
FILE_COLUMNS = "path, root, reading, size, mtime_ns, read_ns, digest, problems, clashes"
PASSAGE_COLUMNS = (
    "article_id, number, title, published, start_char, end_char, text, source, page, page_turns"
)


def article_of(row: Sequence[Any]) -> Article:
    """The article in a row of `ARTICLE_COLUMNS`."""
    article_id, title, source, published, text, digest, page_starts = row
    return Article(
        article_id, title, text, source, date_of(published), digest, offsets_of(page_starts)
    )


def row_of(article: Article) -> tuple[str | None, ...]:
    """The row of `ARTICLE_COLUMNS` for an article."""
    return (
        article.id,
        article.title,
        article.source,
        article.published.isoformat() if article.published else None,
        article.text,
        article.digest,
        offsets_row(article.page_starts),
    )


def passage_of(row: Sequence[Any]) -> Passage:
    """The passage in a row of `PASSAGE_COLUMNS`."""
    article_id, number, title, published, start, end, text, source, page, page_turns = row
    return Passage(
        id=f"{article_id}#{number}",
        article_id=article_id,
        title=title,
        published=date_of(published),
        start=start,
        end=end,
        text=text,
        source=source,
        page=page,
        page_turns=offsets_of(page_turns),
    )


def source_file_of(row: Sequence[Any], article_ids: Iterable[str]) -> SourceFile:
    """The file in a row of `FILE_COLUMNS`."""
    path, root, reading, size, mtime_ns, read_ns, digest, problems, clashes = row
    return SourceFile(
        path=Path(os.fsdecode(path)),
        root=_root(root),
        reading=reading,
        size=size,
        mtime_ns=mtime_ns,
        read_ns=read_ns,
        digest=digest,
        problems=_texts_of(problems),
        clashes=_texts_of(clashes),
        article_ids=tuple(article_ids),
    )


@functools.lru_cache(maxsize=64)
def _root(path: str | bytes) -> Path:
    """One value for the few roots of many files."""
    return Path(os.fsdecode(path))


def _texts_of(row: str) -> tuple[str, ...]:
    return () if row == NO_TEXTS else tuple(json.loads(row))


def line_of(row: Sequence[Any]) -> ArticleLine:
    """The line of a list in a row of an article's id, title, source, date, counts and digest."""
    article_id, title, source, published, characters, passages, digest = row
    return ArticleLine(article_id, title, source, date_of(published), characters, passages, digest)


def heading_of(row: Sequence[Any]) -> Heading:
    """What an article is found by in a row of `HEADING_COLUMNS`."""
    article_id, title, source, published = row
    return Heading(article_id, title, source, date_of(published))


def number_of(passage_id: str) -> int | None:
    """The number of a passage in its article, from 0; None when that is no passage's id."""
    number = passage_id.rpartition("#")[2]
    return int(number) if number.isascii() and number.isdigit() else None


def date_of(iso: str | None) -> date | None:
    """The date in a column."""
    return date.fromisoformat(iso) if iso else None


def offsets_row(offsets: Sequence[int]) -> str:
    """Offsets as they are stored: `0,2810,5544`."""
    return ",".join(map(str, offsets))


def offsets_of(row: str) -> tuple[int, ...]:
    """The offsets in a column."""
    return tuple(map(int, row.split(","))) if row else ()
