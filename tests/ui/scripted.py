"""An assistant with a script, for the page's tests and its pictures: no library, no model."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from qa.choosing import ModelLine
from qa.disk import PullProgress, Report
from qa.engine.generation import StopFlag
from qa.engine.pace import Pace
from qa.engine.queueing import Gate
from qa.errors import LibraryError, ModelError
from qa.library.batches import Batch, Workshop
from qa.library.records import Recipe
from qa.library.store import Store
from qa.reading.passages import SPLITTER_VERSION
from qa.shelving import Shelf
from qa.types import (
    Answer,
    Answered,
    Article,
    Citation,
    Event,
    Evidence,
    Found,
    Hit,
    Passage,
    Preferences,
    Reading,
    Refusal,
    RefusalReason,
    Retrieved,
    Sentence,
    Side,
    Timings,
    Turn,
    Usage,
    Writing,
)
from tests.fakes import FakeEmbedder
from ui.desk import Answering

FERRY = Passage(
    id="harbour/ferry#1",
    article_id="harbour/ferry",
    title="Ferry back in service after eleven days",
    published=date(2024, 3, 14),
    start=200,
    end=472,
    text=(
        "The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her engine "
        "room. The harbour office said that 212 passengers were on board. Tickets bought for the "
        "cancelled crossings stay valid until the end of June, the company’s office in Ærøskøbing "
        "said."
    ),
    source="Harbour Courier",
)
FIRE = Passage(
    id="harbour/fire#0",
    article_id="harbour/fire",
    title="Fire on the Aldona put out within an hour",
    published=date(2024, 3, 3),
    start=0,
    end=185,
    text=(
        "A fire broke out in the engine room of the ferry Aldona on Sunday evening. Nobody was "
        "hurt. Two fire boats put it out within an hour, and all passengers left the ship by the "
        "stern ramp."
    ),
    source="Harbour Courier",
)
BUDGET = Passage(
    id="council/budget#2",
    article_id="council/budget",
    title="Council votes for a smaller harbour budget",
    published=None,
    start=900,
    end=983,
    text="The council voted 14 to 9 for the harbour budget, which falls by a tenth next year.",
)

COUNT = Passage(
    id="harbour/count#0",
    article_id="harbour/count",
    title="Company counts the passengers of the Aldona again",
    published=date(2024, 3, 15),
    start=0,
    end=127,
    text=(
        "The company has counted again: 198 passengers were on board when the ferry sailed on "
        "Thursday. The harbour office had said 212."
    ),
    source="Island Gazette",
)


def hit(passage: Passage, score: float = 0.8, also_in: tuple[str, ...] = ()) -> Hit:
    """A passage as retrieval would bring it."""
    return Hit(passage, score, Found.BOTH, 0.6, also_in)


def article(passage: Passage) -> Article:
    """An article in which a passage stands at its offsets, between other sentences."""
    before = ("Before it stands something else. " * 40)[: passage.start]
    text = f"{before.ljust(passage.start)}{passage.text} And something behind it."
    return Article(
        passage.article_id, passage.title, text, passage.source, passage.published, "digest"
    )


def put(store: Store, article: Article) -> None:
    """Store an article as if it had been read from a file, in place of what had its id."""
    recipe = Recipe("fake-embedder-1", 512, 64, SPLITTER_VERSION, "")
    batch = Batch(Workshop(store, FakeEmbedder(), recipe))
    batch.put(article, Path("/articles") / f"{article.id}.md")
    batch.store()


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

    def take(self, name: str) -> None:
        """See the class."""
        self.calls.append(("take", name))
        with self.gate.closed():
            if name == "broken":
                raise ModelError("broken is damaged or cut off.")
            self.name = name


USUAL = Preferences(passages=4, max_answer_tokens=256, refuse_below=0.15)


@dataclass(frozen=True)
class OpenedCollections:
    """Collections by name; the first is asked when none is picked."""

    opened: dict[str, Opened]
    models: ScriptedModels = field(default_factory=ScriptedModels)
    usual: Preferences = USUAL

    @property
    def default(self) -> str:
        """The first one."""
        return self.names()[0]

    def names(self) -> tuple[str, ...]:
        """Every one, by name."""
        return tuple(self.opened)

    def collection(self, name: str) -> Opened:
        """The one of that name."""
        if name not in self.opened:
            raise LibraryError(f"There is no collection {name!r}.")
        return self.opened[name]


ARTICLES = tuple(article(passage) for passage in (FERRY, FIRE, BUDGET, COUNT))

HITS = (hit(FERRY, 0.92, ("wire/ferry-1", "wire/ferry-2")), hit(FIRE), hit(BUDGET, 0.3))


def cite(passage: Passage, number: int, words: str) -> Citation:
    """The citation of words that stand in a passage."""
    start = passage.start + passage.text.index(words)
    return Citation(number, passage.id, start, start + len(words))


def quote(
    passage: Passage,
    number: int,
    words: str,
    score: float,
    short: str = "",
    also_in: tuple[str, ...] = (),
) -> Evidence:
    """Words that stand in a passage as evidence, with those that answer by themselves."""
    start = passage.start + passage.text.index(words)
    at = start + words.index(short)
    return Evidence(
        number,
        passage.id,
        passage.article_id,
        start,
        start + len(words),
        words,
        score,
        (at, at + len(short)) if short else None,
        also_in,
    )


SAILED = quote(
    FERRY,
    1,
    "The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her engine "
    "room.",
    12.3,
    "Thursday morning",
    ("wire/ferry-1", "wire/ferry-2"),
)
ON_BOARD = quote(
    FERRY, 1, "The harbour office said that 212 passengers were on board.", 3.5, "212 passengers"
)
BROKE_OUT = quote(
    FIRE, 2, "A fire broke out in the engine room of the ferry Aldona on Sunday evening.", 4.25
)
NOBODY = quote(FIRE, 2, "Nobody was hurt.", 1.5)

EVIDENCE = (SAILED, BROKE_OUT, ON_BOARD, NOBODY)
"""What is found for the ferry's question in HITS, best first."""


