"""What stands before every request of a program: where it comes from, whose it is, how much.

An ASGI middleware. What is not the endpoint's is passed on to the page, which has a guard of its
own.
"""

import time

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.errors import ApiError, error_response
from qa.api.metrics import Metrics
from qa.errors import TooManyTries
from qa.service.address import LOOPBACK
from qa.service.admission import Admission, address_of, refusal_of
from qa.service.limits import MOST_BODY_BYTES, Measured, Rate
from qa.service.passwords import Users

OPEN = "/healthz"
OURS = ("/v1", "/metrics", "/openapi.json", OPEN)
"""The endpoint's paths; the rest is the page's. Whether it is there anybody may ask."""


class Guard:
    """The middleware; without users everybody on this machine comes in by the same key."""

    def __init__(
        self,
        app: ASGIApp,
        users: Users,
        rate: Rate,
        metrics: Metrics | None = None,
        page: ASGIApp | None = None,
    ) -> None:
        """Where nobody can ask for `metrics`, none are counted."""
        self._app = app
        self._page = page
        self._users = users
        self._hosts = frozenset(() if users else LOOPBACK)
        self._admission = Admission(users)
        self._rate = rate
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it in OpenAI's shape."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if self._page and not any(path == ours or path.startswith(f"{ours}/") for ours in OURS):
            await self._page(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._check(scope)
            measured = Measured(receive, MOST_BODY_BYTES, _too_large())
            await self._app(scope, measured.receive, counted)
        except HTTPException as refused:
            await error_response(refused)(scope, receive, counted)
        finally:
            if self._metrics:
                route = getattr(scope.get("route"), "path", "none")
                self._metrics.responded(route, status, time.perf_counter() - begun)

    async def _check(self, scope: Scope) -> None:
        headers = {
            name.decode("latin-1"): each.decode("latin-1") for name, each in scope["headers"]
        }
        refusal = refusal_of(scope["method"], headers, self._hosts)
        if refusal:
            raise ApiError(403, refusal, "foreign_request")
        if scope["path"] == OPEN:
            return
        name: str | None = "everybody"
        if self._users:
            sent = headers.get("authorization", "")
            try:
                name = await self._admission.name_of(sent, address_of(scope))
            except TooManyTries as error:
                code = "rate_limit_exceeded"
                raise ApiError(429, str(error), code, retry_after_s=error.wait_s) from error
        if name is None:
            raise ApiError(
                401, "Send a key that is known here: make one with qa key NAME.", "invalid_api_key"
            )
        wait_s = self._rate.wait_s(name)
        if wait_s:
            raise ApiError(
                429,
                f"Too many requests with this key. Ask again in {wait_s:.0f} s.",
                "rate_limit_exceeded",
                retry_after_s=wait_s,
            )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BODY_BYTES:
            raise _too_large()


def _too_large() -> ApiError:
    return ApiError(
        413, f"A request has at most {MOST_BODY_BYTES:,} bytes. Send less.", "request_too_large"
    )
