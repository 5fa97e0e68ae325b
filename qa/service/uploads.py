"""The articles of one collection, as a person at the page adds, finds and removes them.

What is uploaded stands as a file in the collection's folder below `uploads/`, which becomes one of
the folders that `qa index` reads: so the library stays a mirror of files, whoever put them there.
"""

import filecmp
import hashlib
import re
import secrets
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa.errors import BadArticle, LibraryError
from qa.library.batches import Batches, Workshop
from qa.library.embedder import Embedder
from qa.library.indexing import index_folders, remove_articles
from qa.library.page_pictures import may_be_drawn, page_picture
from qa.library.records import Heading, SourceFile
from qa.library.scanned_pages import Ocr, PageAtHand
from qa.library.storage import Storage
from qa.library.summary import IndexProgress
from qa.reading.articles import article_id
from qa.reading.formats import MOST_BYTES, is_markdown, not_read
from qa.reading.kinds import suffix_of
from qa.types import Article, Scope

UPLOADS = "uploads"
"""Below the home: a folder for each collection, of the files that were uploaded at the page."""

REMOVED = ".removed"
"""Below the uploads, where files lie whose articles were removed; hidden, so it is not read."""

LONGEST_NAME = 120
"""Bytes of an uploaded file's name: file systems take 255, and a name in Chinese has three a
character."""

NAME_DIGEST_CHARS = 8
"""Hexadecimal digits that tell names apart of which the same is left: two of a thousand such names
agree with a chance of 0.01%."""

MOST_UNDOABLE = 50

_UNUSABLE = re.compile(r"[^\w. ()-]+")


@dataclass(frozen=True, slots=True)
class Added:
    """What an uploaded file gave: ids of articles that are there now, and what was left out."""

    article_ids: tuple[str, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Freshness:
    """How many articles a collection stands on, and the newest one's day."""

    articles: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest of the articles that a list was narrowed to, and how many these are."""

    headings: tuple[Heading, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Removal:
    """An article that was taken out: its title, and a token to undo it with.

    `stands_in` is the file in which it still stands, so that the next `qa index` reads it again,
    from the folder that was indexed on; None where there is none.
    """

    title: str
    token: str
    stands_in: Path | None


@dataclass(frozen=True, slots=True)
class _Removed:
    """An article that was taken out; its file, where it was moved away, lies in `moved_to`."""

    article: Article
    file: Path
    moved_to: Path | None


class Shelf:
    """The articles of a collection; may be used from any thread."""

    def __init__(
        self,
        store: Storage,
        embedder: Embedder,
        uploads: Path,
        passage_tokens: int,
        embedder_name: str = "",
        ocr: Ocr | None = None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self.uploads = uploads
        self._passage_tokens = passage_tokens
        self._embedder_name = embedder_name
        self._ocr = ocr
        self._removed: dict[str, _Removed] = {}
        self._writing = threading.Lock()

    def article(self, article_id: str) -> Article | None:
        """The article of that id, as the library has it now."""
        return self._store.article(article_id)

    def page_picture(self, article_id: str, start: int, end: int) -> bytes:
        """A JPEG of the page on which these words of an article begin; raises LibraryError."""
        article, file = self._store.article(article_id), self._store.file_of(article_id)
        if article is None or file is None:
            raise LibraryError(f"The article {article_id} is in the library no more.")
        reader = self._ocr.reader.name if self._ocr else ""
        return page_picture(article, start, end, file, self._store.index_dir, reader)

    def has_pictures(self, article_id: str) -> bool:
        """Whether there may be pictures of an article's pages."""
        file = self._store.file_of(article_id)
        return file is not None and may_be_drawn(file.path)

    def is_markdown(self, article_id: str) -> bool:
        """Whether an article was read from a Markdown file of its own."""
        file = self._store.file_of(article_id)
        return file is not None and is_markdown(file.path)

    def freshness(self) -> Freshness:
        """How many articles there are, and of when the newest is."""
        return Freshness(self._store.article_count(), self._store.newest())

    def sources(self) -> tuple[str, ...]:
        """Every source that an article names."""
        return self._store.sources()

    def known(self, scope: Scope) -> Scope:
        """The scope with its sources as the articles write them. Raises LibraryError."""
        return self._store.known_sources(scope)

    def listed(self, search: str, scope: Scope, most: int) -> Listed:
        """The articles of a scope whose title, id or source has each of these words, newest first.

        At most so many of them. Raises LibraryError when no article comes from a source of the
        scope.
        """
        wanted = unicodedata.normalize("NFC", search).casefold().split()
        scope = self._store.known_sources(scope)
        if not wanted:
            return Listed(self._store.headings(scope, most), self._store.article_count(scope))
        found = self._store.headings_with(wanted, scope)
        return Listed(found[:most], len(found))

    def incoming(self, name: str) -> Path:
        """A path to write an upload to, before it is added; BadArticle if none is read of its kind.

        `name` is the file's name, or its path below a folder that was chosen as a whole.
        """
        refusal = not_read(name)
        if refusal:
            raise BadArticle(refusal)
        self.uploads.mkdir(parents=True, exist_ok=True)
        return self.uploads / f".incoming-{secrets.token_hex(8)}{suffix_of(name)}"

    def add(
        self, written: Path, name: str, report: Callable[[PageAtHand], None] = lambda _: None
    ) -> Added:
        """Read a file that was uploaded, and keep it; in place of an earlier one of that name.

        `report` is told each page of a scan before it is read. Raises LibraryError when the file
        gives no article; it is then not kept.
        """
        try:
            if written.stat().st_size > MOST_BYTES:
                raise LibraryError(f"{name} is larger than {MOST_BYTES >> 20} MB. Split it.")
            with self._writing:
                former_ids = self._take_over(written, name)
                added = self._keep(written, self._place(name), report)
                stale = [one for one in former_ids if one not in added.article_ids]
                if stale:
                    remove_articles(stale, self._store, _wait)
                return added
        finally:
            written.unlink(missing_ok=True)

    def put(self, content: bytes, file: Path) -> Added:
        """Keep a file below `uploads`, in place of an earlier one there, and read it.

        Raises LibraryError when it gives no article; all is then as it was.
        """
        written = self.incoming(file.name)
        try:
            written.write_bytes(content)
            with self._writing:
                return self._keep(written, file, lambda _: None)
        finally:
            written.unlink(missing_ok=True)

    def ids_in(self, file: Path) -> tuple[str, ...]:
        """The ids of the articles that were read from a file; none of one that is not known."""
        known = self._store.files().get(file)
        return known.article_ids if known else ()

    def _keep(self, written: Path, file: Path, report: Callable[[PageAtHand], None]) -> Added:
        self._check_recipe()
        before = file.read_bytes() if file.exists() else None
        file.parent.mkdir(parents=True, exist_ok=True)
        written.replace(file)
        try:
            return self._index(file, report)
        except LibraryError as error:
            if before is None:
                file.unlink()
            else:
                file.write_bytes(before)
            raise LibraryError(_own(file, str(error))) from error

    def remove(self, article_id: str) -> Removal | None:
        """Take an article out; None when there is no such article.

        An uploaded file that holds no other article is moved away; others stay where they are, and
        `qa index` brings their articles back.
        """
        with self._writing:
            article = self._store.article(article_id)
            if article is None:
                return None
            owning = self._store.file_of(article_id)
            file = owning.path if owning else self.uploads / article_id
            alone = owning is not None and owning.article_ids == (article_id,)
            remove_articles([article_id], self._store, _wait)
            moved_to = None
            if alone and file.is_file() and self.uploads in file.parents:
                moved_to = self.uploads / REMOVED / f"{secrets.token_hex(4)}-{file.name}"
                moved_to.parent.mkdir(exist_ok=True)
                file.replace(moved_to)
            token = secrets.token_urlsafe(16)
            self._removed[token] = _Removed(article, file, moved_to)
            for stale in list(self._removed)[:-MOST_UNDOABLE]:
                del self._removed[stale]
            return Removal(article.title, token, None if moved_to else self._standing(owning))

    def undo(self, token: str) -> str | None:
        """Bring a removed article back; its id, None when there is nothing to undo.

        Raises LibraryError when it cannot be brought back now; it can be tried again.
        """
        with self._writing:
            removed = self._removed.get(token)
            if removed is None:
                return None
            recipe = self._store.recipe()
            if recipe is None:
                raise LibraryError("The library is empty. Fill it with: qa index FOLDER")
            self._check_recipe()
            if removed.moved_to and not removed.file.exists():
                removed.moved_to.replace(removed.file)
            workshop = Workshop(self._store, self._embedder, recipe)
            with self._store.only_writer(_wait):
                with Batches(workshop) as batches:
                    batches.put(removed.article, removed.file)
                    batches.finish()
                self._store.settle()
            del self._removed[token]
            return removed.article.id

    def _index(self, file: Path, report: Callable[[PageAtHand], None]) -> Added:
        """Read one file beside what the library holds, and note its folder as one to be read."""

        def tell_page(progress: IndexProgress) -> None:
            if progress.page:
                report(progress.page)

        roots = dict.fromkeys([*self._store.roots(), self.uploads])
        summary = index_folders(
            [self.uploads],
            self._store,
            self._embedder,
            self._passage_tokens,
            tell_page,
            embedder_name=self._embedder_name,
            ocr=self._ocr,
            only=file,
            next_roots=tuple(roots),
            waiting=_wait,
        )
        return Added(self.ids_in(file), tuple(_own(file, one.reason) for one in summary.skipped))

    def _place(self, name: str) -> Path:
        """Where an upload is kept: below no folder, under a name of which no article stands.

        An article of that id from elsewhere must not be taken for an earlier version of this one.
        """
        file, aside = self.uploads / _kept_as(name), self.uploads / _with_digest(name)
        taken = self._store.article(article_id(file, file)) is not None
        return aside if aside.exists() or (taken and not file.exists()) else file

    def _take_over(self, written: Path, name: str) -> tuple[str, ...]:
        """Give an upload from before names had digests the name it is kept under now; its articles.

        Any of several names may have been its own, so it must hold what was written now: whosever
        it was, nothing is lost.
        """
        former, kept = self.uploads / _flat(name), self.uploads / _kept_as(name)
        is_former = former != kept and former.is_file() and not kept.exists()
        if not is_former or not filecmp.cmp(former, written, shallow=False):
            return ()
        self._check_recipe()
        article_ids = self.ids_in(former)
        former.replace(kept)
        return article_ids

    def _standing(self, there: SourceFile | None) -> Path | None:
        """The file that an article was read from, as others may know of it.

        From the folder that was indexed on; an upload from `uploads/` in the home on.
        """
        if there is None or not there.path.is_file():
            return None
        path, uploaded = there.path, self.uploads in there.path.parents
        base = self.uploads.parent.parent if uploaded else there.root.parent
        # What an undo has brought back is known by its file alone, until it is indexed again.
        return path.relative_to(base) if path.is_relative_to(base) else Path(path.name)

    def _check_recipe(self) -> None:
        """Refuse to embed the whole library anew for the sake of one file."""
        recipe = self._store.recipe()
        if recipe and recipe.embedder != self._embedder.digest:
            raise LibraryError(
                f"The library was made with the embedder {recipe.embedder_name!r}. Bring it up to "
                "date first with: qa index"
            )


def _flat(name: str) -> str:
    """What is left of a name, or a path, as that of a file here; its suffix in small letters."""
    flat = _UNUSABLE.sub("-", "-".join(Path(name.replace("\\", "/")).parts)).lstrip(".- ")
    suffix = suffix_of(name)
    stem = _beginning(flat[: -len(suffix)], LONGEST_NAME - len(suffix)).strip() or "upload"
    return f"{stem}{suffix}"


def _beginning(text: str, most: int) -> str:
    """As many of its first characters as fit into so many bytes."""
    return text.encode(errors="ignore")[:most].decode(errors="ignore")


def _kept_as(name: str) -> str:
    """The name that a file is kept under: its own, or what is left of it and a digest of it all.

    `2023/Wang visit.md` → `2023-Wang visit-950685c6.md`
    """
    suffix = suffix_of(name)
    whole = _flat(name).removesuffix(suffix) == name[: -len(suffix)]
    return name if whole else _with_digest(name)


def _with_digest(name: str) -> str:
    """What is left of a name with a digest of it all: no other name has the same."""
    suffix = suffix_of(name)
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:NAME_DIGEST_CHARS]
    stem = _beginning(
        _flat(name).removesuffix(suffix), LONGEST_NAME - len(suffix) - len(digest) - 1
    )
    return f"{stem}-{digest}{suffix}"


def _own(file: Path, reason: str) -> str:
    """What was left out, without the path, which says nothing to whoever uploaded the file."""
    return reason.replace(str(file), file.name)


def _wait(_: str) -> None:
    """Whoever is indexing is done in the end; the page says meanwhile that a file is being read."""
