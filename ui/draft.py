"""A question that is being typed: what of it is worth reading ahead, and when.

Pure: times come in as monotonic seconds. A text is read for at the end of each word, and when the
keys rest: behind the last word with its `?`, Enter comes too soon, and the words before it mostly
bring up what the whole question will.
"""

from dataclasses import dataclass, replace
from math import inf

from qa.types import Turn

# From the end of a word to its reading: pasting a line, or writing it fast, is one text, not ten.
PAUSE_S = 0.25

# Keys that rest so long have come to the end of the question, or of a thought.
REST_S = 0.6

# Shorter texts bring up passages at random.
SHORTEST_CHARS, SHORTEST_WORDS = 8, 2


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in a session's box, and what of it was read ahead.

    `words` is the text without the word at its end, which may go on. The last text that the model
    read for was `read`; that began at `read_at`.
    """

    history: tuple[Turn, ...] = ()
    text: str = ""
    typed_at: float = -inf
    words: str = ""
    words_at: float = -inf
    read: str = ""
    read_at: float = -inf

    def typed(self, text: str, now: float) -> "Draft":
        """The draft with another text in the box."""
        words = _whole_words(text)
        words_at = self.words_at if words == self.words else now
        return replace(self, text=text.strip(), typed_at=now, words=words, words_at=words_at)

    def due(self) -> float:
        """When there is something to read for; inf for never."""
        return min(self._words_due(), self._text_due())

    def wanted(self, now: float) -> str | None:
        """The text that is to be read for now, if any."""
        if self._text_due() <= now:
            return self.text
        return self.words if self._words_due() <= now else None

    def holds(self, text: str) -> bool:
        """Whether a text is still what is being typed, but for a word that is not whole."""
        return text in (self.words, self.text)

    def has_read(self, text: str, began: float) -> "Draft":
        """The draft once the model has read for a text."""
        return replace(self, read=text, read_at=began)

    def _words_due(self) -> float:
        news = self.words != self.read and self.words_at > self.read_at
        return self.words_at + PAUSE_S if news and long_enough(self.words) else inf

    def _text_due(self) -> float:
        news = self.text != self.read
        return self.typed_at + REST_S if news and long_enough(self.text) else inf


def long_enough(text: str) -> bool:
    """Whether a text says anything of what will be asked."""
    return len(text) >= SHORTEST_CHARS and len(text.split()) >= SHORTEST_WORDS


def _whole_words(text: str) -> str:
    """The text up to its last space: behind the question mark, Enter comes before any reading."""
    return text.strip() if text[-1:].isspace() else " ".join(text.rsplit(maxsplit=1)[:-1])
