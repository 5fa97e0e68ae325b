"""The reader as torch computes it: a BERT or MPNet encoder with a head for spans and one for null.

Tokens are those of bert-base-uncased: `[CLS] question [SEP] text [SEP]`. The word vectors stand
outside of the encoder, so that what is exported holds none: they are the embedder's own.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

CLS, SEP, PAD = 101, 102, 0


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of an encoder; `buckets` of relative distance and `first_place` are MPNet's."""

    layers: int
    width: int
    heads: int
    epsilon: float
    buckets: int = 0
    first_place: int = 0


MINILM = Shape(layers=12, width=384, heads=12, epsilon=1e-12)
MPNET = Shape(layers=12, width=768, heads=12, epsilon=1e-5, buckets=32, first_place=2)
SHAPES = {"minilm": MINILM, "mpnet": MPNET}
PLACES = 512
"""Longest input, in tokens."""


class Reading(NamedTuple):
    """Logits: of the span's first and last token, shape (texts, tokens), and of an answer."""

    start: Tensor
    end: Tensor
    answerable: Tensor


class Layer(nn.Module):
    """A transformer layer with the normalisation behind each half, as in BERT."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.dropout = dropout
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.out_norm = nn.LayerNorm(width, eps=shape.epsilon)
        self.wide = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)
        self.norm = nn.LayerNorm(width, eps=shape.epsilon)

    def forward(self, flow: Tensor, bias: Tensor) -> Tensor:
        """`bias` is added to the attention's logits, shape (texts, heads or 1, 1 or all, all)."""
        texts, tokens, width = flow.shape

        def split(rows: Tensor) -> Tensor:
            return rows.view(texts, tokens, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = split(self.query(flow)), split(self.key(flow)), split(self.value(flow))
        met = functional.scaled_dot_product_attention(
            query,
            key,
            value,
            attn_mask=bias.to(query.dtype),
            dropout_p=self.dropout if self.training else 0.0,
        )
        met = self.out(met.transpose(1, 2).reshape(texts, tokens, width))
        flow = self.out_norm(flow + functional.dropout(met, self.dropout, self.training))
        wide = self.narrow(functional.gelu(self.wide(flow)))
        return self.norm(flow + functional.dropout(wide, self.dropout, self.training))


class Encoder(nn.Module):
    """Everything between the word vectors and the logits: what is trained and what ships."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.dropout = dropout
        self.frozen = 0
        self.places = nn.Embedding(PLACES + shape.first_place, shape.width)
        self.types = nn.Embedding(2, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.distances = nn.Embedding(shape.buckets, shape.heads) if shape.buckets else None
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.span = nn.Linear(shape.width, 2)
        self.pooler = nn.Linear(shape.width, shape.width)
        self.answerable = nn.Linear(shape.width, 1)

    def freeze(self, layers: int) -> None:
        """Let what lies below the layer of this number, counted from 1, stay as it is."""
        self.frozen = layers
        below = [self.places, self.types, self.norm, *self.layers[:layers]] if layers else []
        for part in below:
            part.requires_grad_(False)

    def forward(self, vectors: Tensor, mask: Tensor, types: Tensor) -> Reading:
        """Read texts from their word vectors, shape (texts, tokens, width).

        `mask` is 1 for a token and 0 for padding, `types` 1 for the text and 0 for the question.
        """
        tokens = vectors.shape[1]
        places = torch.arange(tokens, device=vectors.device)
        flow = vectors + self.places(places + self.shape.first_place) + self.types(types)
        flow = functional.dropout(self.norm(flow), self.dropout, self.training)
        bias = (1.0 - mask[:, None, None, :].to(flow.dtype)) * -10000.0
        if self.distances is not None:
            far = distance_buckets(places, self.shape.buckets)
            bias = bias + self.distances(far).permute(2, 0, 1)[None]
        for number, layer in enumerate(self.layers):
            flow = layer(flow, bias)
            if number + 1 == self.frozen:
                flow = flow.detach()
        start, end = self.span(flow).float().unbind(-1)
        pooled = torch.tanh(self.pooler(flow[:, 0]))
        return Reading(start, end, self.answerable(pooled).float().squeeze(-1))


class Reader(nn.Module):
    """An encoder under its frozen word vectors; reads token ids."""

    def __init__(self, encoder: Encoder, words: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        self.words = nn.Parameter(words, requires_grad=False)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Reading:
        """Read texts of token ids, shape (texts, tokens); spans stand in the text or at [CLS]."""
        reading = self.encoder(functional.embedding(ids, self.words), mask, types)
        return Reading(
            *(span_logits(one, ids, types) for one in (reading.start, reading.end)),
            reading.answerable,
        )


def span_logits(logits: Tensor, ids: Tensor, types: Tensor) -> Tensor:
    """Logits with all but the text's tokens and the first, which stands for null, ruled out.

    The last [SEP] has the text's type: were it left in, it would be a second null.
    """
    allowed = (types == 1) & (ids != SEP)
    allowed[:, 0] = True
    return logits.masked_fill(~allowed, -1e4)


def distance_buckets(places: Tensor, buckets: int) -> Tensor:
    """The bucket of each pair of places, as MPNet and T5 part them (Raffel et al., JMLR 2020)."""
    apart = places[:, None] - places[None, :]
    half = buckets // 2
    bucket = (apart < 0).long() * half
    apart = apart.abs()
    exact = half // 2
    far = exact + (
        torch.log(apart.clamp(min=1).float() / exact) / math.log(128 / exact) * (half - exact)
    ).long().clamp(max=half - exact - 1)
    return bucket + torch.where(apart < exact, apart, far)
