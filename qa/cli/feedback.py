"""`qa feedback`."""

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.flags import settings_with
from qa.cli.terminal import say
from qa.files import json_lines

feedback_app = typer.Typer(help="What was said of answers at the page.", no_args_is_help=True)


@feedback_app.callback()
def _feedback() -> None:
    """A single command would else be no command of its own."""


@feedback_app.command("export")
def export(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; to the terminal if not given.")
    ] = None,
) -> None:
    """Turn judged answers into a question set for `qa eval`."""
    from qa.conversing.archive import Archive
    from qa.conversing.feedback import question_set

    with Archive.open(settings_with().home) as archive:
        judgements, reviewed = archive.judgements(), archive.reviewed()
    lines = question_set(judgements, reviewed)
    text = json_lines(lines)
    if file:
        file.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)
    rejected = sum(one.id in reviewed and reviewed[one.id] is None for one in judgements)
    left_out = len(judgements) - len(lines) - rejected
    why = f"; {left_out} left out, for nobody said what would be right" if left_out else ""
    why += f"; {rejected} rejected in a review" if rejected else ""
    say(f"{len(lines)} questions{why}.")
