"""What a run of indexing reports: its progress, and in the end what it changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from qa.library.scanned_pages import PageAtHand


class Phase(Enum):
    """What indexing is at."""

    EMBEDDING_AHEAD = "embedding on the cluster"
    EMBEDDING_AGAIN = "embedding again"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far a phase is.

    `done` of `total` articles to embed again, or bytes of files to read, or, where a cluster embeds
    ahead, files and articles; `articles` so far;
    `current` is the article or the file at hand, "" at the end; `page` which of its pages OCR is
    reading, None where it has nothing to read.
    """

    phase: Phase
    done: int
    total: int
    articles: int
    current: str
    page: PageAtHand | None = None


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file, or a part of one, that gave no article, and the whole message why.

    `kept` says that the file gave articles all the same: but for a part, a field, or a doubt.
    """

    path: Path
    reason: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """An article that stands, word for word, under another id than before."""

    old_id: str
    new_id: str


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What indexing changed, as article ids; an article stands in one of the first five.

    `reembedded` had their passages made anew for a changed recipe. `embedded` counts the passages
    that the embedder read, `passages` those in the library. `skipped` are all that stand in the
    folders, not only those of this run; `passed_over` counts files in formats that are not read,
    by suffix; `problems` are whole messages about folders that could not be listed. `missing` are
    articles that were kept although their files are gone.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    moved: tuple[Move, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    reembedded: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]
    passed_over: Mapping[str, int]
    problems: tuple[str, ...]
    embedded: int
    passages: int
    missing: tuple[str, ...] = ()


def pair_moves(
    gone: Iterable[tuple[str, str]], added: Iterable[tuple[str, str]]
) -> tuple[Move, ...]:
    """Which added articles are gone ones under another id; both as pairs of id and digest.

    Several of one digest are paired in the order of their ids.
    """
    old_ids: dict[str, list[str]] = {}
    for old_id, digest in sorted(gone, reverse=True):
        old_ids.setdefault(digest, []).append(old_id)
    return tuple(
        Move(old_ids[digest].pop(), new_id)
        for new_id, digest in sorted(added)
        if old_ids.get(digest)
    )
