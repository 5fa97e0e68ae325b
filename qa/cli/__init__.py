"""The command line: parses, calls, prints. Results go to stdout, everything else to stderr.

Exit 0 done, 1 a failure that a person can act on (one line on stderr), 2 usage, 130 interrupted.
Heavy imports stand inside the commands that need them, so that `qa --help` answers at once.
"""

import io
import os
import sys
from typing import Annotated

import typer

from qa import __version__
from qa.cli import (
    asking,
    backup,
    benching,
    calibrating,
    checking,
    clipping,
    collections,
    comparing,
    evaluating,
    feedback,
    library,
    models,
    questions,
    runs,
    serving,
    sweeping,
)
from qa.errors import CuttingsError

INTERRUPTED = 130  # 128 + SIGINT, as shells have it

app = typer.Typer(
    name="qa",
    help="Ask your own articles a question, offline; open the words an answer rests on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("index")(library.index)
app.command("clip")(clipping.clip)
app.add_typer(library.articles_app, name="articles")
app.add_typer(collections.collections_app, name="collections")
app.command("search")(asking.search)
app.command("ask")(asking.ask)
app.command("chat")(serving.chat)
app.command("serve")(serving.serve)
app.command("mcp")(serving.mcp)
app.command("password")(serving.password)
app.command("key")(serving.key)
app.command("eval")(evaluating.evaluate_questions)
app.command("compare")(comparing.compare_runs)
app.command("sweep")(sweeping.sweep)
app.add_typer(runs.runs_app, name="runs")
app.add_typer(questions.questions_app, name="questions")
app.add_typer(feedback.feedback_app, name="feedback")
app.add_typer(models.models_app, name="models")
app.command("bench")(benching.bench)
app.command("calibrate")(calibrating.calibrate)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(checking.doctor)


def main() -> None:
    """Run the command line; the one place that turns errors into exit codes."""
    _read_names_as_utf8()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # in a terminal that is not UTF-8 all else is told
    try:
        app()
    except CuttingsError as error:
        sys.exit(_failed(str(error)))
    except OSError as error:  # a full disk, a folder without rights: in the system's own words
        where = f"{error.filename}: " if error.filename else ""
        sys.exit(_failed(f"{where}{error.strerror or error}. See what is wrong with: qa doctor"))
    except SystemExit as ending:
        if ending.code == INTERRUPTED:
            _failed("interrupted; what was finished is kept")
        raise


def _read_names_as_utf8() -> None:
    """Where Python takes file names to be in another encoding than UTF-8, start it again in UTF-8.

    It does so in locales such as de_DE.ISO-8859-1; what is printed stays in that encoding.
    """
    if sys.getfilesystemencoding() != "utf-8":
        os.environ.setdefault("PYTHONIOENCODING", f"{sys.stdout.encoding}:replace")
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _failed(message: str) -> int:
    sys.stderr.write(f"qa: {' '.join(message.split())}\n")
    return 1


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit
