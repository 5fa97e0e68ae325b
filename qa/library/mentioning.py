"""Which articles mention something, exactly: by the words in them, not by likeness.

An article mentions "the Kestrel dam" where both words stand close together in its title or in one
of its passages. Words are compared without accents and endings; names that stand together in the
topic must stand together in the text, with their capital.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from qa.reading.orders import LEFT_OUT, without_orders
from qa.reading.quoted_speech import with_quotation
from qa.reading.sentences import sentence_spans
from qa.reading.stop_words import STOP_WORDS
from qa.reading.tense import tells
from qa.reading.words import stem
from qa.reading.words import words as indexed_words
from qa.types import Passage, Scope

NEAR_WORDS = 8
"""As many other words may stand between the words of a topic, as in "the dam that was built above
Kestrel"; a longer way apart they mostly speak of two things."""

_UNSPACED = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|(?:[^\\W_{_UNSPACED}][\u0300-\u036f]*)+")
"""A word; of scripts that do not part words, a character, which counts together with the next."""
_ENDING = re.compile(r"(?:[’']s|ies|y|e?s|ed|ing|e)$")
_DETERMINERS = frozenset(
    "der die das den dem des ein eine einen le la les un une du des el los las una del al".split()
)
_BOILERPLATE = re.compile(
    r"(?:Read more|Subscribe|Sign up|Advert|Copyright|Follow us|Share this)\b|©"
    r"|(?:Source|Photo|Image|Updated?)(?::| (?:caption|credit|source)\b)"
)
_BYLINE = re.compile(r"(?:By|Source|Photo|Image|Follow|Share|Updated?)\b")
"""Opens a byline or a caption, or a sentence like any other: that has a verb."""
_AND = re.compile(r",?\s+(?:and|und|et|y)\s+", re.IGNORECASE)
_OR = re.compile(r",?\s+(?:or|oder|ou|o)\s+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»）)\]]*$")


class Words(Protocol):
    """Where passages are found by their words; `qa.library.storage.Storage` is one."""

    def passages_with(self, words: Sequence[str], scope: Scope) -> tuple[Passage, ...]:
        """Every passage that, with its title, has all these words; by article, newest first."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of a passage: characters `start` to `end` of its article."""

    passage: Passage
    start: int
    end: int
    also_in: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    def whole(self) -> "Quote | None":
        """The same with the whole of the quotation that it is part of; None where that is long."""
        at = self.passage.start
        span = with_quotation(self.passage.text, self.start - at, self.end - at)
        return replace(self, start=at + span[0], end=at + span[1]) if span else None


