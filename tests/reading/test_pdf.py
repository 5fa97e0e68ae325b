"""PDFs become text with pages; the files are made here, and read by PDFium as any other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.pdf import read_pdf
from tests.reading.samples import pdf, scanned_pdf

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


def test_pages_without_text_are_named_and_counted() -> None:
    contents = read_pdf(pdf([[], ["Two."], [], ["Four."]]))
    assert contents.drafts[0].page_starts == (0, 0, 6, 6)
    assert contents.problems == (
        "pages 1, 3: no text there, perhaps a picture. OCR would read it.",
    )
    many = read_pdf(pdf([["One."], *([[]] * 12)]))
    assert many.problems == (
        "pages 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more: no text there, perhaps a picture."
        " OCR would read it.",
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            scanned_pdf(2),
            "holds no text, only pictures. Run OCR on it first, for example ocrmypdf.",
        ),
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
    assert draft.page_starts[0] == 0
    assert draft.page_starts[-1] <= len(draft.text)
