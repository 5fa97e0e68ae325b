"""Files become drafts by their suffix, or a BadArticle says in one line why not."""

import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from qa.errors import BadArticle
from qa.reading.articles import read_file
from qa.reading.draft import Contents, Draft
from qa.reading.formats import MOST_BYTES, MOST_NESTED, printable, read_contents
from tests.reading.samples import docx, paragraph, pdf, zipped


def refused(path: Path, raw: bytes) -> str:
    path.write_bytes(raw)
    with pytest.raises(BadArticle) as caught:
        read_contents(path)
    message = str(caught.value)
    assert message.startswith(f"{path} ")
    assert "\n" not in message
    return message.removeprefix(f"{path} ")


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.pdf", "a.docx", "a.jsonl", "a.csv", "a.zip"])
@pytest.mark.parametrize("raw", [b"", b" \n\t "])
def test_an_empty_file_is_named(tmp_path: Path, name: str, raw: bytes) -> None:
    assert refused(tmp_path / name, raw) == "is empty. Delete it or put the article into it."


@pytest.mark.parametrize(
    ("name", "raw", "kind"),
    [
        ("a.txt", pdf([["Text."]]), "a PDF"),
        ("a.html", docx(paragraph("Text.")), "a zip archive or an office document"),
        ("a.md", zipped({"a.txt": "Text."}), "a zip archive or an office document"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1", "an old or password-protected office document"),
        ("a.docx", pdf([["Text."]]), "a PDF"),
        ("a.zip", b"\x1f\x8b\x08", "a gzip archive"),
        ("a.txt", b"{\\rtf1\\ansi Text.}", "an RTF document"),
    ],
)
def test_a_suffix_that_lies_is_named(tmp_path: Path, name: str, raw: bytes, kind: str) -> None:
    assert (
        refused(tmp_path / name, raw)
        == f"is {kind} under another name. Give it its own suffix or delete it."
    )


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("a.pdf", b"Just \xff noise.", "is no PDF, or a damaged one. Save it again."),
        ("a.docx", b"Just \xff noise.", "is a damaged zip archive. Pack it again."),
        (
            "a.docx",
            zipped({"a.txt": "Text."}),
            "is no Word document, or a damaged one. Save it again as .docx, or as text.",
        ),
        ("a.zip", b"Just \xff noise.", "is a damaged zip archive. Pack it again."),
        (
            "photo.txt",
            b"\0\1",
            "is not text (it holds NUL bytes). Delete it or save it as UTF-8 text.",
        ),
    ],
)
def test_a_file_of_another_kind_is_named(
    tmp_path: Path, name: str, raw: bytes, reason: str
) -> None:
    assert refused(tmp_path / name, raw) == reason


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.zip", "a.epub", "a.rtf", "a.warc.gz"])
def test_text_under_the_name_of_something_else_is_read_as_text(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Subject: Lock\n\nIt opened.")
    assert read_contents(tmp_path / name) == Contents(
        (Draft("Subject: Lock\n\nIt opened."),),
        ("it is plain text under another name, and was read as such. Name it .txt.",),
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.doc", "is an old Word document. Save it as .docx."),
        ("A.XLS", "is an old Excel workbook. Save it as .xlsx."),
        (
            "a.maff",
            "is a page in Mozilla's archive format. Open it and save it as .html or .mhtml.",
        ),
        ("a.tar.gz", "is a gzip archive. Unpack it into a folder."),
    ],
)
def test_what_is_not_read_is_named_as_what_it_is(tmp_path: Path, name: str, reason: str) -> None:
    assert refused(tmp_path / name, b"\xd0\xcf\x11\xe0\xa1\xb1") == reason
    assert refused(tmp_path / name, b"Subject: Lock") == reason


def test_rich_text_under_the_name_of_an_old_document_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(rb"{\rtf1\ansi It opened.}")
    assert read_contents(tmp_path / "a.doc").drafts[0].text == "It opened."


def test_html_in_a_text_file_stays_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("<html><p>Text.</p></html>")
    assert read_contents(tmp_path / "a.txt").drafts[0].text == "<html><p>Text.</p></html>"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.txt"
    with file.open("wb") as sparse:
        sparse.truncate(1 << 30)
    with pytest.raises(BadArticle, match=r"is 1\.1 GB; at most 0\.27 GB are read at once\. Split"):
        read_contents(file)
    assert MOST_BYTES < 1 << 30


def test_an_unreadable_file_and_a_strange_format_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match=r"gone\.txt cannot be read: No such file"):
        read_contents(tmp_path / "gone.txt")
    with pytest.raises(BadArticle, match=r"a\.mp3 is not in a .* here\. Those are: texts, web"):
        read_contents(tmp_path / "a.mp3")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_rights_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("a")
    file.chmod(0)
    with pytest.raises(BadArticle, match=r"secret\.txt cannot be read: Permission denied"):
        read_contents(file)


