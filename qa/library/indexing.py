"""The story of an article: file → Article → Passages → vectors → library → FAISS snapshot.

Indexing mirrors what is named: afterwards the library holds the articles below those paths and no
others. What is finished is kept a batch at a time, so an interrupted run loses no more than one.
"""

import fcntl
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.errors import BadArticle, LibraryError
from qa.library.embedder import Embedder
from qa.library.records import CutArticle, Recipe
from qa.library.store import Store
from qa.library.vectors import publish_snapshot
from qa.reading.articles import READING_VERSION, article_id, find_files, read_articles
from qa.reading.formats import READERS, read_bytes
from qa.reading.passages import SPLITTER_VERSION, header, split_article
from qa.types import Article, Passage

BATCH_PASSAGES = 64
"""Passages embedded and stored in one transaction: under a second of work."""


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far indexing is, in files and stored articles to go through."""

    done: int
    total: int
    current: str


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that gave no article, and the whole message why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What indexing changed, as article ids. `reembedded` were unchanged but made anew."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    reembedded: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]
    passages: int


def embedding_text(passage: Passage) -> str:
    """What is embedded of a passage: its header, then its words."""
    return f"{header(passage.title, passage.published)}\n{passage.text}"


def index_folders(
    roots: Sequence[Path],
    store: Store,
    embedder: Embedder,
    passage_tokens: int,
    report: Callable[[IndexProgress], None],
    *,
    keep_missing: bool = False,
) -> IndexSummary:
    """Make the library mirror these files and folders, or, if none is named, those of last time.

    With `keep_missing` articles from elsewhere stay. Raises LibraryError, with nothing changed,
    when a path is missing, no article stands below them, or another process is indexing.
    """
    with _only_writer(store):
        roots = tuple(root.absolute() for root in roots) or store.roots()
        files = _files_below(roots)
        recipe = Recipe(
            embedder=embedder.digest,
            dimension=embedder.dimension,
            passage_tokens=min(passage_tokens, embedder.max_tokens),
            splitter=SPLITTER_VERSION,
        )
        run = _Run(store, embedder, recipe, report)
        run.cut_again(files_to_come=len(files))
        run.read(files)
        if not run.claimed:
            reasons = "".join(f" {file.reason}" for file in run.skipped[:1])
            raise LibraryError(_nothing_below(roots) + reasons)
        run.finish(roots, keep_missing=keep_missing)
        publish_snapshot(store, store.index_dir)
        return run.summary()


def remove_articles(article_ids: Iterable[str], store: Store) -> tuple[str, ...]:
    """Remove articles from the library until they are indexed again; returns those it held."""
    with _only_writer(store):
        held = store.digests()
        removed = tuple(one for one in dict.fromkeys(article_ids) if one in held)
        if removed:
            with store.changing() as changes:
                changes.remove(removed)
            publish_snapshot(store, store.index_dir)
        return removed


class _Run:
    """One run of indexing: what it has seen so far, and the batch that is being filled."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        recipe: Recipe,
        report: Callable[[IndexProgress], None],
    ) -> None:
        self._store, self._embedder, self._recipe, self._report = store, embedder, recipe, report
        self._known = store.files()
        self._stored = store.digests()
        self._batch: list[CutArticle] = []
        self._moved: list[tuple[str, Path, str]] = []
        self._done = self._total = 0
        self.claimed: dict[str, Path] = {}
        self.skipped: list[SkippedFile] = []
        self._added: list[str] = []
        self._updated: list[str] = []
        self._unchanged: list[str] = []
        self._removed: list[str] = []
        self._reembedded: list[str] = []

    def cut_again(self, files_to_come: int) -> None:
        """If the recipe changed, make the stored articles' passages anew beside the old ones.

        Readers change over when all are made; a run that was interrupted is taken up again.
        """
        recipes = self._store.recipes()
        articles = self._store.lacking(self._recipe) if recipes else ()
        self._total = len(articles) + files_to_come
        batch: list[Passage] = []
        for one in articles:
            self._advance(one)
            article = self._store.article(one)
            if article is not None:
                batch += self._cut(article)
                self._reembedded.append(one)
            if len(batch) >= BATCH_PASSAGES:
                self._put_passages(batch)
                batch = []
        self._put_passages(batch)
        if recipes and recipes != (self._recipe,):
            with self._store.changing() as changes:
                changes.activate(self._recipe)

    def read(self, files: Sequence[tuple[Path, Path]]) -> None:
        """Read files, each below its root, and store what is new or changed in them."""
        for path, root in files:
            self._advance(str(path))
            try:
                self._read_file(path, root)
            except BadArticle as error:
                self.skipped.append(SkippedFile(path, str(error)))
            if sum(len(cut.passages) for cut in self._batch) >= BATCH_PASSAGES:
                self._put_batch()
        self._put_batch()
        self._report(IndexProgress(self._total, self._total, ""))

    def finish(self, roots: Sequence[Path], *, keep_missing: bool) -> None:
        """Remove what no file claimed, and note where everything stands now."""
        if not keep_missing:
            self._removed = sorted(self._stored.keys() - self.claimed.keys())
        if tuple(roots) == self._store.roots() and not self._removed and not self._moved:
            return
        with self._store.changing() as changes:
            changes.remove(self._removed)
            for one, path, file_digest in self._moved:
                changes.move(one, path, file_digest)
            changes.remember_roots(roots)

    def summary(self) -> IndexSummary:
        """What this run changed."""
        return IndexSummary(
            added=tuple(self._added),
            updated=tuple(self._updated),
            removed=tuple(self._removed),
            unchanged=tuple(self._unchanged),
            reembedded=tuple(self._reembedded),
            skipped=tuple(self.skipped),
            passages=self._store.passage_count(),
        )

    def _read_file(self, path: Path, root: Path) -> None:
        digest = _file_digest(path, root)
        known = self._known.get(path)
        if known and known.digest == digest and not self.claimed.keys() & known.article_ids:
            self.claimed.update(dict.fromkeys(known.article_ids, path))
            self._unchanged += known.article_ids
            return
        for article in read_articles(path, root):
            first = self.claimed.setdefault(article.id, path)
            if first != path:
                raise BadArticle(
                    f"{path} has the id {article.id!r}, as has {first}, which was read first."
                    " Give one of them another `id:` in its front matter."
                )
            self._take(article, path, digest)

    def _take(self, article: Article, path: Path, file_digest: str) -> None:
        stored = self._stored.get(article.id)
        if stored == article.digest:
            self._unchanged.append(article.id)
            self._moved.append((article.id, path, file_digest))
            return
        (self._updated if stored else self._added).append(article.id)
        self._batch.append(CutArticle(article, path, file_digest, self._cut(article)))

    def _cut(self, article: Article) -> tuple[Passage, ...]:
        return split_article(article, self._embedder.count_tokens, self._recipe.passage_tokens)

    def _put_batch(self) -> None:
        """Embed the batch, then store it in one transaction, which is never held meanwhile."""
        if not self._batch:
            return
        passages = [passage for cut in self._batch for passage in cut.passages]
        vectors = self._embedder.embed([embedding_text(passage) for passage in passages])
        first = 0
        with self._store.changing() as changes:
            for cut in self._batch:
                after = first + len(cut.passages)
                changes.put(cut, vectors[first:after], self._recipe)
                first = after
        self._batch = []

    def _put_passages(self, passages: Sequence[Passage]) -> None:
        if passages:
            vectors = self._embedder.embed([embedding_text(passage) for passage in passages])
            with self._store.changing() as changes:
                changes.put_passages(passages, vectors, self._recipe)

    def _advance(self, current: str) -> None:
        self._report(IndexProgress(self._done, self._total, current))
        self._done += 1


