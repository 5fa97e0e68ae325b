"""What teachers say of examples, and how it is kept."""

from pathlib import Path

import numpy as np
import pytest
import torch
from batches import Soft, Tokens
from encoder import SEP, Encoder, Reader, Shape
from labels import loaded_soft, soft_verdicts, stored_soft


def test_verdicts_are_read_as_they_were_written(tmp_path: Path) -> None:
    soft = [
        Soft(np.array([0.5, 0.25, 0.25], np.float16), np.array([0, 0, 1], np.float16), 0.75),
        Soft(np.array([1, 0], np.float16), np.array([0.125, 0.875], np.float16), 0.5),
    ]
    stored_soft(soft, tmp_path / "epoch-0.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["epoch-0.npz"]
    for one, other in zip(loaded_soft(tmp_path / "epoch-0.npz"), soft, strict=True):
        assert one.start.tolist() == other.start.tolist()
        assert one.end.tolist() == other.end.tolist()
        assert one.answerable == other.answerable


def teacher(logit: float) -> Reader:
    """One that finds all places alike, and an answer as likely as the logit says."""
    encoder = Encoder(Shape(layers=1, width=8, heads=2, epsilon=1e-5))
    for one in (encoder.span.weight, encoder.span.bias, encoder.answerable.weight):
        torch.nn.init.zeros_(one)
    torch.nn.init.constant_(encoder.answerable.bias, logit)
    return Reader(encoder, torch.zeros(110, 8))


def test_several_teachers_say_the_mean() -> None:
    examples = [
        Tokens((101, 7, SEP, 8, SEP), 3, (), None),
        Tokens((101, SEP, 8, 9, SEP), 2, (), None),
    ]
    sure, unsure = float(np.log(3)), 0.0  # odds of 3 to 1, and even ones
    first, second = soft_verdicts([teacher(sure), teacher(unsure)], examples)
    assert first.start.tolist() == first.end.tolist() == [0.5, 0, 0, 0.5, 0]
    assert second.start.tolist() == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3, 0], abs=1e-3)
    assert first.answerable == pytest.approx((0.75 + 0.5) / 2, abs=1e-3)
