"""Electronic books become an article a chapter."""

from datetime import date

import pytest

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.epub import read_epub
from tests.reading.samples import zipped

CONTAINER = "<container><rootfiles><rootfile full-path='OEBPS/book.opf'/></rootfiles></container>"
OPF = "xmlns='http://www.idpf.org/2007/opf' xmlns:dc='http://purl.org/dc/elements/1.1/'"
NCX = "application/x-dtbncx+xml"
XHTML = "application/xhtml+xml"


def page(body: str) -> str:
    return (
        "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'"
        f" xmlns:epub='http://www.idpf.org/2007/ops'><head><title>x</title></head><body>{body}</body></html>"
    )


def book(
    files: dict[str, str], navigation: str = "", ncx: str = "", spine: str = "", extra: str = ""
) -> bytes:
    """A book of these XHTML bodies in this order, with a table of contents in either form."""
    items = "".join(
        f"<item id='i{n}' href='text/{name}' media-type='{XHTML}'/>" for n, name in enumerate(files)
    )
    items += f"<item id='nav' href='nav.xhtml' media-type='{XHTML}' properties='nav'/>" * bool(
        navigation
    )
    items += f"<item id='ncx' href='toc.ncx' media-type='{NCX}'/>" * bool(ncx)
    order = spine or "".join(f"<itemref idref='i{n}'/>" for n in range(len(files)))
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": (
            f"<package {OPF}><metadata><dc:title>The Weir</dc:title>"
            f"<dc:date>2023-02-18T00:00:00Z</dc:date></metadata><manifest>{items}</manifest>"
            f"<spine>{order}</spine></package>"
        ),
        "OEBPS/nav.xhtml": page(f"<nav epub:type='toc'><ol>{navigation}</ol></nav>"),
        "OEBPS/toc.ncx": (
            f"<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap>{ncx}</navMap></ncx>"
        ),
        "META-INF/encryption.xml": extra or "<encryption/>",
    }
    return zipped(parts | {f"OEBPS/text/{name}": page(body) for name, body in files.items()})


def link(target: str, title: str) -> str:
    return f"<li><a href='{target}'>{title}</a></li>"


def titled(raw: bytes) -> list[tuple[str | None, str]]:
    return [(draft.title, draft.text) for draft in read_epub(raw).drafts]


def test_a_chapter_is_an_article_of_the_book() -> None:
    files = {"a b.xhtml": "<h1>One</h1><p>It&nbsp;opened.</p>", "c.xhtml": "<p>It shut.</p>"}
    navigation = link("text/a%20b.xhtml", "First <i>chapter</i>") + link("text/c.xhtml", "Second")
    day = date(2023, 2, 18)
    assert read_epub(book(files, navigation)) == Contents(
        (
            Draft("One\n\nIt opened.", "First chapter", day, "The Weir", below="1"),
            Draft("It shut.", "Second", day, "The Weir", below="2"),
        )
    )


def test_titles_of_the_older_table_of_contents() -> None:
    point = "<navPoint><navLabel><text>{}</text></navLabel><content src='text/{}'/>{}</navPoint>"
    ncx = point.format("Part", "a.xhtml", point.format("Chapter", "b.xhtml", ""))
    assert titled(book({"a.xhtml": "Part one.", "b.xhtml": "It opened."}, ncx=ncx)) == [
        ("Part", "Part one."),
        ("Chapter", "It opened."),
    ]


def test_the_order_is_that_of_the_spine_and_headings_are_titles() -> None:
    files = {"a.xhtml": "<h2>Alpha</h2><p>A.</p>", "b.xhtml": "<h1>Beta</h1><p>B.</p>"}
    spine = "<itemref idref='i1'/><itemref idref='gone'/><itemref idref='i0'/>"
    assert titled(book(files, spine=spine)) == [("Beta", "Beta\n\nB."), ("Alpha", "Alpha\n\nA.")]


def test_a_file_in_which_nothing_begins_goes_on_with_the_chapter_before() -> None:
    files = {"a.xhtml": "<p>It</p>", "b.xhtml": "<p>opened.</p>", "c.xhtml": "<h1>Two</h1>"}
    assert titled(book(files, link("text/a.xhtml", "One"))) == [
        ("One", "It\n\nopened."),
        ("Two", "Two"),
    ]


def test_chapters_in_one_file_are_cut_apart() -> None:
    body = (
        "<p>Before.</p><div id='one'><h2>One</h2><p>It opened.</p></div>"
        "<h2><a id='two'></a>Two</h2><p>It shut.</p>"
    )
    navigation = link("text/a.xhtml#one", "Chapter 1") + link("text/a.xhtml#two", "Chapter 2")
    assert titled(book({"a.xhtml": body}, navigation)) == [
        ("The Weir", "Before."),
        ("Chapter 1", "One\n\nIt opened."),
        ("Chapter 2", "Two\n\nIt shut."),
    ]


def test_what_is_not_seen_marks_of_notes_and_the_list_of_chapters_are_left_out() -> None:
    body = (
        "<p>It opened<a epub:type='noteref' href='#n'>1</a>.</p><script>x</script>"
        "<p hidden='hidden'>Obey.</p><img alt='x' src='http://spy.example/x.png'/>"
    )
    spine = "<itemref idref='nav'/><itemref idref='i0'/>"
    raw = book({"a.xhtml": body}, link("text/a.xhtml", "One"), spine=spine)
    assert titled(raw) == [("One", "It opened.")]


def test_a_book_that_cannot_be_read_is_named() -> None:
    cipher = "<encryption><CipherReference URI='OEBPS/text/a.xhtml'/></encryption>"
    font = "<encryption><CipherReference URI='OEBPS/f.otf'/></encryption>"
    assert titled(book({"a.xhtml": "Text."}, extra=font)) == [("The Weir", "Text.")]
    with pytest.raises(Unreadable, match=r"is protected against copying"):
        read_epub(book({"a.xhtml": "x"}, extra=cipher))
    with pytest.raises(Unreadable, match=r"holds no text, only pictures\."):
        read_epub(book({"a.xhtml": "<img src='x.png'/>"}))
    with pytest.raises(Unreadable, match=r"is no e-book, or a damaged one\."):
        read_epub(zipped({"a.txt": "x"}))
