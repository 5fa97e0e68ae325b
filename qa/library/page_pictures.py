"""The page on which words of an article stand, as it looks in its file, the words marked in it.

A page that OCR read shows where they stand; of other pages of a PDF the picture is shown as it is.
"""

import hashlib
from bisect import bisect_right
from pathlib import Path

from qa.errors import BadArticle, LibraryError
from qa.library.records import SourceFile
from qa.library.scanned_pages import FILE_NAME, ScannedPages
from qa.reading import pdf, pictures
from qa.reading.draft import Unreadable
from qa.reading.formats import read_bytes
from qa.reading.kinds import PICTURES, suffix_of
from qa.reading.page_marks import lines_of_words, marked_page
from qa.reading.scans import ScannedPage
from qa.reading.web_archives import read_warc
from qa.types import Article

_DRAWN = {".pdf": pdf.page_picture} | dict.fromkeys(PICTURES, pictures.page_picture)
"""Suffix → what draws a page of such a file by its index."""


def page_of(article: Article, start: int) -> int | None:
    """The page, from 1, on which an offset of the article stands; None if it has none."""
    return bisect_right(article.page_starts, start) or None


def page_picture(
    article: Article, start: int, end: int, file: SourceFile, folder: Path, reader: str
) -> bytes:
    """A JPEG of the page on which `text[start:end]` begins, these words marked if OCR read it.

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
        suffix, raw = _document(suffix_of(file.path.name), raw)
        draw = _DRAWN.get(suffix)
        if draw is None:
            raise LibraryError(f"{file.path} holds no pictures of pages. Open the file itself.")
        picture = draw(raw, page - 1)
    except BadArticle as error:
        raise LibraryError(str(error)) from error
    except Unreadable as error:
        raise LibraryError(f"{file.path}, page {page} {error}") from error
    read = _as_read(raw, page - 1, folder, reader)
    if read is None:
        return marked_page(picture, ())
    upright = picture.rotate(read.turned, expand=True) if read.turned else picture
    return marked_page(upright, lines_of_words(read.lines, article.text[start:end]))


def _document(suffix: str, raw: bytes) -> tuple[str, bytes]:
    """The suffix and the bytes of what has pages: the file itself, or the one in a web archive."""
    if suffix in (".warc", ".warc.gz"):
        parts = read_warc(raw).parts
        if len(parts) == 1:
            return parts[0].suffix, parts[0].raw
    return suffix, raw


def _as_read(raw: bytes, index: int, folder: Path, reader: str) -> ScannedPage | None:
    """A page as OCR read it; None if it did not."""
    if not (folder / FILE_NAME).exists():
        return None
    with ScannedPages.opened(folder) as kept:
        return kept.page(hashlib.sha256(raw).digest(), index, reader)
