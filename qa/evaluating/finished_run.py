"""A finished run as other runs are compared with it: its settings and every question's scores."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import RunError
from qa.evaluating.judging import Judged
from qa.evaluating.metrics import Measure, Scores, Share

CONFIG, SCORES, METRICS = "config.json", "scores.jsonl", "metrics.json"


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """How one question ended, and its scores by name."""

    id: str
    question: str
    tags: tuple[str, ...]
    outcome: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run folder, read: its settings, the model among them, and its questions by id."""

    folder: Path
    settings: Mapping[str, Any]
    questions_digest: str
    lines: Mapping[str, ScoreLine]


def score_line(one: Judged) -> dict[str, Any]:
    """A question's line in `scores.jsonl`."""
    return {
        "id": one.question.id,
        "question": one.question.question,
        "tags": list(one.question.tags),
        "outcome": one.outcome.value,
        "scores": {name: [share.part, share.whole] for name, share in one.scores.items()},
    }


def measures_object(measures: Iterable[Measure]) -> dict[str, Any]:
    """Measures by name as JSON has them, in `metrics.json` and wherever they are printed."""
    return {
        one.name: {"value": one.value, "interval": [one.low, one.high], "count": one.count}
        for one in measures
    }


def who_answered(model: str | None) -> str:
    """Who answered a run, in words, by the `model` of its config.json.

    None is a run of the search alone, "none" one of the quotes alone.
    """
    return "the quotes alone" if model == "none" else model or "retrieval only"


def read_run(folder: Path) -> FinishedRun:
    """Read a run folder that `qa eval` has finished.

    Raises RunError if it is none, or is not finished.
    """
    if not (folder / CONFIG).is_file():
        raise RunError(f"{folder} holds no run. Name a folder that qa eval has written.")
    try:
        config = json.loads((folder / CONFIG).read_bytes())
        asked = config["questions"]
        settings = {"model": config["model"], **config["settings"]}
        raw = (folder / SCORES).read_bytes() if (folder / SCORES).is_file() else b""
        lines = [_parse(json.loads(line)) for line in raw.splitlines()]
        if len(lines) < asked["count"]:
            raise RunError(
                f"The run in {folder} is not finished. "
                f"Go on with it: qa eval … --resume --out {folder}"
            )
        return FinishedRun(
            folder, settings, str(asked["sha256"]), {line.id: line for line in lines}
        )
    except OSError as error:
        raise RunError(f"{folder} cannot be read ({error.strerror}). Name a run folder.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(
            f"The run in {folder} is damaged. Write its scores anew: "
            f"qa eval … --resume --out {folder}"
        ) from error


def _parse(line: Any) -> ScoreLine:
    return ScoreLine(
        id=str(line["id"]),
        question=str(line["question"]),
        tags=tuple(line["tags"]),
        outcome=str(line["outcome"]),
        scores={
            name: Share(float(part), float(whole)) for name, (part, whole) in line["scores"].items()
        },
    )
