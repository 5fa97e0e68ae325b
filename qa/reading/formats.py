"""The bytes of a file become drafts of articles: the table of the formats read here.

A format is a pure function from bytes to `Contents`, and its suffixes in `READERS`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from qa.errors import BadArticle
from qa.messages import some_of
from qa.reading.archives import Member, members
from qa.reading.docx import read_docx
from qa.reading.draft import Contents, Draft, Part, Unreadable
from qa.reading.epub import read_epub
from qa.reading.evernote import read_enex
from qa.reading.feeds import read_feed
from qa.reading.fields import day_in
from qa.reading.kinds import (
    NOT_READ,
    PICTURES,
    RTF,
    check_kind,
    is_mislabelled_text,
    page_of_companions,
    page_stem,
    suffix_of,
)
from qa.reading.mail import read_emlx, read_mail, read_mailbox
from qa.reading.notion import is_database, read_databases
from qa.reading.open_document import read_odp, read_ods, read_odt
from qa.reading.pdf import read_pdf
from qa.reading.pictures import read_picture
from qa.reading.plain import read_markdown, read_mislabelled, read_text
from qa.reading.pptx import read_pptx
from qa.reading.rtf import read_rtf
from qa.reading.saved_pages import read_saved_page
from qa.reading.subtitles import read_subtitles
from qa.reading.tables import read_csv, read_json, read_json_lines
from qa.reading.web_archives import read_wacz, read_warc
from qa.reading.web_pages import read_web_page
from qa.reading.xlsx import read_xlsx

MOST_BYTES = 256 << 20
"""Of one file. It is in memory together with its text, which may take four times as much."""

MOST_NESTED = 4
"""So deep in files lie files that are read: a table in a zip in a mail in a zip."""

MOST_ARCHIVES = 2
"""Of these so many zip archives; programs pack what they export twice, bombs more often."""

MOST_CHARS = 256 << 20
"""Of all texts in the files of one file, however often they were packed."""

FORMATS = (
    "texts, web pages, PDF, office documents, mail, e-books, tables, feeds, subtitles, web"
    " archives, scans, and zip archives of these"
)
"""What is read here, for people; suffix by suffix, `docs/articles.md` tells."""

NAMED_PARTS = 5
"""So many parts with the same fault are named; the others are counted."""


def _read_zip(raw: bytes) -> Contents:
    """The members in a format read here; what is refused is named."""
    found = _without_companions(list(members(raw, _is_wanted)))
    if not found:
        raise Unreadable(f"holds no file in a format read here: {FORMATS}.")
    problems = [f"member {one.name} {one.refusal}" for one in found if one.refusal]
    whole = [one for one in found if not one.refusal]
    tables = read_databases({one.name: one.raw for one in whole if is_database(one.name)})
    parts = tuple(_part(one) for one in whole if not is_database(one.name))
    return Contents(tables.drafts, (*problems, *tables.problems), parts)


def _without_companions(found: Sequence[Member]) -> list[Member]:
    """The members that do not lie in the folder that a browser saved beside a page."""
    pages = {page_stem(member.name) for member in found}
    return [
        member
        for member in found
        if not any(
            page_of_companions(str(folder)) in pages - {None}
            for folder in PurePosixPath(member.name).parents
        )
    ]


def _part(member: Member) -> Part:
    return Part("member", member.name.replace("\\", "/"), suffix_of(member.name), member.raw)


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
        ".eml": read_mail,
        ".emlx": read_emlx,
        ".mbox": read_mailbox,
        ".rtf": read_rtf,
        ".epub": read_epub,
        ".odt": read_odt,
        ".fodt": read_odt,
        ".odp": read_odp,
        ".fodp": read_odp,
        ".pptx": read_pptx,
        ".xlsx": read_xlsx,
        ".xlsm": read_xlsx,
        ".ods": read_ods,
        ".fods": read_ods,
        ".mht": read_saved_page,
        ".mhtml": read_saved_page,
        ".srt": read_subtitles,
        ".vtt": read_subtitles,
        ".rss": read_feed,
        ".atom": read_feed,
        ".xml": read_feed,
        ".warc": read_warc,
        ".warc.gz": read_warc,
        ".wacz": read_wacz,
        ".enex": read_enex,
        ".zip": _read_zip,
        **dict.fromkeys(PICTURES, read_picture),
    }
)
"""Suffix, lower-cased → the reader of its bytes, which raises Unreadable."""


CONTAINERS = frozenset({".zip", ".eml", ".emlx", ".mbox", ".enex", ".warc", ".warc.gz", ".wacz"})
"""Suffixes of files that hold files, which are read by what they are."""


def is_looked_into(suffix: str) -> bool:
    """Whether a file with this suffix is read, or named as what it is."""
    return suffix in READERS or suffix in NOT_READ


def format_of(path: Path) -> str:
    """The suffix by which a file is read: its own, or that of mail for a folder of Thunderbird's.

    Such a file has none of its own, and its index lies beside it (`Inbox`, `Inbox.msf`).
    """
    suffix = suffix_of(path.name)
    if not is_looked_into(suffix) and path.with_name(f"{path.name}.msf").is_file():
        return ".mbox"
    return suffix


def is_markdown(path: Path) -> bool:
    """Whether a file is read as Markdown."""
    return READERS.get(format_of(path)) is read_markdown


def not_read(name: str) -> str | None:
    """Why a file of this name is not one of those read here, as a whole message; else None."""
    suffix = suffix_of(name)
    if suffix in NOT_READ:
        return f"{name} {NOT_READ[suffix]}"
    if suffix not in READERS:
        return f"{name} is not in a format read here."
    return None


def read_contents(path: Path) -> Contents:
    """What a file holds, in the format that its suffix names, and what the files in it hold.

    Raises BadArticle when the file cannot be read, is empty, or is not what its suffix says.
    """
    suffix = format_of(path)
    if not is_looked_into(suffix):
        refusal = printable(not_read(str(path)) or path)
        raise BadArticle(f"{refusal} Those are: {FORMATS}.")
    try:
        return contents_of(read_bytes(path), suffix)
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


def parts_below(
    raw: bytes, suffix: str, wanted: Callable[[str], bool], place: str = "", depth: int = 0
) -> Iterator[Part]:
    """The files in these bytes, and the files in those, whose place is wanted.

    It is the place `below` that their drafts have, or the beginning of it.
    """
    try:
        parts = READERS[suffix](raw).parts
    except (KeyError, Unreadable):
        return
    for part in parts:
        within = "/".join(filter(None, [place, _place_of(part)]))
        if wanted(within):
            yield part
            if depth < MOST_NESTED:
                yield from parts_below(part.raw, part.suffix, wanted, within, depth + 1)


def contents_of(raw: bytes, suffix: str, nested: int = 0, archives: int = 0) -> Contents:
    """What these bytes hold, with what the files in them hold, so deep and in so many archives.

    Raises Unreadable for bytes that are not what the suffix says.
    """
    if suffix == ".doc" and raw.startswith(RTF):
        suffix = ".rtf"  # which Word opens, and writes, under either name
    check_kind(raw, suffix)
    if is_mislabelled_text(raw, suffix):
        return read_mislabelled(raw)
    archives += suffix == ".zip"
    found = READERS[suffix](raw)
    drafts, problems = list(found.drafts), list(found.problems)
    faults: dict[str, list[str]] = {}
    left = MOST_CHARS - sum(len(draft.text) for draft in drafts)
    for part in found.parts:
        try:
            _check_part(part, nested, archives, left)
            inner = contents_of(part.raw, part.suffix, nested + 1, archives)
        except Unreadable as error:
            faults.setdefault(str(error), []).append(f"{part.noun} {part.place}")
            continue
        problems += [f"{part.noun} {part.place}, {problem}" for problem in inner.problems]
        drafts += [_below(part, draft) for draft in inner.drafts]
        left -= sum(len(draft.text) for draft in inner.drafts)
    return Contents(tuple(drafts), (*problems, *_told(faults)))


def _check_part(part: Part, nested: int, archives: int, left: int) -> None:
    if not is_looked_into(part.suffix):
        raise Unreadable("is in no format read here.")
    if part.suffix == ".zip" and archives >= MOST_ARCHIVES:
        raise Unreadable("is an archive in an archive in an archive. Unpack it first.")
    if nested >= MOST_NESTED:
        raise Unreadable("lies too deep in files inside files. Save it by itself.")
    if left <= 0:
        raise Unreadable(f"was not read: there are more than {MOST_CHARS >> 20} MB of text before.")


def _told(faults: Mapping[str, list[str]]) -> Iterator[str]:
    """A problem for each part, or one for all that have the same, where those are many."""
    for fault, names in faults.items():
        if len(names) <= NAMED_PARTS:
            yield from (f"{name} {fault}" for name in names)
        else:
            yield f"{some_of(names, NAMED_PARTS)}: each {fault}"


def _is_wanted(name: str) -> bool:
    """Whether a member would be looked into if it were a file: not hidden, of a known kind."""
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = any(part.startswith((".", "~$")) and part != ".." for part in path.parts)
    return not hidden and "__MACOSX" not in path.parts and is_looked_into(suffix_of(path.name))


def _place_of(part: Part) -> str:
    return part.place[: len(part.place) - len(part.suffix)].strip("/") or part.noun


def _below(part: Part, draft: Draft) -> Draft:
    place = _place_of(part)
    return replace(
        draft,
        below=f"{place}/{draft.below}" if draft.below else place,
        source=draft.source or part.source,
        published=draft.published or (part.published and (day_in(draft.text) or part.published)),
    )
