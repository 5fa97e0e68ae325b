"""Files become drafts by their suffix, or a BadArticle says in one line why not."""

import os
from pathlib import Path

import pytest

from qa.errors import BadArticle
from qa.reading.formats import MOST_BYTES, printable, read_contents
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
    assert refused(tmp_path / name, raw) == (
        f"is {kind} under another name. Give it its own suffix or delete it."
    )


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("a.pdf", b"Just text.", "is no PDF, or a damaged one. Save it again."),
        ("a.docx", b"Just text.", "is a damaged zip archive. Pack it again."),
        (
            "a.docx",
            zipped({"a.txt": "Text."}),
            "is no Word document, or a damaged one. Save it again as .docx, or as text.",
        ),
        ("a.zip", b"Just text.", "is a damaged zip archive. Pack it again."),
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
    with pytest.raises(BadArticle, match=r"a\.rtf is not one of the formats read here: \.txt, "):
        read_contents(tmp_path / "a.rtf")


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
        "other.zip": zipped({"a.txt": "Text."}),
        "wire.csv": 'text\nA.\n"b',
        "../out.txt": "Out.",
    }
    (tmp_path / "old.zip").write_bytes(zipped(inner))
    contents = read_contents(tmp_path / "old.zip")
    assert [draft.text for draft in contents.drafts] == ["Good.", "A."]
    assert contents.problems == (
        "member empty.txt is empty. Delete it or put the article into it.",
        "member other.zip is an archive in the archive. Unpack it first.",
        "member wire.csv, line 3 has quotes that do not pair up. Double those inside a field.",
        "member ../out.txt has a path that leads out of the archive. Pack it again without.",
    )


def test_a_zip_without_anything_to_read_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "a.zip", zipped({"a.gif": "x"})).startswith(
        "holds no file in a format read here: .txt, "
    )
