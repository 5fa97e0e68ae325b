"""The reader as torch computes it: a BERT encoder with a head for spans and one for null.

Tokens are those of bert-base-uncased: `[CLS] question [SEP] text [SEP]`. The word vectors stand
outside of the encoder, so that what is exported holds none: they are the embedder's own.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

CLS, SEP, PAD = 101, 102, 0


LAYERS, WIDTH, HEADS = 12, 384, 12
EPSILON = 1e-12
"""Of the layer normalisations, as in BERT."""
PLACES = 512
"""Longest input, in tokens."""


class Reading(NamedTuple):
    """Logits: of the span's first and last token, shape (texts, tokens), and of an answer."""

    start: Tensor
    end: Tensor
    answerable: Tensor


class Layer(nn.Module):
    """A transformer layer with the normalisation behind each half, as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.out_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.wide = nn.Linear(WIDTH, 4 * WIDTH)
        self.narrow = nn.Linear(4 * WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, flow: Tensor, bias: Tensor) -> Tensor:
        """`bias` is added to the attention's logits, shape (texts, 1, 1, tokens)."""
        texts, tokens, _ = flow.shape

        def split(rows: Tensor) -> Tensor:
            return rows.view(texts, tokens, HEADS, WIDTH // HEADS).transpose(1, 2)

        query, key, value = split(self.query(flow)), split(self.key(flow)), split(self.value(flow))
        met = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        met = self.out(met.transpose(1, 2).reshape(texts, tokens, WIDTH))
        flow = self.out_norm(flow + met)
        read: Tensor = self.norm(flow + self.narrow(functional.gelu(self.wide(flow))))
        return read


class Encoder(nn.Module):
    """Everything between the word vectors and the logits: what is trained and what ships.

    There is no dropout: an example is seen once or twice, and without it a run on two threads
    comes out the same every time.
    """

    def __init__(self, frozen: int = 0) -> None:
        """`frozen` layers, the lowest, and the embeddings below them stay as they are."""
        super().__init__()
        self.frozen = frozen
        self.places = nn.Embedding(PLACES, WIDTH)
        self.types = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.span = nn.Linear(WIDTH, 2)
        self.pooler = nn.Linear(WIDTH, WIDTH)
        self.answerable = nn.Linear(WIDTH, 1)
        below = [self.places, self.types, self.norm, *self.layers[:frozen]] if frozen else []
        for part in below:
            part.requires_grad_(False)

    def forward(self, vectors: Tensor, mask: Tensor, types: Tensor) -> Reading:
        """Read texts from their word vectors, shape (texts, tokens, WIDTH).

        `mask` is 1 for a token and 0 for padding, `types` 1 for the text and 0 for the question.
        """
        places = torch.arange(vectors.shape[1], device=vectors.device)
        flow = self.norm(vectors + self.places(places) + self.types(types))
        bias = (1.0 - mask[:, None, None, :].to(flow.dtype)) * -10000.0
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
        """Read texts of token ids, shape (texts, tokens); spans stand in the text or at [CLS]."""
        reading = self.encoder(functional.embedding(ids, self.words), mask, types)
        return Reading(
            span_logits(reading.start, ids, types),
            span_logits(reading.end, ids, types),
            reading.answerable,
        )


def span_logits(logits: Tensor, ids: Tensor, types: Tensor) -> Tensor:
    """Logits with all but the text's tokens and the first, which stands for null, ruled out.

    The last [SEP] has the text's type: were it left in, it would be a second null.
    """
    allowed = (types == 1) & (ids != SEP)
    allowed[:, 0] = True
    return logits.masked_fill(~allowed, -1e4)
