"""`qa compare` as it is typed: what it prints, and its exit codes."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.evaluating.questions import Question
from qa.evaluating.runs import evaluate
from tests.cli.typed import Finished, qa
from tests.evaluating.fake_assistant import (
    ARTICLES,
    QUESTIONS,
    REFUSES,
    RIGHT_REPLIES,
    FakeAssistant,
    Reply,
)


def compare(*arguments: str | Path) -> Finished:
    return qa("compare", *arguments)


def answer_all(
    folder: Path, assistant: FakeAssistant, questions: Sequence[Question], **config: int
) -> None:
    evaluate(
        questions,
        assistant,
        ARTICLES.get,
        folder,
        retrieval_only=False,
        resume=False,
        config=config,
        report=lambda _: None,
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A good run, one that refuses the question about the mayor, and one that is shorter."""
    worse = FakeAssistant({**RIGHT_REPLIES, "Which mayor cut the ribbon?": REFUSES})
    folder, folders = tmp_path_factory.mktemp("runs"), list[Path]()
    for name, assistant, count in (
        ("good", FakeAssistant(), 5),
        ("worse", worse, 5),
        ("short", FakeAssistant(), 3),
    ):
        folders.append(folder / name)
        answer_all(folders[-1], assistant, QUESTIONS[:count], passages=len(folders))
    return folders


def test_what_differs_and_where(runs: list[Path]) -> None:
    good, worse, _ = runs
    result = compare(good, worse)
    assert result.returncode == 0, result.stderr
    assert "passages: 1 → 2" in result.stdout
    # five questions prove nothing, whatever the difference
    main, others = result.stdout.split("Other measures")
    assert "No clear difference in\n  right " in main
    assert "answer_f1" in others
    assert "B is" not in result.stdout
    assert "(Holm), the 3 main measures that differ anywhere" in result.stdout
    lost = "  mayor  Which mayor cut the ribbon?  (right → not in the evidence)"
    assert f"1 lost by right\n{lost}" in result.stdout


def test_what_is_clearly_better_and_worse_comes_first(tmp_path: Path) -> None:
    """All of eight questions are lost, which is 2 of 256, and three main measures see it."""
    questions = [
        Question(f"q{n}", f"What did bridge {n} cost?", ("42",), ("bridge",), ("It cost 42",))
        for n in range(8)
    ]
    right = Reply("42 [1].", (("bridge", "It cost 42"),))
    for name, reply in (("good", right), ("refusing", REFUSES)):
        replies = dict.fromkeys([one.question for one in questions], reply)
        answer_all(tmp_path / name, FakeAssistant(replies), questions)
    result = compare(tmp_path / "good", tmp_path / "refusing")
    main = result.stdout.split("Other measures")[0]
    assert re.search(r"B is worse at\n  right +1.000  0.000  -1.000 .* 0.008 +0.023  8 ", main)
    assert "(Holm), the 3 main measures" in result.stdout
    assert "B is better" not in main
    assert "8 lost by right" in result.stdout


def test_several_runs_are_each_compared_with_the_first(runs: list[Path]) -> None:
    good, worse, _ = runs
    printed = json.loads(compare(good, worse, good, "--json").stdout)
    assert [one["other"] for one in printed["comparisons"]] == [str(worse), str(good)]
    differences = [one["measures"]["right"]["difference"] for one in printed["comparisons"]]
    assert differences == pytest.approx([-0.2, 0])


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


def test_a_condition_on_what_was_not_measured_fails_and_says_so(runs: list[Path]) -> None:
    result = compare(*runs[:2], "--fail-if", "draft_acceptance < 0")
    assert result.returncode == 1
    assert "draft_acceptance was not measured in both runs" in result.stderr


def test_a_condition_that_is_none_is_a_usage_error(runs: list[Path]) -> None:
    result = compare(*runs[:2], "--fail-if", "right is bad")
    assert result.returncode == 2
    assert "is no condition" in " ".join(result.stderr.split())
