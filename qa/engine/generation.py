"""What the rest of the program sees of a language model: messages in, a stream of steps out."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from qa.engine.constraints import Constraint


class Role(Enum):
    """Who speaks in a prompt."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt, in parts.

    Each part is tokenised on its own, so that a part that comes again in a later prompt has the
    same tokens and its KV cells can be reused. A prompt's last message, if it is the assistant's,
    is the beginning of what is written: it goes on there.
    """

    role: Role
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """How to decode: greedily, at most so many tokens, along a constraint if there is one.

    With `drafts`, tokens that the prompt's own words suggest are verified several at once; what is
    written is the same. What `continues` a question that has begun goes before the prompts that
    wait.
    """

    max_new_tokens: int
    constraint: Constraint | None = None
    drafts: bool = True
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Queued:
    """So many prompts are answered before this one; 0 says that its turn has come."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Prefill:
    """So many tokens of the prompt have been read; the reused ones count as read."""

    done_tokens: int
    total_tokens: int


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer; `logprob` is the natural logarithm of its probability."""

    text: str
    logprob: float


class FinishReason(Enum):
    """Why decoding ended."""

    END = "end"
    LENGTH = "length"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Finished:
    """Decoding has ended: why, and what it cost in tokens. Always the last step.

    Of the `completion_tokens`, `accepted_tokens` had been drafted, out of `drafted_tokens`.
    """

    reason: FinishReason
    prompt_tokens: int
    reused_tokens: int
    completion_tokens: int
    drafted_tokens: int = 0
    accepted_tokens: int = 0


Step = Queued | Prefill | Token | Finished


class StopFlag:
    """Set from any thread, it ends a prefill or a decode within one graph node.

    The flag is one C string that the native loop reads without taking Python's lock: empty means
    go on, "\\1" means stop.
    """

    def __init__(self) -> None:
        self._cell = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """Ask for a stop; there is no way back, the next question takes a new flag."""
        self._cell[0] = b"\1"

    def is_set(self) -> bool:
        """Whether a stop has been asked for."""
        return self._cell[0] != b"\0"

    @property
    def cell(self) -> "ctypes.Array[ctypes.c_char]":
        """The C string, for the engine."""
        return self._cell


class Generator(Protocol):
    """A language model that answers one prompt at a time."""

    @property
    def name(self) -> str:
        """The model's name, as answers report it."""

    @property
    def context_tokens(self) -> int:
        """Longest prompt and answer together."""

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Length of the prompt that these messages make, in tokens."""

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """Stream the answer: Queued while others wait before it, Prefill, Tokens, one Finished.

        Prompts are answered in the order in which they came. Closing the iterator stops the model
        and leaves it ready for the next prompt.
        """

    def read_ahead(self, messages: Sequence[Message], stop: StopFlag) -> None:
        """Read what comes before the last part of the last message, for a prompt yet to come.

        Does nothing while a prompt is answered, and gives way to one that comes: what has been
        read by then is reused if that prompt begins with it.
        """
