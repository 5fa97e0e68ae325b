"""Which models there are to choose from, and what was measured of them."""

import json
from pathlib import Path

from qa.engine.pace import Pace
from qa.models.catalogue import find_model
from qa.models.choosing import PACES_FILE, model_lines, note_pace, pace_of

MEASURED = Pace(640, 8.0, 120, 10.0)


def test_the_catalogue_own_files_and_the_one_in_use(tmp_path: Path) -> None:
    small = find_model("smollm2-135m")
    with small.path(tmp_path).open("wb") as file:
        file.truncate(small.size_bytes)
    (tmp_path / "qwen2.5-coder-0.5b.gguf").write_bytes(b"GGUF, cut off")
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    elsewhere = tmp_path / "elsewhere" / "other.gguf"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"GGUF of nine")
    note_pace(small.path(tmp_path), tmp_path, MEASURED)

    lines = {line.name: line for line in model_lines(tmp_path, str(elsewhere))}

    assert not {"all-minilm-l6-v2", "ms-marco-minilm-l12"} & set(lines)
    assert (lines["smollm2-135m"].is_here, lines["smollm2-135m"].pace) == (True, MEASURED)
    assert not lines["smollm2-135m"].can_be_pulled
    assert [line.name for line in lines.values() if line.in_use] == [str(elsewhere)]
    assert lines[str(elsewhere)].size_bytes == 12
    cut_off = lines["qwen2.5-coder-0.5b"]
    assert (cut_off.is_here, cut_off.can_be_pulled, cut_off.pace) == (False, True, None)
    assert (lines["mine.gguf"].is_here, lines["mine.gguf"].can_be_pulled) == (True, False)


def test_a_pace_is_kept_for_the_very_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF")
    assert pace_of(file, tmp_path) is None
    note_pace(file, tmp_path, Pace(read_tokens=10, read_s=1.0))  # too little to tell
    assert not (tmp_path / PACES_FILE).exists()
    note_pace(file, tmp_path, MEASURED)
    assert pace_of(file, tmp_path) == MEASURED
    later = Pace(6400, 40.0)
    note_pace(file, tmp_path, later)
    assert pace_of(file, tmp_path) == later
    file.write_bytes(b"GGUF, another")
    assert pace_of(file, tmp_path) is None


def test_paces_that_cannot_be_read_are_measured_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF")
    note_pace(file, tmp_path, MEASURED)
    ((key, _),) = json.loads((tmp_path / PACES_FILE).read_text()).items()
    for kept in ("{", "[]", json.dumps({key: [1, 2]}), json.dumps({key: {"read_tokens": "many"}})):
        (tmp_path / PACES_FILE).write_text(kept)
        assert pace_of(file, tmp_path) is None
    note_pace(file, tmp_path, MEASURED)
    assert pace_of(file, tmp_path) == MEASURED
