"""Mail becomes articles, one a message: .eml, Apple Mail's .emlx, and mailboxes (.mbox).

Pure: bytes in, values out. The subject is the title, the sender the source, the day of sending the
date. What is attached is read as the file that it is; a mail that is attached is a mail.
"""

import mimetypes
import re
from dataclasses import dataclass, field
from datetime import date
from email.message import Message

from qa.reading.draft import Contents, Draft, Part, Unreadable
from qa.reading.fields import day_of
from qa.reading.kinds import suffix_of
from qa.reading.markup import Tree, paragraphs
from qa.reading.mime import children, file_name, header, parsed, payload, text_of_part
from qa.reading.replies import is_forwarded, own_words
from qa.reading.unseen import seen_page

MOST_PARTS = 1_000
"""Of one message, with those in attached messages."""

_ENVELOPE = re.compile(rb"(?:\A|\n)(?=From (?=[^\n]{0,200}\d\d:\d\d)[^\n]{1,250}\n[!-9;-~]{1,80}:)")
_QUOTED_ENVELOPE = re.compile(rb"^>(>*From )", re.MULTILINE)
_WORDLESS = frozenset({".p7s", ".asc", ".sig", ".ics", ".vcf"})
"""Signatures, invitations and calling cards: nobody misses their text."""

_QUOTING = frozenset("gmail_quote moz-cite-prefix yahoo_quoted protonmail_quote".split())
"""Classes of what mail programs put around an earlier mail, or before it."""

_COMMENTED = re.compile(r"[^\s<>]+@\S+ \(([^()]+)\)")
"""A sender in the form of old mails: `anna@weir.example (Anna Weber)`."""

_CUT_OFF_BY_SERVER = re.compile(r"ATT\d{3,}\.(?:txt|html?)", re.IGNORECASE)
"""Names that mail servers give to pieces of the text itself."""


@dataclass(slots=True)
class _Found:
    """What has been read so far, and how many parts may still be."""

    drafts: list[Draft] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    left: int = MOST_PARTS

    def __len__(self) -> int:
        return len(self.drafts) + len(self.parts)


@dataclass(slots=True)
class _Pieces:
    """What one message consists of: its text, files and messages attached to it."""

    text: list[str] = field(default_factory=list)
    files: list[tuple[str, Message]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


def read_mail(raw: bytes) -> Contents:
    """The article in a mail, and what is attached to it. Raises Unreadable where it is empty."""
    found = _Found()
    _take(parsed(raw), "", found)
    if not found:
        raise Unreadable("holds no text. Delete it, or save the text of the mail.")
    return Contents(tuple(found.drafts), (), tuple(found.parts))


def read_emlx(raw: bytes) -> Contents:
    """The same of a file of Apple Mail, which begins with the length of the mail in bytes."""
    length, _, rest = raw.partition(b"\n")
    return read_mail(rest[: int(length)] if re.fullmatch(rb"\s*\d{1,12}\s*", length) else raw)


def read_mailbox(raw: bytes) -> Contents:
    """The articles in a mailbox, numbered from 1, and what is attached to them.

    Raises Unreadable when it holds no message.
    """
    starts = [match.end() for match in _ENVELOPE.finditer(raw)]
    if not starts:
        raise Unreadable("holds no mail. Save the mailbox again, or its mails as .eml.")
    found = _Found()
    empty = 0
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(raw)], strict=True), 1):
        before = len(found)
        found.left = MOST_PARTS
        message = raw[start:end].partition(b"\n")[2]
        try:
            _take(parsed(_QUOTED_ENVELOPE.sub(rb"\1", message)), str(number), found)
        except Unreadable:
            continue
        finally:
            empty += before == len(found)
    told = (f"{empty} of its {len(starts)} mails: no text there.",) if empty else ()
    return Contents(tuple(found.drafts), told, tuple(found.parts))


