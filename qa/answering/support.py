"""Where a claim finds its support in the sources: the words of a passage that would be cited. Pure.

Two steps: a claim's facts must stand there (`claims`), and its wording must be that of the source,
or mean the same as far as the embedder tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.answering import wording
from qa.answering.claims import Claim, Source, Words
from qa.answering.facts import facts_stand, is_contradicted, opening_name
from qa.library.embedder import Embedder, Vectors
from qa.reading.passages import header

# A claim may rest on so many neighbouring sentences of a passage.
LONGEST_WINDOW = 2

# Share of a claim's plain words that must stand in the cited words: from ENOUGH on they are enough,
# and where none of ALL_MISSING or more does, they are too few. Between the two the likeness of the
# claim to the cited words decides, which must reach ALIKE, or without an embedder SUPPORT_SHARE.
# Chosen by bench/checking.py --bars.
ENOUGH = 0.85
ALL_MISSING = 3
ALIKE = 0.47
SUPPORT_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Support:
    """The words of a passage that state a claim's facts, as offsets in the article.

    `share` of the claim's plain words, those that are no names or numbers, stand in them or in the
    header; `unmet` are the others. `in_window` is the share of all its words that they have without
    the header, `question_share` the same of the question's. `context` is the header and the words.
    """

    start: int
    end: int
    share: float
    unmet: frozenset[str]
    in_window: float
    question_share: float
    context: str


def find_support(claim: Claim, sources: Sequence[Source]) -> tuple[Support | None, ...]:
    """For each source the best of its sentences that state the claim's facts; None without any."""
    return tuple(_best_window(claim, source) for source in sources)


def settle(
    claim: str, supports: Mapping[int, Support], embedder: Embedder | None
) -> dict[int, Support]:
    """The supports that hold: those whose words are enough, else the best if it says the same.

    The embedder reads that one alone: comparing more kept more wrong sentences and no right one.
    """
    sure = {number: one for number, one in supports.items() if one.share >= ENOUGH}
    open_ = [
        number
        for number, one in supports.items()
        if one.share < ENOUGH and (one.share > 0 or len(one.unmet) < ALL_MISSING)
    ]
    if sure or not open_:
        return sure
    if embedder is None:
        return {
            number: supports[number] for number in open_ if supports[number].share >= SUPPORT_SHARE
        }
    best = max(open_, key=lambda number: _rank(supports[number]))
    return {best: supports[best]} if likeness(claim, supports[best], embedder) >= ALIKE else {}


def likeness(claim: str, support: Support, embedder: Embedder) -> float:
    """How near a support is to the claim, up to 1: the mean of two means.

    One over all tokens of the claim of the best cosine with any of the support's (MaxSim: Khattab
    and Zaharia, ColBERT, SIGIR 2020), the other over those alone whose words the support has not.
    """
    claimed, stated = embedder.embed_tokens([claim, support.context])
    best = (claimed @ stated.T).max(axis=1)
    rows = _rows_of(claim, support.unmet, embedder, claimed)
    return float(best.mean() + best[rows].mean()) / 2 if rows else float(best.mean())


def _rows_of(claim: str, words: frozenset[str], embedder: Embedder, claimed: Vectors) -> list[int]:
    """The rows of a claim's matrix that belong to these words: tokens end where words do."""
    bounds = [
        (embedder.count_tokens(claim[:start]), embedder.count_tokens(claim[:end]))
        for start, end in wording.spans_of(claim, words)
    ]
    return [row for first, last in bounds for row in range(first, min(last, len(claimed)))]


def _best_window(claim: Claim, source: Source) -> Support | None:
    """The one or two sentences that state the facts and have most of the words.

    None, too, where the best of them say the contrary: no other words there make up for it.
    """
    sentences = source.whole.sentences
    windows = [
        Words(source.passage, sentences[first].start, sentences[first + length - 1].end)
        for length in range(1, LONGEST_WINDOW + 1)
        for first in range(len(sentences) - length + 1)
    ]
    supports = [(_support(claim, window, source), window) for window in windows]
    # Sorting is stable: the shorter windows and the earlier come first and stay so among equals.
    supports.sort(key=lambda pair: _rank(pair[0]), reverse=True)
    for support, window in supports:
        if support.in_window > 0 and facts_stand(claim, window, source):
            return None if is_contradicted(claim, window) else support
    return None


def _rank(support: Support) -> tuple[float, float, float]:
    return support.share, support.in_window, support.question_share


def _support(claim: Claim, there: Words, source: Source) -> Support:
    wanted = claim.words or claim.asked
    plain = claim.plain_words
    if opening_name(claim, source):
        plain -= {wording.words(claim.text)[0]}
    unmet = plain - there.words - source.header_words
    offset = source.passage.start
    return Support(
        start=offset + there.start,
        end=offset + there.end,
        share=1 - _share(unmet, plain),
        unmet=unmet,
        in_window=_share(wanted & there.words, wanted),
        question_share=_share(claim.asked & there.words, claim.asked),
        context=f"{header(source.passage.title, source.passage.published)}\n{there.text}",
    )


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / len(whole) if whole else 0.0
