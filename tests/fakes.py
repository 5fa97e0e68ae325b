"""Fakes that satisfy the Protocols: embedder, cross-encoder, reader, generator with a script."""

import re
import string
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from PIL import Image

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
from qa.errors import LibraryError
from qa.library.cross_encoder import Scores
from qa.library.embedder import Vectors
from qa.library.span_reader import ScoredSpan, SpanReading
from qa.reading.ocr import OcrLine
from qa.reading.stop_words import STOP_WORDS
from qa.reading.words import stem
from qa.reading.words import words as read_words

Opened = TypeVar("Opened")


@dataclass
class FakePageReader:
    """Finds in a picture as many lines as its width has hundreds of pixels: "Alpha a.", "Alpha b."

    In the second picture that it reads, "Bravo a." `sizes` are those of the pictures it was given;
    before reading the one of the number `stop_at`, from 1, it is interrupted. Pictures other than
    the `upright` one, where there is one, it reads with a confidence of .6.
    """

    name: str = "fake-reader-1"
    confidence: float = 0.99
    upright: Image.Image | None = None
    stop_at: int = 0
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def read(self, picture: Image.Image) -> tuple[OcrLine, ...]:
        """One line below the other, 200 pixels wide."""
        if len(self.sizes) + 1 == self.stop_at:
            raise KeyboardInterrupt
        name = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot")[len(self.sizes) % 6]
        self.sizes.append(picture.size)
        sure = self.confidence if self.upright in (None, picture) else 0.6
        return tuple(
            OcrLine(f"{name} {letter}.", 0.0, 40.0 * row, 200.0, 40.0 * row, 30, sure)
            for row, letter in enumerate(string.ascii_lowercase[: picture.width // 100])
        )


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

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """As `embed`: it is told nothing of what it reads."""
        return self.embed(questions)

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
class FakeReader:
    """Finds the words that it is told to, wherever they stand, each with its logit.

    A text in which none stands answers nothing, with log-odds of -5. `asked` keeps the questions,
    `texts` what was read.
    """

    found: Mapping[str, float]
    asked: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def read(self, question: str, texts: Sequence[str]) -> tuple[SpanReading, ...]:
        """One reading a text, its spans best first."""
        self.asked.append(question)
        self.texts += texts
        return tuple(self._reading(text) for text in texts)

    def _reading(self, text: str) -> SpanReading:
        spans = [
            ScoredSpan(match.start(), match.end(), score)
            for words_, score in self.found.items()
            for match in re.finditer(rf"(?<!\w){re.escape(words_)}(?!\w)", text)
        ]
        best = sorted(spans, key=lambda span: -span.score)
        return SpanReading(best[0].score if best else -5.0, tuple(best))


@dataclass
class ScriptedGenerator:
    """Says the scripted answers one after another and keeps the prompts it was given.

    `read` holds the prompts that it was told to read ahead.
    """

    script: list[str]
    name: str = "scripted"
    context_tokens: int = 4096
    prompts: list[tuple[Message, ...]] = field(default_factory=list)
    read: list[tuple[Message, ...]] = field(default_factory=list)

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

    def read_ahead(self, messages: Sequence[Message], stop: StopFlag) -> None:
        """Keep the prompt."""
        self.read.append(tuple(messages))


class NamedCollections(Generic[Opened]):
    """What a service says of its collections, for whoever holds them `opened`, by name."""

    opened: Mapping[str, Opened]

    @property
    def default(self) -> str:
        """The first one: asked when none is named."""
        return self.names()[0]

    def names(self) -> tuple[str, ...]:
        """Every one."""
        return tuple(self.opened)

    def collection(self, name: str) -> Opened:
        """The one of that name. Raises LibraryError."""
        if name not in self.opened:
            raise LibraryError(f"There is no collection {name!r}.")
        return self.opened[name]
