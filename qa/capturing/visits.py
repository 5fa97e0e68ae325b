"""A visit to a page: what stood there, when, and the file that keeps all of it as it was.

The file is a web archive of that one page (WARC 1.1, ISO 28500), which `qa index` reads like any
other, and so do the tools of archives. Pure: bytes in, values out.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from types import MappingProxyType

from qa.capturing.addresses import Address
from qa.errors import CannotClip
from qa.reading.articles import id_of_path
from qa.reading.web_archives import KINDS, place_of

SUFFIX = ".warc"

LONGEST_NAME = 200
"""Characters of a folder's or a file's name; file systems take 255."""

DEEPEST = 12
"""Folders that are made of an address; those after it are left out of the file's path."""

_PACKING = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers about how a page was sent, which are untrue of it unpacked."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What stood at an address: the bytes of a page, a PDF or a picture, and their media type.

    `headers` are those of the server's answer; there are none where a browser handed over what it
    shows. `moved` are the addresses that were asked before and sent on. `when` is in UTC.
    """

    address: Address
    when: datetime
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    moved: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """What the bytes are read as. Raises CannotClip for what is not read."""
        return suffix_of_media(self.media_type, self.address)


def suffix_of_media(media_type: str, address: Address) -> str:
    """What is read of a media type, as a suffix. Raises CannotClip, which says what to do."""
    suffix = KINDS.get(media_type)
    if suffix is None:
        raise CannotClip(
            f"{address.url} is {media_type or 'of no stated kind'}: pages (HTML), PDFs and"
            " pictures are clipped. Download it, and read the file by: qa index FILE"
        )
    return suffix


def as_warc(visit: Visit) -> bytes:
    """The file that keeps a visit: the server's answer, or what a browser showed, and when."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    written = io.BytesIO()
    writer = WARCWriter(written, gzip=False, warc_version="1.1")
    told = {"WARC-Date": visit.when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    if visit.headers:
        kept = [pair for pair in visit.headers if pair[0].lower() not in _PACKING]
        kept.append(("Content-Length", str(len(visit.body))))
        record = writer.create_warc_record(
            visit.address.url,
            "response",
            payload=io.BytesIO(visit.body),
            http_headers=StatusAndHeaders("200 OK", kept, protocol="HTTP/1.1"),
            warc_headers_dict=told,
        )
    else:
        record = writer.create_warc_record(
            visit.address.url,
            "resource",
            payload=io.BytesIO(visit.body),
            warc_content_type=f"{visit.media_type}; charset=utf-8",
            warc_headers_dict=told,
        )
    writer.write_record(record)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file of a visit says of it first of all."""

    url: str
    when: datetime


def kept_in(warc: bytes) -> Kept | None:
    """Address and moment of the visit that a file keeps; None where it is none of ours."""
    head = _head_of(warc)
    try:
        when = datetime.strptime(head["warc-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        return Kept(head["warc-target-uri"], when)
    except (KeyError, ValueError):
        return None


def _head_of(warc: bytes) -> Mapping[str, str]:
    lines = warc.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return MappingProxyType({name.lower(): value.strip() for name, _, value in pairs})


def path_of(address: Address) -> PurePosixPath:
    """Where the file of a page is kept: host, folders and name of its address, as an id has them.

    `https://www.gazette.example/2023/Weir?id=7` → `gazette.example/2023/weir-id-7.warc`
    """
    *folders, name = (
        name.lstrip(".")[:LONGEST_NAME] or "page"
        for name in id_of_path(place_of(address.url)).split("/")
    )
    return PurePosixPath(*folders[:DEEPEST], name + SUFFIX)
