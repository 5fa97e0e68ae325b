"""The numbers that `qa calibrate` fitted for a home, kept by the encoders they were fitted with.

    {"<key of the encoders>": {"with_reader": …, "without_reader": …, "in_use": true, …}}

Whoever never calibrated has no such file, and pays nothing.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from qa.answering.confidence import Weighing, weighing_object, weighing_of
from qa.errors import BadCalibration
from qa.evaluating.calibration import Calibration
from qa.files import sha256_of_file
from qa.library.span_reader import ENCODER
from qa.models.catalogue import ModelKind, load_catalogue, named, resolve_model
from qa.models.notes import write_note
from qa.settings import Settings

FILE_NAME = "calibration.json"

WEIGHED_BY = ("embedder", "cross_encoder")
"""Settings that name what confidence rests on, beside the reader, which is always our own."""


@dataclass(frozen=True, slots=True)
class EncoderDigests:
    """SHA-256 of the weights of what confidence rests on."""

    reader: str
    cross_encoder: str
    embedder: str

    @property
    def key(self) -> str:
        """All three in 32 hexadecimal digits."""
        together = f"{self.reader} {self.cross_encoder} {self.embedder}"
        return hashlib.sha256(together.encode()).hexdigest()[:32]


def digests_of(settings: Settings) -> EncoderDigests:
    """Those of the encoders that settings name; ModelError when one is missing."""
    cross_encoder = resolve_model(
        settings.cross_encoder, settings.models_dir, ModelKind.CROSS_ENCODER
    )
    embedder = resolve_model(settings.embedder, settings.models_dir, ModelKind.EMBEDDER)
    return EncoderDigests(
        sha256_of_file(ENCODER),
        sha256_of_file(cross_encoder / "model.onnx"),
        sha256_of_file(embedder / "model.safetensors"),
    )


def are_shipped(settings: Settings) -> bool:
    """Whether settings name the encoders that the shipped numbers were fitted with.

    By their names, or, where these are others, by the bytes that the catalogue tells. Raises
    ModelError when one is missing.
    """
    defaults = {key: str(Settings.model_fields[key].default) for key in WEIGHED_BY}
    if all(getattr(settings, key) == name for key, name in defaults.items()):
        return True
    known = load_catalogue()
    pinned = {key: model.sha256 for key, name in defaults.items() if (model := named(name, known))}
    digests = digests_of(settings)
    return pinned == {key: getattr(digests, key) for key in WEIGHED_BY}


def kept_calibration(settings: Settings) -> Calibration | None:
    """What is kept for the encoders that settings name; None where nothing is.

    Raises BadCalibration where the file is damaged, ModelError when an encoder is missing.
    """
    kept = _kept(settings.home)
    if not kept:
        return None
    stored = kept.get(digests_of(settings).key)
    if stored is None:
        return None
    try:
        return TypeAdapter(Calibration).validate_python({**stored, "weighing": weighing_of(stored)})
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(settings.home) from error


def weighing_in_use(settings: Settings) -> Weighing | None:
    """The numbers fitted here that are in use; None where the shipped ones are. Raises as above."""
    kept = kept_calibration(settings)
    return kept.weighing if kept and kept.in_use else None


def whose_numbers(settings: Settings) -> str:
    """Whose numbers confidence is calculated with, in a sentence; raises as `kept_calibration`."""
    kept = kept_calibration(settings)
    if kept and kept.in_use:
        return f"Your own numbers are in use: {fitted_here(kept)}."
    beside = f" Those {fitted_here(kept)} are worse and not in use." if kept else ""
    if are_shipped(settings):
        return f"The numbers that come with Cuttings are in use.{beside}"
    return (
        "The numbers that come with Cuttings are in use, and were fitted with another embedder or "
        f"cross-encoder than yours.{beside} Fit some with yours: qa calibrate"
    )


def fitted_here(kept: Calibration) -> str:
    """When and on what they were fitted."""
    return (
        f"fitted here on {kept.day.isoformat()}, on {kept.questions} questions, "
        f"{kept.own} of them yours"
    )


def keep_calibration(settings: Settings, calibration: Calibration) -> None:
    """Keep numbers beside those for other encoders; whoever reads meanwhile gets the ones before.

    Raises as `kept_calibration`.
    """
    kept = {**_kept(settings.home), digests_of(settings).key: calibration_object(calibration)}
    write_note(settings.home / FILE_NAME, kept, indent=1)


def calibration_object(calibration: Calibration) -> dict[str, Any]:
    """A calibration as the file holds it."""
    dumped = to_jsonable_python(calibration)
    del dumped["weighing"]  # whose numbers stand beside the others
    return {**weighing_object(calibration.weighing), **dumped}


def forget_calibrations(home: Path) -> bool:
    """Go back to the shipped numbers; whether there were others."""
    file = home / FILE_NAME
    was_there = file.exists()
    file.unlink(missing_ok=True)
    return was_there


def _kept(home: Path) -> dict[str, Any]:
    file = home / FILE_NAME
    if not file.exists():
        return {}
    try:
        kept = json.loads(file.read_bytes())
    except ValueError as error:
        raise _damaged(home) from error
    if not isinstance(kept, dict):
        raise _damaged(home)
    return kept


def _damaged(home: Path) -> BadCalibration:
    return BadCalibration(
        f"{home / FILE_NAME} is damaged. Go back to the shipped numbers with: "
        "qa calibrate --forget; then fit your own anew with: qa calibrate"
    )
