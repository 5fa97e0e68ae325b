"""Running heads go, and nothing else: on lines as in `test_page_text`."""

import pytest

from qa.reading.running_heads import without_running_heads
from tests.reading.test_page_text import joined, page


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
