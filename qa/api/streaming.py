"""An answer as it comes, in OpenAI's stream: server-sent events, each a chunk in JSON.

First come the quotes that bear on the question, as `evidence` and `sources`; the text follows as
soon as it is settled, for what was told cannot be taken back; the last chunk says what it rests on.
Comments (lines with a colon) keep the connection alive while the model reads.
"""

import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException

from qa.answering.answer_json import evidence_object, source_object
from qa.api.conversation import annotations, findings, pieces, usage
from qa.api.errors import as_api_error, error_body
from qa.api.metrics import Metrics
from qa.errors import CuttingsError
from qa.types import Answer, Answered, Event, Retrieved

MEDIA_TYPE = "text/event-stream"

DONE = "data: [DONE]\n\n"

ALIVE = ": reading\n\n"

ALIVE_S = 5.0
"""How long nothing is sent at most while something goes on."""


@dataclass(frozen=True, slots=True)
class Told:
    """What every chunk says of its answer; for the address see `annotations`."""

    id: str
    created: int
    model: str
    address: str
    metrics: Metrics

    def chunk(self, delta: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A chunk with one choice; more of it stands beside the choices."""
        finish = more.pop("finish_reason", None)
        return {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            **more,
        }


async def lines(
    events: AsyncGenerator[Event, None], told: Told, *, with_usage: bool
) -> AsyncGenerator[str, None]:
    """The stream's text, a line as soon as there is news. Raises as the events do."""
    beginning: dict[str, Any] = {"role": "assistant", "content": ""}
    sent_at = time.monotonic()
    async with aclosing(events):
        async for event in events:
            sent: list[str] = []
            if isinstance(event, Retrieved):
                sent = [_line(told.chunk(beginning, **_quotes(event)))]
                beginning = {}
            elif isinstance(event, Answered):
                told.metrics.answered(event.answer)
                sent = [*map(_line, _ending(event.answer, told, with_usage=with_usage)), DONE]
            elif time.monotonic() - sent_at > ALIVE_S:
                sent = [ALIVE]
            for line in sent:
                yield line
                sent_at = time.monotonic()


async def from_first(first: str, rest: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    """The first line and the others; a failure on the way is the last, as clients expect it."""
    yield first
    try:
        async with aclosing(rest):
            async for line in rest:
                yield line
    except CuttingsError as error:
        yield _failure(as_api_error(error))
    except HTTPException as error:
        yield _failure(error)


def _quotes(found: Retrieved) -> dict[str, Any]:
    return {
        "evidence": [evidence_object(one) for one in found.evidence],
        "sources": [source_object(number, hit) for number, hit in enumerate(found.hits, 1)],
    }


def _ending(answer: Answer, told: Told, *, with_usage: bool) -> list[dict[str, Any]]:
    ending = [told.chunk({"content": piece}) for piece in pieces(answer)]
    noted = [one.model_dump() for one in annotations(answer, told.address)]
    rests = findings(answer).model_dump()
    ending.append(told.chunk({"annotations": noted}, finish_reason="stop", **rests))
    if with_usage:
        ending.append(told.chunk({}) | {"choices": [], "usage": usage(answer).model_dump()})
    return ending


def _line(chunk: dict[str, Any]) -> str:
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"


def _failure(error: HTTPException) -> str:
    body = error_body(error.status_code, str(error.detail), getattr(error, "code", None))
    return f"data: {body.model_dump_json()}\n\n"
