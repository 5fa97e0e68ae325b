"""The story of a question, from its words to a checked answer. Everybody who asks, asks here."""

import threading
import time
from collections.abc import Generator as Steps
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Protocol

from qa.answering.citations import CheckedText
from qa.answering.composing import Composed, compose, say_checked
from qa.answering.conflict import fullest_first, grouped, sides, standing
from qa.answering.following import DEPTH, fuse_hits, queries
from qa.answering.prompt import ask_alone
from qa.answering.reader import PassageReader
from qa.answering.recency import NEWER_AMONG, newer_first, prefers_newer
from qa.answering.refusal import abstains, refuse, refuse_before
from qa.answering.trust import Calibration, calibration
from qa.engine.generation import Generator, StopFlag
from qa.errors import BadQuestion, ModelError, OutOfTime
from qa.library.embedder import Embedder
from qa.types import (
    EVERYTHING,
    Answer,
    Answered,
    Event,
    Finding,
    Hit,
    Preferences,
    Refusal,
    Retrieved,
    Scope,
    Sentence,
    Timings,
    Turn,
    Usage,
    Writing,
)

LONGEST_QUESTION = 2000  # characters; a page of text is an article, not a question

SURE = 0.5
"""From this trust on, what was found is shown while other passages are still being read."""


class PassageSearch(Protocol):
    """Where an assistant looks passages up; `qa.library.retrieval.Retriever` is one."""

    def retrieve(self, question: str, k: int, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        """The k best passages, best first."""


class Assistant:
    """Answers questions from one library with one model.

    Without a generator it looks passages up and cannot answer. The embedder helps to compare
    wordings.
    """

    def __init__(
        self,
        retriever: PassageSearch,
        generator: Generator | None,
        *,
        passages: int,
        relevance_floor: float,
        refuse_below: float,
        max_answer_tokens: int,
        answer_seconds: float,
        embedder: Embedder | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self._retriever = retriever
        self._model = generator
        self._passages = passages
        self._relevance_floor = relevance_floor
        self._refuse_below = refuse_below
        self._max_answer_tokens = max_answer_tokens
        self._answer_seconds = answer_seconds
        self._embedder = embedder
        self._calibration = calibration

    @property
    def model_name(self) -> str:
        """Which model answers; "none" where none was opened."""
        return self._model.name if self._model else "none"

    def preferring(self, preferences: Preferences) -> "Assistant":
        """The same assistant, as somebody with preferences of their own asks it."""
        mine = copy(self)
        mine._passages = preferences.passages or self._passages
        mine._max_answer_tokens = preferences.max_answer_tokens or self._max_answer_tokens
        if preferences.refuse_below is not None:  # 0 tells everything
            mine._refuse_below = preferences.refuse_below
        return mine

    def answer_with(self, generator: Generator | None) -> None:
        """Let another model answer; between questions only, or one would be answered by both."""
        self._model = generator

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: StopFlag | None = None,
        scope: Scope = EVERYTHING,
    ) -> Iterator[Event]:
        """Answer a question from the articles in a scope: Retrieved, Reading, Writing, Answered.

        Each passage is read alone; what is found is shown as soon as one finding is sure, and is
        final only with Answered. A set stop flag ends it without; closing the iterator does so too.
        Raises BadQuestion for an empty or overlong question, IndexMissing when there is nothing to
        ask, OutOfTime.
        """
        question = check_question(question)
        clock = _Clock()
        hits = self.look_up(question, history, scope)
        clock.retrieved()
        yield Retrieved(hits)
        refusal = refuse_before(question, hits, self._relevance_floor)
        if refusal:
            yield self._answered(question, None, hits, (), None, refusal, clock, Usage())
            return

        stop = stop or StopFlag()
        with _TimeLimit(self._answer_seconds, stop) as limit:
            reader = self._reader(question, hits, history, stop, limit)
            findings = yield from self._find(reader, hits, clock)
            told = yield from self._say(reader, question, findings, hits, clock)
        limit.check()
        if stop.is_set():
            return
        composed = compose(question, told.sentences, hits) if told.sentences else None
        refusal = None if composed else refuse(question, hits)
        yield self._answered(
            question, composed, hits, findings, told.standing, refusal, clock, reader.usage
        )

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Ask and wait for the answer; raises as `ask` does."""
        for event in self.ask(question, history):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("an unstopped question ends with Answered")

    def look_up(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """The passages that `ask` gives the model for these words, in the same order."""
        return self.retrieve(question, history, self._passages, scope)

    def read_ahead(
        self, hits: tuple[Hit, ...], history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> None:
        """Let the model read these passages for a question that is still being typed.

        Raises as `ask` does; a stop flag ends it. Nothing is read while a question is answered.
        """
        stop = stop or StopFlag()
        for hit in hits:
            if not stop.is_set():
                self._generator.read_ahead(ask_alone("", hit, history), stop)

    def retrieve(
        self, question: str, history: Sequence[Turn], k: int, scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """The k best passages: for a follow-up with what it leans on, for the present the newer."""
        asked = queries(question, history)
        newer = prefers_newer(question)
        wanted = NEWER_AMONG * k if newer else k
        depth = wanted if len(asked) == 1 else max(wanted, DEPTH)
        found = [(query, self._retriever.retrieve(query.text, depth, scope)) for query in asked]
        hits = fuse_hits(found, wanted)
        return newer_first(hits)[:k] if newer else hits

    @property
    def _generator(self) -> Generator:
        if self._model is None:
            raise ModelError("No language model was opened. Name one by --model or in qa.toml.")
        return self._model

    def _reader(
        self,
        question: str,
        hits: tuple[Hit, ...],
        history: Sequence[Turn],
        stop: StopFlag,
        limit: "_TimeLimit",
    ) -> PassageReader:
        fitted = self._calibration or calibration(self.model_name)
        return PassageReader(
            self._generator, fitted, question, hits, history, stop, limit.begin, self._embedder
        )

    def _find(
        self, reader: PassageReader, hits: tuple[Hit, ...], clock: "_Clock"
    ) -> Steps[Event, None, tuple[Finding, ...]]:
        """What is found in each passage, best first; the first sure finding is shown at once."""
        findings: list[Finding] = []
        for number in range(1, len(hits) + 1):
            finding = yield from reader.find(number)
            if finding is None:
                break
            findings.append(finding)
            if finding.trust >= SURE and clock.wrote():
                yield Writing(finding.text)
        return tuple(findings)

    def _say(
        self,
        reader: PassageReader,
        question: str,
        findings: Sequence[Finding],
        hits: tuple[Hit, ...],
        clock: "_Clock",
    ) -> Steps[Event, None, "_Told"]:
        """A supported sentence for each side of what is trusted, the newest first.

        Where what is trusted most stands in no source, the next is told, if it is trusted itself.
        """
        found = [one for one in findings if not abstains(one.text)]
        left, sentences, least = grouped(question, found, hits), list[Sentence](), 1.0
        while left and not sentences:
            shown = sides(question, left, hits)
            least = min(least, standing(shown, left, hits))
            if least < self._refuse_below:
                break
            for group in map(fullest_first, shown):
                said = yield from reader.say(group[0], self._max_answer_tokens)
                sentence = say_checked(question, group, said, hits, self._embedder)
                if sentence:
                    sentences.append(sentence)
                    if clock.wrote():
                        yield Writing(sentence.text)
            left = tuple(group for group in left if group not in shown)
        return _Told(sentences, least if sentences or left else 0.0)

    def _answered(
        self,
        question: str,
        composed: Composed | None,
        hits: tuple[Hit, ...],
        findings: tuple[Finding, ...],
        standing: float | None,
        refusal: Refusal | None,
        clock: "_Clock",
        usage: Usage,
    ) -> Answered:
        """The last event: the checked text, or the refusal's message in its place."""
        checked = composed.checked if composed else CheckedText("", ())
        return Answered(
            Answer(
                question,
                refusal.message if refusal else checked.text,
                checked.sentences,
                hits,
                refusal,
                composed.conflict if composed else None,
                self.model_name,
                clock.timings(),
                usage,
                findings,
                standing,
            )
        )


def check_question(question: str) -> str:
    """The question without surrounding space; BadQuestion if it is empty or overlong."""
    question = question.strip()
    if not any(char.isalnum() for char in question):
        raise BadQuestion("The question is empty. Ask something in words, for example: qa ask …")
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} can be "
            "asked at once. Put long texts into the library with qa index, and ask about them."
        )
    return question


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told, and its `standing`, as `Answer` has it."""

    sentences: Sequence[Sentence]
    standing: float


class _Clock:
    """Seconds since the question came in."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._retrieve_s = 0.0
        self._first_token_s: float | None = None

    def retrieved(self) -> None:
        self._retrieve_s = time.perf_counter() - self._start

    def wrote(self) -> bool:
        """Note that something is shown; whether it is the first."""
        first = self._first_token_s is None
        if first:
            self._first_token_s = time.perf_counter() - self._start
        return first

    def timings(self) -> Timings:
        return Timings(self._retrieve_s, self._first_token_s, time.perf_counter() - self._start)


class _TimeLimit:
    """Sets the stop flag when reading and writing an answer have taken too long."""

    def __init__(self, seconds: float, stop: StopFlag) -> None:
        self._seconds = seconds
        self._stop = stop
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True
        self._over = False

    def __enter__(self) -> "_TimeLimit":
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def begin(self) -> None:
        """Count from now on, if it has not begun: waiting for one's turn is no answering."""
        if self._timer.ident is None:
            self._timer.start()

    def check(self) -> None:
        """Raise OutOfTime if it has taken too long."""
        if self._over:
            raise OutOfTime(
                f"There was no answer within {self._seconds:g} seconds. Ask a shorter question, "
                "take a smaller model (qa models list), or raise answer_seconds."
            )

    def _strike(self) -> None:
        self._over = True
        self._stop.set()
