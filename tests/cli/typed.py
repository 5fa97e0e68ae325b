"""The command line as a person types it: in this process, or in one of its own.

In this process it is `qa.cli.main` all the same, without the seconds that Python and torch take to
start. A process of its own is for what belongs to one: encodings, signals, what C code prints.
"""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qa.cli import main
from tests.conftest import ROOT

QA = [sys.executable, "-c", "from qa.cli import main; main()"]


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left: its exit code, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def qa(*arguments: str | Path, typed: str = "", **environment: str) -> Finished:
    """Run a command in this process and the test's own home, its output not to a terminal."""
    stdin, stdout, stderr = (
        io.TextIOWrapper(io.BytesIO(written), encoding="utf-8", write_through=True)
        for written in (typed.encode(), b"", b"")
    )
    with pytest.MonkeyPatch.context() as process:
        process.setattr(sys, "argv", ["qa", *map(str, arguments)])
        process.setattr(sys, "stdin", stdin)
        for name, value in ({"COLUMNS": "80"} | environment).items():
            process.setenv(name, value)
        with (
            redirect_stdout(stdout),
            redirect_stderr(stderr),
            pytest.raises(SystemExit) as ending,
        ):
            main()
    code = ending.value.code or 0
    assert isinstance(code, int)
    return Finished(code, written(stdout), written(stderr))


def written(stream: io.TextIOWrapper) -> str:
    """All that was written to it."""
    stream.seek(0)
    return stream.read()


def qa_process(*arguments: str | Path, **environment: str) -> Finished:
    """Run a command in a process of its own, in the test's own home."""
    ended = subprocess.run(
        [*QA, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        timeout=300,
    )
    return Finished(ended.returncode, ended.stdout, ended.stderr)


def printed(finished: Finished) -> Any:
    """The JSON that a command printed, which did not fail."""
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def fails(finished: Finished, *words: str) -> None:
    """Exit 1, nothing on stdout, one line on stderr with these words in it."""
    assert (finished.returncode, finished.stdout) == (1, ""), finished
    (line,) = finished.stderr.strip().splitlines()
    assert line.startswith("qa: ")
    assert all(word in line for word in words), line
