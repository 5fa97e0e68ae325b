"""Numbers of a home: kept by their encoders, used where they are in use, named where damaged."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.answering.confidence import Confidence, Weighing
from qa.errors import BadCalibration
from qa.evaluating.calibration import Calibration, Worth
from qa.evaluating.calibration_file import (
    FILE_NAME,
    are_shipped,
    digests_of,
    forget_calibrations,
    keep_calibration,
    kept_calibration,
    weighing_in_use,
    whose_numbers,
)
from qa.library.embedder import SentenceEmbedder
from qa.settings import Settings, load_settings

NUMBERS = Confidence(-1.5, (0.25, 0.0, 0.125, 0.5, 1.0, 0.0, 0.0, 0.75))
FITTED = Calibration(
    Weighing(NUMBERS, replace(NUMBERS, bias=-2.0)),
    date(2026, 11, 30),
    questions=239,
    own=30,
    judged_on=30,
    shipped=Worth(0.8, 0.5),
    fitted=Worth(0.82, 0.48),
    in_use=True,
)


@pytest.fixture
def settings(defaults: Settings, tmp_path: Path) -> Settings:
    """A home of the test, with the real encoders."""
    return load_settings(tmp_path, models_dir=defaults.models_dir)


@pytest.fixture
def others(settings: Settings, tmp_path: Path) -> Settings:
    """The same home with a cross-encoder of other bytes, which nobody loads."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"other weights")
    (folder / "tokenizer.json").write_text("{}")
    return settings.model_copy(update={"cross_encoder": str(folder)})


def test_numbers_are_kept_for_their_encoders_alone(settings: Settings, others: Settings) -> None:
    assert kept_calibration(settings) is None
    assert weighing_in_use(settings) is None
    keep_calibration(settings, FITTED)
    assert kept_calibration(settings) == FITTED
    assert weighing_in_use(settings) == FITTED.weighing
    assert kept_calibration(others) is None
    worse = replace(FITTED, own=0, in_use=False)
    keep_calibration(others, worse)
    assert kept_calibration(others) == worse
    assert weighing_in_use(others) is None
    assert kept_calibration(settings) == FITTED
    assert forget_calibrations(settings.home)
    assert kept_calibration(settings) is None
    assert not forget_calibrations(settings.home)


def test_whose_numbers_are_in_use_is_said(settings: Settings, others: Settings) -> None:
    assert whose_numbers(settings) == "The numbers that come with Cuttings are in use."
    assert "fitted with another embedder or cross-encoder than yours" in whose_numbers(others)
    keep_calibration(settings, FITTED)
    fitted = "fitted here on 2026-11-30, on 239 questions, 30 of them yours"
    assert whose_numbers(settings) == f"Your own numbers are in use: {fitted}."
    keep_calibration(settings, replace(FITTED, in_use=False))
    assert whose_numbers(settings).endswith(f"Those {fitted} are worse and not in use.")


def test_the_shipped_encoders_are_known_by_name_and_by_their_bytes(
    settings: Settings, others: Settings
) -> None:
    assert are_shipped(settings)
    assert not are_shipped(others)
    by_path = {"cross_encoder": str(settings.models_dir / settings.cross_encoder)}
    assert are_shipped(settings.model_copy(update=by_path))


def test_the_embedder_goes_by_the_digest_that_libraries_know_it_by(settings: Settings) -> None:
    folder = settings.models_dir / settings.embedder
    assert digests_of(settings).embedder == SentenceEmbedder(folder, 1).digest


@pytest.mark.parametrize("damage", ["[", "[]", "weights", "day", "infinite"])
def test_a_damaged_file_is_named_with_the_next_step(settings: Settings, damage: str) -> None:
    keep_calibration(settings, FITTED)
    file = settings.home / FILE_NAME
    kept = json.loads(file.read_text())
    (numbers,) = kept.values()
    match damage:
        case "weights":
            del numbers["with_reader"]["weights"]["span"]
        case "day":
            numbers["day"] = "yesterday"
        case "infinite":
            numbers["without_reader"]["bias"] = float("inf")
    file.write_text(damage if damage.startswith("[") else json.dumps(kept))
    with pytest.raises(BadCalibration, match=r"calibration\.json is damaged\. .*--forget"):
        weighing_in_use(settings)
    forget_calibrations(settings.home)
    assert weighing_in_use(settings) is None


def test_a_file_of_bytes_that_are_no_text_is_damaged(settings: Settings) -> None:
    (settings.home / FILE_NAME).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadCalibration):
        kept_calibration(settings)
