"""What OpenAI's own client sees of an answer, over a real library with a scripted model."""

import urllib.request
from typing import Any
from urllib.parse import urlsplit

import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion

from qa.answering.answer_json import answer_object
from tests.answering.lamp_and_ferry import LIT, LIT_QUOTE, SAILS, SAILS_QUOTES
from tests.api.served import FakeService


def ask(client: OpenAI, question: str, **more: Any) -> ChatCompletion:
    return client.chat.completions.create(
        model="cuttings", messages=[{"role": "user", "content": question}], extra_body=more
    )


def told(completion: ChatCompletion) -> tuple[str, dict[str, Any]]:
    """The text of an answer, and our fields beside OpenAI's."""
    content = completion.choices[0].message.content
    assert content is not None
    return content, completion.model_extra or {}


def test_an_answer_says_what_qa_ask_says(client: OpenAI, service: FakeService) -> None:
    content, more = told(completion := ask(client, SAILS))
    same = answer_object(service.collection("main").assistant.answer(SAILS))
    assert content == same["answer"]
    assert (completion.model, completion.choices[0].finish_reason) == ("scripted", "stop")
    assert more["outcome"] == "answered"
    assert {one["quote"] for one in more["citations"]} == SAILS_QUOTES
    for name in ("evidence", "sources", "conflict", "confidence", "understood"):
        assert more[name] == same[name], name
    cited = [one for sentence in same["sentences"] for one in sentence["citations"]]
    assert more["citations"] == [one | {"confidence": same["confidence"]} for one in cited]
    assert completion.usage is not None
    assert completion.usage.completion_tokens == same["usage"]["completion_tokens"] > 0


def test_an_annotation_stands_where_its_number_does_and_opens_the_words(client: OpenAI) -> None:
    content, _ = told(completion := ask(client, LIT))
    assert content == f"“{LIT_QUOTE}” [1]"
    (annotation,) = completion.choices[0].message.annotations or []
    cited = annotation.url_citation
    assert (annotation.type, cited.title) == ("url_citation", "The lamp of Skagen")
    assert content[cited.start_index : cited.end_index] == "[1]"
    assert urlsplit(cited.url).path == "/v1/articles/lamp"
    start, end = map(int, urlsplit(cited.url).fragment.removeprefix("char=").split(","))
    with urllib.request.urlopen(cited.url) as response:
        assert response.read().decode()[start:end] == LIT_QUOTE


def test_a_stream_tells_the_same_with_the_quotes_first(client: OpenAI) -> None:
    whole, more = told(ask(client, SAILS))
    with client.chat.completions.create(
        model="scripted",
        messages=[{"role": "user", "content": SAILS}],
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        first, *middle, last, usage = stream
    first_extra, last_extra = first.model_extra or {}, last.model_extra or {}
    assert first_extra["evidence"] == more["evidence"]
    assert first_extra["sources"] == more["sources"]
    assert first.choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in middle) == whole
    assert len(middle) == 2, "a chunk a sentence"
    assert last.choices[0].finish_reason == "stop"
    assert {name: last_extra[name] for name in more} == more
    assert usage.choices == []
    assert usage.usage is not None
    assert usage.usage.completion_tokens > 0


def test_what_only_comes_close_is_quoted_behind_its_numbers(client: OpenAI) -> None:
    content, more = told(completion := ask(client, "Who fined the lighthouse keeper in 1903?"))
    assert more["outcome"] == "close"
    message, *quotes = content.split("\n")
    assert quotes == [f"[{one['number']}] “{one['quote']}”" for one in more["evidence"]]
    assert quotes
    marks = [one.url_citation for one in completion.choices[0].message.annotations or []]
    numbers = [f"[{one['number']}]" for one in more["evidence"]]
    assert [content[mark.start_index : mark.end_index] for mark in marks] == numbers
    assert message.startswith("The articles do not say this outright")


def test_what_nothing_bears_on_is_told_so(client: OpenAI) -> None:
    content, more = told(ask(client, "Who composed Fidelio?"))
    assert more["outcome"] == "nothing"
    assert content.startswith("Nothing in the articles bears on this question")


@pytest.mark.parametrize(
    ("scope", "articles"),
    [
        ({"since": "2024-01-01"}, {"second"}),
        ({"until": "2023-12-31"}, {"lamp"}),
        ({"sources": ["island post"]}, {"second"}),
        ({"collection": "main"}, {"ferry", "second"}),
    ],
)
def test_days_sources_and_collection_narrow_the_question(
    client: OpenAI, scope: dict[str, Any], articles: set[str]
) -> None:
    _, more = told(ask(client, SAILS, **scope))
    assert {one["article_id"] for one in more["sources"]} == articles


def test_earlier_turns_are_the_history_of_a_follow_up(client: OpenAI) -> None:
    asked = client.chat.completions.create(
        model="cuttings",
        messages=[
            {"role": "system", "content": "Answer in rhymes."},
            {"role": "user", "content": LIT},
            {"role": "assistant", "content": LIT_QUOTE},
            {"role": "user", "content": [{"type": "text", "text": "And who is its keeper?"}]},
        ],
    )
    _, more = told(asked)
    assert "lighthouse" in more["understood"]
    assert more["evidence"][0]["article_id"] == "lamp"
