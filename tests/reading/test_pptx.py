"""Presentations become their text, a page a slide."""

import io
import zipfile

import pytest

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.pptx import read_pptx
from tests.reading.office_samples import DRAW_NS, pptx, relations, shape
from tests.reading.samples import zipped


def test_slides_in_order_with_title_words_tables_and_notes() -> None:
    rows = "".join(
        f"<a:tr><a:tc><a:txBody><a:p><a:r><a:t>{a}</a:t></a:r></a:p></a:txBody></a:tc><a:tc>"
        f"<a:p><a:r><a:t>{b}</a:t></a:r></a:p></a:tc></a:tr>"
        for a, b in (("Town", "Sum"), ("Gale", "3"))
    )
    table = f"<p:graphicFrame><a:graphic><a:tbl>{rows}</a:tbl></a:graphic></p:graphicFrame>"
    broken = (
        "<p:sp><a:p><a:r><a:t>By"
        " </a:t></a:r><a:r><a:t>Anna</a:t></a:r><a:br/><a:r><a:t>Weber</a:t></a:r></a:p></p:sp>"
    )
    slides = [
        shape("One\nTwo", "body")
        + shape("Weir report", "ctrTitle")
        + shape("7", "sldNum")
        + broken,
        "<!--hidden-->" + shape("Backup"),
        f"<p:grpSp>{shape('Grouped')}</p:grpSp>{table}",
    ]
    notes = {0: shape("Say hello.", "body") + shape("1", "sldNum")}
    text = (
        "Weir report\n\nOne\n\nTwo\n\nBy Anna\nWeber\n\nSay hello.\n\n"
        "Grouped\n\nTown | Sum\nGale | 3"
    )
    assert read_pptx(pptx(slides, notes)) == Contents(
        (Draft(text, "Weir report", page_starts=(0, 50, 50)),)
    )
    assert read_pptx(pptx(slides, title="Weir 2023")).drafts[0].title == "Weir 2023"
    assert read_pptx(pptx(slides, title="PowerPoint Presentation")).drafts[0].title == "Weir report"


def test_words_for_older_programs_are_not_said_twice_and_diagrams_are_read() -> None:
    twins = f"<m:x xmlns:m='m'>{shape('Once.')}<m:Fallback>{shape('Once.')}</m:Fallback></m:x>"
    raw = pptx([twins])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    diagram = {"d": ("diagramData", "../diagrams/data1.xml")}
    parts["ppt/slides/_rels/slide9.xml.rels"] = relations(diagram).encode()
    parts["ppt/diagrams/data1.xml"] = (
        f"<d xmlns:a='{DRAW_NS}'><a:p><a:r><a:t>In a diagram.</a:t></a:r></a:p></d>".encode()
    )
    assert read_pptx(zipped(parts)).drafts[0].text == "Once.\n\nIn a diagram."


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (pptx([""]), r"holds no text\."),
        (pptx([]), r"holds no text\."),
        (zipped({"a.txt": "x"}), r"is no presentation, or a damaged one\."),
    ],
)
def test_what_is_no_presentation_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_pptx(raw)
