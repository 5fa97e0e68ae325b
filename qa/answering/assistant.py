"""The story of a question, from its words to a checked answer. Everybody who asks, asks here."""

import threading
import time
import unicodedata
from collections.abc import Generator as Steps
from collections.abc import Iterator, Sequence
from contextlib import closing
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Protocol

from qa.answering.composing import READ, checked, from_quotes, in_quotes, settled
from qa.answering.confidence import Weighing, shipped
from qa.answering.finding import Finder, Found, PassageSearch
from qa.answering.following import (
    MOST_TOKENS,
    asks_the_same,
    leaning,
    leant_on,
    opening,
    points_back,
    rewriting,
)
from qa.answering.meaning import meaning_of
from qa.answering.parts import as_question, taught
from qa.answering.prompt import ask
from qa.answering.refusal import refuse
from qa.answering.writing import ModelWriting
from qa.engine.generation import Generator, StopFlag
from qa.errors import BadQuestion, OutOfTime
from qa.library.cross_encoder import CrossEncoder
from qa.library.embedder import Embedder
from qa.library.span_reader import PassageReader
from qa.surveying.about_library import Shelf, answer_about_library
from qa.surveying.requests import Asks, read_at_large, read_request
from qa.surveying.summaries import summary
from qa.surveying.telling import Told
from qa.surveying.timelines import timeline
from qa.surveying.topics import nearness
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
    Understood,
    Usage,
    Writing,
)

LONGEST_QUESTION = 2000  # characters; a page of text is an article, not a question

WIDE = 24
"""Passages that are looked up for a summary or a timeline: their articles may be many."""


_OF_SOMETHING = {Asks.COUNT, Asks.LISTING, Asks.NEWEST, Asks.OLDEST, Asks.TIMELINE, Asks.HELP}
"""Requests that say of what; a summary of "this" may be one of all, and thanks need nothing."""


