"""Damaged files of every format end in a text or a named reason, never in anything else."""

import io
import random
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import BadArticle
from qa.reading.articles import FileContent, read_file
from qa.reading.formats import READERS
from qa.reading.kinds import PICTURES
from tests.reading.office_samples import Cell, odp, ods, odt, pptx, shape, xlsx
from tests.reading.samples import docx, paragraph, pdf, zipped
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
    ".enex": export(
        note("Weir", "<div>It&nbsp;opened.</div>", resource(b"x y", "text/plain", "a.txt"))
    ),
    ".zip": zipped(
        {"a.txt": "A.", "b.zip": zipped({"c.eml": attached()}), "d.odt": odt("<text:p>D.</text:p>")}
    ),
}
ALIKE = {".txt", ".markdown", ".htm", ".xhtml", ".jsonl", ".ndjson", ".tsv", ".xlsm", ".mht"}
"""Suffixes that are read as others are."""

INSERTED = (
    b"\0",
    b"\xff",
    b"<",
    b">",
    b"&",
    b"{",
    b"}",
    b"\\",
    b"\n\n",
    b"--",
    b"=?x?q?",
    b"9999999999",
)


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The bytes with some of them changed, left out, doubled or put in; of a zip, often inside."""
    if raw.startswith(b"PK") and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(parts))
        return zipped({**parts, name: mutated(parts[name], chance)})
    for _ in range(chance.randint(1, 6)):
        start = chance.randint(0, len(raw))
        end = min(len(raw), start + chance.choice((0, 1, 2, 8, 40, 400)))
        put = chance.choice(
            (b"", chance.randbytes(end - start), raw[start:end] * 2, chance.choice(INSERTED))
        )
        raw = raw[:start] + put + raw[end:]
    return raw[: chance.randint(0, len(raw))] if chance.random() < 0.1 else raw


def read(folder: Path, suffix: str, raw: bytes) -> FileContent | None:
    """What a file of these bytes gives; None where it is named with a reason."""
    file = folder / f"a{suffix}"
    file.write_bytes(raw)
    try:
        return read_file(file, folder)
    except BadArticle as error:
        message = str(error)
    assert message.startswith(str(file))
    assert "\n" not in message
    return None


def test_there_is_a_file_of_every_format() -> None:
    pictures = set(PICTURES)  # damaged in test_pictures
    assert SEEDS.keys() | ALIKE | pictures == READERS.keys()


@pytest.mark.parametrize("suffix", SEEDS)
def test_the_files_are_read_whole_as_they_are(tmp_path: Path, suffix: str) -> None:
    found = read(tmp_path, suffix, SEEDS[suffix])
    assert found is not None
    assert found.articles
    assert not found.problems


@pytest.mark.parametrize("suffix", SEEDS)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**64))
def test_a_damaged_file_gives_articles_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, seed: int
) -> None:
    raw = mutated(SEEDS[suffix], random.Random(seed))
    found = read(tmp_path_factory.getbasetemp(), suffix, raw)
    for article in found.articles if found else ():
        assert article.text.strip()
        assert "\0" not in article.text
