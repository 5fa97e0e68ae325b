"""Rules that hold while an answer is being decoded: the text so far in, what may follow out."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

LONGEST_WAY = 32
"""Characters of a quotation's continuation that are offered at once; tokens are shorter."""

# Tokenizers join a closing mark with the punctuation behind it (`",`): offered together, such a
# token may come where the mark alone would cost a second one.
_BEHIND_QUOTATION = ("", ".", ",", ";", ":", ")", "?", "!")

CLOSING = {'"': '"', "“": "”", "«": "»", "„": "“”"}
_CLOSING_MARKS = '"”»'

# A word as it must not be torn apart in a quotation: "don't", "35.40", "16,000", "$185", "58.3%".
WORD = re.compile(r"[$€£¥]?\w+(?:[-‑’'.,:/&@]\w+)*%?")


class Constraint(Protocol):
    """A rule over the text of an answer; it knows nothing of tokens."""

    def allowed(self, text: str) -> tuple[str, ...] | None:
        """What may follow the text: strings along one of which it must go on.

        A token is allowed if its text begins one of them. None where anything may follow; an empty
        tuple where the answer has come to its end.
        """


@dataclass(frozen=True)
class Quotations:
    """What is quoted stands in one of the texts, from a word's beginning to a word's end.

    White space is folded, since a model writes a line break as a space. A quotation goes over
    quotations inside it that have marks of another kind; it ends before a mark of its own kind and
    before one that closes what was opened before it. An opened mark that is followed by words of
    no text binds nothing.
    """

    texts: tuple[str, ...]

    def allowed(self, text: str) -> tuple[str, ...] | None:
        """See Constraint."""
        opened = _open_mark(text)
        if opened is None:
            return None
        quoted = re.sub(r"\s+", " ", text[opened + 1 :]).lstrip()
        ways = {
            way
            for source in self._sources
            for start in source.beginnings
            if source.text.startswith(quoted, start)
            for way in source.ways(start, start + len(quoted), text[opened])
        }
        return tuple(sorted(ways)) or None

    @cached_property
    def _sources(self) -> "tuple[_Source, ...]":
        return tuple(_Source(" ".join(text.split())) for text in self.texts)


@dataclass(frozen=True)
class _Source:
    """A text that may be quoted, its white space folded."""

    text: str

    @cached_property
    def beginnings(self) -> tuple[int, ...]:
        """Where its words begin."""
        return tuple(word.start() for word in WORD.finditer(self.text))

    @cached_property
    def _inside_words(self) -> frozenset[int]:
        words = WORD.finditer(self.text)
        return frozenset(place for word in words for place in range(word.start() + 1, word.end()))

    def ways(self, start: int, here: int, mark: str) -> set[str]:
        """How a quotation that `mark` opened and that has come from `start` to `here` may go on.

        Along the text, and with a closing mark at a word's end or behind punctuation that follows.
        """
        reach = self._reach(start, here + LONGEST_WAY + 1, mark)
        ways = {self.text[here : min(reach, here + LONGEST_WAY)]} - {""}
        for end in range(here, reach + 1):
            if self._may_end(start, end):
                ways |= {
                    self.text[here:end] + closing + behind
                    for closing in CLOSING[mark]
                    for behind in _BEHIND_QUOTATION
                }
            if end == reach or self.text[end].isalnum() or self.text[end].isspace():
                break
        return ways

    def _may_end(self, start: int, end: int) -> bool:
        return end > start and not self.text[end - 1].isspace() and end not in self._inside_words

    def _reach(self, start: int, limit: int, mark: str) -> int:
        """How far a quotation from `start` may go, looked at as far as `limit`."""
        inner: list[str] = []
        for place in range(start, min(limit, len(self.text))):
            char = self.text[place]
            own = char == mark or char in CLOSING[mark]
            if not own and inner and char in inner[-1]:
                inner.pop()
            elif not own and _opens(self.text, place):
                inner.append(CLOSING[char])
            elif own or char in _CLOSING_MARKS:
                return start + len(self.text[start:place].rstrip())
        return min(limit, len(self.text))


def _open_mark(text: str) -> int | None:
    """Where the quotation mark stands that is still open at the end of the text."""
    opened: int | None = None
    for place, char in enumerate(text):
        if opened is None:
            opened = place if _opens(text, place) else None
        elif char in CLOSING[text[opened]]:
            opened = None
    return opened


def _opens(text: str, place: int) -> bool:
    """Whether a quotation mark stands there that opens; a straight one behind a gap does.

    Behind anything else it closes, or is an inch sign.
    """
    if text[place] != '"':
        return text[place] in CLOSING
    return place == 0 or text[place - 1].isspace() or text[place - 1] in "([{—–“‘«„"
