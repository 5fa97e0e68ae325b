"""The decode loop: behind a prompt that has been read, an answer is written token by token.

Each token is the likeliest that the constraint allows. Drafts ride along with the token that is due
and are kept as far as they are what the model itself would have written.

llama.cpp computes four tokens or more by other kernels than one, which round otherwise: where two
tokens are nearly as likely, that decides (2 of 186 tokens of 32 answers). So that an answer does
not depend on whether drafts are on, a token that could have been drafted is decoded in as many rows
without them, too: slower, the same to the bit, and what the drafts are tested against.
"""

import codecs
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.engine.constraints import Constraint
from qa.engine.context import LlamaContext
from qa.engine.drafts import PromptLookup
from qa.engine.generation import DecodingOptions, Finished, FinishReason, StopFlag, Token
from qa.engine.thoughts import Thoughts


def write(
    context: LlamaContext, prompt: Sequence[int], options: DecodingOptions, stop: StopFlag
) -> Generator[Token, None, Finished]:
    """Greedy decoding of at most `options.max_new_tokens`, which must fit the context.

    `context` holds the prompt, the logits behind it fresh. The bill that is returned counts no
    reused tokens: those are the reader's.
    """
    writer, lookup = _Writer(context, options.constraint), PromptLookup(prompt)
    draft: tuple[int, ...] = ()  # what was proposed behind a token, and how much of it came true
    true = drafted_tokens = accepted_tokens = 0

    def bill(reason: FinishReason) -> Finished:
        count = len(writer.tokens)
        return Finished(reason, len(prompt), 0, count, drafted_tokens, accepted_tokens)

    while True:
        choice = writer.choose(len(draft) + 1 - (true if options.drafts else 0))
        if choice is None:
            yield from writer.rest()
            return bill(FinishReason.END)
        yield from writer.add(choice)
        if writer.at_end:
            yield from writer.rest()
            return bill(FinishReason.END)
        left = options.max_new_tokens - len(writer.tokens)
        if left == 0:
            yield from writer.rest()
            return bill(FinishReason.LENGTH)
        if draft[true : true + 1] == (choice.token,):
            true += 1
            if options.drafts:
                accepted_tokens += 1
                continue  # the logits behind it are there already
        else:
            if draft:
                lookup.learn(len(draft), true)
            # Half of what is left: without drafts, the rows reach as far again (see below).
            draft = lookup.propose(writer.tokens, (left - 1) // 2) if context.can_cut else ()
            true, drafted_tokens = 0, drafted_tokens + options.drafts * len(draft)
        context.cut(len(prompt) + len(writer.tokens) - 1)
        rows = [choice.token, *draft[true:], *draft[:true]]  # always len(draft) + 1 of them
        if not context.decode(rows, stop, logits=len(rows)):
            return bill(FinishReason.STOPPED)


@dataclass(frozen=True, slots=True)
class _Choice:
    token: int
    logprob: float


class _Writer:
    """The answer so far, and what comes next in it."""

    def __init__(self, context: LlamaContext, constraint: Constraint | None) -> None:
        self.tokens: list[int] = []
        self._context = context
        self._constraint = constraint
        self._thoughts = Thoughts()
        self._allowed = constraint.allowed("") if constraint else None
        self._utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def add(self, choice: "_Choice") -> list[Token]:
        """Write a token; what of the answer is whole with it, which may be nothing."""
        self.tokens.append(choice.token)
        piece = self._utf8.decode(self._context.piece(choice.token))
        told = self._thoughts.take(Token(piece, choice.logprob)) if piece else []
        bound = None if self._thoughts.is_thinking else self._constraint
        self._allowed = bound.allowed(self._thoughts.text) if bound else None
        return told

    def rest(self) -> list[Token]:
        """At the end: what was held back in case it opened thoughts."""
        return self._thoughts.rest()

    @property
    def at_end(self) -> bool:
        """Whether the constraint says that the answer is whole."""
        return self._allowed == ()

    def choose(self, from_end: int) -> _Choice | None:
        """The likeliest allowed token by the logits so many rows from the end; None at the end."""
        logits = self._context.logits(from_end)
        logits[self._context.never_written] = -np.inf
        token = int(logits.argmax())
        allowed = self._allowed_tokens()
        if allowed:
            token = max(allowed, key=lambda candidate: float(logits[candidate]))
        if self._context.is_end(token):
            return None
        return _Choice(token, float(logits[token]) - log_sum_exp(logits))

    def _allowed_tokens(self) -> set[int]:
        """The tokens that the constraint allows; none where it allows any."""
        begun = self._utf8.getstate()[0]  # bytes of a character that is not whole yet
        by_piece = self._context.tokens_by_piece
        tokens = set()
        for string in self._allowed or ():
            wanted = string.encode()
            if wanted.startswith(begun):
                rest = wanted[len(begun) :]
                beginnings = (rest[:length] for length in range(1, len(rest) + 1))
                tokens |= {by_piece[piece] for piece in beginnings if piece in by_piece}
        return tokens


def log_sum_exp(logits: NDArray[np.float32]) -> float:
    """What is taken from a logit to make it a log-probability."""
    highest = float(logits.max())
    return highest + float(np.log(np.exp(logits - highest).sum()))
