"""`qa eval`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from qa.cli.flags import (
    AddressFlag,
    CollectionFlag,
    Engine,
    EngineFlag,
    ModelFlag,
    check_engine,
    settings_with,
)
from qa.cli.terminal import err, out, pace, paced_progress, print_columns, say

if TYPE_CHECKING:
    from qa.evaluating.questions import Question
    from qa.evaluating.runs import Answers, RunProgress, RunResult
    from qa.evaluating.weighing import Weighed
    from qa.library.storage import Storage
    from qa.settings import Settings

WORKERS = 2
"""While the model writes for one question, the next one's evidence is looked up. Without a model
two at a time keep two cores busy: 24 questions took 5.3 s each one by one, and 3.0 s so."""


def evaluate_questions(
    questions: Annotated[
        Path,
        typer.Argument(help="A question set: .jsonl, .csv, a SQuAD .json, or a BEIR folder."),
    ],
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="Run folder; default: a new one in runs/.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Only so many, at random.")] = None,
    seed: Annotated[int, typer.Option(help="Decides which the sample takes.")] = 0,
    tags: Annotated[
        str | None, typer.Option(metavar="TAG[,TAG]", help="Only questions with one of these.")
    ] = None,
    retrieval_only: Annotated[bool, typer.Option(help="Measure the search alone.")] = False,
    quotes_only: Annotated[
        bool, typer.Option(help="Answer with the articles' own words alone, without a model.")
    ] = False,
    resume: Annotated[
        bool, typer.Option(help="Go on with the run in --out, also with a larger --limit.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, help="Questions under way at a time; 1 times each by itself.")
    ] = WORKERS,
    risk: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Propose the refuse_below that keeps to this risk."),
    ] = None,
    engine: EngineFlag = Engine.HERE,
    address: AddressFlag = None,
    collection: CollectionFlag = None,
    model: ModelFlag = None,
) -> None:
    """Answer a question set; write predictions, measures and a report."""
    from qa.evaluating.drafts import count_drafts
    from qa.evaluating.foreign_sets import load_question_set
    from qa.evaluating.questions import how_to_accept, select
    from qa.evaluating.weighing import weighed

    if resume and out_dir is None:
        raise typer.BadParameter("name the run to go on with: --out RUN_FOLDER")
    if retrieval_only and quotes_only:
        raise typer.BadParameter("--retrieval-only answers nothing: leave --quotes-only out")
    check_engine(engine, address)
    settings = settings_with(model=model, collection=collection)
    wanted = [tag.strip() for tag in (tags or "").split(",") if tag.strip()]
    asked = select(load_question_set(questions), tags=wanted, sample=sample, seed=seed, limit=limit)
    drafts = count_drafts(questions)
    if drafts:
        say(f"{drafts} drafts are left out. {escape(how_to_accept(questions))}")
    folder = out_dir or _new_folder(settings.runs_dir, questions.stem)
    result = run_questions(
        asked,
        settings,
        folder,
        retrieval_only=retrieval_only,
        quotes_only=quotes_only,
        resume=resume,
        workers=workers,
        engine=engine,
        address=address,
    )
    _print_result(result)
    if risk is not None:
        out.print(proposal(weighed(result.judged), risk))


def run_questions(
    asked: "Sequence[Question]",
    settings: "Settings",
    folder: Path,
    *,
    retrieval_only: bool,
    quotes_only: bool = False,
    resume: bool,
    workers: int = 1,
    engine: Engine = Engine.HERE,
    address: str | None = None,
) -> "RunResult":
    """Ask the questions of the library that settings name, with a bar on stderr."""
    from qa.evaluating.runs import evaluate
    from qa.library.places import open_library

    with_model = not (retrieval_only or quotes_only)
    with (
        open_library(settings) as store,
        _asked(settings, engine, address, with_model=with_model, workers=workers) as asking,
        _progress(len(asked)) as report,
    ):
        _warn_of_missing_articles(asked, store)
        return evaluate(
            asked,
            asking.assistant,
            store.text_of,
            folder,
            retrieval_only=retrieval_only,
            resume=resume,
            config=_run_config(settings, store),
            report=report,
            workers=asking.at_once,
        )


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who is asked, and how many questions at a time."""

    assistant: "Answers"
    at_once: int


