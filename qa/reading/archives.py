"""The members of a zip archive, whoever packed it. Pure: nothing is ever written to disk.

What the archive says of itself is not believed: sizes are counted while a member is unpacked.
"""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.reading.draft import Unreadable

MOST_MEMBERS = 100_000
"""Listing more takes hundreds of megabytes; ten years of a newsroom's cuttings are fewer."""

MOST_UNPACKED_BYTES = 256 << 20
"""All that is unpacked of one archive stays in memory until its articles are made."""

HIGHEST_RATIO = 200
"""Unpacked to packed size. Text and HTML pack up to 20 times, tables of like rows up to 100; what
is made of nothing but repetition, up to 1032 times (the limit of Deflate)."""

SMALL_BYTES = 1 << 20
"""Below this size the ratio of a member says nothing and does no harm."""

PIECE_BYTES = 1 << 16

_CENTRAL_ENTRY = b"PK\x01\x02"

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,  # bz2 and seeking
    NotImplementedError,  # a compression that Python does not know
    RuntimeError,  # the same, where its library is missing
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member's path inside the archive and its bytes, or why it was refused."""

    name: str
    raw: bytes = b""
    refusal: str | None = None


def members(raw: bytes, wanted: Callable[[str], bool]) -> Iterator[Member]:
    """The members of an archive whose path is wanted, in their order; the others are passed over.

    Raises Unreadable when the archive cannot be listed.
    """
    if raw.count(_CENTRAL_ENTRY) > MOST_MEMBERS:
        raise Unreadable(f"holds more than {MOST_MEMBERS:,} files. Unpack it into a folder.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except _DAMAGE as error:
        raise Unreadable("is a damaged zip archive. Pack it again.") from error
    left = MOST_UNPACKED_BYTES
    with archive:
        for listed in archive.infolist():
            if not wanted(listed.filename) or listed.filename.endswith("/"):
                continue
            member = _unpacked(archive, listed, left)
            if member is None:
                yield Member(
                    listed.filename,
                    refusal=f"was not unpacked, nor was anything after it: the archive holds more"
                    f" than {MOST_UNPACKED_BYTES >> 20} MB. Unpack it into a folder.",
                )
                return
            left -= len(member.raw)
            yield member


def _unpacked(archive: zipfile.ZipFile, listed: zipfile.ZipInfo, left: int) -> Member | None:
    """A member, unpacked or refused; None when it alone is more than may be unpacked yet."""
    refusal = _refusal(listed)
    if refusal:
        return Member(listed.filename, refusal=refusal)
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(listed) as stream:
            while piece := stream.read(PIECE_BYTES):
                size += len(piece)
                if size > max(SMALL_BYTES, HIGHEST_RATIO * listed.compress_size):
                    return Member(
                        listed.filename,
                        refusal=f"unpacks to more than {HIGHEST_RATIO} times its size, as a zip"
                        " bomb does. Unpack it by hand if you trust it.",
                    )
                if size > left:
                    return None
                pieces.append(piece)
    except _DAMAGE:
        return Member(listed.filename, refusal="is damaged. Pack the archive again.")
    return Member(listed.filename, b"".join(pieces))


def _refusal(listed: zipfile.ZipInfo) -> str | None:
    parts = listed.filename.replace("\\", "/").split("/")
    if parts[0] == "" or parts[0].endswith(":") or ".." in parts:
        return "has a path that leads out of the archive. Pack it again without."
    if stat.S_ISLNK(listed.external_attr >> 16):
        return "is a link. Pack the file itself."
    if listed.flag_bits & 0x1:
        return "is protected by a password. Pack it again without one."
    return None
