"""The language models that can be chosen on this machine, and how fast each has been here."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa.engine.pace import Pace
from qa.models.catalogue import ModelKind, ModelState, load_catalogue, model_state
from qa.models.probing import runs_key

PACES_FILE = ".paces.json"
"""In the models folder: what was measured of each file on this build and processor."""

PACES_KEPT = 20

_PACE = TypeAdapter(Pace)


@dataclass(frozen=True, slots=True)
class ModelLine:
    """What is said of a model: `name` is what `--model` takes; `pace` is None until it is known."""

    name: str
    description: str
    size_bytes: int
    is_here: bool
    in_use: bool = False
    can_be_pulled: bool = False
    pace: Pace | None = None


def model_lines(models_dir: Path, in_use: str) -> tuple[ModelLine, ...]:
    """The catalogue's models, other GGUF files in the models folder, and the one in use."""
    lines = []
    listed = [one for one in load_catalogue() if one.kind is ModelKind.LANGUAGE]
    for model in listed:
        is_here = model_state(model, models_dir) in (ModelState.PRESENT, ModelState.VERIFIED)
        pace = pace_of(model.path(models_dir), models_dir) if is_here else None
        lines.append(
            ModelLine(
                model.name,
                model.description,
                model.size_bytes,
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
    return tuple(lines)


def pace_of(model_path: Path, models_dir: Path) -> Pace | None:
    """How fast a model file has been on this build and processor; None where that is not known."""
    kept = _read_paces(models_dir).get(runs_key(model_path))
    try:
        return _PACE.validate_python(kept)
    except ValidationError:  # nothing, or what another version wrote
        return None


def note_pace(model_path: Path, models_dir: Path, pace: Pace) -> None:
    """Keep what was measured, if it tells anything; what cannot be written is measured again."""
    if pace.read_per_s is None:
        return
    key = runs_key(model_path)
    others = {name: kept for name, kept in _read_paces(models_dir).items() if name != key}
    latest = [*others.items(), (key, asdict(pace))][-PACES_KEPT:]
    file = models_dir / PACES_FILE
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        draft.write_text(json.dumps(dict(latest)), encoding="utf-8")
        draft.replace(file)


def _read_paces(models_dir: Path) -> dict[str, object]:
    try:
        paces = json.loads((models_dir / PACES_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return paces if isinstance(paces, dict) else {}
