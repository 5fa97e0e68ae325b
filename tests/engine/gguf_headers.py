"""GGUF headers made by hand, byte by byte."""

import struct
from enum import IntEnum


class Kind(IntEnum):
    """The format's numbers for the types of values."""

    U8 = 0
    I8 = 1
    U16 = 2
    I16 = 3
    U32 = 4
    I32 = 5
    F32 = 6
    BOOL = 7
    STRING = 8
    ARRAY = 9
    U64 = 10
    I64 = 11
    F64 = 12


CODES: dict[Kind, str] = {
    Kind.U8: "B",
    Kind.I8: "b",
    Kind.U16: "H",
    Kind.I16: "h",
    Kind.U32: "I",
    Kind.I32: "i",
    Kind.F32: "f",
    Kind.BOOL: "?",
    Kind.U64: "Q",
    Kind.I64: "q",
    Kind.F64: "d",
}
"""The numbers among them, each with its letter in `struct`."""


def string(text: str | bytes) -> bytes:
    raw = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(raw)) + raw


def number(kind: Kind, value: float) -> bytes:
    return struct.pack("<" + CODES[kind], value)


def entry(key: str, kind: Kind, value: float | str | bytes) -> bytes:
    packed = string(value) if isinstance(value, str | bytes) else number(kind, value)
    return string(key) + struct.pack("<I", kind) + packed


def array(key: str, kind: Kind, values: list[int] | list[float] | list[str]) -> bytes:
    packed = [string(one) if isinstance(one, str) else number(kind, one) for one in values]
    return string(key) + struct.pack("<IIQ", Kind.ARRAY, kind, len(values)) + b"".join(packed)


def header(*entries: bytes, version: int = 3, count: int | None = None) -> bytes:
    count = len(entries) if count is None else count
    return b"GGUF" + struct.pack("<IQQ", version, 7, count) + b"".join(entries)


ARCHITECTURE = entry("general.architecture", Kind.STRING, "tiny")
NEEDED = (
    entry("tiny.block_count", Kind.U32, 3),
    entry("tiny.embedding_length", Kind.U32, 64),
    entry("tiny.context_length", Kind.U32, 4096),
    entry("tiny.attention.head_count", Kind.U32, 8),
)
TOKENS = array("tokenizer.ggml.tokens", Kind.STRING, ["a", "bc", "", "déjà", "\n"])
TINY = header(ARCHITECTURE, *NEEDED, TOKENS)
"""The header of a model: 3 layers, each with 8 heads of 8 numbers; 4,096 tokens of 5 kinds."""
