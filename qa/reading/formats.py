"""The bytes of a file become its text. What a format needs beyond that does not belong here.

This is the one place that knows file formats: a new one is a function from bytes to text and its
suffix in `READERS`. Text of one's own making (Markdown marks, front matter) is left as it stands.
"""

import codecs
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import charset_normalizer

from qa.errors import BadArticle

MOST_CONTROL_CHARS = 0.02
"""Share of control characters above which something is no text; real articles hold none."""


def decode_text(raw: bytes) -> str:
    """The text of a plain-text file: UTF-8, else UTF-16 with its mark, else what detection finds.

    Raises ValueError, with the reason, for what is not text.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode("utf-16")
    elif b"\0" in raw:
        raise ValueError("it holds NUL bytes")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = _detected(raw)
    if sum(map(_is_control, text)) > MOST_CONTROL_CHARS * len(text):
        raise ValueError("it holds control characters")
    return text


READERS: Mapping[str, Callable[[bytes], str]] = MappingProxyType(
    {".txt": decode_text, ".md": decode_text, ".markdown": decode_text}
)
"""Suffix, lower-cased → the reader of its bytes, which raises ValueError when they are no text."""


def read_text(path: Path) -> str:
    """The text of a file as its format gives it, newlines and all.

    Raises BadArticle when the file cannot be read, is empty, or is not what its suffix says.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadArticle(f"{path} is not one of the formats read here: {', '.join(READERS)}.")
    raw = read_bytes(path)
    if not raw.strip():
        raise BadArticle(f"{path} is empty. Delete it or put the article into it.")
    try:
        return reader(raw)
    except ValueError as error:
        raise BadArticle(
            f"{path} is not text ({_reason(error)}). Delete it or save it as UTF-8 text."
        ) from error


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises BadArticle when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadArticle(f"{path} cannot be read: {error.strerror}. Check its rights.") from error


def _detected(raw: bytes) -> str:
    best = charset_normalizer.from_bytes(raw).best()
    if best is None:
        raise ValueError("no encoding fits it")
    return str(best)


def _is_control(char: str) -> bool:
    return (char < " " and char not in "\t\n\r\f\v") or char in "\x7f\ufffd"


def _reason(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} does not fit {error.encoding}"
    return str(error)
