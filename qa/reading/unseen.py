"""What of a web page its readers do not see, as far as the page says so itself. Pure.

A page can carry text for machines alone: hidden, shrunk to nothing, moved off the screen, white on
white, by its own style or by a sheet in the page. Such text is no part of what was published.
"""

import re
from collections.abc import Mapping, Sequence

from qa.reading.markup import Tree, paragraphs, parse_html
from qa.reading.style_sheets import StyleSheets, style_sheets

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
_OF_SHEETS = frozenset(_HIDING) - {"color"}
"""What a sheet hides by. A colour is told from its ground only where all of both is known."""

_ANIMATIONS = frozenset({"animation", "animation-name"})
"""What begins unseen and comes up."""

_INHERITED = ("visibility", "font-size", "text-indent")
"""What an element takes over from the one around it, unless it says otherwise itself."""

MOST_HIDDEN = 0.5
"""Share of a page's text that its sheets hide; more comes up when its scripts have run."""

_NOTHING = re.compile(r"[01]?(?:\.\d+)?(?:px)?\Z")
_WHITE = re.compile(r"(?:white|#fff(?:fff)?|rgb\(\s*255[,\s]+255[,\s]+255\s*\))\Z")


def remove_unseen(page: Tree) -> None:
    """Take out what a reader of the page does not see: it is no part of what was published."""
    sheets = style_sheets(page, _OF_SHEETS | _ANIMATIONS)
    _drop([element for element in page.iter() if is_unseen(element)])
    if not sheets.rules:
        return
    hidden = [element for element in page.iter() if _is_hidden_by(sheets, element)]
    within = set(hidden)
    outermost = [one for one in hidden if within.isdisjoint(one.iterancestors())]
    chars = sum(len(one.text_content()) for one in outermost)
    if chars <= MOST_HIDDEN * len(page.text_content()):
        _drop(hidden)


def _drop(elements: Sequence[Tree]) -> None:
    for element in elements:
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
    return bool(_hiding(styles)) or _has_no_room(styles) or _is_white_on_white(element, styles)


def _hiding(styles: Mapping[str, str]) -> set[str]:
    """The names of those that hide."""
    return {name for name in styles.keys() & _HIDING if _HIDING[name].match(styles[name])}


def _is_hidden_by(sheets: StyleSheets, element: Tree) -> bool:
    """Whether the sheets hide the element, and neither its own style nor one inside shows it."""
    stated = sheets.stated(element)
    hiding = _hiding(stated) - _styles(element).keys()
    if stated.keys() & _ANIMATIONS:
        hiding.discard("opacity")
    return any(
        name not in _INHERITED
        or not any(_shows(sheets, one, name) for one in element.iterdescendants())
        for name in hiding
    )


def _shows(sheets: StyleSheets, element: Tree, name: str) -> bool:
    """Whether an element is shown that stands in one which is hidden by this."""
    stated = sheets.stated(element) | _styles(element)
    return name in stated and name not in _hiding(stated)


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
