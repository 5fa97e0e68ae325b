"""The shape of a model, read from the header of its GGUF file without loading it.

Arrays are stepped over, not kept: the `gguf` package keeps them, which takes seconds for a large
vocabulary, and would be one more dependency. The format, little-endian throughout:
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import mmap
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from qa.errors import ModelError

LONGEST_HEADER = 64 * 2**20
"""Bytes in which a header must end; one of 262,000 tokens with their merges takes about 20 MB."""

MOST_ENTRIES, MOST_LAYERS = 65_536, 4_096
"""Far more than any model has: more is damage, and would take long to walk through."""

_MAGIC, _VERSIONS = b"GGUF", (2, 3)
_ARCHITECTURE, _TOKENS = "general.architecture", "tokenizer.ggml.tokens"
_HEADS, _KV_HEADS = "attention.head_count", "attention.head_count_kv"

_FIRST_PART = re.compile(r"-00001-of-(\d{5})\.gguf$")

# Behind the architecture's name and a dot; the last three may be absent.
_NEEDED = ("block_count", "embedding_length", "context_length", _HEADS)
_OPTIONAL = (_KV_HEADS, "attention.key_length", "attention.value_length")

# The format's numbers for the types of values.
_STRING, _ARRAY = 8, 9
_INTEGERS = {
    number: struct.Struct("<" + code)
    for number, code in ((0, "B"), (1, "b"), (2, "H"), (3, "h"), (4, "I"), (5, "i"))
} | {10: struct.Struct("<Q"), 11: struct.Struct("<q")}
_BYTES_OF_OTHERS = {6: 4, 7: 1, 12: 8}  # float32, bool, float64
_U32, _U64 = _INTEGERS[4], _INTEGERS[10]


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What decides how much memory a model takes beside its file.

    `heads` are the attention heads of the layer that has most, `kv_heads` those of each layer that
    have keys and values of their own, `key_length` and `value_length` the numbers of a head.
    `context_length` is the longest text in tokens that the model was trained on.
    """

    architecture: str
    layers: int
    heads: int
    kv_heads: tuple[int, ...]
    key_length: int
    value_length: int
    embedding_length: int
    context_length: int
    vocabulary: int


def gguf_parts(path: Path) -> tuple[Path, ...]:
    """The files of a model in order, of which `path` is the first: one, unless it is split.

    llama.cpp finds the others by the names that its `gguf-split` gives them.
    """
    match = _FIRST_PART.search(path.name)
    if match is None:
        return (path,)
    stem, count = path.name[: match.start()], int(match[1])
    numbers = range(1, count + 1)
    return tuple(path.with_name(f"{stem}-{number:05}-of-{count:05}.gguf") for number in numbers)


def read_shape(path: Path) -> ModelShape:
    """The shape of the model in a GGUF file.

    Raises ModelError when the file is none, is damaged, or holds no language model.
    """
    try:
        with path.open("rb") as file:
            if path.stat().st_size == 0:  # cannot be mapped
                return parse_shape(b"", path.name)
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as header:
                return parse_shape(header, path.name)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read: {error.strerror or error}. "
            "Set QA_MODEL to another model: qa models list"
        ) from error


def parse_shape(header: bytes | mmap.mmap, name: str) -> ModelShape:
    """The same from bytes that begin with a header; `name` stands in the messages."""
    try:
        return _shape(_read_entries(_Cursor(header)))
    except _OtherFile as error:
        raise ModelError(f"{name} {error}. Set QA_MODEL to another model: qa models list") from None
    except (_Damaged, struct.error) as error:
        raise ModelError(
            f"{name} is damaged or cut off. Pull or copy it again; "
            "check models of the catalogue with: qa models verify NAME"
        ) from error


class _Damaged(Exception):
    """The header does not hold what the format promises."""


class _OtherFile(Exception):
    """The file is whole and no model that can be run here; the text says why."""


class _Cursor:
    """A place in a header, from its first byte on.

    No length that stands in the header is believed: a step past the end raises `_Damaged` or
    struct.error, and nothing is copied but what is returned.
    """

    def __init__(self, header: bytes | mmap.mmap) -> None:
        self._header = header
        self._end = min(len(header), LONGEST_HEADER)
        self._at = 0

    def integer(self, layout: struct.Struct) -> int:
        """The next integer."""
        value: int = layout.unpack_from(self._header, self._at)[0]
        self.skip(layout.size)
        return value

    def text(self) -> str:
        """The next string; what is no UTF-8 is replaced."""
        size = self.integer(_U64)
        start = self._at
        self.skip(size)
        return self._header[start : self._at].decode("utf-8", errors="replace")

    def skip(self, size: int) -> None:
        """Pass over bytes."""
        self._at += size
        if self._at > self._end:
            raise _Damaged

    def skip_strings(self, count: int) -> None:
        """Pass over strings, by far the most of a header: hence a bare loop."""
        header, at, end, unpack = self._header, self._at, self._end, _U64.unpack_from
        for _ in range(count):
            at += _U64.size + unpack(header, at)[0]
            if at > end:
                raise _Damaged
        self._at = at


