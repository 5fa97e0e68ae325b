"""One question of a report: what was expected, what was said, and the sources with their marks."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from qa.conversing.showing import UNSUPPORTED
from qa.evaluating.attributing import Outcome
from qa.evaluating.evidence import Level, holds
from qa.evaluating.judging import Judged
from qa.evaluating.predictions import Said, ShownSource
from qa.evaluating.questions import Nugget
from qa.types import Outcome as AnswerOutcome

CAME_TO = {
    AnswerOutcome.ANSWERED: "Answered",
    AnswerOutcome.CLOSE: "Refused: the quotes come close",
    AnswerOutcome.NOTHING: "Refused: nothing bears on it",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text, in characters, to be set off by a CSS class."""

    start: int
    end: int
    css_class: str


def outcome_class(outcome: Outcome) -> str:
    """The CSS class of the questions that ended so."""
    return outcome.name.lower().replace("_", "-")


def question_row(one: Judged) -> Markup:
    """The question with its outcome on one line, and everything else when it is opened.

    The attributes are what the list can be sorted and filtered by; "" where there is no such value.
    """
    name, said = outcome_class(one.outcome), one.prediction.said
    ranks = _ranks(one)
    sortable = {
        "outcome": one.outcome.value,
        "f1": one.scores["answer_f1"].part if "answer_f1" in one.scores else "",
        "confidence": said.confidence if said and said.confidence is not None else "",
        "seconds": said.total_s if said else "",
        "rank": ranks[0] if ranks else "",
        "tags": json.dumps(one.question.tags, ensure_ascii=False),
    }
    return Markup(
        '<details class="question {name}" {sortable}><summary><span class="outcome {name}">'
        '{outcome}</span><span dir="auto">{question}</span><span class="quiet said" dir="auto">'
        '{said}</span><span class="quiet figures">{figures}</span></summary>'
        "<div>{parts}</div></details>"
    ).format(
        name=name,
        sortable=Markup(" ").join(
            Markup('data-{}="{}"').format(key, value) for key, value in sortable.items()
        ),
        outcome=one.outcome.value,
        question=one.question.question,
        said=_short(one),
        figures=_figures(one),
        parts=Markup("\n").join(_parts(one)),
    )


def highlight(text: str, marks: Iterable[Mark]) -> Markup:
    """The text, escaped, its marked stretches in `<mark>` or `<span>`; marks may overlap."""
    inside = [
        Mark(max(mark.start, 0), min(mark.end, len(text)), mark.css_class)
        for mark in marks
        if max(mark.start, 0) < min(mark.end, len(text))
    ]
    edges = sorted({0, len(text), *(edge for mark in inside for edge in (mark.start, mark.end))})
    pieces = []
    for start, end in pairwise(edges):
        classes = sorted({m.css_class for m in inside if m.start <= start and end <= m.end})
        tag = "mark" if "cited" in classes else "span"
        piece = Markup("{}").format(text[start:end])
        if classes:
            piece = Markup('<{tag} class="{classes}">{piece}</{tag}>').format(
                tag=tag, classes=" ".join(classes), piece=piece
            )
        pieces.append(piece)
    return Markup("").join(pieces)


def _short(one: Judged) -> str:
    """What came of a question, in the list of all of them."""
    prediction = one.prediction
    if prediction.error is not None:
        return prediction.error
    if prediction.said is None:
        return _first_evidence(one)
    text = prediction.said.text
    return text if len(text) <= 160 else text[:159] + "…"


def _parts(one: Judged) -> Iterable[Markup]:
    for turn in one.question.history:
        yield Markup('<p class="quiet" dir="auto">Earlier: {} — {}</p>').format(
            turn.question, turn.answer
        )
    expected = " / ".join(one.question.answers) or (
        "a refusal: the articles do not say"
        if one.question.answers_known
        else "nobody wrote it down"
    )
    yield Markup('<h3>Expected</h3><p dir="auto">{}</p>').format(expected)
    if (said := one.prediction.said) is not None:
        yield Markup('<h3>{}</h3><p dir="auto">{}</p>').format(_came_to(said), _said(said))
        if said.evidence:
            yield Markup('<h3>Quotes</h3><ul class="quotes quiet">{}</ul>').format(
                Markup("").join(
                    Markup('<li dir="auto">[{}] “{}”</li>').format(quote.number, quote.text)
                    for quote in said.evidence
                )
            )
    if one.nuggets_told:
        yield Markup('<h3>Nuggets</h3><ul class="quotes quiet">{}</ul>').format(_nuggets(one))
    if one.prediction.error is not None:
        yield Markup("<h3>Failed</h3><p>{}</p>").format(one.prediction.error)
    if one.prediction.sources:
        yield Markup('<h3>Sources</h3><p class="quiet">{}</p><ol class="sources">{}</ol>').format(
            _first_evidence(one),
            Markup("").join(_source(source, one) for source in one.prediction.sources),
        )
    yield Markup('<p class="quiet about">{}</p>').format(_about(one))


