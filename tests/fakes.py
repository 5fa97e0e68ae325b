"""Fakes that satisfy the Protocols: embedder, cross-encoder, and generators with a script."""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from qa.answering.prompt import SENTENCE
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Step,
    StopFlag,
    Token,
)
from qa.library.cross_encoder import Scores
from qa.library.embedder import Vectors
from qa.reading.stop_words import STOP_WORDS
from qa.reading.words import stem
from qa.reading.words import words as read_words

Entry = TypeVar("Entry")


def words(text: str) -> list[str]:
    """The words of a text, lower-cased: the tokens of both fakes."""
    return re.findall(r"\w+", text.lower())


@dataclass
class FakeEmbedder:
    """Bags of hashed words: texts that share words are near, others are at right angles.

    `embedded` counts the texts that were embedded, so that a test can see what was not.
    """

    digest: str = "fake-embedder-1"
    dimension: int = 512
    max_tokens: int = 256
    embedded: int = 0

    def count_tokens(self, text: str) -> int:
        """One token a word."""
        return len(words(text))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Counts of the words' hashes, scaled to unit length (a text without words: all alike)."""
        self.embedded += len(texts)
        rows = np.array([self._one_hot(text).sum(axis=0) for text in texts], dtype=np.float32)
        rows = rows.reshape(len(texts), self.dimension)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        """A row a word: 1 at the word's hash."""
        return tuple(self._one_hot(text) for text in texts)

    def _one_hot(self, text: str) -> Vectors:
        found = words(text) or ["(none)"]
        rows = np.zeros((len(found), self.dimension), dtype=np.float32)
        for row, word in zip(rows, found, strict=True):
            row[zlib.crc32(word.encode()) % self.dimension] = 1
        return rows


@dataclass
class FakeCrossEncoder:
    """Scores a text by how many of the question's words it has, from -10 (none) to 10 (all).

    Words count by their stems and stop words not at all; a question of stop words alone is met by
    no text. `scored` keeps the pairs that were scored.
    """

    scored: list[tuple[str, str]] = field(default_factory=list)

    def score(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        """One logit a pair of (question, text)."""
        self.scored += pairs
        return np.array([self._logit(*pair) for pair in pairs], dtype=np.float32)

    def _logit(self, question: str, text: str) -> float:
        asked = {stem(word) for word in read_words(question) if word not in STOP_WORDS}
        there = {stem(word) for word in read_words(text)}
        return 20 * len(asked & there) / len(asked) - 10 if asked else -10.0


@dataclass
class ScriptedGenerator:
    """Says the scripted answers one after another and keeps the prompts it was given.

    `read` holds the prompts that it was told to read ahead, `weighed` those that it weighed choices
    behind: it finds each as likely as `weights` says, 0 where that says nothing.
    """

    script: list[str]
    name: str = "scripted"
    context_tokens: int = 4096
    prompts: list[tuple[Message, ...]] = field(default_factory=list)
    read: list[tuple[Message, ...]] = field(default_factory=list)
    weights: Mapping[str, float] = field(default_factory=dict)
    weighed: list[tuple[Message, ...]] = field(default_factory=list)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """One token a word."""
        return sum(len(words(part)) for message in messages for part in message.parts)

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """The next answer of the script, word by word, until the stop flag is set."""
        self.prompts.append(tuple(messages))
        total = self.count_tokens(messages)
        yield Prefill(total // 2, total)
        yield Prefill(total, total)
        pieces = re.findall(r"\S+\s*", self.script[len(self.prompts) - 1])
        said = 0
        for piece in pieces[: options.max_new_tokens]:
            if stop.is_set():
                yield Finished(FinishReason.STOPPED, total, 0, said)
                return
            said += 1
            yield Token(piece, -0.1)
        reason = FinishReason.END if said == len(pieces) else FinishReason.LENGTH
        yield Finished(reason, total, 0, said)

    def weigh(
        self, messages: Sequence[Message], choices: Sequence[str], stop: StopFlag
    ) -> tuple[float, ...] | None:
        """The weights of the choices; None when stopped."""
        self.weighed.append(tuple(messages))
        return None if stop.is_set() else tuple(self.weights.get(one, 0.0) for one in choices)

    def read_ahead(self, messages: Sequence[Message], stop: StopFlag) -> None:
        """Keep the prompt."""
        self.read.append(tuple(messages))


@dataclass
class ReadingGenerator:
    """Finds in a passage what `found` says for some words of it, else a guess.

    `sentences` are said for what was found; `states` is how sure it is, by words of the passage, in
    log-odds. It keeps the prompts that it was given, in order, and the most tokens that each
    allowed.
    """

    found: Mapping[str, str]
    sentences: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, float] = field(default_factory=dict)
    name: str = "reading"
    context_tokens: int = 4096
    prompts: list[tuple[Message, ...]] = field(default_factory=list)
    allowed_tokens: list[int] = field(default_factory=list)
    weighed: list[tuple[Message, ...]] = field(default_factory=list)
    read: list[tuple[Message, ...]] = field(default_factory=list)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """One token a word."""
        return sum(len(words(part)) for message in messages for part in message.parts)

    def generate(
        self, messages: Sequence[Message], options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """What is found, or the sentence for it, word by word, until the stop flag is set."""
        self.prompts.append(tuple(messages))
        self.allowed_tokens.append(options.max_new_tokens)
        total = self.count_tokens(messages)
        yield Prefill(total // 2, total)
        yield Prefill(total, total)
        asked = messages[-1].parts != (SENTENCE,)
        text = self._found(messages) if asked else self._sentence(messages)
        said = 0
        for piece in re.findall(r"\S+\s*", text)[: options.max_new_tokens]:
            if stop.is_set():
                yield Finished(FinishReason.STOPPED, total, 0, said)
                return
            said += 1
            yield Token(piece, -0.1)
        yield Finished(FinishReason.END, total, 0, said)

    def weigh(
        self, messages: Sequence[Message], choices: Sequence[str], stop: StopFlag
    ) -> tuple[float, ...] | None:
        """The first choice over the second by the log-odds for the passage; None when stopped."""
        self.weighed.append(tuple(messages))
        others = choices[1:]
        log_odds = _by_words(self.states, messages, -9.0)
        return None if stop.is_set() else (log_odds, *(0.0 for _ in others))

    def read_ahead(self, messages: Sequence[Message], stop: StopFlag) -> None:
        """Keep the prompt."""
        self.read.append(tuple(messages))

    def _found(self, messages: Sequence[Message]) -> str:
        return _by_words(self.found, messages, "Napoleon")

    def _sentence(self, messages: Sequence[Message]) -> str:
        (found,) = messages[-2].parts
        return self.sentences.get(found, found)


def _by_words(table: Mapping[str, Entry], messages: Sequence[Message], otherwise: Entry) -> Entry:
    """The entry whose key stands in the passage of a prompt."""
    passage = messages[1].parts[1]
    return next((value for key, value in table.items() if key in passage), otherwise)
