"""The bookmarklet by which a browser hands a page over, and what is said of it. Pure."""

import json
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from markupsafe import Markup

from qa.capturing.clipping import Change, Clip
from qa.settings import MAIN

from .panel import day_of

HERE = Path(__file__).parent


@cache
def _script() -> str:
    lines = (HERE / "bookmarklet.js").read_text(encoding="utf-8").splitlines()
    return "\n".join(line.strip() for line in lines if not line.startswith("//"))


def bookmarklet(server: str, token: str, collection: str) -> str:
    """The address of the bookmark: a script that hands the page it is run on to `server`."""
    given = json.dumps({"server": server, "token": token, "collection": collection})
    return "javascript:" + quote(f"{_script()}({given})", safe="")


def bookmarklet_box(server: str, token: str, collection: str) -> Markup:
    """The bookmarklet to drag or to copy, and a button that makes it anew."""
    name = "Clip to Cuttings" + ("" if collection == MAIN else f": {collection}")
    return Markup(
        '<p>From your browser: drag <a class="file bookmarklet" href="{address}">{name}</a> to the '
        "bookmarks bar. A click on it keeps the page that you are reading, as you see it.</p>"
        '<details><summary>Without dragging, and renewing</summary><p><label for="bookmark">Make a '
        "bookmark, and paste this as its address:</label>"
        '<textarea id="bookmark" readonly rows="3">{address}</textarea></p>'
        '<form data-into="clipping" method="post" action="cuttings/library/renew">'
        '<input type="hidden" name="collection" value="{collection}">'
        "<p>Its token is good for adding pages here and for nothing else. A page on which you "
        "click it could read it. <button>Renew</button> makes every earlier bookmark useless.</p>"
        "</form></details>"
    ).format(address=bookmarklet(server, token, collection), name=name, collection=collection)


def clip_window() -> Markup:
    """The small page that takes the page over; see `clip.js`."""
    return Markup(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Clip to Cuttings</title><style>"
        "body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; "
        "padding: 0 1rem; color-scheme: light dark; }}"
        '</style></head><body><main><p id="told" role="status">Waiting for the page…</p>'
        "<noscript><p>This needs JavaScript.</p></noscript></main>"
        '<script type="module" src="clip.js"></script></body></html>\n'
    ).format()


def kept_note(clip: Clip, collection: str) -> Markup:
    """What is said of a page that is in the library now, with the way to the chat."""
    said = {
        Change.NEW: "Kept",
        Change.UPDATED: "Kept in place of its earlier version",
        Change.UNCHANGED: "Here already, and nothing in it has changed",
    }[clip.change]
    left_out = Markup("").join(
        Markup('<br><span class="doubt">{}</span>').format(problem) for problem in clip.problems
    )
    return Markup(
        '{said}: <b>{title}</b>, {day}. <a href="../?{query}">Ask about it</a>{more}'
    ).format(
        said=said,
        title=clip.article.title,
        day=day_of(clip.article.published) or "undated",
        query=urlencode({"collection": collection}),
        more=left_out,
    )


def not_kept(reason: str) -> Markup:
    """Why nothing was kept."""
    return Markup('<span class="error">Not kept: {}</span>').format(reason)
