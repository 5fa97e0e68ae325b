"""Raw figures on disk, and the lines of a report that are made from them."""

import json
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring import Row

from qa.evaluating.questions import Question

SEED = 20230218


class Figures:
    """The raw figures of one part: a JSON object a line, appended as they are measured.

    So an interrupted run goes on where it stopped.
    """

    def __init__(self, folder: Path, part: str) -> None:
        self._part = part
        self._file = folder / f"{part}.jsonl"

    def rows(self) -> list[Row]:
        """What has been measured, in the order of measuring."""
        if not self._file.is_file():
            return []
        return [json.loads(line) for line in self._file.read_text(encoding="utf-8").splitlines()]

    def missing(self, questions: Iterable[Question]) -> list[Question]:
        """The questions that have no row yet."""
        done = {row["id"] for row in self.rows()}
        return [question for question in questions if question.id not in done]

    def add(self, row_id: str, **values: Any) -> None:
        """Append a row and tell of it on stderr."""
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"id": row_id, **values}) + "\n")
        shown = ", ".join(
            f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in values.items()
            if isinstance(value, int | float)
        )
        print(f"{self._part} {row_id}: {shown}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; `met` is None where there is no goal."""

    measure: str
    value: str
    spread: str = ""
    goal: str = ""
    met: bool | None = None


def ratio_line(
    measure: str, ratios: Sequence[float], *, most: float | None = None, least: float | None = None
) -> Line:
    """The median of ratios, with its 95% interval, against a goal that it must not pass."""
    value = statistics.median(ratios)
    if most is not None:
        return Line(measure, times(value), interval(ratios), f"≤ {most} ×", value <= most)
    if least is not None:
        return Line(measure, times(value), interval(ratios), f"≥ {least} ×", value >= least)
    return Line(measure, times(value), interval(ratios))


def seconds_line(measure: str, seconds: Sequence[float]) -> Line:
    """A median of seconds, with its 95% interval."""
    return Line(measure, f"{statistics.median(seconds):.2f} s", interval(seconds))


def interval(values: Sequence[float]) -> str:
    """The 95% percentile bootstrap interval of the median (Efron, 1979), and how many they are."""
    if len(set(values)) < 2:  # scipy has no interval for values that are all alike
        return f"n = {len(values)}"
    import numpy as np
    from scipy.stats import bootstrap

    ends = bootstrap(
        (np.asarray(values),),
        np.median,
        n_resamples=2000,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return f"{ends.low:.3g} – {ends.high:.3g}, n = {len(values)}"


def times(ratio: float) -> str:
    """A ratio as it is printed."""
    return f"{ratio:.2f} ×"


def column(rows: Iterable[Row], name: str) -> list[float]:
    """One column of the rows."""
    return [row[name] for row in rows]


def ratios(rows: Iterable[Row], above: str, below: str) -> list[float]:
    """One column divided by another, row by row."""
    return [row[above] / row[below] for row in rows]


def table(lines: Sequence[Line]) -> str:
    """The lines in Markdown."""
    heads = ("measure", "median", "95% interval", "goal", "met")
    verdict = {True: "yes", False: "**no**", None: ""}
    cells = [heads, ("---",) * len(heads)]
    cells += [
        (line.measure, line.value, line.spread, line.goal, verdict[line.met]) for line in lines
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)
