"""What a model thinks before it answers, parted from the answer. Pure.

Thinking is turned off wherever that is possible (`qa.engine.chat_template`, `qa.engine.context`,
`qa.engine.server`): an answer rests on the passages, and thoughts cost minutes on a laptop. A model
that thinks all the same writes its thoughts first, between two marks. They are never part of an
answer; their tokens are counted.
"""

from qa.engine.generation import Token

MARKS = (
    ("<think>", "</think>"),  # Qwen3, SmolLM3, DeepSeek-R1, Granite
    ("[THINK]", "[/THINK]"),  # Magistral
    ("<thought>", "</thought>"),  # EXAONE Deep
    ("<|START_THINKING|>", "<|END_THINKING|>"),  # Command A
)

NO_THINKING = {"enable_thinking": False, "thinking": False}
"""What chat templates ask to know whether a model is to think: Qwen3 and SmolLM3, then Granite 3.3
and DeepSeek-V3.1. Others do not look."""


def closed(rendered: str) -> str:
    """A rendered prompt that ends within thoughts, with their end: then the answer comes at once.

    DeepSeek-R1's templates and those of its kin begin the thoughts themselves.
    """
    end = rendered.rstrip()
    for opening, closing in MARKS:
        if end.endswith(opening):
            return f"{end}\n\n{closing}\n\n"
    return rendered


class Thoughts:
    """Takes what a model writes, token by token, and gives back what of it is the answer."""

    def __init__(self) -> None:
        self.text = ""
        """The answer so far. What may yet turn out to open thoughts counts as answer."""
        self.is_thinking = False
        self._closing = ""
        self._inside = ""  # the end of the thoughts so far
        self._held: list[Token] = []  # what may yet turn out to open thoughts
        self._answers = self._has_thought = False

    def take(self, token: Token) -> list[Token]:
        """The tokens of the answer that are known to be such with this one, in order."""
        if self._answers:
            self.text += token.text
            return [token]
        if self.is_thinking:
            return self._think(token)
        if self._has_thought and not self._held:  # what parts the answer from the thoughts
            token = Token(token.text.lstrip(), token.logprob)
            if not token.text:
                return []
        self._held.append(token)
        self.text = "".join(one.text for one in self._held)
        begun = self.text.lstrip()
        for opening, closing in MARKS:
            if begun.startswith(opening):
                rest = Token(begun.removeprefix(opening), token.logprob)
                self._held, self.text, self._inside = [], "", ""
                self.is_thinking, self._has_thought, self._closing = True, True, closing
                return self._think(rest)
        if any(opening.startswith(begun) for opening, _ in MARKS):
            return []
        self._answers = True
        return self.rest()

    def rest(self) -> list[Token]:
        """At the end: what was held back in case it opened thoughts, and did not."""
        held, self._held = self._held, []
        return held

    def _think(self, token: Token) -> list[Token]:
        before, closing, answer = (self._inside + token.text).partition(self._closing)
        if not closing:
            self._inside = before[-len(self._closing) :]
            return []
        self.is_thinking = False
        return self.take(Token(answer, token.logprob))
