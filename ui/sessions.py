"""The sessions in which questions are asked: one assistant, any number of people.

It knows nothing of Gradio or HTML. Whose turn it is, is the assistant's affair. Per session it
holds only what is running, so that it can be stopped, and what is being typed; the
conversation itself belongs to the caller.
"""

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Protocol

from qa.engine.generation import StopFlag
from qa.engine.queueing import Gate
from qa.errors import CuttingsError
from qa.types import AS_SET, Event, Preferences, Turn

from .exchange import Exchange, Stage, advance, turns
from .lookahead import LookAhead, ReadingAhead

# Ten updates a second read as fluent; more only make a long page slow.
UPDATE_INTERVAL_S = 0.1


class Answering(ReadingAhead, Protocol):
    """What the page needs of an assistant."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: StopFlag | None = None,
    ) -> Iterator[Event]:
        """Report events until Answered; a set stop flag or closing the iterator ends it."""

    def preferring(self, preferences: Preferences) -> "Answering":
        """The same, as somebody with preferences of their own asks it."""


class Sessions:
    """Takes one question at a time of each session, and looks ahead while none is asked."""

    def __init__(self, assistant: Answering, gate: Gate | None = None) -> None:
        """Whoever can close the `gate` sees to it that the assistant is asked nothing meanwhile."""
        self._assistant = assistant
        self._gate = gate or Gate()
        self._lookahead = LookAhead(assistant, self._gate)
        self._running: dict[str, StopFlag] = {}
        self._lock = threading.Lock()

    def typed(
        self,
        session: str,
        text: str,
        earlier: tuple[Exchange, ...],
        preferences: Preferences = AS_SET,
    ) -> None:
        """Take what stands in the box; the evidence for it may be found and read ahead."""
        self._lookahead.typed(session, text, turns(earlier), preferences)

    def ask(
        self,
        session: str,
        question: str,
        earlier: tuple[Exchange, ...],
        preferences: Preferences = AS_SET,
    ) -> Generator[Exchange, None, None]:
        """The exchange as it grows, at most ten times a second; the last one is final.

        A second question of a session whose first is not done yields nothing. Closing the iterator
        stops the assistant.
        """
        flag = StopFlag()
        with self._lock:
            if session in self._running:
                return
            self._running[session] = flag
        self._lookahead.asked(session, question)
        exchange = Exchange(len(earlier) + 1, question)
        try:
            yield exchange
            growing = self._follow(exchange, turns(earlier), flag, preferences)
            with self._gate.passing(flag.is_set), closing(growing):
                for exchange in growing:
                    if not exchange.stage.final:
                        yield exchange
        finally:
            flag.set()
            self._lookahead.answered(session, turns((*earlier, exchange)))
            with self._lock:
                self._running.pop(session)
        # Only now: whoever sees the end may ask the next question at once.
        yield exchange

    def stop(self, session: str) -> None:
        """End the question that this session has running, if any."""
        with self._lock:
            if session in self._running:
                self._running[session].set()

    def leave(self, session: str) -> None:
        """End everything of a session that has gone."""
        self._lookahead.forget(session)
        self.stop(session)

    def close(self) -> None:
        """End whatever is running."""
        with self._lock:
            for flag in self._running.values():
                flag.set()
        self._lookahead.close()

    def _follow(
        self,
        exchange: Exchange,
        history: Sequence[Turn],
        flag: StopFlag,
        preferences: Preferences,
    ) -> Generator[Exchange, None, None]:
        """Ask, and hand on each stage, place and sentence at once and the rest at intervals."""
        shown, shown_at = exchange, time.monotonic()
        events: Iterator[Event] = iter(())
        try:
            if not flag.is_set():
                asked = self._assistant.preferring(preferences)
                events = asked.ask(exchange.question, history, flag)
            for event in events:
                if flag.is_set():
                    break
                exchange = advance(exchange, event)
                moved = _news(exchange) != _news(shown)
                due = time.monotonic() - shown_at >= UPDATE_INTERVAL_S
                news = exchange != shown and not exchange.stage.final
                if news and (due or moved):
                    yield exchange
                    shown, shown_at = exchange, time.monotonic()
        except CuttingsError as error:
            exchange = replace(exchange, stage=Stage.FAILED, error=str(error))
        finally:
            if isinstance(events, Generator):
                events.close()
        yield exchange if exchange.stage.final else replace(exchange, stage=Stage.STOPPED)


def _news(exchange: Exchange) -> tuple[Stage, int, str]:
    """What of an exchange is told as soon as it changes."""
    return exchange.stage, exchange.ahead, exchange.written