_Value = str | int | tuple[int, ...]
_Entries = dict[str, _Value]


def _read_entries(cursor: _Cursor) -> _Entries:
    """The entries that a shape may need, reading no further than to the last of them."""
    if cursor.integer(_U32) != int.from_bytes(_MAGIC, "little"):
        raise _OtherFile("is no GGUF file")
    version = cursor.integer(_U32)
    if version not in _VERSIONS:
        raise _OtherFile(f"is of GGUF version {version}; 2 and 3 can be read")
    cursor.skip(_U64.size)  # how many tensors there are
    count = cursor.integer(_U64)
    if count > MOST_ENTRIES:
        raise _Damaged
    entries: _Entries = {}
    for _ in range(count):
        key = cursor.text()
        value = _read_value(cursor, key)
        if value is not None:
            entries[key] = value
            if _complete(entries):
                break
    return entries


def _read_value(cursor: _Cursor, key: str) -> _Value | None:
    """The architecture, an integer, integers by layer, how many tokens; None for all else."""
    kind = cursor.integer(_U32)
    if kind == _ARRAY:
        return _read_array(cursor, key)
    if kind == _STRING and key == _ARCHITECTURE:
        return cursor.text()
    if kind == _STRING:
        cursor.skip_strings(1)
        return None
    if kind in _INTEGERS:
        return cursor.integer(_INTEGERS[kind])
    cursor.skip(_bytes_of(kind))
    return None


def _read_array(cursor: _Cursor, key: str) -> _Value | None:
    kind, count = cursor.integer(_U32), cursor.integer(_U64)
    if kind in _INTEGERS and key.endswith((_HEADS, _KV_HEADS)):
        if count > MOST_LAYERS:
            raise _Damaged
        return tuple(cursor.integer(_INTEGERS[kind]) for _ in range(count))
    if kind == _STRING:
        cursor.skip_strings(count)
    else:
        cursor.skip(count * _bytes_of(kind))
    return count if key == _TOKENS else None


def _bytes_of(kind: int) -> int:
    """The size of a number; llama.cpp reads no array of arrays either."""
    if kind in _INTEGERS:
        return _INTEGERS[kind].size
    if kind not in _BYTES_OF_OTHERS:
        raise _Damaged
    return _BYTES_OF_OTHERS[kind]


def _complete(entries: _Entries) -> bool:
    prefix = f"{entries.get(_ARCHITECTURE)}."
    return _TOKENS in entries and all(prefix + key in entries for key in (*_NEEDED, *_OPTIONAL))


def _shape(entries: _Entries) -> ModelShape:
    architecture = entries.get(_ARCHITECTURE)
    if not isinstance(architecture, str):
        raise _OtherFile(f"holds no language model: its header has no {_ARCHITECTURE}")
    named = {key: entries.get(f"{architecture}.{key}") for key in (*_NEEDED, *_OPTIONAL)}
    for key in _NEEDED:
        if named[key] is None:
            raise _OtherFile(f"holds no language model: its header has no {architecture}.{key}")
    layers, embedding_length = _count(named["block_count"]), _count(named["embedding_length"])
    heads = _per_layer(named[_HEADS], layers)
    of_a_head = embedding_length // max(*heads, 1)
    return ModelShape(
        architecture,
        layers,
        max(heads),
        heads if named[_KV_HEADS] is None else _per_layer(named[_KV_HEADS], layers),
        _count(named["attention.key_length"], of_a_head),
        _count(named["attention.value_length"], of_a_head),
        embedding_length,
        _count(named["context_length"]),
        _count(entries.get(_TOKENS, entries.get(f"{architecture}.vocab_size"))),
    )


def _count(value: _Value | None, absent: int | None = None) -> int:
    value = absent if value is None else value
    if not isinstance(value, int) or value < 1:
        raise _Damaged
    return value


def _per_layer(value: _Value | None, layers: int) -> tuple[int, ...]:
    """The heads of every layer, which are one number where all have as many; some may have none."""
    if layers > MOST_LAYERS:
        raise _Damaged
    of_each = (value,) * layers if isinstance(value, int) else value
    if not isinstance(of_each, tuple) or len(of_each) != layers or min(of_each) < 0:
        raise _Damaged
    return of_each
