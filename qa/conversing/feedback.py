"""What people say of answers, and how it becomes a question set for `qa eval`. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from qa.conversing.records import KeptExchange
from qa.types import Answer, Turn


class Verdict(Enum):
    """What a person may say of an answer, a refusal among them."""

    RIGHT = "right"
    WRONG = "wrong"
    CITATION_WRONG = "citation_wrong"
    SHOULD_REFUSE = "should_refuse"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on an answer, with all that it was given on.

    `correction` is what would have been right, in the person's words, or empty. `history` are the
    turns before the question.
    """

    id: int
    given: datetime
    verdict: Verdict
    correction: str
    exchange: KeptExchange
    history: tuple[Turn, ...] = ()


def question_set(
    judgements: Iterable[Judgement], reviewed: Mapping[int, dict[str, Any] | None] = {}
) -> tuple[dict[str, Any], ...]:
    """The lines of a question set; a judgement that tells nothing of what is right gives none.

    One that was `reviewed` gives what it became then, and none where it was rejected.
    """
    lines = (
        reviewed[judgement.id] if judgement.id in reviewed else question_line(judgement)
        for judgement in judgements
    )
    return tuple(line for line in lines if line is not None)


def question_line(judgement: Judgement) -> dict[str, Any] | None:
    """A judgement as a line of a question set; None where it tells nothing of what is right."""
    answer, verdict = judgement.exchange.answer, judgement.verdict
    if answer is None:
        return None
    accepted, evidenced = _accepted(judgement, answer)
    if accepted is None and not evidenced:
        return None
    cited = [c for sentence in answer.sentences for c in sentence.citations] if evidenced else []
    passages = [(answer.hits[c.number - 1].passage, c) for c in cited]
    return {
        "id": f"feedback-{judgement.id}",
        "question": judgement.exchange.question.strip(),
        "answers": accepted,
        "articles": list(dict.fromkeys(passage.article_id for passage, _ in passages)),
        "evidence": list(
            dict.fromkeys(
                passage.text[c.start - passage.start : c.end - passage.start]
                for passage, c in passages
            )
        ),
        "history": [
            {"question": turn.question, "answer": turn.answer} for turn in judgement.history
        ],
        "tags": ["feedback", verdict.value],
    }


def _accepted(judgement: Judgement, answer: Answer) -> tuple[list[str] | None, bool]:
    """The accepted texts, none for a question to be refused, and whether what is cited bears them.

    None in place of the list where nobody has put what would be right in a few words.
    """
    match judgement.verdict:
        case Verdict.SHOULD_REFUSE:
            return [], False
        case Verdict.RIGHT if answer.refusal:
            return [], False
        case Verdict.RIGHT:
            return _short(answer), True
        case _ if judgement.correction:
            return [judgement.correction], False
        case Verdict.CITATION_WRONG if not answer.refusal:
            return _short(answer), False
        case _:
            return None, False


def _short(answer: Answer) -> list[str] | None:
    """The few words in what is cited that answer by themselves; None where there are none."""
    cited = [c for sentence in answer.sentences for c in sentence.citations]
    found = [
        one.short
        for one in answer.evidence
        if any(c.number == one.number and c.start < one.end and one.start < c.end for c in cited)
    ]
    return list(dict.fromkeys(filter(None, found))) or None
