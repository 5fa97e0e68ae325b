"""A web page becomes its article: what stands around it is left out, and what nobody sees too.

Pure: bytes in, values out; nothing that the page links to is fetched.
"""

import copy
import json
import logging
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.encodings import decode_text, decoded_as_stated, is_utf8
from qa.reading.fields import day_of
from qa.reading.markup import Tree, paragraphs, parse_html
from qa.reading.unseen import remove_unseen

DECLARATION_BYTES = 2048
"""A page declares its encoding in its first 1024 bytes (HTML, 4.2.5.4); some are late."""

NO_DAY = date(1970, 1, 1)
"""What a program writes that has no date; it stands in more pages than a real one of that day."""

MOST_ELEMENTS = 30_000
"""Of a page in which the article is looked for: seconds. The time grows by the square (libxml2
compares every paragraph that a path leads to with those before): four times as many take minutes.
The longest pages of encyclopedias and live tickers have some 20,000."""

DATE_FIELDS = (
    *("article:published_time", "og:article:published_time", "datepublished", "date_published"),
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publish-date"),
    *("publish_date", "pubdate", "publication_date", "citation_publication_date"),
    *("dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "date"),
)
"""Names of `<meta>` fields that state the day of publication, the surest first."""

_DECLARED = re.compile(
    rb"""<meta[^>]+?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_OWN_ENTITIES = re.compile(r"(<!DOCTYPE[^\[>]{0,400})\[[^\]]{0,20000}\]", re.IGNORECASE)
"""Which a page in XML may declare; HTML knows none, and would show them."""

_AROUND = ("head", "nav", "aside", "footer", "form")
"""Elements that say of themselves that they are no part of what a page is about."""

_PROSE = frozenset({"p", "li", "td", "blockquote", "figcaption", "span"})
_ARTICLE_TYPE = re.compile(r"\w*(?:Article|Posting|Report|Review|WebPage)")


def read_web_page(raw: bytes) -> Contents:
    """The article of an HTML page; of a page that is too large to look for it, all that it shows.

    Raises Unreadable when the page holds none.
    """
    from trafilatura.metadata import extract_metadata

    # It reports on every page that it leaves empty; that is told once, by the error below.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page = parse_page(raw)
    elements = sum(1 for _ in page.iter())
    is_large = elements > MOST_ELEMENTS
    stated = extract_metadata(_head_alone(page) if is_large else page)
    published = _published(page)
    remove_unseen(page)
    text = _all_shown(page) if is_large else _article(page)
    if not text:
        raise Unreadable("holds no article. Save the article's own page, or its text.")
    draft = Draft(
        text=text,
        title=" ".join((stated.title or "").split()) or None,
        published=published,
        source=" ".join((stated.sitename or _host(page) or "").split()) or None,
    )
    told = f"its {elements:,} elements are too many to look for an article: all of it was read."
    return Contents((draft,), (told,) if is_large else ())


def _article(page: Tree) -> str:
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    found = bare_extraction(page, include_comments=False)
    return paragraphs(found.body) if isinstance(found, Document) else ""


def _all_shown(page: Tree) -> str:
    for element in [*page.iter(*_AROUND)]:
        element.drop_tree()
    return paragraphs(page)


def _head_alone(page: Tree) -> Tree:
    """The page with nothing in its body."""
    alone = page.makeelement("html")
    alone.extend([*map(copy.deepcopy, page.iterchildren("head")), page.makeelement("body")])
    return alone


def parse_page(raw: bytes) -> Tree:
    """The tree of a page in HTML, or in XML of its words. Raises Unreadable when empty."""
    return parse_html(_OWN_ENTITIES.sub(r"\1", _decoded(raw), count=1))


def _decoded(raw: bytes) -> str:
    """UTF-8 where it fits, else the encoding that the page declares, else what detection finds.

    Pages that a browser saved are UTF-8, whatever they declared before.
    """
    declared = _DECLARED.search(raw[:DECLARATION_BYTES])
    # ISO-2022-JP and its like are plain ASCII but for their escapes.
    if declared and (b"\x1b" in raw or not is_utf8(raw)):
        text = decoded_as_stated(raw, (declared[1] or declared[2]).decode("ascii"))
        if text is not None:
            return text
    return decode_text(raw)


def _published(page: Tree) -> date | None:
    """The day of publication that the page states: as linked data, in its head, or by its byline.

    Never the day of a change, and never one guessed from an address. Last of all, a day counts that
    stands by itself in a `<time>`, if all of these name one.
    """
    text = page.text_content()
    for written in _stated_days(page):
        day = day_of(written, text)
        if day and day != NO_DAY:
            return day
    times = {
        day_of(time.get("datetime", ""), text) for time in page.iter("time") if _by_itself(time)
    }
    return times.pop() if len(times) == 1 else None


def _by_itself(time: Tree) -> bool:
    """Whether it shows the very day that it states for programs, and stands in no sentence.

    Those of a change do not count.
    """
    marks = f"{time.get('class', '')} {time.get('itemprop', '')}".lower()
    shown = " ".join(time.text_content().split())
    parent = time.getparent()
    around = " ".join(parent.text_content().split()) if parent is not None else ""
    return (
        not any(mark in marks for mark in ("modified", "updated"))
        and (parent is None or parent.tag not in _PROSE or around == shown)
        and day_of(shown, "") is not None
        and day_of(shown, "") == day_of(time.get("datetime", ""), "")
    )


def _stated_days(page: Tree) -> Iterator[str]:
    yield from _linked_days(page)
    fields: dict[str, str] = {}
    for meta in page.iter("meta"):
        for name in ("property", "name", "itemprop"):
            fields.setdefault(meta.get(name, "").lower(), meta.get("content", ""))
    yield from (fields[name] for name in DATE_FIELDS if name in fields)
    for element in page.iter("time", "span", "abbr", "div", "p"):
        marks = f" {element.get('itemprop', '')} {element.get('class', '')} ".lower()
        if " datepublished " in marks or (element.tag == "time" and _is_of_publication(element)):
            yield element.get("datetime") or element.get("content") or element.text_content()


def _is_of_publication(time: Tree) -> bool:
    marks = f" {time.get('class', '')} ".lower()
    return time.get("pubdate") is not None or any(
        f" {mark} " in marks for mark in ("published", "dt-published", "entry-date")
    )


def _linked_days(page: Tree) -> Iterator[str]:
    """`datePublished` of the articles in the page's JSON-LD, those of a page as a whole last."""
    found: list[tuple[bool, str]] = []
    for script in page.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            objects = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while objects:
            thing = objects.pop(0)
            if isinstance(thing, list):
                objects = [*thing, *objects]
            elif isinstance(thing, dict):
                kind, day = str(thing.get("@type")), thing.get("datePublished")
                if isinstance(day, str) and _ARTICLE_TYPE.search(kind):
                    found.append(("WebPage" in kind, day))
                objects += [thing[key] for key in ("@graph", "mainEntity") if key in thing]
    yield from (day for _, day in sorted(found, key=lambda one: one[0]))


def _host(page: Tree) -> str | None:
    """The host of the address that the page gives as its own."""
    for link in page.iter("link", "meta"):
        if link.get("rel") == "canonical" or link.get("property") == "og:url":
            host = host_of(link.get("href") or link.get("content") or "")
            if host:
                return host
    return None


def host_of(address: str) -> str | None:
    """The host of an address on the web, None where there is none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.scheme in {"http", "https", ""} else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
