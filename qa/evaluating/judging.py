"""Judging: a question and its prediction become scores and one outcome. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from qa.evaluating import metrics
from qa.evaluating.citing import citation_scores
from qa.evaluating.evidence import Evidence, Level, article_pieces, holds, locate_evidence
from qa.evaluating.metrics import Scores, Share
from qa.evaluating.predictions import Prediction
from qa.evaluating.questions import Question
from qa.evaluating.retrieving import distinct_articles, retrieval_scores


class Outcome(Enum):
    """How a question ended; where it went wrong, the first step that did."""

    RIGHT = "right"
    NOT_RETRIEVED = "not retrieved"
    MISREAD = "retrieved but misread"
    WRONGLY_REFUSED = "wrongly refused"
    WRONGLY_ANSWERED = "wrongly answered"
    BADLY_CITED = "badly cited"
    FAILED = "failed"
    NOT_JUDGED = "nothing to judge"


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its prediction, its evidence, its outcome and its scores by name."""

    question: Question
    prediction: Prediction
    evidence: Evidence
    outcome: Outcome
    scores: Scores


def judge(question: Question, prediction: Prediction, texts: Mapping[str, str]) -> Judged:
    """Score one question; `texts` holds the articles of `articles_needed`, by id."""
    places = (*prediction.retrieved, *(source.place for source in prediction.sources))
    evidence = locate_evidence(question, texts, places)
    scores = {"failed": Share(float(prediction.error is not None))}
    if prediction.error is None:
        quoted = evidence.pieces if evidence.level is Level.PASSAGE else ()
        articles = article_pieces(question, places)
        scores |= retrieval_scores(quoted, prediction.retrieved)
        scores |= retrieval_scores(articles, distinct_articles(prediction.retrieved), "article_")
    if prediction.said is not None:
        scores |= _said_scores(question, prediction, evidence, texts)
    return Judged(
        question, prediction, evidence, _outcome(question, prediction, evidence, scores), scores
    )


def articles_needed(question: Question, prediction: Prediction) -> frozenset[str]:
    """The ids of the articles whose text `judge` looks into."""
    spans = [place.span for place in prediction.retrieved]
    spans += [source.place.span for source in prediction.sources]
    spans += [quote.span for quote in prediction.quotes]
    return frozenset(question.articles) | {span.article_id for span in spans}


def _said_scores(
    question: Question, prediction: Prediction, evidence: Evidence, texts: Mapping[str, str]
) -> dict[str, Share]:
    said = prediction.said
    if said is None:
        return {}
    scores = metrics.cost_scores(said)
    if question.answers_known:
        scores |= metrics.verdict_scores(said, question.answers)
    if not said.refused:
        quoted = evidence.pieces if evidence.level is Level.PASSAGE else ()
        scores |= citation_scores(prediction, quoted, texts)
    return scores


def _outcome(
    question: Question, prediction: Prediction, evidence: Evidence, scores: Scores
) -> Outcome:
    """The first step that went wrong, in the order in which the steps are taken.

    An answer is right here if it contains an accepted one and its citations, where the evidence
    is known word by word, fall on it.
    """
    said, pieces = prediction.said, evidence.pieces
    found = not pieces or any(holds(s.place.span, pieces) for s in prediction.sources)
    if prediction.error is not None:
        return Outcome.FAILED
    if said is None:
        if not pieces:
            return Outcome.NOT_JUDGED
        return Outcome.RIGHT if found else Outcome.NOT_RETRIEVED
    if not question.answerable:
        return Outcome.RIGHT if said.refused else Outcome.WRONGLY_ANSWERED
    if not said.refused and not question.answers_known:
        return Outcome.NOT_JUDGED
    if not said.refused and scores["contains_answer"].part:
        cited = scores.get("citation_holds_evidence", Share(1.0)).part
        return Outcome.RIGHT if cited else Outcome.BADLY_CITED
    if not found:
        return Outcome.NOT_RETRIEVED
    return Outcome.WRONGLY_REFUSED if said.refused else Outcome.MISREAD
