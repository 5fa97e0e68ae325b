"""Predictions: what was answered, one line of `predictions.jsonl` a question, written and read.

A line is the question's `id` and the object that `qa ask --json` prints; beside it `retrieved`,
the ten best hits that retrieval is measured on, `written`, the model's sentences before they were
checked, and `extra`, the question's own unknown keys.
Lines of versions up to 0.1 have `findings` for `evidence`, and for `confidence` a `standing` or
the best finding's trust.
A question that failed has `id` and `error`; a retrieval-only run has `id`, `question`, `sources`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.answering.answer_json import answer_object, source_object
from qa.errors import RunError
from qa.evaluating.questions import Question
from qa.files import whole_lines
from qa.types import Answer, Hit, Outcome


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text, in characters, end exclusive."""

    article_id: str
    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether they share a character."""
        return self.article_id == other.article_id and (
            max(self.start, other.start) < min(self.end, other.end)
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit stands; `also_in` are the articles that hold (nearly) the same passage."""

    span: Span
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source as it was shown: its number, from 1, its place and its text."""

    number: int
    title: str
    published: str | None
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source: its number, and the words by place and as they were shown."""

    number: int
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class SaidSentence:
    """A sentence of the answer, by offsets into it, with its citations and the verdict."""

    start: int
    end: int
    supported: bool
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What the assistant said; where it `refused`, `text` is the refusal's message.

    `reason` is why it refused, `sides` how many sides of a conflict it tells (0 without one),
    `confidence` the probability that it held against its bar and `evidence` the quotes that it
    found, as `qa.types.Answer` has them, and `best` the words of the best, "" where there is none.
    `written` is what the model wrote before it was checked; empty where it was not asked.
    `outcome` is None, and `evidence` empty, in lines of versions up to 0.1; `best` is a finding's,
    and `written` None.
    """

    text: str
    refused: bool
    sentences: tuple[SaidSentence, ...]
    first_token_s: float | None
    total_s: float
    usage: Mapping[str, int]
    reason: str | None = None
    sides: int = 0
    confidence: float | None = None
    outcome: Outcome | None = None
    evidence: tuple[Quote, ...] = ()
    best: str = ""
    written: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """One line. `said` is None where the question failed or only retrieval was run."""

    id: str
    error: str | None
    said: Said | None
    sources: tuple[ShownSource, ...]
    retrieved: tuple[Place, ...]

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Every citation of the answer, in its order."""
        sentences = self.said.sentences if self.said else ()
        return tuple(quote for sentence in sentences for quote in sentence.quotes)


def answer_line(question: Question, answer: Answer, hits: Sequence[Hit]) -> dict[str, Any]:
    """The line of a question that was answered or refused."""
    retrieved = [
        {
            "passage_id": hit.passage.id,
            "article_id": hit.passage.article_id,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "also_in": list(hit.also_in),
        }
        for hit in hits
    ]
    beside = {"retrieved": retrieved, "written": list(answer.written)}
    return {"id": question.id, **answer_object(answer), **beside} | _extra(question)


def retrieval_line(question: Question, hits: Sequence[Hit]) -> dict[str, Any]:
    """The line of a question for which passages were only looked up."""
    sources = [source_object(number, hit) for number, hit in enumerate(hits, 1)]
    line = {"id": question.id, "question": question.question, "sources": sources}
    return line | _extra(question)


def error_line(question: Question, message: str) -> dict[str, Any]:
    """The line of a question that failed."""
    return {"id": question.id, "error": message} | _extra(question)


def parse_prediction(line: Any) -> Prediction:
    """One line's object as values; KeyError, TypeError or ValueError where it has another form."""
    sources = tuple(_source(source) for source in line.get("sources", ()))
    retrieved = line.get("retrieved")
    return Prediction(
        id=str(line["id"]),
        error=line.get("error"),
        said=_said(line) if "answer" in line else None,
        sources=sources,
        retrieved=tuple(source.place for source in sources)
        if retrieved is None
        else tuple(_place(hit) for hit in retrieved),
    )


def read_predictions(path: Path) -> tuple[Prediction, ...]:
    """The whole lines of a predictions file, which need not exist.

    Raises RunError naming a line that is no prediction.
    """
    predictions = []
    for number, raw in whole_lines(path):
        try:
            predictions.append(parse_prediction(json.loads(raw)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RunError(
                f"{path}, line {number}, is not a prediction. Delete that line and resume, "
                "or start a new run in another folder."
            ) from error
    return tuple(predictions)


def _extra(question: Question) -> dict[str, Any]:
    return {"extra": dict(question.extra)} if question.extra else {}


def _span(part: Any) -> Span:
    return Span(str(part["article_id"]), int(part["start"]), int(part["end"]))


def _place(hit: Any) -> Place:
    return Place(_span(hit), tuple(hit.get("also_in", ())))


def _source(source: Any) -> ShownSource:
    return ShownSource(
        int(source["number"]),
        str(source["title"]),
        source.get("published"),
        _place(source),
        str(source["text"]),
    )


def _said(line: Any) -> Said:
    timings = line["timings"]
    found = line.get("evidence", ())
    confidence, best = _earlier(line)
    if "confidence" in line:
        confidence = line["confidence"]
        best = max(found, key=lambda one: float(one["score"]), default={"quote": ""})["quote"]
    return Said(
        text=str(line["answer"]),
        refused=bool(line["refused"]),
        sentences=tuple(
            SaidSentence(
                int(sentence["start"]),
                int(sentence["end"]),
                bool(sentence["supported"]),
                tuple(_quote(quote) for quote in sentence["citations"]),
            )
            for sentence in line["sentences"]
        ),
        first_token_s=timings["first_token_s"],
        total_s=float(timings["total_s"]),
        usage=dict(line["usage"]),
        reason=(line.get("refusal") or {}).get("reason"),
        sides=len(line.get("conflict") or ()),
        confidence=None if confidence is None else float(confidence),
        outcome=Outcome(line["outcome"]) if "outcome" in line else None,
        evidence=tuple(_quote(one) for one in found),
        best=str(best),
        written=tuple(map(str, line["written"])) if "written" in line else None,
    )


def _quote(part: Any) -> Quote:
    return Quote(int(part["number"]), _span(part), str(part["quote"]))


def _earlier(line: Any) -> tuple[Any, Any]:
    """The confidence and the best words of a line of a version up to 0.1."""
    best = max(line.get("findings", ()), key=lambda one: float(one["trust"]), default=None)
    trust, words = (best["trust"], best["text"]) if best else (None, "")
    return line.get("standing", trust), words
