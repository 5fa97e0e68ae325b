"""How well a reader does on examples whose answers are known. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from batches import Tokens

LONGEST_SPAN = 30
"""Tokens of the longest span that is looked for."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader says of an example; `span` in tokens, end inclusive, `score` against null."""

    score: float
    head: float
    span: tuple[int, int]


def together(asked: Sequence[Sequence[Verdict]]) -> list[Verdict]:
    """Several readers' verdicts on each example as one: mean scores, and the first one's span."""
    return [
        Verdict(
            float(np.mean([one.score for one in each])),
            float(np.mean([one.head for one in each])),
            each[0].span,
        )
        for each in zip(*asked, strict=True)
    ]


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, ties counting half (Mann-Whitney)."""
    both = np.concatenate([np.asarray(positive, float), np.asarray(negative, float)])
    values, places, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    count, other = len(positive), len(negative)
    if not count or not other or len(values) == 0:
        return float("nan")
    return float((ranks[:count].sum() - count * (count + 1) / 2) / (count * other))


def measured(
    kinds: Sequence[str], examples: Sequence[Tokens], verdicts: Sequence[Verdict]
) -> dict[str, float]:
    """AUROC by the span's score and by the head, and the share of answers met, for each set."""
    figures: dict[str, float] = {}
    rows = list(zip(kinds, examples, verdicts, strict=True))
    for name in ("squad", "nq", "repliqa", "everyday"):
        mine = [(one, verdict) for kind, one, verdict in rows if kind.startswith(name)]
        for way in ("score", "head"):
            yes = [getattr(verdict, way) for one, verdict in mine if one.answerable]
            no = [getattr(verdict, way) for one, verdict in mine if not one.answerable]
            figures[f"{name}-{way}"] = round(auroc(yes, no), 4)
        spans = [(one, verdict) for one, verdict in mine if one.answerable and one.text_start]
        met = [_met(one, verdict) for one, verdict in spans]
        figures[f"{name}-met"] = round(sum(met) / max(1, len(met)), 4)
    return figures


def _met(one: Tokens, verdict: Verdict) -> bool:
    """Whether the best span overlaps an accepted one."""
    spans = one.spans or ((one.region,) if one.region else ())
    return any(start <= verdict.span[1] and verdict.span[0] <= end for start, end in spans)
