"""The endpoint: chat completions, embeddings and models as OpenAI's clients ask for them."""

import asyncio
import base64
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from qa import __version__
from qa.api import conversation, streaming
from qa.api.asking import Questions, answer_of
from qa.api.collections import Service, collection_named, place_asked
from qa.api.errors import ApiError, ErrorBody, as_api_error, error_body, error_response
from qa.api.guard import Guard
from qa.api.metrics import Metrics
from qa.api.schemas import (
    ANY_MODEL,
    ChatCompletion,
    ChatRequest,
    EmbeddingRow,
    Embeddings,
    EmbeddingsRequest,
    EmbeddingsUsage,
    Health,
    ModelCard,
    ModelList,
)
from qa.errors import CuttingsError
from qa.library.embedder import Embedder
from qa.service.limits import Rate
from qa.service.passwords import Users

CLIENT_GONE = 499
"""What is noted for a request whose program has gone; nobody is there to read it."""

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody} for status in (400, 401, 403, 404, 405, 413, 429, 500, 503, 504)
}

AS_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {}}}}


def make_app(
    service: Service, users: Users, per_minute: int, page: FastAPI | None = None
) -> tuple[FastAPI, Questions]:
    """The endpoint, with the chat page on every path that is not its own, and its questions."""
    questions = Questions(service.models.gate)
    metrics = Metrics(questions.__len__)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if page:
                await stack.enter_async_context(page.router.lifespan_context(page))
            yield

    app = FastAPI(
        title="Cuttings",
        version=__version__,
        lifespan=lifespan,
        responses=ERRORS,
        docs_url=None,  # they load their scripts from elsewhere
        redoc_url=None,
    )
    app.add_middleware(Guard, users=users, rate=Rate(per_minute), metrics=metrics, page=page)
    _tell_errors(app)
    _add_chat(app, service, questions, metrics)
    _add_rest(app, service, metrics)
    return app, questions


def _tell_errors(app: FastAPI) -> None:
    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        return error_response(error)

    @app.exception_handler(CuttingsError)
    async def failed(request: Request, error: CuttingsError) -> JSONResponse:
        return error_response(as_api_error(error))

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = error.errors()[-1]  # of the forms that a field may have, the richest comes last
        is_json = wrong["type"] != "json_invalid"
        place = [str(part) for part in wrong["loc"][1:]] if is_json else []
        message = f"{'.'.join(place) or 'The body'}: {wrong['msg']}."
        body = error_body(400, message, None, place[0] if place else None)
        return JSONResponse(body.model_dump(), 400)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        body = error_body(500, "Something is wrong here; see the server's log, and qa doctor.")
        return JSONResponse(body.model_dump(), 500)


def _add_chat(app: FastAPI, service: Service, questions: Questions, metrics: Metrics) -> None:
    @app.post(
        "/v1/chat/completions",
        response_model=ChatCompletion,
        responses={200: {"content": {streaming.MEDIA_TYPE: {}}}},
    )
    async def chat_completions(asked: ChatRequest, request: Request) -> Any:
        _known_model(asked.model, service.models.name)
        question = conversation.question_of(asked.messages)
        history = conversation.history_of(asked.messages)
        scope = conversation.scope_of(asked)
        place = await asyncio.to_thread(place_asked, service, asked.collection, scope)
        address = conversation.article_address(str(request.base_url), asked.collection)
        events = questions.events(
            place.collection.assistant, question, history, place.scope, request.is_disconnected
        )
        id_, created = f"chatcmpl-{secrets.token_hex(12)}", int(time.time())
        told = streaming.Told(id_, created, service.models.name, address, metrics)
        if not asked.stream:
            answer = await answer_of(events)
            if answer is None:
                return Response(status_code=CLIENT_GONE)
            metrics.answered(answer)
            return conversation.completion(answer, id_, created, address)
        with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
        lines = streaming.lines(events, told, with_usage=with_usage)
        first = await anext(lines, None)  # what cannot be answered at all is told by its status
        if first is None:
            return Response(status_code=CLIENT_GONE)
        body = streaming.from_first(first, lines)
        return StreamingResponse(body, media_type=streaming.MEDIA_TYPE)


def _add_rest(app: FastAPI, service: Service, metrics: Metrics) -> None:
    @app.post("/v1/embeddings")
    def embeddings(asked: EmbeddingsRequest) -> Embeddings:
        _known_model(asked.model, service.embedder_name)
        texts = [asked.input] if isinstance(asked.input, str) else asked.input
        return _embedded(texts, asked, service.embedder, service.embedder_name)

    @app.get("/v1/models")
    def models() -> ModelList:
        names = dict.fromkeys((ANY_MODEL, service.models.name, service.embedder_name))
        return ModelList(data=[ModelCard(id=name) for name in names])

    @app.get("/v1/models/{name:path}")
    def model(name: str) -> ModelCard:
        _known_model(name, service.models.name, service.embedder_name)
        return ModelCard(id=name)

    @app.get("/v1/articles/{article_id:path}", response_model=None, responses=AS_TEXT)
    def article(article_id: str, collection: str | None = None) -> Response:
        found = collection_named(service, collection).shelf.article(article_id)
        if found is None:
            raise ApiError(404, f"There is no article {article_id!r}.", "article_not_found")
        return PlainTextResponse(found.text)

    @app.get("/healthz")
    def healthz() -> Health:
        return Health()

    @app.get("/metrics", response_model=None, responses=AS_TEXT)
    def all_metrics() -> Response:
        return Response(metrics.text(), media_type=metrics.content_type)


def _known_model(asked: str | None, *names: str) -> None:
    if asked not in (None, ANY_MODEL, *names):
        here = " and ".join(dict.fromkeys(map(repr, (ANY_MODEL, *names))))
        raise ApiError(
            404, f"There is no model {asked!r} here; name {here}.", "model_not_found", "model"
        )


def _embedded(
    texts: list[str], asked: EmbeddingsRequest, embedder: Embedder, name: str
) -> Embeddings:
    lengths = [embedder.count_tokens(text) for text in texts]
    if max(lengths) > embedder.max_tokens:
        raise ApiError(
            400,
            f"Text {lengths.index(max(lengths))} has {max(lengths):,} tokens; {name} reads "
            f"{embedder.max_tokens:,}. Cut it.",
            "context_length_exceeded",
            "input",
        )
    if asked.dimensions not in (None, embedder.dimension):
        raise ApiError(
            400, f"Vectors of {name} have {embedder.dimension} dimensions.", None, "dimensions"
        )
    vectors = embedder.embed(texts).astype("<f4")
    if asked.encoding_format == "base64":
        rows: list[Any] = [base64.b64encode(vector.tobytes()).decode() for vector in vectors]
    else:
        rows = vectors.tolist()
    return Embeddings(
        model=name,
        data=[EmbeddingRow(index=index, embedding=row) for index, row in enumerate(rows)],
        usage=EmbeddingsUsage(prompt_tokens=sum(lengths), total_tokens=sum(lengths)),
    )
