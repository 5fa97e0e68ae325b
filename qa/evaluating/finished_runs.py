"""Finished runs: one, by the scores of its questions, and all in a folder, by their measures."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import RunError
from qa.evaluating.judging import Judged
from qa.evaluating.metrics import DEFINITIONS, Measure, Scores, Share

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


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as it is listed: when it began (ISO 8601, UTC), who answered, and its measures."""

    folder: Path
    started: str
    model: str
    questions: int
    questions_digest: str
    measures: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class History:
    """Runs, the oldest first, and the folders of runs that cannot be read."""

    runs: tuple[PastRun, ...]
    damaged: tuple[Path, ...]

    def over_the_same(self, run: PastRun) -> tuple[PastRun, ...]:
        """The runs over the same questions as one, itself among them."""
        return tuple(one for one in self.runs if one.questions_digest == run.questions_digest)

    def sets(self) -> tuple[tuple[PastRun, ...], ...]:
        """The runs by their questions, the set that was asked last first."""
        last = {one.questions_digest: one for one in self.runs}
        newest_first = sorted(last.values(), key=self.runs.index, reverse=True)
        return tuple(self.over_the_same(one) for one in newest_first)


def read_history(runs_dir: Path) -> History:
    """The finished runs in a folder, those of its sweeps too; none where there is no folder."""
    runs, damaged = [], []
    for path in sorted([*runs_dir.glob(f"*/{METRICS}"), *runs_dir.glob(f"*/*/{METRICS}")]):
        try:
            runs.append(_past_run(path.parent))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            damaged.append(path.parent)
    return History(tuple(sorted(runs, key=lambda one: one.started)), tuple(damaged))


def markdown(
    run: PastRun, before: PastRun | None, changed: Sequence[Sequence[str]], ended: Mapping[str, int]
) -> str:
    """A run in GitHub's Markdown: its main measures, beside those before, and how questions ended.

    `changed` are rows of measure, before, now, difference, interval and verdict; where there was no
    run before they are of measure, value and interval.
    """
    heads = ["measure", "before", "now", "difference", "95% interval", ""]
    if before is None:
        heads = ["measure", "value", "95% interval"]
    about = f"{run.questions} questions · {run.model} · `{run.folder.name}`"
    about += f" beside `{before.folder.name}`" if before else ""
    parts = ["## Cuttings: evaluation", about, _table(heads, changed)]
    if ended:
        rows = [(outcome, str(count)) for outcome, count in ended.items()]
        parts.append(_table(["how questions ended", "questions"], rows))
    return "\n\n".join(parts) + "\n"


def _past_run(folder: Path) -> PastRun:
    config = json.loads((folder / CONFIG).read_bytes())
    metrics = json.loads((folder / METRICS).read_bytes())
    measures = {name: _measure(name, metrics[name]) for name in DEFINITIONS if name in metrics}
    return PastRun(
        folder,
        str(config["started"]),
        str(who_answered(config["model"])),
        int(config["questions"]["count"]),
        str(config["questions"]["sha256"]),
        measures,
    )


def _measure(name: str, told: Mapping[str, Any]) -> Measure:
    low, high = told["interval"]
    return Measure(name, float(told["value"]), float(low), float(high), int(told["count"]))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    )
