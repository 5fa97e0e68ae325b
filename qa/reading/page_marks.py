"""Where words stand on the picture of a page: the lines that hold them, marked in it. Pure."""

import io
import unicodedata
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


def overlap(line: str, words: str) -> slice | None:
    """Which letters of a line stand in these words, which run on from line to line.

    Both are given by their `letters`. None where none of them do.
    """
    if len(line) < FEWEST_LETTERS or len(words) < FEWEST_LETTERS:
        return slice(0, len(line)) if line and line == words else None
    if line in words:
        return slice(0, len(line))
    if words in line:
        return slice(line.index(words), line.index(words) + len(words))
    for count in range(min(len(line), len(words)) - 1, FEWEST_LETTERS - 1, -1):
        if line.endswith(words[:count]):
            return slice(len(line) - count, len(line))
        if line.startswith(words[-count:]):
            return slice(0, count)
    return None


def letters(text: str) -> str:
    """Letters and digits alone, without accents and case: hyphens, spaces, forms are the page's."""
    return "".join(
        char for char in unicodedata.normalize("NFKD", text.casefold()) if char.isalnum()
    )


def lines_of_words(lines: Sequence[OcrLine], words: str) -> tuple[OcrLine, ...]:
    """The lines of a page in which some of these words stand."""
    wanted = letters(words)
    return tuple(line for line in lines if overlap(letters(line.text), wanted))


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
