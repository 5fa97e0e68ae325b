"""The parts of a message in MIME, in which mails and saved pages (.mhtml) come. Pure.

Headers and texts are decoded as they are written, however wrong they say they are.
"""

import email
import email.errors
import email.header
import email.utils
import re
from email.message import Message

from qa.reading.draft import Unreadable
from qa.reading.encodings import decode_text, decoded_as_stated, is_utf8

MOST_HEADER_CHARS = 10_000
"""Of a header that is decoded; subjects are a hundred times shorter."""

MOST_MULTIPARTS = 500
"""Parts that hold parts: each line is held against the ends of all those around it."""


LONGEST_PARAMETERS = 20_000
"""Bytes of the headers that say what a part is; the standard library takes their square."""

_PARAMETERS = re.compile(
    rb"^content-(?:type|disposition):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)


def parsed(raw: bytes) -> Message:
    """The message in these bytes, whatever is wrong with it. Raises Unreadable for none."""
    longest = max((len(found[0]) for found in _PARAMETERS.finditer(raw)), default=0)
    if longest > LONGEST_PARAMETERS or raw.lower().count(b"multipart/") > MOST_MULTIPARTS:
        raise Unreadable("is a mail of too many parts, or a damaged one. Save its text.")
    try:
        return email.message_from_bytes(raw.lstrip(b"\r\n"))
    except (RecursionError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise Unreadable("is a damaged mail. Save it again, or its text.") from error


def children(part: Message) -> list[Message]:
    """The parts of a part, in order."""
    if not part.is_multipart():  # whose payload it would decode as the part says
        return []
    return [one for one in part.get_payload() if isinstance(one, Message)]


def header(message: Message, name: str) -> str:
    """A header's words in one line, "" where it is missing; encoded words (RFC 2047) decoded."""
    found = (str(value) for key, value in message.raw_items() if key.lower() == name.lower())
    return _decoded_words(next(found, ""))


def file_name(part: Message) -> str:
    """The name that a part has as a file, without its folders; "" where it has none."""
    try:
        written = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        return ""
    return _decoded_words(written).replace("\\", "/").rpartition("/")[2].strip()


def payload(part: Message) -> bytes:
    """The bytes of a part, base64 or quoted-printable undone; none of a part that holds parts."""
    try:
        raw = part.get_payload(decode=True)
    except (LookupError, ValueError, TypeError):
        return b""
    return raw if isinstance(raw, bytes) else b""


def text_of_part(part: Message) -> str:
    """The text of a part in the encoding that it states, where that fits, else as it looks.

    Paragraphs that were cut into lines on the way are whole again (RFC 3676). "" for what is none.
    """
    raw = payload(part)
    charset = parameter(part, "charset", "utf-8")
    text = decoded_as_stated(raw, charset)
    if text is None:
        try:
            text = decode_text(raw)
        except Unreadable:
            return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _unflowed(text) if parameter(part, "format", "").lower() == "flowed" else text


def parameter(part: Message, name: str, otherwise: str) -> str:
    """A parameter of the content type; of one that is malformed, what it would be without."""
    try:
        value = part.get_param(name, otherwise)
        return str(email.utils.collapse_rfc2231_value(value) if value else otherwise).strip()
    except (LookupError, ValueError, TypeError):
        return otherwise


def _decoded_words(written: str) -> str:
    written = written[:MOST_HEADER_CHARS]
    if not written.isascii():  # raw bytes, against the rules
        raw = written.encode("utf-8", "surrogateescape")
        try:
            written = decode_text(raw)
        except Unreadable:
            written = raw.decode("cp1252", "replace")
    try:
        pieces = email.header.decode_header(written)
    except (email.errors.MessageError, ValueError, TypeError):
        return " ".join(written.split())
    return " ".join("".join(_piece(*piece) for piece in pieces).split())


def _piece(written: bytes | str, charset: str | None) -> str:
    if isinstance(written, str):
        return written
    try:
        return written.decode(charset or "ascii")
    except (LookupError, ValueError):
        return written.decode("utf-8" if is_utf8(written) else "cp1252", "replace")


def _unflowed(text: str) -> str:
    written: list[str] = []
    flows = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        bare = line if quoted else line.removeprefix(" ")
        if flows and not quoted and bare != "-- ":
            written[-1] += bare
        else:
            written.append(bare)
        flows = bare.endswith(" ") and not quoted and bare != "-- "
    return "\n".join(written)
