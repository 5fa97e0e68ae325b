"""Tiny models with random weights, one for each way of remembering what was read.

They write nonsense, but each token depends on all that went before by the very code of llama.cpp
that a real model of the kind runs, and a wrongly kept cell shows in the log-probabilities. A text's
tokens are its bytes.
"""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.engine.gguf_headers import Kind, array, entry, string

WIDTH, INNER, HEADS, HEAD, STATE, LAYERS = 64, 128, 4, 16, 16, 6
WINDOW = 32
"""Tokens that a layer with a sliding window looks back at: a tenth of a prompt."""

LONGEST = 8192  # tokens of context that the models say they were made for

_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{{ message.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
)
_NORMAL, _CONTROL = 1, 3  # LLAMA_TOKEN_TYPE_… in llama.h
_FLOAT32, _ALIGNMENT = 0, 32

Weights = dict[str, NDArray[np.float32]]


def sliding_window(file: Path) -> None:
    """Write a Gemma 3: five layers see WINDOW tokens back, the sixth all."""
    rng = np.random.default_rng(3)
    weights = _shared(rng, "output_norm.weight")
    for layer in range(LAYERS):
        weights |= _of_layer(layer, _attention(rng, kv_heads=2) | _feed_forward(rng))
        weights |= _of_layer(layer, {"post_attention_norm.weight": _ones(WIDTH)})
        weights |= _of_layer(layer, {"post_ffw_norm.weight": _ones(WIDTH)})
    more = (
        entry("gemma3.feed_forward_length", Kind.U32, INNER),
        entry("gemma3.attention.head_count", Kind.U32, HEADS),
        entry("gemma3.attention.head_count_kv", Kind.U32, 2),
        entry("gemma3.attention.key_length", Kind.U32, HEAD),
        entry("gemma3.attention.value_length", Kind.U32, HEAD),
        entry("gemma3.attention.sliding_window", Kind.U32, WINDOW),
    )
    _write(file, "gemma3", more, weights)


def own_state(file: Path) -> None:
    """Write a Mamba: a state that every token changes, and no cells at all."""
    rng = np.random.default_rng(4)
    weights = _shared(rng, "output_norm.weight")
    rank = 4
    for layer in range(LAYERS):
        parts: Weights = {
            "attn_norm.weight": _ones(WIDTH),
            "ssm_in.weight": _matrix(rng, WIDTH, 2 * INNER),
            "ssm_conv1d.weight": _matrix(rng, 4, INNER),
            "ssm_conv1d.bias": _matrix(rng, INNER),
            "ssm_x.weight": _matrix(rng, INNER, rank + 2 * STATE),
            "ssm_dt.weight": _matrix(rng, rank, INNER),
            "ssm_dt.bias": _matrix(rng, INNER),
            # so that it forgets slowly
            "ssm_a": -np.abs(_matrix(rng, STATE, INNER) / 8).astype(np.float32),
            "ssm_d": _ones(INNER),
            "ssm_out.weight": _matrix(rng, INNER, WIDTH),
        }
        weights |= _of_layer(layer, parts)
    more = (
        entry("mamba.feed_forward_length", Kind.U32, 0),
        entry("mamba.attention.head_count", Kind.U32, 0),
        entry("mamba.ssm.conv_kernel", Kind.U32, 4),
        entry("mamba.ssm.inner_size", Kind.U32, INNER),
        entry("mamba.ssm.state_size", Kind.U32, STATE),
        entry("mamba.ssm.time_step_rank", Kind.U32, rank),
    )
    _write(file, "mamba", more, weights)


def cells_and_state(file: Path) -> None:
    """Write an LFM2: every other layer attends, those between keep a short state of their own."""
    rng = np.random.default_rng(5)
    kv_heads = [2 * (layer % 2) for layer in range(LAYERS)]
    weights = _shared(rng, "token_embd_norm.weight")
    for layer, heads in enumerate(kv_heads):
        convolution = {
            "attn_norm.weight": _ones(WIDTH),
            "shortconv.conv.weight": _matrix(rng, 3, WIDTH),
            "shortconv.in_proj.weight": _matrix(rng, WIDTH, 3 * WIDTH),
            "shortconv.out_proj.weight": _matrix(rng, WIDTH, WIDTH),
        }
        remembers = _attention(rng, kv_heads=heads) if heads else convolution
        weights |= _of_layer(layer, remembers | _feed_forward(rng))
    more = (
        entry("lfm2.feed_forward_length", Kind.U32, INNER),
        entry("lfm2.attention.head_count", Kind.U32, HEADS),
        array("lfm2.attention.head_count_kv", Kind.I32, kv_heads),
        entry("lfm2.shortconv.l_cache", Kind.U32, 3),
        entry("lfm2.vocab_size", Kind.U32, len(_vocabulary())),
    )
    _write(file, "lfm2", more, weights)


def _shared(rng: np.random.Generator, last_norm: str) -> Weights:
    """What every model has; its words lean to "the the the", so that drafts come true."""
    vocabulary = _vocabulary()
    embeddings = _matrix(rng, WIDTH, len(vocabulary)) * WIDTH**0.5
    output = _matrix(rng, WIDTH, len(vocabulary))
    for token, before in zip("heĠt", "theĠ", strict=True):  # Ġ is how a space is spelt
        output[vocabulary.index(token)] += embeddings[vocabulary.index(before)] / 4
    return {"token_embd.weight": embeddings, "output.weight": output, last_norm: _ones(WIDTH)}


def _attention(rng: np.random.Generator, kv_heads: int) -> Weights:
    return {
        "attn_norm.weight": _ones(WIDTH),
        "attn_q.weight": _matrix(rng, WIDTH, HEADS * HEAD),
        "attn_k.weight": _matrix(rng, WIDTH, kv_heads * HEAD),
        "attn_v.weight": _matrix(rng, WIDTH, kv_heads * HEAD),
        "attn_q_norm.weight": _ones(HEAD),
        "attn_k_norm.weight": _ones(HEAD),
        "attn_output.weight": _matrix(rng, HEADS * HEAD, WIDTH),
    }


def _feed_forward(rng: np.random.Generator) -> Weights:
    return {
        "ffn_norm.weight": _ones(WIDTH),
        "ffn_gate.weight": _matrix(rng, WIDTH, INNER),
        "ffn_up.weight": _matrix(rng, WIDTH, INNER),
        "ffn_down.weight": _matrix(rng, INNER, WIDTH),
    }


def _matrix(rng: np.random.Generator, *sizes: int) -> NDArray[np.float32]:
    """Weights that keep the size of what goes through; `sizes` as GGUF has them, inputs first."""
    scale = sizes[0] ** -0.5 if len(sizes) > 1 else 1.0
    return (rng.standard_normal(sizes[::-1]) * scale).astype(np.float32)


def _ones(size: int) -> NDArray[np.float32]:
    return np.ones(size, np.float32)


def _of_layer(layer: int, weights: Weights) -> Weights:
    return {f"blk.{layer}.{name}": values for name, values in weights.items()}


def _vocabulary() -> list[str]:
    """The bytes as GPT-2's tokenizer spells them, a pair of them, and the marks of the template."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    spelt = {byte: chr(byte) for byte in plain}
    spelt |= {byte: chr(256 + place) for place, byte in enumerate(others)}
    return [*(spelt[byte] for byte in range(256)), "th", "<|im_start|>", "<|im_end|>"]


def _write(
    file: Path,
    architecture: str,
    more: tuple[bytes, ...],
    weights: Mapping[str, NDArray[np.float32]],
) -> None:
    tokens = _vocabulary()
    end = len(tokens) - 1
    entries = (
        entry("general.architecture", Kind.STRING, architecture),
        entry(f"{architecture}.context_length", Kind.U32, LONGEST),
        entry(f"{architecture}.embedding_length", Kind.U32, WIDTH),
        entry(f"{architecture}.block_count", Kind.U32, LAYERS),
        entry(f"{architecture}.attention.layer_norm_rms_epsilon", Kind.F32, 1e-5),
        *more,
        entry("tokenizer.ggml.model", Kind.STRING, "gpt2"),
        entry("tokenizer.ggml.pre", Kind.STRING, "gpt-2"),
        array("tokenizer.ggml.tokens", Kind.STRING, tokens),
        array("tokenizer.ggml.merges", Kind.STRING, ["t h"]),
        array("tokenizer.ggml.token_type", Kind.I32, [_NORMAL] * (end - 1) + [_CONTROL] * 2),
        entry("tokenizer.ggml.bos_token_id", Kind.U32, end),
        entry("tokenizer.ggml.eos_token_id", Kind.U32, end),
        entry("tokenizer.ggml.add_bos_token", Kind.BOOL, 0),
        entry("tokenizer.chat_template", Kind.STRING, _TEMPLATE),
    )
    start = struct.pack("<4sIQQ", b"GGUF", 3, len(weights), len(entries))
    head = start + b"".join(entries) + b"".join(_tensors(weights))
    file.write_bytes(head + _padding(len(head)) + b"".join(map(_padded, weights.values())))


def _tensors(weights: Mapping[str, NDArray[np.float32]]) -> Iterator[bytes]:
    """Name, sizes, type and place of each tensor."""
    place = 0
    for name, values in weights.items():
        sizes = values.shape[::-1]
        shape = struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes)
        yield string(name) + shape + struct.pack("<IQ", _FLOAT32, place)
        place += len(_padded(values))


def _padded(values: NDArray[np.float32]) -> bytes:
    raw = values.tobytes()
    return raw + _padding(len(raw))


def _padding(length: int) -> bytes:
    return bytes(-length % _ALIGNMENT)
