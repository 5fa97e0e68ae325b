"""The page on which words stand is shown as it looks, the words marked where OCR read them."""

import io
from email.message import EmailMessage
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from qa.errors import LibraryError
from qa.library.indexing import index_folders
from qa.library.page_pictures import page_picture
from qa.library.scanned_pages import Ocr
from qa.library.store import Store
from tests.fakes import FakeEmbedder, FakePageReader
from tests.library.stories import PASSAGE_TOKENS
from tests.reading.office_samples import pptx, shape
from tests.reading.samples import pdf, tiff, zipped


def shown(folder: Path, article_id: str, words: str) -> tuple[int, int, int]:
    """Width and height of the picture, and how many yellow pixels are in it."""
    with Store.create(folder.parent / "index") as store:
        ocr = Ocr(FakePageReader(), store.index_dir)
        index_folders([folder], store, FakeEmbedder(), PASSAGE_TOKENS, lambda _: None, ocr=ocr)
        article = store.article(article_id)
        assert article is not None
        start = article.text.index(words)
        file = next(one for one in store.files().values() if article_id in one.article_ids)
        drawn = page_picture(
            article, start, start + len(words), file, store.index_dir, FakePageReader.name
        )
    pixels = np.asarray(Image.open(io.BytesIO(drawn))).astype(int)
    yellow = (pixels[:, :, 0] > 200) & (pixels[:, :, 2] < 160)
    return pixels.shape[1], pixels.shape[0], int(yellow.sum())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def test_the_page_of_a_scan_on_which_the_words_stand(folder: Path) -> None:
    (folder / "fax.tif").write_bytes(tiff([200, 300, 400]))
    width, height, yellow = shown(folder, "fax", "Bravo b.")
    assert (width, height) == (300, 50)
    assert yellow > 0


def test_words_that_no_line_holds_are_not_marked(folder: Path) -> None:
    (folder / "fax.tif").write_bytes(tiff([200]))
    assert shown(folder, "fax", "Alpha a.")[2] > 0
    assert shown(folder, "fax", ".")[2] == 0


def test_on_a_page_of_a_pdf_the_words_themselves_are_marked(folder: Path) -> None:
    (folder / "a.pdf").write_bytes(pdf([["The first page."], ["The second page holds this."]]))
    width, height, whole = shown(folder, "a", "The second page holds this.")
    assert width == 1400
    assert height == pytest.approx(1400 * 842 / 595, abs=2)
    assert 0.5 < shown(folder, "a", "second page holds")[2] / whole < 0.75


def test_a_scan_or_a_pdf_inside_a_file_is_seen_too(folder: Path) -> None:
    message = EmailMessage()
    message.set_content("See both, please.")
    message.add_attachment(pdf([["Words."]]), "application", "pdf", filename="a.pdf")
    message.add_attachment(tiff([200, 300]), "image", "tiff", filename="a.tif")
    (folder / "pack.zip").write_bytes(zipped({"in/mail.eml": message.as_bytes()}))
    assert shown(folder, "pack/in/mail/a", "Words")[0] == 1400
    width, height, yellow = shown(folder, "pack/in/mail/a-2", "Bravo a.")
    assert (width, height) == (300, 50)
    assert yellow > 0


@pytest.mark.parametrize(
    ("name", "raw", "words", "reason"),
    [
        ("note.txt", b"A note.", "A note", "has no pages"),
        (
            "pack.zip",
            zipped({"a.pptx": pptx([shape("A slide.")])}),
            "A slide",
            "no pictures of pages",
        ),
    ],
)
def test_what_has_no_picture_is_told(
    folder: Path, name: str, raw: bytes, words: str, reason: str
) -> None:
    (folder / name).write_bytes(raw)
    ids = {"note.txt": "note", "pack.zip": "pack/a"}
    with pytest.raises(LibraryError, match=reason):
        shown(folder, ids[name], words)


def test_another_file_in_its_place_is_not_shown(tmp_path: Path, folder: Path) -> None:
    (folder / "fax.tif").write_bytes(tiff([200]))
    shown(folder, "fax", "Alpha a.")
    (folder / "fax.tif").write_bytes(tiff([300]))
    with Store.create(tmp_path / "index") as store:
        article = store.article("fax")
        assert article is not None
        (file,) = store.files().values()
        with pytest.raises(LibraryError, match=r"has changed since it was read"):
            page_picture(article, 0, 5, file, store.index_dir, FakePageReader.name)
        file.path.unlink()
        with pytest.raises(LibraryError, match=r"cannot be read"):
            page_picture(article, 0, 5, file, store.index_dir, FakePageReader.name)
