"""Models of the hub that are pinned: to a revision, and to the sizes and SHA-256 the hub stated.

The lock file is `pulled.json` in the models folder, in the catalogue's own terms. A second pull,
and one on another machine that is given the file, gets the same bytes or none.
"""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from filelock import FileLock

from qa.errors import ModelError
from qa.models.catalogue import (
    PULLED_FILE,
    CatalogueModel,
    FileBeside,
    HubSource,
    ModelKind,
    pulled_models,
)
from qa.models.disk import clear_disk_errors
from qa.models.hub_names import HubModel, HubName
from qa.models.notes import write_note

FOLDER = "hf"
"""Below the models folder: the files of the hub, as they lie in their repositories."""


def pinned(repo: str, revision: str, licence: str, found: HubModel) -> CatalogueModel:
    """A model as the hub has it now. ModelError where the hub states no SHA-256 of a file."""
    for file in found.files:
        if not file.sha256:
            raise ModelError(
                f"The hub states no SHA-256 of {file.path} in {repo}, so it could not be checked. "
                "Download it yourself and set QA_MODEL to its path."
            )
    first, *others = found.files
    return CatalogueModel(
        name=str(HubName(repo, found.quant)),
        kind=ModelKind.LANGUAGE,
        description="from the hub, not tried by us",
        licence=licence,
        file=f"{FOLDER}/{repo}/{first.path}",
        size_bytes=first.size_bytes,
        sha256=first.sha256,
        hub=HubSource(repo, revision, first.path),
        packages=None,
        beside=tuple(
            FileBeside(PurePosixPath(file.path).name, file.sha256, file.size_bytes)
            for file in others
        ),
    )


def pin(model: CatalogueModel, models_dir: Path) -> None:
    """Write a model into the lock file, in place of one of the same name."""
    with clear_disk_errors(models_dir):
        models_dir.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(models_dir):
            others = [one for one in pulled_models(models_dir) if one.name != model.name]
            _write([*others, model], models_dir)


def unpin(model: CatalogueModel, models_dir: Path) -> None:
    """Take a model out of the lock file."""
    with clear_disk_errors(models_dir), _one_at_a_time(models_dir):
        _write([one for one in pulled_models(models_dir) if one.name != model.name], models_dir)


def _one_at_a_time(models_dir: Path) -> FileLock:
    return FileLock(models_dir / f".{PULLED_FILE}.lock")


def _write(models: Iterable[CatalogueModel], models_dir: Path) -> None:
    entries = [asdict(model) | {"kind": model.kind.value} for model in models]
    write_note(models_dir / PULLED_FILE, {"model": entries}, indent=1)
