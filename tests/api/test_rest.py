"""Embeddings, models, metrics and the rest, as OpenAI's client and others see them."""

import asyncio
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import openai
import pytest
from openai import OpenAI

from qa.api.asking import MOST_AT_ONCE, Questions
from qa.api.errors import ApiError
from qa.engine.generation import StopFlag
from qa.engine.queueing import Gate
from qa.types import EVERYTHING, Event, Hit, Scope, Turn
from tests.answering.lamp_and_ferry import LIT, LIT_QUOTE
from tests.api.served import OPENING_S, FakeService, OpeningService, running
from tests.fakes import FakeEmbedder


@pytest.mark.parametrize("given", [{"encoding_format": "float"}, {}])
def test_embeddings_are_those_of_the_articles(client: OpenAI, given: dict[str, Any]) -> None:
    """Without a format the client asks for base64."""
    texts = ["the lamp", "the ferry"]
    made = client.embeddings.create(model="words", input=texts, **given)
    want = FakeEmbedder().embed(texts)
    assert np.array_equal(np.array([row.embedding for row in made.data], dtype="<f4"), want)
    assert (made.model, made.usage.prompt_tokens) == ("words", 4)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"input": ["short", "long " * 257]}, "Text 1 has 257 tokens; words reads 256"),
        ({"input": "short", "dimensions": 3}, "512 dimensions"),
        ({"input": []}, "at least 1"),
        ({"input": [[1, 2]]}, "string"),
    ],
)
def test_what_cannot_be_embedded_is_told(
    client: OpenAI, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=message):
        client.embeddings.create(model="words", **given)
    with pytest.raises(openai.NotFoundError, match="scripted"):
        client.embeddings.create(model="scripted", input="short")


def test_models_are_those_that_can_be_named(client: OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names == ["cuttings", "scripted", "words"]
    assert client.models.retrieve("scripted").id == "scripted"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-5")


def test_metrics_count_requests_by_route_and_nobodys_words(client: OpenAI, url: str) -> None:
    asked: list[Any] = [{"role": "user", "content": "When was the lighthouse at Skagen lit?"}]
    client.chat.completions.create(model="cuttings", messages=asked)
    with urllib.request.urlopen(f"{url}/metrics") as response:
        text = response.read().decode()
    assert 'cuttings_answers_total{outcome="answered"} 1.0' in text
    assert 'cuttings_requests_total{route="/v1/chat/completions",status="200"} 1.0' in text
    assert "cuttings_questions_under_way 0.0" in text
    assert "Skagen" not in text


def test_while_a_collection_is_opened_other_requests_are_answered(service: FakeService) -> None:
    opening = OpeningService(service.opened)
    asked: list[Any] = [{"role": "user", "content": LIT}]
    with (
        running(opening) as (url, _),
        OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client,
        ThreadPoolExecutor(1) as thread,
    ):
        answer = thread.submit(
            client.chat.completions.create, model="cuttings", messages=asked, stream=False
        )
        assert opening.begun.wait(OPENING_S)
        with urllib.request.urlopen(f"{url}/healthz", timeout=OPENING_S / 2) as response:
            assert response.status == 200
        opening.may_open.set()
        assert answer.result().choices[0].message.content == f"“{LIT_QUOTE}” [1]"


class Waiting:
    """An assistant that says nothing until it is stopped."""

    def retrieve(
        self, question: str, history: Sequence[Turn], k: int, scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """Nothing."""
        return ()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: StopFlag | None = None,
        scope: Scope = EVERYTHING,
    ) -> Iterator[Event]:
        """See the class."""
        while stop is not None and not stop.is_set():
            time.sleep(0.05)
        yield from ()


def test_more_questions_than_can_wait_are_told_to_come_again() -> None:
    async def here() -> bool:
        return False

    async def crowd() -> None:
        questions = Questions(Gate())

        async def one() -> None:
            async for _ in questions.events(Waiting(), "Who?", (), EVERYTHING, here):
                pass

        waiting = [asyncio.create_task(one()) for _ in range(MOST_AT_ONCE)]
        while len(questions) < MOST_AT_ONCE:
            await asyncio.sleep(0)
        with pytest.raises(ApiError) as refused:
            await one()
        assert refused.value.code == "overloaded"
        questions.close()
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert {getattr(error, "code", None) for error in ended} == {"stopping"}

    with ThreadPoolExecutor(1) as thread:  # this one may have a browser's loop
        thread.submit(asyncio.run, crowd()).result()
