"""Whether the hyphen at a line's end belongs to the word that goes on in the next line. Pure.

Told by which words there are: in the document, and for English in a list of 22,000. Of 729 English
articles set anew in lines of 34 and 60 letters, that broke words by syllables, the hyphens of
"well-known" and its like stayed in 86% (34% without the list), and 99.1% of the parted words were
made whole (99.8%). Where words broke at their own hyphens alone, 94% stayed.
"""

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.reading.languages import UNKNOWN, language_of

_ENGLISH = Path(__file__).parent / "english_words.txt"
"""The whole words of the vocabulary of bert-base-uncased (Google, Apache-2.0), which are those that
are most frequent in books and in Wikipedia."""

_BROKEN_WORD = re.compile(r"(\w+(?:['’-]\w+)*)[-‐]$")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SOFT_HYPHEN = "\xad"
_SUSPENDING = frozenset({"and", "or", "to", "und", "oder", "et", "ou"})

PARTED = 0.4
"""Share of broken words that are known without the hyphen, in a text that parts words by syllables;
of "well-known" and its like some 10% are known as one word too."""

_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "r", "rs")
"""Words with these are mostly not in a list that has them without."""

_COMPOUNDING = frozenset("anti eco ex multi non pseudo quasi self semi socio vice".split())
"""What mostly keeps its hyphen."""

_CLOSED = frozenset(
    "ab ac ad after al an as be bi com con de di dis down em en es ex fore im in inter ir mal mis"
    " ob or out over per pro re sub un under up".split()
)
"""Words and first syllables that mostly take none: "re-place", "under-stand"."""

_CLOSING = frozenset(
    "able ably book books ful hood ism ist ists land less line lines man mark marks men ment ness"
    " print prints ship some ward wards work works".split()
)
"""Second parts that mostly stand behind none."""

_BEHIND_HYPHENS = {
    "fr": frozenset(
        "ce ci elle elles en il ils je là leur lui moi même nous on t toi tu vous y être".split()
    )
}
"""What French sets behind a verb or pronoun with a hyphen, and seldom ends a word."""

_SHORTEST = 3
"""Letters of a second part that is a word; fewer are as often an ending."""


@dataclass(frozen=True, slots=True)
class Seam:
    """How a line is joined to the one before: so many characters of that go, and this comes."""

    between: str
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a document that stand whole in its lines, in small letters, and its language.

    `parts_words` says whether it breaks words by syllables at all: many never do.
    """

    whole: frozenset[str]
    language: str = UNKNOWN
    parts_words: bool = True

    def has(self, word: str) -> bool:
        """Whether there is such a word, by itself or with one ending less."""
        if word in self.whole:
            return True
        stems = [word, *(word.removesuffix(end) for end in _ENDINGS if word.endswith(end))]
        return self.language == "en" and any(
            stem in _english() or stem + "e" in _english() for stem in stems
        )

    def has_itself(self, word: str) -> bool:
        """Whether there is such a word by itself."""
        return word in self.whole or (self.language == "en" and word in _english())


@dataclass(frozen=True, slots=True)
class _Break:
    """A word broken at a line's end, in small letters: its two parts, and how they are written."""

    front: str
    back: str
    is_capitals: bool
    goes_on_small: bool


def words_of(lines: Sequence[str]) -> Words:
    """The words of a document of these lines."""
    whole: set[str] = set()
    goes_on = False
    for line in lines:
        broken = _broken_word(line)
        found = _WORD.findall(line[: broken.start()] if broken else line)
        # The rest of a broken word is no word of its own.
        whole.update(word.casefold() for word in found[goes_on:])
        goes_on = broken is not None or line.endswith(_SOFT_HYPHEN)
    words = Words(frozenset(whole), language_of(" ".join(lines)))
    breaks = [_break(line, following) for line, following in itertools.pairwise(lines)]
    known = [words.has(one.front + one.back) for one in breaks if one and one.goes_on_small]
    parted = sum(known) >= PARTED * len(known)
    return replace(words, parts_words=parted)


def seam(text: str, following: str, words: Words) -> Seam:
    """How two lines of one paragraph are joined.

    Of a hyphen in front of a small letter, the document decides: it goes where the word stands
    elsewhere without it, and stays where it stands with it. Without such a word it stays after a
    figure, capitals ("NSF-funded"), a single letter ("e-mail") and beside another hyphen, and
    where "and" or "or" follows ("two- and three-year terms"). English decides by its words.
    """
    if text.endswith(_SOFT_HYPHEN):
        return Seam("", dropped=1)
    found = _break(text, following)
    if found is None:
        return Seam(" ")
    if found.back in _SUSPENDING and not words.has_itself(found.front + found.back):
        return Seam(" ")
    return Seam("", dropped=0 if _keeps(found, words) else 1)


def _break(text: str, following: str) -> _Break | None:
    broken = _broken_word(text)
    rest = _WORD.match(following) if broken else None
    if broken is None or rest is None:
        return None
    back = re.sub(r"['’]s$", "", rest.group().casefold())
    is_capitals = len(broken[1]) > 1 and broken[1].isupper()
    return _Break(broken[1].casefold(), back, is_capitals, following[0].islower())


def _broken_word(line: str) -> re.Match[str] | None:
    return _BROKEN_WORD.search(line) if line.endswith(("-", "‐")) else None


def _keeps(found: _Break, words: Words) -> bool:
    front, back = found.front, found.back
    last, first = front.rsplit("-", 1)[-1], back.split("-", 1)[0]
    if not found.goes_on_small:
        return True
    if front + back in words.whole or last + back in words.whole:
        return False
    if f"{front}-{back}" in words.whole:
        return True
    if last != front or len(front) == 1 or found.is_capitals or any(map(str.isdigit, front)):
        return True
    if first in _BEHIND_HYPHENS.get(words.language, ()):
        return True
    if words.language != "en":
        return False
    return not words.has(front + first) and (first != back or _is_compound(front, back, words))


def _is_compound(front: str, back: str, words: Words) -> bool:
    """Whether two parts, which are no English word together, are two."""
    known = words.has_itself(front), words.has_itself(back) and len(back) >= _SHORTEST
    if not words.parts_words:
        return any(known)
    closed = front in _CLOSED or back in _CLOSING
    return front in _COMPOUNDING or (all(known) and not closed)


@functools.cache
def _english() -> frozenset[str]:
    return frozenset(_ENGLISH.read_text(encoding="ascii").split())
