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

CLS, SEP, PAD, UNKNOWN = 101, 102, 0, 100


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
PLACES = 512
"""Longest input, in tokens."""
MOST_STEPS = 64
"""Of a weight either way from nothing, as int8 with a reduced range has them."""
FARTHEST = 128
"""Tokens apart from which on every distance falls into the last bucket."""


class Reading(NamedTuple):
    """Logits: of the span's first and last token, shape (texts, tokens), and of an answer."""

    start: Tensor
    end: Tensor
    answerable: Tensor


class Product(nn.Linear):
    """A product that can be computed with its weights as they ship, so that training allows for it.

    Where it is `rounded`, gradients pass as if nothing were (Jacob et al., CVPR 2018). What flows
    in is left as it is: rounded to eight bits it changes hardly anything.
    """

    rounded = False

    def forward(self, flow: Tensor) -> Tensor:
        """The rows of `flow` times the weights, with the bias."""
        weights = rounded_weights(self.weight) if self.rounded else self.weight
        return functional.linear(flow, weights, self.bias)


class Layer(nn.Module):
    """A transformer layer with the normalisation behind each half, as in BERT."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.width = width = shape.width
        self.heads = shape.heads
        self.dropout = dropout
        self.query, self.key, self.value, self.out = (Product(width, width) for _ in range(4))
        self.out_norm = nn.LayerNorm(width, eps=shape.epsilon)
        self.wide = Product(width, 4 * width)
        self.narrow = Product(4 * width, width)
        self.norm = nn.LayerNorm(width, eps=shape.epsilon)

    def forward(self, flow: Tensor, bias: Tensor) -> Tensor:
        """`bias` is added to the attention's logits, shape (texts, heads, tokens, tokens).

        All but its last dimension may be 1.
        """
        texts, tokens, _ = flow.shape

        def split(rows: Tensor) -> Tensor:
            return rows.view(texts, tokens, self.heads, self.width // self.heads).transpose(1, 2)

        query, key, value = split(self.query(flow)), split(self.key(flow)), split(self.value(flow))
        if bias.dtype != query.dtype:  # in mixed precision; an export has no use for the node
            bias = bias.to(query.dtype)
        dropped = self.dropout if self.training else 0.0
        met = functional.scaled_dot_product_attention(query, key, value, bias, dropped)
        met = self.out(met.transpose(1, 2).reshape(texts, tokens, self.width))
        flow = self.out_norm(flow + functional.dropout(met, self.dropout, self.training))
        wide = self.narrow(functional.gelu(self.wide(flow)))
        read: Tensor = self.norm(flow + functional.dropout(wide, self.dropout, self.training))
        return read


class Encoder(nn.Module):
    """Everything between the word vectors and the logits: what is trained and what ships."""

    def __init__(self, shape: Shape, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.dropout = dropout
        self.places = nn.Embedding(PLACES + shape.first_place, shape.width)
        self.types = nn.Embedding(2, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.distances = nn.Embedding(shape.buckets, shape.heads) if shape.buckets else None
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.span = Product(shape.width, 2)
        self.pooler = Product(shape.width, shape.width)
        self.answerable = Product(shape.width, 1)

    def round_products(self) -> None:
        """Compute every product from now on with its weights as they ship."""
        for one in self.modules():
            if isinstance(one, Product):
                one.rounded = True

    def forward(self, vectors: Tensor, mask: Tensor, types: Tensor) -> Reading:
        """Read texts from their word vectors, shape (texts, tokens, width).

        `mask` is 1 for a token and 0 for padding, `types` 1 for the text and 0 for the question.
        """
        places = torch.arange(vectors.shape[1], device=vectors.device)
        flow = vectors + self.places(places + self.shape.first_place) + self.types(types)
        flow = functional.dropout(self.norm(flow), self.dropout, self.training)
        bias = (1.0 - mask[:, None, None, :].to(flow.dtype)) * -10000.0
        if self.distances is not None:
            buckets = distance_buckets(places, self.shape.buckets)
            bias = bias + self.distances(buckets).permute(2, 0, 1)[None]
        for layer in self.layers:
            flow = layer(flow, bias)
        start, end = self.span(flow).unbind(-1)
        pooled = torch.tanh(self.pooler(flow[:, 0]))
        return Reading(start, end, self.answerable(pooled).squeeze(-1))


class Reader(nn.Module):
    """An encoder under its frozen word vectors; reads token ids."""

    def __init__(self, encoder: Encoder, words: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        self.words = nn.Parameter(words, requires_grad=False)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Reading:
        """Read texts of token ids, shape (texts, tokens); spans stand in the text or at [CLS].

        The logits are float32, whatever the encoder computes in.
        """
        reading = self.encoder(functional.embedding(ids, self.words), mask, types)
        return Reading(
            span_logits(reading.start.float(), ids, types),
            span_logits(reading.end.float(), ids, types),
            reading.answerable.float(),
        )


def rounded_weights(weights: Tensor) -> Tensor:
    """Weights as they ship: in seven bits, each output's by a step of its own."""
    step = (weights.detach().abs().amax(1) / MOST_STEPS).clamp(min=1e-8)
    none = torch.zeros_like(step, dtype=torch.int32)
    return torch.fake_quantize_per_channel_affine(weights, step, none, 0, -MOST_STEPS, MOST_STEPS)


def span_logits(logits: Tensor, ids: Tensor, types: Tensor) -> Tensor:
    """Logits with all but the text's tokens and the first, which stands for null, ruled out.

    The last [SEP] has the text's type: were it left in, it would be a second null.
    """
    allowed = (types == 1) & (ids != SEP)
    allowed[:, 0] = True
    return logits.masked_fill(~allowed, -1e4)


def distance_buckets(places: Tensor, buckets: int) -> Tensor:
    """The bucket of each pair of places, as MPNet and T5 part them (Raffel et al., JMLR 2020).

    One half is for what stands in front, the other for what stands behind. Of each half, one half
    is for a single distance each, the rest grows with the logarithm of the distance.
    """
    apart = places[:, None] - places[None, :]
    half = buckets // 2
    exact = half // 2
    side = (apart < 0).long() * half
    apart = apart.abs()
    grown = torch.log(apart.clamp(min=1).float() / exact) / math.log(FARTHEST / exact)
    far = (exact + (grown * (half - exact)).long()).clamp(max=half - 1)
    return side + torch.where(apart < exact, apart, far)
