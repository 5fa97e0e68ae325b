"""Notes that Evernote exported (.enex) become articles, one a note. Pure: bytes in, values out.

A note that was clipped from a page has the page's host as its source. The day on which a note was
made counts where its text states none. What is attached is read as the file that it is.
"""

import base64
import binascii
import mimetypes
import re
from datetime import date

from qa.reading.draft import Contents, Draft, Part, Unreadable
from qa.reading.feeds import place_of
from qa.reading.fields import day_in
from qa.reading.kinds import suffix_of
from qa.reading.markup import Tree, parse_xml
from qa.reading.unseen import seen_text
from qa.reading.web_pages import host_of
from qa.reading.xml_parts import local, named, words_of

_WORDLESS = re.compile(r"<en-crypt\b[^>]*>.*?</en-crypt>|</?en-(?:media|todo)\b[^>]*>", re.DOTALL)
"""What is locked, and the places of pictures and boxes to tick."""


def read_enex(raw: bytes) -> Contents:
    """The articles of an export, and what is attached to its notes. Raises Unreadable."""
    root = parse_xml(raw, recover=True, huge=True)
    if local(root) != "en-export":
        raise Unreadable("is no export of Evernote. Export the notes again as .enex.")
    drafts: list[Draft] = []
    parts: list[Part] = []
    empty = 0
    for number, note in enumerate(named(root, "note"), 1):
        title = words_of(note, "title") or None
        place = place_of(title, number)
        text = _text(note)
        source = host_of(words_of(note, "source-url"))
        attached = [one for one in named(note, "resource") if not (text and _is_picture(one))]
        files = [part for one in attached for part in _attached(one, place, source)]
        if text:
            published = day_in(text) or _day(words_of(note, "created"))
            drafts.append(Draft(text, title, published, source, below=place))
        empty += not text and not files
        parts += files
    if not drafts and not parts:
        raise Unreadable("holds no note with words. Delete it.")
    told = (f"{empty} of its notes hold no text.",) if empty else ()
    return Contents(tuple(drafts), told, tuple(parts))


def _text(note: Tree) -> str:
    content = next(iter(named(note, "content")), None)
    written = "" if content is None else "".join(content.itertext())
    return seen_text(_WORDLESS.sub("", written.partition("?>")[2] or written))


def _day(written: str) -> date | None:
    """The day of `20230218T101500Z`."""
    try:
        return date(int(written[:4]), int(written[4:6]), int(written[6:8]))
    except ValueError:
        return None


def _is_picture(resource: Tree) -> bool:
    """Whether it is a picture: beside words it illustrates them, without any it is a scan."""
    return words_of(resource, "mime").startswith("image/")


def _attached(resource: Tree, place: str, source: str | None) -> list[Part]:
    """A file that is attached to a note; none for sounds and films."""
    kind = words_of(resource, "mime")
    name = words_of(resource, "file-name").replace("\\", "/").rpartition("/")[2]
    name = name or f"attachment{mimetypes.guess_extension(kind) or ''}"
    written = next(iter(named(resource, "data")), None)
    if written is None or kind.startswith(("audio/", "video/")):
        return []
    try:
        raw = base64.b64decode("".join("".join(written.itertext()).split()))
    except (binascii.Error, ValueError):
        raw = b""
    return [Part("attachment", f"{place}/{name}", suffix_of(name), raw, source)] if raw else []
