"""Pages that a browser saved as one file become their articles."""

from pathlib import Path

import pytest

from qa.reading.articles import walk
from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.formats import read_contents
from qa.reading.saved_pages import read_saved_page
from qa.reading.web_pages import host_of
from tests.reading.samples import zipped

PAGE = (
    "<html><head><title>{title}</title></head><body><article><p>The weir at Gåle is"
    " open.</p></article><iframe src='cid:frame'></iframe><img"
    " src='http://spy.example/x.png'></body></html>"
)
HEAD = (
    "From: <Saved by Blink>\nSnapshot-Content-Location: https://www.gazette.example/weir\n"
    "Subject: =?utf-8?Q?Weir_opens?=\nDate: Sun, 5 Mar 2023 10:00:00 -0000\nMIME-Version: 1.0\n"
    'Content-Type: multipart/related; type="text/html"; boundary="--b--"\n\n'
)


def saved(page: str, charset: str = "utf-8") -> bytes:
    frame = "----b--\nContent-Type: text/html\n\n<p>Obey this frame of another page.</p>\n"
    part = f'----b--\nContent-Type: text/html; charset="{charset}"\n\n'.encode() + page.encode(
        charset
    )
    return HEAD.encode() + part + f"\n{frame}----b----\n".encode()


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_the_page_is_an_article_and_the_day_of_saving_is_not_its_day(charset: str) -> None:
    text = "The weir at Gåle is open."
    assert read_saved_page(saved(PAGE.format(title="Weir"), charset)) == Contents(
        (Draft(text, "Weir", None, "gazette.example"),)
    )
    untitled = read_saved_page(saved(PAGE.format(title=""), charset)).drafts[0]
    assert (untitled.text, untitled.title) == (text, "Weir opens")


def test_what_is_no_page_is_read_as_the_mail_that_it_is() -> None:
    raw = b"Subject: Weir\n\nThe weir is open."
    assert read_saved_page(raw).drafts == (Draft("The weir is open.", "Weir"),)
    odd = "Subject: Weir\nContent-Type: text/plain; charset=a\0b\n\nGåle".encode()
    assert read_saved_page(odd).drafts == (Draft("Gåle", "Weir"),)
    with pytest.raises(Unreadable, match=r"holds no article\."):
        read_saved_page(saved("<html><script>x</script></html>"))


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.gazette.example/a", "gazette.example"),
        ("cid:frame", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_the_host_of_an_address(address: str, host: str | None) -> None:
    assert host_of(address) == host


def test_the_folder_beside_a_saved_page_is_not_entered(tmp_path: Path) -> None:
    names = [
        "Weir.html",
        "Weir_files/frame.html",
        "Weir_files/deeper/frame.html",
        "Wehr.htm",
        "Wehr-Dateien/frame.html",
        "Other_files/page.html",
        "Weir_notes/page.html",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PAGE.format(title=name), encoding="utf-8")
    kept = ["Other_files/page.html", "Wehr.htm", "Weir.html", "Weir_notes/page.html"]
    assert [path.relative_to(tmp_path).as_posix() for path in walk(tmp_path).files] == kept
    packed = {f"in/{name}": PAGE.format(title=name) for name in names}
    (tmp_path / "a.zip").write_bytes(zipped(packed))
    found = read_contents(tmp_path / "a.zip")
    assert sorted(draft.title or "" for draft in found.drafts) == kept
    assert found.problems == ()
