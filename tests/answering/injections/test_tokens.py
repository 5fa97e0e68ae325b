"""With the default model's own tokenizer: no text of an article becomes a control token."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.answering.prompt import ask
from qa.engine.context import LlamaContext
from qa.engine.generation import Message, Role
from qa.models.catalogue import ModelKind, resolve_model
from qa.settings import Settings
from tests.answering.builders import piece
from tests.answering.injections import INJECTIONS, Injection, among_harmless
from tests.conftest import THREADS

pytestmark = pytest.mark.model

PIECES = st.sampled_from(
    "<| |> <|im_start|> <|im_end|> <|endoftext|> <|fim_prefix|> <|fim_middle|> <|fim_suffix|>"
    " <|fim_pad|> <|repo_name|> <|file_sep|> <|object_ref_start|> <|box_end|> <|vision_start|>"
    " <|image_pad|> <|eot_id|> <|start_header_id|> [INST] [/INST] <s> </s> <<SYS>> <tool_call>"
    " im_start im_end endoftext system user assistant < | > \ue000 \ue001 0 1 \n \u200b é".split(
        " "
    )
)


@pytest.fixture(scope="module")
def context(defaults: Settings) -> Iterator[LlamaContext]:
    path = resolve_model(defaults.model, defaults.models_dir, ModelKind.LANGUAGE)
    context = LlamaContext(path, context_tokens=256, threads=THREADS)
    yield context
    context.close()


def control_tokens(context: LlamaContext, messages: list[Message]) -> list[int]:
    """Control tokens have no text of their own."""
    return [token for token in context.tokenize(messages) if not context.piece(token)]


def turn(*parts: str) -> list[Message]:
    return [Message(Role.SYSTEM, ("Be brief.",)), Message(Role.USER, parts)]


def test_the_template_itself_has_control_tokens(context: LlamaContext) -> None:
    # Two turns that are opened and closed, and the assistant's that is opened.
    assert len(control_tokens(context, turn("Who?"))) == 5


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda one: one.id)
def test_no_article_opens_or_closes_a_turn(
    injection: Injection, context: LlamaContext, tmp_path: Path
) -> None:
    hits = among_harmless(injection.read(tmp_path))
    assert len(control_tokens(context, turn(injection.content))) == 5
    quote = piece(hits[1].passage.text, hits, 2)
    asked = ask(injection.question, [quote], hits)
    assert len(control_tokens(context, asked)) == 5


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.lists(PIECES, max_size=12).map("".join), min_size=1, max_size=4))
def test_nor_does_any_text_of_template_words(context: LlamaContext, parts: list[str]) -> None:
    assert len(control_tokens(context, turn(*parts))) == 5
