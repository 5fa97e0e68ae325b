"""What the library tells of its articles: lines, each with the words that it rests on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.library.mentioning import Quote
from qa.types import Citation, Evidence, Found, Hit, Sentence, Side


@dataclass(frozen=True, slots=True)
class Line:
    """A line: words of ours, then the quote that it opens, in full where it is `shown`."""

    words: str
    quote: Quote | None = None
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A text with its sentences, and the sources and evidence that it cites, numbered from 1.

    A sentence is a line. All of it is exact, so all of it is supported. `conflict` is set where the
    sentences are sides of what articles say differently.
    """

    text: str
    sentences: tuple[Sentence, ...] = ()
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflict: tuple[Side, ...] | None = None


def tell(lines: Sequence[Line]) -> Told:
    """The lines as one text; each passage is one source, in the order of its first line."""
    numbers: dict[str, int] = {}
    hits: list[Hit] = []
    evidence: list[Evidence] = []
    sentences: list[Sentence] = []
    at = 0
    for line in lines:
        words = line.words
        citations: tuple[Citation, ...] = ()
        if line.quote:
            quote, passage = line.quote, line.quote.passage
            if passage.id not in numbers:
                numbers[passage.id] = len(numbers) + 1
                hits.append(Hit(passage, 1.0, Found.LEXICAL, 0.0))
            number = numbers[passage.id]
            said = " ".join(quote.text.split())  # a line break in the article is none in the answer
            words += f"“{said}” [{number}]" if line.shown else f" [{number}]"
            citations = (Citation(number, passage.id, quote.start, quote.end),)
            evidence.append(_evidence(number, quote))
        sentences.append(Sentence(words, at, at + len(words), True, citations))
        at += len(words) + 1
    text = "\n".join(sentence.text for sentence in sentences)
    return Told(text, tuple(sentences), tuple(hits), tuple(evidence))


def _evidence(number: int, quote: Quote) -> Evidence:
    passage = quote.passage
    return Evidence(
        number=number,
        passage_id=passage.id,
        article_id=passage.article_id,
        start=quote.start,
        end=quote.end,
        quote=quote.text,
        score=0.0,
        also_in=quote.also_in,
    )
