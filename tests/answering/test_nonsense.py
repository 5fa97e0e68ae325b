"""What a model of each kind of memory writes at random is told by nobody."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qa.engine.decoding import LlamaEngine
from qa.library.store import Store
from qa.service.opening import Encoders, make_assistant, make_retriever
from qa.settings import Settings
from qa.types import Outcome
from tests.conftest import THREADS
from tests.engine import made_models

pytestmark = pytest.mark.model

QUESTIONS = (
    "Why did Antony Blinken postpone his trip?",
    "How did the crew refloat the Ever Given?",
    "Who is Wang Yi?",
)


@pytest.mark.parametrize(
    "make", [made_models.sliding_window, made_models.own_state, made_models.cells_and_state]
)
def test_the_quotes_are_told_as_if_there_were_no_model(
    make: Callable[[Path], None],
    tmp_path: Path,
    defaults: Settings,
    encoders: Encoders,
    seeds_store: Store,
) -> None:
    make(tmp_path / "made.gguf")
    retriever = make_retriever(defaults, seeds_store, encoders.embedder)
    alone = make_assistant(defaults, retriever, None, encoders, seeds_store)
    engine = LlamaEngine(tmp_path / "made.gguf", name="made", context_tokens=8192, threads=THREADS)
    with closing(engine):
        beside = make_assistant(defaults, retriever, engine, encoders, seeds_store)
        written = 0
        for question in QUESTIONS:
            expected, answer = alone.answer(question), beside.answer(question)
            assert answer.outcome is expected.outcome is Outcome.ANSWERED
            assert answer.sentences == expected.sentences
            assert answer.evidence == expected.evidence
            written += answer.usage.completion_tokens
    assert written > 0, "the model was asked"
