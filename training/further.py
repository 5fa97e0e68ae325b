"""Teaches the reader that ships what people ask, without what made it: a step for two cores.

Lesson by lesson, an epoch each, it learns the everyday questions that are new to it, some that it
has learnt, what it takes for answers and are none (`training/mining.py`), and some examples of the
other kinds: of those it says itself what it makes of them, or weights from before that forgot less
say it, and is held to it, so that it forgets less (as in Li and Hoiem, Learning without
Forgetting, ECCV 2016). What it has learnt is averaged with what it was (Wortsman et al., Robust
fine-tuning of zero-shot models, CVPR 2022): that keeps what is new, and gives back most of what was
forgotten all the same.
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
from mining import mine
from questions_over_texts import Example
from sets import Everyday, last_lesson, own_articles, repliqa_articles, repliqa_nulls
from splits import Part
from torch import Tensor

from qa.library.span_reader import ENCODER

LEARNT = 0.6
"""Share of the weights that come out which is what was learnt (`bench/answers.md` has figures)."""
LEARNT_LESSONS = 8
"""Lessons that the reader that ships has had: what came behind them is new to it."""
MINED = 600
"""Of a lesson's questions on our own articles so many, by chance, are looked up to mine examples,
and so many of ours on RepLiQA's articles."""
MADE = "everyday", "cloze"
"""Kinds that are not rehearsed among the others."""


def further(
    data: Path,
    embedder: Path,
    words: Tensor,
    plan: Plan,
    rehearsed: tuple[int, int],
    exam: Exam,
    work: Path,
    remembered: Path = ENCODER,
) -> None:
    """Leave the averaged weights in `work/reader`; goes on where it was stopped.

    `words` are the embedder's word vectors. A lesson has all its questions and, as `rehearsed`
    says, so many examples of those before and so many of the other kinds; to what the encoder
    `remembered` makes of these it is held.
    """
    known = read_shipped(remembered)
    maker: Maker | None = None
    learnt = read_shipped(ENCODER)
    for number in range(LEARNT_LESSONS + 1, last_lesson() + 1):
        weights = work / f"lesson-{number}" / WEIGHTS
        if not weights.is_file():
            maker = maker or Maker(data)
            chance = Random(f"lesson {number}")
            mined = _mined(maker, number, data, embedder, work)
            tokenizer = embedder / "tokenizer.json"
            examples = _lesson(maker, number, mined, chance, tokenizer, words, known, *rehearsed)
            learn(_reader(learnt, words, plan.dropout), plan, [examples], exam, weights.parent)
        learnt = torch.load(weights, weights_only=True)
    mixed = averaged(learnt, read_shipped(ENCODER), LEARNT)
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
    maker: Maker,
    number: int,
    mined: Sequence[Example],
    chance: Random,
    tokenizer: Path,
    words: Tensor,
    remembered: Mapping[str, Tensor],
    again: int,
    known: int,
) -> Lesson:
    """What is new, what it has learnt of the same sort, and what is known of other sorts."""
    everyday = list(maker.everyday(Part.TRAINING, chance, range(number)))
    everyday = chance.sample(everyday, min(again, len(everyday)))
    everyday += [*maker.everyday(Part.TRAINING, chance, [number]), *mined]
    others = [one for one in maker.epoch(chance) if not one.kind.startswith(MADE)]
    chance.shuffle(others)
    others.sort(key=lambda one: not one.kind.startswith("repliqa"))  # it forgets those most
    asked, rehearsed = _tokens(everyday, tokenizer), _tokens(others[:known], tokenizer)
    said = soft_verdicts([_reader(remembered, words)], rehearsed, "what is remembered")
    return Lesson([*asked, *rehearsed], [*map(truth, asked), *said])


def articles_asked_of(asked: Sequence[Everyday], texts: Mapping[str, str]) -> dict[str, str]:
    """Those of the articles that a question is asked of, by their ids."""
    return {one.text: texts[one.text] for one in asked}


def _mined(maker: Maker, number: int, data: Path, embedder: Path, work: Path) -> list[Example]:
    """Examples that are mined with the reader that ships, kept in `work`.

    Of a lesson's questions on our own articles, and of RepLiQA's articles: questions of ours, and
    all of its own that they do not answer. Only articles to learn from are looked up: a passage of
    another would be learnt as one that does not answer.
    """
    threads = torch.get_num_threads()
    asked = maker.asked(Part.TRAINING)
    own = [one for one in asked if one.set == "own"]
    of_repliqa = [one for one in asked if one.set == "repliqa"]
    new = _some([one for one in own if one.lesson == number], Random(f"mined {number}"))
    known = [*_some(of_repliqa, Random("mined")), *repliqa_nulls(data, Part.TRAINING)]
    texts = articles_asked_of(own, own_articles())
    mined = mine(new, texts, embedder, work / f"mined-{number}.jsonl", threads)
    texts = articles_asked_of(of_repliqa, repliqa_articles(data))
    mined += mine(known, texts, embedder, work / "mined-repliqa.jsonl", threads)
    torch.set_num_threads(threads)  # the embedder takes one for a short text
    return mined


def _some(asked: Sequence[Everyday], chance: Random) -> list[Everyday]:
    return chance.sample(asked, min(MINED, len(asked)))


def _tokens(examples: Sequence[Example], tokenizer: Path) -> list[Tokens]:
    """The examples in tokens, without those whose answer lies too far behind."""
    return [one for one in tokenised(examples, tokenizer) if one]


def _reader(weights: Mapping[str, Tensor], words: Tensor, dropout: float = 0.0) -> Reader:
    encoder = Encoder(MINILM, dropout)
    encoder.load_state_dict(weights)
    return Reader(encoder, words)
