"""Feeds that were saved (RSS, RDF, Atom) become articles, one an entry. Pure: bytes in, values out.

The feed's title is the source. Nothing that an entry links to is fetched: what the feed holds of it
is the text, or its headline where it holds no more.
"""

import re
from collections.abc import Iterable
from datetime import date

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.fields import day_in, day_of
from qa.reading.markup import Tree, parse_xml, serialised
from qa.reading.plain import read_mislabelled
from qa.reading.unseen import seen_text
from qa.reading.web_pages import read_web_page
from qa.reading.xml_parts import local, named

_TEXTS = ("encoded", "content", "description", "summary")
"""What holds the text of an entry, the fullest first."""

_PUBLISHED = ("published", "pubDate", "issued", "date")
_CHANGED = ("updated", "modified")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")


def read_feed(raw: bytes) -> Contents:
    """The articles of a feed. Other XML is named as what it is: raises Unreadable."""
    if not raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return read_mislabelled(raw)
    root = parse_xml(raw, recover=True)
    kind = local(root)
    if kind == "html":
        return read_web_page(raw)
    if kind not in {"rss", "RDF", "feed"}:
        raise Unreadable(f"is XML ({kind}) and no feed. Save its text as .txt or .html.")
    head = next((one for one in root if local(one) == "channel"), root)
    source = _line(_children(head, ("title",)))
    entries = [one for one in root.iter() if local(one) in {"item", "entry"}]
    drafts = tuple(
        draft
        for number, entry in enumerate(entries, 1)
        if (draft := _draft(entry, number, source)).text
    )
    if not drafts:
        raise Unreadable("holds no entry with words. Delete it.")
    return Contents(drafts)


def place_of(title: str | None, number: int) -> str:
    """The place of an article in its file by its title, which stays when others are added."""
    return (title or "").replace("/", "-").strip(". ") or str(number)


def _draft(entry: Tree, number: int, feed: str | None) -> Draft:
    title = _line(_children(entry, ("title",)))
    texts = (_text(one) for name in _TEXTS for one in _children(entry, (name,)))
    text = next(filter(None, texts), "") or title or ""
    origins = (_line(named(one, "title") or [one]) for one in _children(entry, ("source",)))
    published = _day(entry, _PUBLISHED, text) or day_in(text) or _day(entry, _CHANGED, text)
    return Draft(text, title, published, next(origins, None) or feed, below=place_of(title, number))


def _children(element: Tree, names: Iterable[str]) -> list[Tree]:
    """The children of these names that hold something, in the order of the names."""
    return [
        one
        for name in names
        for one in element
        if local(one) == name and (len(one) or (one.text or "").strip())
    ]


def _text(element: Tree) -> str:
    """The words of an entry's text, which is HTML as a tree, HTML as a string, or plain."""
    if len(element):
        return seen_text(serialised(element))
    written = element.text or ""
    return seen_text(written) if _MARKUP.search(written) else written.strip()


def _line(elements: Iterable[Tree]) -> str | None:
    return next(filter(None, (" ".join(_text(one).split()) for one in elements)), None)


def _day(entry: Tree, names: Iterable[str], text: str) -> date | None:
    written = ("".join(one.itertext()) for one in _children(entry, names))
    return next((day for one in written if (day := day_of(one, text))), None)
