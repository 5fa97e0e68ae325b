"""What a sentence of an answer claims, and what the words of a source state. Pure.

Each is read once, when it is first asked for; `facts` compares them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from qa.answering import wording
from qa.reading.dates import DateMention, absolute_dates, relative_dates
from qa.answering.figures import Figure, read_figures
from qa.answering.negation import Polarity, polarity
from qa.answering.quotations import fold, quotations
from qa.reading.passages import header
from qa.reading.sentences import sentence_spans
from qa.types import Passage

UNDATED = date(2000, 7, 1)
"""Days without a year are read against it where an article has no date: alike in both texts."""

_PLACED = re.compile(r"\b(?:in|of|from|at|to|near|off|for|by|on)\s+(?:the\s+)?[A-Z][\w’'-]*")


@dataclass(frozen=True)
class Words:
    """Some words of a passage, `text[start:end]`, with the facts that they state."""

    passage: Passage
    start: int
    end: int

    @cached_property
    def text(self) -> str:
        """The words themselves."""
        return self.passage.text[self.start : self.end]

    @cached_property
    def words(self) -> frozenset[str]:
        """In their compared form."""
        return frozenset(wording.words(self.text))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Its numbers, those of its dates among them."""
        return read_figures(self.text)

    @cached_property
    def days(self) -> tuple[DateMention, ...]:
        """The days that it names."""
        return days_of(self.text, self.passage.published)

    @cached_property
    def sentences(self) -> "tuple[Words, ...]":
        """Its sentences in order."""
        spans = sentence_spans(self.text)
        return tuple(Words(self.passage, self.start + s, self.start + e) for s, e in spans)

    @cached_property
    def names(self) -> frozenset[str]:
        """Its names, days and months among them."""
        return frozenset(name for one in self.sentences for name in wording.names(one.text))

    @cached_property
    def actors(self) -> frozenset[str]:
        """Its names but for weekdays, months and what stands behind a preposition: "in Belarus"."""
        text = _PLACED.sub(" ", self.text)
        return frozenset(wording.names(f"- {text}")) & self.names - wording.CALENDAR

    @cached_property
    def name_forms(self) -> frozenset[str]:
        """All its words in the form in which names are compared."""
        return frozenset(wording.name_forms(self.text))

    @cached_property
    def polarity(self) -> Polarity:
        """What it and its title deny and state."""
        return polarity(f"{self.passage.title}. {self.text}", source=True)


@dataclass(frozen=True)
class Source:
    """A passage with what is at hand of its article."""

    passage: Passage
    article_texts: tuple[str, ...]

    @cached_property
    def whole(self) -> Words:
        """All words of the passage."""
        return Words(self.passage, 0, len(self.passage.text))

    @cached_property
    def header_words(self) -> frozenset[str]:
        """The words of its header."""
        return frozenset(wording.words(header(self.passage.title, self.passage.published)))

    @cached_property
    def header_figures(self) -> tuple[Figure, ...]:
        """The numbers of the title, and the year of publication."""
        published = self.passage.published
        year = f" ({published.year})" if published else ""
        return read_figures(self.passage.title + year)

    @cached_property
    def article_figures(self) -> tuple[Figure, ...]:
        """The numbers of all passages that are at hand of the article."""
        return tuple(figure for text in self.article_texts for figure in read_figures(text))

    @cached_property
    def known_names(self) -> frozenset[str]:
        """Words of the title and of all passages that are at hand of the article, as names."""
        texts = " ".join((self.passage.title, *self.article_texts))
        return frozenset(wording.name_forms(texts))

    @cached_property
    def small_words(self) -> frozenset[str]:
        """Words that the article writes in small letters, as names: they are none."""
        return frozenset(wording.small_words(" ".join(self.article_texts)))

    @cached_property
    def folded(self) -> str:
        """What may be quoted from the article."""
        return fold(" ".join((self.passage.title, *self.article_texts)))


@dataclass(frozen=True)
class Claim:
    """A sentence of an answer without its source numbers, beside the question."""

    text: str
    question: str

    @cached_property
    def words(self) -> frozenset[str]:
        """Its content words."""
        return frozenset(wording.content_words(self.text))

    @cached_property
    def plain_words(self) -> frozenset[str]:
        """Its content words that are no names, no numbers and no parts of a date."""
        return frozenset(wording.plain_words(self.text))

    @cached_property
    def asked(self) -> frozenset[str]:
        """The content words of the question."""
        return frozenset(wording.content_words(self.question))

    @cached_property
    def names(self) -> frozenset[str]:
        """Its names without weekdays and months."""
        return frozenset(wording.names(self.text)) - wording.CALENDAR

    @cached_property
    def asked_names(self) -> frozenset[str]:
        """All words of the question as names."""
        return frozenset(wording.name_forms(self.question))

    @cached_property
    def asked_figures(self) -> tuple[Figure, ...]:
        """The numbers of the question."""
        return read_figures(self.question)

    @cached_property
    def polarity(self) -> Polarity:
        """What it denies and what it states."""
        return polarity(self.text)

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """What it quotes."""
        return tuple(quotation.words for quotation in quotations(self.text))


@lru_cache(maxsize=256)  # the days of one claim are asked for with every window
def days_of(text: str, published: date | None) -> tuple[DateMention, ...]:
    """The days that a text names, read against a day of publication where they need one."""
    return absolute_dates(text) + relative_dates(text, published or UNDATED)


def sources_of(passages: Sequence[Passage]) -> tuple[Source, ...]:
    """The passages, each with the texts of all that come from the same article."""
    return tuple(
        Source(
            passage,
            tuple(one.text for one in passages if one.article_id == passage.article_id),
        )
        for passage in passages
    )