def _take(message: Message, place: str, found: _Found) -> None:
    """Add the article of a message, and what is attached to it."""
    subject, sender = header(message, "Subject"), _sender(message)
    pieces = _pieces(message, found, is_forwarded(subject))
    text = own_words("\n\n".join(pieces.text), subject)
    if text:
        found.drafts.append(Draft(text, subject or None, _day(message), sender, below=place))
    for name, part in pieces.files:
        at = f"{place}/{name}" if place else name
        found.parts.append(Part("attachment", at, suffix_of(name), payload(part), sender))
    for number, attached in enumerate(pieces.messages, 1):
        _take(attached, f"{place}/mail-{number}" if place else f"mail-{number}", found)


def _pieces(message: Message, found: _Found, forwarded: bool) -> _Pieces:
    pieces = _Pieces()
    waiting = [message]
    while waiting and found.left > 0:
        found.left -= 1
        part = waiting.pop()
        name = file_name(part)
        kind = part.get_content_type()
        if kind == "message/rfc822" and part is not message:
            pieces.messages += children(part)[:1]
        elif part.is_multipart():
            waiting += reversed(_chosen(part))
        elif _is_text(part, name):
            words = text_of_part(part)
            pieces.text.append(_html_text(words, forwarded) if kind == "text/html" else words)
        elif not _is_shown_inside(part) and suffix_of(name) not in _WORDLESS and payload(part):
            pieces.files.append((name or _made_up_name(kind, found.left), part))
    pieces.text = [text for text in pieces.text if text.strip()]
    return pieces


def _chosen(part: Message) -> list[Message]:
    """The parts of a part; of alternatives the plain text, or what there is in its place."""
    inner = children(part)
    if part.get_content_type() != "multipart/alternative":
        return inner
    plain = [
        one for one in inner if one.get_content_type() == "text/plain" and text_of_part(one).strip()
    ]
    return plain or [one for one in inner if one.get_content_type() != "text/plain"]


def _is_text(part: Message, name: str) -> bool:
    """Whether a part is text of the mail itself."""
    if part.get_content_type() not in {"text/plain", "text/html"}:
        return False
    attached = part.get_content_disposition() == "attachment"
    return not name or bool(_CUT_OFF_BY_SERVER.fullmatch(name)) or not (attached or suffix_of(name))


def _is_shown_inside(part: Message) -> bool:
    """Whether a part is shown inside the mail, such as a logo, or another form of its text."""
    if part.get_content_maintype() == "text":
        return not file_name(part)
    inline = part.get_content_disposition() == "inline" or part.get("Content-ID") is not None
    return inline and part.get_content_maintype() == "image"


def _made_up_name(kind: str, number: int) -> str:
    return f"part-{MOST_PARTS - number}{mimetypes.guess_extension(kind) or ''}"


def _sender(message: Message) -> str | None:
    """The sender's name, else the address."""
    written = header(message, "From")
    commented = _COMMENTED.fullmatch(written)
    name, _, address = written.partition("<")
    name = (commented[1] if commented else name).strip(" \"',")
    return name or address.partition(">")[0].strip() or None


def _day(message: Message) -> date | None:
    """The day of sending, as the sender's clock had it."""
    written = re.sub(r"\([^()]*\)", "", header(message, "Date"))
    return day_of(written, "") if written.strip() else None


def _html_text(html: str, forwarded: bool) -> str:
    """The words of an HTML mail, without those of an earlier one where there are others."""
    if not html.strip():
        return ""
    page = seen_page(html)
    whole = paragraphs(page)
    if forwarded:
        return whole
    for element in [one for one in page.iter() if _is_earlier_mail(one)]:
        if element.getparent() is not None:
            element.drop_tree()
    return paragraphs(page) or whole


def _is_earlier_mail(element: Tree) -> bool:
    is_cited = element.tag == "blockquote" and element.get("type") == "cite"
    return is_cited or not _QUOTING.isdisjoint(element.get("class", "").split())
