"""`qa backup` and `qa restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.filesize import decimal
from rich.markup import escape

from qa.cli.flags import settings_with
from qa.cli.terminal import byte_progress, out, say

if TYPE_CHECKING:
    from qa.backup.contents import Report, Step

NOT_IN_IT = "Not in it: models, evaluation runs, the file of users, keys."


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; an earlier backup is replaced.")],
) -> None:
    """Write all articles, conversations and settings into one file, and check it."""
    from qa.backup.writing import write_backup

    file = file.expanduser().absolute()
    with _shown("No backup was written.") as report:
        manifest = write_backup(settings_with(), file, report)
    out.print(
        f"Backed up and checked: {escape(str(file))} ({decimal(file.stat().st_size)}, "
        f"{decimal(manifest.size_bytes)} unpacked)."
    )
    say(NOT_IN_IT)


def restore(file: Annotated[Path, typer.Argument(help="A file that qa backup wrote.")]) -> None:
    """Bring back what a backup holds, into a new or empty home."""
    from qa.backup.restoring import restore_backup

    settings = settings_with()
    with _shown("Nothing was restored.") as report:
        restored = restore_backup(settings, file.expanduser().absolute(), report)
    out.print(
        f"Restored into {escape(str(settings.home))}: articles {restored.articles:,}, "
        f"collections {restored.collections}, conversations {restored.conversations:,}, "
        f"uploaded files {restored.uploads:,}; as of {restored.manifest.made}."
    )
    if restored.kept_settings:
        say(f"The settings before are kept in {escape(str(restored.kept_settings))}.")
    if restored.generator:
        say(
            f"[yellow]warning[/yellow] Its settings send questions and what is found for them to "
            f"{escape(restored.generator)}."
        )
    say(f"{NOT_IN_IT} Models: qa models pull")


@contextmanager
def _shown(when_interrupted: str) -> "Iterator[Report]":
    """What takes the steps and shows them as a bar."""
    with byte_progress() as progress:
        task = progress.add_task("")

        def report(step: "Step") -> None:
            progress.update(
                task,
                description=step.stage,
                completed=step.done_bytes,
                total=max(step.total_bytes, 1),
            )

        try:
            yield report
        except KeyboardInterrupt:
            progress.console.print(when_interrupted)
            raise
