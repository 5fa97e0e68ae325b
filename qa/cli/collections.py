"""`qa collections`."""

from typing import Annotated

import typer
from rich.filesize import decimal
from rich.markup import escape
from rich.table import Table

from qa.cli.flags import AsJson, settings_with
from qa.cli.terminal import err, out, print_json
from qa.errors import LibraryError

collections_app = typer.Typer(help="Libraries side by side, by name.", no_args_is_help=True)


@collections_app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Every collection: articles, passages, newest date, size on disk."""
    from qa.library.places import list_libraries

    lines = list_libraries(settings_with())
    if as_json:
        print_json(
            [
                {
                    "name": line.name,
                    "articles": line.articles,
                    "passages": line.passages,
                    "newest": line.newest and line.newest.isoformat(),
                    "bytes": line.size_bytes,
                    "problem": line.problem,
                }
                for line in lines
            ]
        )
        return
    table = Table("collection", "articles", "passages", "newest", "on disk", box=None)
    for line in lines:
        table.add_row(
            line.name,
            f"{line.articles:,}",
            f"{line.passages:,}",
            str(line.newest or "undated"),
            decimal(line.size_bytes),
        )
        if line.problem:
            err.print(f"[red]{escape(line.name)}[/red] {escape(line.problem)}")
    out.print(table)


@collections_app.command("remove")
def remove(
    name: str,
    yes: Annotated[bool, typer.Option("--yes", help="Delete it without asking back.")] = False,
) -> None:
    """Delete a collection's library for good; the articles' own files stay."""
    from qa.library.places import place_of, remove_library

    settings = settings_with(collection=name)
    if not yes:
        raise LibraryError(
            f"This deletes {place_of(settings)}. If you mean it: qa collections remove {name} --yes"
        )
    remove_library(settings)
    out.print(f"Removed the collection {name}. Its articles' files are where they were.")
