"""Numbers of confidence for a home: fitted, held against the shipped ones, and used if no worse.

Pure. With the encoders that the shipped numbers were fitted with, a person's own questions move
these a little. With others they are fitted from nothing, on the fixed set and on one's own.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

from qa.answering.confidence import Confidence, Signals, Weighing
from qa.evaluating.calibrating import Asked
from qa.evaluating.fitting import Example, Prior, fit, nothing
from qa.evaluating.weighing import AtBar, Weighed, at_bar

STRENGTH = 30.0
"""How strongly the shipped numbers are believed against one's own questions. Each of the five sets
that they were fitted to was left out in turn, and 30 of its questions taken for a person's. On the
rest of the set AUROC moved by -.0001 to +.0135 on average, and by -.020 in the worst of 12 draws;
at 10 by -.0029 to +.0278, and -.047; at 100 by +.0001 to +.0047 (`bench/evaluating.md`)."""

LEAST = 10
"""So many questions of one's own must be answered by what is shown, and so many must not."""

FOLDS, REPEATS = 5, 5
"""Parts of a cross-validation, and how often it is done: on 52 questions the AUROC of one alone was
.862, .871 or .879, as the parts fell."""

MOST_LOST = 0.02
"""So much AUROC may be lost on the fixed set by numbers that one's own questions moved."""

SUREST = 1e-6
"""No confidence counts as surer than this when its loss is told."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Numbers fitted here, and what is known of them.

    `questions` were asked in all, `own` of them a person's. `judged_on` so many is `shipped`, what
    the shipped numbers come to, and `fitted`, what those do that were fitted without the question.
    They are `in_use` if they are no worse.
    """

    weighing: Weighing
    day: date
    questions: int
    own: int
    judged_on: int
    shipped: "Worth"
    fitted: "Worth"
    in_use: bool


@dataclass(frozen=True, slots=True)
class Worth:
    """What numbers are worth on some questions: AUROC, and log loss in nats, both kinds alike."""

    auroc: float
    loss: float

    def is_no_worse_than(self, other: "Worth") -> bool:
        """Whether it ranks no worse and is no further from what came true."""
        return self.auroc >= other.auroc and self.loss <= other.loss


@dataclass(frozen=True, slots=True)
class Judged:
    """A calibration with what the bar does to the questions it was judged on.

    So many of these are `answerable`, and so many not. `fixed_shipped` and `fixed_fitted` are the
    AUROC of either on the fixed set.
    """

    calibration: Calibration
    answerable: int
    unanswerable: int
    bar_shipped: AtBar
    bar_fitted: AtBar
    fixed_shipped: float
    fixed_fitted: float


def enough(asked: Sequence[Asked]) -> bool:
    """Whether there are questions of both kinds to judge by."""
    found = [one.right for one in asked if one.signals]
    return min(found.count(True), found.count(False)) >= LEAST


def calibrate(
    asked: Sequence[Asked], shipped: Weighing, bar: float, day: date, *, same_encoders: bool
) -> Judged | None:
    """Numbers for the encoders that these were asked with; None where there is too little to fit.

    `same_encoders` are those that `shipped` was fitted with. What is judged on is one's own
    questions, if there are enough, else all. The order of what was asked does not matter.
    """
    asked = sorted(asked, key=lambda one: one.key)
    own = [one for one in asked if one.own]
    fixed = [one for one in asked if not one.own]
    taught = own if same_encoders else asked
    if not enough(taught):
        return None

    def fitted(some: Sequence[Asked]) -> Weighing:
        return fit_both(some, shipped if same_encoders else None)

    weighing = fitted(taught)
    held_out = cross_validated(taught, fitted)
    judged_on = [one for one in taught if not enough(own) or one.own]
    before = [one.weighed(shipped) for one in judged_on]
    after = [_held_out(one, held_out[one.key]) for one in judged_on]
    found = [one.signals is not None for one in judged_on]
    worth_before, worth_after = (worth(list(compress(some, found))) for some in (before, after))
    fixed_shipped, fixed_fitted = auroc(fixed, shipped), auroc(fixed, weighing)
    calibration = Calibration(
        weighing,
        day,
        questions=len(asked),
        own=len(own),
        judged_on=len(judged_on),
        shipped=worth_before,
        fitted=worth_after,
        in_use=worth_after.is_no_worse_than(worth_before)
        and fixed_fitted >= fixed_shipped - MOST_LOST,
    )
    answerable = sum(one.answerable for one in judged_on)
    return Judged(
        calibration,
        answerable,
        len(judged_on) - answerable,
        at_bar(before, bar),
        at_bar(after, bar),
        fixed_shipped,
        fixed_fitted,
    )


