"""Words are marked on the picture of their page."""

import io

import numpy as np
import pytest
from PIL import Image

from qa.reading.ocr import OcrLine
from qa.reading.page_marks import WIDEST, letters, lines_of_words, marked_page, overlap


def line(text: str, top: float = 0, left: float = 10, right: float = 90) -> OcrLine:
    return OcrLine(text, left, top, right, top, 10, 0.99)


COLUMN = (
    line("The council voted to", 0),
    line("buy a second-hand har-", 20),
    line("bour crane. Two mem-", 40),
    line("bers said no.", 60),
    line("an", 80),
)


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("buy a second-hand harbour crane.", [1, 2]),
        (
            "The council voted to buy a second-hand harbour crane. Two members said no.",
            [0, 1, 2, 3],
        ),
        ("Two members said no.", [2, 3]),
        ("council", [0]),
        ("Nothing of this stands there", []),
        ("an", [4]),
        ("", []),
    ],
)
def test_the_lines_in_which_words_stand(words: str, marked: list[int]) -> None:
    assert lines_of_words(COLUMN, words) == tuple(COLUMN[place] for place in marked)


@pytest.mark.parametrize(
    ("line", "words", "part"),
    [
        ("thecouncilvoted", "voted", "voted"),
        ("thecouncilvoted", "councilvotedtobuy", "councilvoted"),
        ("thecouncilvoted", "yesterdaythecouncil", "thecouncil"),
        ("thecouncilvoted", "yesthecouncilvotedtobuy", "thecouncilvoted"),
        ("thecouncilvoted", "tednothing", ""),
        ("one", "oneortwo", ""),
    ],
)
def test_the_part_of_a_line_that_stands_in_the_words(line: str, words: str, part: str) -> None:
    found = overlap(line, words)
    assert (line[found] if found else "") == part


def test_letters_are_compared_without_accents_ligatures_and_case() -> None:
    assert (
        letters("E\u0301t\u00e9, of\ufb01ce-2!")
        == letters("\u00c9t\u00e9 office 2")
        == "eteoffice2"
    )


def test_a_line_is_yellow_where_it_was_white_and_black_where_it_was_black() -> None:
    page = Image.new("L", (100, 50), "white")
    page.paste(0, (20, 22, 30, 28))
    shown = np.asarray(Image.open(io.BytesIO(marked_page(page, (line("x", 20),)))))
    assert shown.shape == (50, 100, 3)
    red_and_blue = [
        (int(shown[y, x, 0]), int(shown[y, x, 2])) for y, x in ((25, 25), (25, 60), (5, 60))
    ]
    black, yellow, white = red_and_blue
    assert max(black) < 60
    assert yellow[0] > 200 > 160 > yellow[1]
    assert min(white) > 240


def test_a_large_page_is_shown_smaller() -> None:
    shown = Image.open(io.BytesIO(marked_page(Image.new("L", (2 * WIDEST, 400), "white"), ())))
    assert shown.size == (WIDEST, 200)
