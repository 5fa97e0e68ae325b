"""Examples as tokens, in batches of like length."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import torch
from encoder import PAD
from questions_over_texts import Example, Span
from torch import Tensor

MOST_TOKENS = 320
"""Longer texts are cut; none of our retrieval's is."""
MOST_SPANS = 4
POOL = 50
"""Batches that are sorted by length together: fewer pad more, more mix less."""
WEIGHTS = {"cloze": 0.5, "cloze-changed": 0.5, "cloze-removed": 0.3}
"""Made questions count less than asked ones, whose weight is 1."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """An example in tokens; spans and region count from the input's first token, ends inclusive."""

    ids: tuple[int, ...]
    text_start: int
    spans: tuple[Span, ...]
    region: Span | None
    weight: float = 1.0

    @property
    def answerable(self) -> bool:
        """Whether the text answers."""
        return bool(self.spans) or self.region is not None


class Soft(NamedTuple):
    """What teachers make of an example: probabilities of each token as start, as end; of answer."""

    start: np.ndarray
    end: np.ndarray
    answerable: float


class Batch(NamedTuple):
    """Tensors of some examples; shapes (examples, tokens), (examples, spans) or (examples,).

    What is soft is the teachers': without them 0 for every token, and what is known of the answer.
    """

    ids: Tensor
    mask: Tensor
    types: Tensor
    starts: Tensor
    ends: Tensor
    known: Tensor
    region: Tensor
    answerable: Tensor
    weight: Tensor
    soft_start: Tensor
    soft_end: Tensor
    soft_answerable: Tensor


@dataclass(frozen=True, slots=True)
class Lesson:
    """The examples of an epoch and, if there are teachers, what they make of each."""

    examples: Sequence[Tokens]
    soft: Sequence[Soft] | None = None

    def batch(self, places: Sequence[int]) -> Batch:
        """The examples at some places."""
        soft = [self.soft[place] for place in places] if self.soft else None
        return collated([self.examples[place] for place in places], soft)


def tokenised(examples: Sequence[Example], tokenizer_file: Path) -> list[Tokens | None]:
    """The examples in tokens; None where the answer fell behind MOST_TOKENS."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS, strategy="only_second")
    encodings = tokenizer.encode_batch([(one.question, one.text) for one in examples])
    made: list[Tokens | None] = []
    for example, encoding in zip(examples, encodings, strict=True):
        first = encoding.type_ids.index(1)
        offsets = encoding.offsets[first:-1]
        wanted = [*example.spans, *([example.region] if example.region else [])]
        placed = [_placed(span, offsets, first) for span in wanted]
        found = [span for span in placed if span]
        if wanted and not found:
            made.append(None)
            continue
        spans, region = (tuple(found[:MOST_SPANS]), None) if example.spans else ((), None)
        if example.region and not example.spans:
            region = found[0]
        weight = WEIGHTS.get(example.kind, 1.0)
        made.append(Tokens(tuple(encoding.ids), first, spans, region, weight))
    return made


def _placed(span: Span, offsets: Sequence[Span], first: int) -> Span | None:
    """The tokens that have a character of the span, ends inclusive."""
    inside = [
        place
        for place, (start, end) in enumerate(offsets, first)
        if start < span[1] and span[0] < end
    ]
    return (inside[0], inside[-1]) if inside else None


def grouped(examples: Sequence[Tokens], size: int, chance: Random | None) -> list[list[int]]:
    """The places of the examples of each batch; without chance, by length alone."""
    order = list(range(len(examples)))
    if chance:
        chance.shuffle(order)
    pool = size * POOL if chance else len(order)
    groups: list[list[int]] = []
    for first in range(0, len(order), pool):
        part = sorted(order[first : first + pool], key=lambda place: len(examples[place].ids))
        groups += [part[at : at + size] for at in range(0, len(part), size)]
    if chance:
        chance.shuffle(groups)
    return groups


def collated(examples: Sequence[Tokens], soft: Sequence[Soft] | None = None) -> Batch:
    """One batch."""
    count, longest = len(examples), max(len(one.ids) for one in examples)
    longest = -(-longest // 8) * 8
    ids = np.full((count, longest), PAD, np.int64)
    mask, types = np.zeros((count, longest), np.int64), np.zeros((count, longest), np.int64)
    region = np.zeros((count, longest), bool)
    starts, ends = np.zeros((count, MOST_SPANS), np.int64), np.zeros((count, MOST_SPANS), np.int64)
    known = np.zeros((count, MOST_SPANS), bool)
    soft_start = np.zeros((count, longest), np.float32)
    soft_end = np.zeros((count, longest), np.float32)
    for row, one in enumerate(examples):
        length = len(one.ids)
        ids[row, :length], mask[row, :length] = one.ids, 1
        types[row, one.text_start : length] = 1
        spans = one.spans if one.answerable else ((0, 0),)
        for column, (start, end) in enumerate(spans):
            starts[row, column], ends[row, column], known[row, column] = start, end, True
        if one.region:
            region[row, one.region[0] : one.region[1] + 1] = True
        if soft:
            soft_start[row, :length], soft_end[row, :length] = soft[row].start, soft[row].end
    answered = np.array([one.answerable for one in examples], np.float32)
    weight = np.array([one.weight for one in examples], np.float32)
    likely = np.array([one.answerable for one in soft], np.float32) if soft else answered
    arrays = (ids, mask, types, starts, ends, known, region, answered, weight)
    return Batch(*map(torch.from_numpy, (*arrays, soft_start, soft_end, likely)))