def _came_to(said: Said) -> str:
    """What the assistant made of it."""
    if said.outcome is None:
        return "Refused" if said.refused else "Answered"
    return CAME_TO[said.outcome]


def _said(said: Said) -> Markup:
    """The answer; what no source says is marked, and said to be so."""
    if said.refused:
        return Markup("{}").format(said.text)
    pieces, shown = [], 0
    for sentence in said.sentences:
        if not sentence.supported:
            marked = Mark(sentence.start - shown, sentence.end - shown, "unsupported")
            pieces.append(highlight(said.text[shown : sentence.end], [marked]))
            pieces.append(Markup(' <strong class="wrong">({})</strong>').format(UNSUPPORTED))
            shown = sentence.end
    return Markup("").join([*pieces, Markup("{}").format(said.text[shown:])])


def _nuggets(one: Judged) -> Markup:
    """What should have been told, and whether it was."""
    return Markup("").join(
        Markup('<li dir="auto">{} {}: {}</li>').format(
            "✓" if told else "✗", nugget.text, _standing(nugget, told=told)
        )
        for nugget, told in zip(one.question.nuggets, one.nuggets_told, strict=True)
    )


def _standing(nugget: Nugget, *, told: bool) -> str:
    return f"{'vital' if nugget.vital else 'okay'}, {'told' if told else 'not told'}"


def _figures(one: Judged) -> Markup:
    """The figures that the list can be sorted by."""
    said = one.prediction.said
    parts = []
    if said and "answer_f1" in one.scores:
        parts.append(f"F1 {one.scores['answer_f1'].part:.2f}")
    if said and said.confidence is not None:
        parts.append(f"confidence {said.confidence:.2f}")
    if said:
        parts.append(f"{said.total_s:.1f} s")
    return Markup(" ").join(Markup("<span>{}</span>").format(part) for part in parts)


def _source(source: ShownSource, one: Judged) -> Markup:
    span, pieces = source.place.span, one.evidence.pieces
    marks = [
        Mark(quote.span.start - span.start, quote.span.end - span.start, "cited")
        for quote in one.prediction.quotes
        if quote.number == source.number
    ]
    if one.evidence.level is Level.PASSAGE:
        marks += [
            Mark(place.start - span.start, place.end - span.start, "evidence")
            for piece in pieces
            for place in piece
            if place.overlaps(span)
        ]
    found = "the right article" if one.evidence.level is Level.ARTICLE else "holds evidence"
    where = [source.published, f"{span.article_id} {span.start}–{span.end}"]
    where += [found] if holds(span, pieces) else []
    return Markup(
        '<li><p dir="auto">[{number}] <strong>{title}</strong> <span class="quiet">{where}</span>'
        '</p><p class="passage" dir="auto">{text}</p></li>'
    ).format(
        number=source.number,
        title=source.title,
        where=" · ".join(part for part in where if part),
        text=highlight(source.text, marks),
    )


def _first_evidence(one: Judged) -> str:
    """Where retrieval put the first passage that holds evidence."""
    if not one.evidence.pieces:
        return "There is no evidence to find."
    ranks = _ranks(one)
    total = len(one.prediction.retrieved)
    if not ranks:
        return f"None of the {total} best passages holds evidence."
    return f"The first passage with evidence is number {ranks[0]} of the {total} best."


def _ranks(one: Judged) -> Sequence[int]:
    return [
        rank
        for rank, place in enumerate(one.prediction.retrieved, 1)
        if holds(place.span, one.evidence.pieces)
    ]


def _about(one: Judged) -> str:
    return " · ".join((one.question.id, *one.question.tags))
