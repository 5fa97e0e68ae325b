"""What another bar of trust would have refused, and whether the trust can be believed. Pure.

The trust of a question is its answer's `standing`, the very number that was held against the bar,
so what was answered is told exactly. What was withheld below the bar was never written; it counts
as right if the best finding holds an accepted answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluating.judging import Judged
from qa.evaluating.metrics import (
    MARKERS,
    Definition,
    Measure,
    Share,
    contains_answer,
    measure,
)
from qa.evaluating.predictions import Said

BINS = 10
"""Steps of a tenth: a reader thinks in them."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """How far what was found for a question is trusted, in [0, 1], and whether it is right.

    Where there is nothing to tell at any bar, the trust is 0; in an unanswerable question nothing
    is right.
    """

    trust: float
    answerable: bool
    right: bool

    def told_at(self, bar: float) -> bool:
        """Whether it is told from this bar on."""
        return self.trust > 0 and self.trust >= bar


@dataclass(frozen=True, slots=True)
class AtBar:
    """Counts of questions, were those below `bar` refused."""

    bar: float
    right: int
    refused_answerable: int
    refused_unanswerable: int


@dataclass(frozen=True, slots=True)
class TrustBin:
    """The questions of a range of trust: their mean trust, and how many of them were right."""

    mean_trust: float
    right: int
    count: int


def trusted(judged: Sequence[Judged]) -> tuple[Trusted, ...]:
    """The questions that were asked, as the bar sees them; none where none was read for."""
    said = [(one.question, one.prediction.said) for one in judged if one.question.answers_known]
    if not any(one and one.standing is not None for _, one in said):
        return ()
    return tuple(
        Trusted(
            trust=one.standing or 0.0,
            answerable=question.answerable,
            right=contains_answer(_would_say(one), question.answers),
        )
        for question, one in said
        if one is not None
    )


def sweep(questions: Sequence[Trusted]) -> tuple[AtBar, ...]:
    """What each bar would do, from 0 to 1: one at every trust that occurs, and at both ends."""
    bars = sorted({0.0, 1.0, *(one.trust for one in questions)})
    return tuple(at_bar(questions, bar) for bar in bars)


def at_bar(questions: Sequence[Trusted], bar: float) -> AtBar:
    """What one bar would do."""
    refused = [one.answerable for one in questions if not one.told_at(bar)]
    return AtBar(
        bar,
        right=sum(one.right and one.told_at(bar) for one in questions),
        refused_answerable=sum(refused),
        refused_unanswerable=len(refused) - sum(refused),
    )


def trust_bins(questions: Sequence[Trusted]) -> tuple[TrustBin, ...]:
    """The points of a reliability diagram (DeGroot and Fersht, 1983); empty bins are left out."""
    groups: dict[int, list[Trusted]] = {}
    for one in questions:
        groups.setdefault(min(int(one.trust * BINS), BINS - 1), []).append(one)
    return tuple(
        TrustBin(
            sum(one.trust for one in group) / len(group),
            sum(one.right for one in group),
            len(group),
        )
        for _, group in sorted(groups.items())
    )


def brier(questions: Sequence[Trusted]) -> Measure:
    """The mean squared distance of trust from what came true (Brier, 1950); 0 is best."""
    return measure(
        Definition("brier", "brier", "squared distance of trust from what came true"),
        [Share((one.trust - one.right) ** 2) for one in questions],
    )


def _would_say(said: Said) -> str:
    return said.found if said.refused else MARKERS.sub("", said.text)
