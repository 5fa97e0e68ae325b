"""A question that is being typed: what of it to look up, when, and which passages have settled.

Pure: times come in as monotonic seconds. The rules were chosen on 30 questions typed at 40 words a
minute, looked up really, the reading reckoned at 70 tokens a second. Looking up at the end of each
word: 12 looks a question, and 194 of 506 tokens read in time (medians); at each pause of the keys:
44 and 130, for half a word brings up other passages. Reading also what a single look gave, after
0.6 s: 206 in time, but 643 in vain (mean) in place of 384.
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

# Two looks that agree on the first passage alone will often disagree on it next.
FEWEST_SETTLED = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in a session's box, and what is known of the passages for it.

    `words` is the text without the word at its end, which may go on. The last look was at
    `looked_up`, began at `looked_at` and gave `hits`. `settled` are passages that the question's
    own will likely begin with, `unread` the same until the model is told to read them.
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
    unread: tuple[Hit, ...] = ()

    @property
    def read(self) -> tuple[str, ...]:
        """The ids of the settled passages: the model has read them, or is about to."""
        return tuple(hit.passage.id for hit in self.settled)

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
        """The draft after a look: passages that two looks in a row begin with are settled."""
        agreed = _common_beginning(hits, self.hits)
        if len(agreed) < min(FEWEST_SETTLED, len(hits)):
            agreed = ()
        seen = replace(self, looked_up=text, looked_at=began, hits=hits)
        confirmed = begins_with(hits, self.settled) and len(agreed) <= len(self.settled)
        return seen if confirmed else replace(seen, settled=agreed, unread=agreed)

    def settle(self) -> "Draft":
        """The draft with all hits of the last look settled."""
        return replace(self, settled=self.hits, unread=self.hits)

    def _words_due(self) -> float:
        news = self.words != self.looked_up and self.words_at > self.looked_at
        return self.words_at + PAUSE_S if news and long_enough(self.words) else inf

    def _text_due(self) -> float:
        news = self.text != self.looked_up
        return self.typed_at + REST_S if news and long_enough(self.text) else inf

    def _settling_due(self) -> float:
        done = len(self.hits) == len(self.settled) and begins_with(self.hits, self.settled)
        return inf if done else self.typed_at + REST_S


def long_enough(text: str) -> bool:
    """Whether a text says anything of what will be asked."""
    return len(text) >= SHORTEST_CHARS and len(text.split()) >= SHORTEST_WORDS


def begins_with(hits: tuple[Hit, ...], beginning: tuple[Hit, ...]) -> bool:
    """Whether these are the first passages of a list of hits, in the same order."""
    return len(_common_beginning(hits, beginning)) == len(beginning)


def _common_beginning(hits: tuple[Hit, ...], others: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The first hits, as long as the others have the same passages; scores do not count."""
    for index, (hit, other) in enumerate(zip(hits, others, strict=False)):
        if hit.passage.id != other.passage.id:
            return hits[:index]
    return hits[: len(others)]


def _whole_words(text: str) -> str:
    """The text up to its last space: behind the question mark, Enter comes before any look."""
    return text.strip() if text[-1:].isspace() else " ".join(text.rsplit(maxsplit=1)[:-1])
