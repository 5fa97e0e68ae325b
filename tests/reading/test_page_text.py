"""Lines become paragraphs: worked out by hand on lines 12 points high, 14.4 apart, 400 wide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.page_text import Line, PagedText, join_pages, without_running_heads

HEIGHT = 12.0
PITCH = 14.4
LEFT = 72.0
RIGHT = 472.0


def page(*texts: str, top: float = 780) -> list[Line]:
    """Lines of a page; "" leaves one free, "    " indents, "|" ends a short one, "# " is large."""
    lines = []
    for number, written in enumerate(texts):
        text = written.strip().removesuffix("|").removeprefix("# ")
        left = LEFT + (20 if written.startswith("    ") else 0)
        right = left + 100 if written.endswith("|") else RIGHT
        height = 2 * HEIGHT if written.startswith("# ") else HEIGHT
        if text:
            lines.append(Line(text, left, right, top - PITCH * number, height, height))
    return lines


def joined(*pages: list[Line]) -> str:
    return join_pages(pages).text


def test_lines_of_a_paragraph_are_joined() -> None:
    assert joined(page("The port", "reopened on", "Monday.")) == "The port reopened on Monday."


@pytest.mark.parametrize(
    "lines",
    [
        ("The port", "opened.", "", "Ships came", "in."),  # by a gap
        ("The port", "opened.", "    Ships came", "in."),  # by an indent
        ("The port", "opened.|", "Ships came", "in."),  # by a short line
        ("# The port opened.", "Ships came", "in."),  # by size
    ],
)
def test_paragraphs(lines: tuple[str, ...]) -> None:
    assert joined(page(*lines)) == "The port opened.\n\nShips came in."


def test_headings_and_bullets_stand_alone() -> None:
    assert joined(
        page("What comes next|", "The port has", "• one berth", "  in the north", "• two")
    ) == ("What comes next\n\nThe port has\n\n• one berth in the north\n\n• two")


def test_a_hanging_indent_and_a_short_line_inside_a_sentence_are_no_ends() -> None:
    assert joined(page("Note that the port", "    is open and", "    stays so.")) == (
        "Note that the port is open and stays so."
    )
    assert joined(page("Beside a picture|", "words run on|", "and on.")) == (
        "Beside a picture words run on and on."
    )


def test_a_word_in_another_font_ends_no_paragraph() -> None:
    first = Line("the optional", LEFT, RIGHT, 700, HEIGHT, 9.0)
    second = Line("Attribute of", LEFT, RIGHT, 700 - PITCH, 9.0, HEIGHT)
    third = Line("a port.", LEFT, RIGHT, 700 - 2 * PITCH, HEIGHT, HEIGHT)
    assert joined([first, second, third]) == "the optional Attribute of a port."


def test_a_second_column_goes_on_where_the_first_ends() -> None:
    left = [
        Line(t, 72, 250, 700 - PITCH * n, HEIGHT, HEIGHT) for n, t in enumerate("a b c".split())
    ]
    right = [
        Line(t, 300, 480, 700 - PITCH * n, HEIGHT, HEIGHT) for n, t in enumerate("d e".split())
    ]
    assert joined([*left, *right]) == "a b c d e"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["infor-", "mation"], "information"),
        (["infor-", "Mation"], "infor-Mation"),
        (["a well-", "known port, well-known"], "a well-known port, well-known"),
        (["well-known, yet wellknown: well-", "known"], "well-known, yet wellknown: wellknown"),
        (["an e-", "mail"], "an e-mail"),
        (["COVID-", "19"], "COVID-19"),
        (["1990-", "1995"], "1990-1995"),
        (["state-of-the-", "art"], "state-of-the-art"),
        (["two-", "and three-year terms"], "two- and three-year terms"),
        (["said -", "and left"], "said - and left"),
        (["soft\xad", "ware"], "software"),
        (["A", "port", "is soft\xad", "", "", "Ware"], "A port is soft\n\nWare"),
        (["Anglo-", "American"], "Anglo-American"),
    ],
)
def test_words_broken_at_a_line_end(lines: list[str], text: str) -> None:
    assert joined(page(*lines)) == text


def test_a_sentence_runs_over_a_page_and_the_page_begins_inside_it() -> None:
    assert join_pages([page("The port has re-"), page("opened."), page("Ships came.")]) == (
        PagedText("The port has reopened.\n\nShips came.", (0, 15, 24))
    )


def test_a_page_without_lines_begins_with_the_next() -> None:
    assert join_pages([[], page("One."), [], page("Two."), []]) == (
        PagedText("One.\n\nTwo.", (0, 0, 6, 6, 10))
    )
    assert join_pages([[], []]) == PagedText("", (0, 0))
    assert join_pages([]) == PagedText("", ())


def test_running_heads_and_page_numbers_go() -> None:
    bodies = ["One is here.", "Two is there.", "Three is gone."]
    pages = [
        page(f"Harbour News {n}", "18 February 2023", "", body, "", f"- {n} -")
        for n, body in enumerate(bodies, start=7)
    ]
    assert [[line.text for line in one] for one in without_running_heads(pages)] == [
        [body] for body in bodies
    ]


def test_heads_of_chapters_are_known_by_their_page_numbers() -> None:
    names = ["Ports", "Bridges", "Roads"]
    pages = [page(f"{name} {n}", "", f"About {name}.") for n, name in enumerate(names, start=3)]
    assert joined(*pages) == "About Ports.\n\nAbout Bridges.\n\nAbout Roads."


def test_the_title_stays_where_it_is_larger_than_the_running_head() -> None:
    title = page("# Harbour News", "", "One is here.")
    pages = [page("Harbour News", "", body) for body in ("Two.", "Three.", "Four.")]
    assert joined(title, *pages) == "Harbour News\n\nOne is here.\n\nTwo.\n\nThree.\n\nFour."


@pytest.mark.parametrize(
    "lines",
    [
        ["Only here 1", "Only there 2"],  # nothing alike
        ["In 2021 it rained.", "Ports shut.", "In 2022 it rained.", "It shut.", "End."],
        ["12 14 16", "13 18 17", "11 15 19"],  # a row of a table
    ],
)
def test_other_lines_at_an_edge_stay(lines: list[str]) -> None:
    pages = [page(line) for line in lines]
    assert without_running_heads(pages) == pages


def test_slides_that_are_all_alike_are_kept() -> None:
    pages = [page("Draft")] * 3
    assert without_running_heads(pages) == pages


@given(
    st.lists(
        st.lists(
            st.builds(
                Line,
                st.text("ab-.A1• ", min_size=1, max_size=8).map(str.strip).filter(bool),
                st.floats(0, 300),
                st.floats(0, 600),
                st.floats(0, 800),
                st.sampled_from([0.0, 9.0, 12.0]),
                st.sampled_from([0.0, 9.0, 12.0]),
            ),
            max_size=6,
        ),
        max_size=5,
    )
)
def test_no_letter_is_lost_and_pages_begin_at_their_first(pages: list[list[Line]]) -> None:
    paged = join_pages(pages)
    bodies = without_running_heads(pages)
    letters = "".join(line.text for body in bodies for line in body)
    assert [c for c in paged.text if c not in " \n-"] == [c for c in letters if c not in " -"]
    assert len(paged.page_starts) == len(pages)
    assert list(paged.page_starts) == sorted(paged.page_starts)
    for body, start in zip(bodies, paged.page_starts, strict=True):
        if body:
            first = body[0].text.rstrip("-")
            assert paged.text.startswith(first, start)
