"""Which words of the sources a citation or a quote opens, and where it stands itself. Pure."""

import re
from dataclasses import dataclass

from qa.conversing.showing import quotes_beside
from qa.types import Answer, Citation, Evidence, Passage, Sentence

from .exchange import Exchange

MARKER = re.compile(r"\[(\d{1,2})\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A `[n]` in an answer: where it stands there, and the words in source n that it opens.

    `sentence` counts from 0. `at` and `end` are offsets in the answer's text, equal for a citation
    that the text does not spell out; `citations` are those of the sentence with this number, none
    if it is not borne out.
    """

    id: str
    sentence: int
    number: int
    at: int
    end: int
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Evidence on the page, and the id of the link that opens it in its source.

    It is not `listed` where a sentence of the answer repeats it.
    """

    id: str
    evidence: Evidence
    listed: bool


def find_quotes(exchange: Exchange) -> tuple[Quote, ...]:
    """The evidence of an exchange, each with an id that is unique on the page."""
    answer = exchange.answer
    listed = exchange.evidence if answer is None else quotes_beside(answer)
    return tuple(
        Quote(f"cite-{exchange.number}-quote-{place}", one, one in listed)
        for place, one in enumerate(exchange.evidence, 1)
    )


def find_marks(exchange: Exchange) -> tuple[Mark, ...]:
    """Every citation of an answer in reading order, each with an id that is unique on the page."""
    answer = exchange.answer
    if answer is None or answer.refusal is not None:
        return ()
    marks: list[Mark] = []
    for index, (sentence, stretch_end) in enumerate(stretches(answer)):
        spelt = [
            (found.start(), found.end(), int(found[1]))
            for found in MARKER.finditer(answer.text, sentence.start, stretch_end)
            if 1 <= int(found[1]) <= len(answer.hits)
        ]
        silent = {c.number for c in sentence.citations} - {number for _, _, number in spelt}
        for at, end, number in sorted(spelt + [(sentence.end, sentence.end, n) for n in silent]):
            cited = tuple(c for c in sentence.citations if c.number == number)
            id_ = f"cite-{exchange.number}-{len(marks) + 1}"
            marks.append(Mark(id_, index, number, at, end, cited))
    return tuple(marks)


def stretches(answer: Answer) -> list[tuple[Sentence, int]]:
    """Each sentence, and the offset up to which what stands behind it belongs to it."""
    ends = [sentence.start for sentence in answer.sentences[1:]] + [len(answer.text)]
    return list(zip(answer.sentences, ends, strict=True))


def quoted_span(passage: Passage, quoted: Citation | Evidence) -> tuple[int, int]:
    """The quoted words as offsets in the passage's text, end exclusive, cut to the passage."""
    start = max(quoted.start, passage.start)
    end = min(quoted.end, passage.start + len(passage.text))
    return (start - passage.start, end - passage.start) if start < end else (0, 0)


def source_id(exchange_number: int, number: int) -> str:
    """The id on the page of source `number` of an exchange."""
    return f"src-{exchange_number}-{number}"
