"""`qa runs`: what earlier runs of qa eval came to."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from qa.cli.flags import AsJson, settings_with
from qa.cli.terminal import out, print_columns, print_json, say
from qa.files import write_whole

if TYPE_CHECKING:
    from qa.evaluating.comparing import Difference
    from qa.evaluating.finished_runs import History, PastRun

LISTED = ("right", "recall@5", "total_s_p50")

runs_app = typer.Typer(help="Look back on the runs of qa eval.", no_args_is_help=True)


@runs_app.command("list")
def list_runs(as_json: AsJson = False) -> None:
    """The finished runs, the newest first; `set` is the same where the questions are."""
    history = _history()
    newest_first = history.runs[::-1]
    if as_json:
        print_json([_object(one) for one in newest_first])
        return
    rows = [["run", "begun", "set", "questions", "model", *LISTED]]
    rows += [
        [
            one.folder.name,
            one.started[:16].replace("T", " "),
            one.questions_digest[:6],
            str(one.questions),
            one.model,
            *(
                f"{one.measures[name].value:.3f}" if name in one.measures else "–"
                for name in LISTED
            ),
        ]
        for one in newest_first
    ]
    print_columns(rows)


@runs_app.command("last")
def last_run(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="In GitHub's Markdown, for a job's summary.")
    ] = False,
) -> None:
    """The newest run beside the one before it over the same questions."""
    from qa.evaluating.comparing import compare
    from qa.evaluating.finished_runs import markdown as in_markdown
    from qa.evaluating.finished_runs import read_run

    history = _history()
    run = history.runs[-1]
    before = next(iter(history.over_the_same(run)[-2:-1]), None)
    finished = read_run(run.folder)
    if before is None:
        rows = _alone(run)
    else:
        rows = [_beside(one) for one in compare(read_run(before.folder), finished) if one.main]
    counts = Counter(line.outcome for line in finished.lines.values())
    if markdown:
        typer.echo(in_markdown(run, before, rows, dict(counts.most_common())), nl=False)
        return
    out.print(escape(str(run.folder)))
    out.print(escape(f"beside {before.folder}") if before else "the first over these questions")
    print_columns(rows)
    for outcome, count in counts.most_common():
        out.print(f"{count} {outcome}", markup=False)


@runs_app.command("trend")
def trend(
    path: Annotated[
        Path | None, typer.Option("--out", help="The page to write; default: trend.html in runs/.")
    ] = None,
) -> None:
    """Write a page that draws the runs over each set, one behind the other."""
    from qa.evaluating.measure_tables import render_trend
    from qa.evaluating.run_folder import folder_errors

    page = render_trend(_history()).encode()
    path = path or settings_with().runs_dir / "trend.html"
    with folder_errors(path.parent):
        write_whole(path, page)
    out.print(f"Trend: {escape(str(path))}")


def _history() -> "History":
    """The runs of this home; RunError where there is none. Those that cannot be read are named."""
    from qa.errors import RunError
    from qa.evaluating.finished_runs import read_history

    runs_dir = settings_with().runs_dir
    history = read_history(runs_dir)
    for folder in history.damaged:
        say(f"[yellow]warning[/yellow] {escape(str(folder))} cannot be read and is left out.")
    if not history.runs:
        raise RunError(f"There is no finished run in {runs_dir}. Make one: qa eval QUESTIONS")
    return history


def _alone(run: "PastRun") -> list[list[str]]:
    from qa.evaluating.metrics import HEADLINES

    known = [run.measures[name] for name in HEADLINES if name in run.measures]
    return [[one.name, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}"] for one in known]


def _beside(one: "Difference") -> list[str]:
    return [
        one.definition.name,
        f"{one.first:.3f}",
        f"{one.other:.3f}",
        f"{one.difference:+.3f}",
        f"{one.low:+.3f} to {one.high:+.3f}",
        {1: "better", -1: "worse", 0: "no clear difference"}[one.verdict],
    ]


def _object(one: "PastRun") -> dict[str, object]:
    from qa.evaluating.finished_runs import measures_object

    return {
        "folder": str(one.folder),
        "started": one.started,
        "model": one.model,
        "questions": one.questions,
        "questions_sha256": one.questions_digest,
        "measures": measures_object(one.measures.values()),
    }
