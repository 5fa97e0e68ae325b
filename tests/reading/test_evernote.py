"""Exports of Evernote become an article a note."""

import base64
from datetime import date
from pathlib import Path

import pytest

from qa.reading.draft import Unreadable
from qa.reading.evernote import read_enex
from qa.reading.formats import read_contents
from tests.reading.samples import docx, paragraph, picture


def note(title: str, body: str, more: str = "") -> str:
    content = (
        "<?xml version='1.0'?><!DOCTYPE en-note SYSTEM 'http://xml.evernote.com/pub/enml2.dtd'>"
        f"<en-note>{body}</en-note>"
    )
    return (
        f"<note><title>{title}</title><content><![CDATA[{content}]]></content>"
        f"<created>20230218T231500Z</created><updated>20230301T000000Z</updated>{more}</note>"
    )


def resource(raw: bytes, mime: str, name: str = "") -> str:
    named = (
        f"<resource-attributes><file-name>{name}</file-name></resource-attributes>" if name else ""
    )
    data = base64.encodebytes(raw).decode()
    return f"<resource><data encoding='base64'>{data}</data><mime>{mime}</mime>{named}</resource>"


def export(*notes: str) -> bytes:
    head = "<!DOCTYPE en-export SYSTEM 'http://xml.evernote.com/pub/evernote-export3.dtd'>"
    return f"<?xml version='1.0'?>{head}<en-export>{''.join(notes)}</en-export>".encode()


def test_a_note_is_an_article_and_so_is_what_is_attached(tmp_path: Path) -> None:
    word = resource(docx(paragraph("Report.")), "application/x", "Report.docx")
    clipped = (
        "<note-attributes><source-url>https://www.gazette.example/a</source-url></note-attributes>"
    )
    raw = export(
        note(
            "Weir",
            "<div>It&nbsp;opened.</div><div>Boats<en-media type='image/png'/> pass.</div>",
            word,
        ),
        note("Lock / sluice", "Published: 2 January 2022<br/>It shut.", clipped),
        note(
            "Secret", "<en-crypt cipher='AES'>abc</en-crypt>", resource(b"x", "audio/mp3", "a.mp3")
        ),
        note("Words", "It shut.", resource(picture((40, 40)), "image/png", "map.png")),
        note("Clipping", "", resource(picture((40, 40)), "image/png", "page.png")),
        note("Text", "", resource(b"Attached words.", "text/plain")),
    )
    (tmp_path / "a.enex").write_bytes(raw)
    found = read_contents(tmp_path / "a.enex")
    assert [(one.below, one.title, one.text) for one in found.drafts] == [
        ("Weir", "Weir", "It opened.\n\nBoats pass."),
        ("Lock - sluice", "Lock / sluice", "Published: 2 January 2022\nIt shut."),
        ("Words", "Words", "It shut."),
        ("Weir/Report", None, "Report."),
        ("Clipping/page", None, ""),
        ("Text/attachment", None, "Attached words."),
    ]
    assert [one.below for one in found.drafts if one.scan] == ["Clipping/page"]
    assert [one.published for one in found.drafts[:2]] == [date(2023, 2, 18), date(2022, 1, 2)]
    assert [one.source for one in found.drafts[:2]] == [None, "gazette.example"]
    assert found.problems == ("1 of its notes hold no text.",)


def test_an_attachment_may_be_long(tmp_path: Path) -> None:
    text = b"Long words. " * 1_000_000
    (tmp_path / "a.enex").write_bytes(
        export(note("Weir", "", resource(text, "text/plain", "a.txt")))
    )
    (draft,) = read_contents(tmp_path / "a.enex").drafts
    assert len(draft.text) == len(text)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(b"<other/>", r"is no export of Evernote\."), (export(note("x", "")), r"holds no note")],
)
def test_what_is_no_export_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_enex(raw)
