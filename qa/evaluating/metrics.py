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
from functools import partial
from typing import TYPE_CHECKING

from qa.evaluating.predictions import Said
from qa.evaluating.resampling import percentile_interval
from qa.types import RefusalReason

if TYPE_CHECKING:
    from qa.evaluating.resampling import Floats

RECALL_AT = (1, 3, 5, 10)
NDCG_AT = (5, 10)

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
    """What a measure is given in: a share of 1, seconds, tokens, 1 / rank, or a plain number."""

    PERCENT = "%"
    SECONDS = "s"
    TOKENS = "tokens"
    RECIPROCAL = "1/rank"
    PLAIN = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure: the score it is made of, how, and what it tells, for a reader of a report."""

    name: str
    score: str
    tells: str
    unit: Unit = Unit.PERCENT
    statistic: Statistic = Statistic.SHARE
    less_is_better: bool = False


def _share(
    name: str, tells: str, unit: Unit = Unit.PERCENT, *, less_is_better: bool = False
) -> Definition:
    return Definition(name, name, tells, unit, less_is_better=less_is_better)


def _ranking(prefix: str, found: str, of: str) -> tuple[Definition, ...]:
    """What is told of a ranking of passages, or of the articles that they come from."""
    return (
        *(_share(f"{prefix}recall@{k}", f"{found} in the first {k} of {of}") for k in RECALL_AT),
        _share(f"{prefix}mrr", f"1 / rank of the first with evidence, {of}", Unit.RECIPROCAL),
        *(
            _share(
                f"{prefix}ndcg@{k}",
                f"how high the evidence stands, first {k} of {of}",
                Unit.RECIPROCAL,
            )
            for k in NDCG_AT
        ),
    )


def _refusals(name: str, tells: str, *, less_is_better: bool) -> tuple[Definition, ...]:
    """Refusals, then the same by the reason that was given."""
    return (
        _share(name, tells, less_is_better=less_is_better),
        *(
            _share(
                by_reason(name, reason),
                f"{tells}: {reason.value.replace('_', ' ')}",
                less_is_better=less_is_better,
            )
            for reason in RefusalReason
        ),
    )


def by_reason(name: str, reason: RefusalReason) -> str:
    """The name of the part of a refusal measure that has this reason."""
    return f"{name}:{reason.value}"


def _seconds(score: str, tells: str) -> tuple[Definition, ...]:
    return tuple(
        Definition(
            f"{score}_{statistic.name.lower()}",
            score,
            f"{tells}, {statistic.value}",
            Unit.SECONDS,
            statistic,
            less_is_better=True,
        )
        for statistic in (Statistic.P50, Statistic.P95)
    )


MEASURES = (
    _share("right", "questions answered with an accepted answer, or rightly refused"),
    *_ranking("", "evidence found", "ten passages"),
    *_ranking("article_", "articles found", "the ten passages' articles"),
    _share("answer_em", "answers that equal an accepted one (SQuAD)"),
    _share("answer_f1", "words shared with an accepted answer (SQuAD)"),
    _share("contains_answer", "answers that contain an accepted one"),
    _share("given_answers_right", "of the answers given, those that contain an accepted one"),
    _share("squad2_em", "the same as answer_em, a right refusal counted 1 (SQuAD 2.0)"),
    _share("squad2_f1", "the same as answer_f1, a right refusal counted 1 (SQuAD 2.0)"),
    *_refusals("refusal_right", "unanswerable questions that were refused", less_is_better=False),
    *_refusals("refusal_false", "answerable questions that were refused", less_is_better=True),
    _share("rouge1_recall", "words of a long accepted answer that are told (ROUGE-1)"),
    _share("rouge1_f1", "the same, and of the words told those that are in it"),
    _share("rougeL_recall", "words of a long accepted answer told in its order (ROUGE-L)"),
    _share("rougeL_f1", "the same, and of the words told those that are in it"),
    _share("nugget_vital_recall", "vital nuggets that are told (TREC RAG)"),
    _share("nugget_recall", "nuggets that are told, vital or not (TREC RAG)"),
    _share("citation_recall", "sentences that a source they cite supports (ALCE)"),
    _share("citation_precision", "citations whose source supports the sentence (ALCE)"),
    _share("citation_holds_evidence", "answers of which a citation falls on the evidence"),
    _share("cited_words_in_evidence", "of the words cited, those in the evidence"),
    _share(
        "citation_sentence_precision",
        "of the articles' sentences cited, those of the evidence (HotpotQA)",
    ),
    _share("citation_sentence_recall", "of the sentences of the evidence, those cited (HotpotQA)"),
    _share("quotes_verbatim", "citations that are the article's words"),
    _share("sentences_supported", "sentences marked as supported"),
    _share("claim_recall", "sentences of the evidence that a source shown supports (RAGChecker)"),
    _share("context_precision", "sources shown that support the evidence (RAGChecker)"),
    _share(
        "noise_sensitivity",
        "sentences told that a source supports, beside the question (RAGChecker)",
        less_is_better=True,
    ),
    _share(
        "unsupported_claims",
        "sentences told that no source supports (RAGChecker)",
        less_is_better=True,
    ),
    _share("conflict_shown", "answers that tell several sides"),
    *_seconds("first_token_s", "to the first word"),
    *_seconds("total_s", "to the whole answer"),
    _share("prompt_tokens", "read for an answer", Unit.TOKENS, less_is_better=True),
    _share("reused_tokens", "of these, already read for an earlier one", Unit.TOKENS),
    _share("prefix_reuse", "of the tokens of the prompts, those already read"),
    _share("completion_tokens", "written for an answer", Unit.TOKENS, less_is_better=True),
    _share("draft_acceptance", "of the tokens drafted, those that the model took"),
    _share("failed", "questions that ended in an error", less_is_better=True),
)

CONFIDENCE_MEASURES = tuple(
    _share(name, tells, Unit.PLAIN, less_is_better=True)
    for name, tells in (
        ("brier", "squared distance of confidence from what came true"),
        ("ece", "distance of a tenth's confidence from its share of right ones"),
        ("aurc", "share of wrong among what is told, over all coverages"),
        ("augrc", "share of all questions that are told wrongly, over all coverages"),
    )
)
"""Measures of a whole run: no score of a question adds up to them."""

DEFINITIONS = {definition.name: definition for definition in (*MEASURES, *CONFIDENCE_MEASURES)}

HEADLINES = (
    "right",
    "contains_answer",
    "given_answers_right",
    "refusal_right",
    "refusal_false",
    "citation_holds_evidence",
    "citation_recall",
    "recall@5",
    "article_recall@5",
    "total_s_p50",
)
"""The main measures: a report begins with them, and a comparison is decided by them."""


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


def verdict_scores(said: Said, accepted: Sequence[str]) -> dict[str, Share]:
    """Everything that is said of an answer or a refusal, whether or not there is an answer.

    For an answerable question the scores of `answer_scores`, for another one refusal_right; each
    refusal measure also by reason: the share that was refused for it. right is contains_answer or
    refusal_right. given_answers_right is the same of the questions that were not refused: the
    accuracy at the coverage that the refusals leave (El-Yaniv and Wiener, JMLR 2010). squad2_em and
    squad2_f1 are SQuAD 2.0's over all questions (Rajpurkar et al., ACL 2018), a refusal being its
    empty answer: 1 for an unanswerable question, 0 for another one.
    """
    refused = Share(float(said.refused))
    if accepted:
        scores = answer_scores(said, accepted)
        right, em, f1 = (scores[name] for name in ("contains_answer", "answer_em", "answer_f1"))
    else:
        scores = {"refusal_right": refused}
        right = em = f1 = refused
    scores |= {"right": right, "squad2_em": em, "squad2_f1": f1}
    if not said.refused:
        scores["given_answers_right"] = right
    refusals = "refusal_false" if accepted else "refusal_right"
    for reason in RefusalReason:
        given = said.refused and said.reason == reason.value
        scores[by_reason(refusals, reason)] = Share(float(given))
    return scores


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


def cost_scores(said: Said) -> dict[str, Share]:
    """Seconds to the first token (none where no model was run) and in all, and tokens.

    prefix_reuse is the share of the prompts' tokens that lay in the cache already,
    draft_acceptance of the drafted tokens those that the model would have written itself
    (Leviathan et al., ICML 2023, call it the acceptance rate); neither is there without tokens.
    """
    scores = {"total_s": Share(said.total_s)}
    if said.first_token_s is not None:
        scores["first_token_s"] = Share(said.first_token_s)
    for name in ("prompt_tokens", "reused_tokens", "completion_tokens"):
        scores[name] = Share(said.usage.get(name, 0))
    for name, part, whole in (
        ("prefix_reuse", "reused_tokens", "prompt_tokens"),
        ("draft_acceptance", "accepted_tokens", "drafted_tokens"),
    ):
        if said.usage.get(whole, 0):
            scores[name] = Share(said.usage.get(part, 0), said.usage[whole])
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

    part = np.array([share.part for share in shares], dtype=np.float64)
    whole = np.array([share.whole for share in shares], dtype=np.float64)

    value_of = partial(combined, definition.statistic)
    value = float(value_of(part, whole))
    if np.all(part == part[0]) and np.all(whole == whole[0]):
        return Measure(definition.name, value, value, value, len(shares))
    low, high = percentile_interval((part, whole), value_of)
    return Measure(definition.name, value, low, high, len(shares))


def combined(statistic: Statistic, part: "Floats", whole: "Floats", axis: int = -1) -> "Floats":
    """The value of shares along an axis: Σ part / Σ whole, or a quantile of part / whole."""
    import numpy as np

    if statistic is Statistic.SHARE:
        return np.asarray(part.sum(axis=axis) / whole.sum(axis=axis))
    quantile = 0.5 if statistic is Statistic.P50 else 0.95
    return np.asarray(np.quantile(part / whole, quantile, axis=axis))
