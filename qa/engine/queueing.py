"""A fair queue: first come, first served, from any thread, and everybody knows their place.

And a gate, for whoever needs that nobody is served for a while.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

QUEUE_PATIENCE_S = 0.2
"""How often somebody in the queue is told their place, and a stop is noticed there."""


class FairQueue:
    """A line of people; whoever is first has the turn until they leave.

    (A lock alone gives the turn to whichever thread wakes first.)
    """

    def __init__(self) -> None:
        self._line: deque[object] = deque()
        self._moved = threading.Condition()

    @contextmanager
    def place(self, *, next_up: bool = False) -> Iterator["Place"]:
        """A place in the line, given up when the block ends.

        At its end, or `next_up`: behind the one whose turn it is.
        """
        place = Place(self)
        with self._moved:
            self._line.insert(1 if next_up else len(self._line), place)
        try:
            yield place
        finally:
            with self._moved:
                self._line.remove(place)
                self._moved.notify_all()

    def __len__(self) -> int:
        """How many stand in the line."""
        return len(self._line)

    def ahead_of(self, place: "Place", patience_s: float) -> int:
        """How many stand before a place: 0 at once when it is first, else after some patience."""
        with self._moved:
            self._moved.wait_for(lambda: self._line[0] is place, patience_s)
            return self._line.index(place)


class Place:
    """One place in a line."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue

    def ahead(self, patience_s: float) -> int:
        """How many are served before: 0 as soon as it is this one's turn.

        Waits for the turn up to `patience_s` seconds.
        """
        return self._queue.ahead_of(self, patience_s)


GATE_PATIENCE_S = 0.2
"""How often somebody before a closed gate looks whether they still want to pass."""


class Gate:
    """Lets any number through at once, until somebody needs the place behind it empty."""

    def __init__(self) -> None:
        self._inside = 0
        self._is_closed = False
        self._moved = threading.Condition()

    @contextmanager
    def passing(
        self, gives_up: Callable[[], bool] = lambda: False, *, alone: bool = False
    ) -> Iterator[bool]:
        """Whether one is through: waits while the gate is closed, until one gives up.

        `alone`: while anybody is behind it, too; who comes later does not wait in turn.
        """
        with self._moved:
            while self._is_shut(alone=alone) and not gives_up():
                self._moved.wait(GATE_PATIENCE_S)
            passed = not self._is_shut(alone=alone)
            self._inside += passed
        try:
            yield passed
        finally:
            with self._moved:
                self._inside -= passed
                self._moved.notify_all()

    def _is_shut(self, *, alone: bool) -> bool:
        return self._is_closed or (alone and self._inside > 0)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Let nobody else through, and begin when all have left."""
        with self._moved:
            self._moved.wait_for(lambda: not self._is_closed)
            self._is_closed = True
            self._moved.wait_for(lambda: not self._inside)
        try:
            yield
        finally:
            with self._moved:
                self._is_closed = False
                self._moved.notify_all()
