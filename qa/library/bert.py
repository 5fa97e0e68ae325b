"""The forward pass of a BERT encoder with mean pooling, the commonest kind of embedder, on the CPU.

It computes what sentence-transformers computes, and its tests hold it to that. It is here because
it starts in one second where importing sentence-transformers takes four, pads nothing, and
multiplies in bfloat16 where the processor has units for that (Intel's AMX): over three times as
many passages a second (bench/index.md). Between the multiplications all is float32, so that both
kinds of processor give nearly the same vectors: their cosine is above .9999.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

PASS_TOKENS = 2048
"""Tokens that go through the model at once. What is computed of them, 12 MB a layer, stays near the
processor; half or twice as many were slower."""


def is_plain_bert(folder: Path) -> bool:
    """Whether the sentence-transformers model in a folder is one that this module computes."""
    modules = [module["type"].rpartition(".")[2] for module in _read(folder / "modules.json")]
    if modules not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return False
    model = _read(folder / "config.json")
    pooling = _read(folder / _read(folder / "modules.json")[1]["path"] / "config.json")
    modes = {name for name, on in pooling.items() if name.startswith("pooling_mode") and on}
    extra = folder / "config_sentence_transformers.json"
    return (
        model.get("model_type") == "bert"
        and model.get("hidden_act") == "gelu"
        and model.get("position_embedding_type", "absolute") == "absolute"
        and modes == {"pooling_mode_mean_tokens"}
        and not _read(folder / "sentence_bert_config.json").get("do_lower_case")
        and not (extra.is_file() and _read(extra).get("default_prompt_name"))
    )


def opened_tokenizer(folder: Path) -> Any:
    """The tokenizer of a model in a folder, which cuts nothing off and pads nothing.

    It may be used by several threads at once, as it is not changed any more.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@dataclass(frozen=True, slots=True)
class _Affine:
    """The weight and bias of a linear map or a normalisation (torch tensors)."""

    weight: Any
    bias: Any


@dataclass(frozen=True, slots=True)
class _Layer:
    """What a layer has learnt; `heads_in` gives queries, keys and values side by side."""

    heads_in: _Affine
    heads_out: _Affine
    heads_norm: _Affine
    wide: _Affine
    narrow: _Affine
    norm: _Affine


