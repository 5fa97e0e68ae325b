"""Presentations become their text, a page a slide."""

import pytest

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.pptx import read_pptx
from tests.reading.office_samples import pptx, shape
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