def answer(
    question: str,
    sentences: Sequence[tuple[str, tuple[Citation, ...]]],
    hits: tuple[Hit, ...] = HITS,
    refusal: Refusal | None = None,
    evidence: tuple[Evidence, ...] = (),
    opening: str = "",
) -> Answer:
    """An answer of these sentences, joined by spaces; one without a citation is unsupported."""
    checked, text = [], opening
    for said, citations in sentences:
        start = len(text) + bool(text)
        text = f"{text} {said}" if text else said
        checked.append(Sentence(said, start, len(text), bool(citations), citations))
    if refusal:
        text, checked = refusal.message, []
    return Answer(
        question,
        text,
        tuple(checked),
        hits,
        refusal,
        None,
        "scripted",
        Timings(0.1, 1.0, 2.34),
        Usage(),
        evidence,
        None if refusal and not evidence else 0.8,
    )


NOTHING = (
    "Nothing in the articles bears on this question. Ask with words that the articles themselves "
    "would use, in their language."
)
CLOSE = "The articles do not say this outright. The closest they come:"


def refused(question: str, hits: tuple[Hit, ...] = HITS) -> Answer:
    """Nothing bears on the question; these passages were looked at."""
    named = f" Closest: {hits[0].passage.title} (14 March 2024)." if hits else ""
    return answer(question, (), hits, Refusal(RefusalReason.NOTHING_RELEVANT, NOTHING + named))


def close(question: str, evidence: tuple[Evidence, ...] = (BROKE_OUT, NOBODY, ON_BOARD)) -> Answer:
    """Quotes that come close, and no claim."""
    refusal = Refusal(RefusalReason.NOT_IN_SOURCES, CLOSE)
    return answer(question, (), HITS, refusal, evidence)


COUNTED_AGAIN = quote(
    COUNT,
    4,
    "The company has counted again: 198 passengers were on board when the ferry sailed on "
    "Thursday.",
    8.5,
    "198 passengers",
)


def conflicting(question: str) -> Answer:
    """Two articles, a day apart, that count the passengers differently; the newer one first."""
    said = (
        (f"15 March 2024: “{COUNTED_AGAIN.quote}” [4]", COUNT, COUNTED_AGAIN),
        (f"14 March 2024: “{ON_BOARD.quote}” [1]", FERRY, ON_BOARD),
    )
    told = answer(
        question,
        [(text, (cite(passage, one.number, one.quote),)) for text, passage, one in said],
        (*HITS, hit(COUNT)),
        evidence=(COUNTED_AGAIN, ON_BOARD),
        opening="The articles differ; the newest comes first.",
    )
    return replace(told, conflict=tuple(Side(one.quote, (one.number,)) for _, _, one in said))


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


FERRY_QUESTION = "When did the Aldona sail again?"
FERRY_ANSWER = answer(
    FERRY_QUESTION,
    (
        (
            "The Aldona sailed again on Thursday [1], eleven days after the fire in her engine "
            "room [1][2].",
            (
                cite(FERRY, 1, "The ferry Aldona sailed again on Thursday morning, eleven days "
                "after a fire in her engine room."),
                cite(FIRE, 2, "A fire broke out in the engine room of the ferry Aldona"),
            ),
        ),
        (
            "On board were 212 passengers [1].",
            (cite(FERRY, 1, "212 passengers were on board"),),
        ),
        ("The captain called it a good day.", ()),
    ),
    evidence=EVIDENCE,
)  # fmt: skip


def answers(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """The script that answers every question alike."""
    yield from stream(FERRY_ANSWER)
