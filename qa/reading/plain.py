"""Text files and Markdown: their encoding is found, front matter read, and all else left as it is.

Pure: bytes in, values out.
"""

import codecs
from dataclasses import replace

import charset_normalizer

from qa.reading.draft import Contents, Draft, Unreadable
from qa.reading.front_matter import split_front_matter
from qa.reading.titles import heading

MOST_CONTROL_CHARS = 0.02
"""Share of control characters above which something is no text; real articles hold none."""

CONTROL_CHARS = "".join(map(chr, {*range(32), 0x7F, 0xFFFD} - set(b"\t\n\r\f\v")))
"""Characters that text does not hold, U+FFFD for bytes that could not be decoded among them."""

DETECTION_BYTES = 1 << 20
"""So much of a text tells its encoding; detection over all of a long one takes minutes."""


def decode_text(raw: bytes) -> str:
    """The text of a plain-text file: UTF-8, else UTF-16 with its mark, else what detection finds.

    Raises Unreadable for what is not text.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = decoded(raw, "utf-16")
    elif b"\0" in raw:
        raise _no_text("it holds NUL bytes")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = decoded(raw, _detected_encoding(raw))
    if garbled(text):
        raise _no_text("it holds control characters")
    return text


def decoded(raw: bytes, encoding: str) -> str:
    """The text of bytes in a known encoding. Raises Unreadable."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text(f"byte {error.start} does not fit {error.encoding}") from error


def garbled(text: str) -> bool:
    """Whether more of a text are control characters than could be there by accident."""
    return sum(map(text.count, CONTROL_CHARS)) > MOST_CONTROL_CHARS * len(text)


def read_text(raw: bytes) -> Contents:
    """The article in a text file, perhaps below front matter. Raises Unreadable."""
    draft, problems = _draft(raw)
    return Contents((draft,), problems)


def read_markdown(raw: bytes) -> Contents:
    """The article in a Markdown file; its title may be its first heading. Raises Unreadable."""
    draft, problems = _draft(raw)
    return Contents((replace(draft, title=draft.title or heading(draft.text)),), problems)


def _draft(raw: bytes) -> tuple[Draft, tuple[str, ...]]:
    text = decode_text(raw).replace("\r\n", "\n").replace("\r", "\n")
    stated, body = split_front_matter(text)
    draft = Draft(body, stated.title, stated.published, stated.source, stated.id)
    return draft, tuple(f"its front matter {problem}" for problem in stated.problems)


def _detected_encoding(raw: bytes) -> str:
    if len(raw) > DETECTION_BYTES:
        raw = raw[: raw.rfind(b"\n", 0, DETECTION_BYTES) + 1] or raw[:DETECTION_BYTES]
    best = charset_normalizer.from_bytes(raw).best()
    if best is None:
        raise _no_text("no encoding fits it")
    return best.encoding


def _no_text(reason: str) -> Unreadable:
    return Unreadable(f"is not text ({reason}). Delete it or save it as UTF-8 text.")
