"""A visit to a page becomes a file among the uploads and an article of the library.

What holds nothing to keep is named, and nothing of it is stored. A page that was clipped before
takes the place of its earlier version, if its words have changed.
"""

import hashlib
import itertools
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from qa.capturing.fetching import IN_A_BROWSER
from qa.capturing.visits import SUFFIX, Visit, as_warc, kept_in, path_of
from qa.errors import CannotClip
from qa.reading.articles import article_id
from qa.reading.draft import Contents, Unreadable
from qa.reading.formats import contents_of
from qa.reading.web_archives import place_of
from qa.service.uploads import Shelf
from qa.types import Article

CLIPS = "clips"
"""Below a collection's uploads: a folder for each host."""

FEW_CHARS = 400
"""A page of so little text that speaks of JavaScript says that it needs it, and no more."""

_NOT_FREE = re.compile(rb'"isAccessibleForFree"\s*:\s*"?false\b', re.IGNORECASE)
"""How a page states that its text is for those who pay (schema.org, as search engines ask)."""


class Change(Enum):
    """What a clip has changed in the library."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Clip:
    """A page that is in the library now, and what was left out of it.

    `before` is the moment of the earlier visit, if there was one: its version has been replaced, or
    stands, where nothing in it has changed.
    """

    article: Article
    url: str
    change: Change
    before: datetime | None = None
    moved: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def clip(visit: Visit, shelf: Shelf) -> Clip:
    """Keep what a visit found. Raises CannotClip, or LibraryError, and then keeps nothing."""
    warc = as_warc(visit)
    contents = _readable(visit, warc)
    file = _place(visit, shelf)
    old = file.read_bytes() if file.exists() else None
    kept = kept_in(old) if old is not None else None
    before = kept.when if kept else None
    if old is not None and _words(contents_of(old, SUFFIX)) == _words(contents):
        article = _article(shelf, file)
        if article:
            return Clip(article, visit.address.url, Change.UNCHANGED, before, visit.moved)
    added = shelf.put(warc, file)
    article = _article(shelf, file)
    if article is None:
        raise CannotClip(f"{visit.address.url} was taken out again while it was kept. Try again.")
    change = Change.UPDATED if before else Change.NEW
    return Clip(article, visit.address.url, change, before, visit.moved, added.problems)


def _readable(visit: Visit, warc: bytes) -> Contents:
    """What is read of a page; CannotClip where it is nothing, or not the whole."""
    url, is_page = visit.address.url, visit.suffix == ".html"
    if is_page and visit.headers and _NOT_FREE.search(visit.body):
        raise CannotClip(f"{url} says that it is for subscribers: nothing was kept. {IN_A_BROWSER}")
    try:
        contents = contents_of(warc, SUFFIX)
    except Unreadable as error:
        raise CannotClip(f"{url} {error} Nothing was kept.") from error
    text = "".join(draft.text for draft in contents.drafts)
    has_scripts = is_page and visit.headers and b"<script" in visit.body.lower()
    if has_scripts and len(text) < FEW_CHARS and (not text or "javascript" in text.lower()):
        raise CannotClip(f"{url} shows its text by scripts alone: nothing was kept. {IN_A_BROWSER}")
    if not contents.drafts:
        reason = contents.problems[0].removeprefix(f"page {place_of(url)}{visit.suffix} ")
        raise CannotClip(f"{url} {reason} Nothing was kept.")
    return contents


def _place(visit: Visit, shelf: Shelf) -> Path:
    """The file of an address: the one that keeps it, or one of which no article stands."""
    wanted = shelf.uploads / CLIPS / path_of(visit.address)
    others = (wanted.with_stem(f"{wanted.stem}-{number}") for number in itertools.count(2))
    return next(file for file in itertools.chain([wanted], others) if _may_keep(file, visit, shelf))


def _may_keep(file: Path, visit: Visit, shelf: Shelf) -> bool:
    if file.exists():
        kept = kept_in(file.read_bytes())
        return kept is not None and kept.url == visit.address.url
    return shelf.article(article_id(file, shelf.uploads)) is None


def _words(contents: Contents) -> list[tuple[str | None, str, bytes]]:
    """What makes a new version of a page: its title, its text, or the pictures that hold it."""
    return [
        (one.title, one.text, hashlib.sha256(one.scan.raw).digest() if one.scan else b"")
        for one in contents.drafts
    ]


def _article(shelf: Shelf, file: Path) -> Article | None:
    """The first article that is read from a file: a page is one, a PDF too."""
    ids = shelf.ids_in(file)
    return shelf.article(ids[0]) if ids else None
