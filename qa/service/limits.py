"""How often somebody may ask, and how much may be sent. Pure but for the clock."""

import time
from collections.abc import Callable

from starlette.types import Message, Receive

MOST_BODY_BYTES = 1 << 20
"""A question with a long conversation is some thousand bytes; an hour's reading is a million."""

MOST_KEYS = 10_000
"""So many are told apart; then those are forgotten whose bucket is empty."""


class Measured:
    """Takes a request's body as it comes, and raises an error when there is too much of it.

    Its length need not have been told, nor rightly.
    """

    def __init__(self, receive: Receive, most_bytes: int, too_large: Exception) -> None:
        self._receive = receive
        self._left = most_bytes
        self._too_large = too_large

    async def receive(self) -> Message:
        """The next message of the request."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise self._too_large
        return message


class Rate:
    """So many requests a minute for each key: as many at once, then evenly (GCRA, a leaky bucket).

    Of each key one number is kept: when its bucket will be empty again.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval_s = 60 / per_minute
        self._burst_s = 60.0
        self._clock = clock
        self._empty_at: dict[str, float] = {}

    def wait_s(self, key: str) -> float:
        """0 for a request that is let through, and counted; else how long it has to wait."""
        wait_s = self.would_wait_s(key)
        if wait_s:
            return wait_s
        now = self._clock()
        if len(self._empty_at) >= MOST_KEYS:
            self._empty_at = {one: at for one, at in self._empty_at.items() if at > now}
        self._empty_at[key] = max(self._empty_at.get(key, now), now) + self._interval_s
        return 0.0

    def would_wait_s(self, key: str) -> float:
        """The same for a request that is not made yet; nothing is counted."""
        now = self._clock()
        empty_at = max(self._empty_at.get(key, now), now) + self._interval_s
        return max(0.0, empty_at - now - self._burst_s)
