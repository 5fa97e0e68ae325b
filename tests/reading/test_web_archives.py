"""Web archives become an article a page."""

import gzip
import io
from datetime import date
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from qa.reading.articles import read_file
from qa.reading.draft import Contents, Unreadable
from qa.reading.formats import read_contents
from qa.reading.web_archives import read_wacz, read_warc
from tests.reading.samples import pdf, picture, zipped

PAGE = (
    "<html><head><title>{0}</title>{1}</head><body><article><p>{0} is told on this"
    " page.</p></article></body></html>"
)
META = "<meta property='article:published_time' content='2022-01-02'>"


def warc(pages: list[tuple[str, str, str, bytes]], *, packed: bool = True) -> bytes:
    """An archive of these answers: address, status, content type and bytes, which may be packed."""
    written = io.BytesIO()
    writer = WARCWriter(written, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
    for address, status, kind, raw in pages:
        headers = [("Content-Type", kind)]
        if kind.endswith("gz"):
            headers = [("Content-Type", kind.removesuffix("+gz")), ("Content-Encoding", "gzip")]
        body = gzip.compress(raw) if kind.endswith("gz") else raw
        record = writer.create_warc_record(
            address,
            "response",
            payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": "2023-02-18T23:00:00Z"},
        )
        writer.write_record(record)
    return written.getvalue()


def page(name: str, head: str = "") -> bytes:
    return PAGE.format(name, head).encode()


PAGES = [
    (
        "https://www.gazette.example/2023/weir.html",
        "200 OK",
        "text/html; charset=utf-8",
        page("Weir"),
    ),
    ("https://gazette.example/lock?id=7", "200 OK", "text/html+gz", page("Lock", META)),
    ("https://gazette.example/", "200 OK", "TEXT/HTML", page("Home")),
    ("https://gazette.example/gone", "404 Not Found", "text/html", page("Gone")),
    ("https://gazette.example/a.css", "200 OK", "text/css", b"p {}"),
    ("https://gazette.example/report.pdf", "200 OK", "application/pdf", pdf([["Report."]])),
    ("https://gazette.example/empty", "200 OK", "text/html", b"<html></html>"),
    ("dns:gazette.example", "200 OK", "text/html", page("Name")),
]


def read(tmp_path: Path, name: str, raw: bytes) -> Contents:
    (tmp_path / name).write_bytes(raw)
    return read_contents(tmp_path / name)


@pytest.mark.parametrize("name", ["a.warc.gz", "A.WARC", "b.warc.gz"])
def test_a_page_is_an_article(tmp_path: Path, name: str) -> None:
    raw = warc(PAGES, packed=name == "a.warc.gz")
    found = read(tmp_path, name, gzip.compress(raw) if name == "b.warc.gz" else raw)
    assert [(one.below, one.title, one.published, one.source) for one in found.drafts] == [
        ("gazette.example/2023/weir", "Weir", date(2023, 2, 18), "gazette.example"),
        ("gazette.example/lock-id=7", "Lock", date(2022, 1, 2), "gazette.example"),
        ("gazette.example", "Home", date(2023, 2, 18), "gazette.example"),
        ("gazette.example/report", None, date(2023, 2, 18), "gazette.example"),
    ]
    assert found.drafts[0].text == "Weir is told on this page."
    (problem,) = found.problems
    assert problem.startswith("page gazette.example/empty.html holds no article.")


def test_an_archive_that_is_cut_off_gives_what_is_whole() -> None:
    raw = warc(PAGES[:2])
    found = read_warc(raw[: len(raw) - 40])
    assert [part.place for part in found.parts] == ["gazette.example/2023/weir.html"]
    assert found.problems == ("its end is damaged; what stands before was read. Save it again.",)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"WARC/1.0\r\nbroken", r"holds no page\."),
        (gzip.compress(b"Some text.", mtime=0), r"is no web archive, or a damaged one\."),
        (warc(PAGES[3:5]), r"holds no page\."),
    ],
)
def test_what_is_no_web_archive_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_warc(raw)


def test_pictures_are_read_where_there_is_no_page(tmp_path: Path) -> None:
    raw = picture((200, 100))
    pictures = [(f"https://a.example/{name}.png", "200 OK", "image/png", raw) for name in "ab"]
    alone = read(tmp_path, "a.warc", warc(pictures, packed=False))
    assert [one.below for one in alone.drafts] == ["a.example/a", "a.example/b"]
    mixed = [pictures[0], *PAGES[:1], pictures[1]]
    beside = read(tmp_path, "b.warc", warc(mixed, packed=False))
    assert [one.title for one in beside.drafts] == ["Weir"]


def test_the_encoding_that_the_server_states_and_no_other(tmp_path: Path) -> None:
    body = page("Мост").decode().encode("windows-1251")
    kinds = ("text/html; charset=windows-1251", "text/html; charset=utf-16", "text/html; charset=x")
    pages = [(f"https://a.example/{n}", "200 OK", kind, body) for n, kind in enumerate(kinds)]
    titles = [one.title for one in read(tmp_path, "a.warc", warc(pages, packed=False)).drafts]
    assert titles[0] == "Мост"
    assert len(titles) == 3


@pytest.mark.slow
def test_what_is_too_large_is_said(tmp_path: Path) -> None:
    long = page("Weir") + b" " * (4 << 20)
    pages = [
        ("https://a.example/long", "200 OK", "text/html", long),
        ("https://a.example/r.pdf", "200 OK", "application/pdf", b"%PDF-" + b" " * (64 << 20)),
    ]
    found = read(tmp_path, "a.warc", warc(pages, packed=False))
    assert [one.title for one in found.drafts] == ["Weir"]
    assert found.problems == (
        "page a.example/long.html is larger than 4 MB, and what comes after it was left out. Save"
        " it by itself.",
        "page a.example/r.pdf is larger than 64 MB, and all of it was left out. Save it by itself.",
    )


def test_an_archive_of_one_page_under_its_own_address_has_its_id(tmp_path: Path) -> None:
    file = tmp_path / "gazette.example" / "2023" / "weir.warc"
    file.parent.mkdir(parents=True)
    file.write_bytes(warc(PAGES[:1], packed=False))
    assert [one.id for one in read_file(file, tmp_path).articles] == ["gazette.example/2023/weir"]
    other = file.replace(tmp_path / "weir.warc")
    assert [one.id for one in read_file(other, tmp_path).articles] == [
        "weir/gazette.example/2023/weir"
    ]


def test_the_archives_in_a_packed_one_are_read(tmp_path: Path) -> None:
    shot = picture((200, 100))
    raw = zipped(
        {
            "archive/a.warc.gz": warc(PAGES[:1]),
            "archive/b.warc": b"No archive",
            "archive/c.warc": warc([("https://a.example/b.png", "200 OK", "image/png", shot)]),
            "datapackage.json": "{}",
        }
    )
    found = read(tmp_path, "a.wacz", raw)
    assert [(one.below, one.text) for one in found.drafts] == [
        ("gazette.example/2023/weir", "Weir is told on this page.")
    ]
    assert found.problems == (
        "its archive/b.warc is no web archive, or a damaged one. Save it again.",
    )
    with pytest.raises(Unreadable, match=r"holds no web archive\."):
        read_wacz(zipped({"a.txt": "x"}))
