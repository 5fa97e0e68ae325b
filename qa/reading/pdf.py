"""A PDF becomes its text and the offsets of its pages. Pure: bytes in, values out.

How lines are read off a page is said in `page_lines`, their order in `page_layout`, and what they
mean (running heads, hyphens, paragraphs) in `page_text`.
PDFium is not safe to use from several threads at once.
"""

from typing import TYPE_CHECKING, Any

from qa.reading.draft import Contents, Draft, Scan, Unreadable
from qa.reading.encodings import garbled
from qa.reading.ocr import DOTS_PER_INCH
from qa.reading.page_line import Line
from qa.reading.page_lines import lines_of
from qa.reading.page_text import join_pages
from qa.reading.pictures import LONGEST_SIDE
from qa.reading.titles import stated_title

if TYPE_CHECKING:
    from PIL import Image

MOST_PAGES = 10_000
"""A damaged file may claim billions; no cutting has so many."""

STAMP_CHARACTERS = 200
"""A scanned page may bear so much text of its own, put there by whoever scanned or sent it."""

SCAN_SHARE = 2 / 3
"""Of a page: a picture that covers so much is the page."""


def read_pdf(raw: bytes) -> Contents:
    """The article in a PDF with its pages; a scan where some hold no text of their own.

    Raises Unreadable when it is damaged, protected, or holds no pages.
    """
    document = _opened(raw)
    try:
        if len(document) > MOST_PAGES:
            raise Unreadable(f"has more than {MOST_PAGES:,} pages. Split it.")
        pages = [_own_lines(document, number) for number in range(len(document))]
        title = stated_title(document.get_metadata_value("Title"))
    finally:
        document.close()
    if not pages:
        raise Unreadable("holds no pages. Delete it or save it again.")
    return Contents((_draft(raw, pages, title),))


def page_picture(raw: bytes, index: int) -> "Image.Image":
    """A page as a picture, as fine as OCR reads it. Raises Unreadable when it cannot be drawn."""
    import pypdfium2 as pdfium

    document = _opened(raw)
    try:
        page = document[index]
        scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(page.get_size()))
        picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    except (pdfium.PdfiumError, ZeroDivisionError) as error:
        raise Unreadable("cannot be drawn. Save the PDF again.") from error
    finally:
        document.close()
    return picture


def _opened(raw: bytes) -> Any:
    """PDFium's document. Raises Unreadable."""
    import pypdfium2 as pdfium

    try:
        return pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium.raw.FPDF_ERR_PASSWORD:
            raise Unreadable("is protected by a password. Save an unprotected copy.") from error
        raise Unreadable("is no PDF, or a damaged one. Save it again.") from error


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
    """The lines of a page, none where it is a scan that bears at most a stamp."""
    lines = _lines(document, number)
    stamp = sum(len(line.text) for line in lines) <= STAMP_CHARACTERS
    return [] if lines and stamp and _is_covered(document[number]) else lines


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


def _lines(document: Any, number: int) -> list[Line]:
    import pypdfium2 as pdfium

    try:
        page = document[number]
        lines = lines_of(page)
    except pdfium.PdfiumError:
        return []
    page.close()
    return lines