def fit_both(asked: Sequence[Asked], shipped: Weighing | None) -> Weighing:
    """Numbers with and without a reader, from the shipped ones on, or from nothing without any.

    What is answered counts as much as what is not, so that a bar means the same whatever is asked
    more often.
    """

    def of(some: Sequence[tuple[Signals, bool]], before: Confidence | None) -> Confidence:
        rights = [right for _, right in some]
        share = {right: len(some) / 2 / max(1, rights.count(right)) for right in (True, False)}
        prior = Prior(before, STRENGTH, bias=True) if before else nothing()
        return fit([Example(signals, right, share[right]) for signals, right in some], prior)

    known = [(one.signals, one.right) for one in asked if one.signals]
    return Weighing(
        of(
            [(signals.without_words(), right) for signals, right in known if signals.read],
            shipped.with_reader if shipped else None,
        ),
        of(
            [(signals.without_reader(), right) for signals, right in known],
            shipped.without_reader if shipped else None,
        ),
    )


def cross_validated(
    asked: Sequence[Asked], fitted: Callable[[Sequence[Asked]], Weighing]
) -> dict[str, tuple[Weighing, ...]]:
    """For each question, by key, REPEATS numbers that were fitted without it.

    In FOLDS parts that have as much of either kind (Kohavi, IJCAI 1995), each time dealt anew by
    the SHA-256 of the questions.
    """
    numbers: dict[str, tuple[Weighing, ...]] = {one.key: () for one in asked}
    for repeat in range(REPEATS):
        dealt = sorted(asked, key=lambda one: (one.signals is None, one.right, _die(repeat, one)))
        for fold in range(FOLDS):
            weighing = fitted([one for at, one in enumerate(dealt) if at % FOLDS != fold])
            for one in dealt[fold::FOLDS]:
                numbers[one.key] += (weighing,)
    return numbers


def _die(repeat: int, asked: Asked) -> str:
    question, _, _ = asked.key.partition(" ")  # whichever library it was asked of
    return hashlib.sha256(f"{repeat} {question}".encode()).hexdigest()


def _held_out(asked: Asked, numbers: Sequence[Weighing]) -> Weighed:
    """The question as a bar sees it, by the mean of what numbers say."""
    told = [asked.confidence(weighing) for weighing in numbers]
    return Weighed(sum(told) / len(told), asked.answerable, asked.right)


def auroc(asked: Sequence[Asked], weighing: Weighing) -> float:
    """How well numbers rank what is answered above what is not, 0 to 1; .5 where one is lacking."""
    return worth([one.weighed(weighing) for one in asked if one.signals]).auroc


def worth(questions: Sequence[Weighed]) -> Worth:
    """AUROC, by the rank-sum (Hanley and McNeil, Radiology 1982), ties halved; and log loss.

    The loss is the mean of the means of both kinds. AUROC is .5 where there is one kind alone.
    """
    from scipy.stats import rankdata

    ranks = rankdata([one.confidence for one in questions])
    right = [rank for rank, one in zip(ranks, questions, strict=True) if one.right]
    wrong = len(questions) - len(right)
    pairs = len(right) * wrong
    above = sum(right) - len(right) * (len(right) + 1) / 2
    losses: dict[bool, list[float]] = {True: [], False: []}
    for one in questions:
        true = one.confidence if one.right else 1 - one.confidence
        losses[one.right].append(-math.log(max(SUREST, true)))
    means = [sum(some) / len(some) for some in losses.values() if some]
    return Worth(float(above / pairs) if pairs else 0.5, sum(means) / len(means) if means else 0.0)
