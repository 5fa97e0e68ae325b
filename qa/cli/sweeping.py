"""`qa sweep`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from qa.cli.evaluating import run_questions
from qa.cli.flags import AsJson, CollectionFlag, settings_with
from qa.cli.terminal import out, print_columns, print_json, say
from qa.files import write_whole

if TYPE_CHECKING:
    from qa.evaluating.metrics import Measure
    from qa.evaluating.sweeping import Swept
    from qa.settings import Settings


def sweep(
    file: Annotated[Path, typer.Argument(help="The grid: questions, and settings to combine.")],
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="The sweep's folder; default: its name, in runs/.")
    ] = None,
    collection: CollectionFlag = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question set under every combination of some settings; what is done is kept.

    Each combination is a run of its own, which qa compare can read. Combinations with the same
    passages share one index. Interrupted, it goes on where it stopped when started again.
    """
    from qa.evaluating.foreign_sets import load_question_set
    from qa.evaluating.measure_tables import render_sweep
    from qa.evaluating.questions import select
    from qa.evaluating.run_folder import folder_errors
    from qa.evaluating.sweeping import (
        CHUNKING,
        Swept,
        combination_names,
        idle_settings,
        read_sweep,
    )
    from qa.settings import MAIN

    told = read_sweep(file)
    for idle in idle_settings(told):
        say(f"[yellow]warning[/yellow] {idle} changes nothing where retrieval alone is run.")
    settings = settings_with(collection=collection)
    folder = (out_dir or settings.runs_dir / file.stem).absolute()
    asked = select(
        load_question_set(told.questions),
        tags=told.tags,
        sample=told.sample,
        seed=told.seed,
        limit=told.limit,
    )
    # every combination is checked before the first is asked
    planned = [(one, settings_with(collection=collection, **one)) for one in told.combinations]
    roots = _roots(settings)
    swept: list[Swept] = []
    made: dict[str, Path] = {}
    names = combination_names(told.combinations)
    chunkings = combination_names(
        [{name: getattr(changed, name) for name in CHUNKING} for _, changed in planned]
    )
    for number, (combination, changed) in enumerate(planned):
        name, chunking = names[number], chunkings[number]
        say(f"[dim]{number + 1} of {len(planned)}: {escape(name)}[/dim]")
        if chunking not in made:
            made[chunking] = _index(changed, roots, folder / "index" / chunking)
        own = settings_with(**combination, collection=MAIN, index="", index_dir=made[chunking])
        result = run_questions(
            asked, own, folder / name, retrieval_only=told.retrieval_only, resume=True
        )
        measures = {one.name: one for one in result.measures}
        swept.append(Swept(combination, folder / name, measures))
        with folder_errors(folder):
            write_whole(folder / "sweep.html", render_sweep(file.stem, swept).encode())
    if as_json:
        print_json([_object(one) for one in swept])
    else:
        _print(swept)
        out.print(f"Report: {escape(str(folder / 'sweep.html'))}")


def _roots(settings: "Settings") -> tuple[Path, ...]:
    """The folders that the library was made from."""
    from qa.library.places import open_library

    with open_library(settings) as store:
        return store.roots()


def _index(settings: "Settings", roots: Sequence[Path], index_dir: Path) -> Path:
    """The folder, with an index of passages as these settings cut them; made if it is not there."""
    from qa.cli.indexing import index_progress
    from qa.library.indexing import index_folders
    from qa.library.store import Store
    from qa.service.opening import open_embedder, open_ocr

    index_dir.mkdir(parents=True, exist_ok=True)
    with Store.create(index_dir) as store, index_progress() as report:
        index_folders(
            roots,
            store,
            open_embedder(settings),
            settings.passage_tokens,
            report,
            embedder_name=settings.embedder,
            ocr=open_ocr(settings),
        )
    return index_dir


def _print(swept: "Sequence[Swept]") -> None:
    """Every combination with what it is judged by; a star where none beats it in both."""
    from qa.evaluating.sweeping import best_for_their_time

    best = best_for_their_time(swept)
    quality = next((one.quality.name for one in swept if one.quality), "quality")
    heads = [*swept[0].combination, quality, "95% interval", "n"]
    timed = any(one.seconds for one in swept)
    rows = [heads + ["s a question", "95% interval", "best"] * timed]
    for one in swept:
        measure, seconds = one.quality, one.seconds
        row = [str(value) for value in one.combination.values()]
        row += _figures(measure, 3)
        if timed:
            row += [*_figures(seconds, 1)[:2], "★" if one in best else ""]
        rows.append(row)
    print_columns(rows)


def _figures(measure: "Measure | None", digits: int) -> list[str]:
    """Its value, interval and number of questions."""
    if measure is None:
        return ["–"] * 3
    value, low, high = (f"{x:.{digits}f}" for x in (measure.value, measure.low, measure.high))
    return [value, f"{low} to {high}", str(measure.count)]


def _object(one: "Swept") -> dict[str, Any]:
    from qa.evaluating.finished_runs import measures_object

    return {
        "settings": dict(one.combination),
        "folder": str(one.folder),
        "measures": measures_object(one.measures.values()),
    }
