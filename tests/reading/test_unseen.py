"""What an element of a page says of itself: shown or not."""

import pytest

from qa.reading.markup import parse_html
from qa.reading.unseen import is_unseen


def unseen(element: str, around: str = "{}") -> bool:
    page = parse_html(f"<html><body>{around.format(element)}</body></html>")
    return is_unseen(page.xpath("//*[@id='it']")[0])


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "color: red; DISPLAY : none !important",
        "visibility: hidden",
        "opacity:0",
        "opacity: .0",
        "font-size:0",
        "font-size:0px",
        "font-size:1px",
        "font-size: 0.1em",
        "color: transparent",
        "color: rgba(0, 0, 0, 0)",
        "color:#fff",
        "color:#ffffff;background:white",
        "color: rgb(255, 255, 255)",
        "position:absolute; left:-9999px",
        "text-indent: -999em",
        "position:absolute;clip:rect(0,0,0,0)",
        "clip: rect(1px, 1px, 1px, 1px)",
        "clip-path: inset(50%)",
        "width:0;height:0;overflow:hidden",
        "max-height: 1px; overflow: hidden",
        "transform: scale(0)",
    ],
)
def test_styles_that_hide(style: str) -> None:
    assert unseen(f"<p id='it' style='{style}'>Words.</p>")


@pytest.mark.parametrize(
    "style",
    [
        "",
        "display",
        ":;:",
        "opacity:0.9",
        "opacity:",
        "font-size:0.9em",
        "font-size:10px",
        "font-size:100%",
        "color:black",
        "color: rgb(0, 0, 0)",
        "color: rgba(0, 0, 0, 0.8)",
        "color:#fff;background:#333",
        "margin-left:-100px",
        "text-indent:-1em",
        "width:0",
        "overflow:hidden;height:200px",
        "overflow:hidden;width:100%",
        "transform: scale(0.9)",
        "background:none",
    ],
)
def test_styles_that_do_not(style: str) -> None:
    assert not unseen(f"<p id='it' style='{style}'>Words.</p>")


def test_white_text_on_a_dark_ground_is_seen() -> None:
    white = "<p id='it' style='color:white'>Words.</p>"
    assert unseen(white, "<div style='background-color:#ffffff'>{}</div>")
    assert not unseen(white, "<div style='background-color:navy'>{}</div>")
    assert not unseen(white, "<div style='background-image:url(sea.jpg)'>{}</div>")
    assert not unseen(white, "<div class='has-dark-background'>{}</div>")
    nearest = "<div style='background:navy'><div style='background:white'>{}</div></div>"
    assert unseen(white, nearest)


@pytest.mark.parametrize(
    "element", ["<p id='it' hidden>x</p>", "<p id='it' aria-hidden='TRUE'>x</p>"]
)
def test_attributes_that_hide(element: str) -> None:
    assert unseen(element)


@pytest.mark.parametrize("tag", ["noscript", "template", "textarea", "svg"])
def test_elements_that_show_nothing_of_the_article(tag: str) -> None:
    assert unseen(f"<{tag} id='it'>x</{tag}>")
