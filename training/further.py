"""Teaches the reader that ships what people ask, without what made it: a step for two cores.

Of every epoch's examples most are everyday questions, and some are of all kinds: of those the
reader that ships says what it makes of them, and is held to it, so that it forgets nothing
(as in Li and Hoiem, Learning without Forgetting, ECCV 2016).
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
from bases import read_shipped
from batches import Lesson, Soft, Tokens, tokenised
from encoder import MINILM, Encoder, Reader
from examples import Maker
from labels import soft_verdicts
from learning import Exam, Plan, learn
from questions_over_texts import Example
from splits import Part
from torch import Tensor

from qa.library.span_reader import ENCODER


def further(
    data: Path, embedder: Path, words: Tensor, plan: Plan, known: int, exam: Exam, folder: Path
) -> None:
    """Leave the weights that were learnt in `folder`; goes on where it was stopped.

    `words` are the embedder's word vectors; `known` examples an epoch are of all kinds.
    """
    maker, tokenizer = Maker(data), embedder / "tokenizer.json"
    lessons = [
        _lesson(maker, Random(f"further {plan.seed} {epoch}"), tokenizer, words, known)
        for epoch in range(plan.epochs)
    ]
    learn(_shipped(words, plan.dropout), plan, lessons, exam, folder)


def truth(example: Tokens) -> Soft:
    """What is known of an example with spans, or none, as verdicts: each span as likely."""
    start, end = np.zeros(len(example.ids), np.float16), np.zeros(len(example.ids), np.float16)
    for first, last in example.spans or ((0, 0),):
        start[first] += 1 / (len(example.spans) or 1)
        end[last] += 1 / (len(example.spans) or 1)
    return Soft(start, end, float(example.answerable))


def _lesson(maker: Maker, chance: Random, tokenizer: Path, words: Tensor, known: int) -> Lesson:
    everyday = _tokens(list(maker.everyday(Part.TRAINING, chance)), tokenizer)
    others = list(maker.epoch(chance))
    chance.shuffle(others)
    rehearsed = _tokens(others[:known], tokenizer)
    said = soft_verdicts([_shipped(words)], rehearsed, "what it knows")
    return Lesson([*everyday, *rehearsed], [*map(truth, everyday), *said])


def _tokens(examples: Sequence[Example], tokenizer: Path) -> list[Tokens]:
    """The examples in tokens, without those whose answer lies too far behind."""
    return [one for one in tokenised(examples, tokenizer) if one]


def _shipped(words: Tensor, dropout: float = 0.0) -> Reader:
    encoder = Encoder(MINILM, dropout)
    encoder.load_state_dict(read_shipped(ENCODER))
    return Reader(encoder, words)
