"""Lines become paragraphs: worked out by hand on lines 12 points high, 14.4 apart, 400 wide."""

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.page_line import Line
from qa.reading.page_text import PagedText, join_pages
from qa.reading.running_heads import without_running_heads

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


def test_a_soft_hyphen_at_the_end_of_a_paragraph_goes() -> None:
    assert joined(page("A", "port", "is soft\xad", "", "", "Ware")) == "A port is soft\n\nWare"


def test_a_second_column_goes_on_where_the_first_ends() -> None:
    left = [
        Line(t, 72, 250, 700 - PITCH * n, HEIGHT, HEIGHT) for n, t in enumerate("a b c".split())
    ]
    right = [
        Line(t, 300, 480, 700 - PITCH * n, HEIGHT, HEIGHT) for n, t in enumerate("d e".split())
    ]
    assert joined([*left, *right]) == "a b c d e"


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


def small(text: str, foot: float) -> Line:
    return Line(text, LEFT, RIGHT - 50, foot, 9.0, 9.0)


def test_a_note_at_the_foot_is_not_in_the_midst_of_a_sentence() -> None:
    first = [
        *page("The port is open.|", "    The council of Orme has", "decided in its session to"),
        small("1 See the minutes of May.", 90),
    ]
    paged = join_pages([first, page("replace the sluice.")])
    assert paged == PagedText(
        "The port is open.\n\n1 See the minutes of May.\n\n"
        "The council of Orme has decided in its session to replace the sluice.",
        (0, 96),
    )


def test_a_note_stands_before_the_sentence_of_a_paragraph_that_fills_the_page() -> None:
    pages = [
        page("The port is open and it"),
        [*page("rains. The council has", "decided in May to"), small("2 See the minutes.", 90)],
        page("replace it."),
    ]
    assert joined(*pages) == (
        "The port is open and it rains.\n\n2 See the minutes.\n\n"
        "The council has decided in May to replace it."
    )


def test_a_caption_is_not_in_the_midst_of_a_sentence() -> None:
    lines = page("The port is open.|", "    The council has", "decided in May to")
    caption = small("The new crane. Photo: N. Quist", 700)
    after = page("replace the sluice.", top=640)
    assert joined([*lines, caption, *after]) == (
        "The port is open.\n\nThe new crane. Photo: N. Quist\n\n"
        "The council has decided in May to replace the sluice."
    )
    own_size = page("Figure 2: The crane.", top=700)
    assert joined([*lines, *own_size, *after]).split("\n\n")[1] == "Figure 2: The crane."


def test_a_word_of_the_sentence_in_smaller_letters_stays_where_it_is() -> None:
    lines = page("The port is open.|", "    The council has")
    code = Line("family of the list", LEFT, RIGHT, lines[-1].bottom - PITCH, 9.0, 9.0)
    after = page("is longer.", top=code.bottom - PITCH)
    assert "The council has family of the list" in joined([*lines, code, *after])


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
def test_every_page_has_its_own_letters(pages: list[list[Line]]) -> None:
    paged = join_pages(pages)
    bodies = without_running_heads(pages)
    assert len(paged.page_starts) == len(pages)
    assert list(paged.page_starts) == sorted(paged.page_starts)
    for body, (start, end) in zip(
        bodies, itertools.pairwise([*paged.page_starts, len(paged.text)]), strict=True
    ):
        letters = "".join(line.text for line in body)
        assert Counter(c for c in paged.text[start:end] if c not in " \n-") == (
            Counter(c for c in letters if c not in " -")
        )
