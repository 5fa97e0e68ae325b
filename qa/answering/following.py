"""A follow-up is looked up as it stands and together with the turns it leans on. Pure.

"And in the second round?" finds nothing by itself; put behind the turn before it in one string, it
finds what that turn found. So both are looked up and their scores added (`bench/answers.md` has
what else was tried). A question that stands alone is looked up alone: a new subject must not drag
the old one along.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering import markers
from qa.answering.refusal import is_refusal
from qa.library.duplicates import collapse, near_duplicates
from qa.library.retrieval import RERANKED
from qa.reading.stop_words import STOP_WORDS
from qa.reading.words import words
from qa.types import Hit, Turn

AS_IT_STANDS = 0.4
"""Share of the question as it stands in the score of a follow-up; the rest is the share of the
question behind the turns it leans on. From .3 to .5 the evidence is among the first four equally
often; above, it is missed; below, a new subject that opens with "And" is found less often."""

FEWEST_WORDS = 3
"""A question with fewer telling words than this leans on what was said before."""

DEPTH = RERANKED
"""Hits of each query that are fused: as many as the search ranks by their words."""

_REFERRING = frozenset(
    "he she it they him her them his hers its their theirs himself herself itself themselves there"
    " this these those ones former latter".split()
)
_OPENING = re.compile(r"^\W*(and|but|or|what about|how about)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Query:
    """A text to look up, and its share in the scores; the shares of a question come to 1."""

    text: str
    share: float


def queries(question: str, history: Sequence[Turn]) -> tuple[Query, ...]:
    """What to look up for a question: itself, and if it leans on earlier turns, it behind them."""
    turns = leant_on(question, history)
    if not turns:
        return (Query(question, 1.0),)
    behind = " ".join([*_behind(turns), question])
    return Query(question, AS_IT_STANDS), Query(behind, 1 - AS_IT_STANDS)


def leaning(question: str, history: Sequence[Turn]) -> str:
    """The question with those it leans on behind it: "And who was second? (Who won the race?)".

    So sentences are scored best that are read with both (figures in `bench/answers.md`).
    """
    before = " ".join(turn.question for turn in leant_on(question, history))
    return f"{question} ({before})" if before else question


def leant_on(question: str, history: Sequence[Turn]) -> Sequence[Turn]:
    """The turns that a question needs to be understood.

    None if it stands alone, else the last, and the one before it if that leans on it itself.
    """
    if not history or not leans(question) or _repeats(question, history[-1].question):
        return ()
    return history[-2:] if leans(history[-1].question) else history[-1:]


def _repeats(question: str, before: str) -> bool:
    """Whether it has all the telling words of the question before it: it is asked once more."""
    told = [set(words(one)) - STOP_WORDS for one in (question, before)]
    return bool(told[1]) and told[1] <= told[0]


def leans(question: str) -> bool:
    """Whether a question seems to need the turns before it to be understood.

    It points back by a pronoun, opens as a continuation ("And …"), has few telling words, or names
    nothing: no name behind its first word, no figure.
    """
    asked = words(question)
    return (
        not _REFERRING.isdisjoint(asked)
        or _OPENING.match(question) is not None
        or sum(word not in STOP_WORDS for word in asked) < FEWEST_WORDS
        or not _names_something(question)
    )


def fuse_hits(found: Sequence[tuple[Query, Sequence[Hit]]], k: int) -> tuple[Hit, ...]:
    """The k best of what the queries found, by the sum of their scores, each at its query's share.

    A passage that a query did not find has the lowest score that it gave. Its cosine is that with
    the query it is nearest to: "In which town?" is near to nothing by itself. Copies of a text that
    different queries found count as one passage. Each query should have found DEPTH or more.
    """
    if len(found) == 1:
        return tuple(found[0][1][:k])
    fused: dict[str, Hit] = {}
    for _, hits in found:
        for hit in hits:
            fused.setdefault(hit.passage.id, _fused(hit, found))
    return collapse(fused.values(), k)


def _names_something(question: str) -> bool:
    """Whether there is a figure, or a capital that neither opens the question nor is "I"."""
    return any(
        word[0].isdigit() or (place > 0 and word[0].isupper() and len(word) > 1)
        for place, word in enumerate(_WORD.findall(question))
    )


def _behind(turns: Sequence[Turn]) -> list[str]:
    """What is looked up before a question: the questions, and the last answer if there is one."""
    texts = [turn.question for turn in turns]
    if not is_refusal(turns[-1].answer):
        texts.append(markers.without(turns[-1].answer))
    return texts


def _fused(hit: Hit, found: Sequence[tuple[Query, Sequence[Hit]]]) -> Hit:
    score, cosine = 0.0, hit.cosine
    for query, hits in found:
        if not hits:
            continue
        same = next((one for one in hits if _same_text(hit, one)), None)
        score += query.share * (same or min(hits, key=lambda one: one.score)).score
        cosine = max(cosine, same.cosine if same else cosine)
    return replace(hit, score=score, cosine=cosine)


def _same_text(one: Hit, other: Hit) -> bool:
    if one.passage.id == other.passage.id:
        return True
    noted = other.passage.article_id in one.also_in or one.passage.article_id in other.also_in
    return noted and near_duplicates(one.passage, other.passage)
