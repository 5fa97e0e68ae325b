"""The shape in a GGUF header: hand-made headers, damaged ones, and those of the real models."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.engine.gguf import (
    LONGEST_HEADER,
    MOST_ENTRIES,
    ModelShape,
    gguf_parts,
    parse_shape,
    read_shape,
)
from qa.errors import ModelError
from qa.models.catalogue import find_model
from qa.models.pulling import pull
from tests.conftest import ROOT
from tests.engine.gguf_headers import (
    ARCHITECTURE,
    CODES,
    NEEDED,
    TOKENS,
    Kind,
    array,
    entry,
    header,
    string,
)

SHAPE = ModelShape("tiny", 3, 8, (8, 8, 8), 8, 8, 64, 4096, 5)


def test_what_is_absent_follows_from_the_rest() -> None:
    """Every head has its own keys and values, of 64 / 8 numbers."""
    assert parse_shape(header(ARCHITECTURE, *NEEDED, TOKENS), "tiny.gguf") == SHAPE


def test_what_is_stated_counts() -> None:
    stated = (
        entry("tiny.attention.head_count_kv", Kind.U32, 2),
        entry("tiny.attention.key_length", Kind.U32, 16),
        entry("tiny.attention.value_length", Kind.U32, 24),
    )
    shape = parse_shape(header(ARCHITECTURE, *NEEDED, TOKENS, *stated), "tiny.gguf")
    assert shape == ModelShape("tiny", 3, 8, (2, 2, 2), 16, 24, 64, 4096, 5)


def test_a_vocabulary_without_words() -> None:
    """Where the tokens are listed, their number is what counts."""
    size = entry("tiny.vocab_size", Kind.U32, 1000)
    assert parse_shape(header(ARCHITECTURE, *NEEDED, size), "tiny.gguf").vocabulary == 1000
    assert parse_shape(header(ARCHITECTURE, size, *NEEDED, TOKENS), "tiny.gguf") == SHAPE


def test_heads_layer_by_layer() -> None:
    """A layer may have no attention at all."""
    heads = array("tiny.attention.head_count", Kind.I32, [8, 0, 8])
    kv_heads = array("tiny.attention.head_count_kv", Kind.U32, [4, 0, 2])
    shape = parse_shape(header(ARCHITECTURE, *NEEDED[:3], heads, kv_heads, TOKENS), "tiny.gguf")
    assert shape == ModelShape("tiny", 3, 8, (4, 0, 2), 8, 8, 64, 4096, 5)
    alone = parse_shape(header(ARCHITECTURE, *NEEDED[:3], heads, TOKENS), "tiny.gguf")
    assert alone.kv_heads == (8, 0, 8)


@pytest.mark.parametrize(
    "kind", [Kind.U8, Kind.I8, Kind.U16, Kind.I16, Kind.U32, Kind.I32, Kind.U64, Kind.I64]
)
def test_every_kind_of_integer_is_read(kind: Kind) -> None:
    entries = (entry("tiny.block_count", kind, 3), *NEEDED[1:])
    assert parse_shape(header(ARCHITECTURE, *entries, TOKENS), "tiny.gguf") == SHAPE


def test_every_kind_of_value_is_stepped_over() -> None:
    """Also a template that is no UTF-8, and an array of each kind; in whatever order."""
    others = (
        *(entry(f"other.{kind}", kind, 1) for kind in CODES),
        entry("tokenizer.chat_template", Kind.STRING, b"\xff\xfe no UTF-8"),
        *(array(f"others.{kind}", kind, [1, 0, 1]) for kind in CODES),
        array("tokenizer.ggml.merges", Kind.STRING, ["a b", "", "c d"]),
        array("empty", Kind.STRING, []),
    )
    for entries in (
        (*others, ARCHITECTURE, *NEEDED, TOKENS),
        (TOKENS, *others, *NEEDED, ARCHITECTURE),
        (ARCHITECTURE, TOKENS, *NEEDED, *others),
    ):
        assert parse_shape(header(*entries), "tiny.gguf") == SHAPE


def test_version_2_is_read_too() -> None:
    assert parse_shape(header(ARCHITECTURE, *NEEDED, TOKENS, version=2), "tiny.gguf") == SHAPE


def test_nothing_behind_the_last_needed_entry_is_read() -> None:
    stated = (
        entry("tiny.attention.head_count_kv", Kind.U32, 8),
        entry("tiny.attention.key_length", Kind.U32, 8),
        entry("tiny.attention.value_length", Kind.U32, 8),
    )
    cut = header(ARCHITECTURE, *NEEDED, *stated, TOKENS, count=9) + b"\xff" * 100
    assert parse_shape(cut, "tiny.gguf") == SHAPE


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04" + bytes(60), "no GGUF file. Set QA_MODEL to another model"),
        (header(ARCHITECTURE, version=1), "GGUF version 1;"),
        (header(ARCHITECTURE, version=0x03000000), "GGUF version 50331648;"),  # big-endian
        (header(*NEEDED, TOKENS), "holds no language model: its header has no general.architec"),
        (header(ARCHITECTURE, *NEEDED[1:], TOKENS), "its header has no tiny.block_count."),
        (header(entry("general.architecture", Kind.U32, 5)), "has no general.architecture."),
        (
            header(ARCHITECTURE, entry("tiny.block_count", Kind.F32, 3), *NEEDED[1:]),
            "tiny.block_count.",
        ),
    ],
)
def test_files_of_another_kind(raw: bytes, words: str) -> None:
    with pytest.raises(ModelError) as refused:
        parse_shape(raw, "own.gguf")
    assert str(refused.value).startswith("own.gguf ")
    assert words in str(refused.value)


HUGE = 2**64 - 1
DAMAGED = {
    "a key of all the world's bytes": header(struct.pack("<Q", HUGE), count=1),
    "more entries than a model has": header(ARCHITECTURE, *NEEDED, count=MOST_ENTRIES + 1),
    "entries that are not there": header(ARCHITECTURE, *NEEDED, count=9),
    "no tokens": header(ARCHITECTURE, *NEEDED),
    "an unknown kind of value": header(string("a") + struct.pack("<IQ", 13, 0)),
    "an array of arrays": header(string("a") + struct.pack("<IIQ", Kind.ARRAY, Kind.ARRAY, 0)),
    "endless numbers": header(string("a") + struct.pack("<IIQ", Kind.ARRAY, Kind.F64, HUGE)),
    "endless strings": header(
        string("a") + struct.pack("<IIQ", Kind.ARRAY, Kind.STRING, HUGE) + bytes(9999)
    ),
    "a string without end": header(string("a") + struct.pack("<IQ", Kind.STRING, HUGE) + bytes(99)),
    "endless heads": header(
        string("tiny.attention.head_count")
        + struct.pack("<IIQ", Kind.ARRAY, Kind.U8, HUGE)
        + bytes(9999)
    ),
    "heads of two layers out of three": header(
        ARCHITECTURE, *NEEDED, array("tiny.attention.head_count_kv", Kind.U32, [1, 2]), TOKENS
    ),
    "fewer heads than none": header(
        ARCHITECTURE, *NEEDED, entry("tiny.attention.head_count_kv", Kind.I32, -1), TOKENS
    ),
    "more layers than a model has": header(
        ARCHITECTURE, entry("tiny.block_count", Kind.U64, HUGE), *NEEDED[1:], TOKENS
    ),
    "no layer": header(ARCHITECTURE, entry("tiny.block_count", Kind.U32, 0), *NEEDED[1:], TOKENS),
    "a vocabulary of less than nothing": header(
        ARCHITECTURE, *NEEDED, entry("tiny.vocab_size", Kind.I64, -(2**63))
    ),
}


@pytest.mark.parametrize("raw", DAMAGED.values(), ids=DAMAGED)
def test_damage(raw: bytes) -> None:
    with pytest.raises(ModelError, match=r"^own\.gguf is damaged or cut off\. Pull or copy it"):
        parse_shape(raw, "own.gguf")


@pytest.mark.slow
def test_a_header_without_end_is_given_up(tmp_path: Path) -> None:
    """Not a gigabyte of zeros, read as so many empty strings."""
    file = tmp_path / "zeros.gguf"
    with file.open("wb") as out:
        out.write(header(string("a") + struct.pack("<IIQ", Kind.ARRAY, Kind.STRING, HUGE)))
        out.truncate(LONGEST_HEADER + 4096)  # a hole: takes no room on the disk
    with pytest.raises(ModelError, match="is damaged or cut off"):
        read_shape(file)


WHOLE = header(
    *(entry(f"other.{kind}", kind, 1) for kind in CODES),
    array("tokenizer.ggml.token_type", Kind.I32, [1, 1, 3]),
    ARCHITECTURE,
    *NEEDED,
    array("tiny.attention.head_count_kv", Kind.U32, [8, 8, 8]),
    TOKENS,
)


def shape_or_refusal(raw: bytes) -> ModelShape | None:
    """The shape; None for a ModelError, which is the only error that may come."""
    try:
        return parse_shape(raw, "own.gguf")
    except ModelError:
        return None


def test_cut_off_at_every_byte() -> None:
    assert shape_or_refusal(WHOLE) is not None
    for length in range(len(WHOLE)):
        assert shape_or_refusal(WHOLE[:length]) is None, length


@given(st.data())
def test_mutated_bytes_are_a_shape_or_a_refusal(data: st.DataObject) -> None:
    raw = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=9))
    shape = shape_or_refusal(bytes(raw))
    if shape is not None:
        assert min(shape.layers, shape.embedding_length, shape.context_length) > 0


@given(st.binary(max_size=200))
def test_any_bytes_are_a_shape_or_a_refusal(raw: bytes) -> None:
    for begun in (raw, b"GGUF\x03\x00\x00\x00" + raw):
        shape = shape_or_refusal(begun)
        assert shape is None or min(shape.layers, shape.vocabulary) > 0


def test_a_file_that_is_empty_or_missing(tmp_path: Path) -> None:
    file = tmp_path / "empty.gguf"
    file.touch()
    with pytest.raises(ModelError, match=r"^empty\.gguf is damaged"):
        read_shape(file)
    with pytest.raises(ModelError, match="cannot be read: No such file"):
        read_shape(tmp_path / "missing.gguf")
    with pytest.raises(ModelError, match="cannot be read: Is a directory"):
        read_shape(tmp_path)


@pytest.mark.model
def test_the_default_model() -> None:
    """As its model card has it."""
    shape = ModelShape("qwen2", 28, 12, (2,) * 28, 128, 128, 1536, 32768, 151936)
    assert read_shape(ROOT / "models" / "qwen2.5-coder-1.5b.gguf") == shape


@pytest.mark.model
def test_a_model_of_another_architecture() -> None:
    """As its model card has it."""
    file = pull(find_model("smollm2-135m"), ROOT / "models", lambda _: None)
    assert read_shape(file) == ModelShape("llama", 30, 9, (3,) * 30, 64, 64, 576, 8192, 49152)


def test_the_parts_of_a_split_model() -> None:
    first = Path("hf/a/b/tiny-F16-00001-of-00002.gguf")
    assert gguf_parts(first) == (first, Path("hf/a/b/tiny-F16-00002-of-00002.gguf"))
    assert gguf_parts(Path("tiny-00002-of-00002.gguf")) == (Path("tiny-00002-of-00002.gguf"),)
    assert gguf_parts(Path("tiny.gguf")) == (Path("tiny.gguf"),)
