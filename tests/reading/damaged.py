"""A small file of every format, well-formed; and what damages them, the same for a seed."""

import gzip
import io
import random
import zipfile
from email.message import EmailMessage

from tests.reading.office_samples import Cell, flat, odp, ods, odt, pptx, shape, xlsx
from tests.reading.samples import (
    Set,
    docx,
    mixed_pdf,
    paragraph,
    pdf,
    picture,
    set_pdf,
    tiff,
    zipped,
)
from tests.reading.test_epub import book, link
from tests.reading.test_evernote import export, note, resource
from tests.reading.test_feeds import atom, rss
from tests.reading.test_mail import mail
from tests.reading.test_saved_pages import PAGE, saved
from tests.reading.test_web_archives import PAGES, warc


def attached() -> bytes:
    """A mail with HTML, a table, a document and a mail in it."""
    message = mail("See it.\n\nOn Friday Bo wrote:\n> Shut?\n", html="<p>See <b>it</b>.</p>")
    message.add_attachment(docx(paragraph("Report.")), "application", "x", filename="Märchen.docx")
    message.add_attachment("text\nFirst.\n", subtype="csv", filename="rows.csv")
    inner = EmailMessage()
    inner["Subject"] = "=?iso-8859-1?Q?Caf=E9?="
    inner.set_content("It was shut.\n-- \nBo", charset="iso-8859-1")
    message.add_attachment(inner)
    return message.as_bytes()


