"""Selective answering: how much is told, how much of it is wrong, and which bar keeps to a risk.

Pure. A question counts as `qa.evaluating.weighing` weighs it, so one that nothing answers is wrong
whenever something is told, and one for which there is nothing to tell comes last.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qa.evaluating.metrics import Measure
from qa.evaluating.resampling import percentile_interval
from qa.evaluating.weighing import BINS, AtBar, Weighed, sweep

if TYPE_CHECKING:
    from qa.evaluating.resampling import Floats


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
