"""Who may come in: whose request it is, and whether another site has made a browser send it."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from qa.errors import TooManyTries
from qa.service.limits import Rate
from qa.service.passwords import Users

WRONG_PER_MINUTE = 10
"""Wrong passwords from one address: as many at once, then one every six seconds."""


class Admission:
    """Names whoever sends a name and its password; what was found right is not hashed again."""

    def __init__(self, users: Users) -> None:
        self._users = users
        self._known: dict[bytes, str] = {}  # names by the digest of what was sent and found right
        self._checking = asyncio.Semaphore(1)
        self._wrong = Rate(WRONG_PER_MINUTE)

    async def name_of(self, authorization: str, address: str) -> str | None:
        """Whose name and password were sent; one try at a time, so that guessing is slow.

        Raises TooManyTries where too many from that address were wrong.
        """
        given = credentials(authorization)
        if given is None:
            return None
        digest = hashlib.sha256(authorization.encode()).digest()
        if digest not in self._known:
            async with self._checking:
                wait_s = self._wrong.would_wait_s(address)
                if wait_s:
                    raise TooManyTries(wait_s)
                right = await asyncio.to_thread(self._users.knows, *given)
                if not right:
                    self._wrong.wait_s(address)
                    return None
            self._known[digest] = given[0]
        return self._known[digest]


def address_of(scope: Mapping[str, Any]) -> str:
    """The address that a request came from, as its ASGI scope tells it."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def credentials(authorization: str) -> tuple[str, str] | None:
    """Name and password of an Authorization header, if it has any.

    A browser sends them in base64 (Basic, RFC 7617), a program as its key `NAME:PASSWORD` (Bearer).
    """
    scheme, _, token = authorization.partition(" ")
    sent = token.strip()
    if scheme.lower() == "basic":
        try:
            sent = base64.b64decode(sent, validate=True).decode("utf-8")
        except ValueError:
            return None
    elif scheme.lower() != "bearer":
        return None
    name, colon, password = sent.partition(":")
    return (name, password) if colon else None


def refusal_of(method: str, headers: Mapping[str, str], hosts: frozenset[str]) -> str | None:
    """Why a request is not let in; None for one that is. No hosts: by whatever name."""
    host = re.sub(r":\d+$", "", headers.get("host", "")).strip("[]").lower()
    if hosts and host not in hosts:
        return f"This page is served as {' or '.join(sorted(hosts))}, not under another name."
    site = headers.get("sec-fetch-site", "none")
    is_visit = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
    origin = headers.get("origin")
    is_foreign = origin is not None and origin.partition("://")[2] != headers.get("host", "")
    if (site not in ("same-origin", "none") and not is_visit) or is_foreign:
        return "Another site has sent this request; only the page itself may."
    return None
