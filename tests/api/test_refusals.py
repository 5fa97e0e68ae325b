"""Whatever cannot be answered is told in OpenAI's shape, as the client's own exceptions."""

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest
from openai import OpenAI

from qa.library.store import Store
from qa.service.limits import MOST_BODY_BYTES, Rate
from qa.service.passwords import load_users, user_line
from tests.answering.lamp_and_ferry import LIT, SAILS, over
from tests.api.served import FakeService, Opened, StuckGenerator, running

QUESTION: list[Any] = [{"role": "user", "content": LIT}]


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"model": "gpt-5"}, openai.NotFoundError, ("model", "model_not_found", "'gpt-5'")),
        (
            {"extra_body": {"collection": "x"}},
            openai.NotFoundError,
            ("collection", "collection_not_found", "main, empty"),
        ),
        (
            {"extra_body": {"collection": "empty"}},
            openai.NotFoundError,
            (None, "index_missing", "qa index"),
        ),
        (
            {"extra_body": {"sources": ["Nobody"]}},
            openai.BadRequestError,
            ("sources", "source_not_found", "Cuttings desk"),
        ),
        (
            {"extra_body": {"since": "2024-01-02", "until": "2024-01-01"}},
            openai.BadRequestError,
            (
                "since",
                "bad_scope",
                "since (2024-01-02) lies after until (2024-01-01): no day is left",
            ),
        ),
        ({"extra_body": {"since": "soon"}}, openai.BadRequestError, ("since", None, "date")),
        ({"n": 2}, openai.BadRequestError, ("n", None, "1")),
        ({"messages": []}, openai.BadRequestError, ("messages", None, "at least 1")),
        (
            {"messages": [{"role": "user", "content": "?"}]},
            openai.BadRequestError,
            ("messages", "bad_question", "empty"),
        ),
        (
            {"messages": [*QUESTION, {"role": "assistant", "content": "1858"}]},
            openai.BadRequestError,
            ("messages", "bad_question", "last message"),
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            openai.BadRequestError,
            ("messages", None, "should be 'text'"),
        ),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_is_wrong_with_a_request_is_told(
    client: OpenAI,
    given: dict[str, Any],
    kind: type[openai.APIStatusError],
    said: tuple[str | None, str | None, str],
    stream: bool,
) -> None:
    with pytest.raises(kind) as refused:
        client.chat.completions.create(
            **({"model": "cuttings", "messages": QUESTION} | given), stream=stream
        )
    param, code, message = said
    assert (refused.value.param, refused.value.code) == (param, code)
    assert refused.value.type == "invalid_request_error"
    assert message in refused.value.message


def sent(url: str, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
    """The status and the error of a request, sent as no client would send it."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())["error"]


def test_what_no_client_sends_is_told_in_the_same_shape(url: str) -> None:
    json_type = {"content-type": "application/json"}
    path = "/v1/chat/completions"
    status, error = sent(url, "POST", path, b"{", **json_type)
    assert (status, error["message"]) == (400, "The body: JSON decode error.")
    status, error = sent(url, "POST", path, b" " * (MOST_BODY_BYTES + 1), **json_type)
    assert (status, error["code"]) == (413, "request_too_large")
    assert sent(url, "GET", path)[0] == 405
    assert sent(url, "GET", "/v1/nothing")[0] == 404
    status, error = sent(url, "GET", "/v1/models", host="evil.example")
    assert (status, error["type"]) == (403, "permission_error")
    assert sent(url, "GET", "/v1/articles/none")[1]["code"] == "article_not_found"


def test_a_body_whose_length_is_not_told_is_counted(url: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    blocks = (b" " * (MOST_BODY_BYTES // 4) for _ in range(6))
    headers = {"content-type": "application/json"}
    connection.request("POST", "/v1/chat/completions", blocks, headers, encode_chunked=True)
    assert connection.getresponse().status == 413


def test_keys_are_asked_for_and_counted_each_for_itself(service: FakeService) -> None:
    users = load_users("\n".join(user_line(name, f"{name}-secret") for name in "ab"), Path())
    with running(service, users, per_minute=2) as (url, _):

        def client(key: str) -> OpenAI:
            return OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)

        for wrong in ("a:b-secret", "a-secret", "c:a-secret"):
            with pytest.raises(openai.AuthenticationError) as unknown:
                client(wrong).models.list()
            assert unknown.value.code == "invalid_api_key"
        assert sent(url, "GET", "/metrics")[0] == 401
        assert sent(url, "GET", "/openapi.json")[0] == 401
        anna = client("a:a-secret")
        assert [len(anna.models.list().data) for _ in range(2)] == [3, 3]
        with pytest.raises(openai.RateLimitError) as limited:
            anna.models.list()
        assert limited.value.code == "rate_limit_exceeded"
        assert 0 < int(limited.value.response.headers["retry-after"]) <= 30
        assert len(client("b:b-secret").models.list().data) == 3


def test_a_rate_lets_a_minutes_worth_through_at_once_and_then_evenly() -> None:
    now = 100.0
    rate = Rate(3, lambda: now)
    assert [rate.wait_s("a") for _ in range(4)] == [0, 0, 0, 20]
    assert rate.wait_s("b") == 0
    now = 110.0
    assert rate.wait_s("a") == 10
    now = 120.0
    assert [rate.wait_s("a") for _ in range(2)] == [0, 20]


@pytest.fixture
def stuck(service: FakeService, store: Store) -> tuple[FakeService, StuckGenerator]:
    """The articles, and a model that reads until it is stopped."""
    generator, shelf = StuckGenerator(), service.collection("main").shelf
    return FakeService({"main": Opened(over(store, generator), shelf)}), generator


def asking(url: str, *, stream: bool) -> http.client.HTTPConnection:
    """A connection on which a question was asked, and nothing was read yet."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    body = json.dumps({"stream": stream, "messages": [{"role": "user", "content": SAILS}]})
    connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
    return connection


@pytest.mark.parametrize("stream", [False, True])
def test_when_the_client_has_gone_the_model_stops_reading(
    stuck: tuple[FakeService, StuckGenerator], stream: bool
) -> None:
    service, generator = stuck
    with running(service) as (url, _):
        connection = asking(url, stream=stream)
        assert generator.reading.wait(10)
        connection.close()
        assert generator.stopped.wait(10)


@pytest.mark.parametrize("stream", [False, True])
def test_a_server_that_stops_tells_whoever_waits(
    stuck: tuple[FakeService, StuckGenerator], stream: bool
) -> None:
    service, generator = stuck
    with running(service) as (url, server):
        connection = asking(url, stream=stream)
        assert generator.reading.wait(10)
        server.should_exit = True
        response = connection.getresponse()
        *_, last = response.read().decode().strip().splitlines()
        assert json.loads(last.removeprefix("data: "))["error"]["code"] == "stopping"
        assert response.status == (200 if stream else 503)
