"""One request to a server in a thread of its own, which a stop ends wherever it stands.

Knows HTTP and nothing of what is said. What is sent goes to the address that was given and nowhere
else: no redirect is followed, and no proxy stands between this machine and itself. Every failure is
a ServerFailed that names the address and never the key.
"""

import asyncio
import ipaddress
import os
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa.engine.generation import StopFlag
from qa.engine.server_protocol import reason_in
from qa.errors import ServerFailed

if TYPE_CHECKING:
    import httpx

PATIENCE_SECONDS = 10.0  # to reach a server, and for a GET
STOP_POLL_S = 0.1
LONGEST_ANSWER_BYTES = 4_000_000  # 2,048 tokens, each an event of its own, are a quarter of it
LONGEST_REASON_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class Server:
    """An OpenAI-compatible server: the address before `/chat/completions`, and the key it wants."""

    url: str
    key: str = field(default="", repr=False)

    @property
    def is_loopback(self) -> bool:
        """Whether it runs on this machine."""
        return is_loopback(urlsplit(self.url).hostname or "")


class Refused(ServerFailed):
    """The server answered with another HTTP status than 200."""

    def __init__(self, finding: str, step: str, status: int) -> None:
        super().__init__(finding, step)
        self.status = status


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def exchange(
    server: Server,
    path: str,
    body: Mapping[str, Any] | None,
    stop: StopFlag,
    silence_s: float | None = PATIENCE_SECONDS,
) -> Generator[str, None, None]:
    """The lines of the server's answer as they come: to a POST of `body`, to a GET without one.

    It may be silent for `silence_s` seconds at a time; None = until it is stopped. Ends without an
    error when stopped. Closing the iterator closes the connection. Raises Refused, and ServerFailed
    when there is no connection or it breaks.
    """
    if stop.is_set():
        return
    heard: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
    left = threading.Event()
    talk = _watched(
        _talk(server, path, body, silence_s, heard.put),
        lambda: stop.is_set() or left.is_set(),
        heard.put,
    )
    threading.Thread(target=asyncio.run, args=(talk,), name="ask-server", daemon=True).start()
    try:
        while not stop.is_set():
            try:
                line = heard.get(timeout=STOP_POLL_S)
            except queue.Empty:
                continue
            if line is None:
                return
            if isinstance(line, BaseException):
                raise line
            yield line
    finally:
        left.set()


async def _watched(
    talk: Coroutine[Any, Any, None],
    is_over: Callable[[], bool],
    tell: Callable[[BaseException | None], None],
) -> None:
    """Let it talk until it ends or is over; tell how it ended: None, or what went wrong."""
    task = asyncio.create_task(talk)
    while not task.done():
        await asyncio.wait({task}, timeout=STOP_POLL_S)
        if is_over():
            task.cancel()
    tell(None if task.cancelled() else task.exception())


async def _talk(
    server: Server,
    path: str,
    body: Mapping[str, Any] | None,
    silence_s: float | None,
    tell: Callable[[str], None],
) -> None:
    """Send the request and tell the lines of the answer."""
    import httpx

    try:
        async with (
            _client(server, silence_s) as client,
            client.stream("POST" if body else "GET", server.url + path, json=body) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise _refused(server, response.status_code, await _reason(server, response))
            async with aclosing(_lines(server, response)) as lines:
                async for line in lines:
                    tell(line)
    except (httpx.ConnectError, httpx.TimeoutException, httpx.ProxyError) as error:
        if body and isinstance(error, httpx.ReadTimeout):
            raise ServerFailed(
                f"The server at {server.url} fell silent ({_cause(error, silence_s)})",
                "See its log, and ask again.",
            ) from error
        raise ServerFailed(
            f"The server at {server.url} cannot be reached ({_cause(error, silence_s)})",
            "Start it, or correct generator; without one the model on this machine answers.",
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ServerFailed(
            f"The connection to the server at {server.url} broke off ({_cause(error, silence_s)})",
            "Ask again; if it breaks off again, see the server's log.",
        ) from error


def _client(server: Server, silence_s: float | None) -> "httpx.AsyncClient":
    """What talks to a server, through the proxy of the environment unless it is on this machine."""
    import httpx

    try:
        return httpx.AsyncClient(
            timeout=httpx.Timeout(silence_s, connect=PATIENCE_SECONDS),
            trust_env=not server.is_loopback,  # proxies
            follow_redirects=False,
            headers={"Authorization": f"Bearer {server.key}"} if server.key else {},
        )
    except (httpx.InvalidURL, ValueError, ImportError) as error:  # ImportError: of SOCKS
        raise ServerFailed(
            f"The proxy that the environment names on the way to {server.url} cannot be used "
            f"({' '.join(str(error).split())})",
            "Correct HTTP_PROXY, HTTPS_PROXY or ALL_PROXY, or name the server in NO_PROXY.",
        ) from error


async def _lines(server: Server, response: "httpx.Response") -> AsyncGenerator[str, None]:
    """The lines of an answer, parted at line feeds alone.

    httpx parts them at U+2028 and the like too, which may stand inside a JSON string.
    """
    rest, count = b"", 0
    async for piece in response.aiter_bytes():
        count += len(piece)
        if count > LONGEST_ANSWER_BYTES:
            raise ServerFailed(
                f"The server at {server.url} sends without end",
                "See that generator is the address of a language model's server; it mostly ends in "
                "/v1.",
            )
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace").rstrip("\r")
    yield rest.decode("utf-8", "replace")


async def _reason(server: Server, response: "httpx.Response") -> str:
    """What the server says to a refusal, without the key, should it repeat it."""
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LONGEST_REASON_BYTES:
            break
    reason = reason_in(body.decode("utf-8", "replace"))
    return reason.replace(server.key, "…") if server.key else reason


def _refused(server: Server, status: int, reason: str) -> Refused:
    """An HTTP status as an error with the next step."""
    said = f"{status}: {reason}" if reason else f"{status}"
    if status in (401, 403):
        what, step = "does not accept the key", "Set QA_GENERATOR_KEY, or generator_key in qa.toml."
    elif status == 404:
        what = "has no such model or no such path"
        step = (
            "See that generator is its address, which mostly ends in /v1, and model the name of a "
            "model that it has."
        )
    elif status == 429:
        what, step = "takes no more questions for now", "Wait a little and ask again."
    elif 300 <= status < 400:
        what = "sends on to another address, which is not followed"
        step = "Set generator to the address that answers."
    elif status >= 500:
        what, step = "failed", "See its log, and ask again."
    else:
        what, step = "refused the prompt", "See its log; where it is too long, lower passages."
    return Refused(f"The server at {server.url} {what} ({said})", step, status)


def _cause(error: BaseException, silence_s: float | None) -> str:
    """What lies behind an error of the HTTP client, in a few words."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        is_silent = silence_s is not None and isinstance(error, httpx.ReadTimeout)
        return f"no answer within {silence_s if is_silent else PATIENCE_SECONDS:g} seconds"
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    number = error.errno if isinstance(error, ConnectionError) else None
    reason = os.strerror(number) if number else str(error)  # asyncio's own words hold no reason
    return " ".join(reason.split()) or type(error).__name__
