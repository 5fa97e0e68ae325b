"""What a process of ours takes: to start, to the first word, in memory, and over many questions."""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from figures import Figures, Line, column, seconds_line
from measuring import Row, alone, peak_mb, timed
from workbench import Workbench, opened, write

from qa.engine.decoding import LlamaEngine
from qa.engine.generation import DecodingOptions, Message, Role
from qa.settings import Settings

STARTS = 10
COLD_STARTS = 3
COLD = Path(__file__).with_name("cold.py")

MEMORY_CONTEXT = 4096
MEMORY_GOAL_MB = 600

LEAK_QUESTIONS = 200
LEAK_EVERY = 20
LEAK_GOAL_MB = 5
"""Growth over 100 questions that counts as flat: one answer's worth of strings is a thousandth."""


def measure_help(bench: Workbench) -> None:
    """Seconds of `qa --help`."""
    figures = Figures(bench.out, "help")
    for number in range(len(figures.rows()), bench.quick or STARTS):
        figures.add(str(number), seconds=_run_qa(bench, "--help"))


def tell_help(rows: Sequence[Row]) -> list[Line]:
    """See measure_help."""
    line = seconds_line("`qa --help`", column(rows, "seconds"))
    return [_below(line, float(np.median(column(rows, "seconds"))), 0.3, "s")]


def measure_cold(bench: Workbench) -> None:
    """A first question in a new process, step by step, and the whole of a real `qa ask`.

    The files are in the system's cache; nothing else is.
    """
    figures = Figures(bench.out, "cold")
    for number in range(len(figures.rows()), bench.quick or COLD_STARTS):
        question = bench.questions[number].question
        told = subprocess.run(
            [sys.executable, str(COLD), question, str(time.time())],
            env=_environment(bench),
            check=True,
            capture_output=True,
            text=True,
        )
        steps = json.loads(told.stdout)
        figures.add(str(number), **steps, whole_s=_run_qa(bench, "ask", question))


def tell_cold(rows: Sequence[Row]) -> list[Line]:
    """See measure_cold."""
    steps = [name for name in rows[0] if name.endswith("_s") and name not in ("whole_s", "first_s")]
    return [
        seconds_line("cold `qa ask` to the first token", column(rows, "first_s")),
        *(
            seconds_line(f"– {name.removesuffix('_s').replace('_', ' ')}", column(rows, name))
            for name in steps
        ),
        seconds_line("a real `qa ask`, start to end", column(rows, "whole_s")),
    ]


def measure_memory(bench: Workbench) -> None:
    """The most memory of a process that loads the model, reads a long prompt and writes."""
    figures = Figures(bench.out, "memory")
    if not figures.rows():
        figures.add(
            "engine",
            file_mb=bench.model.stat().st_size / 1e6,
            **alone(_fill_context, bench.settings, bench.model),
        )


def tell_memory(rows: Sequence[Row]) -> list[Line]:
    """See measure_memory."""
    row = rows[-1]
    beyond = row["peak_mb"] - row["file_mb"]
    return [
        Line(
            f"memory at {MEMORY_CONTEXT} tokens beyond the model file",
            f"{beyond:.0f} MB",
            f"{row['peak_mb']:.0f} MB at most, the file {row['file_mb']:.0f} MB",
            f"≤ {MEMORY_GOAL_MB} MB",
            beyond <= MEMORY_GOAL_MB,
        )
    ]


def measure_leak(bench: Workbench) -> None:
    """Memory in use each LEAK_EVERY of LEAK_QUESTIONS questions; it starts anew if interrupted.

    Over one passage each: whatever leaks does so for each question, and this takes a third of the
    time.
    """
    figures = Figures(bench.out, "leak")
    if not figures.rows():
        for row in alone(_ask_many, bench)["rows"]:
            figures.add(**row)


def tell_leak(rows: Sequence[Row]) -> list[Line]:
    """The slope of a straight line through what is in use, the first LEAK_EVERY left out."""
    later = rows[1:] if len(rows) > 2 else rows
    asked, used = column(later, "asked"), column(later, "used_mb")
    slope = float(np.polyfit(asked, used, 1)[0]) * 100 if len(later) > 1 else 0.0
    line = Line(
        "memory growth over 100 questions",
        f"{slope:+.1f} MB",
        f"{used[0]:.0f} MB after {asked[0]:.0f} questions, {used[-1]:.0f} after {asked[-1]:.0f}",
    )
    return [_below(line, slope, LEAK_GOAL_MB, "MB")]


def _below(line: Line, value: float, most: float, unit: str) -> Line:
    return Line(line.measure, line.value, line.spread, f"≤ {most} {unit}", value <= most)


def _fill_context(settings: Settings, model: Path) -> Row:
    """In a process of its own: a context that is full but for the answer."""
    with closing(
        LlamaEngine(
            model, name=settings.model, context_tokens=MEMORY_CONTEXT, threads=settings.threads
        )
    ) as engine:
        load_mb = peak_mb()
        sentence = "The canal was closed for six days and reopened on Monday. "
        text = sentence
        while engine.count_tokens([Message(Role.USER, (text + sentence * 10,))]) < 4000:
            text += sentence * 10
        written = write(engine, [Message(Role.USER, (text,))], DecodingOptions(32))
    return {
        "prompt_tokens": written.finished.prompt_tokens,
        "load_mb": load_mb,
        "peak_mb": peak_mb(),
    }


def _ask_many(bench: Workbench) -> Row:
    """In a process of its own: the questions again and again, each time in another order."""
    order = random.Random(0)
    rows = []
    wanted = LEAK_EVERY * bench.quick if bench.quick else LEAK_QUESTIONS
    with opened(bench, passages=1) as parts:
        asked = 0
        while asked < wanted:
            for question in order.sample(bench.questions, len(bench.questions)):
                parts.assistant.answer(question.question)
                asked += 1
                if asked % LEAK_EVERY == 0:
                    rows.append({"row_id": str(asked), "asked": asked, "used_mb": _used_mb()})
                    print(f"leak: {asked} asked", file=sys.stderr, flush=True)
                if asked == wanted:
                    break
    return {"rows": rows}


def _used_mb() -> float:
    """The memory that this process has in use now."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024 / 1e6


def _run_qa(bench: Workbench, *arguments: str) -> float:
    """Seconds of one command."""
    program = Path(sys.executable).with_name("qa")
    seconds, _ = timed(
        lambda: subprocess.run(
            [program, *arguments], env=_environment(bench), check=True, capture_output=True
        )
    )
    return seconds


def _environment(bench: Workbench) -> dict[str, str]:
    """The environment of a command that shall use the same library."""
    return {
        **os.environ,
        "QA_HOME": str(bench.settings.home),
        "QA_INDEX_DIR": str(bench.settings.index_dir),
    }
