"""A sweep: one question set asked under every combination of some settings. Pure but for its file.

questions = "questions.jsonl"   # beside the file
sample = 40                     # and limit, seed, tags, retrieval_only, as qa eval has them
[grid]
passages = [3, 4, 6]
passage_tokens = [96, 112]
"""

import hashlib
import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import BadSettings
from qa.evaluating.metrics import Measure
from qa.settings import DECIDING

SWEPT = ("model", *DECIDING)
"""Settings that may stand in a grid."""

CHUNKING = ("embedder", "passage_tokens")
"""Those of them that decide the index: combinations that share them share one."""

SEARCHING = (*CHUNKING, "fusion")
"""Those of them that decide what retrieval finds."""

QUALITY = ("right", "recall@5", "article_recall@5")
"""What a combination is judged by: the first of these that was measured."""

SECONDS = "total_s_p50"

OPTIONS: Mapping[str, type] = {
    "questions": str,
    "limit": int,
    "sample": int,
    "seed": int,
    "tags": list,
    "retrieval_only": bool,
    "grid": dict,
}

COUNTS = ("limit", "sample")
"""Those of them that say how many questions are asked: at least one."""

Combination = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep's file says; `combinations` are in the file's order, the last key fastest."""

    questions: Path
    combinations: tuple[Combination, ...]
    limit: int | None
    sample: int | None
    seed: int
    tags: tuple[str, ...]
    retrieval_only: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """A combination with what was measured under it."""

    combination: Combination
    folder: Path
    measures: Mapping[str, Measure]

    @property
    def quality(self) -> Measure | None:
        """What it is judged by."""
        return next((self.measures[name] for name in QUALITY if name in self.measures), None)

    @property
    def seconds(self) -> Measure | None:
        """The median time of an answer, where the model was asked."""
        return self.measures.get(SECONDS)


def read_sweep(path: Path) -> Sweep:
    """Read a sweep's file. Raises BadSettings naming the file, the key and what belongs there."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings(
            f"{path} cannot be read ({error.strerror}). Name a sweep.toml."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} is not valid TOML: {error}. Correct that line.") from error
    for key, value in told.items():
        if key not in OPTIONS:
            raise BadSettings(f"{path}: there is no key {key!r}. Known: {', '.join(OPTIONS)}.")
        if type(value) is not OPTIONS[key]:
            raise BadSettings(f"{path}: {key} must be a {OPTIONS[key].__name__}, not {value!r}.")
    for key in COUNTS:
        if told.get(key, 1) < 1:
            raise BadSettings(f"{path}: {key} must be at least 1, not {told[key]}.")
    if "questions" not in told or not told.get("grid"):
        raise BadSettings(f"{path}: `questions` and a [grid] of settings are needed.")
    return Sweep(
        questions=path.parent / told["questions"],
        combinations=_combinations(path, told["grid"]),
        limit=told.get("limit"),
        sample=told.get("sample"),
        seed=told.get("seed", 0),
        tags=tuple(map(str, told.get("tags", ()))),
        retrieval_only=told.get("retrieval_only", False),
    )


def idle_settings(sweep: Sweep) -> tuple[str, ...]:
    """The settings of the grid that change nothing, because retrieval alone is run."""
    if not sweep.retrieval_only:
        return ()
    return tuple(name for name in sweep.combinations[0] if name not in SEARCHING)


def combination_names(combinations: Sequence[Combination]) -> tuple[str, ...]:
    """A name for the folder of each, all over the same settings: `passages=3,passage_tokens=96`.

    Of a path it tells the last part alone; values that would be called alike (`a/minilm`,
    `b/minilm`) carry eight digits of their SHA-256 as well. Only what is the same is called the
    same.
    """
    values = {(name, str(value)) for one in combinations for name, value in one.items()}
    called = Counter(_short(name, value) for name, value in values)

    def part(name: str, value: str) -> str:
        short = _short(name, value)
        if called[short] == 1:
            return short
        return f"{short}-{hashlib.sha256(value.encode()).hexdigest()[:8]}"

    return tuple(
        ",".join(part(name, str(value)) for name, value in one.items()) for one in combinations
    )


def _short(name: str, value: str) -> str:
    """A setting as a part of a folder's name."""
    return re.sub(r"[^\w=.,-]", "-", f"{name}={Path(value).name}")


def best_for_their_time(swept: Sequence[Swept]) -> tuple[Swept, ...]:
    """Those that no other beats: none is as quick and better, or as good and quicker."""
    measured = [(one, one.quality, one.seconds) for one in swept]
    return tuple(
        one
        for one, quality, seconds in measured
        if quality
        and seconds
        and not any(
            q.value >= quality.value
            and s.value <= seconds.value
            and (q.value, s.value) != (quality.value, seconds.value)
            for _, q, s in measured
            if q and s
        )
    )


def _combinations(path: Path, grid: Mapping[str, Any]) -> tuple[Combination, ...]:
    for name, values in grid.items():
        if name not in SWEPT:
            raise BadSettings(
                f"{path}: {name!r} cannot be swept. Settings that can: {', '.join(SWEPT)}."
            )
        if not isinstance(values, list) or not values:
            raise BadSettings(f"{path}: {name} must be a list of values, such as {name} = [1, 2].")
    return tuple(
        dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())
    )
