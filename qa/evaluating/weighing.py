"""What another bar would have refused, and whether the confidence can be believed. Pure.

The confidence of a question is its answer's, the very number that was held against the bar, so what
was answered is told exactly. What was withheld below the bar was never told; it counts as right if
the best quote holds an accepted answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluating.judging import Judged
from qa.evaluating.metrics import MARKERS, contains_answer
from qa.evaluating.predictions import Said

BINS = 10
"""Steps of a tenth: a reader thinks in them."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The confidence in what was found for a question, in [0, 1], and whether it is right.

    Where there is nothing to tell at any bar it is 0, where there is nothing to doubt 1; in an
    unanswerable question nothing is right.
    """

    confidence: float
    answerable: bool
    right: bool

    def told_at(self, bar: float) -> bool:
        """Whether it is told from this bar on."""
        return self.confidence > 0 and self.confidence >= bar


@dataclass(frozen=True, slots=True)
class AtBar:
    """Counts of questions, were those below `bar` refused; `right` are of those `told`."""

    bar: float
    told: int
    right: int
    refused_answerable: int
    refused_unanswerable: int

    @property
    def wrong(self) -> int:
        """How many are told wrongly."""
        return self.told - self.right

    @property
    def risk(self) -> float:
        """Which share of what is told is wrong; 0 where nothing is."""
        return self.wrong / self.told if self.told else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions of a range of confidence: their mean, and how many of them were right."""

    mean: float
    right: int
    count: int


def weighed(judged: Sequence[Judged]) -> tuple[Weighed, ...]:
    """The questions that were asked, as the bar sees them; none where none was held against it."""
    said = [(one.question, one.prediction.said) for one in judged if one.question.answers_known]
    if not any(one and one.confidence is not None for _, one in said):
        return ()
    return tuple(
        Weighed(
            confidence=_confidence(one),
            answerable=question.answerable,
            right=contains_answer(_would_say(one), question.answers),
        )
        for question, one in said
        if one is not None
    )


def sweep(questions: Sequence[Weighed]) -> tuple[AtBar, ...]:
    """What each bar would do, from 0 to 1: one at every confidence there is, and at both ends."""
    bars = sorted({0.0, 1.0, *(one.confidence for one in questions)})
    return tuple(at_bar(questions, bar) for bar in bars)


def at_bar(questions: Sequence[Weighed], bar: float) -> AtBar:
    """What one bar would do."""
    refused = [one.answerable for one in questions if not one.told_at(bar)]
    return AtBar(
        bar,
        told=len(questions) - len(refused),
        right=sum(one.right and one.told_at(bar) for one in questions),
        refused_answerable=sum(refused),
        refused_unanswerable=len(refused) - sum(refused),
    )


def bins(questions: Sequence[Weighed]) -> tuple[Bin, ...]:
    """The points of a reliability diagram (DeGroot and Fersht, 1983); empty bins are left out."""
    groups: dict[int, list[Weighed]] = {}
    for one in questions:
        groups.setdefault(min(int(one.confidence * BINS), BINS - 1), []).append(one)
    return tuple(
        Bin(
            sum(one.confidence for one in group) / len(group),
            sum(one.right for one in group),
            len(group),
        )
        for _, group in sorted(groups.items())
    )


def _confidence(said: Said) -> float:
    if said.confidence is None:
        return 0.0 if said.refused else 1.0
    return said.confidence


def _would_say(said: Said) -> str:
    return said.best if said.refused else MARKERS.sub("", said.text)
