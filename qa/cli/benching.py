"""`qa bench`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from qa.cli.flags import AsJson, settings_with
from qa.cli.terminal import print_columns, print_json, question_progress, say

if TYPE_CHECKING:
    from qa.errors import ModelError
    from qa.evaluating.benching import BenchRow


def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="Models that are here; default: all of them.")
    ] = None,
    again: Annotated[bool, typer.Option(help="Measure anew what is kept already.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask every model that is here the same twenty questions: speed, memory, right answers.

    What is measured is kept, so an interrupted bench goes on with the next model when it is started
    again. The page's Settings show it.
    """
    from qa.errors import ModelError
    from qa.evaluating.benching import bench_questions
    from qa.service.benching import bench_models, models_here

    settings = settings_with()
    named = names or models_here(settings)
    if not named:
        raise ModelError("No language model is here. Get one: qa models pull")
    questions = bench_questions()
    failures: list[ModelError] = []

    def failed(name: str, error: "ModelError") -> None:
        failures.append(error)
        say(f"[yellow]warning[/yellow] {escape(name)} is left out: {escape(str(error))}")

    with question_progress() as progress:
        task = progress.add_task("", total=len(questions))

        def asked(name: str, done: int) -> None:
            progress.update(task, completed=done, description=escape(name))

        benched = bench_models(settings, named, questions, again=again, asked=asked, failed=failed)
        rows = list(benched)
    if failures and not rows:
        raise failures[-1]
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        print_columns(_table(rows))


def _table(rows: "Sequence[BenchRow]") -> list[tuple[str, ...]]:
    heads = ("model", "size", "memory", "reads/s", "writes/s", "right", "wrote right", "an answer")
    return [
        heads,
        *(
            (
                row.model,
                f"{row.size_bytes / 1e6:,.0f} MB",
                "" if row.memory_bytes is None else f"{row.memory_bytes / 1e6:,.0f} MB",
                _rate(row.read_per_s),
                _rate(row.written_per_s),
                f"{row.right} of {row.questions}",
                f"{row.wrote_right} of {row.questions}",
                f"{row.seconds:.1f} s",
            )
            for row in rows
        ),
    ]


def _rate(per_s: float | None) -> str:
    return "" if per_s is None else f"{per_s:.0f}"
