"""OCR, measured on pages whose columns are harder to order: character errors by layout.

    python bench/ocr_layouts.py

Each page is printed in the order in which a person would read it, and scanned at 200 dots per inch,
one degree askew. An error is what `bench/ocr.py` counts as one; a block of lines read in the wrong
place counts as taken out there and put in here.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib as mpl
from ocr import PLAIN_QUOTES, edits
from ocr_pages import LEADING, PAGE_INCHES, SERIF, SIZE_POINTS, TEXTS, scanned
from PIL import Image, ImageDraw, ImageFont

from qa.reading.ocr import DOTS_PER_INCH, RapidOcr
from qa.reading.reading_order import in_reading_order

LEFT, WIDTH, TOP = 0.9, 6.47, 0.9
WORDS = " ".join([*TEXTS["English"], *TEXTS["German"], *TEXTS["French"]]).split()
SMALL, LARGE = 8.0, 20.0


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of print, so many or what its text fills; lengths in inches from the upper left."""

    left: float
    top: float
    width: float
    lines: int = 1
    points: float = SIZE_POINTS
    text: str = ""

    @property
    def foot(self) -> float:
        """Where the line after its last would begin."""
        return self.top + self.lines * self.points * LEADING / 72


def columns(
    count: int, lines: int, top: float = TOP, gap: float = 0.3, points: float = SIZE_POINTS
) -> list[Block]:
    """Columns of one width over the whole page."""
    width = (WIDTH - gap * (count - 1)) / count
    return [
        Block(LEFT + number * (width + gap), top, width, lines, points) for number in range(count)
    ]


def layouts() -> dict[str, list[Block]]:
    """The blocks of each page in the order of reading."""
    whole = Block(LEFT, TOP, WIDTH, 8)
    one, two, three = columns(3, 20, top=1.4)
    long = replace(three, top=TOP, lines=45)
    headline = Block(LEFT, TOP, 4.2, 1, LARGE, "The vote on the quay is put off")
    lower = Block(LEFT, two.foot + 0.3, 4.2, 1, LARGE, "Lorries must go round")
    left, right = columns(2, 14)
    caption = Block(LEFT + 1.2, 5.8, 4, 1, SMALL, "The grain quay in March, seen from the ferry")
    box = Block(right.left + 0.15, right.foot + 0.3, right.width - 0.3, 8, 9)
    return {
        "three columns": columns(3, 48),
        "three columns, 12 points apart": columns(3, 48, gap=0.17),
        "five columns of small print": columns(5, 55, gap=0.2, points=SMALL),
        "a wide and a narrow column": [Block(LEFT, TOP, 4, 45), Block(LEFT + 4.3, TOP, 2.17, 45)],
        "a headline over two of three columns": [headline, one, two, long],
        "the same, and a second story below": [
            *(headline, one, two, lower),
            *(replace(block, top=lower.foot + 0.15) for block in (one, two)),
            long,
        ],
        "three columns over two": [*columns(3, 22), *columns(2, 22, top=6)],
        "two columns in the midst of a page": [
            *(whole, *columns(2, 6, top=whole.foot + 0.15)),
            replace(whole, top=whole.foot + 1.5),
        ],
        "a picture in both columns, its caption below": [
            *(left, right, caption),
            *(replace(block, top=6.1) for block in (left, right)),
        ],
        "a box in the second column": [
            *(replace(left, lines=46), right, box),
            replace(right, top=box.foot + 0.25, lines=18),
        ],
        "a box of short lines at the side": [
            Block(LEFT, TOP, 4.5, 45),
            Block(LEFT + 4.9, 2, 0.8, 6, 9),
        ],
        "notes below two columns": [
            part
            for block in columns(2, 42)
            for part in (block, Block(block.left, block.foot + 0.15, block.width, 4, SMALL))
        ],
        "a table of words": [
            whole,
            *(
                Block(LEFT + offset, whole.foot + 0.2 + 0.22 * row, 3, text=cell)
                for row, cells in enumerate(
                    [
                        ("Crane at the north pier", "approved on Monday", "4.2"),
                        ("Roof of the library", "put off until May", "1.1"),
                        ("Sluice at the mill", "to be mended soon", "0.8"),
                        ("Bridge over the canal", "closed for lorries", "2.0"),
                    ]
                )
                for offset, cell in zip((0, 2.6, 5.2), cells, strict=True)
            ),
            replace(whole, top=whole.foot + 1.3),
        ],
    }


def main() -> None:
    """Read each page, and print its errors."""
    reader = RapidOcr()
    print("| page | character errors |")
    print("| --- | --- |")
    for name, blocks in layouts().items():
        picture, printed = set_blocks(blocks)
        read = " ".join(line.text for line in in_reading_order(reader.read(picture)))
        errors = edits(read.translate(PLAIN_QUOTES), printed.translate(PLAIN_QUOTES))
        print(f"| {name} | {errors / len(printed):.2%} |", flush=True)


def set_blocks(blocks: Sequence[Block]) -> tuple[Image.Image, str]:
    """The scanned page, and what is printed on it."""
    size = [round(side * DOTS_PER_INCH) for side in PAGE_INCHES]
    picture = Image.new("L", (size[0], size[1]), 250)
    pen = ImageDraw.Draw(picture)
    words = itertools.cycle(WORDS)
    printed = []
    for block in blocks:
        font = _font(block.points)
        top = block.top * DOTS_PER_INCH
        lines = [block.text] if block.text else _lines(words, font, block)
        for line in lines:
            pen.text((block.left * DOTS_PER_INCH, top), line, font=font, fill=25)
            top += block.points * LEADING * DOTS_PER_INCH / 72
            printed.append(line)
    return scanned(picture, skew_degrees=1, noise=10), " ".join(printed)


def _lines(words: Iterator[str], font: ImageFont.FreeTypeFont, block: Block) -> Iterator[str]:
    """So many lines of these words as the block has."""
    line = next(words)
    for _ in range(block.lines):
        for word in words:
            longer = f"{line} {word}"
            if font.getlength(longer) > block.width * DOTS_PER_INCH:
                break
            line = longer
        yield line
        line = word


def _font(points: float) -> ImageFont.FreeTypeFont:
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return ImageFont.truetype(fonts / SERIF, points * DOTS_PER_INCH / 72)


if __name__ == "__main__":
    main()
