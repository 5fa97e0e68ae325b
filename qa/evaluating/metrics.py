"""Measures: the scores of one question, and what they come to over many. Pure.

A score is a share, `part` out of `whole`, so that one rule serves the mean of a yes or no
(whole = 1) and a share of things that come several to a question (citations, sentences). Each
function that gives scores defines its measures and names their source; a measure that does not
apply to a question gives it no score. `MEASURES` lists them in the order of a report.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from qa.evaluating.evidence import Piece, holds
from qa.evaluating.predictions import Place, Quote, Said

RECALL_AT = (1, 3, 5, 10)

RESAMPLES = 2000
"""Bootstrap samples an interval: another seed moves the ends by some 0.003 at 50 questions."""
SEED = 20230218

MARKERS = re.compile(r"\s*\[\d{1,2}(?:\s*,\s*\d{1,2})*\]")
"""Citation markers, `[1]` or `[1, 2]`, which are no part of what an answer says."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one question adds to a measure: `part` out of `whole`, which is above 0."""

    part: float
    whole: float = 1.0


Scores = Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure over `count` questions, with the ends of its 95% bootstrap interval."""

    name: str
    value: float
    low: float
    high: float
    count: int


class Statistic(Enum):
    """What is made of the questions' shares."""

    SHARE = "share"
    P50 = "median"
    P95 = "95th percentile"


class Unit(Enum):
    """What a measure is given in: a share of 1, seconds, tokens, or one over a rank."""

    PERCENT = "%"
    SECONDS = "s"
    TOKENS = "tokens"
    RECIPROCAL = "1/rank"


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure: the score it is made of, how, and what it tells, for a reader of a report."""

    name: str
    score: str
    tells: str
    unit: Unit = Unit.PERCENT
    statistic: Statistic = Statistic.SHARE


def _share(name: str, tells: str, unit: Unit = Unit.PERCENT) -> Definition:
    return Definition(name, name, tells, unit)


def _seconds(score: str, tells: str) -> tuple[Definition, ...]:
    return tuple(
        Definition(
            f"{score}_{statistic.name.lower()}",
            score,
            f"{tells}, {statistic.value}",
            Unit.SECONDS,
            statistic,
        )
        for statistic in (Statistic.P50, Statistic.P95)
    )


MEASURES = (
    *(_share(f"recall@{k}", f"evidence found in the first {k} of ten passages") for k in RECALL_AT),
    _share("mrr", "1 / rank of the first passage with evidence, of ten", Unit.RECIPROCAL),
    _share("answer_em", "answers that equal an accepted one (SQuAD)"),
    _share("answer_f1", "words shared with an accepted answer (SQuAD)"),
    _share("contains_answer", "answers that contain an accepted one"),
    _share("refusal_right", "unanswerable questions that were refused"),
    _share("refusal_false", "answerable questions that were refused"),
    _share("citation_holds_evidence", "answers of which a citation falls on the evidence"),
    _share("quotes_verbatim", "citations that are the article's words"),
    _share("sentences_supported", "sentences marked as supported"),
    *_seconds("first_token_s", "to the first word"),
    *_seconds("total_s", "to the whole answer"),
    _share("prompt_tokens", "read for an answer", Unit.TOKENS),
    _share("reused_tokens", "of these, already read for an earlier one", Unit.TOKENS),
    _share("completion_tokens", "written for an answer", Unit.TOKENS),
    _share("failed", "questions that ended in an error"),
)


def retrieval_scores(pieces: Sequence[Piece], hits: Sequence[Place]) -> dict[str, Share]:
    """recall@1, @3, @5, @10 and mrr, for a question with something to find.

    recall@k is the share of the pieces of evidence that at least one of the first k hits overlaps;
    with one piece it is the top-k accuracy of Karpukhin et al. (EMNLP 2020). Several passages may
    overlap one quote and one passage several quotes, so every piece is a topic of its own for
    ir-measures, its relevant documents the hits that overlap it, and recall@k is the mean of
    `Success@k` over them. mrr is `RR` of one more topic, whose relevant documents are the hits
    that overlap any piece: 1 / rank of the first (Voorhees, TREC-8, 1999), or 0.
    """
    if not pieces:
        return {}
    from ir_measures import RR, Qrel, ScoredDoc, Success, iter_calc

    topics = {
        f"piece {i}": [holds(hit.span, [piece]) for hit in hits] for i, piece in enumerate(pieces)
    }
    topics["any"] = [holds(hit.span, pieces) for hit in hits]
    relevant = [
        Qrel(topic, f"hit {rank}", int(found))
        for topic, row in topics.items()
        for rank, found in enumerate(row, 1)
    ]
    ranking = [ScoredDoc(line.query_id, line.doc_id, -int(line.doc_id[4:])) for line in relevant]
    totals = {f"recall@{k}": 0.0 for k in RECALL_AT} | {"mrr": 0.0}
    for one in iter_calc([*(Success @ k for k in RECALL_AT), RR], relevant, ranking):
        if one.measure == RR:
            totals["mrr"] += one.value if one.query_id == "any" else 0
        elif one.query_id != "any":
            totals[f"recall@{one.measure['cutoff']}"] += one.value / len(pieces)
    return {name: Share(total) for name, total in totals.items()}


def answer_scores(said: Said, accepted: Sequence[str]) -> dict[str, Share]:
    """answer_em, answer_f1, contains_answer and refusal_false, for an answerable question.

    EM and F1 after SQuAD (Rajpurkar et al., EMNLP 2016), by torchmetrics, in [0, 1], the best over
    the accepted answers, citation markers taken out. A refusal scores 0 in all three: whether it
    was right to refuse is refusal_right's and refusal_false's to say.
    """
    if said.refused:
        missed = dict.fromkeys(("answer_em", "answer_f1", "contains_answer"), Share(0.0))
        return missed | {"refusal_false": Share(1.0)}
    from torchmetrics.functional.text import squad

    text = MARKERS.sub("", said.text)
    percent = squad(
        {"prediction_text": text, "id": "0"},
        {"answers": {"text": list(accepted), "answer_start": [0] * len(accepted)}, "id": "0"},
    )
    return {
        "answer_em": Share(float(percent["exact_match"]) / 100),
        "answer_f1": Share(float(percent["f1"]) / 100),
        "contains_answer": Share(float(contains_answer(text, accepted))),
        "refusal_false": Share(0.0),
    }


def contains_answer(text: str, accepted: Sequence[str]) -> bool:
    """Whether the words of an accepted answer stand in a text, in one run and in that order.

    The accuracy of RGB (Chen et al., AAAI 2024) and others, on whole words: "art" is not in
    "party". An accepted answer of articles and punctuation alone is in no text.
    """
    words = f" {normalise(text)} "
    return any(f" {normal} " in words for answer in accepted if (normal := normalise(answer)))


def normalise(text: str) -> str:
    """Lower case, no punctuation or symbols, no English articles, single spaces, as in SQuAD.

    SQuAD's script knows ASCII's punctuation alone; here Unicode's counts too, so that “Wang’s” is
    "Wang's", and compatibility forms (no-break spaces, ligatures) are resolved first.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(char for char in plain if unicodedata.category(char)[0] not in "PS")
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def citation_scores(
    said: Said, quotes: Sequence[Quote], quoted: Sequence[Piece], texts: Mapping[str, str]
) -> dict[str, Share]:
    """citation_holds_evidence, quotes_verbatim and sentences_supported, for an answer given.

    The first, where the evidence is known word by word (`quoted`): whether at least one citation
    overlaps it. The second: of the citations, those whose shown quote is the article's text at
    their offsets; anything below 1 is a fault of the program. The third: of the sentences, those
    that the citation checker marked as supported (so by our own checker, not by a second judge).
    """
    scores = {}
    if quoted:
        held = any(holds(quote.span, quoted) for quote in quotes)
        scores["citation_holds_evidence"] = Share(float(held))
    if quotes:
        verbatim = sum(_verbatim(quote, texts) for quote in quotes)
        scores["quotes_verbatim"] = Share(verbatim, len(quotes))
    if said.sentences:
        supported = sum(sentence.supported for sentence in said.sentences)
        scores["sentences_supported"] = Share(supported, len(said.sentences))
    return scores


