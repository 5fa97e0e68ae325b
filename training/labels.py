"""What teachers make of examples, for the reader to learn from, and the file of many of them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from batches import Soft, Tokens, collated, grouped
from encoder import Reader
from judging import ASKED_AT_ONCE, device_here, mixed_precision, read
from pace import Pace
from torch import Tensor


def soft_verdicts(
    teachers: Sequence[Reader], examples: Sequence[Tokens], name: str = "labels"
) -> list[Soft]:
    """The mean of the teachers' probabilities for each example; `name` is told with the pace."""
    for teacher in teachers:
        teacher.to(device_here()).eval()
    pace = Pace(name, len(examples))
    found: dict[int, Soft] = {}
    for places in grouped(examples, ASKED_AT_ONCE, None):
        batch = collated([examples[place] for place in places])
        with mixed_precision():
            readings = [read(teacher, batch) for teacher in teachers]
        start = _mean([one.start.softmax(-1) for one in readings])
        end = _mean([one.end.softmax(-1) for one in readings])
        answerable = _mean([one.answerable.sigmoid() for one in readings])
        for row, place in enumerate(places):
            length = len(examples[place].ids)
            found[place] = Soft(start[row, :length], end[row, :length], float(answerable[row]))
        if pace.due:
            pace.tell(len(found))
    return [found[place] for place in range(len(examples))]


def stored_soft(soft: Sequence[Soft], file: Path) -> None:
    """Write teachers' verdicts; `loaded_soft` reads them."""
    part = file.with_suffix(".part.npz")  # numpy adds .npz to any other name
    np.savez_compressed(
        part,
        lengths=np.array([len(one.start) for one in soft]),
        start=np.concatenate([one.start for one in soft]),
        end=np.concatenate([one.end for one in soft]),
        answerable=np.array([one.answerable for one in soft], np.float32),
    )
    part.replace(file)


def loaded_soft(file: Path) -> list[Soft]:
    """The verdicts that `stored_soft` wrote."""
    with np.load(file) as stored:
        cuts = np.cumsum(stored["lengths"])[:-1]
        starts, ends = np.split(stored["start"], cuts), np.split(stored["end"], cuts)
        rows = zip(starts, ends, stored["answerable"], strict=True)
        return [Soft(start, end, float(answerable)) for start, end, answerable in rows]


def _mean(probabilities: Sequence[Tensor]) -> np.ndarray:
    """Their mean in float16, which halves what is kept and is fine enough for what is rounded."""
    return np.asarray(torch.stack(list(probabilities)).mean(0).half().cpu().numpy())
