"""Where something is served: on this machine alone, unless there are users with passwords."""

import socket

from qa.errors import PageError
from qa.service.passwords import Users

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The names of this machine, by which a server without users may be asked for."""


def free_address(host: str, port: int, users: Users) -> tuple[str, int]:
    """The address and the port to serve on, 0 for any free one; PageError if that cannot be."""
    if host not in LOOPBACK and not users:
        raise PageError(
            f"Cuttings is served on this machine alone, not on {host}: without a password, "
            "anybody on that network could read your articles. Leave out --host, or name users: "
            "qa password NAME >> users.txt, then --auth users.txt"
        )
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as error:
            raise PageError(
                f"Port {port} of {host} cannot be used ({getattr(error, 'strerror', error)}). "
                "Choose another with --port, or any free one with --port 0."
            ) from error
        return address, int(probe.getsockname()[1])


def url_of(host: str, port: int) -> str:
    """The address as a browser and a program take it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
