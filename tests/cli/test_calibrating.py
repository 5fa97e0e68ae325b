"""`qa calibrate`, as a person types it."""

import json
from pathlib import Path

import pytest

from qa.answering.parts import Taught
from qa.evaluating.calibrating import Asked, ToAsk, asked_line, fixed_digest, fixed_questions
from qa.evaluating.calibration_file import FILE_NAME, keep_calibration, kept_calibration
from qa.service.calibrating import FOLDER, asked_file
from qa.settings import Settings, load_settings
from tests.cli.typed import fails, printed, qa
from tests.evaluating.test_calibration import SURE, UNSURE
from tests.evaluating.test_calibration_file import FITTED


def all_asked(settings: Settings) -> None:
    """What would come of the fixed set if nothing were hard: so nothing is left to be asked."""
    lines = []
    for one in fixed_questions():
        key = ToAsk(one, own=False, over=fixed_digest()).key
        signals = SURE if one.answerable else UNSURE
        came = Asked(key, False, one.answerable, one.answerable, Taught.WELL, 1.0, signals)
        lines.append(json.dumps(asked_line(came)) + "\n")
    asked_file(settings).write_text("".join(lines))


@pytest.fixture
def other_cross_encoder(tmp_path: Path) -> str:
    """A folder with a cross-encoder of other bytes, which nobody loads."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"other weights")
    (folder / "tokenizer.json").write_text("{}")
    return str(folder)


def test_with_the_shipped_encoders_and_nothing_of_ones_own_there_is_nothing_to_fit() -> None:
    settings = load_settings()
    all_asked(settings)
    told = qa("calibrate")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("Nothing was fitted.")
    assert "on its own set: AUROC 1.000" in told.stdout
    assert "There are 0 and 0. Name some with: qa calibrate --questions FILE" in told.stdout
    assert printed(qa("calibrate", "--json")) == {
        "questions": 209,
        "own": 0,
        "fitted": None,
        "in_use": False,
    }
    assert not (settings.home / FILE_NAME).exists()


def test_with_other_encoders_numbers_are_fitted_told_used_and_forgotten(
    other_cross_encoder: str,
) -> None:
    environment = {"QA_CROSS_ENCODER": other_cross_encoder}
    settings = load_settings(cross_encoder=other_cross_encoder)
    all_asked(settings)
    told = qa("calibrate", **environment)
    assert told.returncode == 0, told.stderr
    assert "209 questions, 0 of them yours. Of 209 in all," in told.stdout
    assert "fitted here  1.000" in told.stdout
    assert "0 of 106" in told.stdout
    assert "In use from now on: they are no worse." in told.stdout
    kept = kept_calibration(settings)
    assert kept
    assert (kept.questions, kept.own, kept.fitted.auroc, kept.in_use) == (209, 0, 1.0, True)
    numbers = (settings.home / FILE_NAME).read_bytes()
    found = printed(qa("calibrate", "--json", **environment))
    assert found["in_use"]
    assert found["fixed_auroc_fitted"] == 1.0
    assert found["bar_fitted"]["refused_unanswerable"] == 103
    assert (settings.home / FILE_NAME).read_bytes() == numbers  # of the same questions, the same
    assert qa("calibrate", "--forget").stdout.startswith("Your own numbers are gone")
    assert kept_calibration(settings) is None
    assert qa("calibrate", "--forget").stdout.startswith("There are no numbers of your own")


def test_what_is_damaged_is_one_line_with_the_next_step() -> None:
    settings = load_settings()
    all_asked(settings)
    keep_calibration(settings, FITTED)
    (settings.home / FILE_NAME).write_text("[1")
    questions = settings.home / "one.jsonl"
    questions.write_text('{"id": "a", "question": "Who?", "answers": []}\n')
    fails(qa("calibrate", "--questions", questions), "There is no index")
    (file,) = (settings.home / FOLDER).iterdir()
    with file.open("a") as appended:
        appended.write("no JSON\n")
    fails(qa("calibrate"), "line 210, is damaged. Delete the file, and ask again: qa calibrate")


@pytest.mark.model
def test_a_run_does_not_go_on_with_other_numbers(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "lamp.txt").write_text("The lighthouse of Holme was lit in 1858.")
    assert qa("index", tmp_path / "articles").returncode == 0
    questions = tmp_path / "one.jsonl"
    questions.write_text('{"id": "a", "question": "Who sold it?", "answers": []}\n')
    run = ("eval", questions, "--retrieval-only", "--out", tmp_path / "run", "--resume")
    assert qa(*run).returncode == 0
    assert qa(*run).returncode == 0
    keep_calibration(load_settings(), FITTED)
    fails(qa(*run), "is another one; these differ: calibration.")
    assert qa("calibrate", "--forget").returncode == 0
    assert qa(*run).returncode == 0
