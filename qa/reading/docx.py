"""A Word document (.docx) becomes its text. Pure: bytes in, values out.

Comments, deleted passages, hidden words, pictures, headers and footers are no part of it.
"""

import io
import zipfile
from xml.parsers.expat import ExpatError

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.markup import paragraphs, parse_html, parse_xml
from qa.reading.xml_parts import title_in_properties, xml_parts

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DAMAGE = (
    OSError,  # no main part
    KeyError,  # a part or a style that is referred to and missing
    ValueError,
    TypeError,  # an attribute that is missing
    ExpatError,
    RecursionError,
)
_FOOTNOTE = ("footnote-", "endnote-")


def read_docx(raw: bytes) -> Contents:
    """The article in a Word document. Raises Unreadable when it holds none."""
    parts = xml_parts(raw)
    page = parse_html(f"<body>{_html(_packed(parts))}</body>")
    for mark in list(page.iter("a")):
        if mark.get("href", "").removeprefix("#").startswith(_FOOTNOTE):
            mark.drop_tree()
    text = paragraphs(page)
    if not text:
        raise Unreadable("holds no text. Delete it or put the article into it.")
    title = title_in_properties(parts)
    heading = next(page.iter("h1"), None)
    if title is None and heading is not None:
        title = " ".join(heading.text_content().split()) or None
    return Contents((Draft(text, title),))


def _packed(parts: dict[str, bytes]) -> io.BytesIO:
    """A document of these parts alone, without the words that are marked as hidden."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, _without_hidden_words(part) if b"vanish" in part else part)
    return packed


def _without_hidden_words(part: bytes) -> bytes:
    root = parse_xml(part)
    for mark in list(root.iter(f"{_WORD}vanish")):
        run = mark.getparent().getparent() if mark.getparent() is not None else None
        shown = mark.get(f"{_WORD}val", "true") in {"0", "false", "off"}
        if run is not None and run.tag == f"{_WORD}r" and not shown:
            run.getparent().remove(run)
    written = io.BytesIO()
    root.getroottree().write(written, encoding="UTF-8", xml_declaration=True)
    return written.getvalue()


def _html(document: io.BytesIO) -> str:
    import mammoth

    try:
        return str(
            mammoth.convert_to_html(
                document,
                convert_image=mammoth.images.img_element(lambda _: {}),
                include_embedded_style_map=False,
            ).value
        )
    except _DAMAGE as error:
        raise Unreadable(
            "is no Word document, or a damaged one. Save it again as .docx, or as text."
        ) from error
