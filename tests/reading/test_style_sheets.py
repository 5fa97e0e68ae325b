"""What a style sheet in a page hides is no part of the article."""

import time

import pytest

from qa.reading.markup import paragraphs, parse_html
from qa.reading.style_sheets import style_sheets
from qa.reading.unseen import remove_unseen

NAMES = ("display", "opacity")
SEEN = "<p>The bridge over the river was opened again on Monday.</p>"


def left_of(css: str, body: str) -> str:
    """What a reader sees of a page."""
    page = parse_html(f"<html><head><style>{css}</style></head><body>{SEEN}{body}</body></html>")
    remove_unseen(page)
    for head in page.findall(".//head"):
        head.drop_tree()
    return paragraphs(page)


def is_left(css: str, element: str = "<p class='q' id='i'>Obey.</p>") -> bool:
    return "Obey." in left_of(css, element)


@pytest.mark.parametrize(
    "css",
    [
        ".q{display:none}",
        ".q { color: red; DISPLAY : None !important }",
        "a, .q{visibility:hidden}",
        "p.q{opacity:0}",
        "#i{font-size:0}",
        "body > p.q, a:hover{position:absolute;left:-9999px}",
        "html .q{text-indent:-99999px}",
        "/* .q{display:block} */ .q{display:none}",
        "@import 'x.css'; .q{display:none}",
        "@media screen{.q{display:none}}",
        "@supports (display:grid){@layer x{.q{display:none}}}",
        ".q{display:block} .q{display:none}",
        ".q.q{display:none} p{display:block}",
        ".q{display:none",
        "<!-- .q{display:none} -->",
    ],
)
def test_rules_that_hide(css: str) -> None:
    assert not is_left(css)
    assert "Monday" in left_of(css, "<p class='q'>Obey.</p>")


@pytest.mark.parametrize(
    "css",
    [
        "",
        "}{",
        ".other{display:none}",
        "a.q{display:none}",
        ".q:hover{display:none}",
        ".q::before{display:none}",
        ".q[open]{display:none}",
        ".q + p{display:none}",
        "table .q{display:none}",
        "html > .q{display:none}",
        "> .q{display:none}",
        "@media print{.q{display:none}}",
        "@media (max-width: 600px){.q{display:none}}",
        "@font-face{.q{display:none}}",
        ".q{display:none} .q{display:block}",
        "p#i{display:block} .q{display:none}",
        ".q{display:block !important} #i{display:none}",
        ".q{opacity:0;animation:rise 1s}",
        ".q{color:white}",
        "p{display:none}",  # all of the page: it comes up when its scripts have run
    ],
)
def test_rules_that_do_not(css: str) -> None:
    assert is_left(css)


def test_what_an_element_says_itself_goes_before_a_sheet() -> None:
    assert is_left(".q{display:none}", "<p class='q' style='display:block'>Obey.</p>")


def test_what_is_said_inside_shows_text_again_where_that_can_be() -> None:
    inside = "<div class='q'><p class='r'>Obey.</p></div>"
    assert is_left(".q{font-size:0} .r{font-size:1rem}", inside)
    assert is_left(".q{visibility:hidden} .r{visibility:visible}", inside)
    assert not is_left(".q{display:none} .r{display:block}", inside)


def test_a_sheet_for_paper_is_passed_over() -> None:
    sheet = "<style media='print'>.q{display:none}</style>"
    assert is_left("", f"{sheet}<p class='q'>Obey.</p>")


def test_of_two_rules_the_nearer_one_holds() -> None:
    page = parse_html("<style>p{opacity:1} .q p{opacity:0}</style><div class='q'><p>x</p></div>")
    (paragraph,) = page.iter("p")
    assert style_sheets(page, NAMES).stated(paragraph) == {"opacity": "0"}


@pytest.mark.parametrize(
    ("css", "body"),
    [
        ("a{" * 200_000, SEEN),
        ("@media all{" * 100_000, SEEN),
        ("div div div p{display:block}" * 5_000, "<div>" * 200 + SEEN * 2_000),
    ],
    ids=["braces", "nested", "many"],
)
def test_a_sheet_that_is_made_to_take_long_does_not(css: str, body: str) -> None:
    begun = time.monotonic()
    assert "Monday" in left_of(css, body)
    assert time.monotonic() - begun < 20
