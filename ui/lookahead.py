"""Work before Enter: what is being typed is looked up, and the model reads what was found.

It knows nothing of Gradio or HTML, and shows nothing. Two threads serve the whole page: one looks
up, the other lets the model read, one passage at a time. Both stand still while a question is being
answered, and end with `close`. What has been read serves every later question, whatever else it is
asked with, so nothing is read twice for what a session has in its box.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Protocol

from qa.engine.generation import StopFlag
from qa.engine.queueing import Gate
from qa.errors import CuttingsError
from qa.types import AS_SET, Hit, Preferences, Turn

from .draft import Draft, long_enough


class LookingUp(Protocol):
    """What looking ahead needs of an assistant; both may be called from any thread."""

    def look_up(self, question: str, history: Sequence[Turn] = ()) -> tuple[Hit, ...]:
        """The passages that the model would be given for this question, best first."""

    def read_ahead(
        self, hits: tuple[Hit, ...], history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> None:
        """Let the model read these passages; ends when it has, is stopped, or is asked.

        The stop flag is set when it has to give way.
        """

    def preferring(self, preferences: Preferences) -> "LookingUp":
        """The same, as somebody with preferences of their own asks it."""


@dataclass(frozen=True, slots=True)
class _Look:
    """A text that is being looked up since `began`, and for whom."""

    session: str
    text: str
    history: tuple[Turn, ...]
    began: float
    preferences: Preferences


@dataclass(frozen=True, slots=True)
class _Reading:
    """A passage that the model is reading ahead, and for whom."""

    session: str
    hit: Hit
    history: tuple[Turn, ...]
    stop: StopFlag


class LookAhead:
    """Looks up and reads ahead for any number of sessions, once one has begun to type.

    A failure that a person could act on is not told here: the question itself will meet it again.
    """

    def __init__(self, assistant: LookingUp, gate: Gate) -> None:
        """The `gate` is passed wherever a model is needed; it may be closed for a while."""
        self._assistant = assistant
        self._gate = gate
        self._drafts: dict[str, Draft] = {}
        self._preferences: dict[str, Preferences] = {}
        self._asked: dict[str, str] = {}
        self._reading: _Reading | None = None
        self._threads: tuple[threading.Thread, ...] = ()
        self._closed = False
        self._changed = threading.Condition()

    def typed(
        self,
        session: str,
        text: str,
        history: tuple[Turn, ...],
        preferences: Preferences = AS_SET,
    ) -> None:
        """Take what a session has in its box."""
        with self._changed:
            self._preferences[session] = preferences
            # The last letters of a question may arrive after its Enter.
            if not long_enough(text.strip()) or text.strip() == self._asked.get(session):
                self._drafts.pop(session, None)
                if session not in self._asked:
                    self._stop_reading(session)
            elif not self._closed:
                draft = self._drafts.get(session, Draft(history))
                self._drafts[session] = draft.typed(text, time.monotonic())
                self._start()
                self._changed.notify_all()

    def asked(self, session: str, question: str) -> None:
        """Look nothing up until this question is answered.

        What the model is reading is left to it: most often it is what this question needs.
        """
        with self._changed:
            self._drafts.pop(session, None)
            self._asked[session] = question.strip()

    def answered(self, session: str, history: tuple[Turn, ...]) -> None:
        """Go on, unless others wait for an answer, with what has been typed meanwhile."""
        with self._changed:
            del self._asked[session]
            if session in self._drafts:
                typed = self._drafts[session].text
                self._drafts[session] = Draft(history).typed(typed, time.monotonic())
            self._changed.notify_all()

    def forget(self, session: str) -> None:
        """End what is done for a session."""
        with self._changed:
            self._drafts.pop(session, None)
            self._preferences.pop(session, None)
            self._stop_reading(session)

    def close(self) -> None:
        """End everything; returns when both threads have ended."""
        with self._changed:
            self._closed = True
            if self._reading:
                self._reading.stop.set()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _stop_reading(self, session: str) -> None:
        if self._reading and self._reading.session == session:
            self._reading.stop.set()

    def _start(self) -> None:
        if not self._threads:
            self._threads = (
                threading.Thread(target=self._look, name="look-up"),
                threading.Thread(target=self._read, name="read-ahead"),
            )
            for thread in self._threads:
                thread.start()

    def _look(self) -> None:
        while (look := self._next_look()) is not None:
            hits: tuple[Hit, ...] = ()
            with suppress(CuttingsError):
                asked = self._assistant.preferring(look.preferences)
                hits = asked.look_up(look.text, look.history)
            self._take(look, hits)

    def _next_look(self) -> _Look | None:
        """Wait until something is to be looked up, and settle what has stood; None when closed."""
        with self._changed:
            while not self._closed:
                session, draft = min(
                    self._drafts.items(), key=lambda item: item[1].due(), default=("", Draft())
                )
                now = time.monotonic()
                due = inf if self._asked else draft.due()
                if due > now:
                    self._changed.wait(None if due == inf else due - now)
                elif text := draft.wanted(now):
                    chosen = self._preferences.get(session, AS_SET)
                    return _Look(session, text, draft.history, now, chosen)
                else:
                    self._drafts[session] = draft.settle()
                    self._changed.notify_all()
        return None

    def _take(self, look: _Look, hits: tuple[Hit, ...]) -> None:
        """Note what a look gave, unless the conversation has gone on meanwhile."""
        with self._changed:
            draft = self._drafts.get(look.session)
            if draft is None or draft.history != look.history:
                return
            self._drafts[look.session] = draft.looked(look.text, hits, look.began)
            found = {hit.passage.id for hit in hits}
            if self._reading and self._reading.hit.passage.id not in found:
                self._stop_reading(look.session)
            self._changed.notify_all()

    def _read(self) -> None:
        while (reading := self._next_reading()) is not None:
            with suppress(CuttingsError), self._gate.passing(lambda: self._closed) as passed:
                if passed:
                    self._assistant.read_ahead((reading.hit,), reading.history, reading.stop)
            self._note(reading)

    def _next_reading(self) -> _Reading | None:
        """Wait until a passage that has not been read has settled; None when closed."""
        with self._changed:
            while not self._closed:
                session, draft = next(
                    (item for item in self._drafts.items() if item[1].unread), ("", Draft())
                )
                if draft.unread and not self._asked:
                    self._reading = _Reading(session, draft.unread[0], draft.history, StopFlag())
                    return self._reading
                self._changed.wait()
        return None

    def _note(self, reading: _Reading) -> None:
        """Note that a passage has been read, unless the reading gave way to something."""
        with self._changed:
            self._reading = None
            draft = self._drafts.get(reading.session)
            given_way = reading.stop.is_set() or self._asked
            if draft and draft.history == reading.history and not given_way:
                self._drafts[reading.session] = draft.has_read(reading.hit)
