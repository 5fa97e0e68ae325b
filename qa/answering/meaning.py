"""Sentences in languages that cross-encoder and reader were not taught, ranked by their meaning.

A multilingual embedder puts a question near the sentence that answers it, whatever the languages of
the two (Wang et al., 2024): so an English question finds what a German article says. The sentence
is read below its title. Fitted on 150 questions over 30 articles in seven languages, with the
article that answers and without it (`bench/answers.md`).
"""

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Protocol

from qa.answering.parts import taught
from qa.library.embedder import Embedder, Vectors
from qa.reading.languages import language_of
from qa.types import Passage

NEUTRAL = 0.81
"""The likeness of question and sentence that says as much for an answer as against one."""

LOGIT = 200.0
"""What likeness above that is worth beside a cross-encoder's logits: of ten candidates the best is
some .02 nearer than the mean, and counts 4 more."""

ACROSS = 0.015
"""What is added to the likeness of two languages, which lie farther apart whatever they say."""

BESIDE = 20
"""The best sentence is held against so many candidates: how near all are differs by question."""

BIAS, OF_BEST, OF_LEAD = -40.9, 45.2, 91.0
"""The log-odds of an answer: of the best one's likeness, and its lead over the mean of the others.
What has no answer counted more in the fit: in it the whole article was missing, and where a part is
missing that is harder to see."""


class Meaning(Protocol):
    """What is needed of a multilingual embedder; `qa.library.embedder.SentenceEmbedder` is one."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, each of unit length."""

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """As `embed`, for what is looked for."""


def meaning_of(embedder: Embedder) -> Meaning | None:
    """The embedder, where it was taught many languages."""
    return embedder if embedder.multilingual else None


def is_foreign(question: str, passage: Passage) -> bool:
    """Whether one of the two is in a language that the other models were not taught."""
    return not taught(question) or language_of(passage.text) != "en"


def likenesses(
    question: str, places: Sequence[tuple[Passage, int, int]], meaning: Meaning
) -> list[float]:
    """The cosine of a question with each sentence, -1 to 1, more where it crosses languages.

    A place is a passage and where in it a sentence begins and ends.
    """
    if not places:
        return []
    texts = [f"{passage.title}. {passage.text[start:end]}" for passage, start, end in places]
    (asked,) = meaning.embed_questions([question])
    language = language_of(question)
    passages = {passage.id: passage for passage, *_ in places}
    more = {id_: ACROSS * (language_of(one.text) != language) for id_, one in passages.items()}
    return [
        float(cosine) + more[passage.id]
        for cosine, (passage, *_) in zip(meaning.embed(texts) @ asked, places, strict=True)
    ]


def logit_of(likeness: float) -> float:
    """A likeness on the scale of a cross-encoder's logits."""
    return LOGIT * (likeness - NEUTRAL)


def likely_by(likenesses_: Sequence[float]) -> float:
    """The probability that the nearest of these candidates answers, 0 to 1."""
    best, *others = sorted(likenesses_, reverse=True)[:BESIDE]
    lead = best - fmean(others) if others else 0.0
    return 1 / (1 + math.exp(-(BIAS + OF_BEST * best + OF_LEAD * lead)))
