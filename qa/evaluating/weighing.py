"""What another bar would have refused, and whether the confidence can be believed. Pure.

The confidence of a question is its answer's, the very number that was held against the bar, so what
was answered is told exactly. What was withheld below the bar was never told; it counts as right if
the best quote holds an accepted answer. So a question that nothing answers is wrong whenever
something is told, and one for which there is nothing to tell comes last.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.evaluating.judging import Judged
from qa.evaluating.metrics import MARKERS, Measure, contains_answer
from qa.evaluating.predictions import Said
from qa.evaluating.resampling import percentile_interval

if TYPE_CHECKING:
    from qa.evaluating.resampling import Floats

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


def bar_for(questions: Sequence[Weighed], risk: float) -> AtBar | None:
    """The lowest bar at which at most this share of what is told is wrong; None if there is none.

    It is chosen on these questions, so on others it keeps the risk as far as they are alike.
    """
    return next((one for one in sweep(questions) if one.told and one.risk <= risk), None)


def confidence_measures(questions: Sequence[Weighed]) -> tuple[Measure, ...]:
    """brier, ece, aurc and augrc, all best at 0, each with its 95% bootstrap interval.

    brier: the mean squared distance of confidence from what came true (Brier, 1950). ece: the mean
    distance of the confidence of a bin of a tenth from its share of right ones (Naeini et al., AAAI
    2015). With the k questions of highest confidence told, the risk is the share of them that is
    wrong; aurc is its mean over k from 1 to all (Geifman et al., ICLR 2019). augrc is the area
    under the wrong ones as a share of all questions (Traub et al., NeurIPS 2024): how often a
    question is answered wrongly, at a coverage drawn at random. Questions of one confidence are
    told in any order alike.
    """
    import numpy as np

    if not questions:
        return ()
    confidence = np.array([one.confidence for one in questions])
    wrong = np.array([float(not one.right) for one in questions])
    named: tuple[tuple[str, Callable[..., Floats]], ...] = (
        ("brier", _brier),
        ("ece", _ece),
        ("aurc", _aurc),
        ("augrc", _augrc),
    )
    return tuple(
        Measure(name, float(of(confidence, wrong)), *_interval(confidence, wrong, of), len(wrong))
        for name, of in named
    )


def _confidence(said: Said) -> float:
    if said.confidence is None:
        return 0.0 if said.refused else 1.0
    return said.confidence


def _would_say(said: Said) -> str:
    return said.best if said.refused else MARKERS.sub("", said.text)


def _interval(
    confidence: "Floats", wrong: "Floats", of: "Callable[..., Floats]"
) -> tuple[float, float]:
    if len(wrong) == 1:
        return float(of(confidence, wrong)), float(of(confidence, wrong))
    return percentile_interval((confidence, wrong), of)


def _brier(confidence: "Floats", wrong: "Floats", axis: int = -1) -> "Floats":
    import numpy as np

    return np.asarray(((confidence - (1 - wrong)) ** 2).mean(axis))


def _ece(confidence: "Floats", wrong: "Floats", axis: int = -1) -> "Floats":
    import numpy as np

    in_bin = np.minimum((confidence * BINS).astype(int), BINS - 1)
    off = confidence - (1 - wrong)
    gaps = [np.abs(np.where(in_bin == one, off, 0).sum(axis)) for one in range(BINS)]
    return np.asarray(sum(gaps) / confidence.shape[axis])


def _aurc(confidence: "Floats", wrong: "Floats", axis: int = -1) -> "Floats":
    import numpy as np

    told_wrongly = _wrong_among_first(confidence, wrong)
    return np.asarray((told_wrongly / np.arange(1, wrong.shape[axis] + 1)).mean(axis))


def _augrc(confidence: "Floats", wrong: "Floats", axis: int = -1) -> "Floats":
    import numpy as np

    told_wrongly = _wrong_among_first(confidence, wrong)
    before = told_wrongly - np.diff(told_wrongly, axis=axis, prepend=0)
    return np.asarray(((before + told_wrongly) / 2 / wrong.shape[axis]).mean(axis))


def _wrong_among_first(confidence: "Floats", wrong: "Floats") -> "Floats":
    """Of the first k by confidence, the wrong ones to be expected, along the last axis.

    Those that tie share their wrong ones evenly.
    """
    import numpy as np

    order = np.argsort(-confidence, axis=-1)
    ranked = np.take_along_axis(confidence, order, -1).reshape(-1, confidence.shape[-1])
    begins = np.ones(ranked.shape, dtype=bool)
    begins[:, 1:] = ranked[:, 1:] != ranked[:, :-1]
    ties = np.cumsum(begins.ravel()) - 1  # every row begins a tie of its own
    shared = np.bincount(ties, np.take_along_axis(wrong, order, -1).ravel()) / np.bincount(ties)
    return np.cumsum(shared[ties].reshape(confidence.shape), axis=-1)
