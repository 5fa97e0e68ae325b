"""`qa compare` as it is typed: what it prints, and its exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qa.evaluating.runs import evaluate
from tests.evaluating.fake_assistant import (
    ARTICLES,
    QUESTIONS,
    REFUSES,
    RIGHT_REPLIES,
    FakeAssistant,
)

QA = [sys.executable, "-c", "from qa.cli import main; main()"]


def compare(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*QA, "compare", *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    """A good run, one that refuses the question about the mayor, and one that is shorter."""
    worse = FakeAssistant({**RIGHT_REPLIES, "Which mayor cut the ribbon?": REFUSES})
    folders = []
    for name, assistant, count in (
        ("good", FakeAssistant(), 5),
        ("worse", worse, 5),
        ("short", FakeAssistant(), 3),
    ):
        folders.append(tmp_path / name)
        evaluate(
            QUESTIONS[:count],
            assistant,
            ARTICLES.get,
            folders[-1],
            retrieval_only=False,
            resume=False,
            config={"passages": len(folders)},
            report=lambda _: None,
        )
    return folders


def test_what_differs_and_where(runs: list[Path]) -> None:
    good, worse, _ = runs
    result = compare(good, worse)
    assert result.returncode == 0, result.stderr
    assert "passages: 1 → 2" in result.stdout
    assert "1 lost by right\n  mayor  Which mayor cut the ribbon?  (right → wrongly refused)" in (
        result.stdout
    )


def test_json_and_the_condition_for_ci(runs: list[Path]) -> None:
    good, worse, _ = runs
    result = compare(good, worse, "--json", "--fail-if", "right < -0.1", "--fail-if", "mrr < 0")
    assert result.returncode == 1
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("qa: ")
    assert "right is -0.200" in line
    printed = json.loads(result.stdout)
    (comparison,) = printed["comparisons"]
    assert printed["failed"] == [line.removeprefix("qa: ")]
    assert comparison["measures"]["right"]["lost"] == ["mayor"]
    assert comparison["measures"]["right"]["difference"] == pytest.approx(-0.2)
    assert comparison["measures"]["refusal_false"]["count"] == 3
    assert compare(worse, good, "--fail-if", "right < -0.1").returncode == 0


def test_runs_over_different_questions_are_refused(runs: list[Path]) -> None:
    good, _, short = runs
    result = compare(good, short)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "were asked different questions (5 and 3)" in result.stderr


def test_a_condition_that_is_none_is_a_usage_error(runs: list[Path]) -> None:
    result = compare(*runs[:2], "--fail-if", "right is bad")
    assert result.returncode == 2
    assert "is no condition" in " ".join(result.stderr.split())
