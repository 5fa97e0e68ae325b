"""A PDF becomes its text and the offsets of its pages. Pure: bytes in, values out.

How lines are read off a page is said in `page_lines`, their order in `page_layout`, and what they
mean (running heads, hyphens, paragraphs) in `page_text`.
PDFium is not safe to use from several threads at once.
"""

from typing import Any

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.encodings import garbled
from qa.reading.page_line import Line
from qa.reading.page_lines import lines_of
from qa.reading.page_text import join_pages
from qa.reading.titles import stated_title

MOST_PAGES = 10_000
"""A damaged file may claim billions; no cutting has so many."""

NAMED_PAGES = 10
"""So many pages without text are named; of more, the number."""


def read_pdf(raw: bytes) -> Contents:
    """The article in a PDF with its pages. Raises Unreadable when it holds no text."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium.raw.FPDF_ERR_PASSWORD:
            raise Unreadable("is protected by a password. Save an unprotected copy.") from error
        raise Unreadable("is no PDF, or a damaged one. Save it again.") from error
    try:
        if len(document) > MOST_PAGES:
            raise Unreadable(f"has more than {MOST_PAGES:,} pages. Split it.")
        pages = [_lines(document, number) for number in range(len(document))]
        title = stated_title(document.get_metadata_value("Title"))
    finally:
        document.close()
    return _contents(pages, title)


def _contents(pages: list[list[Line]], title: str | None) -> Contents:
    paged = join_pages(pages)
    if not paged.text:
        raise Unreadable("holds no text, only pictures. Run OCR on it first, for example ocrmypdf.")
    if garbled(paged.text):
        raise Unreadable(
            "holds letters that cannot be told, as its fonts do not name them. Run OCR on it"
            " first, for example ocrmypdf --force-ocr."
        )
    empty = [number for number, lines in enumerate(pages, start=1) if not lines]
    return Contents((Draft(paged.text, title, page_starts=paged.page_starts),), _missing(empty))


def _missing(empty: list[int]) -> tuple[str, ...]:
    if not empty:
        return ()
    named = ", ".join(map(str, empty[:NAMED_PAGES]))
    more = f" and {len(empty) - NAMED_PAGES} more" if len(empty) > NAMED_PAGES else ""
    pages = "page" if len(empty) == 1 else "pages"
    return (f"{pages} {named}{more}: no text there, perhaps a picture. OCR would read it.",)


def _lines(document: Any, number: int) -> list[Line]:
    import pypdfium2 as pdfium

    try:
        page = document[number]
        lines = lines_of(page)
    except pdfium.PdfiumError:
        return []
    page.close()
    return lines
