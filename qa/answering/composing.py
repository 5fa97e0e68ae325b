"""What was found becomes the answer: checked sentences with their sources. Pure.

Each finding of a group is a source of its sentence. The sentence that the model made of a finding
is taken if it says the same and they support it, else the bare finding, else nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering import markers, wording
from qa.answering.citations import CheckedText, check_citations
from qa.answering.conflict import joint_trust
from qa.answering.recency import as_of
from qa.answering.turns import is_of_another_turn
from qa.library.embedder import Embedder
from qa.reading.passages import day
from qa.types import Finding, Hit, Sentence, Side

DISAGREE = "The articles disagree."

MORE_WORDS = 4
"""Content words that a sentence may add to the question's and to what was found: with more, the
model tells what else stands in the passage."""

NAMED = 0.75
"""A bare finding names nobody: so much of what the question names must stand in its article, as far
as that is at hand. (A sentence repeats the question's names, and is held to all of them.)"""

TRUSTED = 0.5
"""From this trust on a bare finding is told whoever is named: an article writes of "the film" that
the question names, and more than half of what is trusted so is right."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The answer's text and sentences; `conflict` where they are sides that disagree."""

    checked: CheckedText
    conflict: tuple[Side, ...] | None


def say_checked(
    question: str,
    group: Sequence[Finding],
    said: str,
    hits: Sequence[Hit],
    embedder: Embedder | None,
) -> Sentence | None:
    """One supported sentence for findings that agree, offsets from 0; None where none stands."""
    numbers = "".join(f"[{finding.number}]" for finding in group)
    found = group[0].text
    tellable = [said] * _says(said, found, question) + [found] * _stands_bare(question, group, hits)
    for words in tellable:
        body = markers.canonical(words, sources=0).strip().rstrip(".")
        checked = check_citations(f"{body} {numbers}.", question, hits, embedder)
        if len(checked.sentences) == 1 and checked.sentences[0].supported:
            return checked.sentences[0]
    return None


def _stands_bare(question: str, group: Sequence[Finding], hits: Sequence[Hit]) -> bool:
    """Whether what was found may be told without a sentence that repeats what was asked."""
    best = group[0]
    if is_of_another_turn(question, best.text, hits[best.number - 1].passage.text):
        return False
    named = max(finding.signals.names_there for finding in group)
    return named >= NAMED or joint_trust(group, hits) >= TRUSTED


def _says(said: str, found: str, question: str) -> bool:
    """Whether a sentence tells what was found, and hardly more than that and the question."""
    words, told = set(wording.content_words(said)), set(wording.content_words(found))
    return told <= words and len(words - told - set(wording.content_words(question))) <= MORE_WORDS


def compose(question: str, sentences: Sequence[Sentence], hits: Sequence[Hit]) -> Composed:
    """The answer of one supported sentence, or of several, each a side of a conflict."""
    if len(sentences) == 1:
        sentence = _dated(question, sentences[0], hits)
        return Composed(CheckedText(sentence.text, (sentence,)), None)
    text = DISAGREE
    placed, stated = [], []
    for sentence in sentences:
        published = hits[sentence.citations[0].number - 1].passage.published
        text += f" {day(published)}: " if published else " "
        placed.append(replace(sentence, start=len(text), end=len(text) + len(sentence.text)))
        text += sentence.text
        numbers = tuple(dict.fromkeys(citation.number for citation in sentence.citations))
        stated.append(Side(_claim(sentence), numbers))
    return Composed(CheckedText(text, tuple(placed)), tuple(stated))


def _dated(question: str, sentence: Sentence, hits: Sequence[Hit]) -> Sentence:
    """The sentence with the day of what it rests on, where that matters."""
    cited = hits[sentence.citations[0].number - 1].passage
    asof = as_of(question, _claim(sentence), cited, hits)
    if asof is None:
        return sentence
    text = re.sub(r" (?=\[\d)", f" (as of {day(asof)}) ", sentence.text, count=1)
    return replace(sentence, text=text, end=sentence.start + len(text))


def _claim(sentence: Sentence) -> str:
    return markers.without(sentence.text)
