"""The tools, as the SDK's own client calls them: in this process, over HTTP and over stdio."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from qa.api.asking import Questions
from qa.api.mcp_server import http_app, make_mcp
from qa.api.serving import Server
from qa.library.store import Store
from qa.service.address import free_address
from tests.answering.lamp_and_ferry import LIT, LIT_QUOTE, SAILS, over
from tests.api.served import NOBODY, FakeService, Opened, OpeningService, StuckGenerator
from tests.conftest import ROOT

NO_DAY = {"since": "2024-01-02", "until": "2024-01-01"}

PATIENCE_S = 60.0  # for what happens at once unless it does not happen

Talk = Callable[[Client], Awaitable[Any]]


def talking(server: Any, talk: Talk) -> Any:
    """What comes of a client's talk with a server, in a loop of its own."""

    async def connect() -> Any:
        async with Client(server) as client:
            return await talk(client)

    with ThreadPoolExecutor(1) as thread:  # this one may have a browser's loop
        return thread.submit(asyncio.run, connect()).result()


def called(server: Any, tool: str, **arguments: Any) -> dict[str, Any]:
    """The structured output of a tool; {"error": …} where it failed."""

    async def call(client: Client) -> dict[str, Any]:
        result = await client.call_tool(tool, arguments)
        if result.is_error:
            return {"error": getattr(result.content[0], "text", "")}
        assert result.structured_content is not None
        return dict(result.structured_content)

    found: dict[str, Any] = talking(server, call)
    return found


@pytest.fixture
def server(service: FakeService) -> Any:
    """The server over the articles of the lighthouse and the ferries."""
    return make_mcp(service, Questions(service.models.gate))


def test_there_are_four_tools_with_a_schema_for_what_they_give(server: Any) -> None:
    async def listed(client: Client) -> list[Any]:
        return list((await client.list_tools()).tools)

    tools = {tool.name: tool for tool in talking(server, listed)}
    assert set(tools) == {"ask", "search", "get_article", "list_collections"}
    assert {"answer", "outcome", "citations"} <= set(tools["ask"].output_schema["properties"])


def test_an_answer_comes_with_the_words_it_rests_on_and_where_they_stand(server: Any) -> None:
    said = called(server, "ask", question=LIT)
    assert (said["outcome"], said["answer"]) == ("answered", f"“{LIT_QUOTE}” [1]")
    (cited,) = said["citations"]
    assert (cited["article_id"], cited["quote"]) == ("lamp", LIT_QUOTE)
    article = called(
        server, "get_article", article_id="lamp", start=cited["start"], end=cited["end"]
    )
    assert article["text"] == LIT_QUOTE
    assert (article["title"], article["published"]) == ("The lamp of Skagen", "2023-02-18")


def test_passages_are_found_within_days_and_sources(server: Any) -> None:
    found = called(server, "search", query="ferry to Læsø", k=2)["passages"]
    assert {one["article_id"] for one in found} == {"ferry", "second"}
    (one,) = called(server, "search", query="ferry", sources=["island post"])["passages"]
    assert one["article_id"] == "second"


def test_collections_are_listed_with_their_size_and_newest_day(server: Any) -> None:
    assert called(server, "list_collections") == {
        "default": "main",
        "collections": [
            {"name": "main", "articles": 3, "newest": "2024-05-01"},
            {"name": "empty", "articles": 0, "newest": None},
        ],
    }


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("ask", {"question": "?"}, "The question is empty"),
        ("ask", {"question": LIT, "collection": "x"}, "no collection 'x'"),
        ("ask", {"question": LIT, "collection": "empty"}, "qa index"),
        ("search", {"query": "ferry", "sources": ["Nobody"]}, "'Nobody'"),
        ("ask", {"question": LIT} | NO_DAY, "since (2024-01-02) lies after until (2024-01-01)"),
        ("search", {"query": "ferry"} | NO_DAY, "no day is left"),
        ("get_article", {"article_id": "none"}, "no article 'none'"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_next_step(
    server: Any, tool: str, given: dict[str, Any], said: str
) -> None:
    assert said in called(server, tool, **given)["error"]


def test_a_call_that_is_given_up_stops_the_model(service: FakeService, store: Store) -> None:
    generator = StuckGenerator()
    opened = Opened(over(store, generator), service.collection("main").shelf)
    stuck = FakeService({"main": opened})
    server = make_mcp(stuck, Questions(stuck.models.gate))

    async def give_up(client: Client) -> bool:
        call = asyncio.create_task(client.call_tool("ask", {"question": SAILS}))
        assert await asyncio.to_thread(generator.reading.wait, PATIENCE_S)
        call.cancel()
        return await asyncio.to_thread(generator.stopped.wait, PATIENCE_S)

    assert talking(server, give_up)


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("ask", {"question": LIT}),
        ("search", {"query": "ferry"}),
        ("get_article", {"article_id": "lamp"}),
        ("list_collections", {}),
    ],
)
def test_while_a_collection_is_opened_other_calls_go_on(
    service: FakeService, tool: str, given: dict[str, Any]
) -> None:
    opening = OpeningService(service.opened)
    server = make_mcp(opening, Questions(opening.models.gate))

    async def meanwhile(client: Client) -> bool:
        call = asyncio.create_task(client.call_tool(tool, given))
        assert await asyncio.to_thread(opening.begun.wait, PATIENCE_S)
        assert len((await client.list_tools()).tools) == 4
        opening.may_open.set()
        return (await call).is_error

    assert talking(server, meanwhile) is False


def test_over_http_it_says_the_same(service: FakeService) -> None:
    questions = Questions(service.models.gate)
    address, port = free_address("127.0.0.1", 0, NOBODY)
    app = http_app(make_mcp(service, questions), NOBODY, 1000)
    server = Server(app, address, port, questions.close)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        said = called(f"http://{address}:{port}/mcp", "ask", question=LIT)
    finally:
        server.should_exit = True
        thread.join(20)
    assert said["citations"][0]["quote"] == LIT_QUOTE


@pytest.mark.model
def test_over_stdio_the_command_speaks_the_protocol_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "articles").mkdir(parents=True)
    (home / "articles" / "lamp.md").write_text(f"# The lamp\n\n{LIT_QUOTE}\n", encoding="utf-8")
    here = os.environ | {"QA_HOME": str(home), "QA_MODELS_DIR": str(ROOT / "models")}
    run = "import sys; from qa.cli import main; main()"

    index = [sys.executable, "-c", run, "index", str(home / "articles")]
    subprocess.run(index, env=here, cwd=ROOT, check=True)
    command = StdioServerParameters(
        command=sys.executable, args=["-c", run, "mcp"], env=here, cwd=ROOT
    )
    said = called(command, "ask", question=LIT)
    assert said["citations"][0]["quote"] == LIT_QUOTE
