"""A tree of HTML elements, or of those trafilatura makes, becomes paragraphs of text. Pure.

The one place that loads lxml.
"""

import html
import re
from typing import Any

from qa.reading.draft import Unreadable
from qa.reading.encodings import decode_text

Tree = Any
"""An lxml element; the package ships no types."""

INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x2060, 0xFEFF, *range(0xE0000, 0xE0080)])
"""Characters without a shape: they split words for a search, and can carry words nobody sees."""

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font graphic hi i ins kbd label mark"
    " q ref s samp small span strike strong sub sup time tt u var wbr".split()
)
_LINE_BREAKS = frozenset({"br", "lb"})
_ITEMS = frozenset({"li", "item"})
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_NOT_XML = dict.fromkeys({*range(32), 0xFFFE, 0xFFFF} - set(b"\t\n\r"), " ")
_TAG = re.compile(r"[a-zA-Z][\w-]*", re.ASCII)
_WHITE = re.compile(r"[^\S\n]+")
_ENCODING = re.compile(rb"""\s*<\?xml[^>]{0,80}?encoding\s*=\s*["']([\w.:-]+)""")
_HALVES = re.compile(
    rb"&#(?:x0*d[89a-f][0-9a-f]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));",
    re.IGNORECASE,
)
"""References to halves of characters (U+D800 to U+DFFF), as programs write that know no emoji."""


def parse_html(text: str) -> Tree:
    """The tree of an HTML document or fragment, without comments. Raises Unreadable when empty."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.translate(_NOT_XML).encode(), parser=parser)
    except etree.ParserError as error:
        raise Unreadable("holds no HTML. Delete it or save the page again.") from error


def parse_xml(raw: bytes, *, recover: bool = False, huge: bool = False) -> Tree:
    """The tree of an XML document; nothing that it refers to is read. Raises Unreadable.

    With `recover` faults are passed over as far as that goes, in the encoding too; with `huge` a
    text may be longer than 10 MB, as a file inside is.
    """
    from lxml import etree

    parser = etree.XMLParser(
        encoding="utf-8" if recover else None,
        resolve_entities=False,
        no_network=True,
        recover=recover,
        huge_tree=huge,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_recoverable(raw) if recover else raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("holds malformed XML. Save it again.") from error
    if root is None:
        raise Unreadable("holds malformed XML. Save it again.")
    for entity in root.iter(etree.Entity):  # those that XML does not know, or that stand for others
        known = html.unescape(entity.text)
        entity.tail = f"{'' if known == entity.text else known}{entity.tail or ''}"
    etree.strip_tags(root, etree.Entity)
    return root


def _recoverable(raw: bytes) -> bytes:
    """XML in UTF-8, whatever it says that it is; a recovering parser lets halves through."""
    declared = _ENCODING.match(raw)
    try:
        text = raw.decode(declared[1].decode("ascii") if declared else "utf-8")
    except (LookupError, ValueError):
        text = decode_text(raw)
    return _HALVES.sub(b"&#xFFFD;", text.encode("utf-8", "replace"))


def serialised(element: Tree) -> str:
    """An element as HTML, whatever namespaces its parts have."""
    from lxml import etree

    for one in element.iter():
        if isinstance(one.tag, str):
            name = one.tag.rpartition("}")[2]
            one.tag = name if _TAG.fullmatch(name) else "div"
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def paragraphs(root: Tree) -> str:
    """All text below an element: paragraphs apart by an empty line, list items and rows by none."""
    from lxml import etree

    writer = _Writer()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if not isinstance(tag, str):
            writer.add(element.tail if event == "end" and element is not root else None)
        elif event == "start":
            writer.open(tag)
            writer.add(element.text)
        else:
            writer.close(tag)
            writer.add(element.tail if element is not root else None)
    return writer.finished()


class _Writer:
    """Collects the text of one block after another as a tree is walked."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._block: list[str] = []
        self._rows = 0
        self._opens_item = self._after_item = False

    def add(self, text: str | None) -> None:
        """Text inside the block at hand; its line breaks mean no more than spaces."""
        if text:
            self._block.append(text.replace("\n", " "))

    def open(self, tag: str) -> None:
        """An element begins."""
        if tag in _LINE_BREAKS:
            self._block.append("\n")
        elif tag in _ROWS:
            self._finish_block()
            self._rows += 1
        elif tag in _CELLS and self._rows:
            self._block.append(" ")
        elif tag not in _INLINE and not self._rows:
            self._finish_block()
            self._opens_item = self._opens_item or tag in _ITEMS

    def close(self, tag: str) -> None:
        """An element ends."""
        if tag in _ROWS:
            self._finish_block(listed=True)
            self._rows = max(0, self._rows - 1)
        elif tag in _CELLS and self._rows:
            self._block.append(" | ")
        elif self._rows and tag not in _INLINE:
            self._block.append(" ")
        elif tag not in _INLINE and tag not in _LINE_BREAKS:
            self._finish_block()
            self._opens_item = False

    def finished(self) -> str:
        """Everything so far."""
        self._finish_block()
        return "".join(self._text)

    def _finish_block(self, *, listed: bool = False) -> None:
        lines = "".join(self._block).translate(INVISIBLE).split("\n")
        self._block = []
        text = "\n".join(_WHITE.sub(" ", line).strip(" |" if listed else " ") for line in lines)
        text = re.sub(r"\n{3,}", "\n\n", text.strip())
        if not text:
            return
        listed = listed or self._opens_item
        if self._text:
            self._text.append("\n" if listed and self._after_item else "\n\n")
        self._text.append(f"- {text}" if self._opens_item else text)
        self._after_item, self._opens_item = listed, False
