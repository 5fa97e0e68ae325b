"""Serves the endpoint with uvicorn, until it is told to stop; then nobody waits for an answer."""

import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

GRACE_S = 5
"""How long connections are given to end, when their questions have been stopped."""


class Server(uvicorn.Server):
    """One that stops what is under way before it waits for connections to end."""

    def __init__(self, app: Starlette, host: str, port: int, stop: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host,
                port,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._stop = stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop every question, then let connections end."""
        self._stop()
        await super().shutdown(sockets)
