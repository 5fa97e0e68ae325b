"""The hub: what a repository there holds, and the files of a model downloaded from it.

HF_ENDPOINT names another one. Where HF_TOKEN is set it is sent along: some repositories are open
only to those who accepted their licence.
"""

import io
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from qa.errors import PullFailed
from qa.models.catalogue import CatalogueModel, HubSource, on_the_hub
from qa.models.disk import Report, is_disk_error, size_bytes
from qa.models.hub_names import HUB, HubFile, HubModel, HubName, models_in, pick
from qa.models.pinning import pin, pinned
from qa.models.sources import Fetched, SourceFailed, first_line, stage_progress

if TYPE_CHECKING:
    from huggingface_hub import HfFileMetadata, ModelInfo

CONNECT_SECONDS = 3.0  # to reach the hub; then as long again for its answer
LISTING_SECONDS = 30.0  # for what a repository holds: nothing else can tell
PUBLIC_HUB = "https://huggingface.co"

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Repository:
    """What the hub says of a repository at its latest revision; `models` the smallest first.

    `gate` is the page on which a licence is to be accepted before anything is let out; "" where
    nothing is.
    """

    repo: str
    revision: str
    licence: str
    gate: str
    models: tuple[HubModel, ...]


def look_up(name: HubName) -> Repository:
    """Ask the hub for the models of a repository. PullFailed where it does not tell."""
    try:
        endpoint = _endpoint()
        found = _model_info(name.repo, endpoint)
    except SourceFailed as failure:
        raise PullFailed(
            f"The hub did not say what {name.repo} holds: {failure}. Try again when it can be "
            "reached, or download a GGUF file yourself and set QA_MODEL to its path."
        ) from failure
    files = [
        HubFile(one.rfilename, one.size or 0, one.lfs.sha256 if one.lfs else "")
        for one in found.siblings or ()
    ]
    tags = [tag.removeprefix("license:") for tag in found.tags or () if tag.startswith("license:")]
    gate = f"{endpoint or PUBLIC_HUB}/{name.repo}" if found.gated else ""
    licence = tags[0] if tags else "not stated"
    return Repository(name.repo, found.sha or "main", licence, gate, models_in(files))


def find_on_hub(name: str, models_dir: Path) -> CatalogueModel | None:
    """The model of the hub that a name means, pinned from now on; None where it means none.

    Raises ModelError where the repository has no such model, PullFailed where the hub is silent.
    """
    wanted = on_the_hub(name)
    if wanted is None:
        if name.startswith(HUB):
            HubName.wanted(name)
        return None
    found = look_up(wanted)
    model = pinned(found.repo, found.revision, found.licence, pick(wanted, found.models))
    pin(model, models_dir)
    return model


def fetch_from_hub(
    model: CatalogueModel, source: HubSource, partial: Path, report: Report
) -> Fetched:
    """Download from the hub, or from HF_ENDPOINT, going on with what is in `partial`."""
    fetched = Fetched(partial / "weights", partial / "beside")
    progress = stage_progress(model, f"Downloading {model.name} from the hub", report)
    _download(source, source.file, fetched.weights, progress, model.sha256)
    before = model.size_bytes
    for one in model.beside:
        target = fetched.beside / one.path
        target.parent.mkdir(parents=True, exist_ok=True)
        file = str(PurePosixPath(source.file).parent / one.path)
        _download(source, file, target, _behind(before, progress), one.sha256)
        before += one.size_bytes
    return fetched


def _behind(before: int, progress: Callable[[int], None]) -> Callable[[int], None]:
    """What counts the bytes of a file on from those of the files before it."""
    return lambda done_bytes: progress(before + done_bytes)


def _download(
    source: HubSource,
    file: str,
    target: Path,
    progress: Callable[[int], None],
    sha256: str,
) -> None:
    """One file of a hub repository into `target`, whose bytes so far are kept.

    A hub that announces another hash than `sha256` is left at once.
    """
    endpoint = _endpoint()
    _tell_nothing()
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils._headers import build_hf_headers
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    url = hf_hub_url(source.repo, file, revision=source.revision, endpoint=endpoint)
    try:
        found: HfFileMetadata = _in_time(
            lambda: get_hf_file_metadata(
                url, token=_token(), timeout=CONNECT_SECONDS, endpoint=endpoint
            )
        )
        if found.etag and len(found.etag) == len(sha256) and found.etag != sha256:
            raise SourceFailed(f"its file has SHA-256 {found.etag[:12]}…, not {sha256[:12]}…")
        if found.size is not None and size_bytes(target) > found.size:
            target.unlink()  # left over from another file
        with _Counted(target, progress) as out:
            http_get(
                url,
                out,
                resume_size=out.tell(),
                headers=build_hf_headers(token=_token()),
                expected_size=found.size,
            )
    except _failures() as error:
        if isinstance(error, OSError) and is_disk_error(error):
            raise
        raise SourceFailed(_hub_reason(error, source.repo)) from error


def _model_info(repo: str, endpoint: str | None) -> "ModelInfo":
    _tell_nothing()
    from huggingface_hub import HfApi

    hub = HfApi(endpoint=endpoint, token=_token())
    try:
        return _in_time(
            lambda: hub.model_info(repo, files_metadata=True, timeout=LISTING_SECONDS),
            LISTING_SECONDS,
        )
    except _failures() as error:
        raise SourceFailed(_hub_reason(error, repo)) from error


def _tell_nothing() -> None:
    """Have the hub's library say nothing of this machine, nor ask for what it would say.

    It reads its variable for that when it is imported, which Gradio may have done already.
    """
    from huggingface_hub import constants

    constants.HF_HUB_DISABLE_TELEMETRY = True


def _token() -> str | bool:
    """The token of whoever pulls, if they set one; False says to look for none elsewhere."""
    return os.environ.get("HF_TOKEN", "").strip() or False


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


def _hub_reason(error: Exception, repo: str) -> str:
    """Why the hub did not deliver, with the next step where there is one."""
    from huggingface_hub import errors

    if isinstance(error, errors.OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE is set"
    if isinstance(error, errors.GatedRepoError):
        page = f"{_endpoint() or PUBLIC_HUB}/{repo}"
        if _token():
            return f"it is gated, and whose HF_TOKEN this is has not been let in yet: see {page}"
        return f"it is gated: accept its licence at {page}, then set HF_TOKEN to a token of yours"
    if isinstance(error, errors.RepositoryNotFoundError):
        return f"there is no repository {repo}, or it is private (then set HF_TOKEN)"
    if isinstance(error, errors.HfHubHTTPError):
        return f"it answers {error.response.status_code} {error.response.reason_phrase}"
    return "no answer in time" if isinstance(error, TimeoutError) else first_line(error)


def _in_time(ask: Callable[[], _Answer], patience_s: float = 2 * CONNECT_SECONDS) -> _Answer:
    """The hub's answer to one question, or what asking raised; a TimeoutError is an OSError.

    In a thread, because the library's limit covers connecting but not looking up the name, which
    alone can take half a minute on a machine without a network.
    """
    answer: Future[_Answer] = Future()

    def asking() -> None:
        try:
            answer.set_result(ask())
        except _failures() as error:
            answer.set_exception(error)

    threading.Thread(target=asking, daemon=True).start()
    return answer.result(patience_s)


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
