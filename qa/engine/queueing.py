"""A fair queue: first come, first served, from any thread, and everybody knows their place."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


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
