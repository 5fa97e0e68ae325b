"""The story of an article: file → Article → Passages → vectors → library → FAISS snapshot.

Indexing mirrors what is named: afterwards the library holds the articles below those paths and no
others, whatever it held before. What is finished is kept a batch at a time, so an interrupted run
loses no more than one.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from qa.errors import BadArticle, LibraryError
from qa.library.ahead import Ahead
from qa.library.batches import Batches, EmbeddedAgain, Workshop, embed_again
from qa.library.comparing import (
    Found,
    FoundFile,
    digest_of,
    find_below,
    find_file,
    nothing_below,
    read_alike,
    stands_as_read,
    unread,
)
from qa.library.embedder import Embedder
from qa.library.records import SCANS_UNREAD, Recipe, SourceFile
from qa.library.scanned_pages import FILE_NAME as SCANS
from qa.library.scanned_pages import Ocr, PageAtHand, ScannedPages, reading_pages
from qa.library.storage import Storage
from qa.library.summary import IndexProgress, IndexSummary, Phase, SkippedFile, pair_moves
from qa.reading.articles import READING_VERSION, FileContent, read_file
from qa.reading.downloads import check_download
from qa.reading.formats import printable
from qa.reading.passages import HEADER_TOKENS, SPLITTER_VERSION
from qa.reading.scans import ReadPage
from qa.types import Article


def index_folders(
    roots: Sequence[Path],
    store: Storage,
    embedder: Embedder,
    passage_tokens: int,
    report: Callable[[IndexProgress], None],
    *,
    embedder_name: str = "",
    ocr: Ocr | None = None,
    keep_missing: bool = False,
    only: Path | None = None,
    is_whole: Callable[[FoundFile], bool] = lambda _: True,
    next_roots: Sequence[Path] = (),
    waiting: Callable[[str], None] | None = None,
    embed_ahead: Callable[[Ahead], None] | None = None,
) -> IndexSummary:
    """Make the library mirror these files and folders, or, if none is named, those of last time.

    Next time these are read again, or `next_roots`, if any are named. With `keep_missing` articles
    from elsewhere stay, as do those of a file that cannot be opened, and all where a folder cannot
    be listed. With `only` that file below the first root is read, and all others stay as they are;
    when it gives no article, the error says why. A file that `is_whole` denies stays as it was read
    before, without a word; one that is still being downloaded, with one. While another process is
    indexing, `waiting` is told so and this one waits; without it that is an error. `embedder_name`
    is the embedder's name or path as it was set. Without `ocr` scans are named, not read, and read
    another time. `embed_ahead` may first keep vectors of what is to be embedded; the run embeds
    the rest. Raises LibraryError, with nothing changed, when a path is missing, or no article
    stands below them.
    """
    with store.only_writer(waiting):
        roots = tuple(root.absolute() for root in roots) or store.roots()
        found = find_file(only, roots[0]) if only else find_below(roots)
        recipe = Recipe(
            embedder=embedder.digest,
            dimension=embedder.dimension,
            passage_tokens=min(passage_tokens, embedder.max_tokens - HEADER_TOKENS),
            splitter=SPLITTER_VERSION,
            embedder_name=embedder_name,
        )
        if embed_ahead:
            lacking = store.lacking(recipe) if store.recipes() else ()
            embed_ahead(Ahead(recipe, unread(found.files, store.files()), lacking))
        workshop = Workshop(store, embedder, recipe)
        again = embed_again(workshop, report)
        with Batches(workshop) as batches:
            run = _Run(store, batches, report)
            run.read(found.files, ocr, is_whole)
        if not run.claimed:
            reasons = [file.reason for file in run.skipped]
            raise LibraryError(" ".join(reasons) if only else nothing_below(roots, reasons))
        lasting = tuple(root.absolute() for root in next_roots) or roots
        keep_missing = keep_missing or only is not None
        summary = run.finish(lasting, found, again, keep_missing=keep_missing)
        store.settle()
        _forget_pages(store)
        return summary


def remove_articles(
    article_ids: Iterable[str], store: Storage, waiting: Callable[[str], None] | None = None
) -> tuple[str, ...]:
    """Remove articles from the library until they are indexed again; returns those it held."""
    with store.only_writer(waiting):
        held = store.digests()
        removed = tuple(one for one in dict.fromkeys(article_ids) if one in held)
        if removed:
            with store.changing() as changes:
                changes.remove(removed)
            store.settle()
            _forget_pages(store)
        return removed


def _forget_pages(store: Storage) -> None:
    """Forget what was read of scans of which no article is left."""
    if (store.index_dir / SCANS).exists():
        with ScannedPages.opened(store.index_dir) as pages:
            pages.keep_only(store.file_digests())


PLACE_DIGITS = 6
"""Hexadecimal digits of a path's digest that keep an id apart; more where even these agree."""


