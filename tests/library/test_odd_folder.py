"""A folder of 400 odd files: what can be read is indexed, all else is named with its reason."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qa.library.store import Store
from qa.library.summary import IndexSummary
from qa.reading.formats import printable
from qa.reading.kinds import NOT_READ, PICTURES, suffix_of
from tests.library.stories import content, index
from tests.reading.damaged import SEEDS
from tests.reading.office_samples import open_document, pptx, xlsx
from tests.reading.samples import docx, paragraph, pdf, scanned_pdf, zipped


def locked(archive: bytes) -> bytes:
    """The archive, its members marked as those that need a password."""
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = archive.index(mark) + flags
        archive = archive[:at] + b"\x01" + archive[at + 1 :]
    return archive


LONG_NAME = "a very long name " * 14
PAGE = "<html><head><title>{0}</title></head><body><p>{0} is told on this page.</p></body></html>"

GOOD = {
    "plain.txt": b"Plain text stands here.",
    "Sub Folder/deep/er/still.md": b"# Still\n\nIt is deep down.",
    "crlf.txt": b"---\r\ntitle: Ends\r\n---\r\nLines end oddly.\r\n",
    "utf16.txt": "Šestnáct bitů.".encode("utf-16"),
    "mark.txt": b"\xef\xbb\xbfA mark stands first.",
    "page.html": PAGE.format("A page").encode(),
    "PAGE2.HTM": PAGE.format("Another page").encode(),
    "page3.xhtml": b"<?xml version='1.0'?>" + PAGE.format("A third page").encode(),
    "report.pdf": pdf([["Report of the port."], ["It goes on."]]),
    "letter.docx": docx(paragraph("A letter came.")),
    "html in text.txt": b"<html><p>Marks are words here.</p></html>",
    "with space and 'quote'.txt": b"A name with spaces.",
    "emoji 🎉.txt": b"A name with a picture.",
    "🎉.txt": b"A name of one picture.",
    "🙂.txt": b"A name of another picture.",
    "статья.txt": b"A name in letters of another script.",
    "портал.txt": b"A name as long in the same script.",
    "line\nbreak.txt": b"A name of two lines.",
    f"{LONG_NAME}.txt": b"A name as long as it may be.",
    "...txt": b"Hidden, so never read.",
    "no newline at end.md": b"The end",
    "one word.txt": b"x",
    "long line.txt": b"word " * 5000,
}
"""Files that give one article each, but for the hidden one."""

GOOD_TABLES = {
    "wire.jsonl": (b'{"text": "First wire."}\n{"id": "b", "text": "Second wire."}\n', 2),
    "wire2.csv": (b"title;text\nT;Third wire.\n", 1),
    "pack.zip": (zipped({"a.txt": "Packed.", "b/c.html": PAGE.format("Packed page")}), 2),
    "twice.jsonl": (b'{"id": 1, "text": "One."}\n{"id": 1, "text": "Two."}\n', 2),
    "wire3.json": (b'[{"text": "Fourth wire."}, {"body": "Fifth wire."}]', 2),
    "wire4.ndjson": (b'{"text": "Sixth wire."}\n', 1),
    "wire5.tsv": (b"headline\tbody\nT\tSeventh wire.\n", 1),
    "clash/same.md": (b"The first with this id.", 1),
    "clash/same.txt": (b"The second with this id.", 1),
    "colon.md": (b"---\ntitle: a: b\n---\nText below a title with a colon.", 1),
}
"""Files that give several articles, and how many."""

PARTLY_GOOD = {
    "cyrillic.txt": (
        "Порт Остравы снова открыт после паводка, сообщил капитан.".encode("cp1251"),
        1,
        ["it is not UTF-8 and was read as"],
    ),
    "odd rows.jsonl": (b'{"text": "Good row."}\n{broken\n{"text": 7}\n', 1, ["line 2", "line 3"]),
    "odd lines.csv": (b"text\nGood line.\na,b\n", 1, ["line 3"]),
    "traversal.zip": (
        zipped({"../../etc/out.txt": "Out.", "/abs.txt": "Out.", "in.txt": "Inside."}),
        1,
        ["member ../../etc/out.txt", "member /abs.txt"],
    ),
    "bomb.zip": (
        zipped({"bomb.txt": bytes(16 << 20), "safe.txt": "Safe."}),
        1,
        ["member bomb.txt unpacks to more than 200 times"],
    ),
    "gaps.pdf": (pdf([["Page one."], [], ["Page three."]]), 1, ["page 2: no text there"]),
}
"""Files that give articles and problems: bytes, articles, what the problems begin with."""

BAD = {
    "empty.txt": (b"", "is empty"),
    "empty.pdf": (b"", "is empty"),
    "empty.docx": (b"", "is empty"),
    "empty.zip": (b"", "is empty"),
    "blank.html": (b" \n\t ", "is empty"),
    "front matter only.md": (b"---\ntitle: x\n---\n", "holds no text"),
    "boilerplate only.txt": (b"Source link", "holds no text"),
    "binary.txt": (b"\0\1\2\3" * 50, "is not text (it holds NUL bytes)"),
    "control.txt": (b"\1\2\3\4 a", "is not text (it holds control characters)"),
    "half.txt": (b"\xff\xfea", "is not text (byte 2 does not fit"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n", "is a PNG picture under another name"),
    "pdf.txt": (pdf([["Text."]]), "is a PDF under another name"),
    "zip.docx": (zipped({"a.txt": "x"}), "is no Word document"),
    "noise.docx": (b"Just \xff noise.", "is a damaged zip archive"),
    "old.docx": (b"\xd0\xcf\x11\xe0" + bytes(99), "is an old or password-protected office"),
    "cut.docx": (docx(paragraph("Text."))[:-60], "is a damaged zip archive"),
    "nothing.docx": (docx(""), "holds no text"),
    "noise.pdf": (b"Just \xff noise.", "is no PDF"),
    "cut.pdf": (pdf([["Text."]])[:200], "is no PDF"),
    "png.pdf": (b"\x89PNG\r\n\x1a\n", "is a PNG picture under another name"),
    "scanned.pdf": (scanned_pdf(3), "holds no text of its own, only pictures"),
    "locked.pdf": (pdf([["Text."]], password="secret"), "is protected by a password"),
    "noise.zip": (b"Just \xff noise.", "is a damaged zip archive"),
    "cut.zip": (zipped({"a.txt": "x"})[:-10], "is a damaged zip archive"),
    "pictures.zip": (zipped({"a.gif": "x"}), "holds no file in a format read here"),
    "nested.zip": (
        zipped({"in.zip": zipped({"in.zip": zipped({"a.txt": "x"})})}),
        "member in.zip, member in.zip is an archive in an archive in an archive.",
    ),
    "old.doc": (b"\xd0\xcf\x11\xe0" + bytes(99), "is an old Word document"),
    "bomb only.zip": (zipped({"a.txt": bytes(16 << 20)}), "member a.txt unpacks to more than"),
    "script.html": (b"<html><script>x</script></html>", "holds no article"),
    "hidden.html": (b"<p style='display:none'>Obey.</p>", "holds no article"),
    "no text.csv": (b"a,b\n1,2\n", "has no column `text`"),
    "header.csv": (b"text,title\n", "holds no row"),
    "bad.jsonl": (b"{broken\n", "line 1 is not a JSON object"),
    "line\nbreak.md": (b"", "is empty"),
}
"""Files that give nothing: bytes, and how the reason begins."""

CUT_OFF = (
    (".pdf", GOOD["report.pdf"]),
    (".docx", GOOD["letter.docx"]),
    (".html", (Path(__file__).parents[1] / "reading" / "page.html").read_bytes()),
    (".zip", GOOD_TABLES["pack.zip"][0]),
    (".jsonl", GOOD_TABLES["wire.jsonl"][0]),
    (".csv", GOOD_TABLES["wire2.csv"][0] * 3),
)
"""Files that are cut off at many places: each gives articles or is named."""

NEARLY_NOTHING = {
    "empty": b"",
    "mark": b"\xef\xbb\xbf",
    "wide mark": b"\xff\xfe",
    "letter": b"x",
    "zeros": bytes(64),
    "bracket": b"<",
}
"""What a file of any format may hold and be none."""

ODD_DAYS = (
    *("31.02.2023", "2023-02-30", "02/18/2023", "18/02/23", "0000-00-00", "1676700000", "true"),
    *(
        "yesterday",
        "[2023]",
        "2023-W07",
        "Feb 2023",
        "٢٠٢٣-٠٢-١٨",
        "令和5年2月18日",
        "99999999999999",
    ),
)

ODD_FILES = {
    "locked.zip": locked(zipped({"a.txt": "Locked away."})),
    "locked.odt": open_document("", manifest="<m><encryption-data/></m>"),
    "no slide.pptx": pptx([]),
    "no sheet.xlsx": xlsx({}),
    "no page.pdf": pdf([]),
    "large cell.xlsx": xlsx({"A": [["text"], ["w" * 33_000]]}),
    "large cell.csv": b"text\n" + b"w" * 140_000,
    "many columns.csv": b"text" + b",x" * 5_000 + b"\nA row." + b",1" * 5_000,
    "deep.json": b"[" * 100_000,
    "deep.html": b"<div>" * 20_000 + b"Deep down.",
    "deep.eml": b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 300,
    "mail without a word.eml": b"Subject: \n\n",
    "attached film.eml": b"Content-Type: video/mp4; name=a.mp4\n\nxxxx",
    "names.zip": zipped(
        {"a/../b.txt": "Out.", "\\\\c.txt": "In.", "d?.txt": "In.", "e\n.txt": "In."}
    ),
    "twice.zip": zipped({"A.txt": "One.", "a.txt": "Two."}),
    "a.tar.gz": b"\x1f\x8b",
    "-rf.txt": b"A name like an option.",
    "trailing dot.txt.": b"No suffix.",
    "cafe\u0301.txt": b"A name decomposed.",
    "caf\u00e9.txt": b"The same name composed.",
    "C++.txt": b"A name of signs.",
    "C#.txt": b"Another name of signs.",
    "\u202etxt.exe.txt": b"A name that turns about.",
}

ANY = ("any", "cut")
"""Folders of which nothing is said but that each file in them is read or named."""

PASSED_OVER = ["photo.gif", "PHOTO.GIF", "film.mp4", "Makefile", "song.mp3"]
UNSEEN = [".hidden.txt", ".git/config.txt", "~$letter.docx", "...txt"]


@dataclass
class Expected:
    """How many articles the folder should give, and how the problems of each file begin."""

    articles: int = 0
    problems: dict[Path, list[str]] = field(default_factory=dict)


def write(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def any_files() -> Iterator[tuple[str, bytes]]:
    """Files of which nothing is said here but that each is read or named."""
    yield from ODD_FILES.items()
    for suffix, raw in SEEDS.items():
        yield f"well formed{suffix}", raw
    kinds = list(SEEDS)
    for number, suffix in enumerate(kinds):
        yield f"misnamed{suffix}", SEEDS[kinds[number - 1]]
        kind, raw = list(NEARLY_NOTHING.items())[number % len(NEARLY_NOTHING)]
        yield f"{kind}{suffix}", raw
        yield f"half{suffix}", SEEDS[suffix][: len(SEEDS[suffix]) // 2]
    for number, suffix in enumerate([*PICTURES, *NOT_READ]):
        yield f"nothing{suffix}", list(NEARLY_NOTHING.values())[number % len(NEARLY_NOTHING)]
    for number, day in enumerate(ODD_DAYS):
        yield f"day {number}.md", f"---\ntitle: D\ndate: {day}\n---\nOn a day.".encode()


def make_folder(folder: Path) -> Expected:
    """Write all of the above, and fill up to 400 with files cut off somewhere."""
    expected = Expected()
    for name, raw in GOOD.items():
        write(folder, name, raw)
    expected.articles += len(GOOD) - 1
    for name, (raw, articles) in GOOD_TABLES.items():
        write(folder, name, raw)
        expected.articles += articles
    for name, (raw, articles, problems) in PARTLY_GOOD.items():
        expected.problems[write(folder, name, raw)] = problems
        expected.articles += articles
    for name, (raw, problem) in BAD.items():
        expected.problems[write(folder, name, raw)] = [problem]
    for name in [*PASSED_OVER, *UNSEEN]:
        write(folder, name, b"x")
    write(folder, "questions.jsonl", b'{"id": "q1", "question": "Who?", "answers": ["She"]}\n')
    huge = write(folder, "huge.txt", b"")
    with huge.open("wb") as sparse:
        sparse.truncate(1 << 30)
    expected.problems[huge] = ["is 1.1 GB; at most"]
    os.mkfifo(folder / "pipe.txt")
    (folder / "broken link.txt").symlink_to(folder / "nowhere")
    (folder / "folder.txt").mkdir()
    for name, raw in any_files():
        write(folder, f"any/{name}", raw)
    (folder / "any" / "around").symlink_to(folder)
    for number in range(400 - sum(path.is_file() for path in folder.rglob("*"))):
        name, raw = CUT_OFF[number % len(CUT_OFF)]
        write(folder, f"cut/{number}{name}", raw[: len(raw) * (number + 1) // 120])
    return expected


def problems_by_file(summary: IndexSummary) -> dict[Path, list[str]]:
    found: dict[Path, list[str]] = {}
    for skipped in summary.skipped:
        assert "\n" not in skipped.reason
        named = printable(skipped.path)
        assert skipped.reason.startswith(named)
        found.setdefault(skipped.path, []).append(skipped.reason.removeprefix(named).lstrip(", "))
    return found


@pytest.mark.slow
def test_an_odd_folder_is_indexed_with_one_summary(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    expected = make_folder(folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 400
    with Store.create(tmp_path / "index") as store:
        summary = index(store, folder)
        found = problems_by_file(summary)
        assert {path for path in found if path.parent.name not in ANY} == expected.problems.keys()
        for path, beginnings in expected.problems.items():
            assert len(found[path]) == len(beginnings), found[path]
            for reason, beginning in zip(found[path], beginnings, strict=True):
                assert beginning in reason, path
        assert sum(not one.startswith(ANY) for one in summary.added) == expected.articles
        read = {path for path, file in store.files().items() if file.article_ids}
        passed_over = [path for path in files if suffix_of(path.name) in summary.passed_over]
        assert len(passed_over) == sum(summary.passed_over.values())
        unseen = {folder / name for name in [*UNSEEN, "questions.jsonl"]}
        assert {*files} - read - found.keys() - {*passed_over} == unseen
        assert not [one for one in summary.added if "hidden" in one or "questions" in one]
        assert dict(summary.passed_over) == {"": 2, ".mp3": 1, ".mp4": 1, ".gif": 2}
        assert summary.problems == (
            f"{folder / 'broken link.txt'} is a link that leads nowhere. Mend or delete it.",
        )

        before = content(store)
        again = index(store, folder)
        assert (again.added, again.updated, again.removed, again.embedded) == ((), (), (), 0)
        assert problems_by_file(again) == found
        assert content(store) == before


def test_a_name_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder, "good.txt", b"Text.")
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt"))
    odd.write_bytes(b"Text.")
    with Store.create(tmp_path / "index") as store:
        summary = index(store, folder)
        assert summary.added == ("good",)
        assert [skipped.path for skipped in summary.skipped] == [odd]
        assert "has a name that is not UTF-8" in summary.skipped[0].reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file and lists every folder")
def test_what_has_no_rights_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder, "good.txt", b"Text.")
    secret = write(folder, "secret.txt", b"Text.")
    secret.chmod(0)
    (folder / "locked").mkdir(mode=0)
    with Store.create(tmp_path / "index") as store:
        summary = index(store, folder)
        assert problems_by_file(summary) == {
            secret: ["cannot be read: Permission denied. Check its rights."]
        }
        assert summary.problems == (
            f"{folder / 'locked'} cannot be listed: Permission denied. Check its rights.",
        )
