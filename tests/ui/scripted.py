"""An assistant with a script, and what else stands behind a page: no library, no model."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa.engine.generation import StopFlag
from qa.engine.pace import Pace
from qa.engine.queueing import Gate
from qa.errors import ModelError
from qa.evaluating.benching import BenchRow
from qa.library.batches import Batches, Workshop
from qa.library.records import Recipe
from qa.library.store import Store
from qa.models.choosing import ModelLine
from qa.models.disk import PullProgress, Report
from qa.reading.passages import SPLITTER_VERSION
from qa.service.uploads import Shelf
from qa.types import (
    Answer,
    Answered,
    Article,
    Event,
    Preferences,
    Reading,
    Retrieved,
    Turn,
    Writing,
)
from tests.fakes import FakeEmbedder, NamedCollections
from tests.ui.harbour import FERRY_ANSWER
from ui.sessions import Answering


def put(store: Store, article: Article) -> None:
    """Store an article as if it had been read from a file, in place of what had its id."""
    recipe = Recipe("fake-embedder-1", 512, 64, SPLITTER_VERSION, "")
    with Batches(Workshop(store, FakeEmbedder(), recipe)) as batches:
        batches.put(article, Path("/articles") / f"{article.id}.md")
        batches.finish()


@dataclass(frozen=True)
class Opened:
    """A collection that is open, over scripted or real parts."""

    assistant: Answering
    shelf: Shelf


@dataclass
class ScriptedModels:
    """Models that are pulled and taken as a test says.

    A pull reports half of the bytes, waits for `gate_of_pull` or a stop, and brings the model; what
    is named "broken" cannot be loaded. `calls` are the pulls and the takings.
    """

    listed: tuple[ModelLine, ...] = (
        ModelLine("small", "twice as fast", 98_000_000, is_here=True, pace=Pace(640, 4.0, 64, 8.0)),
        ModelLine("large", "more reliable", 1_900_000_000, is_here=False, can_be_pulled=True),
        ModelLine("broken", "a file of your own", 1_000_000, is_here=True),
    )
    name: str = "scripted"
    server: str = ""
    gate: Gate = field(default_factory=Gate)
    gate_of_pull: threading.Event = field(default_factory=threading.Event)
    calls: list[tuple[str, str]] = field(default_factory=list)

    def lines(self) -> tuple[ModelLine, ...]:
        """The listed ones, and the one in use where it is another."""
        mine = ModelLine("scripted", "the default", 1_100_000_000, is_here=True)
        return tuple(replace(line, in_use=line.name == self.name) for line in (mine, *self.listed))

    def benched(self) -> dict[str, BenchRow]:
        """The small one's row."""
        return {
            "small": BenchRow("small", 98_000_000, 210_000_000, 160, 8, 20, 3, 11, 2.25,
                              "2026-11-29")
        }  # fmt: skip

    def pull(self, name: str, report: Report) -> None:
        """See the class."""
        self.calls.append(("pull", name))
        report(PullProgress("Not from the hub: it is far away", 0, 1000, failed=True))
        while not self.gate_of_pull.wait(0.01):
            report(PullProgress(f"Downloading {name}", 500, 1000))
        self.listed = tuple(
            replace(line, is_here=True, can_be_pulled=False) if line.name == name else line
            for line in self.listed
        )

    def on_the_hub(self, name: str) -> tuple[ModelLine, ...]:
        """Two quantisations of whatever repository, the larger of which does not fit."""
        if not name.startswith("hf:"):
            raise ModelError(f"{name} names no repository of the hub.")
        return tuple(
            ModelLine(
                f"{name}:{quant}",
                "licence: mit",
                size_bytes,
                is_here=False,
                can_be_pulled=True,
                memory_bytes=size_bytes + 850_000_000,
                fits=size_bytes < 5_000_000_000,
            )
            for quant, size_bytes in (("Q4_K_M", 2_500_000_000), ("F16", 8_000_000_000))
        )

    def take(self, name: str) -> None:
        """See the class."""
        self.calls.append(("take", name))
        with self.gate.closed():
            if name == "broken":
                raise ModelError("broken is damaged or cut off.")
            self.name = name


USUAL = Preferences(passages=4, max_answer_tokens=256, refuse_below=0.15)


@dataclass(frozen=True)
class OpenedCollections(NamedCollections[Opened]):
    """Collections by name; the first is asked when none is picked."""

    opened: Mapping[str, Opened]
    models: ScriptedModels = field(default_factory=ScriptedModels)
    usual: Preferences = USUAL
    numbers: str = "The numbers that come with Cuttings are in use."


Script = Callable[["ScriptedAssistant", str, StopFlag], Iterator[Event]]


@dataclass
class ScriptedAssistant:
    """Plays a script for every question and keeps what it was asked.

    `gate` is for scripts that wait for the test; `stopped` is set once a script has been ended
    before its last event. With `slow_reader`, reading ahead lasts until it is stopped or a question
    comes. `read` are the texts that it began to read for, `cut_short` those that it was stopped at.
    """

    script: Script
    slow_reader: bool = False
    gate: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    preferred: list[Preferences] = field(default_factory=list)
    read: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    cut_short: list[str] = field(default_factory=list)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: StopFlag | None = None,
    ) -> Iterator[Event]:
        """The script's events; see `qa.answering.assistant.Assistant.ask`."""
        self.asked.append((question, tuple(history)))
        done = False
        try:
            yield from self.script(self, question, stop or StopFlag())
            done = True
        finally:
            if not done:
                self.stopped.set()

    def preferring(self, preferences: Preferences) -> "ScriptedAssistant":
        """The same; what was preferred is kept."""
        self.preferred.append(preferences)
        return self

    def read_ahead(
        self, question: str, history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> None:
        """Keep what was read for, at once or until it is stopped; to a question it gives way."""
        stop, asked = stop or StopFlag(), len(self.asked)
        self.read.append((question, tuple(history)))
        while self.slow_reader:
            if stop.is_set():
                self.cut_short.append(question)
                return
            if len(self.asked) > asked:
                stop.set()
                return
            time.sleep(0.01)

    def hold(self, stop: StopFlag) -> bool:
        """Wait until the test opens the gate (True) or the question is stopped (False)."""
        while not self.gate.wait(0.01):
            if stop.is_set():
                self.stopped.set()
                return False
        return True


def stream(reply: Answer) -> Iterator[Event]:
    """All events of an answer: its quotes at once, its sentences when they have been read."""
    yield Retrieved(reply.hits, reply.evidence)
    for done_tokens in range(0, 601, 20):
        yield Reading(done_tokens, 600)
    for sentence in reply.sentences:
        yield Writing(sentence.text)
    yield Answered(reply)


def answers(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """The script that answers every question alike."""
    yield from stream(FERRY_ANSWER)
