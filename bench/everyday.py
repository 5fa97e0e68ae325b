"""Everyday questions: what an answer has to say, what it must not say, and the verdict on it. Pure.

`everyday.jsonl` holds one question a line: `id`, `over` (the folder of articles it is asked over),
`question`, `kind` (why, list, near miss …), `expected` (groups of alternatives: each group is met
by any of its alternatives), `forbidden` (what makes an answer false), `outcome` (what it may come
to), and where needed `history`, `in_quotes` (the expected words may also stand in the first
quotes), `tags` (what makes it hard).

Alternatives and forbidden patterns are regular expressions without regard to case. They match whole
words and whole numbers: "12" is not in "12.5" nor in "2,112". Forbidden is looked for in what is
told as the answer and nowhere else: a quote that is true is not false for standing below it. Where
the answer is a quote itself, its words count only if it does not answer: "ahead of the shop owner
Ellen Price with 3,977 and the farmer Paul Oakes with 1,204" tells what Oakes is, and no falsehood.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.evaluating.metrics import MARKERS
from qa.evaluating.questions import Question
from qa.types import Outcome, Turn

SHOWN_FIRST = 2
"""So many quotes are seen without looking further."""

KEYS = {
    "id",
    "over",
    "question",
    "kind",
    "expected",
    "forbidden",
    "outcome",
    "history",
    "in_quotes",
    "tags",
}

_WHOLE = r"(?<![A-Za-z0-9])(?<!\d[.,])(?:{})(?![A-Za-z0-9])(?![.,]\d)"
_PLAIN = str.maketrans("‘’“”–—−", "''\"\"---")


class Verdict(StrEnum):
    """What an answer to an everyday question is worth."""

    WELL = "well answered"
    POORLY = "poorly answered"
    WRONGLY_REFUSED = "wrongly refused"
    FALSELY = "told falsely"
    RIGHTLY_REFUSED = "rightly refused"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of an answer to a question of a `kind`; see the head of this module."""

    kind: str
    expected: tuple[tuple[str, ...], ...]
    forbidden: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    in_quotes: bool = False


@dataclass(frozen=True, slots=True)
class Everyday:
    """A question, the articles that it is asked over, and what is wanted of the answer."""

    question: Question
    over: str
    wanted: Wanted


def parse_everyday(row: Mapping[str, Any]) -> Everyday:
    """A line of the file; ValueError for a key that means nothing here, or a bad pattern."""
    if unknown := sorted(set(row) - KEYS):
        raise ValueError(f"{row['id']}: nothing is known of {unknown[0]!r}")
    wanted = Wanted(
        row["kind"],
        tuple(map(tuple, row["expected"])),
        tuple(row["forbidden"]),
        tuple(map(Outcome, row["outcome"])),
        row.get("in_quotes", False),
    )
    for pattern in (*(one for group in wanted.expected for one in group), *wanted.forbidden):
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{row['id']}: {pattern!r} is no pattern: {error}") from error
    turns = tuple(Turn(one["question"], one["answer"]) for one in row.get("history", ()))
    tags = tuple(row.get("tags", ()))
    return Everyday(
        Question(row["id"], row["question"], (), history=turns, tags=tags), row["over"], wanted
    )


def verdict(wanted: Wanted, outcome: Outcome, text: str, quotes: Sequence[str]) -> Verdict:
    """The verdict on an answer: its outcome, its text, and the quotes in the order shown.

    Poor is what came to the right outcome without the expected words, and what was told where
    nothing answers and says nothing false.
    """
    told = text if outcome is Outcome.ANSWERED else ""
    met = all_met(wanted, told, quotes[:SHOWN_FIRST] if wanted.in_quotes else ())
    answers = met and bool(wanted.expected)
    judged = without_quotes(told, quotes) if answers else told
    if any(stands(pattern, judged) for pattern in wanted.forbidden):
        return Verdict.FALSELY
    if outcome not in wanted.outcomes:
        return Verdict.POORLY if told else Verdict.WRONGLY_REFUSED
    if not wanted.expected and not told:
        return Verdict.RIGHTLY_REFUSED
    return Verdict.WELL if met else Verdict.POORLY


def all_met(wanted: Wanted, told: str, quotes: Sequence[str]) -> bool:
    """Whether every group of expected words has an alternative in what is told or in a quote."""
    seen = "\n".join((told, *quotes))
    return all(any(stands(one, seen) for one in group) for group in wanted.expected)


def without_quotes(told: str, quotes: Sequence[str]) -> str:
    """What is told in other words than whole quotes."""
    own = " ".join(told.split())
    for quote in sorted(quotes, key=len, reverse=True):
        own = own.replace(" ".join(quote.split()), "…")
    return own


def stands(pattern: str, text: str) -> bool:
    """Whether a pattern matches whole words of a text; its source numbers do not count."""
    plain = unicodedata.normalize("NFKC", MARKERS.sub("", text)).translate(_PLAIN)
    whole = _WHOLE.format(pattern.translate(_PLAIN))
    return re.search(whole, plain.strip(), re.IGNORECASE | re.DOTALL) is not None
