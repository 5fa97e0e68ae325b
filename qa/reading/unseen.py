"""What of a web page its readers do not see, as far as an element says so itself. Pure.

A page can carry text for machines alone: hidden, shrunk to nothing, moved off the screen, white on
white. Such text is no part of what was published. What a style sheet hides is not recognised.
"""

import re

from qa.reading.markup import Tree, paragraphs, parse_html

UNSEEN_TAGS = frozenset(
    "script style template noscript iframe object svg math dialog textarea select".split()
)
"""Elements that show nothing or show what is no part of the article."""

_ZERO = r"(?:0+(?:\.0*)?|\.0+)"
_STYLES = {
    "display": "none",
    "visibility": "hidden|collapse",
    "opacity": rf"{_ZERO}%?",
    "font-size": rf"{_ZERO}(?:[a-z]*|%)|[01](?:\.\d+)?(?:px|pt)|0?\.[01]\d*r?em|\d(?:\.\d+)?%",
    "color": rf"transparent|(?:rgb|hsl)a?\((?:[^,]*,){{3}}\s*{_ZERO}%?\s*\)",
    "clip": r"rect\(\s*[01](?:px)?(?:[,\s]+[01](?:px)?){3}\s*\)",
    "clip-path": r"inset\(\s*(?:50|100)%.*",
    "transform": rf".*\bscale\(\s*{_ZERO}\s*[,)].*",
} | dict.fromkeys(
    ("left", "right", "top", "bottom", "text-indent", "margin-left", "margin-top"),
    r"-(?:\d{4,}(?:\.\d+)?px|\d{3,}(?:\.\d+)?(?:em|rem|vw|vh|%))",
)
_HIDING = {name: re.compile(rf"(?:{value})\Z") for name, value in _STYLES.items()}
_NOTHING = re.compile(r"[01]?(?:\.\d+)?(?:px)?\Z")
_WHITE = re.compile(r"(?:white|#fff(?:fff)?|rgb\(\s*255[,\s]+255[,\s]+255\s*\))\Z")


def remove_unseen(page: Tree) -> None:
    """Take out what a reader of the page does not see: it is no part of what was published.

    What a style sheet hides by class is not recognised.
    """
    unseen = [element for element in page.iter() if is_unseen(element)]
    for element in unseen:
        # A page hides itself whole until its scripts have run.
        if element.tag not in {"html", "body"} and element.getparent() is not None:
            element.drop_tree()


def seen_text(html: str) -> str:
    """All that a reader sees of a piece of HTML that is an article whole, as paragraphs."""
    return paragraphs(seen_page(html)) if html.strip() else ""


def seen_page(html: str) -> Tree:
    """What a reader sees of a piece of HTML that is not empty, as a tree without a head."""
    page = parse_html(html)
    remove_unseen(page)
    for head in page.findall(".//head"):
        head.drop_tree()
    return page


def is_unseen(element: Tree) -> bool:
    """Whether an element says of itself that it is not shown."""
    if element.tag in UNSEEN_TAGS or element.get("hidden") is not None:
        return True
    if element.get("aria-hidden", "").lower() == "true":
        return True
    styles = _styles(element)
    if any(name in _HIDING and _HIDING[name].match(value) for name, value in styles.items()):
        return True
    return _has_no_room(styles) or _is_white_on_white(element, styles)


def _styles(element: Tree) -> dict[str, str]:
    """The element's own style, names and values in small letters, without `!important`."""
    stated = (part.partition(":") for part in element.get("style", "").lower().split(";"))
    return {
        name.strip(): value.replace("!important", "").strip()
        for name, colon, value in stated
        if colon
    }


def _has_no_room(styles: dict[str, str]) -> bool:
    """Whether what does not fit is cut off, and nothing fits."""
    cut_off = styles.get("overflow", "") in {"hidden", "clip"}
    sizes = [styles.get(name) for name in ("width", "height", "max-width", "max-height")]
    return cut_off and any(size is not None and _NOTHING.match(size) for size in sizes)


def _is_white_on_white(element: Tree, styles: dict[str, str]) -> bool:
    """Whether the text is white and nothing around it says that it stands on another colour."""
    if not _WHITE.match(styles.get("color", "")):
        return False
    for around in (element, *element.iterancestors()):
        if "background" in around.get("class", ""):
            return False
        stated = _styles(around)
        background = stated.get("background-color") or stated.get("background")
        if background or "background-image" in stated:
            return bool(background and _WHITE.match(background))
    return True