class _Run:
    """One run of indexing: which file has which article, and what came of it.

    An id that several files have goes to the first of them, whichever was there first in time, and
    the others are kept apart from it by their suffix or place; so the library depends on the files
    alone, and loses none.
    """

    def __init__(
        self, store: Storage, batches: Batches, report: Callable[[IndexProgress], None]
    ) -> None:
        self._store, self._batches, self._report = store, batches, report
        self._ocr: tuple[Ocr, ScannedPages] | None = None
        self._known = store.files()
        self._stored = store.digests()
        self._seen: set[Path] = set()
        self._done_bytes = self._total_bytes = self._articles = 0
        self.claimed: dict[str, Path] = {}
        self.skipped: list[SkippedFile] = []
        self._added: dict[str, str] = {}
        self._updated: list[str] = []
        self._unchanged: list[str] = []

    def read(
        self, files: Sequence[FoundFile], ocr: Ocr | None, is_whole: Callable[[FoundFile], bool]
    ) -> None:
        """Read the files that are new or changed, and store what is new or changed in them."""
        with ExitStack() as opened:
            if ocr:
                self._ocr = ocr, opened.enter_context(ScannedPages.opened(ocr.folder))
            self._read_all(files, is_whole)

    def _read_all(self, files: Sequence[FoundFile], is_whole: Callable[[FoundFile], bool]) -> None:
        standing = {
            file.path: known
            for file in files
            if (known := self._known.get(file.path)) and stands_as_read(file, known)
        }
        self._total_bytes = sum(file.size for file in files if file.path not in standing)
        for file in files:
            known = standing.get(file.path)
            if known and self._is_free(known):
                self._claim(known)
            elif is_whole(file):
                self._read(file)
            else:
                self._leave(file)
        self._batches.finish()
        self._progress(self._total_bytes, "")

    def finish(
        self, roots: Sequence[Path], found: Found, again: EmbeddedAgain, *, keep_missing: bool
    ) -> IndexSummary:
        """Remove what no file claimed, note what stands where and is read next, and sum up."""
        # What lies below a folder that could not be listed is not known to be gone.
        keep_missing = keep_missing or bool(found.problems)
        file_of = {one: path for path, file in self._known.items() for one in file.article_ids}
        unclaimed = self._stored.keys() - self.claimed.keys()
        left = {
            one for one in unclaimed if (file := file_of.get(one)) is None or file in self._seen
        }
        gone = {
            one for one in unclaimed if not keep_missing or one in left or _is_gone(file_of[one])
        }
        moved = pair_moves(((one, self._stored[one]) for one in gone), self._added.items())
        old_ids = {move.old_id for move in moved}
        removed = (left if keep_missing else unclaimed) | old_ids
        self._store_end(roots, removed)
        new_ids = {move.new_id for move in moved}
        return IndexSummary(
            added=tuple(one for one in self._added if one not in new_ids),
            updated=tuple(self._updated),
            moved=moved,
            removed=tuple(sorted(removed - old_ids)),
            unchanged=tuple(self._unchanged),
            reembedded=again.article_ids,
            skipped=tuple(self.skipped),
            passed_over=found.passed_over,
            problems=found.problems,
            embedded=again.embedded + self._batches.embedded,
            passages=self._store.passage_count(),
            missing=tuple(sorted(gone - removed)),
        )

    def _store_end(self, roots: Sequence[Path], removed: set[str]) -> None:
        elsewhere_or_gone = removed | self.claimed.keys()
        forgotten = [
            path
            for path, file in self._known.items()
            if path not in self._seen and elsewhere_or_gone.issuperset(file.article_ids)
        ]
        if removed or forgotten or tuple(roots) != self._store.roots():
            with self._store.changing() as changes:
                changes.remove(sorted(removed))
                changes.forget_files(forgotten)
                changes.remember_roots(roots)

    def _read(self, found: FoundFile) -> None:
        self._progress(self._done_bytes, str(found.path))
        read_ns = time.time_ns()
        try:
            check_download(found.path)
            digest = digest_of(found)
        except BadArticle as error:  # it may be readable next time
            self.skipped.append(SkippedFile(found.path, str(error)))
            self._leave(found)
        else:
            note = SourceFile(
                found.path,
                found.root,
                READING_VERSION,
                found.size,
                found.mtime_ns,
                read_ns,
                digest,
            )
            known = self._known.get(found.path)
            if (
                known
                and known.digest == digest
                and read_alike(found, known)
                and self._is_free(known)
            ):
                self._claim(known)
                self._batches.note_file(
                    replace(
                        note,
                        problems=known.problems,
                        clashes=known.clashes,
                        article_ids=known.article_ids,
                    )
                )
            else:
                self._take_all(note)
        self._done_bytes = min(self._done_bytes + found.size, self._total_bytes)

    def _leave(self, found: FoundFile) -> None:
        """Let the articles of a file be as they were when it was last read."""
        known = self._known.get(found.path)
        if known and self._is_free(known):
            self._claim(known)

    def _take_all(self, note: SourceFile) -> None:
        """Read a file's articles and take them, each under an id that no file before it has."""
        try:
            content = read_file(note.path, note.root, self._reading_pages(note))
        except BadArticle as error:
            content = FileContent((), (str(error),))
        own: dict[str, None] = {}
        clashes: dict[str, None] = {}
        for number, article in enumerate(content.articles):
            kept = self._kept_apart(article.id, note)
            if kept != article.id:
                clashes[article.id] = None
            own[kept] = None
            self.claimed[kept] = note.path
            self._take(replace(article, id=kept), note.path)
            share = note.size * (number + 1) // len(content.articles)
            self._progress(self._done_bytes + share, str(note.path))
        note = replace(
            note,
            reading=SCANS_UNREAD if content.unread else note.reading,
            problems=content.problems,
            clashes=tuple(clashes),
            article_ids=tuple(own),
        )
        self._batches.note_file(note)
        self._see(note)

    def _reading_pages(self, note: SourceFile) -> ReadPage | None:
        if self._ocr is None:
            return None
        ocr, pages = self._ocr

        def report(page: PageAtHand) -> None:
            share = note.size * (page.number - 1) // page.of
            self._progress(self._done_bytes + share, str(note.path), page)

        return reading_pages(ocr, pages, note.digest, report)

    def _kept_apart(self, article_id: str, note: SourceFile) -> str:
        """An id that nobody has: its own, else with the file's suffix, else with a digest of where.

        `minutes.html`, `minutes.md` and another folder's `minutes.md` are `minutes`, `minutes.md`
        and `minutes-5f0c1e`.
        """
        place = hashlib.sha256(printable(note.path).encode()).hexdigest()
        digests = (f"{article_id}-{place[:end]}" for end in range(PLACE_DIGITS, len(place) + 1))
        wanted = (article_id, f"{article_id}{note.path.suffix.lower()}", *digests)
        return next(one for one in wanted if one not in self.claimed)

    def _take(self, article: Article, file: Path) -> None:
        self._articles += 1
        stored = self._stored.get(article.id)
        if stored == article.digest:
            self._unchanged.append(article.id)
            self._batches.keep(article.id, file)
            return
        if stored:
            self._updated.append(article.id)
        else:
            self._added[article.id] = article.digest
        self._batches.put(article, file)

    def _is_free(self, known: SourceFile) -> bool:
        """Whether this run gives a file the same ids as the one that read it."""
        return all(one in self.claimed for one in known.clashes) and not any(
            one in self.claimed for one in known.article_ids
        )

    def _claim(self, known: SourceFile) -> None:
        """Take a file's articles as they are stored."""
        self.claimed.update(dict.fromkeys(known.article_ids, known.path))
        self._unchanged += known.article_ids
        self._see(known)

    def _see(self, file: SourceFile) -> None:
        self._seen.add(file.path)
        kept = bool(file.article_ids)
        self.skipped += [SkippedFile(file.path, problem, kept) for problem in file.problems]

    def _progress(self, done_bytes: int, current: str, page: PageAtHand | None = None) -> None:
        done, total = min(done_bytes, self._total_bytes), self._total_bytes
        self._report(IndexProgress(Phase.READING, done, total, self._articles, current, page))


def _is_gone(file: Path) -> bool:
    """Whether a file is surely there no more; where rights forbid to look, it may be."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
