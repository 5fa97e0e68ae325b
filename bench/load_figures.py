"""What many questions came to: fairness, memory, and answers that are not alike. Pure."""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from measuring import Row


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what was seen of it, by whom it was asked, with seconds from Enter.

    `shown` is the question that stands above the answer, `understood` what a follow-up was taken
    for. `quotes_s` is None where there are no quotes; `itself_s` is what the answer says that it
    took.
    """

    person: int
    question: str
    shown: str
    outcome: str
    text: str
    quotes: tuple[str, ...]
    answered_s: float
    quotes_s: float | None = None
    itself_s: float | None = None
    understood: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """Of the questions asked more than once: how many, and which were answered otherwise."""

    repeated: int
    other_quotes: tuple[str, ...]
    other_text: tuple[str, ...]


def alike(asked: Iterable[Asked]) -> Alike:
    """Whether each question got the same quotes, and the same text, each time."""
    by_question: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for one in asked:
        by_question[one.question, one.understood].append(one)
    repeated = {key: those for key, those in by_question.items() if len(those) > 1}
    return Alike(
        len(repeated),
        tuple(key[0] for key, those in repeated.items() if len({one.quotes for one in those}) > 1),
        tuple(key[0] for key, those in repeated.items() if len({one.text for one in those}) > 1),
    )


def crossed(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Those that stood under another question than was asked."""
    return tuple(one for one in asked if one.shown != one.question)


def quantile(values: Sequence[float], share: float) -> float:
    """The least value that so large a share of the values does not pass."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def seconds(name: str, values: Sequence[float]) -> Row:
    """Median and 95th percentile, as columns of a table."""
    return {f"{name}: p50 s": statistics.median(values), f"{name}: p95 s": quantile(values, 0.95)}


def thirds(name: str, values: Sequence[float]) -> Row:
    """The medians of the first and the last third, and the largest, as columns of a table."""
    third = max(1, len(values) // 3)
    return {
        f"{name}, first third": statistics.median(values[:third]),
        f"{name}, last third": statistics.median(values[-third:]),
        f"{name} at most": max(values),
    }


def each(asked: Sequence[Asked], people: int) -> str:
    """How many answers each got, from the fewest to the most."""
    counts = [sum(one.person == person for one in asked) for person in range(people)]
    return f"{min(counts)} to {max(counts)}"
