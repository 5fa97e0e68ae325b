"""`qa compare`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from qa.cli.columns import aligned
from qa.cli.flags import AsJson
from qa.cli.terminal import out, print_json, say

if TYPE_CHECKING:
    from qa.evaluating.comparing import Condition, Difference
    from qa.evaluating.finished_run import FinishedRun

DEFAULT_BY = "right"


def compare_runs(
    first: Annotated[Path, typer.Argument(help="The run folder to compare with.")],
    others: Annotated[list[Path], typer.Argument(help="The runs to be compared with it.")],
    by: Annotated[
        str, typer.Option(help="The measure whose wins and losses are listed by question.")
    ] = DEFAULT_BY,
    fail_if: Annotated[
        list[str] | None,
        typer.Option(help='Exit with 1 if a difference is so: "answer_f1 < -0.02". Repeatable.'),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Which run is better at what, with intervals; all must be over the same questions."""
    from qa.evaluating.comparing import compare, ensure_same_questions
    from qa.evaluating.finished_run import read_run

    conditions = [_condition(text) for text in fail_if or ()]
    runs = [read_run(folder) for folder in (first, *others)]
    ensure_same_questions(runs)
    compared = [(other, compare(runs[0], other)) for other in runs[1:]]
    failed = [
        line
        for other, differences in compared
        for line in _failures(conditions, differences, other.folder)
    ]
    if as_json:
        print_json(_object(runs[0], compared, failed))
    else:
        for other, differences in compared:
            _print(runs[0], other, differences, by)
    for line in failed:
        say(f"qa: {escape(line)}")
    if failed:
        raise typer.Exit(1)


def _condition(text: str) -> "Condition":
    from qa.evaluating.comparing import parse_condition

    try:
        return parse_condition(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--fail-if") from error


def _failures(
    conditions: "list[Condition]", differences: "tuple[Difference, ...]", folder: Path
) -> list[str]:
    """A line for each condition that holds; RunError where a measure was not taken in both."""
    from qa.errors import RunError

    by_name = {one.definition.name: one.difference for one in differences}
    lines = []
    for condition in conditions:
        if condition.measure not in by_name:
            raise RunError(
                f"{condition.measure} was not measured in both runs, so --fail-if cannot be "
                f"judged. Measured were: {', '.join(by_name)}."
            )
        difference = by_name[condition.measure]
        if condition.holds(difference):
            lines.append(f"{folder}: the difference in {condition.measure} is {difference:+.3f}, "
                         f"which --fail-if \"{condition}\" does not allow.")  # fmt: skip
    return lines


def _print(
    first: "FinishedRun", other: "FinishedRun", differences: "tuple[Difference, ...]", by: str
) -> None:
    from qa.evaluating.comparing import SIGNIFICANT, settings_that_differ

    out.print(
        f"[bold]A[/bold] {escape(str(first.folder))}\n[bold]B[/bold] {escape(str(other.folder))}"
    )
    for name, (before, after) in settings_that_differ(first, other).items():
        out.print(escape(f"  {name}: {before} → {after}"))
    differing = [one for one in differences if one.won or one.lost]
    heads = ("measure", "A", "B", "B − A", "95% interval", "p", "n", "won", "lost")
    lines = aligned([heads, *(_cells(one) for one in differing)])
    out.print(Text(lines[0], style="bold"))
    for one, line in zip(differing, lines[1:], strict=True):
        out.print(Text(line, style={1: "green", -1: "red", 0: ""}[one.verdict]))
    same = ", ".join(one.definition.name for one in differences if one not in differing)
    out.print(Text(f"The same on every question: {same or 'nothing'}.", style="dim"))
    for verdict, words in ((1, "B is better at"), (-1, "B is worse at")):
        names = ", ".join(one.definition.name for one in differences if one.verdict == verdict)
        out.print(f"[bold]{words}[/bold] {names or 'nothing'} (p < {SIGNIFICANT}).")
    _print_questions(first, other, differences, by)


def _cells(one: "Difference") -> tuple[str, ...]:
    return (
        one.definition.name,
        f"{one.first:.3f}",
        f"{one.other:.3f}",
        f"{one.difference:+.3f}",
        f"{one.low:+.3f} to {one.high:+.3f}",
        f"{one.p:.3f}",
        str(one.count),
        str(len(one.won)),
        str(len(one.lost)),
    )


def _print_questions(
    first: "FinishedRun", other: "FinishedRun", differences: "tuple[Difference, ...]", by: str
) -> None:
    """The questions that were won and lost, with how they ended in either run."""
    from qa.errors import RunError

    chosen = next((one for one in differences if one.definition.name == by), None)
    if chosen is None and by != DEFAULT_BY:
        raise RunError(f"{by} was not measured in both runs. Name another measure by --by.")
    chosen = chosen or differences[0]  # the search alone was run
    for words, ids in (("won", chosen.won), ("lost", chosen.lost)):
        out.print(f"\n[bold]{len(ids)} {words}[/bold] by {chosen.definition.name}")
        for id_ in ids:
            before, after = first.lines[id_], other.lines[id_]
            out.print(escape(f"  {id_}  {before.question}  ({before.outcome} → {after.outcome})"))
    out.print()


def _object(
    first: "FinishedRun",
    compared: "list[tuple[FinishedRun, tuple[Difference, ...]]]",
    failed: list[str],
) -> dict[str, Any]:
    from qa.evaluating.comparing import settings_that_differ

    return {
        "first": str(first.folder),
        "questions": len(first.lines),
        "comparisons": [
            {
                "other": str(other.folder),
                "settings": {
                    name: list(pair) for name, pair in settings_that_differ(first, other).items()
                },
                "measures": {one.definition.name: _difference(one) for one in differences},
            }
            for other, differences in compared
        ],
        "failed": failed,
    }


def _difference(one: "Difference") -> dict[str, Any]:
    return {
        "first": one.first,
        "other": one.other,
        "difference": one.difference,
        "interval": [one.low, one.high],
        "p": one.p,
        "count": one.count,
        "won": list(one.won),
        "lost": list(one.lost),
    }
