"""The model reads passages one at a time and says what it finds in each.

Steps of the generator become events of the answer; what it cost is added up.
"""

from collections.abc import Callable, Sequence
from collections.abc import Generator as Steps

from qa.answering.following import leant_on
from qa.answering.prompt import NO, YES, ask_alone, ask_sentence, ask_whether
from qa.answering.trust import Calibration, signals_of
from qa.engine.constraints import OneSentence, Quotations, Together
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    Generator,
    Message,
    Prefill,
    Queued,
    StopFlag,
    Token,
)
from qa.errors import BadQuestion
from qa.library.embedder import Embedder
from qa.types import Event, Finding, Hit, Reading, Turn, Usage, Waiting

FINDING_TOKENS = 48
"""What is found in a passage is a few words; longer is rambling."""


ASKED_BEHIND_TOKENS = 2 * FINDING_TOKENS
"""Room behind a prompt: what is found, and the second question about it."""


UNLIKELY = -1.5
"""A finding with a token of less log-probability is not asked about again: one of 133 right ones
was so unlikely, and a hundred of 452 wrong ones."""


class PassageReader:
    """Reads the passages of one question. A set stop flag ends every step with nothing found."""

    def __init__(
        self,
        generator: Generator,
        calibration: Calibration,
        question: str,
        hits: Sequence[Hit],
        history: Sequence[Turn],
        stop: StopFlag,
        begun: Callable[[], None],
        embedder: Embedder | None = None,
    ) -> None:
        """`begun` is called whenever the model begins to read: the wait for its turn is over."""
        self.usage = Usage()
        self._generator = generator
        self._calibration = calibration
        self._question = question
        self._hits = hits
        self._history = history
        self._stop = stop
        self._begun = begun
        self._embedder = embedder
        self._prompts = [ask_alone(question, hit, history) for hit in hits]
        self._lengths = [generator.count_tokens(prompt) for prompt in self._prompts]
        self._check_room()

    def find(self, number: int) -> Steps[Event, None, Finding | None]:
        """What source `number` answers, and how far that is to be trusted; None when stopped."""
        hit, prompt = self._hits[number - 1], self._prompts[number - 1]
        options = DecodingOptions(FINDING_TOKENS, self._form(hit), continues=number > 1)
        tokens = yield from self._write(prompt, options, sum(self._lengths[: number - 1]))
        if self._stop.is_set():
            return None
        found = "".join(token.text for token in tokens).strip()
        logprobs = [token.logprob for token in tokens]
        likely = min(logprobs, default=UNLIKELY) > UNLIKELY
        signals = signals_of(
            self._question,
            self._standing_question(),
            found,
            logprobs,
            self._states(hit) if likely else 0.0,
            hit,
            self._hits,
            self._embedder,
        )
        if self._stop.is_set():
            return None
        return Finding(number, found, signals, self._calibration.trust(signals))

    def say(self, finding: Finding, most_tokens: int) -> Steps[Event, None, str]:
        """What was found, as a sentence; whatever is written of it when stopped."""
        hit = self._hits[finding.number - 1]
        prompt = ask_sentence(self._question, hit, self._history, finding.text)
        options = DecodingOptions(most_tokens, self._form(hit), continues=True)
        tokens = yield from self._write(prompt, options, sum(self._lengths))
        return "".join(token.text for token in tokens).strip()

    def _check_room(self) -> None:
        """Raise BadQuestion unless every passage fits the context with what follows it."""
        room = self._generator.context_tokens
        if max(self._lengths) + ASKED_BEHIND_TOKENS > room:
            raise BadQuestion(
                f"The question and the one before it leave no room for a passage in the model's "
                f"{room} tokens. Start a new conversation, or raise context_tokens."
            )

    def _write(
        self, prompt: Sequence[Message], options: DecodingOptions, read: int
    ) -> Steps[Event, None, list[Token]]:
        """What is written behind a prompt.

        Of the tokens of all passages' prompts, which the events tell, so many had been read before.
        """
        total = sum(self._lengths)
        tokens: list[Token] = []
        for step in self._generator.generate(prompt, options, self._stop):
            match step:
                case Queued(ahead):
                    yield Waiting(ahead)
                case Prefill(done, _):
                    self._begun()
                    yield Reading(min(read + done, total), total)
                case Token():
                    tokens.append(step)
                case Finished():
                    self._add(step)
        return tokens

    def _states(self, hit: Hit) -> float:
        """The model's log-odds that a passage states what is asked; 0 where it cannot tell."""
        prompt = ask_whether(self._question, hit, self._history)
        weights = self._generator.weigh(prompt, (YES, NO), self._stop)
        return weights[0] - weights[1] if weights else 0.0

    def _standing_question(self) -> str:
        """The question behind those that it leans on: together they name what is asked about."""
        before = [turn.question for turn in leant_on(self._question, self._history)]
        return " ".join([*before, self._question])

    @staticmethod
    def _form(hit: Hit) -> Together:
        """One sentence, in which what is quoted stands in the passage."""
        return Together((Quotations((hit.passage.title, hit.passage.text)), OneSentence()))

    def _add(self, finished: Finished) -> None:
        spent = self.usage
        self.usage = Usage(
            spent.prompt_tokens + finished.prompt_tokens,
            spent.reused_tokens + finished.reused_tokens,
            spent.completion_tokens + finished.completion_tokens,
            spent.drafted_tokens + finished.drafted_tokens,
            spent.accepted_tokens + finished.accepted_tokens,
        )
