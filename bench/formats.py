"""How many articles of each format are read and cut in a second, on one core.

    python bench/formats.py [--each 100]

The same articles of our own (training/articles/) are put into files of each format, by the builders
that the tests of reading use. Each file is read and its articles are cut into passages, as `qa
index` does it beside the embedding, which costs the same whatever the format was.
"""

import argparse
import csv
import io
import json
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from qa.reading.articles import read_file
from qa.reading.passages import split_article
from qa.service.opening import open_embedder
from qa.settings import load_settings
from tests.reading.office_samples import odt, pptx, shape, xlsx
from tests.reading.samples import docx, paragraph, pdf
from tests.reading.test_epub import book
from tests.reading.test_web_archives import warc

ARTICLES = Path(__file__).parent.parent / "training" / "articles"
LINES_A_PAGE = 50


def main() -> None:
    """Write, read and cut; a row of a table for each format."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--each", type=int, default=100, help="files of each format")
    each = parser.parse_args().each
    settings = load_settings()
    count = open_embedder(settings).count_tokens
    texts = [file.read_text(encoding="utf-8") for file in sorted(ARTICLES.glob("*.txt"))[:each]]
    count("a")  # the tokenizer is loaded
    print("| format | articles | characters read | read: articles/s | cut: articles/s | passages |")
    print("| --- | --- | --- | --- | --- | --- |")
    for suffix, made in FORMATS.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for number, text in enumerate(texts):
                (folder / f"{number:04}{suffix}").write_bytes(made(text))
            files = sorted(folder.iterdir())
            read_file(files[0], folder)  # its libraries are loaded
            begun = time.process_time()
            articles = [one for file in files for one in read_file(file, folder).articles]
            read_s = time.process_time() - begun
            begun = time.process_time()
            cut = [split_article(one, count, settings.passage_tokens) for one in articles]
            cut_s = time.process_time() - begun
        letters = sum(len(one.text) for one in articles)
        rates = f"{len(articles) / read_s:,.0f} | {len(articles) / cut_s:,.0f}"
        passages = sum(map(len, cut))
        print(f"| {suffix} | {len(articles)} | {letters:,} | {rates} | {passages} |", flush=True)


def _title(text: str) -> str:
    return text.partition("\n")[0]


def _paragraphs(text: str) -> list[str]:
    return [one for one in text.split("\n\n") if one.strip()]


def _html(text: str) -> str:
    return "".join(f"<p>{escape(one)}</p>" for one in _paragraphs(text)[1:])


def _page(text: str) -> str:
    title = escape(_title(text))
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"{_html(text)}</article></body></html>"
    )


def _mail(text: str) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = _title(text), "desk@example.org"
    message["Date"] = "Sat, 18 Feb 2023 10:00:00 +0000"
    message.set_content(text)
    return message.as_bytes()


def _pdf(text: str) -> bytes:
    lines = [line for one in _paragraphs(text) for line in (*textwrap.wrap(one, 80), "")]
    pages = [lines[at : at + LINES_A_PAGE] for at in range(0, len(lines), LINES_A_PAGE)]
    return pdf(pages, _title(text))


def _rtf(text: str) -> bytes:
    written = "\\par\n".join(_paragraphs(text))
    coded = "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in written)
    return b"{\\rtf1\\ansi " + coded.encode("ascii") + b"}"


def _subtitles(text: str) -> bytes:
    cues = [
        f"{n + 1}\n00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\n{line}\n"
        for n, line in enumerate(textwrap.wrap(" ".join(text.split()), 60))
    ]
    return "\n".join(cues).encode()


def _slides(text: str) -> bytes:
    shapes = [shape(escape(one)) for one in _paragraphs(text)][:9]  # the builder numbers nine
    return pptx(shapes, title=escape(_title(text)))


def _feed(text: str) -> bytes:
    title = escape(_title(text))
    return (
        f"<rss version='2.0'><channel><title>Desk</title><item><title>{title}</title>"
        f"<link>https://example.org/a</link><description>{escape(_html(text))}</description>"
        "</item></channel></rss>"
    ).encode()


def _workbook(text: str) -> bytes:
    # the builder parts a cell behind its first letter, which may be a quotation mark
    cells = [escape(_title(text), quote=False), escape(text, quote=False)]
    return xlsx({"Rows": [["title", "text"], cells]})


def _rows(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, "excel-tab").writerows(rows)
    return written.getvalue().encode()


FORMATS: dict[str, Callable[[str], bytes]] = {
    ".txt": str.encode,
    ".md": lambda text: f"# {text}".encode(),
    ".html": lambda text: _page(text).encode(),
    ".json": lambda text: json.dumps([{"title": _title(text), "text": text}]).encode(),
    ".tsv": lambda text: _rows([("title", "text"), (_title(text), " ".join(text.split()))]),
    ".eml": _mail,
    ".rss": _feed,
    ".warc": lambda text: warc(
        [("https://example.org/a", "200 OK", "text/html", _page(text).encode())], packed=False
    ),
    ".docx": lambda text: docx("".join(paragraph(escape(one)) for one in _paragraphs(text))),
    ".odt": lambda text: odt(
        "".join(f"<text:p>{escape(one)}</text:p>" for one in _paragraphs(text))
    ),
    ".rtf": _rtf,
    ".epub": lambda text: book({"a.xhtml": _html(text)}),
    ".pptx": _slides,
    ".xlsx": _workbook,
    ".srt": _subtitles,
    ".pdf": _pdf,
}


if __name__ == "__main__":
    main()