def _files_below(roots: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Every file to read with its root, sorted below each root; a file counts for the first."""
    if not roots:
        raise LibraryError("No folder was named and none was indexed before: qa index FOLDER")
    root_of: dict[Path, Path] = {}
    for root in roots:
        if not root.exists():
            raise LibraryError(f"There is no file or folder {root}. Nothing was changed.")
        for path in find_files(root):
            root_of.setdefault(path, root)
    if not root_of:
        raise LibraryError(_nothing_below(roots))
    return list(root_of.items())


def _nothing_below(roots: Sequence[Path]) -> str:
    named = ", ".join(map(str, roots))
    return f"There is no article ({', '.join(READERS)}) below {named}. Nothing was changed."


def _file_digest(path: Path, root: Path) -> str:
    """SHA-256 of all that a file's articles depend on: its bytes, its place and this program."""
    place = f"{READING_VERSION}\0{article_id(path, root)}\0".encode()
    return hashlib.sha256(place + read_bytes(path)).hexdigest()


@contextmanager
def _only_writer(store: Store) -> Iterator[None]:
    """Hold the lock of the index folder; it is let go even when the process is killed."""
    file = store.index_dir / ".lock"
    try:
        lock = file.open("w")
    except OSError as error:
        raise LibraryError(
            f"{store.index_dir} cannot be written: {error.strerror}. Check its rights."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LibraryError(
                f"Another qa index is at work on {store.index_dir} (it holds {file})."
                " Try again when that is done."
            ) from error
        yield
