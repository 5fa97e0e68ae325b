"""Columns, headlines and tables, from boxes set by hand."""

import itertools
import math
import random

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


STORIES = {
    "A": """The harbour board met on Monday to
decide on the new crane for Pier 4,
which would cost four million and be
paid from the reserve. Two members
voted against the plan of its chair,
who spoke of the ships that pass by.""",
    "B": """In other news the town library will
close for repairs until September, as
its roof has leaked for seven years.
Books can be borrowed from a bus that
stands on the market square on every
Thursday, said the director of it.""",
    "C": """A third story tells of the sluice at
the mill, which has been shut since a
flood took its gates away. The council
wants to have it mended by the spring
and has asked three builders what they
would do and at what price they would.""",
}


def column(name: str, left: float, top: float, lines: int = 6) -> list[OcrLine]:
    """Lines of one of the stories, as many as are wanted, each after its name: some 400 wide."""
    story = itertools.islice(itertools.cycle(STORIES[name].split("\n")), lines)
    return [
        line(f"{text} {name}{number}", left, top + 40 * number, left + 10 * len(text))
        for number, text in enumerate(story)
    ]


def read_in(lines: list[OcrLine]) -> str:
    """The last words of the lines as they are read, whatever the engine's order."""
    shuffled = random.Random(1).sample(lines, len(lines))
    return " ".join(text.split()[-1] for text in texts(shuffled))


def names(name: str, lines: int = 6) -> str:
    return " ".join(f"{name}{number}" for number in range(lines))


def test_columns_are_told_though_their_boxes_nearly_touch() -> None:
    # The words are 25 pixels apart, which is 9 points; a box is wider than its words.
    read = read_in([*column("A", 0, 0), *column("B", 373, 0)])
    assert read == f"{names('A')} {names('B')}"


def test_columns_in_a_part_of_a_page_are_columns() -> None:
    over = [line(f"A line over the whole page, W{n}", 0, 40 * n, 850) for n in range(5)]
    under = [line(f"A line over the whole page, V{n}", 0, 500 + 40 * n, 850) for n in range(5)]
    read = read_in([*over, *column("A", 0, 220), *column("B", 450, 220), *under])
    assert read == f"{names('W', 5)} {names('A')} {names('B')} {names('V', 5)}"


def test_three_columns_over_two_wider_ones() -> None:
    over = [*column("A", 0, 0), *column("B", 450, 0), *column("C", 900, 0)]
    under = [
        line(f"{text} and far on into the wide column, {side}{n}", left, 320 + 40 * n, left + 620)
        for side, left in (("L", 0), ("R", 680))
        for n, text in enumerate(STORIES["C"].split("\n"))
    ]
    read = read_in([*over, *under])
    assert read == " ".join(names(name) for name in "ABCLR")


def test_a_headline_over_two_of_three_columns() -> None:
    headline = line("The board buys a second crane for Pier H", 0, 0, 840, 60)
    under = [*column("A", 0, 100), *column("B", 450, 100)]
    beside = column("C", 900, 0, lines=9)
    read = read_in([headline, *under, *beside])
    assert read == f"H {names('A')} {names('B')} {names('C', 9)}"


def test_a_short_headline_over_two_columns_beside_that_of_a_third() -> None:
    headline = line("The board buys a second H", 0, 0, 500, 60)
    other = line("Sluice still O", 900, 2, 1200, 50)
    under = [*column("A", 0, 100), *column("B", 450, 100), *column("C", 900, 100, lines=9)]
    read = read_in([headline, other, *under])
    assert read == f"H {names('A')} {names('B')} O {names('C', 9)}"


def test_a_caption_across_the_gutter_parts_what_is_over_the_picture_from_what_is_under() -> None:
    over = [*column("A", 0, 0), *column("B", 450, 0)]
    caption = line("The crane from the sea P", 250, 600, 600, 24)
    under = [*column("C", 0, 660), *column("A", 450, 660)]
    read = read_in([*over, caption, *under])
    assert read == f"{names('A')} {names('B')} P {names('C')} {names('A')}"


def test_a_caption_inside_the_middle_column_stays_in_it() -> None:
    middle = [*column("B", 450, 0, 3), line("The old crane P", 450, 340, 640, 24)]
    middle += column("C", 450, 400, 3)
    read = read_in([*column("A", 0, 0, 13), *middle, *column("A", 900, 0, 13)])
    assert read == f"{names('A', 13)} {names('B', 3)} P {names('C', 3)} {names('A', 13)}"


def test_a_box_of_short_lines_beside_the_text_comes_before_or_behind_it_whole() -> None:
    box = ["Open daily", "from 9 to 5,", "on Sundays", "from noon on", "for all who", "have a card"]
    beside = [line(text, 450, 84 + 34 * n, 450 + 10 * len(text)) for n, text in enumerate(box)]
    read = texts(random.Random(1).sample([*column("A", 0, 0, 12), *beside], 18))
    first = read.index("Open daily")
    assert read[first : first + 6] == box


def test_the_rows_of_a_table_of_words_stay_rows() -> None:
    rows = [
        ("Crane at the north pier", "approved on Monday"),
        ("Roof of the library", "put off until May"),
        ("Sluice at the mill", "to be mended soon"),
        ("Bridge over the canal", "closed for lorries"),
    ]
    cells = [
        line(text, left, 40 * number, left + 10 * len(text))
        for number, row in enumerate(rows)
        for text, left in zip(row, (0, 400), strict=True)
    ]
    assert texts(cells) == [text for row in rows for text in row]


def test_narrow_columns_stay_columns_where_two_lines_were_found_as_one() -> None:
    board = ["The board met on", "Monday and chose", "the new crane it", "will pay for in"]
    library = ["The library has", "shut its doors,", "as the roof of", "its hall leaks"]
    sluice = ["The sluice was", "damaged when the", "flood came down", "from the moor."]
    lines = [
        line(f"{text} {name}{number}", left, 40 * number, left + 10 * len(text))
        for name, left, story in (("A", 0, board), ("B", 200, library), ("C", 400, sluice * 2))
        for number, text in enumerate(story)
    ]
    both = line("May, they said. in wet weather. D0", 0, 160, 350)
    read = read_in([*lines, both])
    assert read == f"{names('A', 4)} {names('B', 4)} D0 {names('C', 8)}"


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
