"""The bytes of a file become drafts of articles: the table of the formats read here.

A format is a pure function from bytes to `Contents`, and its suffixes in `READERS`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from qa.errors import BadArticle
from qa.reading.archives import members
from qa.reading.docx import read_docx
from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.pdf import read_pdf
from qa.reading.pictures import SUFFIXES as PICTURES
from qa.reading.pictures import read_picture
from qa.reading.plain import read_markdown, read_text
from qa.reading.tables import read_csv, read_json, read_json_lines
from qa.reading.web_pages import read_web_page

MOST_BYTES = 256 << 20
"""Of one file. It is in memory together with its text, which may take four times as much."""

SIGNATURES: Mapping[bytes, str] = MappingProxyType(
    {
        b"%PDF-": "a PDF",
        b"PK\x03\x04": "a zip archive or an office document",
        b"\x89PNG": "a PNG picture",
        b"\xff\xd8\xff": "a JPEG picture",
        b"II*\0": "a TIFF picture",
        b"MM\0*": "a TIFF picture",
        b"GIF8": "a GIF picture",
        b"RIFF": "a picture, sound or film",
        b"\xd0\xcf\x11\xe0": "an old or password-protected office document",
        b"{\\rtf": "an RTF document",
        b"\x1f\x8b": "a gzip archive",
        b"SQLite format 3\0": "a database",
    }
)
"""The first bytes of files that are no text, and what they are."""

_OWN_SIGNATURE = MappingProxyType({".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".zip": b"PK\x03\x04"})

_PICTURE_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"RIFF")
"""A picture is read whichever of their suffixes it has."""


def _read_zip(raw: bytes) -> Contents:
    """The articles of all members in a format read here; archives in the archive are refused."""
    drafts: list[Draft] = []
    problems: list[str] = []
    named = ""
    for member in members(raw, _is_wanted):
        path = PurePosixPath(member.name.replace("\\", "/"))
        named = f"member {member.name}"
        if path.suffix.lower() == ".zip" and not member.refusal:
            problems.append(f"{named} is an archive in the archive. Unpack it first.")
            continue
        if member.refusal:
            problems.append(f"{named} {member.refusal}")
            continue
        try:
            inner = _contents(member.raw, path.suffix.lower())
        except Unreadable as error:
            problems.append(f"{named} {error}")
            continue
        problems += [f"{named}, {problem}" for problem in inner.problems]
        drafts += [_below(path.with_suffix("").as_posix(), draft) for draft in inner.drafts]
    if not named:
        raise Unreadable(f"holds no file in a format read here: {', '.join(READERS)}.")
    return Contents(tuple(drafts), tuple(problems))


READERS: Mapping[str, Callable[[bytes], Contents]] = MappingProxyType(
    {
        ".txt": read_text,
        ".md": read_markdown,
        ".markdown": read_markdown,
        ".html": read_web_page,
        ".htm": read_web_page,
        ".xhtml": read_web_page,
        ".pdf": read_pdf,
        ".docx": read_docx,
        ".jsonl": read_json_lines,
        ".ndjson": read_json_lines,
        ".json": read_json,
        ".csv": read_csv,
        ".tsv": read_csv,
        ".zip": _read_zip,
        **dict.fromkeys(PICTURES, read_picture),
    }
)
"""Suffix, lower-cased → the reader of its bytes, which raises Unreadable."""


def read_contents(path: Path) -> Contents:
    """What a file holds, in the format that its suffix names.

    Raises BadArticle when the file cannot be read, is empty, or is not what its suffix says.
    """
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise BadArticle(
            f"{printable(path)} is not one of the formats read here: {', '.join(READERS)}."
        )
    try:
        return _contents(read_bytes(path), suffix)
    except Unreadable as error:
        raise BadArticle(printable(f"{path} {error}")) from error


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises BadArticle when it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        if size <= MOST_BYTES:
            return path.read_bytes()
    except OSError as error:
        raise BadArticle(
            f"{printable(path)} cannot be read: {error.strerror}. Check its rights."
        ) from error
    raise BadArticle(
        f"{printable(path)} is {size / 1e9:.1f} GB; at most {MOST_BYTES / 1e9:.2f} GB are read at"
        " once. Split it."
    )


def printable(name: Path | str) -> str:
    """A message or a name on one line and in UTF-8, whatever characters file names are made of."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", "\ufffd", str(name))


def _contents(raw: bytes, suffix: str) -> Contents:
    if not raw.strip():
        raise Unreadable("is empty. Delete it or put the article into it.")
    for signature, kind in SIGNATURES.items():
        if suffix in PICTURES and signature in _PICTURE_SIGNATURES:
            continue
        if raw.startswith(signature) and signature != _OWN_SIGNATURE.get(suffix):
            raise Unreadable(f"is {kind} under another name. Give it its own suffix or delete it.")
    return READERS[suffix](raw)


def _is_wanted(name: str) -> bool:
    """Whether a member would be read if it were a file: not hidden, in a format read here."""
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = any(part.startswith((".", "~$")) and part != ".." for part in path.parts)
    return not hidden and "__MACOSX" not in path.parts and path.suffix.lower() in READERS


def _below(member: str, draft: Draft) -> Draft:
    place = f"{member}/{draft.below}" if draft.below else member
    return replace(draft, below=place)
