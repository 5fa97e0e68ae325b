"""Runs: the questions of a set go through an assistant, some at a time, into a run folder.

Nothing is printed here: whoever runs it is told the progress, and given the result.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

from qa.errors import ClusterError, CuttingsError
from qa.evaluating.attributing import Outcome
from qa.evaluating.judging import Judged, articles_needed, judge
from qa.evaluating.metrics import RECALL_AT, Measure, summarise
from qa.evaluating.predictions import (
    Prediction,
    answer_line,
    error_line,
    parse_prediction,
    read_predictions,
    retrieval_line,
)
from qa.evaluating.questions import Question, question_set_digest
from qa.evaluating.run_folder import (
    PREDICTIONS,
    append_prediction,
    folder_errors,
    only_writer,
    open_run_folder,
    order_predictions,
    publish,
)
from qa.evaluating.weighing import confidence_measures, weighed
from qa.types import Answer, Hit, Turn

RETRIEVED_HITS = max(RECALL_AT)


class Answers(Protocol):
    """What a run needs of an assistant."""

    @property
    def model_name(self) -> str:
        """The model that answers; not asked for when only retrieval is run."""

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question that follows on earlier turns."""

    def candidates(self, question: str, history: Sequence[Turn], k: int) -> tuple[Hit, ...]:
        """The k best passages for it, found as `answer` finds those that it reads."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is. `score` is the mean so far of the measure `score_name`, if there is any.

    The rate is that of this session: lines that a resumed run found finished do not count.
    """

    done: int
    total: int
    errors: int
    score_name: str
    score: float | None
    questions_per_s: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run: its folder, its measures (over all, and by tag), its questions judged."""

    folder: Path
    measures: tuple[Measure, ...]
    by_tag: Mapping[str, tuple[Measure, ...]]
    judged: tuple[Judged, ...]

    @property
    def failed(self) -> int:
        """How many questions ended in an error."""
        return sum(one.outcome is Outcome.FAILED for one in self.judged)

    @property
    def unlocated(self) -> tuple[str, ...]:
        """Ids of the questions with a quote that stands in none of the articles they name."""
        return tuple(one.question.id for one in self.judged if one.evidence.unlocated)


def evaluate(
    questions: Sequence[Question],
    assistant: Answers,
    article_text: Callable[[str], str | None],
    folder: Path,
    *,
    retrieval_only: bool,
    resume: bool,
    config: Mapping[str, Any],
    report: Callable[[RunProgress], None],
    workers: int = 1,
) -> RunResult:
    """Ask every question, write the run folder, and give its measures.

    `article_text` looks up an article of the library by id. `config` is what else decides the
    answers (settings, the index), in JSON's types. A question that raises a CuttingsError is
    recorded with it and the rest go on; an interruption leaves the finished lines for `resume`,
    which begins a run where there is none yet, and goes on with one over fewer of these questions.
    Questions on one article are asked in a row, so many `workers` at a time: while one of them
    waits for the model, another looks up. A line is written as soon as its question is answered,
    behind no slower one; those of a finished run are in the questions' order.

    Raises RunError if the folder holds anything and `resume` is not asked for, holds a run of
    other questions or another config, cannot be written, or is being written by another process.
    """
    described = {
        "questions": {"count": len(questions), "sha256": question_set_digest(questions)},
        "retrieval_only": retrieval_only,
        "model": None if retrieval_only else assistant.model_name,
        "settings": dict(config),
    }
    with only_writer(folder):
        open_run_folder(
            folder, described, lambda count: question_set_digest(questions[:count]), resume=resume
        )
        with folder_errors(folder):
            finished = {one.id: one for one in read_predictions(folder / PREDICTIONS)}
        tally = _Tally(questions, cache(article_text), retrieval_only=retrieval_only)
        ask = partial(_ask, assistant=assistant, retrieval_only=retrieval_only)
        unasked = by_article([one for one in questions if one.id not in finished])
        for question in questions:
            if question.id in finished:
                tally.add(question, finished[question.id])
                report(tally.progress())
        for question, line in _as_answered(ask, unasked, workers):
            append_prediction(folder, line)
            tally.asked += 1
            tally.add(question, parse_prediction(line))
            report(tally.progress())
        place = {question.id: number for number, question in enumerate(questions)}
        order_predictions(folder, place)
        judged = sorted(tally.judged, key=lambda one: place[one.question.id])
        result = _result(folder, tuple(judged))
        publish(folder, result.measures, result.by_tag, result.judged)
        return result


def by_article(questions: Sequence[Question]) -> list[Question]:
    """The questions on one article in a row, in the order in which the articles are first named.

    Their evidence is much the same, so the model finds most of it read.
    """
    first: dict[tuple[str, ...], int] = {}
    for question in questions:
        first.setdefault(question.articles[:1], len(first))
    return sorted(questions, key=lambda one: first[one.articles[:1]])


def _as_answered(
    ask: Callable[[Question], dict[str, Any]], questions: Sequence[Question], workers: int
) -> Iterator[tuple[Question, dict[str, Any]]]:
    """Each question with its line, as soon as there is one; several are asked at a time.

    An error ends it, behind the lines of the questions that were under way beside it.
    """
    if workers == 1:
        yield from ((question, ask(question)) for question in questions)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="ask")
    try:
        asked = {pool.submit(ask, question): question for question in questions}
        for answered in as_completed(asked):
            if answered.exception():
                break
            yield asked.pop(answered), answered.result()  # popped: no line is kept in memory
    finally:
        pool.shutdown(cancel_futures=True)  # after an interruption only those under way are ended
    left = [one for one in asked if not one.cancelled()]
    for one in sorted(left, key=lambda one: one.exception() is not None):
        yield asked[one], one.result()


def _ask(question: Question, assistant: Answers, *, retrieval_only: bool) -> dict[str, Any]:
    """The line of one question."""
    try:
        if retrieval_only:
            hits = assistant.candidates(question.question, question.history, RETRIEVED_HITS)
            return retrieval_line(question, hits)
        answer = assistant.answer(question.question, question.history)
        # the answer's own sources are those the model was given, and recall@10 wants ten
        hits = assistant.candidates(answer.understood or question.question, (), RETRIEVED_HITS)
        return answer_line(question, answer, hits)
    except ClusterError:  # says nothing of the question: the run ends, and can be resumed
        raise
    except CuttingsError as error:
        return error_line(question, str(error))


def _result(folder: Path, judged: tuple[Judged, ...]) -> RunResult:
    tags = sorted({tag for one in judged for tag in one.question.tags})
    return RunResult(
        folder=folder,
        measures=(
            *summarise([one.scores for one in judged]),
            *confidence_measures(weighed(judged)),
        ),
        by_tag={
            tag: summarise([one.scores for one in judged if tag in one.question.tags])
            for tag in tags
        },
        judged=judged,
    )


class _Tally:
    """Judges and counts a run as it goes."""

    def __init__(
        self,
        questions: Sequence[Question],
        article_text: Callable[[str], str | None],
        *,
        retrieval_only: bool,
    ) -> None:
        self.judged: list[Judged] = []
        self.asked = 0
        self._total = len(questions)
        self._article_text = article_text
        found = "recall@5" if any(one.evidence for one in questions) else "article_recall@5"
        self._score_name = found if retrieval_only else "right"
        self._score_sum = 0.0
        self._scored = 0
        self._errors = 0
        self._started_s = time.monotonic()

    def add(self, question: Question, prediction: Prediction) -> None:
        """Judge one more question."""
        found = {id_: self._article_text(id_) for id_ in articles_needed(question, prediction)}
        texts = {id_: text for id_, text in found.items() if text is not None}
        judged = judge(question, prediction, texts)
        self.judged.append(judged)
        self._errors += judged.outcome is Outcome.FAILED
        if self._score_name in judged.scores:
            self._score_sum += judged.scores[self._score_name].part
            self._scored += 1

    def progress(self) -> RunProgress:
        """Where the run is now."""
        done = len(self.judged)
        elapsed_s = time.monotonic() - self._started_s
        rate = self.asked / elapsed_s if self.asked and elapsed_s > 0 else None
        return RunProgress(
            done=done,
            total=self._total,
            errors=self._errors,
            score_name=self._score_name,
            score=self._score_sum / self._scored if self._scored else None,
            questions_per_s=rate,
            seconds_left=(self._total - done) / rate if rate else None,
        )
