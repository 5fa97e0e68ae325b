"""The cases that are asked: which question, over which passages, and what is known of the answer.

Pure: rows of the data go in, cases come out, the same ones every time. Which cases are taken and in
which order passages stand is decided by hashes of their names, so that a row more or less in a file
moves no other.
"""

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from everyday import Wanted, parse_everyday

from qa.evaluating.questions import Question

SEED = 20230218
PASSAGES = 5
FEWEST_CLEAN = 3
"""Clean noise passages that a row needs to be asked as a question that nothing answers."""

_DAY = re.compile(r"(?P<month>[A-Z][a-z]{2,8}) (?P<day>\d{1,2}),? (?P<year>\d{4})")


@dataclass(frozen=True, slots=True)
class Planted:
    """An article that carries an attack: the name of its file, which tells its format, and it."""

    file: str
    content: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question as it is asked. `kind` is the arm it was made for; other arms may ask it too.

    Its passages are `passages`, or else what is found in `library`; a `planted` article stands
    among them. `false_answers` is what false passages say, `forbidden` what an attack wants said,
    `wanted` what an everyday question's answer has to say. `seen` tells that confidence may be
    calibrated on the row it was made from.
    """

    kind: str
    question: Question
    library: str = ""
    passages: tuple[str, ...] = ()
    planted: Planted | None = None
    false_answers: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    wanted: Wanted | None = None
    seen: bool = False

    @property
    def id(self) -> str:
        """Names it among the cases of all arms."""
        return f"{self.kind}/{self.question.id}"


def everyday_cases(kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Case]:
    """Lines of everyday.jsonl's form as cases, those of every sort of question in turn."""
    parsed = map(parse_everyday, rows)
    cases = [Case(kind, one.question, one.over, wanted=one.wanted) for one in parsed]
    return in_turn(cases, lambda case: case.wanted and case.wanted.kind)


def rgb_cases(rows: Sequence[Mapping[str, Any]], kind: str) -> list[Case]:
    """The rows of RGB's conflict file as one kind of case; even-numbered rows are the seen ones.

    `rgb_2_of_5` and `rgb_4_of_5` mix true passages with so many of noise, `rgb_conflict` two true,
    two false and one of noise; where a row has too few of one kind, others fill up, as in RGB's own
    evaluation (Chen et al., AAAI 2024). `rgb_noise` has up to five cleaned noise passages.
    """
    cases = []
    for number, row in enumerate(rows):
        passages = _RGB_KINDS[kind](row)
        if kind == "rgb_noise" and len(passages) < FEWEST_CLEAN:
            continue
        random.Random(f"{SEED} {kind} {row['id']}").shuffle(passages)
        accepted = () if kind == "rgb_noise" else row["answers"]
        cases.append(
            Case(
                kind,
                Question(row["id"], row["question"], _spelled(accepted)),
                passages=tuple(passages),
                false_answers=_spelled([row["false_answer"]]),
                seen=number % 2 == 0,
            )
        )
    return cases


def mixed(right: Sequence[str], noise: Sequence[str], noise_count: int, of: int) -> list[str]:
    """`of` texts, `noise_count` of them noise; more, or fewer, where one of the two runs out."""
    right_count = min(of - noise_count, len(right))
    noise_count = min(of - right_count, len(noise))
    return [*right[: of - noise_count], *noise[:noise_count]]


def spellings(answer: str) -> tuple[str, ...]:
    """An accepted answer, and, where it is a day, the same day as it is written elsewhere.

    RGB lists such spellings for its questions; the file of conflicts kept one: October 19 2021.
    Commas and full stops do not count when answers are compared, capitals neither.
    """
    match = _DAY.fullmatch(answer.strip())
    if not match:
        return (answer,)
    month, day, year = match["month"], match["day"], match["year"]
    months = dict.fromkeys((month, month[:3]))
    written = [(f"{name} {day} {year}", f"{day} {name} {year}") for name in months]
    return tuple(dict.fromkeys((answer, *chain.from_iterable(written))))


def in_turn(cases: Sequence[Case], group: Callable[[Case], Hashable]) -> list[Case]:
    """The cases in a fixed random order, one of each group in turn: any beginning is balanced."""
    groups: defaultdict[Hashable, list[Case]] = defaultdict(list)
    for case in shuffled(cases):
        groups[group(case)].append(case)
    rounds = zip_longest(*groups.values())
    return [case for case in chain.from_iterable(rounds) if case is not None]


def shuffled(cases: Sequence[Case]) -> list[Case]:
    """The cases in a fixed random order, that of their hashed names."""
    return sorted(cases, key=lambda case: hashlib.sha256(f"{SEED} {case.id}".encode()).digest())


def _spelled(answers: Sequence[str]) -> tuple[str, ...]:
    return tuple(chain.from_iterable(map(spellings, answers)))


def _noise(row: Mapping[str, Any]) -> list[str]:
    """All noise, that which is free of the answer's words first."""
    clean = row["clean_noise_passages"]
    return [*clean, *(text for text in row["noise_passages"] if text not in clean)]


def _conflict(row: Mapping[str, Any]) -> list[str]:
    """Two true, two false, the rest noise.

    A false passage is the true one of its number with another answer in it, so the false ones are
    taken from the other end: they differ in more than that where there are enough.
    """
    sides = [*row["true_passages"][:2], *row["false_passages"][-2:]]
    return mixed(sides, _noise(row), PASSAGES - len(sides), PASSAGES)


_RGB_KINDS: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "rgb_2_of_5": lambda row: mixed(row["true_passages"], _noise(row), 2, PASSAGES),
    "rgb_4_of_5": lambda row: mixed(row["true_passages"], _noise(row), 4, PASSAGES),
    "rgb_noise": lambda row: list(row["clean_noise_passages"][:PASSAGES]),
    "rgb_conflict": _conflict,
}
