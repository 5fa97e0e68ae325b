"""How fast the engine answers, as ratios inside one run, on the default model over seeds/.

    python bench/engine.py [--parts first-token decode …] [--quick N] [--out FOLDER]

Writes bench/engine.md, except what stands there from "## What was tried" on, and prints it. What is
asked: thirty questions that stand alone, ten follow-ups (`workbench.py`). The parts:

- first-token: from the messages handed to the engine, its cells empty, to the first token, against
  `llama_decode` of the same tokens in 128s on a fresh memory, in turn.
- follow-up: its first token against that of the question before it.
- decode: tokens a second, first to last, against `Llama.create_completion` on the same tokens.
- answer: whole answers against the stock recipe (`stock.py`), and how many are right.
- memory: the most a process has that loads the model and fills 4,096 tokens.
- help: `qa --help`.
- cold: `qa ask` in a new process to its first token, step by step.
- batch: whether several questions at once could gain, by arithmetic from measured steps.
- alternating: two conversations in turn, with earlier states kept and without.
- typing: Enter to the first token where the question was typed at 40 words a minute (real time).
- leak: memory over 200 questions in a row.

Raw figures go to --out, a JSON line as soon as each is measured, so that an interrupted run goes
on; the default folder is named after the code of qa/, so that changed code is measured anew. With
--quick, the first N questions of each part, and bench/engine.md is left as it is. An hour and more.
"""

import argparse
import hashlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import decoding_speed
import processes
import reading_speed
import stock
import typing_ahead
from figures import Figures, Line, table
from measuring import Row
from workbench import Workbench

import qa
from qa.settings import load_settings

REPORT = Path(__file__).with_suffix(".md")
KEPT_FROM = "## What was tried"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the benchmark: how its raw figures are made, and the lines that tell of them."""

    measure: Callable[[Workbench], None]
    tell: Callable[[Sequence[Row]], list[Line]]


PARTS = {
    "first-token": Part(reading_speed.measure_first_token, reading_speed.tell_first_token),
    "follow-up": Part(reading_speed.measure_follow_up, reading_speed.tell_follow_up),
    "decode": Part(decoding_speed.measure_decode, decoding_speed.tell_decode),
    "answer": Part(stock.measure_answer, stock.tell_answer),
    "memory": Part(processes.measure_memory, processes.tell_memory),
    "help": Part(processes.measure_help, processes.tell_help),
    "cold": Part(processes.measure_cold, processes.tell_cold),
    "batch": Part(decoding_speed.measure_batch, decoding_speed.tell_batch),
    "alternating": Part(reading_speed.measure_alternating, reading_speed.tell_alternating),
    "typing": Part(typing_ahead.measure_typing, typing_ahead.tell_typing),
    "leak": Part(processes.measure_leak, processes.tell_leak),
}


def main() -> None:
    """Measure the parts that are wanted and tell of all that have been measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    parser.add_argument("--quick", type=int, metavar="N", help="only the first N questions")
    parser.add_argument("--out", type=Path, help="folder of the raw figures")
    options = parser.parse_args()
    settings = load_settings()
    default = settings.runs_dir / f"engine-{code_digest()}{'-quick' * bool(options.quick)}"
    out = (options.out or default).absolute()
    out.mkdir(parents=True, exist_ok=True)
    print(f"raw figures: {out}", file=sys.stderr)
    bench = Workbench(load_settings(index_dir=out / "index"), out, options.quick)
    bench.index_seeds()
    for name in options.parts:
        PARTS[name].measure(bench)
    lines = [
        line
        for name, part in PARTS.items()
        if (rows := Figures(out, name).rows())
        for line in part.tell(rows)
    ]
    day = datetime.now().astimezone().date()
    report = f"# The engine, measured\n\n{day}, {bench.machine()}. Made by `bench/engine.py`.\n\n"
    whole = not options.quick and all(Figures(out, name).rows() for name in PARTS)
    publish(report + table(lines), keep=whole)


def code_digest() -> str:
    """Eight hexadecimal digits for the code of qa/."""
    digest = hashlib.sha256()
    for file in sorted(Path(qa.__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def publish(report: str, *, keep: bool) -> None:
    """Print the report; one that is whole also takes the place of the last."""
    print(report)
    if keep:
        before = REPORT.read_text(encoding="utf-8") if REPORT.is_file() else ""
        _, heading, kept = before.partition(KEPT_FROM)
        REPORT.write_text(f"{report}\n{heading}{kept}", encoding="utf-8")


if __name__ == "__main__":
    main()
