"""Where something is served: on this machine alone, unless there are users with passwords."""

import errno
import socket

from qa.errors import PageError
from qa.service.passwords import Users

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The names of this machine, by which a server without users may be asked for."""

_OF_THE_PORT = (errno.EADDRINUSE, errno.EACCES)
"""Another program has it, or it is one of those below 1024, which need rights."""


def free_address(host: str, port: int, users: Users) -> tuple[str, int]:
    """The address and the port to serve on, 0 for any free one; PageError if that cannot be.

    The error names the port or the host, whichever it is that cannot be used.
    """
    if host not in LOOPBACK and not users:
        raise PageError(
            f"Cuttings is served on this machine alone, not on {host}: without a password, "
            "anybody on that network could read your articles. Leave out --host, or name users: "
            "qa password NAME >> users.txt, then --auth users.txt"
        )
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
            return address, int(probe.getsockname()[1])
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", error)
        if isinstance(error, OverflowError) or error.errno in _OF_THE_PORT:
            raise PageError(
                f"Port {port} of {host} cannot be used ({why}). "
                "Choose another with --port, or any free one with --port 0."
            ) from error
        raise PageError(
            f"{host} is no address of this machine ({why}). Choose one that is with --host, or "
            "leave it out."
        ) from error


def url_of(host: str, port: int) -> str:
    """The address as a browser and a program take it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
