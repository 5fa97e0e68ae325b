"""A picture file becomes a scan: one page, or those of a TIFF. Pure: bytes in, values out.

Nothing is decoded before its size is known. What a camera noted of the way it was held is followed;
when it took the picture is not looked at, for that says nothing about the text in it.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.reading.draft import Contents, Draft, Scan, Unreadable
from qa.reading.ocr import DOTS_PER_INCH

if TYPE_CHECKING:
    from PIL import Image


MOST_PIXELS = 89_000_000
"""Of a page: one of a newspaper at 500 dots per inch. In colour it takes 270 MB. Pillow warns of
pictures a little larger than that."""

MOST_PAGES = 2_000
"""Of a TIFF."""

LONGEST_SIDE = 5_000
"""Pixels in which a page is read at most: a newspaper's at 200 dots per inch."""

FINEST_DOTS_PER_INCH = 2_400
"""A picture that states more is not believed."""

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")


def read_picture(raw: bytes) -> Contents:
    """The pages in a picture file, to be read. Raises Unreadable when there is no picture in it."""
    with _opened(raw) as picture:
        pages = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    if pages > MOST_PAGES:
        raise Unreadable(f"has more than {MOST_PAGES:,} pages. Split it.")
    return Contents((Draft("", scan=Scan(raw, (None,) * pages, page_picture)),))


def page_picture(raw: bytes, index: int) -> "Image.Image":
    """A page of a picture file, upright and no larger than is read.

    Raises Unreadable when it is damaged or too large.
    """
    from PIL import Image, ImageOps

    with _opened(raw) as picture:
        if index:
            picture.seek(index)
            _check_size(picture)
        scale = _scale(picture)
        # Grey before it is made smaller: a picture of two colours would stay one.
        upright = ImageOps.exif_transpose(_on_white(picture))
    if scale == 1:
        return upright
    size = tuple(max(1, round(side * scale)) for side in upright.size)
    return upright.resize((size[0], size[1]), Image.Resampling.BOX)


@contextmanager
def _opened(raw: bytes) -> "Iterator[Image.Image]":
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of fields beside the picture itself
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=_FORMATS) as picture:
                _check_size(picture)
                yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise Unreadable("is no picture, or a damaged one. Save it again.") from error
    except Unreadable:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, KeyError, TypeError) as error:
        # The last two are Pillow's where a TIFF lacks a field.
        raise Unreadable("is a damaged picture. Scan or save it again.") from error


def _check_size(picture: "Image.Image") -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large()


def _too_large() -> Unreadable:
    return Unreadable(
        f"has more than {MOST_PIXELS // 1_000_000} million pixels in a page. Save it smaller."
    )


def _scale(picture: "Image.Image") -> float:
    """By how much a picture is made smaller: to the fineness that is read, where it states one."""
    stated = picture.info.get("dpi")
    finest = max(stated) if isinstance(stated, tuple) and len(stated) == 2 else 0
    shrunk = DOTS_PER_INCH / finest if DOTS_PER_INCH < finest <= FINEST_DOTS_PER_INCH else 1
    return float(min(shrunk, LONGEST_SIDE / max(picture.size)))


def _on_white(picture: "Image.Image") -> "Image.Image":
    """The picture in grey or colour, what is transparent in it white."""
    from PIL import Image

    if picture.mode in {"1", "L"} and "transparency" not in picture.info:
        return picture.convert("L")
    if picture.mode.startswith("I;16"):
        return picture.point(lambda level: level / 256, "L")
    if picture.has_transparency_data:
        over = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over).convert("RGB")
    return picture.convert("RGB")