RTF = (
    rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0\fcharset238 A;}}{\info{\title Weir}}\f0 Pr\'f9tok "
    rb"\u8364?{\v no}{\footnote Note.}\par\trowd\intbl A\cell B\cell\row\pard {\pict\bin3 abc}End.}"
)
CUES = (
    b"WEBVTT - Weir\n\n1\n00:00:01.000 --> 00:00:03.500 align:start\n<v Anna>The"
    b" <i>weir</i></v>\n\n00:01:03,600 --> 00:01:05,000\nBO: is<00:01:04.000><c> open</c> &amp;"
    b" dry.\n"
)
HEAD = b"From anna@weir.example Sat Feb 18 09:00:00 2023\n"
ITEM = (
    "<item><title>Weir &amp; lock</title><pubDate>Sat, 18 Feb 2023 09:00:00 GMT</pubDate>"
    "<description>&lt;p&gt;Open.&lt;/p&gt;</description></item>"
)
ENTRY = (
    "<entry><title>Weir</title><updated>2023-02-18</updated><content type='xhtml'><div"
    " xmlns='http://www.w3.org/1999/xhtml'><p>Open.</p></div></content></entry>"
)
CELLS = "<table:table-cell><text:p>text</text:p></table:table-cell>"
SEEDS: dict[str, bytes] = {
    ".md": b"---\ntitle: Weir\n---\n# Of [[Gale|us]]\n\n> [!note] It\n\n==opened== ^a1b2c3 ![[x]]",
    ".html": PAGE.format(title="Weir").encode(),
    ".pdf": pdf([["Weir", "It opened."], ["Page two."]], title="Weir"),
    ".docx": docx(paragraph("Weir", style="Heading1") + paragraph("It opened.")),
    ".json": b'[{"text": "It opened.", "date": "2023-02-18"}]',
    ".csv": b'text,title\n"It ""opened"".",Weir\n',
    ".eml": attached(),
    ".emlx": b"%d\n%s" % (len(attached()), attached()),
    ".mbox": HEAD + mail("It opened.").as_bytes() + b"\n" + HEAD + attached(),
    ".rtf": RTF,
    ".epub": book(
        {"a.xhtml": "<h1>One</h1><p>It <i>opened</i>.</p>", "b.xhtml": "<p id='x'>Shut.</p>"},
        link("text/a.xhtml", "One") + link("text/b.xhtml#x", "Two"),
        ncx=(
            "<navPoint><navLabel><text>One</text></navLabel><content"
            " src='text/a.xhtml'/></navPoint>"
        ),
    ),
    ".odt": odt(
        "<text:h>Weir</text:h><text:p>It<text:s text:c='3'/>opened<text:note><text:note-body>"
        "<text:p>Note.</text:p></text:note-body></text:note>.</text:p>"
    ),
    ".fodt": flat(odt("<text:h>Weir</text:h><text:p>It opened.</text:p>", title="A weir")),
    ".odp": odp("<draw:page><text:p>Weir</text:p></draw:page>"),
    ".ods": ods(
        f"<table:table table:name='S'><table:table-row>{CELLS}</table:table-row>"
        + f"<table:table-row>{CELLS}</table:table-row></table:table>"
    ),
    ".xlsx": xlsx(
        {
            "A": [["text", "date"], ["It opened.", Cell("44975.5", style=1)]],
            "B": [["x", Cell("0.5", style=2)]],
        },
        ["0.0%"],
    ),
    ".pptx": pptx([shape("Weir", "title"), shape("It\nopened.")], {0: shape("Note.", "body")}),
    ".mhtml": saved(PAGE.format(title="Weir")),
    ".srt": CUES,
    ".vtt": CUES,
    ".rss": rss(ITEM),
    ".atom": atom(ENTRY),
    ".xml": rss(ITEM * 2),
    ".warc": warc(PAGES[:2], packed=False),
    ".warc.gz": warc(PAGES[:2]),
    ".wacz": zipped({"archive/a.warc.gz": warc(PAGES[:2]), "pages/pages.jsonl": "{}"}),
    ".enex": export(
        note("Weir", "<div>It&nbsp;opened.</div>", resource(b"x y", "text/plain", "a.txt"))
    ),
    ".zip": zipped(
        {"a.txt": "A.", "b.zip": zipped({"c.eml": attached()}), "d.odt": odt("<text:p>D.</text:p>")}
    ),
}
TABLE_OF_WORD = (
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Day</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:gridSpan"
    " w:val='2'/></w:tcPr><w:p><w:r><w:t>Level</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)
PAGE_OF_A_PAPER = (
    "<!DOCTYPE html><html lang='fr'><head><meta charset='windows-1252'><title>Weir</title>"
    '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "datePublished":'
    " \"2023-02-18T09:00:00+01:00\"}</script><meta property='og:site_name' content='Gazette'>"
    "</head><body><nav><a href='/'>Home</a></nav><article><h1>Weir</h1><time datetime='2023-02-18'>"
    "18 f\u00e9vrier 2023</time><p>It opened <b>again</b> at noon, and boats pass.</p><ul>"
    "<li>one<li>two</ul><table><tr><th>a<th>b<tr><td colspan=2>1</table><p style='display:none'>x"
    "</p></article></body></html>"
)
NOTION = {
    "Weirs 0123456789abcdef0123456789abcdef.md": "# Weirs\n\n[Log](Weirs/Log.csv)\n\nThey open.",
    "Weirs/Log 0123456789abcdef0123456789abcdef.csv": "Name,Date,Text\nGale,2023-02-18,Open.\n",
    "Weirs/Page 0123456789abcdef0123456789abcdef.html": PAGE_OF_A_PAPER,
}
OBSIDIAN = {
    ".obsidian/app.json": "{}",
    "vault/A.md": "---\ntags: [a]\ndate: 2023-02-18\n---\n# A\n\nSee [[B#c|b]].\n\n%%no%%\n\n- [ ]",
    "vault/B.md": "> [!note]- Title\n> It opened ==today==.\n\n![[a.png|100]]\n\n$$x$$\n^b1",
    "vault/board.canvas": '{"nodes": [{"type": "text", "text": "x"}]}',
}
ROWS_OF_A_TABLE = [Set(72 + 90 * n, 400 - 14 * k, f"{n}.{k}") for k in range(5) for n in range(4)]
COLUMNS = [
    Set(72 + 240 * n, 700 - 12 * k, "It opened again at noon,") for k in range(9) for n in (0, 1)
]
VARIANTS: dict[str, tuple[bytes, ...]] = {
    ".txt": (
        "L\u2019\u00e9cluse de Lef\u00e8vre a \u00e9t\u00e9 rouverte.".encode("cp1252"),
        "It opened.".encode("utf-16"),
    ),
    ".html": (PAGE_OF_A_PAPER.encode("cp1252"),),
    ".pdf": (
        set_pdf(COLUMNS, ROWS_OF_A_TABLE, [Set(72, 700, "Turned", turned=90)]),
        mixed_pdf(["It opened.", ""]),
        pdf([["Locked."]], password="x"),
    ),
    ".docx": (docx(paragraph("Weir", "Heading1") + TABLE_OF_WORD + paragraph("End."), "Weir"),),
    ".json": (
        b'{"articles": [{"title": "Weir", "content": {"text": "Open."}, "source": {"name": "x"}}]}',
    ),
    ".csv": (b'sep=;\nText;Titel;Datum\n"a\nb";T;18.02.2023\n',),
    ".jsonl": (
        b'{"text": "It opened."}\n{"headline": "W", "content": "Shut.", "date": 1676700000}\n',
    ),
    ".ndjson": (b'{"text": "It opened.", "title": "Weir"}\n\n{"body": "Shut.", "url": "u"}\n',),
    ".tsv": (b"title\ttext\nWeir\tIt opened.\n",),
    ".xml": (atom(ENTRY),),
    ".zip": (zipped(NOTION), zipped(OBSIDIAN)),
    ".png": (picture((60, 40)), picture((60, 40), mode="RGBA")),
    ".jpg": (picture((60, 40), "JPEG", "RGB"),),
    ".tif": (tiff([60, 40]), picture((60, 40), "TIFF", "RGB")),
    ".webp": (picture((60, 40), "WEBP", "RGB"),),
}
"""More files of formats that have many sides, for `bench/fuzz.py`."""


def well_formed(suffix: str) -> tuple[bytes, ...]:
    """The well-formed files of a format, of which damaged ones are made; none if it has none."""
    return (*filter(None, [SEEDS.get(suffix)]), *VARIANTS.get(suffix, ()))


INSERTED = (
    *(b"\0", b"\xff", b"<", b">", b"&", b"{", b"}", b"[", b"]", b"\\", b'"', b"\n\n", b"--"),
    *(b"=?x?q?", b"9999999999", b"-1", b"1e999", b"&#0;", b"&#xD800;", b"]]>", b"<!--", b"\r"),
)
NESTED = (b"<a>", b"<div>", b"<table><tr><td>", b"<text:p>", b"{\\b ", b"[", b'{"a":', b">", b"((")
NESTING = (10, 300, 5_000, 50_000)
"""So often something is opened, and never closed; and so often a piece is repeated."""


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The bytes with some of them changed, left out, doubled or put in; what is packed, inside."""
    if chance.random() < 0.8:
        if raw.startswith(b"PK"):
            return _mutated_inside(raw, chance)
        if raw.startswith(b"\x1f\x8b"):
            return gzip.compress(mutated(gzip.decompress(raw), chance), 1, mtime=0)
    for _ in range(chance.randint(1, 6)):
        start = chance.randint(0, len(raw))
        end = min(len(raw), start + chance.choice((0, 1, 2, 8, 40, 400)))
        raw = raw[:start] + _put(raw[start:end], raw, chance) + raw[end:]
    return raw[: chance.randint(0, len(raw))] if chance.random() < 0.1 else raw


def _mutated_inside(raw: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    if chance.random() < 0.05:
        del parts[name]
        return zipped(parts)
    return zipped({**parts, name: mutated(parts[name], chance)})


def _put(piece: bytes, raw: bytes, chance: random.Random) -> bytes:
    """What stands in place of a piece: nothing, noise, a bit turned, itself again, something else.

    One in a hundred is long, as bombs are: most of the time is for what is short.
    """
    if chance.random() < 0.01:
        return chance.choice((*NESTED, piece[:40])) * chance.choice(NESTING)
    elsewhere = chance.randint(0, len(raw))
    turned = bytes(byte ^ 1 << chance.randrange(8) for byte in piece[:1]) + piece[1:]
    return chance.choice(
        (
            *(b"", chance.randbytes(len(piece)), turned, piece * 2, chance.choice(INSERTED)),
            raw[elsewhere : elsewhere + chance.choice((4, 40, 400))],
        )
    )
