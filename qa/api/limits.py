"""How often a key may ask, and how much it may send. Pure but for the clock."""

import time
from collections.abc import Callable

MOST_BODY_BYTES = 1 << 20
"""A question with a long conversation is some thousand bytes; an hour's reading is a million."""


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
        now = self._clock()
        empty_at = max(self._empty_at.get(key, now), now) + self._interval_s
        wait_s = empty_at - now - self._burst_s
        if wait_s > 0:
            return wait_s
        self._empty_at[key] = empty_at
        return 0.0
