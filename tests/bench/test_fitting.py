"""The shipped numbers of confidence are what the kept signals come to."""

import pytest
from calibrate import SIGNALS
from fitting import example, fit, with_reader, without_reader
from measuring import read_questions

from qa.answering.confidence import Weighing, shipped


def test_the_shipped_numbers_come_from_the_signals_that_are_kept() -> None:
    examples = [example(row) for row in read_questions(SIGNALS)]
    fitted = Weighing(fit(with_reader(examples)), fit(without_reader(examples)))
    for found, there in (
        (fitted.with_reader, shipped().with_reader),
        (fitted.without_reader, shipped().without_reader),
    ):
        assert (found.bias, *found.weights) == pytest.approx((there.bias, *there.weights), abs=1e-3)
