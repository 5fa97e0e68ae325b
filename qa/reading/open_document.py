"""OpenDocument texts (.odt), presentations (.odp) and workbooks (.ods), packed or flat. Pure.

Comments, deleted passages, hidden words, pictures, headers and footers are no part of it, nor is a
table of contents. The notes of a text stand at its end, as in a Word document; those on a slide
stand below it.
"""

import re
from collections.abc import Iterator, Mapping

from qa.reading.draft import Contents, Draft, Unreadable, paged_draft
from qa.reading.kinds import ZIP
from qa.reading.markup import Tree, paragraphs
from qa.reading.sheets import Sheet, articles_of
from qa.reading.titles import stated_title
from qa.reading.xml_parts import attribute, local, named, tree_of, words_of, xml_parts

MOST_SPACES = 100
"""That one element stands for; more are none that a person typed."""

_PICTURE = re.compile(rb"<office:binary-data>[^<]*</office:binary-data>")

_HTML = {"p": "p", "h": "h1", "list-item": "li", "list-header": "li", "table-row": "tr"} | {
    "table-cell": "td",
    "line-break": "br",
    "span": "span",
    "a": "a",
}
"""Elements of OpenDocument → those of HTML that mean the same; the others are blocks."""

_INLINE = frozenset(
    "bookmark bookmark-start bookmark-end reference-mark reference-ref bookmark-ref note-ref ruby"
    " ruby-base date time page-number page-count chapter file-name title subject author-name meta"
    " sequence s tab soft-page-break placeholder user-defined text-input expression".split()
)
_UNSEEN = frozenset(
    "annotation annotation-end tracked-changes table-of-content hidden-text hidden-paragraph"
    " note-citation ruby-text forms desc title-of-object event-listeners scripts dde-source"
    " sequence-decls variable-decls user-field-decls".split()
)


def read_odt(raw: bytes) -> Contents:
    """The article in a text document. Raises Unreadable when it holds none."""
    parts = open_parts(raw)
    body = _body(parts)
    notes = _taken_notes(body)
    headings = [one for one in named(body, "h") if attribute(one, "outline-level") in {"", "1"}]
    heading = " ".join("".join(headings[0].itertext()).split()) if headings else ""
    text = "\n\n".join(filter(None, [text_of_element(body), "\n".join(notes)]))
    if not text:
        raise Unreadable("holds no text. Delete it or put the article into it.")
    return Contents((Draft(text, stated_document_title(parts) or heading or None),))


def read_odp(raw: bytes) -> Contents:
    """The article in a presentation, with its slides as pages, and what is noted below each."""
    parts = open_parts(raw)
    slides = []
    for page in named(_body(parts), "page"):
        notes = [one for one in page if local(one) == "notes"]
        for one in notes:
            page.remove(one)
        slides.append("\n\n".join(filter(None, map(text_of_element, [page, *notes]))))
    draft = paged_draft(slides, stated_document_title(parts))
    if not draft.text:
        raise Unreadable("holds no text. Delete it or put the article into it.")
    return Contents((draft,))


def open_parts(raw: bytes) -> dict[str, bytes]:
    """The parts of an OpenDocument that is not locked; a flat one is its content and all else.

    Raises Unreadable.
    """
    if not raw.startswith(ZIP):
        return dict.fromkeys(("content.xml", "meta.xml"), _PICTURE.sub(b"", raw))
    parts = xml_parts(raw)
    if named(tree_of(parts, "META-INF/manifest.xml"), "encryption-data"):
        raise Unreadable("is protected by a password. Save an unprotected copy.")
    return parts


def stated_document_title(parts: Mapping[str, bytes]) -> str | None:
    """The title in the properties of an OpenDocument."""
    properties = named(tree_of(parts, "meta.xml"), "meta")
    return stated_title(words_of(properties[0], "title")) if properties else None


def text_of_element(element: Tree) -> str:
    """The words below an element, paragraphs apart; what a reader does not see must be gone."""
    for one in list(element.iter()):
        name = local(one)
        if name == "s":
            count = attribute(one, "c")
            one.text = " " * min(int(count) if count.isdecimal() else 1, MOST_SPACES)
        elif name == "tab":
            one.text = " "
        if name:
            one.tag = _HTML.get(name, "span" if name in _INLINE else "div")
    return paragraphs(element)


def _body(parts: Mapping[str, bytes]) -> Tree:
    content = tree_of(parts, "content.xml")
    hidden = _hidden_styles(content) | _hidden_styles(tree_of(parts, "styles.xml"))
    for one in list(content.iter()):
        unseen = local(one) in _UNSEEN or attribute(one, "style-name") in hidden
        if unseen and one.getparent() is not None:
            _remove(one)
    bodies = named(content, "body")
    if not bodies:
        raise Unreadable("is no OpenDocument, or a damaged one. Save it again, or as text.")
    return bodies[0]


def _hidden_styles(root: Tree) -> set[str]:
    return {
        attribute(style, "name")
        for style in named(root, "style")
        for one in named(style, "text-properties")
        if attribute(one, "display") == "none"
    }


def _taken_notes(body: Tree) -> list[str]:
    notes = []
    for note in named(body, "note"):
        words = " ".join(text_of_element(note).split())
        notes += [f"- {words}"] if words else []
        _remove(note)
    return notes


def _remove(element: Tree) -> None:
    """Take an element out, and leave the words that follow it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = f"{before.tail or ''}{element.tail}"
        else:
            parent.text = f"{parent.text or ''}{element.tail}"
    parent.remove(element)


MOST_COLUMNS = 16_384
MOST_REPEATED = 64
"""So many cells in a row may be written once, with a count; more are empty to the sheet's edge."""


def read_ods(raw: bytes) -> Contents:
    """The articles in a workbook of OpenDocument. Raises Unreadable when it holds none."""
    parts = open_parts(raw)
    content = tree_of(parts, "content.xml")
    hidden = {
        attribute(style, "name")
        for style in named(content, "style")
        if any(attribute(one, "display") == "false" for one in named(style, "table-properties"))
    }
    sheets = [
        Sheet(
            attribute(one, "name"), tuple(_open_rows(one)), attribute(one, "style-name") in hidden
        )
        for one in named(content, "table")
    ]
    return articles_of(sheets, stated_document_title(parts))


def _open_rows(table: Tree) -> Iterator[tuple[int, Mapping[int, str]]]:
    line = 1
    for row in named(table, "table-row"):
        cells: dict[int, str] = {}
        column = 1
        for cell in [one for one in row if local(one) in {"table-cell", "covered-table-cell"}]:
            repeated = _count(attribute(cell, "number-columns-repeated"))
            words = _open_words(cell) if local(cell) == "table-cell" else ""
            if words:
                cells |= dict.fromkeys(range(column, column + min(repeated, MOST_REPEATED)), words)
            column += repeated
            if column > MOST_COLUMNS:
                break
        if cells:
            yield line, cells
        line += _count(attribute(row, "number-rows-repeated"))


def _open_words(cell: Tree) -> str:
    day = attribute(cell, "date-value")
    if day:
        return day.removesuffix("T00:00:00").replace("T", " ")
    for note in named(cell, "annotation"):
        note.getparent().remove(note)
    return "\n".join(text_of_element(one) for one in cell if local(one) == "p").strip()


def _count(written: str) -> int:
    return max(1, int(written)) if written.isdecimal() and len(written) < 8 else 1
