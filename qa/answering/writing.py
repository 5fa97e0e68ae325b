"""The model writes behind a prompt; its steps become events, its text whole sentences."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Generator as Generating
from contextlib import closing
from dataclasses import replace

from qa.engine.constraints import Quotations
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Generator,
    Message,
    Prefill,
    Queued,
    Step,
    StopFlag,
    Token,
)
from qa.errors import BadQuestion
from qa.reading.sentences import sentence_spans
from qa.types import Event, Reading, Usage, Waiting


class ModelWriting:
    """What one question has a model write. A set stop flag ends it where it is.

    `written` are the whole sentences so far, as the model wrote them.
    """

    def __init__(self, generator: Generator, stop: StopFlag, begun: Callable[[], None]) -> None:
        """`begun` is called when the model begins to read: the wait for its turn is over."""
        self.usage = Usage()
        self.written: list[str] = []
        self._generator = generator
        self._stop = stop
        self._begun = begun

    def line(self, prompt: Sequence[Message], most_tokens: int) -> Iterator[Event | str]:
        """What is written behind a prompt up to the end of its line, behind the events of waiting.

        Raises BadQuestion as `sentences` does.
        """
        self._check_room(prompt, most_tokens)
        text = ""
        for step in self._counted(prompt, DecodingOptions(most_tokens)):
            match step:
                case Queued(ahead):
                    yield Waiting(ahead)
                case Prefill():
                    self._begun()
                case Token():
                    text += step.text
        yield text.partition("\n")[0].rstrip()

    def sentences(
        self, prompt: Sequence[Message], quotable: Sequence[str], most_tokens: int
    ) -> Generating[Event | str, None, None]:
        """Each sentence as soon as the next one begins, between the events of its making.

        What it puts between quotation marks stands in one of the quotable texts. A last sentence
        that the token limit cut off is left out. Closing it ends the writing. Raises BadQuestion
        where the prompt leaves no room for an answer.
        """
        self._check_room(prompt, most_tokens)
        begun = self.usage.prompt_tokens > 0
        options = DecodingOptions(most_tokens, Quotations(tuple(quotable)), continues=begun)
        text, given = "", 0
        with closing(self._counted(prompt, options)) as steps:
            for step in steps:
                match step:
                    case Queued(ahead):
                        yield Waiting(ahead)
                    case Prefill(done, total):
                        self._begun()
                        yield Reading(done, total)
                    case Token():
                        text += step.text
                        spans = sentence_spans(text)
                        for start, end in spans[given:-1]:
                            self.written.append(text[start:end])
                            yield text[start:end]
                            given += 1
        if not self._stop.is_set():
            for start, end in sentence_spans(text)[given:]:
                if text[start:end].rstrip("\"”»’')]").endswith((".", "!", "?", "。")):
                    self.written.append(text[start:end])
                    yield text[start:end]

    def _check_room(self, prompt: Sequence[Message], most_tokens: int) -> None:
        room = self._generator.context_tokens
        if self._generator.count_tokens(prompt) + min(most_tokens, 64) > room:
            raise BadQuestion(
                f"The question and the turns before it leave no room for an answer in the model's "
                f"{room} tokens. Start a new conversation, or raise context_tokens."
            )

    def _counted(
        self, prompt: Sequence[Message], options: DecodingOptions
    ) -> Generating[Step, None, None]:
        """The generator's steps, and their cost, also where they are not wanted to the end."""
        so_far: Finished | None = None
        try:
            for step in self._generator.generate(prompt, options, self._stop):
                match step:
                    case Prefill(done, total):
                        reused = so_far.reused_tokens if so_far else done
                        so_far = Finished(FinishReason.STOPPED, total, reused, 0)
                    case Token() if so_far:
                        so_far = replace(so_far, completion_tokens=so_far.completion_tokens + 1)
                    case Finished():
                        so_far = step
                yield step
        finally:
            if so_far:
                self._add(so_far)

    def _add(self, finished: Finished) -> None:
        self.usage = Usage(
            self.usage.prompt_tokens + finished.prompt_tokens,
            self.usage.reused_tokens + finished.reused_tokens,
            self.usage.completion_tokens + finished.completion_tokens,
            self.usage.drafted_tokens + finished.drafted_tokens,
            self.usage.accepted_tokens + finished.accepted_tokens,
        )
