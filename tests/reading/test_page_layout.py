"""Columns, boxes and parts of pages come out in the order of reading, whatever the file's is."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.reading.page_layout import arranged
from qa.reading.page_line import Line
from qa.reading.pdf import read_pdf
from tests.reading.samples import Set, set_pdf

HARBOUR = """The harbour board met on Monday to
decide on the new crane for Pier 4,
which would cost four million and be
paid from the reserve. Two members
voted against the plan of its chair,
who spoke of the ships that pass by
and of the trade that they take along
to the ports in the south."""

LIBRARY = """In other news the town library will
close for repairs until September, as
its roof has leaked for seven years.
Books can be borrowed from a bus that
stands on the market square on every
Thursday, said the director, and the
reading room moves to the old school
at the bridge."""

SLUICE = """A third story tells of the sluice at
the mill, which has been shut since a
flood took its gates away. The council
wants to have it mended by the spring
and has asked three builders what they
would do and at what price. None has
answered so far, the clerk said, and
the boats lie idle."""

FERRY = [
    "The ferry to the island runs again",
    "from Monday on, at noon and at six,",
    "the harbour master said.",
]
ONE, TWO, THREE = HARBOUR.split("\n"), LIBRARY.split("\n"), SLUICE.split("\n")

Order = Callable[[list[Set]], list[Set]]


def column_by_column(placed: list[Set]) -> list[Set]:
    return placed


def row_by_row(placed: list[Set]) -> list[Set]:
    return sorted(placed, key=lambda one: (-one.foot, one.left))


def last_column_first(placed: list[Set]) -> list[Set]:
    return sorted(placed, key=lambda one: -one.left)


ORDERS = [column_by_column, row_by_row, last_column_first]


def columns(
    *texts: Sequence[str], top: float = 700, width: float = 180, drop: float = 0
) -> list[Set]:
    return [
        Set(50 + width * number, top - 12 * row - drop * number, line)
        for number, lines in enumerate(texts)
        for row, line in enumerate(lines)
    ]


def read(*placed: Set) -> str:
    return read_pdf(set_pdf(placed)).drafts[0].text


def prose(*columns: Sequence[str]) -> str:
    return "\n\n".join(" ".join(lines) for lines in columns)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("texts", [(ONE, TWO), (ONE, TWO, THREE)])
def test_columns_are_read_one_after_the_other(texts: Sequence[Sequence[str]], order: Order) -> None:
    assert read(*order(columns(*texts))) == prose(*texts)


@pytest.mark.parametrize("order", [column_by_column, row_by_row])
def test_columns_of_unequal_length(order: Order) -> None:
    texts = (ONE, TWO[:3])
    assert read(*order(columns(*texts))) == prose(*texts)
    texts = (FERRY, TWO)
    assert read(*order(columns(*texts))) == prose(*texts)


@pytest.mark.parametrize("drop", [3, 6])
def test_columns_whose_lines_are_not_level(drop: float) -> None:
    assert read(*row_by_row(columns(ONE, TWO, drop=drop))) == prose(ONE, TWO)


def test_a_headline_and_a_caption_run_across_the_columns() -> None:
    headline = Set(50, 740, "Town news of the week, and what became of the sluice", 16)
    caption = Set(50, 560, "Photo: the new crane in the harbour, seen from the library at noon", 8)
    above, below = columns(ONE, TWO), columns(THREE, ONE, top=530)
    text = read(headline, *row_by_row(above), caption, *row_by_row(below))
    assert text == "\n\n".join([headline.text, prose(ONE, TWO), caption.text, prose(THREE, ONE)])


def test_a_large_headline_in_the_first_column_parts_what_is_above_and_below() -> None:
    headline = Set(50, 572, "Other news", 16)
    above, below = columns(ONE, TWO), columns(THREE, ONE, top=540)
    text = read(*row_by_row(above), headline, *row_by_row(below))
    assert text == "\n\n".join([prose(ONE, TWO), "Other news", prose(THREE, ONE)])


@pytest.mark.parametrize("order", [column_by_column, row_by_row])
def test_a_short_headline_over_columns_beside_that_of_the_last(order: Order) -> None:
    heads = [Set(50, 720, "A second crane for Orme", 17.5), Set(410, 721, "Sluice shut", 16)]
    text = read(*order([*heads, *columns(ONE, TWO, THREE)]))
    assert text == "\n\n".join([heads[0].text, prose(ONE, TWO), heads[1].text, prose(THREE)])


def test_only_a_part_of_the_page_is_in_columns() -> None:
    whole = [
        "The week in Orme was one of meetings, and of rain that fell from Monday to Friday on",
        "the harbour and the town, on the market and on all who had come to sell there.",
    ]
    over = [Set(50, 760 - 12 * row, line) for row, line in enumerate(whole)]
    under = [Set(50, 560 - 12 * row, line) for row, line in enumerate(whole)]
    text = read(*over, *row_by_row(columns(ONE, TWO)), *under)
    assert text == "\n\n".join([prose(whole), prose(ONE, TWO), prose(whole)])


def test_a_box_beside_the_text_comes_after_it() -> None:
    box = ["Open daily", "from 9 to 5,", "on Sundays", "from noon on", "for all who", "have a card"]
    beside = [Set(260, 700 - 12 * row, line, 8) for row, line in enumerate(box)]
    text = read(*row_by_row([*columns(ONE), *beside]))
    assert text.split() == f"{prose(ONE)} {prose(box)}".split()


def test_where_the_file_goes_down_each_column_its_order_stays() -> None:
    box = [Set(400, 700 - 12 * row, line) for row, line in enumerate(["Open", "daily", "till 5"])]
    written = [[line_of(one)] for one in [*box, *columns(ONE)]]
    assert arranged(written) == [line for (line,) in written]


def test_white_space_in_a_paragraph_set_wide_is_no_gutter() -> None:
    placed = columns(ONE, width=180)
    wide = [
        Set(50, 604, "The sluice"),
        Set(125, 604, "is shut and"),
        Set(50, 592, "to be mended"),
        Set(126, 592, "in the spring"),
    ]
    after = [Set(50, 580, "by builders of the town, it is said.")]
    assert read(*placed, *wide, *after) == (
        f"{prose(ONE)}\n\nThe sluice is shut and to be mended in the spring by builders of the"
        " town, it is said."
    )


def test_from_right_to_left_the_right_column_is_the_first() -> None:
    right = ["עיריית אורם החליטה אתמול כי", "הגשר הישן ייסגר לשלוש שנים ועוד", "שהמעבורת תפעל"]
    left = ["הספרייה תהיה סגורה עד ספטמבר", "משום שהגג דולף זה שבע שנים כבר", "כך אמר המנהל"]
    rows = [
        [Line(b, 50, 220, 700 - 12 * n, 10, 10), Line(a, 250, 420, 700 - 12 * n, 10, 10)]
        for n, (a, b) in enumerate(zip(right, left, strict=True))
    ]
    assert [line.text for line in arranged(rows)] == [*right, *left]


def line_of(one: Set) -> Line:
    return Line(one.text, one.left, one.left + 5 * len(one.text), one.foot, one.size, one.size)


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.sampled_from([0.0, 3.0, 6.0]),
    st.sampled_from([130.0, 180.0]),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_every_word_of_any_columns_comes_out_once(
    lengths: list[int], drop: float, width: float, chance: random.Random, shuffled: bool
) -> None:
    numbers = itertools.count()
    texts = [[f"w{next(numbers)} and v{next(numbers)}" for _ in range(n)] for n in lengths]
    placed = columns(*texts, width=width, drop=drop)
    if shuffled:
        chance.shuffle(placed)
    text = read_pdf(set_pdf(placed)).drafts[0].text
    assert Counter(text.replace(" |", "").split()) == Counter(
        word for lines in texts for line in lines for word in line.split()
    )


@given(
    st.lists(
        st.lists(
            st.builds(
                Line,
                st.sampled_from(["a", "The port", "12", "goes on here and on", "•", "1 204"]),
                st.floats(0, 500),
                st.floats(0, 600),
                st.floats(0, 800),
                st.sampled_from([0.0, 9.0, 12.0]),
                st.sampled_from([0.0, 9.0, 12.0]),
            ),
            min_size=1,
            max_size=4,
        ),
        max_size=12,
    )
)
def test_any_lines_come_out_once(written: list[list[Line]]) -> None:
    words = [word for parts in written for line in parts for word in line.text.split()]
    assert Counter(word for line in arranged(written) for word in line.text.split()) == (
        Counter(words)
    )
