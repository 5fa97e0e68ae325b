"""Files made to do harm: nothing outside is read or fetched, and nothing is unpacked without end.

`pytest-socket` stops whatever would open a connection.
"""

import gzip
import io
import re
import zipfile
from pathlib import Path

import pytest

from qa.errors import BadArticle
from qa.reading.formats import MOST_CHARS, read_contents
from qa.reading.web_archives import MOST_PAGE_BYTES
from tests.reading.office_samples import Cell, odt, pptx, shape, xlsx
from tests.reading.samples import zipped
from tests.reading.test_epub import book
from tests.reading.test_evernote import export, note
from tests.reading.test_feeds import rss

pytestmark = pytest.mark.slow

SECRET = "a secret of this machine"
ITEM = "<item><title>Weir</title><description>Seen.&e;&i;</description></item>"


def with_entities(raw: bytes, part: str, outside: Path) -> bytes:
    """A document in whose part `Seen.` stands before an outside file and a bomb of entities."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts[part] = hostile(parts[part].replace("Seen.", "Seen.&e;&i;"), outside)
    return zipped(parts)


def hostile(xml: str, outside: Path) -> str:
    bomb = "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    declared = f"<!ENTITY e SYSTEM '{outside.as_uri()}'><!ENTITY a 'aaaaaaaaaa'>{bomb}"
    body = re.sub(r"\A<\?xml.*?\?>|<!DOCTYPE en-export[^>]*>", "", xml)
    return f"<!DOCTYPE x [{declared}]>{body}"


@pytest.mark.parametrize("kind", ["odt", "xlsx", "pptx", "epub", "enex", "rss"])
def test_entities_are_not_expanded_and_outside_files_not_read(tmp_path: Path, kind: str) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text(SECRET)
    raws = {
        "odt": lambda: with_entities(odt("<text:p>Seen.</text:p>"), "content.xml", outside),
        "xlsx": lambda: with_entities(
            xlsx({"S": [[Cell("Seen.", "str")]]}), "xl/worksheets/sheet1.xml", outside
        ),
        "pptx": lambda: with_entities(pptx([shape("Seen.")]), "ppt/slides/slide9.xml", outside),
        "epub": lambda: with_entities(book({"a.xhtml": "Seen."}), "OEBPS/text/a.xhtml", outside),
        "enex": lambda: hostile(export(note("Weir", "Seen.")).decode(), outside).encode(),
        "rss": lambda: hostile(rss(ITEM).decode(), outside).encode(),
    }
    file = tmp_path / f"a.{kind}"
    file.write_bytes(raws[kind]())
    (draft,) = read_contents(file).drafts
    assert draft.text.removeprefix("- ").startswith("Seen.")
    assert len(draft.text) < 50
    assert "secret" not in draft.text
    assert "aaa" not in draft.text


@pytest.mark.parametrize("suffix", ["docx", "odt", "ods", "xlsx", "pptx", "epub"])
def test_a_zip_bomb_is_refused_in_every_document(tmp_path: Path, suffix: str) -> None:
    parts = ["word/document.xml", "content.xml", "xl/workbook.xml", "ppt/presentation.xml"]
    file = tmp_path / f"a.{suffix}"
    file.write_bytes(zipped({name: bytes(8 << 20) for name in [*parts, "META-INF/container.xml"]}))
    with pytest.raises(BadArticle, match="unpacks to more than 200 times its size"):
        read_contents(file)


def test_files_in_files_are_read_up_to_so_much_text(tmp_path: Path) -> None:
    words = " ".join(f"word{number % 997}" for number in range(400_000))
    packed = zipped({"a.txt": words})
    count = MOST_CHARS // len(words) + 3
    (tmp_path / "a.zip").write_bytes(zipped({f"{n}.zip": packed for n in range(count)}))
    found = read_contents(tmp_path / "a.zip")
    assert sum(len(draft.text) for draft in found.drafts) < MOST_CHARS + len(words)
    assert "was not read: there are more than 256 MB of text before." in found.problems[-1]


def test_a_page_of_a_web_archive_is_unpacked_only_so_far(tmp_path: Path) -> None:
    page = (
        b"<html><body><article><p>"
        + b"</p><p>".join([b"word " * 40] * 60_000)
        + b"</p></article></body></html>"
    )
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    answer += gzip.compress(page)
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://gazette.example/a\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    (tmp_path / "a.warc").write_bytes(head.encode() + answer + b"\r\n\r\n")
    (draft,) = read_contents(tmp_path / "a.warc").drafts
    assert len(draft.text) < MOST_PAGE_BYTES[".html"] < len(page)