@dataclass(frozen=True, slots=True)
class Mentions:
    """A quote for each article that mentions a topic, the newest article first.

    Each holds the mention; where the title alone has it, the article's first sentence. `loose`:
    nowhere stand the words as the topic has them, but these have them all close together.
    """

    quotes: tuple[Quote, ...]
    loose: bool = False

    @property
    def articles(self) -> set[str]:
        """Their ids."""
        return {quote.passage.article_id for quote in self.quotes}


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is compared, and its place in the text."""

    plain: str
    capital: bool
    start: int
    end: int


def mentions(topic: str, words: Words, scope: Scope) -> Mentions:
    """The articles in a scope that mention a topic; none for a topic without words.

    Two things joined by "and" may stand anywhere in an article; of two with "or", one will do.
    """
    either = _OR.split(topic)
    if len(either) > 1:
        found = [quote for one in either for quote in mentions(one, words, scope).quotes]
        by_article = {quote.passage.article_id: quote for quote in reversed(found)}
        return Mentions(tuple(sorted(by_article.values(), key=_newest_first)))
    first, *others = [_mentions_of_one(one, words, scope) for one in _AND.split(topic)]
    both = set.intersection(*(some.articles for some in (first, *others)))
    kept = tuple(quote for quote in first.quotes if quote.passage.article_id in both)
    return Mentions(kept, any(some.loose for some in (first, *others)))


def _mentions_of_one(topic: str, words: Words, scope: Scope) -> Mentions:
    telling = telling_words(topic)
    if not telling:
        return Mentions(())
    runs = _together(topic, telling, names=False)
    looked_up = [one for run in runs for one in indexed_words(topic[run[0].start : run[-1].end])]
    passages = words.passages_with(looked_up, scope)
    for loose, units in ((False, _together(topic, telling, names=True)), (True, runs)):
        quotes = tuple(_one_each(passages, units, loose=loose))
        if quotes:
            return Mentions(quotes, loose and len(runs) > 1)
    return Mentions(())


def telling_words(topic: str) -> list[_Word]:
    """The words of a topic that are no stop words, else all of them."""
    words = _words(topic)
    return [word for word in words if word.plain not in STOP_WORDS | _DETERMINERS] or words


def sentences(passages: Sequence[Passage]) -> list[Quote]:
    """The sentences of passages that say something, else all; headings and bylines do not.

    Nor are orders to whoever reads them told, unless there is nothing else.
    """
    quotes = [
        Quote(passage, passage.start + start, passage.start + end)
        for passage in passages
        for start, end in sentence_spans(passage.text)
    ]
    kept = {passage.id: without_orders(passage.text) for passage in passages}
    stating = [one for one in quotes if _stands_in(kept[one.passage.id], one)] or quotes
    return [quote for quote in stating if says_something(quote.text)] or stating


def _stands_in(kept: str, quote: Quote) -> bool:
    """Whether a sentence is left of a passage without its orders."""
    if kept == quote.passage.text:
        return True  # most passages have none, and each sentence need not be looked at
    left = without_orders(quote.text)
    return left.count(LEFT_OUT) == quote.text.count(LEFT_OUT) and left in kept


def says_something(sentence: str) -> bool:
    """Whether words are a sentence, and no heading, byline or link."""
    letters, words = sum(char.isalnum() for char in sentence), len(sentence.split())
    long = words >= 3 or (letters >= 6 and not sentence.isascii())
    return bool(
        _SENTENCE_END.search(sentence)
        and not _BOILERPLATE.match(sentence)
        and ((long and not _BYLINE.match(sentence)) or (words >= 2 and tells(sentence)))
    )


def same_word(one: str, other: str) -> bool:
    """Whether words are one but for their endings: dam and dams; not universe and university."""
    return one == other or (stem(one) == stem(other) and _shorn(one) == _shorn(other))


def _one_each(
    passages: Sequence[Passage], units: Sequence[Sequence[_Word]], *, loose: bool
) -> Iterator[Quote]:
    """The first mention of each article; where the title alone has it, the first sentence."""
    by_article: dict[str, list[Passage]] = {}
    for passage in passages:
        by_article.setdefault(passage.article_id, []).append(passage)
    for some in by_article.values():
        places = ((one, _place(one.text, units, loose)) for one in some)
        first = next(((one, place) for one, place in places if place), None)
        if first and first[1]:
            yield _around(first[0], *first[1])
        elif _place(some[0].title, units, loose):
            yield sentences(some)[0]


def _newest_first(quote: Quote) -> tuple[int, str]:
    published = quote.passage.published
    return -published.toordinal() if published else 0, quote.passage.article_id


def _around(passage: Passage, start: int, end: int) -> Quote:
    """The sentences in which the characters of a passage stand."""
    spans = [span for span in sentence_spans(passage.text) if span[1] > start and span[0] < end]
    quote = Quote(passage, passage.start + spans[0][0], passage.start + spans[-1][1])
    return quote.whole() or quote


def _place(text: str, units: Sequence[Sequence[_Word]], loose: bool) -> tuple[int, int] | None:
    """Where all units first stand close together: the characters from the first to the last."""
    words = _words(text)
    seen: list[tuple[int, int]] = []
    for number, unit in enumerate(units):
        size = len(unit)
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            if all(same_word(a.plain, b.plain) for a, b in zip(unit, run, strict=True)) and (
                loose or run[0].capital or not unit[0].capital
            ):
                seen.append((at, number))
    seen.sort()
    room = sum(map(len, units)) + NEAR_WORDS
    for first, (at, _) in enumerate(seen):
        missing = set(range(len(units)))
        for place, number in seen[first:]:
            behind = place + len(units[number])
            if behind - at > room:
                break
            missing.discard(number)
            if not missing:
                return words[at].start, words[behind - 1].end
    return None


def _together(topic: str, words: Sequence[_Word], *, names: bool) -> list[list[_Word]]:
    """The words, as one unit what no space parts, and with `names` what has capitals, too."""
    units: list[list[_Word]] = []
    for word in words:
        last = units[-1][-1] if units else None
        between = topic[last.end : word.start] if last else None
        capitals = names and last and last.capital and word.capital
        if last and (between == "" or (capitals and between in {" ", "-", ". "})):
            units[-1].append(word)
        else:
            units.append([word])
    return units


def _words(text: str) -> list[_Word]:
    return [
        _Word(_plain(match[0]), match[0][0].isupper(), *match.span())
        for match in _WORD.finditer(text)
    ]


def _plain(word: str) -> str:
    """In small letters, without accents."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.lower())
    return unicodedata.normalize("NFKC", "".join(c for c in parts if not unicodedata.combining(c)))


def _shorn(word: str) -> str:
    """Without its ending and the doubled letter before that: stopped, stop."""
    bare = _ENDING.sub("", word)
    return bare[:-1] if bare[-2:-1] == bare[-1:] else bare
