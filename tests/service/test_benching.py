"""Models measured one by one: what is kept, what is left out, and where it goes on."""

import json
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.evaluating.benching import BenchRow, bench_questions, keep_row, kept_row
from qa.models.catalogue import ModelKind, resolve_model
from qa.service.benching import bench_models, kept_rows, models_here
from qa.settings import Settings, load_settings
from tests.cli.typed import qa

QUESTIONS = bench_questions()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home of the test with two files that call themselves models."""
    models_dir = tmp_path / "models"
    models_dir.mkdir()
    for name in ("first.gguf", "second.gguf"):
        (models_dir / name).write_bytes(b"GGUF and no more")
    home = tmp_path / "home"
    home.mkdir()
    return load_settings(home, models_dir=models_dir)


def row(name: str) -> BenchRow:
    return BenchRow(name, 16, None, 160.0, None, 20, 3, 11, 2.25, "2026-11-29")


def measured(settings: Settings, *names: str, again: bool = False) -> list[str]:
    """The models that were left out, then the right answers of each other one."""
    left_out: list[str] = []
    rows = bench_models(
        settings,
        names,
        QUESTIONS,
        again=again,
        asked=lambda name, done: None,
        failed=lambda name, error: left_out.append(name),
    )
    kept = [f"{one.model}: {one.right}" for one in rows]
    return [*(f"{name} left out" for name in left_out), *kept]


def test_what_is_kept_is_not_measured_again_and_what_cannot_be_used_is_left_out(
    settings: Settings,
) -> None:
    assert {"first.gguf", "second.gguf"} <= set(models_here(settings))
    keep_row(settings.home, settings.models_dir / "second.gguf", row("second.gguf"))
    assert measured(settings, "first.gguf", "second.gguf") == (
        ["first.gguf left out", "second.gguf: 11"]
    )
    # it is no model, which shows as soon as it is tried
    assert measured(settings, "second.gguf", again=True) == ["second.gguf left out"]
    assert kept_rows(settings) == {"second.gguf": row("second.gguf")}


def test_the_table_and_the_json(settings: Settings) -> None:
    keep_row(settings.home, settings.models_dir / "second.gguf", row("second.gguf"))
    here = {"QA_HOME": str(settings.home), "QA_MODELS_DIR": str(settings.models_dir)}
    table = qa("bench", "second.gguf", **here)
    assert table.stdout.splitlines()[1].split() == (
        ["second.gguf", "0", "MB", "160", "11", "of", "20", "3", "of", "20", "2.2", "s"]
    )
    told = qa("bench", "second.gguf", "first.gguf", "--json", **here)
    assert told.returncode == 0
    assert [one["right"] for one in json.loads(told.stdout)] == [11]
    assert "first.gguf is left out: " in told.stderr
    none = qa("bench", "first.gguf", **here)
    assert (none.returncode, none.stdout) == (1, "")
    missing = qa("bench", QA_HOME=str(settings.home), QA_MODELS_DIR=str(settings.home / "none"))
    assert missing.returncode == 1
    assert "No language model is here. Get one: qa models pull" in missing.stderr


@pytest.mark.model
def test_the_real_model_is_measured_and_an_interrupted_bench_goes_on(
    defaults: Settings, tmp_path: Path
) -> None:
    settings = defaults.model_copy(update={"home": tmp_path})
    questions = [min(QUESTIONS, key=lambda one: sum(len(piece.quote) for piece in one.evidence))]
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and no more")
    names, seen = [settings.model, str(broken)], list[tuple[str, int]]()

    def asked(name: str, done: int) -> None:
        seen.append((name, done))

    def interrupt(name: str, error: ModelError) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(bench_models(settings, names, questions, again=False, asked=asked, failed=interrupt))
    path = resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)
    one = kept_row(tmp_path, path)
    assert one
    assert (one.questions, one.right) == (1, 1)  # a quote tells it where the model does not
    assert one.seconds > 0
    assert one.read_per_s
    assert one.size_bytes == path.stat().st_size
    # the weights at least are in memory, where the system tells
    assert one.memory_bytes is None or one.memory_bytes > one.size_bytes / 2

    left_out: list[str] = []
    again = bench_models(settings, names, questions, again=False, asked=asked,
                         failed=lambda name, error: left_out.append(name))  # fmt: skip
    assert list(again) == [one]
    assert left_out == [str(broken)]
    assert seen == [(settings.model, 1)]
