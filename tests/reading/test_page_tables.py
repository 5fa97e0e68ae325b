"""Rows of tables come out as lines, and nothing else does: worked out by hand on set pages."""

from collections.abc import Sequence

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from qa.reading.pdf import read_pdf
from qa.reading.sentences import sentence_spans
from tests.reading.samples import Set, set_pdf

INTRODUCTION = Set(60, 760, "The registry has published births by district for three years.")
AFTER = Set(60, 500, "The next figures are due in the spring of the coming year, it said.")

DISTRICTS = [
    ["District", "2021", "2022", "2023"],
    ["Alm", "1 204", "1 310", "1 288"],
    ["Birk", "987", "1 002", "1 015"],
    ["Cove", "2 310", "2 298", "2 405"],
]


def table(
    rows: Sequence[Sequence[str]],
    lefts: Sequence[float] = (60, 150, 240, 330),
    top: float = 720,
    pitch: float = 16,
) -> list[Set]:
    """The cells of a table; "" leaves one free."""
    return [
        Set(left, top - pitch * number, cell)
        for number, row in enumerate(rows)
        for left, cell in zip(lefts, row, strict=False)
        if cell
    ]


def written(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(" | ".join(row) for row in rows)


def read(*pages: Sequence[Set]) -> str:
    return read_pdf(set_pdf(*pages)).drafts[0].text


def test_a_row_is_a_line_with_its_cells_apart() -> None:
    text = read([INTRODUCTION, *table(DISTRICTS), AFTER])
    assert text == f"{INTRODUCTION.text}\n\n{written(DISTRICTS)}\n\n{AFTER.text}"
    assert "2021" in text[slice(*sentence_spans(text)[1])]


def test_a_table_that_the_file_has_column_by_column() -> None:
    cells = sorted(table(DISTRICTS), key=lambda cell: cell.left)
    assert read([INTRODUCTION, *cells]) == f"{INTRODUCTION.text}\n\n{written(DISTRICTS)}"


def test_figures_that_are_flush_right() -> None:
    flush = [
        Set(cell.left + 40 - stringWidth(cell.text, "Times-Roman", 10), cell.foot, cell.text)
        if cell.left > 60
        else cell
        for cell in table(DISTRICTS)
    ]
    assert read(flush) == written(DISTRICTS)


def test_an_empty_cell_keeps_its_place() -> None:
    rows = [["", "2021", "2022"], ["Alm", "", "310"], ["Birk", "987", "002"], ["Cove", "1", "2"]]
    assert read(table(rows)) == "2021 | 2022\nAlm | | 310\nBirk | 987 | 002\nCove | 1 | 2"


WORKS = [
    ["Crane at the north pier", "approved on Monday", "4.2"],
    ["Roof of the library", "put off until May", "1.1"],
    ["Sluice at the mill", "to be mended soon", "0.8"],
    ["Bridge over the canal", "closed for lorries", "2.0"],
]


def test_cells_of_words_that_might_go_on_from_row_to_row() -> None:
    text = read([INTRODUCTION, *table(WORKS, lefts=(60, 240, 420))])
    assert text == f"{INTRODUCTION.text}\n\n{written(WORKS)}"
    states = [row[:2] for row in WORKS]
    assert read(table(states, lefts=(60, 240))) == written(states)


def test_cells_of_several_lines() -> None:
    lines = [
        ["Measure", "What it is about", "Cost"],
        ["Crane", "A second crane for the harbour, of the", "4.2"],
        ["", "same make as the one that stands there, well-"],
        ["", "known to all who sail by"],
        ["Roof of", "The library closes until the roof is mended", "1.1"],
        ["the library", "and its books are dry"],
    ]
    lefts = (60, 150, 380)
    tops = [700, 680, 668, 656, 636, 624]
    cells = [
        Set(left, top, cell)
        for top, row in zip(tops, lines, strict=True)
        for left, cell in zip(lefts, row, strict=False)
        if cell
    ]
    assert read([INTRODUCTION, *cells]) == (
        f"{INTRODUCTION.text}\n\n"
        "Measure | What it is about | Cost\n"
        "Crane | A second crane for the harbour, of the same make as the one that stands there,"
        " well-known to all who sail by | 4.2\n"
        "Roof of the library | The library closes until the roof is mended and its books are dry"
        " | 1.1"
    )


def test_the_first_row_comes_again_where_a_page_ends_in_the_table() -> None:
    page = [INTRODUCTION, *table(DISTRICTS[:2])]
    text = read(page, [*table(DISTRICTS[2:], top=780), AFTER])
    first, later = written(DISTRICTS[:2]), written([DISTRICTS[0], *DISTRICTS[2:]])
    assert text == f"{INTRODUCTION.text}\n\n{first}\n{later}\n\n{AFTER.text}"
    starts = read_pdf(set_pdf(page, table(DISTRICTS[2:], top=780))).drafts[0].page_starts
    assert starts == (0, text.index(later))


def test_a_first_row_that_is_printed_again_is_there_once_a_page() -> None:
    pages = [
        table(
            [
                DISTRICTS[0],
                [f"Place {number}a", "10", "20", "30"],
                [f"Place {number}b", "1", "2", "3"],
            ]
        )
        for number in range(3)
    ]
    text = read(*pages)
    assert text.count("District | 2021 | 2022 | 2023") == 3
    assert text.splitlines()[3] == "District | 2021 | 2022 | 2023"


def test_a_row_of_data_is_not_repeated() -> None:
    rows = [
        ["Nora Quist", "Mayor"],
        ["Emil Roth", "Director"],
        ["Ida Alm", "Clerk"],
        ["Per Dorn", "Cook"],
    ]
    text = read(table(rows[:2]), table(rows[2:], top=780))
    assert text == written(rows)


@pytest.mark.parametrize(
    ("rows", "lefts"),
    [
        # A list with its numbers, bullets, or those of sections
        (
            [["1.", "The council met on Monday"], ["2.", "Two members spoke"], ["3.", "All left"]],
            (60, 90),
        ),
        (
            [["•", "The council met on Monday"], ["•", "Two members spoke"], ["•", "All left"]],
            (60, 90),
        ),
        ([["3", "The harbour"], ["3.1", "Cranes"], ["3.2", "Ships"]], (60, 90)),
        # Contents with dots
        ([["The harbour " + "." * 60, "3"], ["The library " + "." * 60, "12"]], (60, 300)),
        # A masthead
        ([["Orme Weekly", "5 May 2021", "Price 2 crowns"]], (60, 200, 400)),
    ],
)
def test_what_is_no_table(rows: Sequence[Sequence[str]], lefts: Sequence[float]) -> None:
    text = read(table(rows, lefts))
    assert "|" not in text
    assert text.split() == " ".join(cell for row in rows for cell in row).split()


def test_lines_of_contents_stand_alone() -> None:
    rows = [["The harbour " + "." * 60, "3"], ["The library " + "." * 60, "12"]]
    assert len(read(table(rows, (60, 300))).split("\n\n")) == 2
