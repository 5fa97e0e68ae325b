"""What is told of evidence becomes sentences with their citations, and those a text. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from qa.answering import markers
from qa.surveying.telling import Told
from qa.types import Citation, Evidence, Sentence, Side


def quoted(one: Evidence, lead: str = "") -> Sentence:
    """The articles' own words as a sentence, offsets from 0, behind ours: `31 May: “…” [1]`.

    They need no check. Source numbers of the article's own go: here they would lead elsewhere.
    """
    words = markers.without(one.quote)
    text = f"{lead}“{' '.join(words.split())}” [{one.number}]"
    return Sentence(text, 0, len(text), True, (citation(one),))


def claimed(claim: str, evidence: Sequence[Evidence]) -> Sentence:
    """A sentence of the model that these words bear out, offsets from 0."""
    numbers = list(dict.fromkeys(one.number for one in evidence))
    text = markers.with_numbers(f"{claim}.", numbers)
    return Sentence(text, 0, len(text), True, tuple(citation(one) for one in evidence))


def citation(one: Evidence) -> Citation:
    """The whole piece as what a sentence rests on."""
    return Citation(one.number, one.passage_id, one.start, one.end)


def joined(sentences: Sequence[Sentence], opening: str = "", between: str = " ") -> Told:
    """The sentences one after another, behind a line of ours if there is one."""
    text, placed = opening, []
    for sentence in sentences:
        text += between if text else ""
        start = len(text)
        text += sentence.text
        placed.append(replace(sentence, start=start, end=len(text)))
    return Told(text, tuple(placed))


def as_sides(told: Told) -> Told:
    """The same, each sentence a side of what the articles say differently."""
    sides = tuple(
        Side(
            markers.without(sentence.text),
            tuple(dict.fromkeys(one.number for one in sentence.citations)),
        )
        for sentence in told.sentences
    )
    return replace(told, conflict=sides)