@contextmanager
def _asked(
    settings: "Settings", engine: Engine, address: str | None, *, with_model: bool, workers: int
) -> Iterator[_Asking]:
    """The assistant of this process, or those of a cluster."""
    if engine is Engine.RAY:
        from qa.cluster.asking import open_assistants

        with open_assistants(
            settings, address, with_model=with_model, at_once=workers
        ) as assistants:
            yield _Asking(assistants, assistants.questions_at_once)
    else:
        from qa.service.opening import open_assistant

        with open_assistant(settings, with_model=with_model) as assistant:
            yield _Asking(assistant, workers)


@contextmanager
def _progress(total: int) -> Iterator["Callable[[RunProgress], None]"]:
    """A bar on stderr with the running score, the errors, the rate and the time left."""
    with paced_progress() as progress:
        task = progress.add_task("Evaluating", total=total, pace="")

        def report(step: "RunProgress") -> None:
            score = "" if step.score is None else f" · {step.score_name} {step.score:.2f}"
            failed = f" · {step.errors} errors" if step.errors else ""
            progress.update(
                task,
                completed=step.done,
                description=f"Evaluating{score}{failed}",
                pace=pace(step.questions_per_s, step.seconds_left),
            )

        yield report


def _print_result(result: "RunResult") -> None:
    rows = [("measure", "value", "95% interval", "questions")]
    rows += [
        (one.name, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}", str(one.count))
        for one in result.measures
    ]
    print_columns(rows)
    _print_losses(result)
    out.print(f"Report: {result.folder / 'report.html'}")
    if result.failed:
        err.print(f"[yellow]warning[/yellow] {result.failed} questions ended in an error.")
    if result.unlocated:
        err.print(
            f"[yellow]warning[/yellow] {len(result.unlocated)} questions have a quote that stands "
            f"in none of their articles, {escape(result.unlocated[0])} for one."
        )


def _print_losses(result: "RunResult") -> None:
    from qa.evaluating.judging import losses_of

    rows = [("first step that went wrong", "questions", "right, were it mended alone")]
    rows += [
        (one.outcome.value, str(one.count), f"{one.mended:.3f}") for one in losses_of(result.judged)
    ]
    if len(rows) > 1:
        out.print()
        print_columns(rows)


def proposal(questions: "Sequence[Weighed]", risk: float) -> str:
    """The bar that keeps to a risk on these questions, and how sure that is, in one sentence."""
    from qa.evaluating.resampling import wilson
    from qa.evaluating.weighing import bar_for, sweep

    tried = [one for one in sweep(questions) if one.told]
    if not tried:
        return "No refuse_below can be proposed: nothing here was told with a confidence."
    kept = bar_for(questions, risk)
    if kept is None:
        least = min(tried, key=lambda one: one.risk)
        return (
            f"No refuse_below keeps to a risk of {risk:.1%}; the least here, {least.risk:.1%}, "
            f"comes with refuse_below = {least.bar:g}."
        )
    low, high = wilson(kept.wrong, kept.told)
    return (
        f"refuse_below = {kept.bar:g} keeps to a risk of {risk:.1%}: of {len(questions)} "
        f"questions {kept.told} are told, {kept.wrong} of them wrongly "
        f"(95% interval {low:.1%} to {high:.1%})."
    )


def _new_folder(runs_dir: Path, name: str) -> Path:
    """A folder named after the question set and the time; `--out` is for those who resume."""
    return runs_dir / f"{name}-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"


def _run_config(settings: "Settings", store: "Storage") -> dict[str, Any]:
    """What decides the answers besides the questions: a resumed run must have the same."""
    from qa.evaluating.calibration_file import weighing_in_use
    from qa.settings import DECIDING

    fitted = weighing_in_use(settings)
    numbers = {"calibration": fitted.digest} if fitted else {}
    return (
        numbers
        | {name: getattr(settings, name) for name in ("generator", *DECIDING)}
        | {
            "library": store.library_id(),
            "generation": store.generation(),
        }
    )


def _warn_of_missing_articles(asked: "Sequence[Question]", store: "Storage") -> None:
    """Say when the library is not the one that the questions were made for."""
    here = store.digests().keys()
    named = {article_id for question in asked for article_id in question.articles}
    missing = sorted(named - here)
    if missing:
        err.print(
            f"[yellow]warning[/yellow] {len(missing)} of the {len(named)} articles that the "
            f"questions rest on are not in the library, {escape(missing[0])} for one. "
            "Index their folder first: qa index FOLDER"
        )
