"""A presentation (.pptx) becomes its text, a page a slide. Pure: bytes in, values out.

The title of a slide comes first, then its words in the order of the file, then those of diagrams
and the speaker's notes.
Hidden slides, and what stands on every slide (dates, numbers, footers), are no part of it.
"""

from collections.abc import Iterator, Mapping

from qa.reading.draft import Contents, Unreadable, paged_draft
from qa.reading.markup import Tree
from qa.reading.titles import stated_title
from qa.reading.xml_parts import (
    local,
    named,
    relation_of,
    relations,
    title_in_properties,
    tree_of,
    xml_parts,
)

_MAIN = "ppt/presentation.xml"
_TITLES = frozenset({"title", "ctrTitle"})
_ON_EVERY_SLIDE = frozenset({"dt", "ftr", "hdr", "sldNum", "sldImg"})


def read_pptx(raw: bytes) -> Contents:
    """The article in a presentation, with its slides as pages. Raises Unreadable if it has none."""
    parts = xml_parts(raw)
    if _MAIN not in parts:
        raise Unreadable("is no presentation, or a damaged one. Save it again as .pptx.")
    targets = relations(parts, _MAIN)
    files = [
        targets[relation_of(one)][1]
        for one in named(tree_of(parts, _MAIN), "sldId")
        if relation_of(one) in targets
    ]
    slides = [_slide(parts, file) for file in files]
    first_line = stated_title(slides[0].partition("\n")[0]) if slides else None
    draft = paged_draft(slides, title_in_properties(parts) or first_line)
    if not draft.text:
        raise Unreadable("holds no text. Delete it or put the article into it.")
    return Contents((draft,))


def _slide(parts: Mapping[str, bytes], file: str) -> str:
    """The words of a slide and of the notes below it; none if it is not shown."""
    root = tree_of(parts, file)
    if root.get("show") in {"0", "false"}:
        return ""
    for twin in named(root, "Fallback"):  # the same again, for older programs
        twin.getparent().remove(twin)
    shapes = [shape for shape in root.iter() if local(shape) in {"sp", "graphicFrame"}]
    shapes.sort(key=lambda shape: _place(shape) not in _TITLES)
    texts = [_words(shape) for shape in shapes]
    for kind, target in relations(parts, file).values():
        if kind == "notesSlide":
            notes = [one for one in named(tree_of(parts, target), "sp") if _place(one) == "body"]
            texts += map(_words, notes)
        elif kind == "diagramData":
            texts.append("\n\n".join(_lines(tree_of(parts, target))))
    return "\n\n".join(filter(None, texts))


def _place(shape: Tree) -> str:
    """What a shape is for: `title`, `body`, `sldNum` …, "" where nothing is said."""
    return next((one.get("type", "body") for one in named(shape, "ph")), "")


def _words(shape: Tree) -> str:
    if _place(shape) in _ON_EVERY_SLIDE or any(
        one.get("hidden") in {"1", "true"} for one in named(shape, "cNvPr")
    ):
        return ""
    if local(shape) == "graphicFrame":
        rows = (
            " | ".join(" ".join(_lines(cell)) for cell in named(row, "tc"))
            for row in named(shape, "tr")
        )
        return "\n".join(row for row in rows if row.strip(" |"))
    return "\n\n".join(_lines(shape))


def _lines(shape: Tree) -> Iterator[str]:
    """The paragraphs of a shape, line breaks inside them kept."""
    for paragraph in named(shape, "p"):
        pieces = (
            "\n" if local(one) == "br" else one.text or ""
            for one in paragraph.iter()
            if local(one) in {"t", "br"}
        )
        lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
        text = "\n".join(line for line in lines if line)
        if text:
            yield text
