"""PDFs become text with pages; the files are made here, and read by PDFium as any other."""

import io

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from qa.reading.draft import Contents, Draft, Scan, Unreadable
from qa.reading.page_line import Line
from qa.reading.pdf import _draft, page_picture, read_pdf
from tests.reading.samples import mixed_pdf, pdf, scanned_pdf

FULL = "of the harbour in the north and of all its berths, cranes and ware-"


def test_a_report_of_three_pages() -> None:
    pages = [
        ["Harbour News 1", "", "# Port reopens", "", "The master", FULL, "houses opened it."],
        [
            "Harbour News 2",
            "",
            "    It is a well-known port, and the people",
            "of the town are a well-",
        ],
        ["Harbour News 3", "", "known people."],
    ]
    text = (
        "Port reopens\n\n"
        "The master of the harbour in the north and of all its berths, cranes and warehouses"
        " opened it.\n\n"
        "It is a well-known port, and the people of the town are a well-known people."
    )
    starts = (0, text.index("It is a"), text.index("known people."))
    assert read_pdf(pdf(pages)) == Contents((Draft(text, page_starts=starts),))


@pytest.mark.parametrize(
    ("stated", "title"), [("Port reopens", "Port reopens"), ("a.doc", None), (None, None)]
)
def test_the_title_in_the_properties(stated: str | None, title: str | None) -> None:
    assert read_pdf(pdf([["Text."]], title=stated)).drafts[0].title == title


def test_the_day_it_was_made_is_not_the_day_it_was_published() -> None:
    assert b"/CreationDate" in pdf([["Text."]])
    assert read_pdf(pdf([["Text."]])).drafts[0].published is None


def test_pages_without_text_are_pictures_to_be_read() -> None:
    (draft,) = read_pdf(pdf([[], ["Two."], []])).drafts
    assert draft.text == ""
    assert draft.scan is not None
    first, second, third = draft.scan.pages
    assert (first, third) == (None, None)
    assert [line.text for line in second or ()] == ["Two."]
    (whole,) = read_pdf(scanned_pdf(2)).drafts
    assert whole.scan is not None
    assert whole.scan.pages == (None, None)


def stamped(stamp: str, share: float) -> Scan | None:
    """What becomes of a page with a picture of this share of its height, and this text on it."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(600, 800))
    canvas.drawInlineImage(Image.new("L", (30, 40), "gray"), 0, 0, 600, 800 * share)
    canvas.drawString(72, 20, stamp)
    canvas.showPage()
    canvas.save()
    (draft,) = read_pdf(written.getvalue()).drafts
    return draft.scan


def test_a_scan_that_bears_a_stamp_is_a_picture_all_the_same() -> None:
    scan = stamped("Scanned at the library", 0.7)
    assert scan is not None
    assert scan.pages == (None,)
    assert stamped("A caption under half a page", 0.5) is None
    assert stamped("Words of a text that was laid over its scan. " * 5, 1.0) is None


def test_letters_that_no_font_names_are_pictures_too() -> None:
    line = Line("\x01\x02\x03 \x04\x05\x06", 72, 300, 700, 12, 12)
    scan = _draft(b"", [[line], [line]], None).scan
    assert scan is not None
    assert scan.pages == (None, None)


def test_a_page_is_drawn_as_it_is_turned_and_no_larger_than_is_read() -> None:
    assert page_picture(scanned_pdf(), 0).size == (1653, 2339)
    drawn = page_picture(mixed_pdf(["", ""]), 1)
    black = drawn.crop((400, 1000, 600, 1200)).getextrema()
    assert (drawn.mode, black) == ("L", (0, 0))
    document = pdfium.PdfDocument.new()
    document.new_page(7200, 720).set_rotation(90)
    written = io.BytesIO()
    document.save(written)
    assert page_picture(written.getvalue(), 0).size == (500, 5000)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            pdf([["Text."]], password="secret"),
            "is protected by a password. Save an unprotected copy.",
        ),
        (b"%PDF-1.4 and no more", "is no PDF, or a damaged one. Save it again."),
    ],
)
def test_what_cannot_be_read_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_pdf(raw)
    assert str(caught.value) == reason


@settings(deadline=None)
@given(st.integers(0, 1500), st.binary(max_size=40), st.integers(0, 40))
def test_a_damaged_pdf_gives_text_or_a_reason(at: int, noise: bytes, dropped: int) -> None:
    raw = pdf([["Harbour News", "", "The port has re-"], ["opened."]])
    try:
        contents = read_pdf(raw[:at] + noise + raw[at + dropped :])
    except Unreadable:
        return
    (draft,) = contents.drafts
    if draft.scan:
        assert draft.scan.pictures
        return
    assert draft.page_starts[0] == 0
    assert draft.page_starts[-1] <= len(draft.text)
