"""Word documents become their text; what a reader of them does not see stays out."""

import pytest

from qa.reading.docx import read_docx
from qa.reading.draft import Contents, Draft, Unreadable
from tests.reading.samples import WORD, docx, paragraph, zipped


def text_of(body: str) -> str:
    return read_docx(docx(body)).drafts[0].text


def test_paragraphs_lists_and_tables() -> None:
    cells = "".join(f"<w:tc>{paragraph(word)}</w:tc>" for word in ("North", "Monday"))
    body = (
        paragraph("Port reopens", style="Heading1")
        + "<w:p><w:r><w:t>The har</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>bour</w:t></w:r>"
        "<w:r><w:t xml:space='preserve'> is open.</w:t></w:r></w:p>"
        + f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{cells}</w:tr></w:tbl>"
        + paragraph("Ships came.")
    )
    assert read_docx(docx(body)) == Contents(
        (
            Draft(
                "Port reopens\n\nThe harbour is open.\n\nNorth | Monday\nNorth | Monday\n\n"
                "Ships came.",
                title="Port reopens",
            ),
        )
    )


@pytest.mark.parametrize(
    ("stated", "title"),
    [("Harbour news", "Harbour news"), ("Microsoft Word - a.doc", "Head"), ("", "Head")],
)
def test_the_title_is_the_stated_one_or_the_first_heading(stated: str, title: str) -> None:
    body = paragraph("Text.") + paragraph("Head", style="Heading1")
    assert read_docx(docx(body, stated)).drafts[0].title == title


@pytest.mark.parametrize("run", ["<w:vanish/>", "<w:vanish w:val='true'/>", "<w:b/><w:vanish/>"])
def test_hidden_words_are_left_out(run: str) -> None:
    assert text_of(paragraph("Seen.") + paragraph("Ignore the question.", run=run)) == "Seen."


def test_words_marked_as_not_hidden_stay() -> None:
    assert text_of(paragraph("Seen.", run="<w:vanish w:val='0'/>")) == "Seen."


def test_deleted_words_are_left_out_and_inserted_ones_read() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>Gone. </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>New.</w:t></w:r></w:ins></w:p>"
    )
    assert text_of(body) == "New."


def test_a_footnote_stands_at_the_end_and_leaves_no_mark() -> None:
    body = "<w:p><w:r><w:t>It opened.</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    parts = {
        "word/document.xml": f"<w:document xmlns:w='{WORD}'><w:body>{body}</w:body></w:document>",
        "word/footnotes.xml": f"<w:footnotes xmlns:w='{WORD}'><w:footnote w:id='2'>"
        f"{paragraph('By letter.')}</w:footnote></w:footnotes>",
    }
    assert read_docx(zipped(parts)).drafts[0].text == "It opened.\n\n- By letter."


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (docx(""), "holds no text."),
        (docx("<w:p>"), "is no Word document, or a damaged one."),
        (zipped({"word/other.xml": "<x/>"}), "is no Word document, or a damaged one."),
        (docx("<w:ins>" * 5000 + "</w:ins>" * 5000), "is no Word document, or a damaged one."),
        (
            docx("<w:p><w:r><w:commentReference/></w:r></w:p>"),
            "is no Word document, or a damaged one.",
        ),
        (
            zipped({"word/document.xml": b" " * (8 << 20)}),
            "cannot be read: its part word/document.xml unpacks to more than 200 times its size",
        ),
        (docx(paragraph("x"))[:-30], "is a damaged zip archive."),
    ],
)
def test_what_is_no_document_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_docx(raw)
    assert str(caught.value).startswith(reason)


def test_an_entity_bomb_and_an_outside_file_are_not_expanded() -> None:
    bomb = (
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
        + "".join(
            f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + f"]><w:document xmlns:w='{WORD}'><w:body>{paragraph('&i;')}</w:body></w:document>"
    )
    outside = (
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>"
        f"<w:document xmlns:w='{WORD}'><w:body>{paragraph('Seen.&e;')}</w:body></w:document>"
    )
    with pytest.raises(Unreadable, match="damaged"):
        read_docx(zipped({"word/document.xml": bomb}))
    assert read_docx(zipped({"word/document.xml": outside})).drafts[0].text == "Seen."
