"""Near misses: a draft's question with its year, a name or a figure changed. Pure.

Neither the draft's article nor another one at hand has the change in such company, so a careful
reader refuses the question.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from qa.evaluating.drafting import FIGURE, YEAR, names_of
from qa.evaluating.questions import Question
from qa.reading import wording
from qa.reading.sentences import sentence_spans
from qa.reading.stop_words import STOP_WORDS
from qa.types import Article

YEARS_AWAY = (-1, 1, -2, 2, 3, -3, 5, -5, 10)
"""Tried in this order: the nearest year is the hardest to tell from the true one."""

PLACED = frozenset("in near into outside through across".split())
ACTS = frozenset(
    """said says told asked added warned wrote called was had has is will would did does wants
    wanted hopes hoped plans planned expects expected refused offered announced""".split()
)

NEIGHBOURS = 50
"""Articles whose names are lent: more take long to read and are further away."""


KEPT_TEXTS = 1000
"""Articles, sentences and questions whose words are remembered: each is held against many."""

NEAREST = 5
"""Of the names that may be lent, so many of the nearest are taken in turn."""


class Kind(Enum):
    """What a name is of, as far as the words around it tell; a THING is said with "the"."""

    PLACE = "place"
    ACTOR = "actor"
    THING = "thing"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as sentences write it."""

    text: str
    kind: Kind


def near_misses(
    draft: Question, article: Article, others: Sequence[Article], names: Sequence[Name]
) -> Iterator[Question]:
    """Up to three questions like a draft's that neither its article nor the others answer.

    `names` are those of the `others`.
    """
    for kind, changed in changes(draft.question, article, others, names).items():
        # names by the question's length, so that a set does not ask after one name alone
        at = len(draft.question) % len(changed) if kind == "name" else 0
        yield replace(
            draft,
            id=f"{draft.id}-{kind}",
            question=changed[at],
            answers=(),
            evidence=(),
            tags=("drafted", "near-miss", f"changed-{kind}"),
        )


def changes(
    text: str, article: Article, others: Sequence[Article], names: Sequence[Name]
) -> dict[str, list[str]]:
    """A text with its year, figure or name changed, the nearest first; no kind without a change.

    What the article has of years, figures and names is never taken, nor what another article says
    beside most of the text's own words.
    """
    said = f"{article.title}\n{article.text}\n{article.published}"
    texts = [f"{other.title}\n{other.text}\n{other.published}" for other in others]
    found = {}
    for kind, pattern, candidates in (
        ("year", YEAR, _other_years),
        ("figure", FIGURE, _other_figures),
    ):
        match = next((m for m in pattern.finditer(text) if _may_change(kind, m)), None)
        if match:
            left = _without(text, match)
            apart = [one for one in candidates(match[0]) if one not in said]
            free = [one for one in apart if not _elsewhere(one, left, texts)]
            found[kind] = [_put(text, match, one) for one in free]
    named = next(iter(names_of(text)), None)
    if named:
        like = _alike(text, named, [*_own_names(article), *names])
        left = _without(text, named)
        lent = [one for one in like if one.lower() not in said.lower()]
        free = [one for one in lent if not _elsewhere(one, left, texts)]
        found["name"] = [_put(text, named, one) for one in free[:NEAREST]]
    return {kind: changed for kind, changed in found.items() if changed}


def names_in(articles: Sequence[Article]) -> tuple[Name, ...]:
    """The names of some articles, in their order, each of the kind that it mostly shows."""
    kinds: dict[str, Counter[Kind]] = {}
    for article in articles:
        for start, end in sentences_of(article.text):
            sentence = article.text[start:end]
            for match in names_of(sentence):
                kind = _kind(sentence, match)
                if kind:
                    kinds.setdefault(match[0], Counter())[kind] += 1
    return tuple(Name(name, counts.most_common(1)[0][0]) for name, counts in kinds.items())


def neighbours(article: Article, others: Iterable[Article]) -> tuple[Article, ...]:
    """The articles that share most names with one: a name of theirs is near enough to be missed."""
    names = [one.text for one in names_in([article])]
    apart = [other for other in others if other.id != article.id]
    shared = {other.id: sum(name in other.text for name in names) for other in apart}
    return tuple(sorted(apart, key=lambda other: -shared[other.id])[:NEIGHBOURS])


def _alike(question: str, named: re.Match[str], names: Sequence[Name]) -> list[str]:
    """The names of the kind of one, of as many words if there are such; none for an unknown one."""
    name = named[0]
    kind = next((one.kind for one in names if one.text == name), None)
    if (_words_before(question, named)[-1:] == ["the"]) is not (kind is Kind.THING):
        return []
    like = [one.text for one in names if one.kind is kind and one.text != name]
    return [one for one in like if len(one.split()) == len(name.split())] or like


def _kind(sentence: str, match: re.Match[str]) -> Kind | None:
    """What a name is of where it stands: with "the", behind "in", before what somebody does.

    "The Dutch company" names no Dutch, and "Pavel's" is nobody's name.
    """
    before, behind = _words_before(sentence, match), re.match(r"\s+(\w+)", sentence[match.end() :])
    after = behind[1] if behind else ""
    if match[0].endswith(("'s", "’s")):
        return None
    if before[-1:] == ["the"]:
        return Kind.THING if not after or after in STOP_WORDS | ACTS else None
    if before and before[-1] in PLACED:
        return Kind.PLACE
    return Kind.ACTOR if after in ACTS else None


def _words_before(sentence: str, match: re.Match[str]) -> list[str]:
    return [word.lower() for word in re.findall(r"\w+", sentence[: match.start()])]


def _elsewhere(other: str, question: str, texts: Sequence[str]) -> bool:
    """Whether an article says this beside half of a question's words, and may answer it."""
    return any(says_half(text, question) for text in texts if other.lower() in text.lower())


@lru_cache(maxsize=KEPT_TEXTS)
def sentences_of(text: str) -> tuple[tuple[int, int], ...]:
    """The offsets of a text's sentences."""
    return tuple(sentence_spans(text))


def says_half(text: str, question: str) -> bool:
    """Whether a text has half of a question's telling words, and so may answer it."""
    asked = _telling(question)
    return 2 * len(asked & _telling(text)) >= len(asked)


@lru_cache(maxsize=KEPT_TEXTS)
def _telling(text: str) -> frozenset[str]:
    return frozenset(wording.content_words(text))


@lru_cache(maxsize=KEPT_TEXTS)
def _own_names(article: Article) -> tuple[Name, ...]:
    return names_in([article])


def _without(question: str, match: re.Match[str]) -> str:
    return f"{question[: match.start()]} {question[match.end() :]}"


def _may_change(kind: str, match: re.Match[str]) -> bool:
    return kind == "year" or not YEAR.fullmatch(match[0])


def _other_years(year: str) -> Iterator[str]:
    return (str(int(year) + away) for away in YEARS_AWAY)


def _other_figures(figure: str) -> Iterator[str]:
    """Figures of the same size: one digit changed, the first if there is but one."""
    at = 1 if len(figure) > 1 and figure[1].isdigit() else 0
    return (
        figure[:at] + digit + figure[at + 1 :]
        for digit in "4738291650"
        if digit != figure[at] and (digit != "0" or at)
    )


def _put(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]
