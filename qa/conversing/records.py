"""What is kept of a conversation, as values and as JSON.

Sources are kept as they were fed to the model, so an old citation opens the words it was made from,
whatever has become of the article.
"""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from qa.types import Answer, Article, Evidence, Hit, Passage

if TYPE_CHECKING:
    from pydantic import TypeAdapter

LONGEST_TITLE = 80  # characters


@dataclass(frozen=True, slots=True)
class KeptExchange:
    """A question and what came of it; `number` counts from 1 in its conversation.

    Without an answer: `hits` and `evidence` are what had been found, `written` is what was shown
    before a stop, `error` the one line that said why there is none.
    """

    number: int
    question: str
    asked: datetime
    answer: Answer | None = None
    hits: tuple[Hit, ...] = ()
    written: str = ""
    error: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """What a list of conversations says of one."""

    id: str
    title: str
    collection: str
    updated: datetime
    questions: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with all that was asked in it, in order, of one collection."""

    id: str
    title: str
    collection: str
    exchanges: tuple[KeptExchange, ...]


class Standing(Enum):
    """What has become of a passage since it was fed to the model."""

    STANDS = "stands"
    CHANGED = "changed"
    GONE = "gone"


def standing(passage: Passage, article: Article | None) -> Standing:
    """Whether a passage's words still stand in its article, as the library has it now."""
    if article is None:
        return Standing.GONE
    return Standing.STANDS if passage.text in article.text else Standing.CHANGED


def title_of(question: str) -> str:
    """A question as a title: one line, cut to what a list can show."""
    line = " ".join(question.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def to_json(exchange: KeptExchange) -> str:
    """An exchange as JSON, from which `from_json` makes the same value again."""
    return json.dumps(_adapter().dump_python(exchange, mode="json"), ensure_ascii=False)


def from_json(text: str) -> KeptExchange:
    """The exchange that was written so; a ValueError says what is wrong with it.

    What older versions kept is read as far as it still means anything.
    """
    return _adapter().validate_python(json.loads(text))


def digest_of(*values: object) -> int:
    """A checksum of the values of a row, by which a bit that has turned over is noticed."""
    return zlib.crc32("\0".join(map(str, values)).encode())


@cache
def _adapter() -> "TypeAdapter[KeptExchange]":
    from pydantic import TypeAdapter

    return TypeAdapter(KeptExchange)
