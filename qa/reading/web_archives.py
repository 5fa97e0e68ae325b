"""The pages of a web archive (.warc, .warc.gz, .wacz) become articles. Pure: bytes in, values out.

Pages in HTML and PDFs are read; styles, scripts, and what a server answered with an error are
passed over, and so are pictures, but for those in an archive that holds no page. The day of the
visit counts where a page states none.
"""

import gzip
import io
import logging
import zlib
from collections.abc import Iterator
from email.message import Message
from typing import Any
from urllib.parse import unquote, urlsplit

from qa.reading.archives import members
from qa.reading.draft import Contents, Part, Unreadable
from qa.reading.encodings import decoded_as_stated, is_utf8
from qa.reading.fields import day_of
from qa.reading.kinds import GZIP
from qa.reading.mime import parameter
from qa.reading.web_pages import host_of

PICTURES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "image/webp": ".webp",
}
KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    **PICTURES,
}
"""Media type → the suffix of such a file."""

MOST_PAGE_BYTES = {".html": 4 << 20, ".pdf": 64 << 20} | dict.fromkeys(PICTURES.values(), 64 << 20)
"""Of one page, unpacked. A longer one in HTML is cut there, and a PDF or a picture is left out:
half of it is none. Either is said."""

ENDINGS = (".html", ".htm", ".pdf", ".php", ".aspx", *PICTURES.values(), ".jpeg", ".tiff")
"""Of an address, which say nothing that its article should be named after."""

MOST_PAGES_BYTES = 256 << 20
"""Of all pages: they are in memory until their articles are made."""

MOST_UNPACKED_BYTES = 4 << 30
"""Of the archive, which is unpacked piece by piece; a minute's work."""

_RECORDS = frozenset({"response", "resource"})
_DAMAGE = (ValueError, EOFError, OSError, zlib.error, LookupError, TypeError, AttributeError)


def read_warc(raw: bytes) -> Contents:
    """The pages of a web archive, each to be read by what it is. Raises Unreadable."""
    parts: list[Part] = []
    problems: list[str] = []
    pictures: list[Part] = []
    left = MOST_PAGES_BYTES
    try:
        for part in _parts(raw, problems):
            is_picture = part.suffix in PICTURES.values()
            if is_picture and parts:
                continue
            left -= len(part.raw)
            if left < 0:
                problems.append(
                    f"page {part.place} and those after it were not read: there are more than"
                    f" {MOST_PAGES_BYTES >> 20} MB. Split the archive."
                )
                break
            (pictures if is_picture else parts).append(part)
    except _damage() as error:
        if not parts and not pictures:
            raise Unreadable("is no web archive, or a damaged one. Save it again.") from error
        problems.append("its end is damaged; what stands before was read. Save it again.")
    parts = parts or pictures
    if not parts and not problems:
        raise Unreadable("holds no page. Save the pages again.")
    return Contents((), tuple(problems), tuple(parts))


def read_wacz(raw: bytes) -> Contents:
    """The pages of a packed web archive (WACZ 1.1): a zip of archives. Raises Unreadable."""
    parts: list[Part] = []
    problems: list[str] = []
    for member in members(raw, lambda name: name.endswith((".warc", ".warc.gz"))):
        if member.refusal:
            problems.append(f"its {member.name} {member.refusal}")
            continue
        try:
            found = read_warc(member.raw)
        except Unreadable as error:
            problems.append(f"its {member.name} {error}")
            continue
        parts += found.parts
        problems += [f"its {member.name}, {problem}" for problem in found.problems]
    if not parts and not problems:
        raise Unreadable("holds no web archive. Save the pages again.")
    pages = [part for part in parts if part.suffix not in PICTURES.values()]
    return Contents((), tuple(problems), tuple(pages or parts))


class _Unpacked:
    """The bytes of an archive, unpacked as they are read; OSError where cut off or too large."""

    def __init__(self, raw: bytes) -> None:
        packed = io.BytesIO(raw)
        self._stream = gzip.GzipFile(fileobj=packed) if raw.startswith(GZIP) else packed
        self._given = 0

    def read(self, size: int) -> bytes:
        """Up to so many bytes, none at the end."""
        try:
            piece = self._stream.read1(size)  # `read` would lose what stands before damage
        except EOFError as error:  # which the reader of records takes for a proper end
            raise OSError("cut off") from error
        self._given += len(piece)
        if self._given > MOST_UNPACKED_BYTES:
            raise OSError(f"more than {MOST_UNPACKED_BYTES} bytes")
        return piece

    def tell(self) -> int:
        """How many bytes have been read."""
        return self._given


def _damage() -> tuple[type[Exception], ...]:
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    return (*_DAMAGE, ArchiveLoadFailed, StatusAndHeadersParserException)


def _parts(raw: bytes, problems: list[str]) -> Iterator[Part]:
    """The pages and pictures of an archive; what is cut or left out is added to the problems."""
    from warcio.archiveiterator import ArchiveIterator

    class QuietIterator(ArchiveIterator):  # type: ignore[misc]  # the package ships no types
        INC_RECORD = ""  # what it would print of records that are cut

    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    for record in QuietIterator(_Unpacked(raw)):
        if record.rec_type not in _RECORDS:
            continue
        address = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
        media_type, charset = _content_type(record)
        suffix = KINDS.get(media_type)
        if suffix is None or not host_of(address) or not _was_found(record):
            continue
        most = MOST_PAGE_BYTES[suffix]
        place = place_of(address) + suffix
        page = _read(record.content_stream(), most + 1)
        if len(page) > most:
            left_out = "what comes after it" if suffix == ".html" else "all of it"
            problems.append(
                f"page {place} is larger than {most >> 20} MB, and {left_out} was left out. Save"
                " it by itself."
            )
            page = page[:most] if suffix == ".html" else b""
        if page.strip():
            day = day_of(str(record.rec_headers.get_header("WARC-Date") or ""), "")
            if suffix == ".html":
                page = _in_utf8(page, charset)
            yield Part("page", place, suffix, page, host_of(address), day)


def _read(stream: Any, most: int) -> bytes:
    pieces: list[bytes] = []
    while most > 0 and (piece := stream.read(most)):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _in_utf8(page: bytes, charset: str) -> bytes:
    """A page in UTF-8, where its server states another encoding and it fits."""
    text = None if is_utf8(page) else decoded_as_stated(page, charset)
    return page if text is None else text.encode()


def _content_type(record: Any) -> tuple[str, str]:
    """Media type and charset of a record, the latter "" where it states none."""
    headers = record.http_headers or record.rec_headers
    stated = Message()
    stated["Content-Type"] = str(headers.get_header("Content-Type") or "")
    return stated.get_content_type(), parameter(stated, "charset", "")


def _was_found(record: Any) -> bool:
    return record.http_headers is None or str(record.http_headers.get_statuscode()) == "200"


def place_of(address: str) -> str:
    """The address of a page as a path without a suffix: host, folders, name."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    for ending in ENDINGS:
        path = path.removesuffix(ending)
    query = f"-{parts.query}" if parts.query else ""
    names = [name for name in f"{path}{query}".split("/") if name.strip(".")]
    return "/".join([host_of(address) or "page", *names])
