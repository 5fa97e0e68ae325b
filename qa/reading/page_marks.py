"""Where words stand on the picture of a page: the lines that hold them, marked in it. Pure."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.reading.ocr import OcrLine

if TYPE_CHECKING:
    from PIL import Image

FEWEST_LETTERS = 4
"""Of a line, or of its end or beginning, that is taken for part of the words: fewer stand in many
words by chance."""

WIDEST = 1400
"""Pixels of a picture that is shown; print stays legible, and a page takes some 200 kB."""

MARKER = (255, 221, 87)
"""The colour under marked words, that of the marker in the text."""


def lines_of_words(lines: Sequence[OcrLine], words: str) -> tuple[OcrLine, ...]:
    """The lines of a page in which some of these words stand, which run on from line to line.

    Compared by letters and digits alone: hyphens at line ends and white space are not the text's.
    """
    wanted = _letters(words)
    return tuple(line for line in lines if _meets(_letters(line.text), wanted))


def marked_page(picture: "Image.Image", lines: Sequence[OcrLine]) -> bytes:
    """The picture as a JPEG, no wider than is shown, with these lines of it marked."""
    from PIL import Image, ImageChops, ImageDraw

    page = picture.convert("RGB")
    marks = Image.new("RGB", page.size, "white")
    for line in lines:
        edge = [(line.left, line.top), (line.right, line.right_top)]
        foot = [(x, y + line.height) for x, y in reversed(edge)]
        ImageDraw.Draw(marks).polygon([*edge, *foot], fill=MARKER)
    page = ImageChops.multiply(page, marks)
    if page.width > WIDEST:
        page = page.resize((WIDEST, round(page.height * WIDEST / page.width)))
    written = io.BytesIO()
    page.save(written, "JPEG", quality=80)
    return written.getvalue()


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _meets(line: str, wanted: str) -> bool:
    if len(line) < FEWEST_LETTERS or len(wanted) < FEWEST_LETTERS:
        return bool(line) and line == wanted
    if line in wanted or wanted in line:
        return True
    longest = min(len(line), len(wanted)) - 1
    return any(
        line.endswith(wanted[:count]) or line.startswith(wanted[-count:])
        for count in range(FEWEST_LETTERS, longest + 1)
    )
