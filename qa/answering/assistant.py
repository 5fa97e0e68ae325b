"""The story of a question, from its words to a checked answer. Everybody who asks, asks here."""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Protocol

from qa.answering.citations import CheckedText, check_citations
from qa.answering.prompt import build_messages, in_reading_order
from qa.answering.refusal import refuse_before, refuse_unsupported
from qa.engine.constraints import OneSentence, Quotations, SourceNumbers, Together
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Generator,
    Message,
    Prefill,
    Queued,
    StopFlag,
    Token,
)
from qa.errors import BadQuestion, ModelError, OutOfTime
from qa.types import (
    EVERYTHING,
    Answer,
    Answered,
    Event,
    Hit,
    Reading,
    Refusal,
    Retrieved,
    Scope,
    Timings,
    Turn,
    Usage,
    Waiting,
    Writing,
)

LONGEST_QUESTION = 2000  # characters; a page of text is an article, not a question


class PassageSearch(Protocol):
    """Where an assistant looks passages up; `qa.library.retrieval.Retriever` is one."""

    def retrieve(self, question: str, k: int, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        """The k best passages, best first."""


class Assistant:
    """Answers questions from one library with one model, one question at a time.

    Without a generator it looks passages up and cannot answer.
    """

    def __init__(
        self,
        retriever: PassageSearch,
        generator: Generator | None,
        *,
        passages: int,
        relevance_floor: float,
        max_answer_tokens: int,
        answer_seconds: float,
    ) -> None:
        self.model_name = generator.name if generator else "none"
        self._retriever = retriever
        self._model = generator
        self._passages = passages
        self._relevance_floor = relevance_floor
        self._max_answer_tokens = max_answer_tokens
        self._answer_seconds = answer_seconds

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: StopFlag | None = None,
        scope: Scope = EVERYTHING,
        read_before: Sequence[str] = (),
    ) -> Iterator[Event]:
        """Answer a question from the articles in a scope: Retrieved, Reading, Writing, Answered.

        Passages that were read ahead, `read_before` by their ids, are given first. A set stop flag
        ends it without Answered; closing the iterator does so too. Raises BadQuestion for an empty
        or overlong question, IndexMissing when there is nothing to ask, OutOfTime.
        """
        question = check_question(question)
        clock = _Clock()
        hits = self.look_up(question, history, scope, read_before)
        clock.retrieved()

        refusal = refuse_before(question, hits, self._relevance_floor)
        if refusal:
            yield Retrieved(hits)
            yield self._answered(question, CheckedText("", ()), hits, refusal, clock, Usage())
            return

        hits, dropped, messages = self._fit(question, hits, history)
        yield Retrieved(hits)
        written, finished = "", None
        options = DecodingOptions(self._max_answer_tokens, answer_form(hits))
        stop = stop or StopFlag()
        with _TimeLimit(self._answer_seconds, stop) as limit:
            for step in self._generator.generate(messages, options, stop):
                match step:
                    case Queued(ahead):
                        yield Waiting(ahead)
                    case Prefill(done, total):
                        limit.begin()
                        yield Reading(done, total)
                    case Token(text):
                        clock.wrote()
                        written += text
                        yield Writing(text)
                    case Finished():
                        finished = step
        limit.check()
        if finished is None or finished.reason is FinishReason.STOPPED:
            return

        usage = Usage(
            prompt_tokens=finished.prompt_tokens,
            reused_tokens=finished.reused_tokens,
            completion_tokens=finished.completion_tokens,
            drafted_tokens=finished.drafted_tokens,
            accepted_tokens=finished.accepted_tokens,
            dropped_passages=dropped,
        )
        checked = check_citations(written, question, hits)
        refusal = refuse_unsupported(written, checked, hits)
        yield self._answered(question, checked, hits, refusal, clock, usage)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Ask and wait for the answer; raises as `ask` does."""
        for event in self.ask(question, history):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("an unstopped question ends with Answered")

    def look_up(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
        read_before: Sequence[str] = (),
    ) -> tuple[Hit, ...]:
        """The passages that `ask` gives the model for these words, in the same order."""
        hits = self.retrieve(question, history, self._passages, scope)
        earlier = history[-1].passage_ids if history else ()
        return in_reading_order(hits, read_before or earlier)

    def read_ahead(
        self, hits: tuple[Hit, ...], history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> None:
        """Let the model read these passages for a question that is still being typed.

        Raises as `ask` does; a stop flag ends it. Nothing is read while a question is answered.
        """
        hits, _, messages = self._fit("", hits, history)
        self._generator.read_ahead(messages, stop or StopFlag())

    def retrieve(
        self, question: str, history: Sequence[Turn], k: int, scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """The k best passages; a follow-up is looked up together with the question before it."""
        query = f"{history[-1].question} {question}" if history else question
        return self._retriever.retrieve(query, k, scope)

    @property
    def _generator(self) -> Generator:
        if self._model is None:
            raise ModelError("No language model was opened. Name one by --model or in qa.toml.")
        return self._model

    def _fit(
        self, question: str, hits: tuple[Hit, ...], history: Sequence[Turn]
    ) -> tuple[tuple[Hit, ...], int, list[Message]]:
        """Drop the worst passages until prompt and answer fit the model's context."""
        room = self._generator.context_tokens - self._max_answer_tokens
        best_first = sorted(hits, key=lambda hit: hit.score, reverse=True)
        for count in range(len(hits), 0, -1):
            kept = tuple(hit for hit in hits if hit in best_first[:count])
            messages = build_messages(question, kept, history)
            if self._generator.count_tokens(messages) <= room:
                return kept, len(hits) - count, messages
        raise BadQuestion(
            f"The question and the conversation before it leave no room for a passage in the "
            f"model's {self._generator.context_tokens} tokens. Start a new conversation, or raise "
            "context_tokens."
        )

    def _answered(
        self,
        question: str,
        checked: CheckedText,
        hits: tuple[Hit, ...],
        refusal: Refusal | None,
        clock: "_Clock",
        usage: Usage,
    ) -> Answered:
        """The last event: the checked text, or the refusal's message in its place."""
        return Answered(
            Answer(
                question,
                refusal.message if refusal else checked.text,
                () if refusal else checked.sentences,
                hits,
                refusal,
                None,
                self.model_name,
                clock.timings(),
                usage,
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


def answer_form(hits: Sequence[Hit]) -> Together:
    """What holds of an answer while it is written: real quotations, one sentence, real numbers."""
    texts = [text for hit in hits for text in (hit.passage.title, hit.passage.text)]
    return Together((Quotations(tuple(texts)), OneSentence(), SourceNumbers(len(hits))))


class _Clock:
    """Seconds since the question came in."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._retrieve_s = 0.0
        self._first_token_s: float | None = None

    def retrieved(self) -> None:
        self._retrieve_s = time.perf_counter() - self._start

    def wrote(self) -> None:
        if self._first_token_s is None:
            self._first_token_s = time.perf_counter() - self._start

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
