"""Work before Enter: for what is being typed, evidence is found and the model reads it.

It knows nothing of Gradio or HTML, and shows nothing. One thread serves each collection that is
typed to, and one of them reads at a time. They stand still while a question is being answered, of
whatever collection and whoever asked it, and end with `close`. What has been read serves the next
text as far as that brings up the same evidence, so it costs little to begin anew at each word.

What is read ahead, and when: a text is read for at the end of each word, and when the keys rest.
Behind the last word with its `?`, Enter comes too soon, and the words before it mostly bring up
what the whole question will.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf
from typing import Protocol

from qa.engine.generation import StopFlag
from qa.engine.queueing import Gate
from qa.errors import CuttingsError
from qa.types import AS_SET, Preferences, Turn


class ReadingAhead(Protocol):
    """What looking ahead needs of an assistant; it may be called from any thread."""

    def read_ahead(
        self, question: str, history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> None:
        """Find the evidence for a question and let the model read it, up to the question itself.

        Ends when it has been read, is stopped, or somebody asks; the stop flag is set when it has
        to give way.
        """

    def preferring(self, preferences: Preferences) -> "ReadingAhead":
        """The same, as somebody with preferences of their own asks it."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text that is read for since `began`, and for whom."""

    session: str
    text: str
    history: tuple[Turn, ...]
    began: float
    preferences: Preferences
    stop: StopFlag


class LookAhead:
    """Reads ahead for any number of sessions at one collection, once one has begun to type.

    A failure that a person could act on is not told here: the question itself will meet it again.
    """

    def __init__(self, assistant: ReadingAhead, gate: Gate) -> None:
        """The `gate` is passed wherever a model is needed; it may be closed for a while.

        Nothing is read while anybody else is behind it.
        """
        self._assistant = assistant
        self._gate = gate
        self._drafts: dict[str, Draft] = {}
        self._preferences: dict[str, Preferences] = {}
        self._asked: dict[str, str] = {}
        self._reading: _Reading | None = None
        self._is_at_gate = False
        self._thread: threading.Thread | None = None
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
                draft = self._drafts.get(session, Draft(history)).typed(text, time.monotonic())
                self._drafts[session] = draft
                if self._reading and not draft.holds(self._reading.text):
                    self._stop_reading(session)
                self._start()
                self._changed.notify_all()

    def asked(self, session: str, question: str) -> None:
        """Read nothing more until this question is answered.

        What the model is reading is left to it: most often it is what this question needs. What
        still waits to be read would come too late.
        """
        with self._changed:
            if self._reading and self._is_at_gate:
                self._reading.stop.set()
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
        """End everything; returns when the thread has ended."""
        with self._changed:
            self._closed = True
            if self._reading:
                self._reading.stop.set()
            self._changed.notify_all()
        if self._thread:
            self._thread.join()

    def _stop_reading(self, session: str) -> None:
        if self._reading and self._reading.session == session:
            self._reading.stop.set()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._read, name="read-ahead")
            self._thread.start()

    def _read(self) -> None:
        while (reading := self._next()) is not None:
            given_up = reading.stop.is_set
            with suppress(CuttingsError), self._gate.passing(given_up, alone=True) as passed:
                self._is_at_gate = not passed
                if passed:
                    asked = self._assistant.preferring(reading.preferences)
                    asked.read_ahead(reading.text, reading.history, reading.stop)
            self._note(reading)

    def _next(self) -> _Reading | None:
        """Wait until a text has stood long enough to be read for; None when closed."""
        with self._changed:
            while not self._closed:
                session, draft = min(
                    self._drafts.items(), key=lambda item: item[1].due(), default=("", Draft())
                )
                now = time.monotonic()
                due = inf if self._asked else draft.due()
                text = draft.wanted(now) if due <= now else None
                if text:
                    chosen = self._preferences.get(session, AS_SET)
                    self._reading = _Reading(session, text, draft.history, now, chosen, StopFlag())
                    self._is_at_gate = True
                    return self._reading
                self._changed.wait(None if due == inf else max(due - now, 0))
        return None

    def _note(self, reading: _Reading) -> None:
        """Note what has been read for, unless the reading gave way to something."""
        with self._changed:
            self._reading = None
            draft = self._drafts.get(reading.session)
            given_way = reading.stop.is_set() or self._asked
            if draft and draft.history == reading.history and not given_way:
                self._drafts[reading.session] = draft.has_read(reading.text, reading.began)


# From the end of a word to its reading: pasting a line, or writing it fast, is one text, not ten.
PAUSE_S = 0.25

# Keys that rest so long have come to the end of the question, or of a thought.
REST_S = 0.6

# Shorter texts bring up passages at random.
SHORTEST_CHARS, SHORTEST_WORDS = 8, 2


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in a session's box, and what of it was read ahead.

    `words` is the text without the word at its end, which may go on. The last text that the model
    read for was `read`; that began at `read_at`.
    """

    history: tuple[Turn, ...] = ()
    text: str = ""
    typed_at: float = -inf
    words: str = ""
    words_at: float = -inf
    read: str = ""
    read_at: float = -inf

    def typed(self, text: str, now: float) -> "Draft":
        """The draft with another text in the box."""
        words = _whole_words(text)
        words_at = self.words_at if words == self.words else now
        return replace(self, text=text.strip(), typed_at=now, words=words, words_at=words_at)

    def due(self) -> float:
        """When there is something to read for; inf for never."""
        return min(self._words_due(), self._text_due())

    def wanted(self, now: float) -> str | None:
        """The text that is to be read for now, if any."""
        if self._text_due() <= now:
            return self.text
        return self.words if self._words_due() <= now else None

    def holds(self, text: str) -> bool:
        """Whether a text is still what is being typed, but for a word that is not whole."""
        return text in (self.words, self.text)

    def has_read(self, text: str, began: float) -> "Draft":
        """The draft once the model has read for a text."""
        return replace(self, read=text, read_at=began)

    def _words_due(self) -> float:
        news = self.words != self.read and self.words_at > self.read_at
        return self.words_at + PAUSE_S if news and long_enough(self.words) else inf

    def _text_due(self) -> float:
        news = self.text != self.read
        return self.typed_at + REST_S if news and long_enough(self.text) else inf


def long_enough(text: str) -> bool:
    """Whether a text says anything of what will be asked."""
    return len(text) >= SHORTEST_CHARS and len(text.split()) >= SHORTEST_WORDS


def _whole_words(text: str) -> str:
    """The text up to its last space: behind the question mark, Enter comes before any reading."""
    return text.strip() if text[-1:].isspace() else " ".join(text.rsplit(maxsplit=1)[:-1])
