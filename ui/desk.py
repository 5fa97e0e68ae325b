"""The desk at which questions are asked: one assistant, any number of people, one after another.

It knows nothing of Gradio or HTML. Per session it holds only what is running, so that it can be
stopped; the conversation itself belongs to the caller.
"""

import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from qa.engine.generation import StopFlag
from qa.errors import CuttingsError
from qa.types import Event, Turn

from .exchange import Exchange, Stage, advance, turns

# Ten updates a second read as fluent; more only make a long page slow.
UPDATE_INTERVAL_S = 0.1

# How often somebody who waits looks whether it is their turn; a stop is noticed at once.
WAIT_S = 0.5


class Answering(Protocol):
    """What the page needs of an assistant."""

    def ask(
        self, question: str, history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> Iterator[Event]:
        """Report events until Answered; a set stop flag or closing the iterator ends it."""


class Desk:
    """Lets one question at a time through to the assistant, first come, first served."""

    def __init__(self, assistant: Answering) -> None:
        self._assistant = assistant
        self._running: dict[str, StopFlag] = {}
        self._line: deque[StopFlag] = deque()
        self._moved = threading.Condition()

    def ask(
        self, session: str, question: str, earlier: tuple[Exchange, ...]
    ) -> Generator[Exchange, None, None]:
        """The exchange as it grows, at most ten times a second; the last one is final.

        A second question of a session whose first is not done yields nothing. Closing the iterator
        stops the assistant.
        """
        flag = StopFlag()
        with self._moved:
            if session in self._running:
                return
            self._running[session] = flag
            self._line.append(flag)
        asked = Exchange(len(earlier) + 1, question)
        try:
            yield from self._wait(asked, flag)
            if flag.is_set():
                yield replace(asked, stage=Stage.STOPPED)
            else:
                yield from self._follow(asked, turns(earlier), flag)
        finally:
            flag.set()
            with self._moved:
                self._running.pop(session)
                self._line.remove(flag)
                self._moved.notify_all()

    def stop(self, session: str) -> None:
        """End what this session has running, if anything."""
        with self._moved:
            if session in self._running:
                self._running[session].set()
                self._moved.notify_all()

    def close(self) -> None:
        """End whatever is running."""
        with self._moved:
            for flag in self._running.values():
                flag.set()
            self._moved.notify_all()

    def _wait(self, exchange: Exchange, flag: StopFlag) -> Iterator[Exchange]:
        """The exchange with its place in the line, until it is first or stopped."""
        ahead = self._ahead(flag, 0)
        while ahead and not flag.is_set():
            yield replace(exchange, stage=Stage.WAITING, ahead=ahead)
            ahead = self._ahead(flag, WAIT_S)
        yield exchange

    def _ahead(self, flag: StopFlag, patience_s: float) -> int:
        with self._moved:
            self._moved.wait_for(lambda: self._line[0] is flag or flag.is_set(), patience_s)
            return self._line.index(flag)

    def _follow(
        self, exchange: Exchange, history: Sequence[Turn], flag: StopFlag
    ) -> Iterator[Exchange]:
        """Ask, and hand on every change of stage at once and the rest at intervals."""
        shown, shown_at = exchange.stage, time.monotonic()
        events: Iterator[Event] = iter(())
        try:
            events = self._assistant.ask(exchange.question, history, flag)
            for event in events:
                if flag.is_set():
                    break
                exchange = advance(exchange, event)
                due = time.monotonic() - shown_at >= UPDATE_INTERVAL_S
                if (due or exchange.stage is not shown) and not exchange.stage.final:
                    yield exchange
                    shown, shown_at = exchange.stage, time.monotonic()
        except CuttingsError as error:
            exchange = replace(exchange, stage=Stage.FAILED, error=str(error))
        finally:
            if isinstance(events, Generator):
                events.close()
        yield exchange if exchange.stage.final else replace(exchange, stage=Stage.STOPPED)
