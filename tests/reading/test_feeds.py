"""Feeds become an article an entry; other XML is named."""

from datetime import date

import pytest

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.feeds import read_feed

DAY = date(2023, 2, 18)


def rss(items: str) -> bytes:
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>The"
        " Gazette</title>"
        f"<link>https://gazette.example</link><description>News</description>{items}</channel></rss>"
    ).encode()


def atom(entries: str) -> bytes:
    head = "<feed xmlns='http://www.w3.org/2005/Atom'><title>The Gazette</title>"
    return f"{head}{entries}</feed>".encode()


def test_an_entry_is_an_article() -> None:
    items = (
        "<item><title>Weir &amp; lock / open</title><link>https://gazette.example/1</link>"
        "<pubDate>Sat, 18 Feb 2023 09:00:00 GMT</pubDate><description>Short.</description>"
        "<content:encoded><![CDATA[<p>The weir at <b>Gåle</b> is open.</p><script>x</script>"
        "<img src='http://spy.example/x.png'>]]></content:encoded></item>"
        "<item><title>Headline alone</title><dc:date>2023-02-18T10:00:00Z</dc:date></item>"
        "<item><description>2 &lt; 3, &lt;i&gt;they&lt;/i&gt; say.</description>"
        "<source url='x'>The Wire</source></item><item><link>x</link></item>"
    )
    assert read_feed(rss(items)) == Contents(
        (
            Draft(
                "The weir at Gåle is open.",
                "Weir & lock / open",
                DAY,
                "The Gazette",
                below="Weir & lock - open",
            ),
            Draft("Headline alone", "Headline alone", DAY, "The Gazette", below="Headline alone"),
            Draft("2 < 3, they say.", None, None, "The Wire", below="3"),
        )
    )


def test_feeds_in_atom_and_rdf() -> None:
    entries = (
        "<entry><title type='html'>The"
        " &lt;b&gt;weir&lt;/b&gt;</title><updated>2023-03-01T00:00:00Z</updated>"
        "<published>2023-02-18T09:00:00+01:00</published><summary>Short.</summary><content"
        " type='xhtml'>"
        "<x:div"
        " xmlns:x='http://www.w3.org/1999/xhtml'><x:p>It</x:p><x:p>opened.</x:p></x:div></content></entry>"
        "<entry><title>Lock</title><updated>2023-02-18T00:00:00Z</updated><summary>Shut.</summary></entry>"
    )
    assert read_feed(atom(entries)).drafts == (
        Draft("It\n\nopened.", "The weir", DAY, "The Gazette", below="The weir"),
        Draft("Shut.", "Lock", DAY, "The Gazette", below="Lock"),
    )
    rdf = (
        b"<rdf:RDF xmlns:rdf='r' xmlns='http://purl.org/rss/1.0/'><channel><title>The"
        b" Gazette</title></channel>"
        b"<item><title>Weir</title><description>Open.</description></item></rdf:RDF>"
    )
    assert read_feed(rdf).drafts == (Draft("Open.", "Weir", None, "The Gazette", below="Weir"),)


def test_a_day_in_the_text_counts_before_that_of_a_change() -> None:
    entry = "<entry><title>A</title><updated>2024-01-01</updated><summary>{}</summary></entry>"
    found = read_feed(atom(entry.format("Published: 18 February 2023") + entry.format("Text.")))
    assert [draft.published for draft in found.drafts] == [DAY, date(2024, 1, 1)]


def test_a_faulty_feed_is_read_as_far_as_it_goes() -> None:
    raw = rss("<item><title>Weir & lock</title><description>Open&nbsp;now.</description></item>")
    (draft,) = read_feed(raw).drafts
    assert (draft.title, draft.text[:4]) == ("Weir lock", "Open")


@pytest.mark.parametrize(
    ("stated", "encoding"),
    [
        (b"", "cp1252"),
        (b"<?xml version='1.0' encoding='UTF-8'?>", "cp1252"),
        (b"<?xml version='1.0' encoding='windows-1250'?>", "cp1250"),
        (b"", "utf-16"),
    ],
)
def test_a_feed_however_it_is_encoded(stated: bytes, encoding: str) -> None:
    items = "<rss><item><title>Weir</title><description>Café é è</description></item></rss>"
    raw = stated + items.replace("è", "é" if encoding == "cp1250" else "è").encode(encoding)
    text = "Café é é" if encoding == "cp1250" else "Café é è"
    assert read_feed(raw).drafts[0].text == text


def test_a_page_under_the_name_of_xml_is_read() -> None:
    page = (
        b"<?xml version='1.0'?><html><body><article><p>The weir is"
        b" open.</p></article></body></html>"
    )
    assert read_feed(page).drafts[0].text == "The weir is open."


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<urlset xmlns='x'><url/></urlset>", r"is XML \(urlset\) and no feed\. Save its text as"),
        (b"<<<", r"holds malformed XML\."),
        (rss(""), r"holds no entry with words\."),
    ],
)
def test_what_is_no_feed_is_named(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_feed(raw)


def test_entities_and_outside_files_are_not_expanded() -> None:
    raw = (
        b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'><!ENTITY a 'aaaa'>]>"
        b"<rss><channel><item><title>Weir</title><description>Open.&e;&a;</description></item></channel></rss>"
    )
    assert read_feed(raw).drafts[0].text == "Open."


def test_halves_of_characters_are_no_more_than_a_sign() -> None:
    item = "<item><title a='&#xDE00;'>A&#xD83D;&#56832;&#57344;B</title></item>"
    (draft,) = read_feed(rss(item)).drafts
    assert draft.title == "A\ufffd\ufffd\ue000B"
