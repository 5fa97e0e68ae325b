"""What a visit found becomes a file and an article, in a real library with a fake embedder."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from warcio.archiveiterator import ArchiveIterator

from qa.capturing.addresses import parse_address
from qa.capturing.clipping import Change, clip
from qa.capturing.visits import Visit, path_of
from qa.errors import CannotClip, LibraryError
from qa.library.indexing import index_folders
from qa.library.scanned_pages import Ocr
from qa.library.store import Store
from qa.service.uploads import Shelf
from tests.capturing.site import page
from tests.fakes import FakeEmbedder, FakePageReader
from tests.reading.samples import pdf

WHEN = datetime(2024, 3, 14, 9, 30, tzinfo=UTC)
STATED = "<meta property='article:published_time' content='2022-01-02'>"


def visit(
    url: str = "https://www.gazette.example/2024/Weir?id=7",
    body: bytes = page("Weir opens", "The weir is open."),
    media_type: str = "text/html",
    headers: tuple[tuple[str, str], ...] | None = None,
) -> Visit:
    sent = (("content-type", media_type), ("server", "press")) if headers is None else headers
    return Visit(parse_address(url), WHEN, media_type, body, sent)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "index") as store:
        yield store


@pytest.fixture
def shelf(tmp_path: Path, store: Store) -> Shelf:
    ocr = Ocr(FakePageReader(), store.index_dir)
    return Shelf(store, FakeEmbedder(), tmp_path / "up", 64, ocr=ocr)


def files(tmp_path: Path) -> list[str]:
    up = tmp_path / "up"
    return sorted(file.relative_to(up).as_posix() for file in up.rglob("*") if file.is_file())


def test_a_page_is_kept_as_it_was_and_read_again_to_the_same(
    shelf: Shelf, store: Store, tmp_path: Path
) -> None:
    clipped = clip(visit(), shelf)
    article = clipped.article
    assert (article.id, article.title) == ("clips/gazette.example/2024/weir-id-7", "Weir opens")
    assert (article.source, article.published) == ("gazette.example", date(2024, 3, 14))
    assert (clipped.change, clipped.before, clipped.problems) == (Change.NEW, None, ())
    (name,) = files(tmp_path)
    assert name == "clips/gazette.example/2024/weir-id-7.warc"
    with (tmp_path / "up" / name).open("rb") as file:
        record = next(ArchiveIterator(file))
        assert record.content_stream().read() == visit().body
        assert record.rec_headers["WARC-Target-URI"] == visit().address.url
        assert record.rec_headers["WARC-Date"] == "2024-03-14T09:30:00Z"
        assert record.http_headers["server"] == "press"
    summary = index_folders([], store, FakeEmbedder(), 64, lambda _: None)
    assert summary.unchanged == (article.id,)
    assert (summary.added, summary.updated, summary.moved, summary.removed) == ((), (), (), ())


def test_what_a_browser_shows_is_kept_like_what_a_server_sends(shelf: Shelf) -> None:
    body = page("Überfahrt", "Die Fähre fährt.", STATED)
    shown = clip(visit("https://gazette.example/", body, headers=()), shelf).article
    assert (shown.id, shown.text) == ("clips/gazette.example", "Die Fähre fährt.")
    assert shown.published == date(2022, 1, 2)


def test_the_encoding_that_only_the_server_states(shelf: Shelf) -> None:
    body = page("Мост", "Мост открыт.").decode().encode("windows-1251")
    headers = (("content-type", "text/html; charset=windows-1251"),)
    assert clip(visit(body=body, headers=headers), shelf).article.text == "Мост открыт."


def test_a_later_version_takes_the_place_of_the_earlier_if_its_words_have_changed(
    shelf: Shelf, store: Store, tmp_path: Path
) -> None:
    first = visit(body=page("Weir", "Open."))
    clip(first, shelf)
    kept = (tmp_path / "up" / files(tmp_path)[0]).read_bytes()
    later = WHEN + timedelta(days=3)
    same = clip(replace(first, body=page("Weir", "Open.", "<!-- 2 -->"), when=later), shelf)
    assert (same.change, same.before) == (Change.UNCHANGED, WHEN)
    assert (tmp_path / "up" / files(tmp_path)[0]).read_bytes() == kept
    assert same.article.published == date(2024, 3, 14)
    other = clip(replace(first, body=page("Weir", "Closed."), when=later), shelf)
    assert (other.change, other.before, other.article.text) == (Change.UPDATED, WHEN, "Closed.")
    assert other.article.published == date(2024, 3, 17)
    assert store.article_count() == len(files(tmp_path)) == 1


def test_addresses_that_look_alike_are_kept_apart(shelf: Shelf, store: Store) -> None:
    urls = ["http://a.example/x", "https://a.example/x", "https://a.example/X", "https://a.example"]
    ids = [clip(visit(url), shelf).article.id for url in urls]
    assert ids[0] == "clips/a.example/x"
    assert ids[3] == "clips/a.example"
    assert len(set(ids)) == store.article_count() == 4
    assert clip(visit(urls[1]), shelf).change is Change.UNCHANGED


def test_a_clip_is_removed_at_the_page_and_clipped_anew(shelf: Shelf, tmp_path: Path) -> None:
    removal = shelf.remove(clip(visit(), shelf).article.id)
    assert removal is not None
    assert removal.stands_in is None
    assert clip(visit(), shelf).change is Change.NEW
    assert len(files(tmp_path)) == 2  # the one that an undo would bring back is hidden


def test_a_pdf_and_a_picture(shelf: Shelf) -> None:
    report = visit("https://a.example/r.pdf", pdf([["Ferry report."]]), "application/pdf")
    article = clip(report, shelf).article
    assert (article.id, article.text) == ("clips/a.example/r", "Ferry report.")
    assert (article.source, article.published) == ("a.example", date(2024, 3, 14))
    assert shelf.page_picture(article.id, 0, 5).startswith(b"\xff\xd8")
    drawn = io.BytesIO()
    Image.radial_gradient("L").save(drawn, "PNG")
    scan = clip(visit("https://a.example/s.png", drawn.getvalue(), "image/png"), shelf).article
    assert (scan.id, scan.text) == ("clips/a.example/s", "Alpha a. Alpha b.")
    assert shelf.page_picture(scan.id, 0, 5).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (
            visit(body=b"<html><script>boot()</script><div id=app></div></html>"),
            "shows its text by scripts alone.*bookmarklet",
        ),
        (
            visit(
                body=page("App", "You need to enable JavaScript to run this app.", "<script src=a>")
            ),
            "shows its text by scripts alone",
        ),
        (
            visit(body=page("Paid", "It begins", '<script>{"isAccessibleForFree": "False"}')),
            "is for subscribers.*bookmarklet",
        ),
        (visit(body=b"<html><body></body></html>"), "holds no article"),
        (visit(body=b"<html><script></script></html>", headers=()), "holds no article"),
        (visit(body=b"%PDF-1.4 cut", media_type="application/pdf"), "is no PDF, or a damaged one"),
        (visit(body=b"%PDF-1.4"), "is a PDF under another name"),
        (visit(body=b"GIF", media_type="image/gif"), "is image/gif"),
    ],
)
def test_what_holds_nothing_to_keep_leaves_no_trace(
    shelf: Shelf, store: Store, tmp_path: Path, found: Visit, reason: str
) -> None:
    with pytest.raises((CannotClip, LibraryError), match=reason) as refused:
        clip(found, shelf)
    assert "https://www.gazette.example/2024/Weir?id=7" in str(refused.value)
    assert not (tmp_path / "up").exists()
    assert store.article_count() == 0


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example/../..//etc/passwd", "a.example/etc/passwd.warc"),
        ("https://a.example/%2e%2e/x/.git/a", "a.example/x/git/a.warc"),
        ("https://a.example/a%2Fb%00c.html", "a.example/a/b-c.warc"),
        ("https://a.example/" + "s" * 300, f"a.example/{'s' * 200}.warc"),
        ("https://a.example/" + "d/" * 30 + "x", "a.example/" + "d/" * 11 + "x.warc"),
    ],
)
def test_where_an_address_is_kept(url: str, path: str) -> None:
    assert path_of(parse_address(url)).as_posix() == path
