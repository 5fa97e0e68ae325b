"""The language models that can be chosen on this machine, and how fast each has been here."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from qa.engine.memory import BESIDE_A_FILE_BYTES, available_memory_bytes
from qa.engine.pace import Pace
from qa.models.catalogue import (
    ModelKind,
    ModelState,
    known_models,
    load_suggestions,
    model_state,
    on_the_hub,
    pulled_models,
)
from qa.models.hub import look_up
from qa.models.hub_names import HubName, pick
from qa.models.notes import note_by_key, noted
from qa.models.probing import runs_key

PACES_FILE = ".paces.json"
"""In the models folder: what was measured of each file on this build and processor."""

PACES_KEPT = 20


@dataclass(frozen=True, slots=True)
class ModelLine:
    """What is said of a model: `name` is what `--model` takes; `pace` is None until it is known.

    Of one that is not here, `memory_bytes` is about what it will take, and `fits` whether so much
    is free now; None where that is not known.
    """

    name: str
    description: str
    size_bytes: int
    is_here: bool
    in_use: bool = False
    can_be_pulled: bool = False
    pace: Pace | None = None
    memory_bytes: int | None = None
    fits: bool | None = None

    def with_memory(self, available_bytes: int | None) -> "ModelLine":
        """The same with what it will take of so much memory, unless it is here."""
        if self.is_here:
            return self
        needed = self.size_bytes + BESIDE_A_FILE_BYTES
        fits = None if available_bytes is None else needed <= available_bytes
        return replace(self, memory_bytes=needed, fits=fits)


def hub_lines(name: str, models_dir: Path) -> tuple[ModelLine, ...]:
    """The models of a repository of the hub, smallest first; one quantisation where one is named.

    Raises ModelError where the name is none of the hub or names nothing there, PullFailed where the
    hub is silent.
    """
    wanted = on_the_hub(name) or HubName.wanted(name)
    found = look_up(wanted)
    models = (pick(wanted, found.models),) if wanted.quant else found.models
    known = {
        one.name: model_state(one, models_dir) in (ModelState.PRESENT, ModelState.VERIFIED)
        for one in pulled_models(models_dir)
    }
    said = f"licence: {found.licence}"
    if found.gate:
        said += f"; gated: accept the licence at {found.gate} and set HF_TOKEN"
    lines = []
    for model in models:
        whole = str(HubName(found.repo, model.quant))
        parts = f"; {len(model.files)} files" if len(model.files) > 1 else ""
        is_here = known.get(whole, False)
        lines.append(
            ModelLine(whole, said + parts, model.size_bytes, is_here, can_be_pulled=not is_here)
        )
    available_bytes = available_memory_bytes()
    return tuple(line.with_memory(available_bytes) for line in lines)


def model_lines(models_dir: Path, in_use: str) -> tuple[ModelLine, ...]:
    """What there is to choose from, and the one in use.

    The catalogue's models, those of the hub that were pulled, other GGUF files in the models
    folder, then what the catalogue suggests of the hub.
    """
    lines = []
    listed = [one for one in known_models(models_dir) if one.kind is ModelKind.LANGUAGE]
    for model in listed:
        is_here = model_state(model, models_dir) in (ModelState.PRESENT, ModelState.VERIFIED)
        pace = pace_of(model.path(models_dir), models_dir) if is_here else None
        lines.append(
            ModelLine(
                model.name,
                model.description,
                model.total_bytes,
                is_here,
                model.name == in_use,
                not is_here,
                pace,
            )
        )
    known = {model.path(models_dir) for model in listed}
    own = {file.name: file for file in sorted(models_dir.glob("*.gguf")) if file not in known}
    if in_use not in {line.name for line in lines}:
        own.setdefault(in_use, Path(in_use))
    for name, file in own.items():
        if file.is_file():
            size = file.stat().st_size
            pace = pace_of(file, models_dir)
            lines.append(
                ModelLine(name, "a file of your own", size, True, name == in_use, pace=pace)
            )
    names = {line.name for line in lines}
    for one in load_suggestions():
        if one.hub not in names:
            said = f"{one.description} ({one.licence}; not tried by us)"
            lines.append(ModelLine(one.name, said, one.size_bytes, False, can_be_pulled=True))
    available_bytes = available_memory_bytes()
    return tuple(line.with_memory(available_bytes) for line in lines)


def pace_of(model_path: Path, models_dir: Path) -> Pace | None:
    """How fast a model file has been on this build and processor; None where that is not known."""
    return noted(models_dir / PACES_FILE, runs_key(model_path), Pace)


def note_pace(model_path: Path, models_dir: Path, pace: Pace) -> None:
    """Keep what was measured, if it tells anything; what cannot be written is measured again."""
    if pace.read_per_s is not None:
        note_by_key(models_dir / PACES_FILE, runs_key(model_path), asdict(pace), PACES_KEPT)
