"""A server on loopback that speaks the protocol of OpenAI, scripted and breakable."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.loopback import on_loopback


@dataclass
class ChatServer:
    """Says `pieces` to every prompt, each with its log-probability where `logprobs` has some.

    Before them it tells `thoughts`, apart from the answer.

    It stands still `stalls_before` the headers, the first piece or the last, until the client goes:
    then `was_left` is set. A `status` is its answer to everything, a `body` that to a prompt;
    `refuses` are the fields of a request that it does not understand. `ends_with` are the lines
    behind the pieces. With `unstreamed` a stream holds nothing, and this status and body answer who
    asks for none.
    """

    pieces: tuple[str, ...] = ("Munich", " [1].")
    thoughts: tuple[str, ...] = ()
    logprobs: tuple[tuple[float, ...], ...] = ()
    usage: Mapping[str, Any] | None = None
    finish_reason: str | None = "stop"
    ends_with: tuple[str, ...] = ("data: [DONE]",)
    models: tuple[str, ...] | None = ("house-model", "other")
    models_body: bytes | None = None
    owned_by: str = "house"
    status: int = 200
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    refuses: frozenset[str] = frozenset()
    stalls_before: str = ""
    unstreamed: tuple[int, bytes] | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    sent_headers: list[dict[str, str]] = field(default_factory=list)
    was_left: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def stream(self) -> Iterator[str]:
        """The lines of a streamed answer."""
        yield ": a comment, as some servers send while they read"
        for thought in self.thoughts:
            yield self._event({"choices": [{"index": 0, "delta": {"reasoning_content": thought}}]})
        for index, piece in enumerate(self.pieces):
            choice: dict[str, Any] = {"index": 0, "delta": {"content": piece}}
            if self.logprobs:
                tokens = [{"token": "", "logprob": value} for value in self.logprobs[index]]
                choice["logprobs"] = {"content": tokens}
            yield self._event({"choices": [choice]})
        if self.finish_reason:
            last = {"index": 0, "delta": {}, "finish_reason": self.finish_reason}
            yield self._event({"choices": [last]})
        if self.usage:
            yield self._event({"choices": [], "usage": self.usage})
        yield from self.ends_with

    def _event(self, event: Mapping[str, Any]) -> str:
        return f"data: {json.dumps(event, ensure_ascii=False)}\n"


@contextmanager
def serving(chat: ChatServer) -> Iterator[ChatServer]:
    """The server, listening on a free port of loopback; `chat.url` is its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            chat.sent_headers.append(dict(self.headers.items()))
            if self.path != "/v1/models" or chat.models is None:
                self._answer(404, b'{"detail": "Not Found"}')
            elif chat.status != 200:
                self._answer(chat.status, chat.body or b"")
            else:
                listed = [{"id": name, "owned_by": chat.owned_by} for name in chat.models]
                served = json.dumps({"data": listed})
                self._answer(200, chat.models_body or served.encode())

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            chat.requests.append(request)
            chat.sent_headers.append(dict(self.headers.items()))
            refused = chat.refuses & set(request)
            if chat.stalls_before == "headers":
                self._stand_still()
            elif chat.status != 200 or chat.body is not None:
                self._answer(chat.status, chat.body or b"")
            elif chat.unstreamed:
                self._answer(*((200, b"") if request.get("stream") else chat.unstreamed))
            elif refused or self.path != "/v1/chat/completions":
                said = {"error": {"message": f"no {refused or self.path} here."}}
                self._answer(400 if refused else 404, json.dumps(said).encode())
            else:
                self._stream()

        def _stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            lines = list(chat.stream())
            stalls_at = {"first piece": 1, "last piece": len(chat.pieces)}.get(chat.stalls_before)
            for number, line in enumerate(lines):
                if number == stalls_at:
                    self._stand_still()
                    return
                self.wfile.write(f"{line}\n".encode())

        def _stand_still(self) -> None:
            if self.connection.recv(1) == b"":
                chat.was_left.set()
            self.close_connection = True

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            for name, value in chat.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with on_loopback(Handler) as url:
        chat.url = f"{url}/v1"
        yield chat
