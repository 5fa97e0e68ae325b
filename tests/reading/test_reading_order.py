"""Columns, headlines and tables, from boxes set by hand."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.reading.ocr import OcrLine
from qa.reading.page_text import join_pages
from qa.reading.reading_order import height_of_most, in_reading_order

LONG = "words enough for a line "


def line(text: str, left: float, top: float, right: float, height: float = 30) -> OcrLine:
    return OcrLine(text, left, top, right, top, height, 0.99)


def texts(lines: list[OcrLine]) -> list[str]:
    return [one.text for one in in_reading_order(lines)]


def two_columns(top: float = 0, count: int = 4) -> list[OcrLine]:
    """Lines at equal heights in both columns, given across: L0 R0 L1 R1 …"""
    return [
        line(f"{side}{number} {LONG}", left, top + 40 * number, left + 400)
        for number in range(count)
        for side, left in (("L", 0), ("R", 450))
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    read = texts(two_columns())
    assert [text[:2] for text in read] == ["L0", "L1", "L2", "L3", "R0", "R1", "R2", "R3"]


def test_three_columns_are_read_from_the_left() -> None:
    third = [line(f"T{number} {LONG}", 900, 40 * number, 1300) for number in range(4)]
    read = texts(two_columns() + third)
    assert [text[0] for text in read] == [*"LLLLRRRRTTTT"]


def test_a_headline_over_both_columns_parts_what_is_above_it_from_what_is_below() -> None:
    headline = line("A headline over both columns", 0, 200, 850, 60)
    below = two_columns(300)
    read = texts([*below, headline, *two_columns()])
    assert [text[0] for text in read] == [*"LLLLRRRRALLLLRRRR"]


def test_the_rows_of_a_table_stay_rows() -> None:
    cells = [
        line(f"{name}{row}", left, 40 * row, left + 60)
        for name, left in (("Year ", 0), ("Tons ", 500))
        for row in range(4)
    ]
    assert texts(cells)[:4] == ["Year 0", "Tons 0", "Year 1", "Tons 1"]


def test_the_pieces_of_one_line_are_read_from_the_left() -> None:
    assert texts([line("end.", 300, 3, 380), line("It is the", 0, 0, 280)]) == ["It is the", "end."]


def test_a_page_askew_is_turned_straight() -> None:
    slope = math.radians(2)

    def turned(one: OcrLine) -> OcrLine:
        def x(left: float, top: float) -> float:
            return left * math.cos(slope) - top * math.sin(slope)

        def y(left: float, top: float) -> float:
            return left * math.sin(slope) + top * math.cos(slope)

        return OcrLine(
            one.text,
            x(one.left, one.top),
            y(one.left, one.top),
            x(one.right, one.top),
            y(one.right, one.top),
            one.height,
            one.confidence,
        )

    straight = in_reading_order(two_columns())
    askew = in_reading_order([turned(one) for one in two_columns()])
    assert [one.text for one in askew] == [one.text for one in straight]
    for one, other in zip(askew, straight, strict=True):
        assert abs(one.left - other.left) < 0.01
        assert abs(one.bottom - other.bottom) < 0.01


def test_boxes_of_uneven_height_are_one_paragraph_and_words_are_made_whole() -> None:
    lines = [
        line("The port of Ostrava was re-", 0, 0, 500, 33),
        line("opened on Monday by the", 0, 42, 498, 28),
        line("mayor.", 0, 80, 100, 27),
        line("Nobody came to see it but", 0, 160, 500, 31),
    ]
    assert join_pages([in_reading_order(lines)]).text == (
        "The port of Ostrava was reopened on Monday by the mayor.\n\nNobody came to see it but"
    )


def test_running_heads_go_though_their_boxes_are_of_uneven_height() -> None:
    pages = [
        [line(f"Harbour News {n}", 0, 0, 200, height), line(text, 0, 100, 500, height)]
        for n, height, text in ((4, 29, "One."), (5, 33, "Two."), (6, 38, "Three."))
    ]
    usual = height_of_most(one for page in pages for one in page)
    assert usual == 33
    assert join_pages([in_reading_order(page, usual) for page in pages]).text == (
        "One.\n\nTwo.\n\nThree."
    )


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            OcrLine,
            st.text("ab ", max_size=30),
            st.floats(-1e4, 1e4),
            st.floats(-1e4, 1e4),
            st.floats(-1e4, 1e4),
            st.floats(-1e4, 1e4),
            st.floats(0, 500),
            st.just(0.9),
        ),
        max_size=25,
    )
)
def test_no_line_is_lost_or_read_twice(lines: list[OcrLine]) -> None:
    assert sorted(one.text for one in in_reading_order(lines)) == sorted(one.text for one in lines)
