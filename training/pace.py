"""Says, during what takes long, how far it is and how fast it goes."""

import sys
import time

TOLD_EVERY_S = 20.0


class Pace:
    """The pace of something that goes over `count` examples."""

    def __init__(self, name: str, count: int) -> None:
        self._name = name
        self._count = count
        self._started = self._told = time.perf_counter()

    @property
    def due(self) -> bool:
        """Whether it has been silent for long enough."""
        return time.perf_counter() - self._told > TOLD_EVERY_S

    def tell(self, done: int, more: str = "") -> None:
        """Say that so many examples are done."""
        self._told = time.perf_counter()
        a_second = done / (self._told - self._started)
        line = f"{self._name}: {done} of {self._count}, {a_second:.1f} a second{more}"
        print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)
