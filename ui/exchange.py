"""One question on the page and what has come of it so far. Pure: an event in, a new value out."""

from dataclasses import dataclass, replace
from enum import Enum

from qa.conversing.records import KeptExchange
from qa.types import Answer, Answered, Event, Hit, Reading, Retrieved, Turn, Waiting, Writing


class Stage(Enum):
    """How far an exchange has come; the last three are final.

    Checking begins with the first words that are shown; passages may be read on meanwhile.
    """

    WAITING = "waiting"
    SEARCHING = "searching"
    READING = "reading"
    CHECKING = "checking"
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
    number of questions that are answered before this one. `read_share` is how much of the passages
    is read, 0 to 1, and never falls. `written` is what is shown unchecked; `answer` replaces it.
    `error` is the one line that says why there is none.
    """

    number: int
    question: str
    stage: Stage = Stage.SEARCHING
    ahead: int = 0
    hits: tuple[Hit, ...] = ()
    read_share: float = 0.0
    written: str = ""
    answer: Answer | None = None
    error: str | None = None


def advance(exchange: Exchange, event: Event) -> Exchange:
    """The exchange after one event of the assistant."""
    match event:
        case Retrieved(hits):
            return replace(exchange, stage=Stage.READING, hits=hits)
        case Waiting(ahead):
            stage = Stage.WAITING if ahead else _working(exchange)
            return replace(exchange, stage=stage, ahead=ahead)
        case Reading(done, total):
            share = max(exchange.read_share, done / max(total, 1))
            return replace(exchange, stage=_working(exchange), read_share=share)
        case Writing(delta):
            return replace(exchange, stage=Stage.CHECKING, written=exchange.written + delta)
        case Answered(answer):
            return replace(exchange, stage=Stage.ANSWERED, hits=answer.hits, answer=answer)


def _working(exchange: Exchange) -> Stage:
    return Stage.CHECKING if exchange.written else Stage.READING


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
        hits=kept.hits,
        written=kept.written,
        answer=kept.answer,
        error=kept.error,
    )
