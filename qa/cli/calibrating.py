"""`qa calibrate`."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli.flags import AsJson, CollectionFlag, settings_with
from qa.cli.terminal import out, pace, paced_progress, print_columns, print_json

if TYPE_CHECKING:
    from qa.evaluating.calibrating import Asked
    from qa.evaluating.calibration import Judged, Worth
    from qa.evaluating.weighing import AtBar
    from qa.service.calibrating import Step
    from qa.settings import Settings


def calibrate(
    questions: Annotated[
        list[Path] | None,
        typer.Option("--questions", help="A question set of yours; may be given several times."),
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Go back to the numbers that come with the program.")
    ] = False,
    collection: CollectionFlag = None,
    as_json: AsJson = False,
) -> None:
    """Fit how likely an answer is taken to be: for your encoders, and by questions of your own.

    It asks a fixed set, and the questions that you accepted in a review, whose answers you judged
    at the page, or that you name here; no language model is needed. What came of a question is
    kept, so an interrupted run goes on when it is started again. What is fitted is used if it is
    no worse.
    """
    from qa.evaluating.calibration_file import forget_calibrations
    from qa.service.calibrating import ask_all, fit_home, own_questions

    settings = settings_with(collection=collection)
    if forget:
        there = forget_calibrations(settings.home)
        had = "Your own numbers are gone" if there else "There are no numbers of your own"
        out.print(f"{had}: those that come with the program are in use.")
        return
    own = own_questions(settings, questions or ())
    with _progress() as report:
        asked = ask_all(settings, own, report)
    judged = fit_home(settings, asked, datetime.now(UTC).date())
    if as_json:
        print_json(_object(settings, asked, judged))
    elif judged:
        _print(settings, asked, judged)
    else:
        _print_too_few(asked)


@contextmanager
def _progress() -> Iterator["Callable[[Step], None]"]:
    """A bar on stderr with the rate of this session and the time left."""
    with paced_progress() as progress:
        task = progress.add_task("Calibrating", total=None, pace="")
        started = time.monotonic()

        def report(step: "Step") -> None:
            rate = step.asked / (time.monotonic() - started) if step.asked else None
            left = (step.total - step.done) / rate if rate else None
            progress.update(task, completed=step.done, total=step.total, pace=pace(rate, left))

        yield report


def _print(settings: "Settings", asked: "Sequence[Asked]", judged: "Judged") -> None:
    kept = judged.calibration
    out.print(
        f"{kept.questions} questions, {kept.own} of them yours. Of {kept.judged_on} "
        f"{'of yours' if kept.judged_on == kept.own else 'in all'}, each judged by numbers that "
        "were fitted without it:"
    )
    print_columns(
        [
            ("numbers", "AUROC", "log loss", "answerable refused", "unanswerable told"),
            _row("shipped", kept.shipped, judged.bar_shipped, judged),
            _row("fitted here", kept.fitted, judged.bar_fitted, judged),
        ]
    )
    out.print(
        f"Refused is what is less likely than refuse_below = {settings.refuse_below:g}. On the set "
        f"that comes with the program: AUROC {judged.fixed_shipped:.3f} shipped, "
        f"{judged.fixed_fitted:.3f} fitted here."
    )
    if kept.in_use:
        out.print("In use from now on: they are no worse. Go back with: qa calibrate --forget")
    else:
        out.print("Not in use: they are worse than the numbers that come with the program.")


def _row(name: str, worth: "Worth", bar: "AtBar", judged: "Judged") -> tuple[str, ...]:
    return (
        name,
        f"{worth.auroc:.3f}",
        f"{worth.loss:.3f}",
        f"{bar.refused_answerable} of {judged.answerable}",
        f"{judged.unanswerable - bar.refused_unanswerable} of {judged.unanswerable}",
    )


def _print_too_few(asked: "Sequence[Asked]") -> None:
    from qa.answering.confidence import shipped
    from qa.evaluating.calibration import LEAST, auroc

    own = [one for one in asked if one.own and one.signals]
    right = sum(one.right for one in own)
    fixed = auroc([one for one in asked if not one.own], shipped())
    out.print(
        "Nothing was fitted. The numbers that come with the program were fitted with your encoders "
        f"(on its own set: AUROC {fixed:.3f}); to move them, at least {LEAST} questions of yours "
        f"are needed that are answered by what is found, and {LEAST} that are not. There are "
        f"{right} and {len(own) - right}. Name some with: qa calibrate --questions FILE"
    )


def _object(
    settings: "Settings", asked: "Sequence[Asked]", judged: "Judged | None"
) -> dict[str, Any]:
    from qa.evaluating.calibration_file import calibration_object

    own = sum(one.own for one in asked)
    if judged is None:
        return {"questions": len(asked), "own": own, "fitted": None, "in_use": False}
    return {
        **calibration_object(judged.calibration),
        "refuse_below": settings.refuse_below,
        "bar_shipped": asdict(judged.bar_shipped),
        "bar_fitted": asdict(judged.bar_fitted),
        "fixed_auroc_shipped": judged.fixed_shipped,
        "fixed_auroc_fitted": judged.fixed_fitted,
    }
