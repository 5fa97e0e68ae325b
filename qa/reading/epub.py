"""An electronic book (.epub) becomes articles, one a chapter, in the order of reading.

Pure: bytes in, values out. A chapter's title is the one in the book's table of contents, else its
heading; its source is the book's title. Files in which no chapter begins go on with the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.fields import day_of
from qa.reading.markup import Tree, paragraphs
from qa.reading.unseen import remove_unseen
from qa.reading.web_pages import parse_page
from qa.reading.xml_parts import inside, local, named, tree_of, words_of, xml_parts

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_MARK = "\ue000"
"""Put where a chapter begins inside a file; a character that no text holds."""

_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_TEXTS = (".xml", ".opf", ".ncx", ".xhtml", ".xht", ".html", ".htm")
_HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the table of contents: the file, the place in it ("" for its head), the words."""

    file: str
    place: str
    title: str


@dataclass(frozen=True, slots=True)
class _Chapter:
    """What begins in a file, or goes on there if it has no title."""

    title: str | None
    text: str


def read_epub(raw: bytes) -> Contents:
    """The articles of a book, numbered from 1. Raises Unreadable when it holds none."""
    parts = xml_parts(raw, lambda name: name.lower().endswith(_TEXTS))
    package_name = _package_name(parts)
    package = tree_of(parts, package_name)
    items = {one.get("id", ""): one for one in named(package, "item")}
    spine = [items[ref] for one in named(package, "itemref") if (ref := one.get("idref")) in items]
    locked = {inside("", one.get("URI", "")) for one in _ciphers(parts)}
    files = [inside(package_name, one.get("href", "")) for one in spine if _is_page(one)]
    if locked.intersection(files):
        raise Unreadable("is protected against copying (DRM). Only its own reader opens it.")
    entries = _contents_table(parts, package_name, package)
    # The page that lists the chapters says nothing of its own.
    listing = {inside(package_name, one.get("href", "")) for one in items.values() if _is_nav(one)}
    by_file: dict[str, list[_Entry]] = {}
    for entry in entries:
        by_file.setdefault(entry.file, []).append(entry)
    found: list[_Chapter] = []
    for file in dict.fromkeys(files):
        if file in parts and file not in listing:
            found += _chapters(parts[file], by_file.get(file, []))
    drafts = _drafts(found, words_of(package, "title") or None, _published(package))
    if not drafts:
        raise Unreadable("holds no text, only pictures. Delete it or put its text into it.")
    return Contents(drafts)


def _drafts(
    chapters: list[_Chapter], book: str | None, published: date | None
) -> tuple[Draft, ...]:
    whole: list[_Chapter] = []
    for one in chapters:
        if one.title is None and whole and one.text:
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text}\n\n{one.text}")
        elif one.text:
            whole.append(one)
    return tuple(
        Draft(one.text, one.title or book, published, book, below=str(number))
        for number, one in enumerate(whole, 1)
    )


def _package_name(parts: Mapping[str, bytes]) -> str:
    for one in named(tree_of(parts, _CONTAINER), "rootfile"):
        if one.get("full-path") in parts:
            return str(one.get("full-path"))
    packages = [name for name in parts if name.endswith(".opf")]
    if not packages:
        raise Unreadable("is no e-book, or a damaged one. Convert it again.")
    return packages[0]


def _ciphers(parts: Mapping[str, bytes]) -> list[Tree]:
    return named(tree_of(parts, _ENCRYPTION), "CipherReference")


def _is_page(item: Tree) -> bool:
    return item.get("media-type", "") in _PAGES


def _is_nav(item: Tree) -> bool:
    return "nav" in item.get("properties", "").split()


def _published(package: Tree) -> date | None:
    dates = named(package, "date")
    for one in sorted(dates, key=lambda one: "publication" not in "".join(one.attrib.values())):
        if "modification" not in "".join(one.attrib.values()):
            return day_of("".join(one.itertext()), "")
    return None


def _contents_table(parts: Mapping[str, bytes], package_name: str, package: Tree) -> list[_Entry]:
    """The entries of the navigation document, else of the older NCX, those of parts included."""
    for item in named(package, "item"):
        name = inside(package_name, item.get("href", ""))
        if _is_nav(item) and name in parts:
            page = parse_page(parts[name])
            lists = [one for one in page.iter("nav") if one.get("epub:type", "toc") == "toc"]
            links = [link for one in lists[:1] for link in one.iter("a")]
            return [_entry(name, one.get("href", ""), one.text_content()) for one in links]
    for item in named(package, "item"):
        name = inside(package_name, item.get("href", ""))
        if item.get("media-type") == "application/x-dtbncx+xml" and name in parts:
            points = named(tree_of(parts, name), "navPoint")
            return [
                _entry(name, content.get("src", ""), words_of(point, "navLabel"))
                for point in points
                for content in [one for one in point if local(one) == "content"][:1]
            ]
    return []


def _entry(base: str, target: str, title: str) -> _Entry:
    return _Entry(inside(base, target), target.partition("#")[2], " ".join(title.split()))


def _chapters(raw: bytes, entries: list[_Entry]) -> list[_Chapter]:
    """What stands in one file, cut where the table of contents says that something begins."""
    try:
        page = parse_page(raw)
    except Unreadable:
        return []
    remove_unseen(page)
    for note in [one for one in page.iter("a") if "noteref" in one.get("epub:type", "")]:
        note.drop_tree()
    for head in page.findall(".//head"):
        head.drop_tree()
    heading = next((" ".join(one.text_content().split()) for one in page.iter(*_HEADINGS)), "")
    places = {one.get("id") or one.get("name"): one for one in page.iter() if local(one)}
    titles: list[str | None] = [heading or None]
    for entry in entries:
        start = places.get(entry.place) if entry.place else None
        if start is None:
            titles[0] = entry.title or titles[0]
        elif _MARK not in (start.text or ""):
            start.text = f"{_MARK}{start.text or ''}"
            titles.append(entry.title or None)
    texts = [text.strip() for text in paragraphs(page).split(_MARK)]
    if len(texts) > 1 and not texts[0]:
        del texts[0], titles[0]
    elif len(texts) > 1 and heading and titles[0] == heading and heading not in texts[0]:
        titles[0] = None
    return [_Chapter(title, text) for title, text in zip(titles, texts, strict=False)]