def test_a_name_of_any_characters_makes_one_line() -> None:
    assert printable("a\nb\x1b[31m\u2028\udcff é.txt") == "a\ufffdb\ufffd[31m\ufffd\ufffd é.txt"


def test_a_zip_gives_its_members_below_their_paths(tmp_path: Path) -> None:
    inner: dict[str, str | bytes] = {
        "2023/Visit.txt": "---\nsource: Gazette\n---\nIt began.",
        "b.md": "# Bridge\n\nIt shut.",
        "c.pdf": pdf([["Page one."], ["Page two."]]),
        "wire.csv": "id,text\nx-1,First.\n,Second.\n",
        "__MACOSX/2023/._Visit.txt": "no",
        ".hidden.txt": "no",
        ".git/x.txt": "no",
        "photo.gif": "no",
        "empty/": "",
    }
    (tmp_path / "old.zip").write_bytes(zipped(inner))
    contents = read_contents(tmp_path / "old.zip")
    assert [(draft.below, draft.text, draft.title) for draft in contents.drafts] == [
        ("2023/Visit", "It began.", None),
        ("b", "# Bridge\n\nIt shut.", "Bridge"),
        ("c", "Page one.\n\nPage two.", None),
        ("wire/x-1", "First.", None),
        ("wire/2", "Second.", None),
    ]
    assert contents.drafts[0].source == "Gazette"
    assert contents.drafts[2].page_starts == (0, 11)
    assert contents.problems == ()


def test_what_a_zip_holds_at_fault_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    inner: dict[str, str | bytes] = {
        "good.txt": "Good.",
        "empty.txt": "",
        "other.zip": zipped({"a.txt": "Inner.", "b.zip": zipped({"c.txt": "Deep."})}),
        "old.doc": "x",
        "wire.csv": 'text\nA.\n"b',
        "../out.txt": "Out.",
    }
    (tmp_path / "old.zip").write_bytes(zipped(inner))
    contents = read_contents(tmp_path / "old.zip")
    assert [draft.text for draft in contents.drafts] == ["Good.", "Inner.", "A."]
    assert contents.problems == (
        "member ../out.txt has a path that leads out of the archive. Pack it again without.",
        (
            "member other.zip, member b.zip is an archive in an archive in an archive. Unpack it"
            " first."
        ),
        "member wire.csv, line 3 has quotes that do not pair up. Double those inside a field.",
        "member empty.txt is empty. Delete it or put the article into it.",
        "member old.doc is an old Word document. Save it as .docx.",
    )


def test_an_export_of_notion_has_its_titles(tmp_path: Path) -> None:
    number = "0123456789abcdef0123456789abcdef"
    inner = zipped(
        {
            f"Export/Visit {number}.md": "# The visit\n\nShe came.",
            f"Export/Long {number}.md": "word " * 40,
            f"Export/Tasks {number}.csv": "Name,Tags\nVisit,a\n",
        }
    )
    (tmp_path / "Export.zip").write_bytes(zipped({"ExportBlock-1-Part-1.zip": inner}))
    found = read_file(tmp_path / "Export.zip", tmp_path)
    assert [article.title for article in found.articles] == ["Tasks", "The visit", "Long"]
    assert found.problems == ()


def test_many_members_with_one_fault_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({f"{n}.txt": " " for n in range(8)} | {"a.txt": "A."}))
    assert read_contents(tmp_path / "a.zip").problems == (
        (
            "member 0.txt, member 1.txt, member 2.txt, member 3.txt, member 4.txt and 3 more: each"
            " is empty. Delete it or put the article into it."
        ),
    )


def test_files_in_files_are_read_so_deep_and_no_deeper(tmp_path: Path) -> None:
    message = EmailMessage()
    message.set_content("Inner.")
    for depth in range(MOST_NESTED + 2):
        outer = EmailMessage()
        outer.set_content(f"Mail {depth}.")
        outer.add_attachment(message.as_bytes(), "application", "x", filename="m.eml")
        message = outer
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    found = read_contents(tmp_path / "a.eml")
    assert [draft.text for draft in found.drafts] == [f"Mail {n}." for n in (5, 4, 3, 2, 1)]
    (problem,) = found.problems
    assert problem.endswith(
        "attachment m.eml lies too deep in files inside files. Save it by itself."
    )


def test_a_zip_without_anything_to_read_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "a.zip", zipped({"a.gif": "x"})).startswith(
        "holds no file in a format read here: texts, web pages, "
    )
