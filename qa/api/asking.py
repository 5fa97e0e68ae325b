"""Questions of many programs at once, each stopped when nobody waits for its answer any more.

Whose turn it is, is the engine's affair: its queue is the page's too. Here a question has a thread,
and its events come to whoever awaits them.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

from qa.api.collections import Answering
from qa.api.errors import ApiError
from qa.engine.generation import StopFlag
from qa.engine.queueing import Gate
from qa.types import Answer, Answered, Event, Scope, Turn

MOST_AT_ONCE = 32
"""Questions that are answered or wait for their turn; the next one is told to come again."""

AGAIN_S = 5.0
"""When whoever was told so may."""

LOOK_S = 0.2
"""How often somebody looks whether the program that asked is still there."""


Gone = Callable[[], Awaitable[bool]]
"""Whether the program that asked has gone."""


class Questions:
    """The questions under way."""

    def __init__(self, gate: Gate) -> None:
        """While the `gate` is closed, as when another model is loaded, questions wait."""
        self._gate = gate
        self._running: set[StopFlag] = set()
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="question")
        self._is_closed = False

    async def events(
        self,
        assistant: Answering,
        question: str,
        history: Sequence[Turn],
        scope: Scope,
        gone: Gone,
    ) -> AsyncGenerator[Event, None]:
        """What the assistant reports; ends early when the program that asked has gone.

        Closing the iterator stops the assistant, in the middle of a prefill too. Raises as
        `Assistant.ask` does, and ApiError when too many ask, or this ends by `close`.
        """
        if self._is_closed or len(self._running) >= MOST_AT_ONCE:
            raise ApiError(
                503,
                "Too many questions wait for an answer. Ask again in a moment.",
                "overloaded",
                retry_after_s=AGAIN_S,
            )
        flag, loop = StopFlag(), asyncio.get_running_loop()
        coming: asyncio.Queue[Event | None] = asyncio.Queue()

        def work() -> None:
            try:
                with self._gate.passing(flag.is_set) as passed:
                    for event in assistant.ask(question, history, flag, scope) if passed else ():
                        loop.call_soon_threadsafe(coming.put_nowait, event)
            finally:
                self._running.discard(flag)
                loop.call_soon_threadsafe(coming.put_nowait, None)

        self._running.add(flag)
        working = loop.run_in_executor(self._threads, work)
        try:
            while (event := await _next(coming, flag, gone)) is not None:
                yield event
            await working
        finally:
            flag.set()
        if self._is_closed:
            raise ApiError(503, "The server is stopping. Ask again.", "stopping", retry_after_s=1)

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._running)

    def close(self) -> None:
        """Stop every question, and take no more."""
        self._is_closed = True
        for flag in tuple(self._running):
            flag.set()


async def _next(coming: "asyncio.Queue[Event | None]", flag: StopFlag, gone: Gone) -> Event | None:
    """The next event; meanwhile somebody looks whether it is still wanted."""
    while True:
        try:
            async with asyncio.timeout(LOOK_S):  # wait_for can lose a cancellation (Python 3.11)
                return await coming.get()
        except TimeoutError:
            if not flag.is_set() and await gone():
                flag.set()


async def answer_of(events: AsyncGenerator[Event, None]) -> Answer | None:
    """The answer at the end of the events; None where they ended without one."""
    answer = None
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Answered):
                answer = event.answer
    return answer
