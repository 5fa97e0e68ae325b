"""`qa eval`: how its progress is told, and what it says of flags that do not fit."""

from pathlib import Path

from qa.cli.terminal import pace
from tests.cli.typed import Finished, qa


def test_the_pace_is_told_the_way_that_is_easier_to_read() -> None:
    assert pace(0.2, 723.4) == "5.0 s each · 0:12:03 left"
    assert pace(12.5, 0.0) == "12.5/s · 0:00:00 left"
    assert pace(None, None) == ""


def asked(tmp_path: Path, *arguments: str) -> Finished:
    questions = tmp_path / "set.jsonl"
    questions.write_text('{"id": "a", "question": "Who?", "answers": [], "tags": ["x"]}\n')
    return qa("eval", questions, *arguments, COLUMNS="200")


def test_to_go_on_with_a_run_it_must_be_named(tmp_path: Path) -> None:
    result = asked(tmp_path, "--resume")
    assert result.returncode == 2
    assert "--out RUN_FOLDER" in result.stderr


def test_a_tag_that_nothing_has_is_named(tmp_path: Path) -> None:
    result = asked(tmp_path, "--tags", "x, y")
    assert result.returncode == 1
    assert result.stderr == "qa: No question has the tag 'y'. Tags there are: x.\n"
