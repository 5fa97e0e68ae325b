"""Picture files: their pages, their size, and what is damaged in them."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from qa.reading.draft import Scan, Unreadable
from qa.reading.pictures import LONGEST_SIDE, page_picture, read_picture
from tests.examples import at_most
from tests.reading.samples import picture, tiff


def scan_of(raw: bytes) -> Scan:
    (draft,) = read_picture(raw).drafts
    assert draft.text == ""
    assert draft.scan is not None
    return draft.scan


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_a_picture_is_a_page(kind: str) -> None:
    scan = scan_of(picture((300, 200), kind, "RGB"))
    assert scan.pages == (None,)
    assert scan.pictures == (0,)
    drawn = scan.picture(scan.raw, 0).convert("L")
    assert drawn.size == (300, 200)
    assert drawn.crop((0, 0, 50, 50)).getextrema() == (255, 255)
    assert drawn.crop((250, 150, 300, 200)).getextrema() == (0, 0)


def test_a_tiff_has_a_page_for_each_of_its_pictures() -> None:
    scan = scan_of(tiff([300, 500]))
    assert scan.pages == (None, None)
    assert [scan.picture(scan.raw, index).size for index in (0, 1)] == [(300, 50), (500, 50)]
    assert scan.picture(scan.raw, 1).mode == "L"


def test_what_is_finer_than_is_read_is_made_smaller() -> None:
    fine = picture((1200, 800), dpi=(600, 600))
    assert page_picture(fine, 0).size == (400, 267)
    assert page_picture(picture((1200, 800), dpi=(72, 72)), 0).size == (1200, 800)
    assert page_picture(picture((1200, 800), dpi=(9600, 9600)), 0).size == (1200, 800)
    assert max(page_picture(picture((9000, 30)), 0).size) == LONGEST_SIDE


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    written = io.BytesIO()
    clear.save(written, "PNG")
    assert page_picture(written.getvalue(), 0).convert("L").getextrema() == (255, 255)


def test_sixteen_bits_a_pixel_are_made_eight() -> None:
    written = io.BytesIO()
    Image.new("I;16", (20, 10), 0x8000).save(written, "PNG")
    assert page_picture(written.getvalue(), 0).convert("L").getextrema() == (128, 128)


def bomb() -> bytes:
    """A PNG of 40,000 × 40,000 grey pixels in some two hundred bytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(40_001 * 4))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x89PNG\r\n\x1a\nno more", "is no picture, or a damaged one. Save it again."),
        (b"text", "is no picture, or a damaged one. Save it again."),
        (bomb(), "has more than 89 million pixels in a page. Save it smaller."),
        (
            picture((9_440, 9_440), "PNG", "1"),
            "has more than 89 million pixels in a page. Save it smaller.",
        ),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_undecoded(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_picture(raw)
    assert str(caught.value) == reason


def test_a_picture_cut_short_is_named_when_its_page_is_read() -> None:
    raw = picture((300, 200), "PNG")
    scan = scan_of(raw[: len(raw) // 2])
    with pytest.raises(Unreadable) as caught:
        scan.picture(scan.raw, 0)
    assert str(caught.value) == "is a damaged picture. Scan or save it again."


@settings(deadline=None, max_examples=at_most(150))
@given(
    st.sampled_from(["PNG", "JPEG", "TIFF", "WEBP", "fax"]),
    st.floats(0, 1),
    st.binary(max_size=20),
    st.integers(0, 20),
)
def test_a_damaged_picture_gives_its_pages_or_a_reason(
    kind: str, at: float, noise: bytes, dropped: int
) -> None:
    raw = tiff([40, 30]) if kind == "fax" else picture((40, 30), kind, "RGB")
    cut = int(at * len(raw))
    try:
        scan = scan_of(raw[:cut] + noise + raw[cut + dropped :])
        sizes = [scan.picture(scan.raw, index).size for index in scan.pictures[:3]]
    except Unreadable:
        return
    assert all(0 < side <= LONGEST_SIDE for size in sizes for side in size)
