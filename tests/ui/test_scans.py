"""The page of a scan, opened from a source: as it looks, with the quoted words marked."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from qa.answering.assistant import Assistant
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.scanned_pages import Ocr
from qa.library.store import Store
from qa.reading.ocr import OcrLine
from qa.service.uploads import Shelf
from tests.fakes import FakeCrossEncoder, FakeEmbedder, FakePageReader
from tests.reading.samples import tiff
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.scripted import ScriptedAssistant, answers

pytestmark = pytest.mark.browser


@dataclass
class HeldReader(FakePageReader):
    """Reads so many pages as it is let read."""

    turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(2))

    def read(self, picture: Image.Image) -> tuple[OcrLine, ...]:
        assert self.turns.acquire(timeout=60)
        return super().read(picture)


@pytest.fixture
def reader() -> HeldReader:
    return HeldReader()


@pytest.fixture
def shelf(tmp_path: Path, store: Store, reader: HeldReader) -> Shelf:
    """The library with a scan in it, whose second page begins with "Bravo a."."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "fax.tif").write_bytes(tiff([150, 250]))
    ocr = Ocr(reader, store.index_dir)
    index_folders([tmp_path / "in"], store, FakeEmbedder(), 64, lambda _: None, ocr=ocr)
    return Shelf(store, FakeEmbedder(), tmp_path / "uploads", 64, ocr=ocr)


def test_while_a_scan_is_read_the_page_says_how_far_it_is(
    serve: Serve, open_page: OpenPage, reader: HeldReader, tmp_path: Path
) -> None:
    (tmp_path / "minutes.tif").write_bytes(tiff([160, 260, 360]))
    page = open_page(serve(ScriptedAssistant(answers)))
    page.get_by_role("button", name="Library").click()
    page.get_by_label("Choose files").set_input_files(tmp_path / "minutes.tif")
    line = page.locator("#uploaded li")
    expect(line).to_contain_text("minutes.tif: reading page 1 of 3")
    reader.turns.release()
    expect(line).to_contain_text("minutes.tif: reading page 2 of 3")
    reader.turns.release(2)
    expect(line).to_have_text("minutes.tif: added as minutes")


def test_the_page_is_seen_with_the_words_marked_and_what_is_gone_is_told(
    serve: Serve, open_page: OpenPage, store: Store, tmp_path: Path
) -> None:
    assistant = Assistant(
        Retriever(store, FakeEmbedder()),
        None,
        FakeCrossEncoder(),
        passages=4,
        refuse_below=0.0,
        max_answer_tokens=64,
        answer_seconds=60,
    )
    page = open_page(serve(assistant))
    ask(page, "What is Bravo a?")
    expect(page.locator("#live .answered a.cite").first).to_be_visible()

    page.get_by_role("button", name="See the page").click()
    expect(page.locator("#sheet-title")).to_have_text("Alpha a.")
    expect(page.locator(".page-words")).to_contain_text("Bravo a.")
    drawn = page.locator(".page-picture")
    expect(drawn).to_have_attribute("alt", "Page 2 of Alpha a., where these words stand")
    assert drawn.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [250, 50]
    colour = drawn.evaluate(
        """image => {
          const drawing = document.createElement("canvas").getContext("2d");
          drawing.drawImage(image, 0, 0);
          return [...drawing.getImageData(150, 10, 1, 1).data];
        }"""
    )
    assert colour[0] > 200 > 160 > colour[2]  # white paper under the marker

    page.keyboard.press("Escape")
    (tmp_path / "in" / "fax.tif").unlink()
    page.get_by_role("button", name="See the page").click()
    expect(page.locator("#sheet .error")).to_contain_text("fax.tif cannot be read")
