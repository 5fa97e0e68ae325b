"""Teaches the reader that ships what people ask, without what made it: a step for two cores.

An epoch has the everyday questions that are new to it, some that it has learnt, and some examples
of the other kinds: of those the reader that ships says what it makes of them, and is held to it,
so that it forgets less (as in Li and Hoiem, Learning without Forgetting, ECCV 2016). What it has
learnt is averaged with what it was (Wortsman et al., Robust fine-tuning of zero-shot models, CVPR
2022): that keeps what is new, and gives back most of what was forgotten all the same.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from bases import read_shipped
from batches import Lesson, Soft, Tokens, tokenised
from encoder import MINILM, Encoder, Reader
from examples import Maker
from labels import soft_verdicts
from learning import WEIGHTS, Exam, Plan, learn, write_weights
from questions_over_texts import Example
from splits import Part
from torch import Tensor

from qa.library.span_reader import ENCODER

LEARNT = 0.6
"""Share of the weights that come out which is what was learnt (`bench/answers.md` has figures)."""


def further(
    data: Path,
    embedder: Path,
    words: Tensor,
    plan: Plan,
    rehearsed: tuple[int, int],
    exam: Exam,
    work: Path,
) -> None:
    """Leave the averaged weights in `work/reader`; goes on where it was stopped.

    `words` are the embedder's word vectors. An epoch has all questions of the last lesson and, as
    `rehearsed` says, so many examples of those before and so many of the other kinds.
    """
    learnt = work / "further" / WEIGHTS
    if not learnt.is_file():
        maker, tokenizer = Maker(data), embedder / "tokenizer.json"
        lessons = [
            _lesson(maker, Random(f"further {plan.seed} {epoch}"), tokenizer, words, *rehearsed)
            for epoch in range(plan.epochs)
        ]
        learn(_shipped(words, plan.dropout), plan, lessons, exam, learnt.parent)
    mixed = averaged(torch.load(learnt, weights_only=True), read_shipped(ENCODER), LEARNT)
    (work / "reader").mkdir(exist_ok=True)
    write_weights(mixed, work / "reader" / WEIGHTS)


def averaged(
    one: Mapping[str, Tensor], other: Mapping[str, Tensor], share: float
) -> dict[str, Tensor]:
    """The weights of two encoders of one shape, weighed: `share` is the first one's."""
    return {name: share * one[name] + (1 - share) * other[name] for name in one}


def truth(example: Tokens) -> Soft:
    """What is known of an example with spans, or none, as verdicts: each span as likely."""
    start, end = np.zeros(len(example.ids), np.float16), np.zeros(len(example.ids), np.float16)
    for first, last in example.spans or ((0, 0),):
        start[first] += 1 / (len(example.spans) or 1)
        end[last] += 1 / (len(example.spans) or 1)
    return Soft(start, end, float(example.answerable))


def _lesson(
    maker: Maker, chance: Random, tokenizer: Path, words: Tensor, again: int, known: int
) -> Lesson:
    """What is new, what it has learnt of the same sort, and what it knows of other sorts."""
    last = maker.last_lesson
    everyday = list(maker.everyday(Part.TRAINING, chance, range(last)))
    everyday = chance.sample(everyday, min(again, len(everyday)))
    everyday += maker.everyday(Part.TRAINING, chance, [last])
    others = [one for one in maker.epoch(chance) if not one.kind.startswith("everyday")]
    chance.shuffle(others)
    others.sort(key=lambda one: not one.kind.startswith("repliqa"))  # it forgets those most
    asked, rehearsed = _tokens(everyday, tokenizer), _tokens(others[:known], tokenizer)
    said = soft_verdicts([_shipped(words)], rehearsed, "what it knows")
    return Lesson([*asked, *rehearsed], [*map(truth, asked), *said])


def _tokens(examples: Sequence[Example], tokenizer: Path) -> list[Tokens]:
    """The examples in tokens, without those whose answer lies too far behind."""
    return [one for one in tokenised(examples, tokenizer) if one]


def _shipped(words: Tensor, dropout: float = 0.0) -> Reader:
    encoder = Encoder(MINILM, dropout)
    encoder.load_state_dict(read_shipped(ENCODER))
    return Reader(encoder, words)
