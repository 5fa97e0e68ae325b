"""The real engine, on small pages set here. Its errors and its time are in bench/ocr.md."""

import io

import numpy as np
import pytest
from PIL import Image

from qa.reading.ocr import RapidOcr
from qa.reading.pictures import page_picture, read_picture
from qa.reading.reading_order import in_reading_order
from tests.reading.samples import printed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reader() -> RapidOcr:
    return RapidOcr()


def test_print_is_read_with_its_diacritics_and_places(reader: RapidOcr) -> None:
    lines = ["Die Brücke war für Fußgänger gesperrt.", "Les élus ont voté à minuit, déçus."]
    found = reader.read(printed(lines))
    assert [line.text for line in in_reading_order(found)] == lines
    for number, line in enumerate(sorted(found, key=lambda line: line.top)):
        assert line.confidence > 0.9
        assert abs(line.left - 60) < 15
        assert abs(line.top + line.height / 2 - (78 + 60 * number)) < 12
        assert 500 < line.right < 900


def test_a_photograph_held_sideways_is_turned_as_its_camera_says(reader: RapidOcr) -> None:
    written = io.BytesIO()
    page = printed(["Zażółć gęślą jaźń, mówi burmistrz."])
    exif = page.getexif()
    exif[0x0112] = 6  # to be turned by 90 degrees to the right
    page.rotate(90, expand=True).save(written, "JPEG", exif=exif)
    assert read_picture(written.getvalue()).drafts[0].published is None
    upright = page_picture(written.getvalue(), 0)
    assert upright.size == page.size
    assert [line.text for line in reader.read(upright)] == ["Zażółć gęślą jaźń, mówi burmistrz."]


def test_a_page_askew_is_read_line_by_line(reader: RapidOcr) -> None:
    lines = [f"The {word} paragraph is a line long." for word in ("first", "second", "third")]
    askew = printed(lines).rotate(2, fillcolor="white")
    assert [line.text for line in in_reading_order(reader.read(askew))] == lines


def test_lines_are_read_alike_one_after_the_other_and_at_once() -> None:
    page = printed([f"The {word} ship is due." for word in ("first", "second", "third", "fourth")])
    one, several = (RapidOcr(threads).read(page) for threads in (1, 3))
    assert [line.text for line in in_reading_order(one)][2:] == [
        "The third ship is due.",
        "The fourth ship is due.",
    ]
    assert [(line.text, line.top) for line in one] == [(line.text, line.top) for line in several]


def test_a_drawing_holds_no_line(reader: RapidOcr) -> None:
    drawing = printed([])
    drawing.paste(0, (300, 20, 900, 90))
    assert reader.read(drawing) == ()


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000), (3000, 5), (7, 11)])
def test_pictures_of_odd_shapes_hold_no_line_and_take_no_more_than_others(
    reader: RapidOcr, size: tuple[int, int]
) -> None:
    dots = np.random.default_rng(1).integers(0, 256, (size[1], size[0]), dtype=np.uint8)
    assert reader.read(Image.fromarray(dots)) == ()
