"""Models that lie on this disk: checked byte by byte, and removed."""

import shutil
from pathlib import Path

from qa.errors import ModelError
from qa.models.catalogue import CatalogueModel, check_present, partial_dir, pulled_models
from qa.models.disk import Report, clear_disk_errors, sha256_of, size_bytes
from qa.models.pinning import unpin


def verify(model: CatalogueModel, models_dir: Path, report: Report | None = None) -> Path:
    """Hash the whole model again and stamp it as verified; the path of the model.

    Raises ModelError if it is missing, cut off, or has other bytes than the catalogue says.
    """
    path = check_present(model, models_dir)
    with clear_disk_errors(models_dir):
        wrong = wrong_files(model, model.weights(models_dir), report=report)
    if wrong:
        model.stamp(models_dir).forget()
        raise ModelError(
            f"The model {model.name} is damaged: {wrong[0]}. "
            f"Pull it again with: qa models pull {model.name}"
        )
    model.stamp(models_dir).write()
    return path


def remove(model: CatalogueModel, models_dir: Path) -> int:
    """Delete a model and whatever was kept of an unfinished pull; the bytes that were freed.

    One of the hub is no longer pinned: the next pull of it takes what the hub has then.
    """
    path = model.path(models_dir)
    parts = () if path.is_dir() else model.files_beside(models_dir)  # a folder goes as a whole
    places = (*parts, path, partial_dir(model, models_dir))
    with clear_disk_errors(models_dir):
        freed_bytes = sum(size_bytes(place) for place in places)
        is_pinned = model in pulled_models(models_dir)
        if not freed_bytes and not is_pinned:
            raise ModelError(f"The model {model.name} is not in {models_dir}: nothing to remove.")
        model.stamp(models_dir).forget()
        for place in places:
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink(missing_ok=True)
        if is_pinned:
            unpin(model, models_dir)
    return freed_bytes


def wrong_files(
    model: CatalogueModel, weights: Path, folder: Path | None = None, report: Report | None = None
) -> tuple[str, ...]:
    """What is wrong with files that claim to be this model; empty if every SHA-256 is right.

    What lies beside the weights is looked for in `folder`, by default that of the weights.
    """
    stage = f"Checking {model.name}"
    beside = folder or weights.parent
    found = [(weights, sha256_of(weights, stage, report), model.sha256)]
    for one in model.beside:
        file = beside / one.path
        found.append((file, sha256_of(file, stage, report if one.size_bytes else None), one.sha256))
    return tuple(
        f"{file.name} has SHA-256 {actual[:12]}…, expected {expected[:12]}…"
        for file, actual, expected in found
        if actual != expected
    )