class Library(Shelf, Protocol):
    """The library as what is asked of it as such; `qa.library.storage.Storage` is one."""

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
        weighing: Weighing | None = None,
    ) -> None:
        """`library` and `embedder` answer what is asked of the articles as such.

        More of an article than was found is read in `library`, too, and an embedder that was taught
        many languages ranks what is in others than English. Confidence is calculated by `weighing`,
        else by the numbers that come with the program.
        """
        meaning = meaning_of(embedder) if embedder else None
        numbers = weighing or shipped()
        self._finder = Finder(retriever, cross_encoder, reader, library, numbers, meaning)
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

        A follow-up is Understood first. What Retrieved brings may be shown at once, and so may
        every sentence of Writing: it is checked. A set stop flag ends it without Answered; closing
        the iterator does so too. Raises BadQuestion for an empty or overlong question, IndexMissing
        when there is nothing to ask, OutOfTime.
        """
        question = check_question(question)
        clock = _Clock()
        stop = stop or StopFlag()
        with _TimeLimit(self._answer_seconds, stop) as limit:
            writing = ModelWriting(self._model, stop, limit.begin) if self._model else None
            overview = self._overview(question, history, scope)
            asked = question
            if overview is None:
                asked = yield from self._standing_alone(question, history, writing)
            limit.check()
            if stop.is_set():
                return
            if asked != question:
                yield Understood(asked)
                overview = self._overview(asked, (), scope)
            if overview:
                clock.retrieved()
                yield Retrieved(overview.hits, overview.evidence)
                answer = self._answer(asked, overview, None, clock, writing)
            else:
                answer = yield from self._from_evidence(asked, writing, scope, clock)
            limit.check()
        if not stop.is_set():
            understood = asked if asked != question else ""
            yield Answered(replace(answer, question=question, understood=understood))

    def answer(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING
    ) -> Answer:
        """Ask and wait for the answer; raises as `ask` does."""
        for event in self.ask(question, history, scope=scope):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("an unstopped question ends with Answered")

    def find(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING) -> Found:
        """The evidence that `ask` answers from; a follow-up is looked up as without a model."""
        return self._finder.find(leaning(question, history), self._passages, scope)

    def look_up(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """The best passages, as many as `ask` takes its evidence from."""
        return self.retrieve(question, history, self._passages, scope)

    def candidates(
        self, question: str, history: Sequence[Turn], k: int, scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """The k best passages, as `ask` looks for those that it reads: in a fifth of the time."""
        return self._finder.candidates(leaning(question, history), k, scope)

    def retrieve(
        self, question: str, history: Sequence[Turn], k: int, scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """The k best passages: for a follow-up with what it leans on, for the present the newer."""
        return self._finder.retrieve(leaning(question, history), k, scope)

    def read_ahead(
        self, question: str, history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> None:
        """Let the model read the evidence for a question that is still being typed.

        Raises as `ask` does; a stop flag ends it. Nothing is read while a question is answered.
        """
        stop = stop or StopFlag()
        if self._model is None or stop.is_set():
            return
        turns = leant_on(question, history)
        if turns:
            self._model.read_ahead(rewriting("", turns, ""), stop)
            return
        question = as_question(question)
        found = self._finder.find(question, self._passages)
        if not found.evidence or found.confidence < self._refuse_below:
            return
        quotes_do = from_quotes(question, found.evidence, found.hits, through=found.through)
        if not quotes_do and not stop.is_set():
            self._model.read_ahead(ask("", found.evidence[:READ], found.hits), stop)

    def _standing_alone(
        self, question: str, history: Sequence[Turn], writing: ModelWriting | None
    ) -> Steps[Event, None, str]:
        """A follow-up as a question that stands alone: written out, else behind what it leans on.

        Any other question is left as it is.
        """
        turns = leant_on(question, history)
        if not turns:
            return question
        if writing:
            begun = opening(question)
            for said in writing.line(rewriting(question, turns, begun), MOST_TOKENS):
                if not isinstance(said, str):
                    yield said
                    continue
                written = f"{begun} {said.strip()}".strip().replace(" ?", "?")
                if asks_the_same(written, question, turns):
                    return written
        return leaning(question, history)

    def _from_evidence(
        self, question: str, writing: ModelWriting | None, scope: Scope, clock: "_Clock"
    ) -> Steps[Event, None, Answer]:
        """What is told of the evidence: nothing where it falls short, quotes where they do."""
        question = as_question(question)
        found = self._finder.find(question, self._passages, scope)
        clock.retrieved()
        if found.confidence < self._refuse_below or not found.evidence:
            hits = found.hits or found.looked_at
            yield Retrieved(hits, found.evidence)
            refusal = refuse(question, found.evidence, hits, self._finder.fronts(hits))
            told = Told(refusal.message, (), hits, found.evidence)
            return self._answer(question, told, found, clock, writing, refusal)
        yield Retrieved(found.hits, found.evidence)
        quotes = from_quotes(question, found.evidence, found.hits, through=found.through)
        if quotes or writing is None:
            told = quotes or in_quotes(question, found.evidence, found.hits)
        else:
            sentences = yield from self._written(writing, question, found, clock)
            told = settled(question, sentences, found.evidence, found.hits)
        resting = replace(told, hits=found.hits, evidence=told.evidence or found.evidence)
        return self._answer(question, resting, found, clock, writing)

    def _written(
        self, writing: ModelWriting, question: str, found: Found, clock: "_Clock"
    ) -> Steps[Event, None, Sequence[Sentence]]:
        """What the model makes of the evidence, sentence by sentence; nothing if one falls short.

        What it loses with that sentence is mostly half of the answer.
        """
        read = found.evidence[:READ]
        prompt = ask(question, read, found.hits)
        sentences: list[Sentence] = []
        quotable = [one.quote for one in read]
        with closing(writing.sentences(prompt, quotable, self._max_answer_tokens)) as steps:
            for said in steps:
                if not isinstance(said, str):
                    yield said
                    continue
                sentence = checked(said, found.evidence, found.hits, question)
                if sentence is None:
                    return ()
                if sentence.text not in [one.text for one in sentences]:
                    sentences.append(sentence)
                    clock.wrote()
                    yield Writing(sentence.text)
        return sentences

    def _overview(self, question: str, history: Sequence[Turn], scope: Scope) -> Told | None:
        """What is asked of the articles as such, told by the library; None for anything else."""
        if self._library is None or self._embedder is None:
            return None
        request = read_request(question, self._library.newest(), self._library.sources())
        if history and request.asks in _OF_SOMETHING and points_back(question):
            return None  # "how many articles mention it" is to be written out first
        if request.asks is Asks.FACT and not leant_on(question, history):
            request = read_at_large(question)
        if request.asks is Asks.FACT:
            return None
        if request.asks not in (Asks.SUMMARY, Asks.TIMELINE):
            return answer_about_library(request, self._library, scope)
        # "the flood" says by itself what is meant, whatever was asked before; "that" does not
        topic = request.topic
        topic = leaning(topic, history) if points_back(topic) else topic
        hits = self._finder.candidates(topic, WIDE, scope) if topic else ()
        near = nearness(topic, hits, self._finder.cross_encoder if taught(topic) else None)
        if request.asks is Asks.TIMELINE:
            return timeline(request, self._library, scope, near)
        return summary(request, self._library, self._embedder, scope, near)

    def _answer(
        self,
        question: str,
        told: Told,
        found: Found | None,
        clock: "_Clock",
        writing: ModelWriting | None,
        refusal: Refusal | None = None,
    ) -> Answer:
        """What is told, or the refusal's message in its place, as the whole answer."""
        clock.wrote()
        return Answer(
            question,
            told.text,
            told.sentences,
            told.hits,
            refusal,
            told.conflict,
            self.model_name,
            clock.timings(),
            writing.usage if writing else Usage(),
            told.evidence,
            found.confidence if found and found.evidence else None,
            written=tuple(writing.written) if writing else (),
        )


def check_question(question: str) -> str:
    """The question without surrounding space, its accents composed as those of articles are.

    BadQuestion if it is empty or overlong.
    """
    question = unicodedata.normalize("NFC", question.strip())
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
