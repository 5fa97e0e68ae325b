"""History: the finished runs of a folder, in the order in which they were begun."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.evaluating.finished_run import CONFIG, METRICS, who_answered
from qa.evaluating.metrics import DEFINITIONS, Measure


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
            runs.append(_read(path.parent))
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


def _read(folder: Path) -> PastRun:
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