class BertEncoder:
    """An encoder whose weights are in memory; not for use by several threads at once."""

    def __init__(self, folder: Path, tokenizer: Any = None) -> None:
        """Load a model that `is_plain_bert`, and its tokenizer unless there is one already.

        That is what `opened_tokenizer` gives: of a multilingual model it takes 290 MB.
        Raises SafetensorError, OSError, ValueError, KeyError or RuntimeError when it is damaged.
        """
        import torch
        from safetensors.torch import load_file

        config = _read(folder / "config.json")
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        # Older versions of torch cannot tell; then all is float32.
        capabilities: Mapping[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
        self._product_type = torch.bfloat16 if capabilities.get("amx_bf16") else torch.float32
        tensors = load_file(folder / "model.safetensors")
        stored = {name.removeprefix("bert."): one for name, one in tensors.items()}
        # As they are stored: most of a multilingual model, and few are read at a time.
        self._words = stored.pop("embeddings.word_embeddings.weight")
        weights = {name: one.float() for name, one in stored.items()}
        self._places = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _affine(weights, "embeddings.LayerNorm")
        count = int(config["num_hidden_layers"])
        self._layers = [self._layer(weights, f"encoder.layer.{n}") for n in range(count)]
        self._tokenizer = tokenizer or opened_tokenizer(folder)
        self._longest = int(_read(folder / "sentence_bert_config.json")["max_seq_length"])

    def embed(self, texts: Sequence[str]) -> Matrix:
        """The mean of each text's token vectors, scaled to unit length; a row a text."""
        means = np.empty((len(texts), self._words.shape[1]), dtype=np.float32)
        for place, tokens in self._token_vectors(texts):
            means[place] = tokens.mean(axis=0)
        return _unit(means)

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Matrix, ...]:
        """One matrix a text: a unit row for each token but the first and last, special ones."""
        matrices = {place: _unit(rows[1:-1]) for place, rows in self._token_vectors(texts)}
        return tuple(matrices[place] for place in range(len(texts)))

    def _token_vectors(self, texts: Sequence[str]) -> Iterator[tuple[int, Matrix]]:
        """For each text, in an order of its own: its place and a row for each of its tokens."""
        import torch

        ids = [self._cut(one.ids) for one in self._tokenizer.encode_batch(list(texts))]
        for places in _passes([len(one) for one in ids]):
            with torch.inference_mode():
                rows = self._forward([ids[place] for place in places]).numpy()
            ends = np.cumsum([len(ids[place]) for place in places])
            yield from zip(places, np.split(rows, ends[:-1]), strict=True)

    def _cut(self, ids: list[int]) -> list[int]:
        """A text's tokens, of a longer one the first, closed by the special one that closes all."""
        return ids if len(ids) <= self._longest else [*ids[: self._longest - 1], ids[-1]]

    def _forward(self, texts: Sequence[Sequence[int]]) -> Any:
        """The last layer's output for the tokens of texts, sorted by length, one after another."""
        import torch
        from torch.nn import functional

        lengths = [len(text) for text in texts]
        tokens = torch.tensor([token for text in texts for token in text])
        places = torch.cat([torch.arange(length) for length in lengths])
        words = self._words[tokens].float()
        flow = self._normalised(words + self._places[places], self._norm)
        for layer in self._layers:
            met = self._attention(self._product(flow, layer.heads_in), lengths)
            flow = self._normalised(self._product(met, layer.heads_out) + flow, layer.heads_norm)
            wide = functional.gelu(self._product(flow, layer.wide))
            flow = self._normalised(self._product(wide, layer.narrow) + flow, layer.norm)
        return flow

    def _attention(self, heads_in: Any, lengths: Sequence[int]) -> Any:
        """Each token meets the others of its text; texts of one length are computed together."""
        import torch
        from torch.nn import functional

        width = heads_in.shape[1] // 3
        met = torch.empty((len(heads_in), width), dtype=heads_in.dtype)
        first = 0
        for length, run in groupby(lengths):
            count = len(list(run))
            after = first + count * length
            shape = count, length, 3, self._heads, width // self._heads
            query, key, value = heads_in[first:after].view(shape).permute(2, 0, 3, 1, 4)
            mixed = functional.scaled_dot_product_attention(query, key, value)
            met[first:after] = mixed.transpose(1, 2).reshape(-1, width)
            first = after
        return met

    def _product(self, rows: Any, affine: _Affine) -> Any:
        from torch.nn import functional

        return functional.linear(rows.to(self._product_type), affine.weight, affine.bias)

    def _normalised(self, rows: Any, affine: _Affine) -> Any:
        from torch.nn import functional

        width = (rows.shape[1],)
        return functional.layer_norm(rows, width, affine.weight, affine.bias, self._epsilon)

    def _layer(self, weights: dict[str, Any], name: str) -> _Layer:
        import torch

        parts = [_affine(weights, f"{name}.attention.self.{p}") for p in ("query", "key", "value")]
        heads_in = _Affine(
            torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts])
        )
        return _Layer(
            heads_in=self._typed(heads_in),
            heads_out=self._typed(_affine(weights, f"{name}.attention.output.dense")),
            heads_norm=_affine(weights, f"{name}.attention.output.LayerNorm"),
            wide=self._typed(_affine(weights, f"{name}.intermediate.dense")),
            narrow=self._typed(_affine(weights, f"{name}.output.dense")),
            norm=_affine(weights, f"{name}.output.LayerNorm"),
        )

    def _typed(self, affine: _Affine) -> _Affine:
        return _Affine(affine.weight.to(self._product_type), affine.bias.to(self._product_type))


def _affine(weights: dict[str, Any], name: str) -> _Affine:
    return _Affine(weights[f"{name}.weight"], weights[f"{name}.bias"])


def _passes(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places of texts, by length, as many at a time as have some PASS_TOKENS together."""
    taken: list[int] = []
    tokens = 0
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if taken and tokens + lengths[place] > PASS_TOKENS:
            yield taken
            taken, tokens = [], 0
        taken.append(place)
        tokens += lengths[place]
    if taken:
        yield taken


def _unit(rows: Matrix) -> Matrix:
    scaled: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled
