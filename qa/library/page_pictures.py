"""The page on which words of an article stand, as it looks in its file, the words marked in it.

A page that OCR read shows the lines in which they stand, another page of a PDF the words. The
article may stand in a file inside its file: attached to a mail, packed in an archive.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path

from qa.errors import BadArticle, LibraryError
from qa.library.records import SourceFile
from qa.library.scanned_pages import FILE_NAME, ScannedPages
from qa.reading import pdf, pictures
from qa.reading.articles import article_id, id_below, is_text_of
from qa.reading.draft import Part, Scan, Unreadable
from qa.reading.formats import CONTAINERS, READERS, format_of, parts_below, read_bytes
from qa.reading.kinds import PICTURES
from qa.reading.ocr import OcrLine
from qa.reading.page_marks import lines_of_words, marked_page
from qa.reading.scans import ScannedPage, read_draft
from qa.types import Article

_DRAWN = {".pdf": pdf.page_picture} | dict.fromkeys(PICTURES, pictures.page_picture)
"""Suffix → what draws a page of such a file by its index."""

_KeptPage = Callable[[int], ScannedPage | None]
"""A page of a document as OCR read it, by its index; None if it did not."""


def page_of(article: Article, start: int) -> int | None:
    """The page, from 1, on which an offset of the article stands; None if it has none."""
    return bisect_right(article.page_starts, start) or None


def may_be_drawn(file: Path) -> bool:
    """Whether there may be pictures of the pages in a file; of slides there are none."""
    suffix = format_of(file)
    return suffix in _DRAWN or suffix in CONTAINERS


def page_picture(
    article: Article, start: int, end: int, file: SourceFile, folder: Path, reader: str
) -> bytes:
    """A JPEG of the page on which `text[start:end]` begins, these words marked.

    `file` is the article's, `folder` the one of the library, `reader` the engine's name. Raises
    LibraryError when there is no picture of it, or another file stands there now.
    """
    page = page_of(article, start)
    if page is None:
        raise LibraryError(f"{article.title} has no pages. Open the article instead.")
    try:
        raw = read_bytes(file.path)
        if hashlib.sha256(raw).hexdigest() != file.digest:
            raise LibraryError(f"{file.path} has changed since it was read. Run: qa index")
        document = _document(raw, article, file, folder, reader)
        if document is None:
            raise LibraryError(f"{file.path} holds no pictures of pages. Open the file itself.")
        return _drawn(document, page - 1, article.text[start:end], folder, reader)
    except BadArticle as error:
        raise LibraryError(str(error)) from error
    except Unreadable as error:
        raise LibraryError(f"{file.path}, page {page} {error}") from error


def _drawn(document: Part, index: int, words: str, folder: Path, reader: str) -> bytes:
    picture = _DRAWN[document.suffix](document.raw, index)
    read = _kept_page(document.raw, folder, reader)(index)
    marks: Sequence[OcrLine] = ()
    if read:
        picture = picture.rotate(read.turned, expand=True) if read.turned else picture
        marks = lines_of_words(read.lines, words)
    elif document.suffix == ".pdf":
        marks = pdf.places_of_words(document.raw, index, words, picture.size)
    return marked_page(picture, marks)


def _document(
    raw: bytes, article: Article, file: SourceFile, folder: Path, reader: str
) -> Part | None:
    """The PDF or the picture that the article is: its file, or one in it; None if it is neither."""
    suffix = format_of(file.path)
    if suffix in _DRAWN:
        return Part("file", file.path.name, suffix, raw)
    whole = article_id(file.path, file.root)

    def may_hold_it(place: str) -> bool:
        says_its_place = article.id.startswith(f"{whole}/")  # else the file's own path says it
        return not says_its_place or article.id.startswith(id_below(whole, place))

    for part in parts_below(raw, suffix, may_hold_it):
        if part.suffix in _DRAWN and _is_article(part, article, folder, reader):
            return part
    return None


def _is_article(part: Part, article: Article, folder: Path, reader: str) -> bool:
    kept = _kept_page(part.raw, folder, reader)

    def read(_: Scan, index: int) -> ScannedPage:
        page = kept(index)
        if page is None:
            raise Unreadable("was not read.")
        return page

    drafts = READERS[part.suffix](part.raw).drafts
    return any(is_text_of(read_draft(draft, read).draft, article) for draft in drafts)


def _kept_page(raw: bytes, folder: Path, reader: str) -> _KeptPage:
    digest = hashlib.sha256(raw).digest()

    def page(index: int) -> ScannedPage | None:
        if not (folder / FILE_NAME).exists():
            return None
        with ScannedPages.opened(folder) as kept:
            return kept.page(digest, index, reader)

    return page
