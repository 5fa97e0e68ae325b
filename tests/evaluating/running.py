"""Runs of a small newsroom, for the tests of what a run does and of what it measures."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.errors import CuttingsError
from qa.evaluating.attributing import Outcome
from qa.evaluating.metrics import Measure
from qa.evaluating.questions import Question
from qa.evaluating.runs import Answers, RunProgress, RunResult, evaluate
from tests.evaluating.fake_assistant import (
    ARTICLES,
    QUESTIONS,
    RIGHT_REPLIES,
    Reply,
)

CONFIG = {"passages": 4}


def run(
    folder: Path,
    assistant: Answers,
    questions: Sequence[Question] = QUESTIONS,
    *,
    retrieval_only: bool = False,
    resume: bool = False,
    config: Mapping[str, Any] = CONFIG,
    seen: list[RunProgress] | None = None,
    workers: int = 1,
) -> RunResult:
    seen = [] if seen is None else seen
    return evaluate(
        questions,
        assistant,
        ARTICLES.get,
        folder,
        retrieval_only=retrieval_only,
        resume=resume,
        config=config,
        report=seen.append,
        workers=workers,
    )


def replies(**changed: Reply | CuttingsError) -> Mapping[str, Reply | CuttingsError]:
    """The right replies, but for the questions named by id."""
    asked = {question.id: question.question for question in QUESTIONS}
    return {**RIGHT_REPLIES, **{asked[id_]: reply for id_, reply in changed.items()}}


def values(measures: Sequence[Measure]) -> dict[str, float]:
    return {one.name: one.value for one in measures}


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "predictions.jsonl").read_text().splitlines()]


def outcomes(result: RunResult) -> list[Outcome]:
    return [one.outcome for one in result.judged]
