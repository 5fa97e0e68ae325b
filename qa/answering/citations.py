"""Each sentence of an answer is held against the words it cites.

Pure: the model's text and the passages it was given go in; a text with only real source numbers,
its sentences, and for each of them the words it rests on come out. A sentence whose words stand in
no passage is marked as unsupported, whatever it cites.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering import wording
from qa.reading.passages import header
from qa.reading.sentences import sentence_spans
from qa.types import Citation, Hit, Passage, Sentence

# Share of a sentence's content words that must stand in the cited words (or their header). Lower
# lets other facts of the same subject through, higher marks honest paraphrases.
SUPPORT_SHARE = 0.6

# A source that the model cited is kept if its own words cover the sentence nearly as well as those
# of the best source: a title that says the same must not carry a passage that does not.
NEARLY_AS_WELL = 0.75

# A sentence may rest on so many neighbouring sentences of a passage.
LONGEST_WINDOW = 2

_MARKER = re.compile(r"\s*\[(?:(?:source|passage)s?\s*)?(\d+(?:\s*[,;]\s*\d+)*)\]", re.IGNORECASE)
_END = re.compile(r"[.!?…]+[\"'”’)»]*$")
_MARKERS_BEHIND_END = re.compile(rf"([.!?…]+[\"'”’)»]*)((?:{_MARKER.pattern})+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CheckedText:
    """An answer's text as it is shown, and its sentences in order."""

    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Support:
    """The window of a passage that covers a claim best.

    `in_window` is the share of the claim's words that stand in the window itself, without the
    header; `question_share` the same of the question's.
    """

    start: int
    end: int
    in_window: float
    question_share: float
    holds: bool


def check_citations(text: str, question: str, hits: Sequence[Hit]) -> CheckedText:
    """Keep what is cited rightly, correct a wrong number, mark what no passage supports.

    Source n is `hits[n - 1]`. The text comes back with its markers before the closing full stop,
    numbers of no source removed.
    """
    passages = [hit.passage for hit in hits]
    shown, sentences = "", []
    for raw in _split(text):
        claim = _MARKER.sub("", raw).strip().rstrip(",;: ")
        if not claim:
            continue
        cited = [number for number in _numbers(raw) if 1 <= number <= len(passages)]
        citations = _cite(claim, question, cited, passages)
        body = _with_markers(claim, citations)
        start = len(shown) + bool(shown)
        shown = f"{shown} {body}" if shown else body
        supported = bool(citations)
        sentences.append(Sentence(body, start, start + len(body), supported, citations))
    return CheckedText(shown, tuple(sentences))


def _split(text: str) -> list[str]:
    """Sentences with their markers: one that stands behind a full stop belongs before it."""
    text = _MARKERS_BEHIND_END.sub(lambda match: match.group(2) + match.group(1), text)
    text = re.sub(r"\s+", " ", text).strip()
    return [text[start:end] for start, end in sentence_spans(text)]


def _numbers(sentence: str) -> list[int]:
    found = [int(n) for match in _MARKER.finditer(sentence) for n in re.findall(r"\d+", match[1])]
    return list(dict.fromkeys(found))


def _cite(
    claim: str, question: str, cited: Sequence[int], passages: Sequence[Passage]
) -> tuple[Citation, ...]:
    """Citations for the cited passages that support the claim well, else for the best one."""
    supports = {
        number: _find_support(claim, question, passage, _article_words(passage, passages))
        for number, passage in enumerate(passages, 1)
    }
    holding = [number for number, support in supports.items() if support.holds]
    best = max((supports[number].in_window for number in holding), default=0.0)
    kept = [
        number
        for number in cited
        if number in holding and supports[number].in_window >= NEARLY_AS_WELL * best
    ]
    if not kept:
        ranked = sorted(
            holding, key=lambda n: (-supports[n].in_window, -supports[n].question_share)
        )
        kept = ranked[:1]
    return tuple(
        Citation(number, passages[number - 1].id, supports[number].start, supports[number].end)
        for number in kept
    )


def _article_words(passage: Passage, passages: Sequence[Passage]) -> set[str]:
    """The words of all passages that are at hand of the article that this one comes from."""
    texts = [one.text for one in passages if one.article_id == passage.article_id]
    return set(wording.words(" ".join(texts)))


def _find_support(claim: str, question: str, passage: Passage, article_words: set[str]) -> _Support:
    """The one or two sentences of the passage that cover the claim best.

    Figures of the claim must stand in the passage or its header (years may be those around its
    date: "last year"), names in what is at hand of the article; other words in the window, by the
    share that SUPPORT_SHARE asks for. Among equal windows the shorter wins, then the one that also
    has more of the question's words, then the earlier.
    """
    head = set(wording.words(header(passage.title, passage.published)))
    wanted = set(wording.content_words(claim))
    asked = set(wording.content_words(question))
    names = wording.names(claim)
    known = head | (names & article_words)
    facts_stand = (
        wording.figures(claim) <= head | set(wording.words(passage.text)) | _near_years(passage)
        and names <= known
    )
    spans = sentence_spans(passage.text)
    windows = []
    for length in range(1, LONGEST_WINDOW + 1):
        for first in range(len(spans) - length + 1):
            start, end = spans[first][0], spans[first + length - 1][1]
            there = set(wording.words(passage.text[start:end]))
            share = _share(wanted, there | known)
            in_window = _share(wanted or asked, there)
            windows.append((share, in_window, -length, _share(asked, there), -start, start, end))
    share, in_window, _, question_share, _, start, end = max(windows)
    enough = share if wanted else question_share
    holds = facts_stand and enough >= SUPPORT_SHARE and in_window > 0
    return _Support(passage.start + start, passage.start + end, in_window, question_share, holds)


def _near_years(passage: Passage) -> set[str]:
    if passage.published is None:
        return set()
    return {str(passage.published.year + offset) for offset in (-1, 0, 1)}


def _share(wanted: set[str], there: set[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _with_markers(claim: str, citations: Sequence[Citation]) -> str:
    markers = "".join(f"[{citation.number}]" for citation in citations)
    if not markers:
        return claim
    end = _END.search(claim)
    body, stop = (claim[: end.start()], end.group()) if end else (claim, "")
    return f"{body} {markers}{stop}"
