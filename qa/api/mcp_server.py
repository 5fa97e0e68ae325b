"""The articles as tools for a model elsewhere, over MCP (the official SDK): stdio or HTTP.

A tool gives structured output; every quote comes with its article and offsets. On stdio nothing
but the protocol is written to stdout: the SDK keeps it for itself.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

from fastapi import HTTPException
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import BaseModel, Field
from starlette.applications import Starlette

from qa import __version__
from qa.answering.answer_json import source_object
from qa.answering.assistant import check_question
from qa.api.asking import Questions, answer_of
from qa.api.collections import Place, Service, collection_named, place_asked
from qa.api.conversation import content, findings
from qa.api.errors import ApiError
from qa.api.guard import Guard
from qa.api.schemas import Findings
from qa.errors import CuttingsError
from qa.service.limits import Rate
from qa.service.passwords import Users
from qa.types import Scope

INSTRUCTIONS = (
    "The user's own articles. ask answers a question from them with quotes, or says that they do "
    "not say it; search gives passages; get_article gives an article's text by character offsets. "
    "Cite what they say by article and quote, and add nothing that they do not say."
)

MOST_CHARS = 20_000
"""Of an article's text at once: some five thousand tokens of whoever asks."""

PATH = "/mcp"

Collection = Annotated[str | None, Field(description="A collection by name; else the default.")]
Since = Annotated[date | None, Field(description="Only what was published since then.")]
Until = Annotated[date | None, Field(description="Only what was published until then.")]
Sources = Annotated[list[str] | None, Field(description="Only articles from these sources.")]


class Asked(Findings):
    """An answer with the words that it rests on; offsets count characters of an article's text."""

    answer: str


class Searched(BaseModel):
    """Passages, best first."""

    passages: list[dict[str, Any]]


class ArticleText(BaseModel):
    """A stretch of an article: `text` is its characters `start` to `end`, of `length`."""

    id: str
    title: str
    source: str | None
    published: date | None
    text: str
    start: int
    end: int
    length: int


class CollectionInfo(BaseModel):
    """A collection: how many articles, and of when the newest is."""

    name: str
    articles: int
    newest: date | None


class Collections(BaseModel):
    """Every collection, and the one that is asked when none is named."""

    default: str
    collections: list[CollectionInfo]


def make_mcp(service: Service, questions: Questions) -> MCPServer[Any]:
    """The server with its four tools.

    Those that are no coroutines are run in threads by the SDK: a collection may have to be opened
    for them, and nobody else is to wait for that.
    """
    server: MCPServer[Any] = MCPServer(
        "cuttings", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    _add_asking(server, service, questions)
    _add_reading(server, service)
    return server


def _add_asking(server: MCPServer[Any], service: Service, questions: Questions) -> None:
    """The tools that take a question or a query: `ask` and `search`."""

    async def still_here() -> bool:
        return False  # a client that gives up cancels the call, and so closes the events

    def place_of(
        collection: str | None, since: date | None, until: date | None, sources: list[str] | None
    ) -> Place:
        return place_asked(service, collection, Scope.asked(since, until, sources))

    @server.tool()
    async def ask(
        question: str,
        collection: Collection = None,
        since: Since = None,
        until: Until = None,
        sources: Sources = None,
    ) -> Asked:
        """Answer a question from the articles, each sentence with the words it rests on."""
        with _told():
            place = await asyncio.to_thread(place_of, collection, since, until, sources)
            assistant = place.collection.assistant
            events = questions.events(assistant, question, (), place.scope, still_here)
            answer = await answer_of(events)
        if answer is None:
            raise ToolError("The question was stopped. Ask again.")
        return Asked(answer=content(answer), **findings(answer).model_dump())

    @server.tool()
    def search(
        query: str,
        k: Annotated[int, Field(ge=1, le=50, description="How many passages.")] = 5,
        collection: Collection = None,
        since: Since = None,
        until: Until = None,
        sources: Sources = None,
    ) -> Searched:
        """Passages that bear on a query, best first, with their places in the articles."""
        with _told():
            place = place_of(collection, since, until, sources)
            words = check_question(query)
            hits = place.collection.assistant.retrieve(words, (), k, place.scope)
        return Searched(passages=[source_object(at, hit) for at, hit in enumerate(hits, 1)])


def _add_reading(server: MCPServer[Any], service: Service) -> None:
    """The tools that read what is there: `get_article` and `list_collections`."""

    @server.tool()
    def get_article(
        article_id: str,
        start: Annotated[int, Field(ge=0, description="The first character.")] = 0,
        end: Annotated[int | None, Field(ge=0, description="Behind the last one.")] = None,
        collection: Collection = None,
    ) -> ArticleText:
        """An article's text, or a stretch of it by offsets; 20,000 characters at most."""
        with _told():
            found = collection_named(service, collection).shelf.article(article_id)
            if found is None:
                raise ApiError(404, f"There is no article {article_id!r}. Find one with search.")
        length = len(found.text)
        start = min(start, length)
        end = min(length if end is None else max(start, end), start + MOST_CHARS, length)
        return ArticleText(
            id=found.id,
            title=found.title,
            source=found.source,
            published=found.published,
            text=found.text[start:end],
            start=start,
            end=end,
            length=length,
        )

    @server.tool()
    def list_collections() -> Collections:
        """Every collection of articles, with its size and its newest day."""
        lines = []
        with _told():
            for name in service.names():
                fresh = service.collection(name).shelf.freshness()
                lines.append(
                    CollectionInfo(name=name, articles=fresh.articles, newest=fresh.newest)
                )
        return Collections(default=service.default, collections=lines)


@contextmanager
def _told() -> Iterator[None]:
    """Our errors as those of a tool, which its caller reads; the SDK withholds others."""
    try:
        yield
    except CuttingsError as error:
        raise ToolError(str(error)) from error
    except HTTPException as error:
        raise ToolError(str(error.detail)) from error


def http_app(server: MCPServer[Any], users: Users, per_minute: int) -> Starlette:
    """The server over streamable HTTP at `/mcp`, behind the guard of the endpoint."""
    by_the_door = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(streamable_http_path=PATH, transport_security=by_the_door)
    app.add_middleware(Guard, users=users, rate=Rate(per_minute))
    return app
