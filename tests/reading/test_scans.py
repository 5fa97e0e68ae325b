"""Pages of scans become the text of an article, and what was not read of them is said."""

from pathlib import Path

import pytest

from qa.errors import BadArticle
from qa.reading.articles import FileContent, read_file
from qa.reading.draft import Scan
from qa.reading.ocr import OcrLine
from qa.reading.pictures import page_picture
from qa.reading.scans import ReadPage, ScannedPage, mean_confidence, read_page
from tests.fakes import FakePageReader
from tests.reading.samples import mixed_pdf, picture, scanned_pdf, tiff, zipped

PAGE_OF_A_PDF = (1653, 2339)  # of 595 × 842 points, at 200 dots per inch
LETTERS_OF_A_PDF = "abcdefghijklmnop"  # a line for each hundred pixels of its width


def reading(reader: FakePageReader) -> ReadPage:
    def read(scan: Scan, index: int) -> ScannedPage:
        return read_page(reader, scan, index)

    return read


def content_of(tmp_path: Path, name: str, raw: bytes, reader: FakePageReader | None) -> FileContent:
    (tmp_path / name).write_bytes(raw)
    return read_file(tmp_path / name, tmp_path, reading(reader) if reader else None)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_scanned_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    reader = FakePageReader()
    content = content_of(tmp_path, "a.pdf", scanned_pdf(2), reader)
    (article,) = content.articles
    assert reader.sizes == [PAGE_OF_A_PDF] * 2
    assert content.problems == ()
    assert not content.unread
    first, second = article.page_starts
    assert first == 0
    for name, text in (("Alpha", article.text[:second]), ("Bravo", article.text[second:])):
        assert flat(text) == " ".join(f"{name} {letter}." for letter in LETTERS_OF_A_PDF)


def test_of_a_mixed_pdf_only_the_pictures_are_read(tmp_path: Path) -> None:
    reader = FakePageReader()
    content = content_of(tmp_path, "a.pdf", mixed_pdf(["Page one.", "", "Page three."]), reader)
    (article,) = content.articles
    assert reader.sizes == [PAGE_OF_A_PDF]
    assert content.problems == ()
    _, second, third = article.page_starts
    assert article.text[:second] == "Page one.\n\n"
    assert flat(article.text[second:third]).split(". ") == [
        f"Alpha {letter}" for letter in LETTERS_OF_A_PDF[:-1]
    ] + ["Alpha p."]
    assert article.text[third:] == "Page three."


def test_without_ocr_scans_are_named_and_what_has_text_is_kept(tmp_path: Path) -> None:
    next_step = "Let OCR read it: qa index without --no-ocr."
    mixed = content_of(tmp_path, "a.pdf", mixed_pdf(["Page one.", "", "", "Four."]), None)
    assert [article.text for article in mixed.articles] == ["Page one.\n\nFour."]
    assert mixed.articles[0].page_starts == (0, 11, 11, 11)
    assert mixed.problems == (
        f"{tmp_path}/a.pdf, pages 2, 3: no text there, perhaps a picture. {next_step}",
    )
    assert mixed.unread
    whole = content_of(tmp_path, "b.png", picture((300, 100)), None)
    assert whole == FileContent(
        (), (f"{tmp_path}/b.png holds no text of its own, only pictures. {next_step}",), unread=True
    )


def test_pages_read_with_doubt_are_told(tmp_path: Path) -> None:
    content = content_of(tmp_path, "a.tif", tiff([200, 300]), FakePageReader(confidence=0.8))
    (article,) = content.articles
    assert flat(article.text) == "Alpha a. Alpha b. Bravo a. Bravo b. Bravo c."
    assert content.problems == (
        f"{tmp_path}/a.tif, pages 1, 2: read with doubt. Compare the words with the picture.",
    )


def test_pages_on_which_nothing_was_found_are_told_but_for_blank_ones(tmp_path: Path) -> None:
    # The reader finds no line in what is narrower than 100 pixels; 1 pixel alone is all white.
    reader = FakePageReader()
    content = content_of(tmp_path, "a.tif", tiff([200, 50, 1]), reader)
    assert content.problems == (f"{tmp_path}/a.tif, page 2: no text there that OCR could find.",)
    assert content.articles[0].page_starts == (0, 17, 17)
    assert reader.sizes == [(200, 50), (50, 50)]


def test_a_picture_without_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadArticle) as caught:
        content_of(tmp_path, "a.png", picture((50, 50)), FakePageReader())
    assert str(caught.value) == (
        f"{tmp_path}/a.png holds no text that OCR could find. Delete it, or scan it larger and"
        " upright."
    )


def test_a_damaged_page_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    raw = picture((300, 200))
    with pytest.raises(BadArticle) as caught:
        content_of(tmp_path, "a.png", raw[: len(raw) // 2], FakePageReader())
    assert str(caught.value) == (f"{tmp_path}/a.png is a damaged picture. Scan or save it again.")


def test_a_scan_in_a_zip_is_an_article_below_it(tmp_path: Path) -> None:
    inner = zipped({"1998/fax.png": picture((200, 60)), "note.txt": "Text."})
    content = content_of(tmp_path, "old.zip", inner, FakePageReader())
    assert [(one.id, flat(one.text)) for one in content.articles] == [
        ("old/1998/fax", "Alpha a. Alpha b."),
        ("old/note", "Text."),
    ]


def test_a_picture_is_read_whichever_suffix_of_a_picture_it_has(tmp_path: Path) -> None:
    content = content_of(tmp_path, "photo.jpg", picture((200, 60), "PNG"), FakePageReader())
    assert flat(content.articles[0].text) == "Alpha a. Alpha b."


@pytest.mark.parametrize(("degrees", "tries"), [(90, 2), (270, 3), (180, 4)])
def test_a_page_on_its_side_or_its_head_is_turned(degrees: int, tries: int) -> None:
    raw = picture((300, 200))
    lying = page_picture(raw, 0)
    reader = FakePageReader(upright=lying.rotate(degrees, expand=True))
    page = read_page(reader, Scan(raw, (None,), page_picture), 0)
    assert len(reader.sizes) == tries
    assert page.turned == degrees
    assert {line.confidence for line in page.lines} == {0.99}


def test_a_page_that_nobody_can_read_stays_as_it_lies() -> None:
    reader = FakePageReader(confidence=0.5)
    page = read_page(reader, Scan(picture((300, 200)), (None,), page_picture), 0)
    assert (page.turned, page.lines[0].text, len(reader.sizes)) == (0, "Alpha a.", 4)


def test_confidence_goes_by_length_and_lines_of_dots_are_none() -> None:
    long = OcrLine("Thirty letters, or a few more.", 0, 0, 300, 0, 30, 0.9)
    short = OcrLine("Two words.", 0, 40, 100, 40, 30, 0.5)
    dots = OcrLine(". .", 0, 80, 400, 80, 30, 0.95)
    assert mean_confidence([]) == 1
    assert mean_confidence([long, short]) == pytest.approx((300 * 0.9 + 100 * 0.5) / 400)
    assert mean_confidence([long, dots]) == pytest.approx(300 * 0.9 / 700)
