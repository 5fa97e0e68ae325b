"""What can be dropped of a memory, by its kind, and that nothing dropped shows in the logits."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from qa.engine.context import LlamaContext
from qa.engine.generation import Message, Role, StopFlag
from tests.conftest import THREADS
from tests.engine import made_models

Make = Callable[[Path], None]

PROMPT = [Message(Role.USER, ("They met in Munich on Monday. " * 2, "Where did they meet?"))]


@pytest.fixture
def context(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LlamaContext]:
    """A context of the kind that a test asks for."""
    make: Make = request.param
    make(tmp_path / "made.gguf")
    with closing(LlamaContext(tmp_path / "made.gguf", 512, THREADS)) as opened:
        yield opened


def read(context: LlamaContext, tokens: list[int]) -> None:
    """Read on, up to the end of a prompt."""
    context.decode(tokens[len(context.held) :], StopFlag())
    assert context.held == tokens


@pytest.mark.parametrize("context", [made_models.sliding_window], indirect=True)
def test_the_last_cells_of_a_sliding_window_can_be_dropped(context: LlamaContext) -> None:
    tokens = context.tokenize(PROMPT)
    assert len(tokens) > 2 * made_models.WINDOW, "the last token does not see the first"
    read(context, tokens)
    expected = context.logits().copy()
    for length in (4, made_models.WINDOW, len(tokens) // 4 * 4 - 8):
        context.cut(length)
        assert context.held == tokens[:length]
        read(context, tokens)
        np.testing.assert_array_equal(context.logits(), expected)


@pytest.mark.parametrize("context", [made_models.sliding_window], indirect=True)
def test_what_a_window_has_left_behind_is_in_no_copy(context: LlamaContext) -> None:
    tokens = context.tokenize(PROMPT)
    read(context, tokens)
    expected = context.logits().copy()
    context.cut(64)
    copied = context.copy_state()
    for length in (4, 60):  # before the end of the copy: nothing of it is left
        context.restore(copied)
        assert context.held == tokens[:64]
        context.cut(length)
        assert context.held == []
    context.restore(copied)
    for length in (72, 64):  # read on from it and cut behind its end
        read(context, tokens)
        np.testing.assert_array_equal(context.logits(), expected)
        context.cut(length)
        assert context.held == tokens[:length]


@pytest.mark.parametrize(
    "context", [made_models.own_state, made_models.cells_and_state], indirect=True
)
def test_a_state_of_its_own_is_dropped_as_a_whole(context: LlamaContext) -> None:
    tokens = context.tokenize(PROMPT)
    context.decode(tokens[:64], StopFlag())
    copied = context.copy_state()
    read(context, tokens)
    expected = context.logits().copy()
    context.cut(len(tokens))  # nothing to drop
    assert context.held == tokens
    context.cut(64)
    assert context.held == []
    context.restore(copied)
    assert context.held == tokens[:64]
    read(context, tokens)
    np.testing.assert_array_equal(context.logits(), expected)


@pytest.mark.parametrize("context", [made_models.own_state], indirect=True)
def test_a_model_that_does_not_think_has_nothing_that_is_never_written(
    context: LlamaContext,
) -> None:
    assert context.never_written == []
    context.decode(context.tokenize(PROMPT), StopFlag())
    logits = context.logits()
    logits[context.never_written] = -np.inf
    assert np.isfinite(logits).all()
