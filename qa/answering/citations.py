"""Each sentence of an answer is held against the words it cites.

Pure: the model's text and the passages it was given go in; a text with only real source numbers,
its sentences, and for each of them the words it rests on come out. A sentence whose words stand in
no passage is marked as unsupported, whatever it cites.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.answering import markers
from qa.answering.claims import Claim, sources_of
from qa.answering.quotations import keep_verbatim, quotations
from qa.answering.support import Support, find_support, settle
from qa.library.embedder import Embedder
from qa.reading.sentences import sentence_spans
from qa.types import Citation, Hit, Passage, Sentence

# A source that the model cited is kept if its own words cover the sentence nearly as well as those
# of the best source: a title that says the same must not carry a passage that does not.
NEARLY_AS_WELL = 0.75


@dataclass(frozen=True, slots=True)
class CheckedText:
    """An answer's text as it is shown, and its sentences in order."""

    text: str
    sentences: tuple[Sentence, ...]


def check_citations(
    text: str, question: str, hits: Sequence[Hit], embedder: Embedder | None = None
) -> CheckedText:
    """Keep what is cited rightly, correct a wrong number, mark what no passage supports.

    Source n is `hits[n - 1]`. The text comes back with its markers before the closing full stop,
    numbers of no source removed, and quotation marks only around words of a source. Where the
    words alone leave it open whether a source supports a sentence, the embedder decides.
    """
    passages = [hit.passage for hit in hits]
    quotable = [one for passage in passages for one in (passage.title, passage.text)]
    sources = sources_of(passages)
    shown, sentences = "", []
    for raw in _split(markers.canonical(text, len(passages)), quotable):
        claim = markers.without(raw).strip().rstrip(",;: ")
        if not any(char.isalnum() for char in claim):
            continue
        found = find_support(Claim(claim, question), sources)
        supports = {number: support for number, support in enumerate(found, 1) if support}
        citations = _cite(markers.numbers(raw), settle(claim, supports, embedder), passages)
        body = markers.with_numbers(claim, [citation.number for citation in citations])
        start = len(shown) + bool(shown)
        shown = f"{shown} {body}" if shown else body
        sentences.append(Sentence(body, start, start + len(body), bool(citations), citations))
    return CheckedText(shown, tuple(sentences))


def _split(text: str, quotable: Sequence[str]) -> list[str]:
    """Sentences with their markers, also those behind a full stop; no quotation is torn apart."""
    text = re.sub(r"\s+", " ", keep_verbatim(text, quotable)).strip()
    quoted = quotations(text)
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        if spans and any(one.start < spans[-1][1] < one.end for one in quoted):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [text[start:end] for start, end in spans]


def _cite(
    cited: Sequence[int], supports: Mapping[int, Support], passages: Sequence[Passage]
) -> tuple[Citation, ...]:
    """Citations for the cited passages that support the claim well, else for the best one."""
    best = max((support.in_window for support in supports.values()), default=0.0)
    kept = [
        number
        for number in cited
        if number in supports and supports[number].in_window >= NEARLY_AS_WELL * best
    ]
    if not kept:
        ranked = sorted(
            supports, key=lambda n: (-supports[n].in_window, -supports[n].question_share)
        )
        kept = ranked[:1]
    return tuple(
        Citation(number, passages[number - 1].id, supports[number].start, supports[number].end)
        for number in kept
    )
