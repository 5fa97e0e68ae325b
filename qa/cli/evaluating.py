"""`qa eval`."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from qa.cli.columns import aligned
from qa.cli.flags import CollectionFlag, ModelFlag, settings_with
from qa.cli.terminal import err, out, step_progress

if TYPE_CHECKING:
    from qa.evaluating.questions import Question
    from qa.evaluating.runs import RunResult
    from qa.library.store import Store
    from qa.settings import Settings


def evaluate_questions(
    questions: Annotated[Path, typer.Argument(help="A question set, JSON Lines.")],
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="Run folder; default: a new one in runs/.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    retrieval_only: Annotated[bool, typer.Option(help="Measure the search alone.")] = False,
    resume: Annotated[bool, typer.Option(help="Go on with an interrupted run.")] = False,
    collection: CollectionFlag = None,
    model: ModelFlag = None,
) -> None:
    """Answer a question set; write predictions, measures and a report."""
    from qa.evaluating.questions import load_questions
    from qa.evaluating.runs import RunProgress, evaluate
    from qa.library.store import Store
    from qa.opening import open_assistant

    settings = settings_with(model=model, collection=collection)
    asked = load_questions(questions)[:limit]
    folder = out_dir or _new_folder(settings.runs_dir, questions.stem)
    with (
        Store.open(settings.library_dir) as store,
        open_assistant(settings, with_model=not retrieval_only) as assistant,
        step_progress("questions") as progress,
    ):
        _warn_of_missing_articles(asked, store)
        task = progress.add_task("Evaluating", total=len(asked))

        def article_text(article_id: str) -> str | None:
            article = store.article(article_id)
            return article.text if article else None

        def report(step: RunProgress) -> None:
            score = "" if step.score is None else f" · {step.score_name} {step.score:.2f}"
            failed = f" · {step.errors} errors" if step.errors else ""
            progress.update(task, completed=step.done, description=f"Evaluating{score}{failed}")

        result = evaluate(
            asked,
            assistant,
            article_text,
            folder,
            retrieval_only=retrieval_only,
            resume=resume,
            config=_run_config(settings, store),
            report=report,
        )
    _print_result(result)


def _print_result(result: "RunResult") -> None:
    rows = [("measure", "value", "95% interval", "questions")]
    rows += [
        (one.name, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}", str(one.count))
        for one in result.measures
    ]
    for line in aligned(rows):
        out.print(line, markup=False)
    out.print(f"Report: {result.folder / 'report.html'}")
    if result.failed:
        err.print(f"[yellow]warning[/yellow] {result.failed} questions ended in an error.")
    if result.unlocated:
        err.print(
            f"[yellow]warning[/yellow] {len(result.unlocated)} questions have a quote that stands "
            f"in none of their articles, {escape(result.unlocated[0])} for one."
        )


def _new_folder(runs_dir: Path, name: str) -> Path:
    """A folder named after the question set and the time; `--out` is for those who resume."""
    return runs_dir / f"{name}-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"


def _run_config(settings: "Settings", store: "Store") -> dict[str, Any]:
    """What decides the answers besides the questions: a resumed run must have the same."""
    deciding = (
        "embedder",
        "context_tokens",
        "max_answer_tokens",
        "passages",
        "passage_tokens",
        "relevance_floor",
        "refuse_below",
    )
    return {name: getattr(settings, name) for name in deciding} | {
        "library": store.library_id(),
        "generation": store.generation(),
    }


def _warn_of_missing_articles(asked: "Sequence[Question]", store: "Store") -> None:
    """Say when the library is not the one that the questions were made for."""
    here = {article.id for article in store.articles()}
    named = {article_id for question in asked for article_id in question.articles}
    missing = sorted(named - here)
    if missing:
        err.print(
            f"[yellow]warning[/yellow] {len(missing)} of the {len(named)} articles that the "
            f"questions rest on are not in the library, {escape(missing[0])} for one. "
            "Index their folder first: qa index FOLDER"
        )
