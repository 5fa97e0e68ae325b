"""One question on the page and what has come of it so far. Pure: an event in, a new value out."""

from dataclasses import dataclass, replace
from enum import Enum

from qa.conversing.records import KeptExchange
from qa.conversing.showing import with_sentence
from qa.types import (
    Answer,
    Answered,
    Event,
    Evidence,
    Hit,
    Reading,
    Retrieved,
    Turn,
    Understood,
    Waiting,
    Writing,
)


class Stage(Enum):
    """How far an exchange has come; the last three are final.

    Writing begins with the first sentence that is shown.
    """

    WAITING = "waiting"
    SEARCHING = "searching"
    READING = "reading"
    WRITING = "writing"
    ANSWERED = "answered"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def final(self) -> bool:
        """Whether nothing more will come."""
        return self in (Stage.ANSWERED, Stage.STOPPED, Stage.FAILED)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer as far as it has come.

    `number` counts from 1 in a conversation and makes every id on the page unique. `ahead` is the
    number of questions that are answered before this one. `understood` is the question that is
    looked up in place of a follow-up, else empty. `evidence` is there with the `hits`,
    before anything is read; `read_share` is how much of it the model has read, 0 to 1, and never
    falls. `written` are the sentences so far, each checked; `answer` replaces them. `error` is the
    one line that says why there is none. `markdown` are the ids of the articles among the hits that
    are Markdown.
    """

    number: int
    question: str
    stage: Stage = Stage.SEARCHING
    ahead: int = 0
    understood: str = ""
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    read_share: float = 0.0
    written: str = ""
    answer: Answer | None = None
    error: str | None = None
    markdown: frozenset[str] = frozenset()


def advance(exchange: Exchange, event: Event) -> Exchange:
    """The exchange after one event of the assistant."""
    match event:
        case Understood(question):
            return replace(exchange, understood=question)
        case Retrieved(hits, evidence):
            return replace(exchange, stage=Stage.READING, hits=hits, evidence=evidence)
        case Waiting(ahead):
            stage = Stage.WAITING if ahead else _working(exchange)
            return replace(exchange, stage=stage, ahead=ahead)
        case Reading(done, total):
            share = max(exchange.read_share, done / max(total, 1))
            return replace(exchange, stage=_working(exchange), read_share=share)
        case Writing(delta):
            written = with_sentence(exchange.written, delta)
            return replace(exchange, stage=Stage.WRITING, written=written)
        case Answered(answer):
            return replace(
                exchange,
                stage=Stage.ANSWERED,
                hits=answer.hits,
                evidence=answer.evidence,
                answer=answer,
            )


def _working(exchange: Exchange) -> Stage:
    return Stage.WRITING if exchange.written else Stage.READING


def turns(exchanges: tuple[Exchange, ...]) -> tuple[Turn, ...]:
    """What the assistant should know of the conversation: the questions that were answered."""
    return tuple(
        Turn(
            exchange.question,
            exchange.answer.text,
            tuple(hit.passage.id for hit in exchange.answer.hits),
        )
        for exchange in exchanges
        if exchange.answer is not None
    )


def restored(kept: KeptExchange) -> Exchange:
    """A kept exchange as it stood on the page; one without an answer or an error was stopped."""
    stage = Stage.FAILED if kept.error is not None else Stage.STOPPED
    return Exchange(
        kept.number,
        kept.question,
        Stage.ANSWERED if kept.answer else stage,
        understood=kept.answer.understood if kept.answer else "",
        hits=kept.hits,
        evidence=kept.answer.evidence if kept.answer else kept.evidence,
        written=kept.written,
        answer=kept.answer,
        error=kept.error,
    )
