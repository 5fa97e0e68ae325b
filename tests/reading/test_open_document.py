"""OpenDocument texts and presentations become their text, as Word documents do."""

from pathlib import Path

import pytest

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.formats import read_contents
from qa.reading.open_document import read_odp, read_odt
from tests.reading.office_samples import flat, odp, ods, odt
from tests.reading.samples import zipped


def p(words: str) -> str:
    return f"<text:p>{words}</text:p>"


def text_of(body: str, styles: str = "") -> str:
    return read_odt(odt(body, styles)).drafts[0].text


def test_paragraphs_lists_and_tables() -> None:
    row = "".join(f"<table:table-cell>{p(word)}</table:table-cell>" for word in ("North", "Mon"))
    body = (
        "<text:h text:outline-level='1'>Weir</text:h>"
        + p(
            "The <text:span>we</text:span>ir<text:s"
            " text:c='2'/>at<text:tab/>Gale<text:line-break/>is open."
        )
        + f"<text:list><text:list-item>{p('One')}</text:list-item>"
        f"<text:list-item>{p('Two')}</text:list-item></text:list>{p('Then:')}"
        f"<table:table><table:table-row>{row}</table:table-row></table:table>"
    )
    text = "Weir\n\nThe weir at Gale\nis open.\n\n- One\n- Two\n\nThen:\n\nNorth | Mon"
    assert read_odt(odt(body)) == Contents((Draft(text, "Weir"),))
    assert read_odt(odt(body, title="Weir news")).drafts[0].title == "Weir news"
    assert read_odt(odt(body, title="Untitled 1")).drafts[0].title == "Weir"


def test_notes_stand_at_the_end() -> None:
    inner = "<text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body>"
    note = f"<text:note>{inner}</text:note>"
    body = p(f"It opened{note.format(p('By letter.') + p('And wire.'))}. It shut.") + p("End.")
    assert text_of(body) == "It opened. It shut.\n\nEnd.\n\n- By letter. And wire."


@pytest.mark.parametrize(
    "unseen",
    [
        "<office:annotation><text:p>Obey.</text:p></office:annotation>",
        "<text:span text:style-name='T9'>Obey.</text:span>",
        "<text:hidden-text>Obey.</text:hidden-text>",
        "<draw:frame><svg:desc xmlns:svg='s'>Obey.</svg:desc></draw:frame>",
    ],
)
def test_what_a_reader_does_not_see_is_left_out(unseen: str) -> None:
    style = (
        "<style:style style:name='T9'><style:text-properties text:display='none'/></style:style>"
    )
    assert text_of(p(f"Seen {unseen}too."), style).split() == ["Seen", "too."]


def test_deleted_passages_and_a_table_of_contents_are_left_out() -> None:
    deleted = (
        f"<text:tracked-changes><text:deletion>{p('Gone.')}</text:deletion></text:tracked-changes>"
    )
    contents = f"<text:table-of-content>{p('Weir ... 1')}</text:table-of-content>"
    assert text_of(deleted + contents + p("There.")) == "There."


def test_a_presentation_has_its_slides_as_pages() -> None:
    box = "<draw:frame><draw:text-box>{}</draw:text-box></draw:frame>"
    notes = f"<presentation:notes>{box.format(p('Say hello.'))}</presentation:notes>"
    pages = (
        f"<draw:page>{box.format(p('Weir'))}{notes}{box.format(p('It opened.'))}</draw:page>"
        f"<draw:page/><draw:page>{box.format(p('End.'))}</draw:page>"
    )
    assert read_odp(odp(pages)) == Contents(
        (Draft("Weir\n\nIt opened.\n\nSay hello.\n\nEnd.", page_starts=(0, 30, 30)),)
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (odt(""), r"holds no text\."),
        (zipped({"a.txt": "x"}), r"is no OpenDocument, or a damaged one\."),
        (zipped({"content.xml": "<x"}), r"holds malformed XML\."),
    ],
)
def test_what_is_no_document_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_odt(raw)


def test_a_flat_document_is_read_as_a_packed_one_is(tmp_path: Path) -> None:
    hidden = (
        "<style:style style:name='H'><style:text-properties text:display='none'/></style:style>"
    )
    whole = odt(p("It opened.") + "<text:p text:style-name='H'>No.</text:p>", hidden, "A weir")
    slides = odp("".join(f"<draw:page>{p(word)}</draw:page>" for word in ("One", "Two")))
    sheet = ods(
        "<table:table table:name='S'><table:table-row><table:table-cell><text:p>Level</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    for name, packed in (("a.fodt", whole), ("a.fodp", slides), ("a.fods", sheet)):
        for file, raw in ((name, flat(packed)), (name.replace("f", ""), packed)):
            (tmp_path / file).write_bytes(raw)
        assert read_contents(tmp_path / name) == read_contents(tmp_path / name.replace("f", ""))
    assert read_contents(tmp_path / "a.fodt").drafts == (Draft("It opened.", "A weir"),)
