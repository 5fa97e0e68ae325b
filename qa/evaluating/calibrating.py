"""Questions asked to fit confidence by: what is asked, and what becomes of each. Pure.

A fixed set comes with the program: questions of our own on the articles of `seeds/`, half of which
these do not answer. Beside it stand a person's own questions on their own articles. Of each
question the signals are kept, and whether what is shown first answers it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from qa.answering import parts
from qa.answering.confidence import Signals, Weighing, matter_met
from qa.answering.finding import Found
from qa.answering.parts import Taught
from qa.errors import RunError
from qa.evaluating.evidence import Level, holds, locate_evidence
from qa.evaluating.metrics import contains_answer
from qa.evaluating.predictions import Place, Span
from qa.evaluating.questions import Question, load_questions, question_set_digest
from qa.evaluating.weighing import Weighed
from qa.files import whole_lines

QUESTIONS_FILE = Path(__file__).with_name("calibration.jsonl")
ARTICLES_FILE = Path(__file__).with_name("calibration_articles.jsonl")

FIRST = 2
"""Pieces of evidence that are shown first."""


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A question, `own` or of the fixed set; `over` tells the state of the library it is asked of.

    The same question of the same library need not be asked twice.
    """

    question: Question
    own: bool
    over: str

    @property
    def key(self) -> str:
        """A name for it: first for the question and what is known of its answer, then the library.

        So the order of keys is that of the questions, whichever library they are asked of.
        """
        asked = f"{self.own} {question_set_digest([self.question])}"
        return f"{hashlib.sha256(asked.encode()).hexdigest()[:32]} {self.over}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question: its signals, and whether what was shown first answers it.

    `met` is what its days and words leave of a probability, 0 to 1. `taught` is as
    `qa.answering.parts` has it. `signals` are None where nothing was found to tell.
    """

    key: str
    own: bool
    answerable: bool
    right: bool
    taught: Taught
    met: float
    signals: Signals | None

    def confidence(self, weighing: Weighing) -> float:
        """What confidence there is by these numbers, 0 to 1."""
        if self.signals is None:
            return 0.0
        return self.met * weighing.of(self.signals, self.taught)

    def weighed(self, weighing: Weighing) -> Weighed:
        """The question as a bar sees it."""
        return Weighed(self.confidence(weighing), self.answerable, self.right)


_ASKED = TypeAdapter(Asked)


@cache
def fixed_questions() -> tuple[Question, ...]:
    """The questions that come with the program."""
    return load_questions(QUESTIONS_FILE)


@cache
def fixed_files() -> Mapping[str, str]:
    """The files of the articles that these are asked of, by their paths."""
    lines = map(json.loads, ARTICLES_FILE.read_text(encoding="utf-8").splitlines())
    return {line["file"]: line["text"] for line in lines}


@cache
def fixed_digest() -> str:
    """Tells one version of the fixed articles from another."""
    return hashlib.sha256(ARTICLES_FILE.read_bytes()).hexdigest()[:16]


def can_be_judged(question: Question) -> bool:
    """Whether it can be told if a question that stands alone was answered."""
    known = question.answers or question.articles or question.evidence
    return not question.history and (not question.answerable or bool(known))


def came_of(to_ask: ToAsk, found: Found, text_of: Callable[[str], str | None]) -> Asked:
    """What came of a question; `text_of` looks an article of its library up by id."""
    question = to_ask.question
    signals = found.signals
    return Asked(
        key=to_ask.key,
        own=to_ask.own,
        answerable=question.answerable,
        right=_is_answered(question, found, text_of),
        taught=parts.how_taught(parts.as_question(question.question)),
        met=matter_met(question.question, found.evidence, found.hits),
        # in four digits, so that what is asked again on the same machine is the same
        signals=Signals(*(round(one, 4) for one in astuple(signals))) if signals else None,
    )


def _is_answered(question: Question, found: Found, text_of: Callable[[str], str | None]) -> bool:
    """Whether what answers is among the pieces that are shown first.

    That is the quoted words where the question has such; else an accepted answer; else any words of
    the right article.
    """
    shown = found.evidence[:FIRST]
    places = [Place(Span(one.article_id, one.start, one.end), tuple(one.also_in)) for one in shown]
    named = {place.span.article_id for place in places} | set(question.articles)
    texts = {id_: text for id_ in named if (text := text_of(id_)) is not None}
    evidence = locate_evidence(question, texts, places)
    if evidence.level is Level.ARTICLE and question.answers:
        return any(contains_answer(one.quote, question.answers) for one in shown)
    return any(holds(place.span, evidence.pieces) for place in places)


def asked_line(asked: Asked) -> dict[str, Any]:
    """A line of the file that is appended to as they are asked."""
    signals = None if asked.signals is None else list(astuple(asked.signals))
    return asdict(asked) | {"taught": asked.taught.value, "signals": signals}


def read_asked(path: Path) -> dict[str, Asked]:
    """What was asked already, by key; nothing where there is no file yet.

    RunError names a line that is damaged.
    """
    asked = {}
    for number, raw in whole_lines(path):
        try:
            one = _asked_of(json.loads(raw))
        except (ValueError, KeyError, TypeError) as error:
            raise RunError(
                f"{path}, line {number}, is damaged. Delete the file, and ask again: qa calibrate"
            ) from error
        asked[one.key] = one
    return asked


def _asked_of(line: Mapping[str, Any]) -> Asked:
    signals = line["signals"]
    known = None if signals is None else Signals(*map(float, signals))
    return _ASKED.validate_python({**line, "signals": known})
