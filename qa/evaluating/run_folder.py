"""A run folder: opened, written so that a kill loses no answer, and compared when resuming.

    config.json         what was asked of what; written first
    predictions.jsonl   one line a question, on the disk as soon as it is answered; in the order
                        in which they are, at the end in that of the questions
    scores.jsonl        one line a question: tags, outcome, scores as [part, whole]
    metrics.json        measures by name, each with value, interval and count; by_tag the same
    report.html         the same for people

The last three are made from the first two at the end, each put in its place whole.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.errors import RunError
from qa.evaluating.finished_runs import CONFIG, METRICS, SCORES, measures_object, score_line
from qa.evaluating.judging import Judged
from qa.evaluating.metrics import Measure
from qa.evaluating.report import render_report
from qa.files import append_line, cut_off_half_line, json_lines, whole_lines, write_whole

PREDICTIONS = "predictions.jsonl"


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold a run folder, made if need be, for this process; RunError while another one has it.

    Network disks that know no such lock stop nobody.
    """
    with folder_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            _lock(held, folder)
        yield
    finally:
        os.close(held)


def _lock(held: int, folder: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the kernel's: it goes with its holder
    except BlockingIOError as error:
        raise RunError(
            f"Another qa eval is at work on {folder}. Go on by --resume when that is done, or name "
            "another folder by --out."
        ) from error


def open_run_folder(
    folder: Path,
    described: Mapping[str, Any],
    digest_of_first: Callable[[int], str],
    *,
    resume: bool,
) -> None:
    """Begin a run in an empty or new folder, or make sure that the one in it is the same run.

    It is the same, too, if it was asked fewer questions and these go on where those ended:
    `digest_of_first` is the digest of the first so many. Raises RunError if the folder holds
    anything and `resume` is not asked for, or if it holds another run.
    """
    path = folder / CONFIG
    with folder_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        empty = all(entry.name.endswith(".part") for entry in folder.iterdir())
        if empty:
            started = datetime.now(UTC).isoformat(timespec="seconds")
            write_whole(path, _json({**described, "started": started}))
            return
    if not resume:
        raise RunError(
            f"{folder} is not empty. Go on with its run by --resume, or name another by --out."
        )
    try:
        before = json.loads(path.read_bytes())
        differing = _differing(before, json.loads(_json(described)))
        asked, started = before["questions"], before["started"]
        if "questions" in differing and asked["sha256"] == digest_of_first(int(asked["count"])):
            differing.remove("questions")
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise RunError(f"{folder} holds no run to resume. Name another folder by --out.") from error
    if differing:
        raise RunError(
            f"The run in {folder} is another one; these differ: {', '.join(differing)}. "
            "Set them as they were, or start a new run in another folder by --out."
        )
    with folder_errors(folder):
        write_whole(path, _json({**described, "started": started}))
        cut_off_half_line(folder / PREDICTIONS)


def append_prediction(folder: Path, line: Mapping[str, Any]) -> None:
    """Add one line to the predictions and see it onto the disk."""
    with folder_errors(folder):
        append_line(folder / PREDICTIONS, line)


def order_predictions(folder: Path, place: Mapping[str, int]) -> None:
    """Put the lines of a finished run in the order of the questions' places, by id."""
    path = folder / PREDICTIONS
    with folder_errors(folder):
        lines = [line for _, line in whole_lines(path)]
        ordered = sorted(lines, key=lambda line: place.get(json.loads(line)["id"], len(place)))
        if ordered != lines:
            write_whole(path, *(line + b"\n" for line in ordered))


def publish(
    folder: Path,
    measures: Sequence[Measure],
    by_tag: Mapping[str, Sequence[Measure]],
    judged: Sequence[Judged],
) -> None:
    """Write what is made of a finished run: scores, metrics and the report."""
    tagged = {tag: measures_object(some) for tag, some in by_tag.items()}
    metrics = {**measures_object(measures), "by_tag": tagged}
    with folder_errors(folder):
        config = json.loads((folder / CONFIG).read_bytes())
        write_whole(folder / SCORES, json_lines(map(score_line, judged)).encode())
        write_whole(folder / METRICS, _json(metrics))
        report = render_report(config, measures, by_tag, judged)
        write_whole(folder / "report.html", report.encode())


@contextmanager
def folder_errors(folder: Path) -> Iterator[None]:
    """Name the run folder in what the file system refuses (a full disk, no right to write)."""
    try:
        yield
    except OSError as error:
        raise RunError(
            f"The run folder {folder} cannot be used ({error.strerror or error}). "
            "Name another by --out, or make room and go on by --resume."
        ) from error


def _differing(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The names of what is not as it was; a setting goes by its own name."""
    old, new = before.get("settings", {}), now["settings"]
    names = [name for name in now if name != "settings" and before.get(name) != now[name]]
    return names + [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
