"""Perturbing: an answered question so changed that nothing answers it any longer. Pure.

What must come of each is known by construction: a refusal. The article says something else, or
says it of something else, or another article is asked for it. `drops` holds each against the
question that it was made of, in one run: how much less is right of such questions.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice, zip_longest

from qa.evaluating.evidence import find_quote
from qa.evaluating.judging import Judged
from qa.evaluating.metrics import contains_answer
from qa.evaluating.near_misses import (
    KEPT_TEXTS,
    Name,
    changes,
    names_in,
    neighbours,
    says_half,
    sentences_of,
)
from qa.evaluating.questions import Question
from qa.evaluating.resampling import percentile_interval
from qa.reading.stop_words import STOP_WORDS
from qa.types import Article

CHANGED_FROM = "changed_from"
"""The key of a question's line that names the question it was made of."""

LONGEST_PREMISE = 200
"""Characters of a sentence that can be asked after with "Why is it that …?"."""

ARTICLES_ASKED = 3
"""So many other articles are asked for what one says."""

_ASKS = re.compile(r"\s*(?:\w+ )?(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_HELPER = re.compile(r"\b(is|are|was|were|does|did|do|has|have|had|can|could|will|would|should)\b")
_IRREGULAR = {"will": "won't", "can": "can't"}
_DENIES = re.compile(r"n[’']t\b|\b(?:not|no|never|nor|nobody|without|cannot)\b", re.IGNORECASE)


class Change(StrEnum):
    """What was done to a question."""

    YEAR = "year"
    FIGURE = "figure"
    NAME = "name"
    NEGATION = "negation"
    PREMISE = "false premise"
    ARTICLE = "another article"


def perturbed(
    questions: Sequence[Question], articles: Mapping[str, Article], per_article: int
) -> Iterator[Question]:
    """Up to `per_article` changed questions of each article, of every kind of change in turn.

    They are made of the questions that have answers, stand alone, and name an article at hand.
    Each says in `changed_from` which question it was made of.
    """
    others = tuple(articles.values())
    own: dict[str, list[Question]] = {}
    for one in questions:
        if one.answers and not one.history and one.articles and one.articles[0] in articles:
            own.setdefault(one.articles[0], []).append(one)
    for article_id, asked in own.items():
        near = neighbours(articles[article_id], others)
        names = names_in(near)
        made = [_made_of(one, articles, near, names) for one in asked]
        # every question in turn, each with another kind of change
        turns = [one[(at + turn) % len(Change)] for turn in range(len(Change))
                 for at, one in enumerate(made)]  # fmt: skip
        rows = zip_longest(*turns)
        yield from islice((one for row in rows for one in row if one), per_article)


def negated(question: str, *, never: bool = False) -> str | None:
    """The question with a "not", or a "never", behind its helping verb; None where it has none."""
    match = _HELPER.search(question)
    if not match or re.search(r"n't|\bnot\b|\bnever\b", question):
        return None
    other = _IRREGULAR.get(match[0], f"{match[0]}n't")
    if never and match[0] not in _IRREGULAR:
        other = f"{match[0]} never"
    return question[: match.start()] + other + question[match.end() :]


def _made_of(
    question: Question,
    articles: Mapping[str, Article],
    near: Sequence[Article],
    names: Sequence[Name],
) -> list[list[Question]]:
    """The changed questions that are made of one, a list for each kind of change."""
    article = articles[question.articles[0]]
    swapped = changes(question.question, article, near, names)
    texts: dict[Change, Iterable[str]] = {
        **{kind: swapped.get(kind, ()) for kind in (Change.YEAR, Change.FIGURE, Change.NAME)},
        Change.NEGATION: _negations(question, article, near),
        Change.PREMISE: _premises(question, article, near, names),
        Change.ARTICLE: islice(_other_articles(question, near), ARTICLES_ASKED),
    }
    return [
        [
            Question(
                f"{question.id}-{kind.replace(' ', '-')}-{number}",
                text,
                answers=(),
                tags=("changed", f"changed-{kind.replace(' ', '-')}"),
                extra={CHANGED_FROM: question.id, "change": kind.value},
            )
            for number, text in enumerate(made, 1)
        ]
        for kind, made in texts.items()
    ]


def _negations(question: Question, article: Article, near: Sequence[Article]) -> Iterator[str]:
    """The question denied, unless some sentence denies what it asks: that one would answer."""
    changed = negated(question.question) if _ASKS.match(question.question) else None
    denials = (denial for one in (article, *near) for denial in _denials(one.text))
    if changed and not any(says_half(denial, question.question) for denial in denials):
        yield changed


@lru_cache(maxsize=KEPT_TEXTS)
def _denials(text: str) -> tuple[str, ...]:
    sentences = re.split(r"(?<=[.!?])\s|\n", text)
    return tuple(sentence for sentence in sentences if _DENIES.search(sentence))


def _premises(
    question: Question, article: Article, near: Sequence[Article], names: Sequence[Name]
) -> Iterator[str]:
    """Why something is so that the article says otherwise: its sentence, with one thing changed."""
    places = [place for quote in question.evidence for place in find_quote(quote, article.text)]
    for start, end in sentences_of(article.text):
        sentence = " ".join(article.text[start:end].split())
        held = any(start < last and first < end for first, last in places)
        if held and sentence.endswith(".") and len(sentence) <= LONGEST_PREMISE:
            for made in changes(sentence, article, near, names).values():
                yield f"Why is it that {_inside(made[0]).rstrip('.')}?"


def _other_articles(question: Question, near: Sequence[Article]) -> Iterator[str]:
    """The question, asked of articles that do not hold its answer, the nearest first."""
    for other in near:
        text = f"{other.title} {other.text}"
        told = contains_answer(text, question.answers)
        if other.title and other.id not in question.articles and not told:
            yield f"According to “{other.title}”, {_inside(question.question)}"


def _inside(text: str) -> str:
    """A sentence as it goes on behind other words: small, unless a name may begin it."""
    first = re.match(r"\w+", text)
    small = first is not None and (first[0].lower() in STOP_WORDS or _ASKS.match(text))
    return text[0].lower() + text[1:] if small else text


@dataclass(frozen=True, slots=True)
class Drop:
    """Of `count` pairs with one kind of change the shares that are right, unchanged and changed.

    [`low`, `high`] is the 95% interval of what is lost, `asked - changed`.
    """

    change: str
    count: int
    asked: float
    changed: float
    low: float
    high: float

    @property
    def lost(self) -> float:
        """How much less is right of the changed ones."""
        return self.asked - self.changed


def drops(judged: Sequence[Judged]) -> tuple[Drop, ...]:
    """What each kind of change costs; nothing for a set that was not made by perturbing one."""
    right = {one.question.id: one.scores["right"].part for one in judged if "right" in one.scores}
    pairs: dict[str, list[tuple[float, float]]] = {}
    for one in judged:
        origin = one.question.extra.get(CHANGED_FROM)
        if origin in right and one.question.id in right:
            change = str(one.question.extra.get("change", ""))
            pairs.setdefault(change, []).append((right[origin], right[one.question.id]))
    return tuple(_drop(change, some) for change, some in pairs.items())


def _drop(change: str, pairs: Sequence[tuple[float, float]]) -> Drop:
    import numpy as np

    asked, changed = np.array(pairs, dtype=np.float64).T
    lost = asked - changed
    low, high = float(lost[0]), float(lost[0])
    if not np.all(lost == lost[0]):
        low, high = percentile_interval((lost,), np.mean)
    return Drop(change, len(pairs), float(asked.mean()), float(changed.mean()), low, high)