def cost_scores(said: Said) -> dict[str, Share]:
    """Seconds to the first token (none where no model was run) and in all, and tokens."""
    scores = {"total_s": Share(said.total_s)}
    if said.first_token_s is not None:
        scores["first_token_s"] = Share(said.first_token_s)
    for name in ("prompt_tokens", "reused_tokens", "completion_tokens"):
        scores[name] = Share(said.usage.get(name, 0))
    return scores


def summarise(scores: Sequence[Scores]) -> tuple[Measure, ...]:
    """Every measure that at least one question has a score for, in the order of MEASURES."""
    measures = []
    for definition in MEASURES:
        shares = [one[definition.score] for one in scores if definition.score in one]
        if shares:
            measures.append(measure(definition, shares))
    return tuple(measures)


def measure(definition: Definition, shares: Sequence[Share]) -> Measure:
    """One measure with its 95% percentile bootstrap interval over questions (Efron, 1979).

    The value of a share is Σ part / Σ whole. Questions are drawn with replacement, with a fixed
    seed, so that the same run gives the same interval. Where all questions score alike, as one
    question alone always does, the interval has no width, however few they are.
    """
    import numpy as np
    from numpy.typing import NDArray
    from scipy.stats import bootstrap

    Floats = NDArray[np.float64]  # noqa: N806

    def statistic(part: Floats, whole: Floats, axis: int = -1) -> Floats:
        if definition.statistic is Statistic.SHARE:
            return np.asarray(part.sum(axis=axis) / whole.sum(axis=axis))
        quantile = 0.5 if definition.statistic is Statistic.P50 else 0.95
        return np.asarray(np.quantile(part / whole, quantile, axis=axis))

    part = np.array([share.part for share in shares], dtype=np.float64)
    whole = np.array([share.whole for share in shares], dtype=np.float64)
    value = float(statistic(part, whole))
    if np.all(part == part[0]) and np.all(whole == whole[0]):
        return Measure(definition.name, value, value, value, len(shares))
    interval = bootstrap(
        (part, whole),
        statistic,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=100,  # bounds the memory: 100 x questions indices at a time
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return Measure(definition.name, value, float(interval.low), float(interval.high), len(shares))


def _verbatim(quote: Quote, texts: Mapping[str, str]) -> bool:
    span = quote.span
    text = texts.get(span.article_id)
    return text is not None and span.start < span.end and text[span.start : span.end] == quote.text
