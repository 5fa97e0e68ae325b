"""A memory that cannot be cut is dropped as a whole, and the answer stays the same."""

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from qa.engine.context import LlamaContext
from qa.engine.generation import Message, Role, StopFlag
from qa.models.catalogue import find_model
from qa.models.pulling import pull
from tests.conftest import ROOT

pytestmark = pytest.mark.model

PROMPT = [Message(Role.USER, ("They met in Munich on Monday. ", "Where did they meet?"))]


@pytest.fixture(scope="module")
def context() -> Iterator[LlamaContext]:
    """A small model with its context."""
    file = pull(find_model("smollm2-135m"), ROOT / "models", lambda _: None)
    with closing(LlamaContext(file, 512, 0)) as opened:
        yield opened


def test_what_cannot_be_cut_is_dropped_whole(context: LlamaContext) -> None:
    tokens = context.tokenize(PROMPT)
    context.decode(tokens, StopFlag())
    expected = context.logits().copy()
    context.cut(8)
    assert context.held == tokens[:8]

    context.can_cut = False  # as of a model with a sliding window or a state of its own
    context.decode(tokens[8:], StopFlag())
    context.cut(len(tokens))  # nothing to drop
    assert context.held == tokens
    context.cut(8)
    assert context.held == []
    context.decode(tokens, StopFlag())
    np.testing.assert_array_equal(context.logits(), expected)


def test_a_model_that_does_not_think_has_nothing_that_is_never_written(
    context: LlamaContext,
) -> None:
    assert context.never_written == []
    logits = context.logits()
    logits[context.never_written] = -np.inf
    assert np.isfinite(logits).all()
