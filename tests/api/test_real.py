"""The real model over seeds/, asked by OpenAI's client."""

from pathlib import Path

import pytest
from openai import OpenAI

from qa.answering.answer_json import answer_object
from qa.answering.assistant import Assistant
from qa.library.embedder import SentenceEmbedder
from qa.library.store import Store
from qa.service.uploads import Shelf
from tests.api.served import FakeService, Opened, running

pytestmark = pytest.mark.model

QUESTION = "What did China say about the balloon?"


def test_the_client_shows_the_quotes_of_qa_ask(
    assistant: Assistant, seeds_store: Store, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    said = answer_object(assistant.answer(QUESTION))
    opened = Opened(assistant, Shelf(seeds_store, embedder, tmp_path, 112))
    with (
        running(FakeService({"main": opened}, embedder=embedder)) as (url, _),
        OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client,
        client.chat.completions.create(
            model="cuttings", messages=[{"role": "user", "content": QUESTION}], stream=True
        ) as stream,
    ):
        chunks = list(stream)
    assert said["usage"]["completion_tokens"] > 0, "a question that the model phrases is wanted"
    shown = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert shown == said["answer"]
    last = chunks[-1].model_extra or {}
    quotes = [one["quote"] for sentence in said["sentences"] for one in sentence["citations"]]
    assert [one["quote"] for one in last["citations"]] == quotes
    assert quotes
    assert last["evidence"] == said["evidence"]
