"""A PDF becomes its text and the offsets of its pages. Pure: bytes in, values out.

How lines are read off a page is said in `page_lines`, their order in `page_layout`, and what they
mean (running heads, hyphens, paragraphs) in `page_text`.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from qa.reading.draft import Contents, Draft, Scan, Unreadable
from qa.reading.encodings import garbled
from qa.reading.ocr import DOTS_PER_INCH, OcrLine
from qa.reading.page_line import Line
from qa.reading.page_lines import Box, boxes_of_words, lines_of
from qa.reading.page_text import join_pages
from qa.reading.pictures import LONGEST_SIDE
from qa.reading.titles import stated_title

if TYPE_CHECKING:
    from PIL import Image

MOST_PAGES = 10_000
"""A damaged file may claim billions; no cutting has so many."""

STAMP_CHARACTERS = 200
"""A scanned page may bear so much text of its own, put there by whoever scanned or sent it."""

_USING_PDFIUM = Lock()
"""PDFium is not safe to use from several threads at once; the page draws while a file is read."""

SCAN_SHARE = 2 / 3
"""Of a page: a picture that covers so much is the page."""


def read_pdf(raw: bytes) -> Contents:
    """The article in a PDF with its pages; a scan where some hold no text of their own.

    Raises Unreadable when it is damaged, protected, or holds no pages.
    """
    with _opened(raw) as document:
        if len(document) > MOST_PAGES:
            raise Unreadable(f"has more than {MOST_PAGES:,} pages. Split it.")
        pages = [_own_lines(document, number) for number in range(len(document))]
        title = stated_title(document.get_metadata_value("Title"))
    if not pages:
        raise Unreadable("holds no pages. Delete it or save it again.")
    return Contents((_draft(raw, pages, title),))


def page_picture(raw: bytes, index: int) -> "Image.Image":
    """A page as a picture, as fine as OCR reads it. Raises Unreadable when it cannot be drawn."""
    with _opened(raw) as document, _drawable():
        page = document[index]
        scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(page.get_size()))
        picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return picture


def places_of_words(
    raw: bytes, index: int, words: str, size: tuple[int, int]
) -> tuple[OcrLine, ...]:
    """Where these words stand in the picture of a page that has this size in pixels, line by line.

    Raises Unreadable when it cannot be drawn.
    """
    with _opened(raw) as document, _drawable():
        page = document[index]
        return tuple(_in_picture(page, place, size) for place in boxes_of_words(page, words))


def _in_picture(page: Any, box: Box, size: tuple[int, int]) -> OcrLine:
    import pypdfium2.raw as pdfium

    def point(x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
        return across.value, down.value

    corners = point(box.left, box.bottom), point(box.right, box.top)
    (left, right), (top, foot) = (sorted(ends) for ends in zip(*corners, strict=True))
    return OcrLine("", left, top, right, top, foot - top, 1.0)


@contextmanager
def _opened(raw: bytes) -> Iterator[Any]:
    """PDFium's document, for one thread at a time. Raises Unreadable."""
    import pypdfium2 as pdfium

    with _USING_PDFIUM:
        try:
            document = pdfium.PdfDocument(raw)
        except pdfium.PdfiumError as error:
            if error.err_code == pdfium.raw.FPDF_ERR_PASSWORD:
                raise Unreadable("is protected by a password. Save an unprotected copy.") from error
            raise Unreadable("is no PDF, or a damaged one. Save it again.") from error
        try:
            yield document
        finally:
            document.close()


@contextmanager
def _drawable() -> Iterator[None]:
    import pypdfium2 as pdfium

    try:
        yield
    except (pdfium.PdfiumError, ZeroDivisionError) as error:
        raise Unreadable("cannot be drawn. Save the PDF again.") from error


def _draft(raw: bytes, pages: list[list[Line]], title: str | None) -> Draft:
    """The text of the pages, if all have some; letters that no font names must be looked at."""
    paged = join_pages(pages)
    if garbled(paged.text):
        pages = [[] for _ in pages]
    if all(pages):
        return Draft(paged.text, title, page_starts=paged.page_starts)
    own = tuple(tuple(lines) or None for lines in pages)
    return Draft("", title, scan=Scan(raw, own, page_picture))


def _own_lines(document: Any, number: int) -> list[Line]:
    """The lines of a page, none where it is damaged, or a scan that bears at most a stamp."""
    import pypdfium2 as pdfium

    try:
        page = document[number]
        lines = lines_of(page)
        stamp = sum(len(line.text) for line in lines) <= STAMP_CHARACTERS
        covered = bool(lines) and stamp and _is_covered(page)
    except pdfium.PdfiumError:
        return []
    page.close()
    return [] if covered else lines


def _is_covered(page: Any) -> bool:
    """Whether a single picture covers most of a page."""
    import pypdfium2 as pdfium

    width, height = page.get_size()
    for picture in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        seen = (min(right, width) - max(left, 0)) * (min(top, height) - max(bottom, 0))
        if seen >= SCAN_SHARE * width * height:
            return True
    return False
