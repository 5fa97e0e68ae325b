"""`qa runs`: runs of a small newsroom, listed, compared and drawn."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qa.cli import app
from qa.errors import RunError
from qa.evaluating.finished_runs import read_history
from tests.evaluating.fake_assistant import QUESTIONS, REFUSES, FakeAssistant
from tests.evaluating.running import replies, run


@pytest.fixture(scope="module")
def runs_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run over three questions, then two over five, the second of which is worse."""
    folder = tmp_path_factory.mktemp("runs")
    for name, assistant, count in (
        ("a-short", FakeAssistant(), 3),
        ("b-good", FakeAssistant(model_name="one|two"), 5),
        ("c-worse", FakeAssistant(replies(mayor=REFUSES)), 5),
    ):
        run(folder / name, assistant, QUESTIONS[:count])
        # begun on three days, whatever the clock says
        config = json.loads((folder / name / "config.json").read_text())
        config["started"] = f"2026-01-0{'abc'.index(name[0]) + 1}T08:00:00+00:00"
        (folder / name / "config.json").write_text(json.dumps(config))
    (folder / "unfinished").mkdir()
    return folder


@pytest.fixture(autouse=True)
def _in_its_folder(runs_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_RUNS_DIR", str(runs_dir))


def runs(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["runs", *arguments], catch_exceptions=False)


def test_the_newest_is_listed_first_with_what_it_came_to() -> None:
    _, *lines = runs("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["c-worse", "b-good", "a-short"]
    worse, good, short = (line.split() for line in lines)
    assert worse[1:3] == ["2026-01-03", "08:00"]
    # the set, the questions, the model, right, recall@5, seconds
    assert worse[3] == good[3] != short[3]
    assert worse[4:] == ["5", "fake", "0.800", "1.000", "2.000"]
    listed = json.loads(runs("list", "--json").stdout)
    assert [one["measures"]["right"]["value"] for one in listed] == [0.8, 1, 1]


def test_the_last_is_held_against_the_one_before_over_the_same_questions() -> None:
    told = runs("last").stdout
    assert "c-worse\nbeside" in told
    assert "b-good\n" in told
    assert "4 right\n1 not in the evidence\n" in told
    summary = runs("last", "--markdown").stdout.splitlines()
    assert summary[0] == "## Cuttings: evaluation"
    assert summary[2] == "5 questions · fake · `c-worse` beside `b-good`"
    assert summary[4] == "| measure | before | now | difference | 95% interval |  |"
    row = next(line for line in summary if line.startswith("| right |"))
    # one of five was lost: dealt either way the difference is as large
    assert row.startswith("| right | 1.000 | 0.800 | -0.200 | -0.6")
    assert row.endswith("| no clear difference |")
    assert "| not in the evidence | 1 |" in summary


def test_a_first_run_is_told_alone_and_no_cell_is_torn(runs_dir: Path) -> None:
    from qa.evaluating.finished_runs import markdown

    history = read_history(runs_dir)
    good = history.runs[1]
    text = markdown(good, None, [["right", "1.000", "1.000 to 1.000"]], {"a|b": 5})
    assert "5 questions · one|two · `b-good`\n" in text
    assert "| right | 1.000 | 1.000 to 1.000 |\n" in text
    assert "| a\\|b | 5 |\n" in text


def test_a_trend_is_drawn_for_each_set_that_has_one(runs_dir: Path, tmp_path: Path) -> None:
    page = tmp_path / "trend.html"
    assert runs("trend", "--out", str(page)).stdout.endswith("trend.html\n")
    drawn = page.read_text()
    assert drawn.count("<svg") == 1
    both = drawn.index("<h2>c-worse and others over the same 5 questions</h2>")
    assert both < drawn.index("<h2>a-short over 3 questions</h2>")
    assert drawn.count('data-name="begun"') == 3
    assert [[one.folder.name for one in runs] for runs in read_history(runs_dir).sets()] == [
        ["b-good", "c-worse"],
        ["a-short"],
    ]


def test_who_answered_is_told_alike_in_the_list_and_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_RUNS_DIR", str(tmp_path))
    run(tmp_path / "a-quotes", FakeAssistant(model_name="none"), QUESTIONS[:1])
    run(tmp_path / "b-search", FakeAssistant(), QUESTIONS[:1], retrieval_only=True)
    told = {"a-quotes": "the quotes alone", "b-search": "retrieval only"}
    listed = json.loads(runs("list", "--json").stdout)
    assert {Path(one["folder"]).name: one["model"] for one in listed} == told
    for name, who in told.items():
        assert f"Evaluation of {who}" in (tmp_path / name / "report.html").read_text()


def test_measures_are_printed_as_the_run_folder_has_them(runs_dir: Path) -> None:
    listed = json.loads(runs("list", "--json").stdout)
    for one in listed:
        kept = json.loads((runs_dir / Path(one["folder"]).name / "metrics.json").read_text())
        assert one["measures"] == {name: kept[name] for name in one["measures"]}
        assert one["measures"].keys() == kept.keys() - {"by_tag"}


def test_what_cannot_be_read_is_named_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "metrics.json").write_text("{")
    assert read_history(tmp_path).damaged == (tmp_path / "bad",)
    assert read_history(tmp_path / "none").runs == ()


def test_without_a_run_it_is_said_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_RUNS_DIR", str(tmp_path))
    with pytest.raises(RunError, match="qa eval QUESTIONS"):
        runs("list")
