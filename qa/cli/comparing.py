"""`qa compare`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from qa.cli.flags import AsJson
from qa.cli.terminal import aligned, out, print_json, say

if TYPE_CHECKING:
    from qa.evaluating.comparing import Condition, Difference
    from qa.evaluating.finished_runs import FinishedRun

DEFAULT_BY = "right"

MAIN, OTHERS = "Main measures", "Other measures"


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
    from qa.evaluating.finished_runs import read_run

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
    first: "FinishedRun",
    other: "FinishedRun",
    differences: "tuple[Difference, ...]",
    by: str,
) -> None:
    from qa.evaluating.comparing import settings_that_differ

    out.print(f"[bold]A[/bold] {escape(str(first.folder))}")
    out.print(f"[bold]B[/bold] {escape(str(other.folder))}")
    for name, (before, after) in settings_that_differ(first, other).items():
        out.print(escape(f"  {name}: {before} → {after}"))
    _print_measures(differences)
    _print_questions(first, other, differences, by)


def _print_measures(differences: "tuple[Difference, ...]") -> None:
    """The main measures by who is better at them, then the rest of those that differ alike."""
    from qa.evaluating.comparing import SIGNIFICANT

    heads = (OTHERS, "A", "B", "B − A", "95% interval", "p", "corrected", "n", "won", "lost")
    shown = [one for one in differences if one.main or one.differs]
    head, *lines = aligned([heads, *(_cells(one) for one in shown)])
    rows = list(zip(shown, lines, strict=True))
    for kind, main in ((MAIN, True), (OTHERS, False)):
        if any(one.main is main for one in shown):
            titled = head.replace(OTHERS, kind.ljust(len(OTHERS)))
            out.print(Text(f"\n{titled}", style="bold"))
        for verdict, words, style in (
            (1, "B is better at", "green"),
            (-1, "B is worse at", "red"),
            (0, "No clear difference in", ""),
        ):
            group = [line for one, line in rows if one.main is main and one.verdict == verdict]
            if group:
                out.print(Text("\n".join((words, *group)), style=style))
    same = ", ".join(one.definition.name for one in differences if one not in shown)
    if same:
        out.print(Text(f"The same on every question: {same}", style="dim"))
    tested = [sum(one.differs for one in differences if one.main is main) for main in (True, False)]
    out.print(Text(
        f"\nBetter and worse are told where the corrected p is below {SIGNIFICANT}. p: how often "
        "chance alone makes a difference as large; corrected: for the many that were tested "
        f"(Holm), the {tested[0]} main measures that differ anywhere, and the {tested[1]} others. "
        "n: the questions that have a score in both runs.",
        style="dim",
    ))  # fmt: skip


def _cells(one: "Difference") -> tuple[str, ...]:
    from qa.evaluating.metrics import Unit

    digits = {Unit.SECONDS: 2, Unit.TOKENS: 0}.get(one.definition.unit, 3)
    return (
        f"  {one.definition.name}",
        f"{one.first:.{digits}f}",
        f"{one.other:.{digits}f}",
        f"{one.difference:+.{digits}f}",
        f"{one.low:+.{digits}f} to {one.high:+.{digits}f}",
        _probability(one.p),
        _probability(one.corrected),
        str(one.count),
        str(len(one.won)),
        str(len(one.lost)),
    )


def _probability(p: float) -> str:
    return "<0.001" if p < 0.001 else f"{p:.3f}"


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
        "corrected_p": one.corrected,
        "count": one.count,
        "won": list(one.won),
        "lost": list(one.lost),
    }
