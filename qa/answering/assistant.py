"""The story of a question, from its words to a checked answer. Everybody who asks, asks here."""

import threading
import time
from collections.abc import Generator as Steps
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Protocol

from qa.answering.composing import READ, checked, from_quotes, in_quotes, settled
from qa.answering.finding import Finder, Found, PassageSearch
from qa.answering.prompt import ask
from qa.answering.refusal import refuse
from qa.answering.writing import ModelWriting
from qa.engine.generation import Generator, StopFlag
from qa.errors import BadQuestion, OutOfTime
from qa.library.cross_encoder import CrossEncoder
from qa.library.embedder import Embedder
from qa.library.span_reader import PassageReader
from qa.surveying.about_library import Shelf, answer_about_library
from qa.surveying.overview import summary, timeline
from qa.surveying.requests import Asks, read_request
from qa.surveying.telling import Told
from qa.types import (
    EVERYTHING,
    Answer,
    Answered,
    Event,
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

WIDE = 16
"""Passages that are looked up for a summary or a timeline: their articles may be many."""


class Library(Shelf, Protocol):
    """The library as what is asked of it as such; `qa.library.store.Store` is one."""

    def newest(self) -> date | None:
        """The newest day of publication."""

    def sources(self) -> tuple[str, ...]:
        """Every source that articles come from."""


class Assistant:
    """Answers questions from one library: with the articles' own words, phrased by one model.

    Without a generator the quotes are the answer.
    """

    def __init__(
        self,
        retriever: PassageSearch,
        generator: Generator | None,
        cross_encoder: CrossEncoder,
        *,
        passages: int,
        refuse_below: float,
        max_answer_tokens: int,
        answer_seconds: float,
        reader: PassageReader | None = None,
        library: Library | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        """`library` and `embedder` answer what is asked of the articles as such."""
        self._finder = Finder(retriever, cross_encoder, reader)
        self._model = generator
        self._library = library
        self._embedder = embedder
        self._passages = passages
        self._refuse_below = refuse_below
        self._max_answer_tokens = max_answer_tokens
        self._answer_seconds = answer_seconds

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

        What Retrieved brings may be shown at once, and so may every sentence of Writing: it is
        checked. A set stop flag ends it without Answered; closing the iterator does so too. Raises
        BadQuestion for an empty or overlong question, IndexMissing when there is nothing to ask,
        OutOfTime.
        """
        question = check_question(question)
        clock = _Clock()
        overview = self._overview(question, history, scope)
        if overview:
            clock.retrieved()
            yield Retrieved(overview.hits, overview.evidence)
            yield self._answered(question, overview, None, clock)
            return
        found = self._finder.find(question, history, self._passages, scope)
        clock.retrieved()
        if found.confidence < self._refuse_below or not found.evidence:
            hits = found.hits or found.looked_at
            yield Retrieved(hits, found.evidence)
            refusal = refuse(question, found.evidence, hits)
            told = Told(refusal.message, (), hits, found.evidence)
            yield self._answered(question, told, found, clock, refusal)
            return
        yield Retrieved(found.hits, found.evidence)
        quotes = from_quotes(question, found.evidence, found.hits, through=found.through)
        if quotes or self._model is None:
            told = quotes or in_quotes(question, found.evidence, found.hits)
            yield self._answered(question, _resting(told, found), found, clock)
            return
        stop = stop or StopFlag()
        with _TimeLimit(self._answer_seconds, stop) as limit:
            writing = ModelWriting(self._model, stop, limit.begin)
            sentences = yield from self._written(writing, question, found, history, clock)
        limit.check()
        if not stop.is_set():
            told = settled(question, sentences, found.evidence, found.hits)
            told = _resting(told, found)
            yield self._answered(question, told, found, clock, usage=writing.usage)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Ask and wait for the answer; raises as `ask` does."""
        for event in self.ask(question, history):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("an unstopped question ends with Answered")

    def find(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING) -> Found:
        """The evidence that `ask` answers from."""
        return self._finder.find(question, history, self._passages, scope)

    def look_up(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """The passages that `ask` takes its evidence from, best first."""
        return self.retrieve(question, history, self._passages, scope)

    def retrieve(
        self, question: str, history: Sequence[Turn], k: int, scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """The k best passages: for a follow-up with what it leans on, for the present the newer."""
        return self._finder.retrieve(question, history, k, scope)

    def read_ahead(
        self, question: str, history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> None:
        """Let the model read the evidence for a question that is still being typed.

        Raises as `ask` does; a stop flag ends it. Nothing is read while a question is answered.
        """
        stop = stop or StopFlag()
        found = self.find(question, history)
        if self._model is None or not found.evidence or found.confidence < self._refuse_below:
            return
        quotes_do = from_quotes(question, found.evidence, found.hits, through=found.through)
        if not quotes_do and not stop.is_set():
            prompt = ask("", found.evidence[:READ], found.hits, history)
            self._model.read_ahead(prompt, stop)

    def _written(
        self,
        writing: ModelWriting,
        question: str,
        found: Found,
        history: Sequence[Turn],
        clock: "_Clock",
    ) -> Steps[Event, None, Sequence[Sentence]]:
        """What the model makes of the evidence, sentence by sentence, as far as it stands there."""
        read = found.evidence[:READ]
        prompt = ask(question, read, found.hits, history)
        sentences: list[Sentence] = []
        for said in writing.sentences(prompt, [one.quote for one in read], self._max_answer_tokens):
            if not isinstance(said, str):
                yield said
                continue
            sentence = checked(said, found.evidence, found.hits, question)
            if sentence and sentence.text not in [one.text for one in sentences]:
                sentences.append(sentence)
                clock.wrote()
                yield Writing(sentence.text)
        return sentences

    def _overview(self, question: str, history: Sequence[Turn], scope: Scope) -> Told | None:
        """What is asked of the articles as such, told by the library; None for anything else."""
        if self._library is None or self._embedder is None:
            return None
        request = read_request(question, self._library.newest(), self._library.sources())
        if request.asks is Asks.FACT:
            return None
        if request.asks not in (Asks.SUMMARY, Asks.TIMELINE):
            return answer_about_library(request, self._library, scope)
        hits = self.retrieve(request.topic, history, WIDE, scope) if request.topic else ()
        if request.asks is Asks.TIMELINE:
            return timeline(request, self._library, scope, hits)
        return summary(request, self._library, self._embedder, scope, hits)

    def _answered(
        self,
        question: str,
        told: Told,
        found: Found | None,
        clock: "_Clock",
        refusal: Refusal | None = None,
        usage: Usage | None = None,
    ) -> Answered:
        """The last event: what is told, or the refusal's message in its place."""
        clock.wrote()
        return Answered(
            Answer(
                question,
                told.text,
                told.sentences,
                told.hits,
                refusal,
                told.conflict,
                self.model_name,
                clock.timings(),
                usage or Usage(),
                told.evidence,
                found.confidence if found and found.signals else None,
            )
        )


def _resting(told: Told, found: Found) -> Told:
    """What is told, with all the evidence that was found for it."""
    return replace(told, hits=found.hits, evidence=found.evidence)


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
