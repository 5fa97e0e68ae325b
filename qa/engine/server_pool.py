"""Which of several servers is asked next: so many questions each, and none while it is set aside.

Knows no HTTP: whoever asks a server tells how that went. A server that failed is set aside for a
while that grows with every failure in a row, by exponential back-off with full jitter
(https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), so that programs that
lost a server together do not come back to it together.
"""

import math
import random
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from qa.engine.server_connection import Server
from qa.errors import ServerFailed

FIRST_BACK_OFF_S, LONGEST_BACK_OFF_S = 1.0, 30.0
"""Whoever starts a server again waits half a minute at most until it is asked."""


@dataclass(frozen=True, slots=True)
class BackOff:
    """For how long a server is set aside; the clock, the dice and the sleep are tests' to change.

    `clock` gives seconds, `draw` a number from 0 to 1.
    """

    clock: Callable[[], float] = time.monotonic
    draw: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep

    def seconds(self, failures: int) -> float:
        """How long, after so many failures in a row: anything up to twice as long each time."""
        longest = FIRST_BACK_OFF_S * 2.0 ** min(failures - 1, 10)
        return self.draw() * min(longest, LONGEST_BACK_OFF_S)


@dataclass(slots=True)
class _Standing:
    """How a server stands: what it is doing, and how it failed last."""

    under_way: int = 0
    last_turn: int = 0
    failures: int = 0  # in a row
    error: ServerFailed | None = None
    due_at: float = 0.0  # by the clock, where there is an error


class ServerPool:
    """Several servers with `at_once` places each; may be used from any thread."""

    def __init__(self, servers: Sequence[Server], at_once: int, back_off: BackOff) -> None:
        self._standings = {server: _Standing() for server in servers}
        self._at_once = at_once
        self._back_off = back_off
        self._turns = 0
        self._moved = threading.Condition()

    @property
    def is_busy(self) -> bool:
        """Whether any server answers."""
        return any(standing.under_way for standing in self._standings.values())

    def take(self, servers: Collection[Server], patience_s: float) -> Server | None:
        """A place at one of these, to be given back; None when there is none within the patience.

        The least busy one, of those the one that has rested longest; one that is set aside only
        when it is due and no other has a place.
        """
        with self._moved:
            self._moved.wait_for(lambda: self._next(servers) is not None, patience_s)
            server = self._next(servers)
            if server is not None:
                self._turns += 1
                self._standings[server].under_way += 1
                self._standings[server].last_turn = self._turns
            return server

    def give_back(self, server: Server) -> None:
        """End what was taken."""
        with self._moved:
            self._standings[server].under_way -= 1
            self._moved.notify_all()

    def failure_of(self, server: Server) -> ServerFailed | None:
        """How it failed last, where it is set aside: it is looked at before it is asked again."""
        return self._standings[server].error

    def set_aside(self, server: Server, error: ServerFailed) -> None:
        """Note that a server failed."""
        with self._moved:
            standing = self._standings[server]
            standing.failures += 1
            standing.error = error
            standing.due_at = self._back_off.clock() + self._back_off.seconds(standing.failures)
            self._moved.notify_all()

    def answered(self, server: Server) -> None:
        """Note that a server gave a whole answer."""
        with self._moved:
            self._standings[server].failures = 0
            self._standings[server].error = None
            self._moved.notify_all()

    def due_in_s(self, servers: Collection[Server]) -> float:
        """How long until one of these may be asked: 0 where one stands well, inf where none is.

        One that stands well may be busy.
        """
        with self._moved:
            now = self._back_off.clock()
            waits = [
                max(0.0, standing.due_at - now) if standing.error else 0.0
                for standing in (self._standings[server] for server in servers)
            ]
            return min(waits, default=math.inf)

    def _next(self, servers: Collection[Server]) -> Server | None:
        now = self._back_off.clock()
        free = [
            (standing.error is not None, standing.under_way, standing.last_turn, place)
            for place, (server, standing) in enumerate(self._standings.items())
            if server in servers
            and standing.under_way < (1 if standing.error else self._at_once)
            and (not standing.error or standing.due_at <= now)
        ]
        return list(self._standings)[min(free)[-1]] if free else None
