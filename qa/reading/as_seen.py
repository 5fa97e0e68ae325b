"""A text as an eye reads it: what only looks like a letter is that letter. Pure.

Words can be written so that a reader knows them and a program does not: with Cyrillic letters among
Latin ones, in bold or circled letters, spaced out, or parted at the end of a line. Only for looking
at what is said: what is kept, shown and quoted is the text as it stands.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_LOOK_ALIKES = str.maketrans(
    # Cyrillic, Greek, Armenian, and the g of phonetic script
    "аеорсухіјѕһԁԛԝѵӏкмтАВЕКМНОРСТУХІЈЅѴԌԚԜ" + "αγικνορυτχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "օոսհցյɡ",
    "aeopcyxijshdqwvlkmtABEKMHOPCTYXIJSVGQW" + "ayikvoputxABEZHIKMNOPTYX" + "onuhgjg",
)
"""Of the pairs that Unicode lists as confusable (UTS 39) those that make up words of English."""

_FIGURES = str.maketrans("01", "ol")
_AMONG_CAPITALS = str.maketrans("01l", "OII")
_COPIES = frozenset(map(chr, _LOOK_ALIKES))
_SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL "

_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTER}+")
_WITH_FIGURES = re.compile(r"(?<!\w)(?=\w*[01])(?=[01]*[a-z][01]*[a-z])[a-z01]+(?!\w)", re.I)
_CAPITALS = re.compile(r"(?<!\w)(?=[01l]*[A-Z][A-Z01l]*[A-Z])(?=\w*[01l])[A-Z01l]+(?!\w)")
_SPACED = re.compile(
    rf"(?<!\w){_LETTER}(?:[ ._·-]{_LETTER})+(?:[^\S\n]{{2,4}}{_LETTER}(?:[ ._·-]{_LETTER})*)*(?!\w)"
)
"""Letters with one sign between them, and more than one between words."""

_FEWEST_SPACED = 3
"""Letters; two are an abbreviation, as "a.m."."""

_WIDE = re.compile(r"(?<=[^\S\n])[^\S\n]+")
_PARTED = re.compile(r"(?<=[a-z])-\n[^\S\n]*(?=[a-z])")


@dataclass(frozen=True)
class Seen:
    """A text as it is read, and for each of its characters its place in the text as it stands."""

    text: str
    places: Sequence[int]

    def where(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as it stands that is read as this span."""
        return self.places[start], self.places[end - 1] + 1


def as_seen(text: str) -> Seen:
    """The text with plain letters for their look-alikes, and with parted words put together."""
    seen = Seen(text, range(len(text)))
    if any(_plain(one) != one for one in set(text)):
        pairs = [(plain, place) for place, one in enumerate(text) for plain in _plain(one)]
        seen = Seen("".join(plain for plain, _ in pairs), [place for _, place in pairs])
    if not _COPIES.isdisjoint(seen.text):
        seen = Seen(_WORD.sub(_in_one_script, seen.text), seen.places)
    read = _CAPITALS.sub(lambda word: word[0].translate(_AMONG_CAPITALS), seen.text)
    seen = Seen(_WITH_FIGURES.sub(lambda word: word[0].translate(_FIGURES), read), seen.places)
    gaps = {place for match in _PARTED.finditer(seen.text) for place in range(*match.span())}
    for match in _SPACED.finditer(seen.text):
        if sum(one.isalpha() for one in match[0]) >= _FEWEST_SPACED:
            gaps |= {match.start() + gap for gap in _single_gaps(match[0])}
    if not gaps:
        return seen
    gaps |= {gap for match in _WIDE.finditer(seen.text) for gap in range(*match.span())}
    kept = [place for place in range(len(seen.text)) if place not in gaps]
    return Seen("".join(seen.text[one] for one in kept), [seen.places[one] for one in kept])


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """The letters that a character shows; nothing for one that shows none or is drawn over one."""
    if char.isascii():
        return char
    if unicodedata.category(char) == "Cf" or "\u0300" <= char <= "\u036f":
        return ""
    name = unicodedata.name(char, "")
    if name.startswith(_SMALL_CAPITAL) and len(name) == len(_SMALL_CAPITAL) + 1:
        return name[-1].lower()
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain.isalpha() else char


def _in_one_script(word: re.Match[str]) -> str:
    """A word in plain letters where it mixes them with look-alikes, or has nothing but those."""
    letters = word[0]
    if letters.isascii() or not any(one.isascii() or one in _COPIES for one in letters):
        return letters
    mixes = any(one.isascii() for one in letters)
    return letters.translate(_LOOK_ALIKES) if mixes or _COPIES.issuperset(letters) else letters


def _single_gaps(spaced: str) -> list[int]:
    """The signs that stand alone between two letters."""
    return [
        place
        for place in range(1, len(spaced) - 1)
        if spaced[place - 1].isalpha() and spaced[place + 1].isalpha()
    ]
