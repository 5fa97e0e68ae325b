"""Attributing: which step went wrong first on a question, and what mending it would gain. Pure.

No judge is asked. What is known is where the evidence stands, what was retrieved, which quotes were
chosen, what the model wrote, and what was told of that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from qa.evaluating.evidence import Evidence, Level, holds
from qa.evaluating.metrics import Scores, Share, contains_answer
from qa.evaluating.predictions import Prediction, Said, Span
from qa.evaluating.questions import Question


class Outcome(Enum):
    """How a question ended; where it went wrong, the first step that did."""

    RIGHT = "right"
    NOT_IN_LIBRARY = "not in the library"
    NOT_RETRIEVED = "not retrieved"
    NOT_IN_EVIDENCE = "not in the evidence"
    LOST_BY_BAR = "lost by the bar"
    OTHER_QUOTE = "another quote told"
    MISREAD = "misread by the model"
    LOST_IN_CHECK = "lost in the check"
    BADLY_CITED = "badly cited"
    WRONGLY_ANSWERED = "wrongly answered"
    FAILED = "failed"
    NOT_JUDGED = "nothing to judge"


STEPS = {
    Outcome.NOT_IN_LIBRARY: "the articles named, or the words quoted from them, are not there",
    Outcome.NOT_RETRIEVED: "none of the ten best passages holds the evidence",
    Outcome.NOT_IN_EVIDENCE: "a passage holds it, and other quotes were chosen",
    Outcome.LOST_BY_BAR: "a chosen quote holds it, and the confidence was below the bar",
    Outcome.OTHER_QUOTE: "a chosen quote holds it, and another one was told",
    Outcome.MISREAD: "the model read it, and wrote no accepted answer",
    Outcome.LOST_IN_CHECK: "the model wrote an accepted answer, and the check did not keep it",
    Outcome.BADLY_CITED: "an accepted answer that cites other words than the evidence",
}
"""The steps that an answerable question takes, in their order, with what went wrong there."""

BESIDE = {
    Outcome.WRONGLY_ANSWERED: "no article answers it, and something was told",
    Outcome.FAILED: "it ended in an error",
}


@dataclass(frozen=True, slots=True)
class Loss:
    """So many of the questions, `share` of all judged ones, went wrong at one step.

    Of all judged ones `mended` would be right were this step alone to make no more mistakes, and
    the steps behind it as many as they make now; `at_most`, if these made none on its questions.
    """

    outcome: Outcome
    count: int
    share: float
    mended: float
    at_most: float

    @property
    def tells(self) -> str:
        """What went wrong, for a reader of a report."""
        return (STEPS | BESIDE)[self.outcome]


def attribute(
    question: Question,
    prediction: Prediction,
    evidence: Evidence,
    texts: Mapping[str, str],
    scores: Scores,
) -> Outcome:
    """How a question ended: right, or the first step that went wrong, in the order of STEPS.

    An answer is right here if it contains an accepted one and its citations, where the evidence
    is known word by word, fall on it. `scores` are the question's.
    """
    said = prediction.said
    if prediction.error is not None:
        return Outcome.FAILED
    if said is None:
        if not evidence.pieces:
            return Outcome.NOT_JUDGED
        return _before_the_evidence(question, prediction, evidence, texts) or Outcome.RIGHT
    if not question.answerable:
        return Outcome.RIGHT if said.refused else Outcome.WRONGLY_ANSWERED
    if not said.refused and not question.answers_known:
        return Outcome.NOT_JUDGED
    if not said.refused and scores["contains_answer"].part:
        cited = scores.get("citation_holds_evidence", Share(1.0)).part
        return Outcome.RIGHT if cited else Outcome.BADLY_CITED
    lost_before = _before_the_evidence(question, prediction, evidence, texts)
    return lost_before or _behind_it(question, prediction, said, evidence, texts)


def losses(outcomes: Sequence[tuple[Outcome, bool]]) -> tuple[Loss, ...]:
    """What was lost at each step that lost anything; each question with whether it is answerable.

    Of the questions that a mended step hands on, as many end well as of those that got past it now:
    `right / (right + lost at the steps behind it)`, over the answerable ones.
    """
    counted = [(one, answerable) for one, answerable in outcomes if one is not Outcome.NOT_JUDGED]
    total = len(counted)
    right = sum(one is Outcome.RIGHT for one, _ in counted)
    answered = sum(one is Outcome.RIGHT and answerable for one, answerable in counted)
    counts = {step: sum(one is step for one, _ in counted) for step in STEPS | BESIDE}
    found = []
    for at, (step, count) in enumerate(counts.items()):
        later = sum(list(counts.values())[at + 1 : len(STEPS)])
        passed = answered / (answered + later) if answered + later else 1.0
        if step is Outcome.FAILED and total > count:
            passed = right / (total - count)
        if count:
            mended, at_most = (right + count * passed) / total, (right + count) / total
            found.append(Loss(step, count, count / total, mended, at_most))
    return tuple(found)


def _before_the_evidence(
    question: Question, prediction: Prediction, evidence: Evidence, texts: Mapping[str, str]
) -> Outcome | None:
    """Whether it was lost before any quote was chosen."""
    if _missing(question, evidence, texts):
        return Outcome.NOT_IN_LIBRARY
    seen = [place.span for place in prediction.retrieved]
    seen += [source.place.span for source in prediction.sources]
    if not _any_bears(seen, question, evidence, texts):
        return Outcome.NOT_RETRIEVED
    return None


def _behind_it(
    question: Question,
    prediction: Prediction,
    said: Said,
    evidence: Evidence,
    texts: Mapping[str, str],
) -> Outcome:
    """Where it was lost of what a passage holds; lines of versions up to 0.1 read all of it."""
    chosen = [quote.span for quote in (*said.evidence, *prediction.quotes)]
    if said.outcome is None:
        chosen += [source.place.span for source in prediction.sources]
    if not _any_bears(chosen, question, evidence, texts):
        return Outcome.NOT_IN_EVIDENCE
    if said.refused:
        return Outcome.LOST_BY_BAR
    if said.written == ():
        return Outcome.OTHER_QUOTE
    written = " ".join(said.written or ())
    return Outcome.LOST_IN_CHECK if contains_answer(written, question.answers) else Outcome.MISREAD


def _missing(question: Question, evidence: Evidence, texts: Mapping[str, str]) -> bool:
    """Whether the library has none of the articles named, or neither the quotes nor an answer."""
    if not question.articles or evidence.level is Level.PASSAGE:
        return False
    here = [texts[article_id] for article_id in question.articles if article_id in texts]
    if not here:
        return not any(evidence.pieces)
    told = any(contains_answer(text, question.answers) for text in here)
    return bool(question.evidence) and not told


def _any_bears(
    spans: Iterable[Span], question: Question, evidence: Evidence, texts: Mapping[str, str]
) -> bool:
    """Whether a span holds evidence; where nobody wrote down which, words of an accepted answer."""
    if evidence.pieces:
        return any(holds(span, evidence.pieces) for span in spans)
    words = (texts.get(span.article_id, "")[span.start : span.end] for span in spans)
    return any(contains_answer(text, question.answers) for text in words)
