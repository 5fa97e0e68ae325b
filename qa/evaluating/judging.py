"""Judging: a question and its prediction become scores and one outcome. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.evaluating import metrics
from qa.evaluating.attributing import Loss, Outcome, attribute, losses
from qa.evaluating.citing import citation_scores, claim_scores
from qa.evaluating.evidence import Evidence, Level, article_pieces, locate_evidence
from qa.evaluating.long_answers import nugget_scores, nuggets_told, rouge_scores
from qa.evaluating.metrics import Scores, Share
from qa.evaluating.predictions import Prediction
from qa.evaluating.questions import Question
from qa.evaluating.retrieving import distinct_articles, retrieval_scores


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its prediction, its evidence, its outcome and its scores by name.

    `nuggets_told` says of each of its nuggets whether the answer tells it; empty without an answer.
    """

    question: Question
    prediction: Prediction
    evidence: Evidence
    outcome: Outcome
    scores: Scores
    nuggets_told: tuple[bool, ...] = ()


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
    told: tuple[bool, ...] = ()
    if prediction.said is not None:
        told = nuggets_told(question, prediction.said)
        scores |= nugget_scores(question.nuggets, told)
        scores |= _said_scores(question, prediction, evidence, texts)
    outcome = attribute(question, prediction, evidence, texts, scores)
    return Judged(question, prediction, evidence, outcome, scores, told)


def losses_of(judged: Sequence[Judged]) -> tuple[Loss, ...]:
    """What was lost at each step that lost anything."""
    return losses([(one.outcome, one.question.answerable) for one in judged])


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
        scores |= rouge_scores(said, question.answers)
    quoted = evidence.pieces if evidence.level is Level.PASSAGE else ()
    scores |= claim_scores(question, prediction, quoted, texts)
    if not said.refused:
        scores |= citation_scores(prediction, quoted, texts)
    return scores
