"""A question that is being typed: what of it to look up, when, and which passages have settled.

Pure: times come in as monotonic seconds. The rules were chosen on 30 questions typed at 40 words a
minute, looked up really, the reading of a passage at a time reckoned at 70 tokens a second. Looking
up at the end of each word: 12 looks a question; at each pause of the keys: 44, for half a word
brings up other passages. Reading what two looks in a row found: 406 of the 482 tokens of a
question's passages in time (medians), 282 in vain (mean); what one look found: 420 and 429; three:
402 and 183.
"""

from dataclasses import dataclass, replace
from math import inf

from qa.types import Hit, Turn

# From the end of a word to its look: pasting a line, or writing it fast, is one look, not ten.
PAUSE_S = 0.25

# Keys that rest so long have come to the end of the question, or of a thought.
REST_S = 0.6

# Shorter texts bring up passages at random.
SHORTEST_CHARS, SHORTEST_WORDS = 8, 2


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in a session's box, and what is known of the passages for it.

    `words` is the text without the word at its end, which may go on. The last look was at
    `looked_up`, began at `looked_at` and gave `hits`; those of them that the question itself will
    likely bring up are `settled`. `read` are the ids of passages that the model has read ahead.
    """

    history: tuple[Turn, ...] = ()
    text: str = ""
    typed_at: float = -inf
    words: str = ""
    words_at: float = -inf
    looked_up: str = ""
    looked_at: float = -inf
    hits: tuple[Hit, ...] = ()
    settled: tuple[Hit, ...] = ()
    read: frozenset[str] = frozenset()

    @property
    def unread(self) -> tuple[Hit, ...]:
        """The settled passages that the model has not read yet, best first."""
        return tuple(hit for hit in self.settled if hit.passage.id not in self.read)

    def typed(self, text: str, now: float) -> "Draft":
        """The draft with another text in the box."""
        words = _whole_words(text)
        words_at = self.words_at if words == self.words else now
        return replace(self, text=text.strip(), typed_at=now, words=words, words_at=words_at)

    def due(self) -> float:
        """When there is something to look up or to settle; inf for never."""
        return min(self._words_due(), self._text_due(), self._settling_due())

    def wanted(self, now: float) -> str | None:
        """The text that is to be looked up now, if any."""
        if self._text_due() <= now:
            return self.text
        return self.words if self._words_due() <= now else None

    def looked(self, text: str, hits: tuple[Hit, ...], began: float) -> "Draft":
        """The draft after a look: the passages that the look before it found, too, are settled."""
        before = {hit.passage.id for hit in self.hits}
        settled = tuple(hit for hit in hits if hit.passage.id in before)
        return replace(self, looked_up=text, looked_at=began, hits=hits, settled=settled)

    def settle(self) -> "Draft":
        """The draft with all hits of the last look settled."""
        return replace(self, settled=self.hits)

    def has_read(self, hit: Hit) -> "Draft":
        """The draft once the model has read a passage ahead."""
        return replace(self, read=self.read | {hit.passage.id})

    def _words_due(self) -> float:
        news = self.words != self.looked_up and self.words_at > self.looked_at
        return self.words_at + PAUSE_S if news and long_enough(self.words) else inf

    def _text_due(self) -> float:
        news = self.text != self.looked_up
        return self.typed_at + REST_S if news and long_enough(self.text) else inf

    def _settling_due(self) -> float:
        return inf if self.settled == self.hits else self.typed_at + REST_S


def long_enough(text: str) -> bool:
    """Whether a text says anything of what will be asked."""
    return len(text) >= SHORTEST_CHARS and len(text.split()) >= SHORTEST_WORDS


def _whole_words(text: str) -> str:
    """The text up to its last space: behind the question mark, Enter comes before any look."""
    return text.strip() if text[-1:].isspace() else " ".join(text.rsplit(maxsplit=1)[:-1])
