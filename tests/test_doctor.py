"""Each check on a machine, or a part of one, where the answer is known."""

import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qa.doctor.check import Check, CheckState
from qa.doctor.diagnosing import diagnose
from qa.doctor.library import check_index, check_languages
from qa.doctor.machine import (
    check_disk,
    check_llama,
    check_memory,
    check_offline,
    check_processor,
    check_python,
)
from qa.doctor.models import (
    check_confidence,
    check_model,
    check_server,
    check_server_trial,
    check_trial,
)
from qa.evaluating.calibration_file import keep_calibration
from qa.library.places import create_library
from qa.models.catalogue import ModelKind
from qa.settings import Settings, load_settings
from tests.chat_server import ChatServer, serving
from tests.engine.gguf_headers import TINY
from tests.evaluating.test_calibration_file import FITTED
from tests.library.stories import index, write

DYING = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGILL)"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home without models, and a GGUF file of one's own as the language model."""
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF" + bytes(996))
    return load_settings(
        models_dir=tmp_path / "models", index_dir=tmp_path / "index", model=str(own)
    )


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ((3, 10), CheckState.FAILED),
        ((3, 11), CheckState.OK),
        ((3, 13), CheckState.OK),
        ((3, 14), CheckState.FAILED),
    ],
)
def test_pythons(version: tuple[int, int], state: CheckState) -> None:
    assert check_python("Python", version).state is state


def test_the_processor_is_named() -> None:
    assert "cores" in check_processor("Processor").finding


def test_llama_says_what_it_was_built_for() -> None:
    says = "CPU : AVX2 = 1 | AVX512 = 0 | FMA = 1 | "
    check = check_llama("llama.cpp", [sys.executable, "-c", f"print({says!r})"])
    assert check.state is CheckState.OK
    assert check.finding.endswith("built for AVX2 FMA")


def test_the_llama_that_is_installed_starts() -> None:
    assert check_llama("llama.cpp").state is CheckState.OK


@pytest.mark.parametrize(
    ("command", "reason"),
    [(DYING, "SIGILL"), ([sys.executable, "-c", "raise OSError('no libllama')"], "no libllama")],
)
def test_a_llama_that_does_not_start_gets_the_rebuild_command(
    command: list[str], reason: str
) -> None:
    check = check_llama("llama.cpp", command)
    assert check.state is CheckState.FAILED
    assert reason in check.finding
    assert check.next_step
    assert "--force-reinstall" in check.next_step


def test_a_model_of_ones_own_is_found(settings: Settings) -> None:
    check = check_model("Language model", ModelKind.LANGUAGE, settings)
    assert check.state is CheckState.OK
    assert check.finding == f"{settings.model} (your own)"


def test_a_missing_model_gets_the_pull_command(settings: Settings) -> None:
    check = check_model("Embedder", ModelKind.EMBEDDER, settings)
    assert check.state is CheckState.FAILED
    assert check.finding == f"The model all-minilm-l6-v2 is not in {settings.models_dir}."
    assert check.next_step == "Pull it with: qa models pull all-minilm-l6-v2"


def test_a_model_that_was_not_checked_is_a_warning(tmp_path: Path) -> None:
    settings = load_settings(models_dir=tmp_path, model="smollm2-135m")
    with (tmp_path / "smollm2-135m.gguf").open("wb") as file:
        file.truncate(98362432)
    check = check_model("Language model", ModelKind.LANGUAGE, settings)
    assert check.state is CheckState.WARNING
    assert check.next_step == "Check them with: qa models verify smollm2-135m"


def library(index_dir: Path, articles: int) -> None:
    index_dir.mkdir()
    with sqlite3.connect(index_dir / "library.db") as database:
        database.execute("CREATE TABLE articles (id TEXT)")
        database.executemany(
            "INSERT INTO articles VALUES (?)", [(str(n),) for n in range(articles)]
        )
    database.close()


def test_confidence_is_weighed_by_the_models_it_was_fitted_with(settings: Settings) -> None:
    assert settings.model.endswith("own.gguf")  # which has no part in it
    own = check_confidence("Confidence", settings)
    assert own.state is CheckState.OK
    assert own.finding.startswith("fitted with all-minilm-l6-v2 and ms-marco-minilm-l12")
    other = check_confidence("Confidence", settings.model_copy(update={"embedder": "mine"}))
    assert other.state is CheckState.WARNING
    assert other.finding.endswith("; not with mine")
    assert other.next_step


def test_numbers_that_were_fitted_here_are_told(defaults: Settings, tmp_path: Path) -> None:
    settings = load_settings(tmp_path, models_dir=defaults.models_dir)
    keep_calibration(settings, FITTED)
    own = check_confidence("Confidence", settings)
    assert own == Check(
        "Confidence",
        CheckState.OK,
        "fitted here on 2026-11-30, on 239 questions, 30 of them yours: AUROC 0.820, the shipped "
        "numbers' 0.800",
    )
    keep_calibration(settings, replace(FITTED, in_use=False))
    worse = check_confidence("Confidence", settings)
    assert worse.state is CheckState.OK
    assert worse.finding.startswith("fitted with all-minilm-l6-v2 and ms-marco-minilm-l12")
    assert worse.finding.endswith("30 of them yours, are worse and not in use")
    (tmp_path / "calibration.json").write_text("{")
    damaged = check_confidence("Confidence", settings)
    assert damaged.state is CheckState.FAILED
    assert damaged.finding.endswith("calibration.json is damaged.")
    assert damaged.next_step
    assert "qa calibrate --forget" in damaged.next_step


def test_an_index_is_counted(tmp_path: Path) -> None:
    assert check_index("Index", tmp_path / "index").state is CheckState.WARNING
    library(tmp_path / "index", 12)
    check = check_index("Index", tmp_path / "index")
    assert check.state is CheckState.OK
    assert check.finding.startswith("12 articles in ")


def test_an_empty_index_is_a_warning(tmp_path: Path) -> None:
    library(tmp_path / "index", 0)
    check = check_index("Index", tmp_path / "index")
    assert (check.state, check.next_step) == (CheckState.WARNING, "Add some with: qa index FOLDER")


def test_a_damaged_index_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"no database" * 100)
    check = check_index("Index", tmp_path)
    assert check.state is CheckState.FAILED
    assert "not a database" in check.finding


TEXTS = {
    "en": "The council has said that it will build the wall, and that the work is to begin in May.",
    "de": "Der Rat hat gesagt, dass die Mauer gebaut wird und die Arbeit im Mai beginnt.",
    "fr": "Le conseil a dit que le mur sera construit et que les travaux commencent en mai.",
}


@pytest.mark.parametrize(
    ("articles", "state", "finding"),
    [
        (("en",) * 5, CheckState.OK, "of 5 articles 0 are not in English (en 5)"),
        (
            (*("en",) * 4, "de"),  # a fifth, and no more
            CheckState.OK,
            "of 5 articles 1 are not in English (en 4, de 1)",
        ),
        (
            (*("en",) * 3, "de", "fr"),
            CheckState.WARNING,
            "of 5 articles 2 are not in English (en 3, de 1, fr 1)",
        ),
    ],
)
def test_articles_in_other_languages_want_another_embedder(
    tmp_path: Path, articles: tuple[str, ...], state: CheckState, finding: str
) -> None:
    """Of whatever embedder one chose oneself it is not known what it was taught."""
    settings = load_settings(home=tmp_path)
    texts = {f"{place}.txt": TEXTS[language] for place, language in enumerate(articles)}
    with create_library(settings) as store:
        index(store, write(tmp_path / "articles", texts))
    check = check_languages("Languages", settings)
    assert (check.state, check.finding) == (state, finding)
    if state is CheckState.WARNING:
        assert check.next_step
        assert "qa models pull multilingual-e5-small" in check.next_step
        chosen = settings.model_copy(update={"embedder": "multilingual-e5-small"})
        assert check_languages("Languages", chosen) == Check("Languages", CheckState.OK, finding)


def test_without_a_library_no_languages_are_told(settings: Settings) -> None:
    assert check_languages("Languages", settings).finding == "no articles to look at"


def test_the_disk_is_looked_at_where_models_will_go(settings: Settings, tmp_path: Path) -> None:
    assert check_disk("Disk", settings).finding.endswith(f"free in {tmp_path}")


@pytest.mark.parametrize(
    ("available_bytes", "state", "finding"),
    [
        (1_700_000_000, CheckState.OK, "1.7 GB available, about 1.7 GB will be used"),
        (1_500_000_000, CheckState.WARNING, "1.5 GB available, about 1.7 GB will be used"),
        (900_000_000, CheckState.FAILED, "own.gguf needs about 1.05 GB (weights 1.00, context of"),
        (None, CheckState.OK, "about 1.7 GB will be used"),
    ],
)
def test_memory_is_held_against_the_need(
    settings: Settings, available_bytes: int | None, state: CheckState, finding: str
) -> None:
    """Weights of 1 GB, 0.05 to work with, and 0.6 for the rest of the program."""
    with Path(settings.model).open("wb") as file:
        file.write(TINY)
        file.truncate(1_000_000_000)
    check = check_memory("Memory", settings, available_bytes)
    assert check.state is state
    assert check.finding.startswith(finding)
    assert (check.next_step is None) == (state is CheckState.OK)


def test_the_memory_for_a_model_that_is_not_here_yet(tmp_path: Path) -> None:
    settings = load_settings(models_dir=tmp_path, model="qwen2.5-coder-1.5b")
    check = check_memory("Memory", settings, 1_000_000_000)
    assert check.state is CheckState.WARNING
    assert check.finding == "1.0 GB available, at least 1.7 GB will be used"


def test_a_context_that_the_model_does_not_know(settings: Settings) -> None:
    Path(settings.model).write_bytes(TINY)
    longer = settings.model_copy(update={"context_tokens": 8192})
    check = check_memory("Memory", longer, None)
    assert check.state is CheckState.FAILED
    assert check.next_step == "Lower it, for example: QA_CONTEXT_TOKENS=4096"


@pytest.mark.parametrize(
    ("host", "state"),
    [
        ("127.0.0.1", CheckState.OK),
        ("localhost", CheckState.OK),
        ("::1", CheckState.OK),
        ("0.0.0.0", CheckState.WARNING),
        ("example.org", CheckState.WARNING),
    ],
)
def test_the_page_stays_on_this_machine(host: str, state: CheckState) -> None:
    assert check_offline("Offline", host).state is state


def test_offline_switches_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "HF_HUB_OFFLINE=1" in check_offline("Offline", "127.0.0.1").finding


def test_a_trial_that_dies_fails_with_the_rebuild_command(settings: Settings) -> None:
    check = check_trial("Trial", settings, DYING)
    assert check.state is CheckState.FAILED
    assert check.finding.startswith("llama.cpp died of SIGILL")
    assert check.next_step
    assert check.next_step.startswith("Build it again: CMAKE_ARGS=")


def test_the_whole_diagnosis_of_a_bare_home(tmp_path: Path) -> None:
    settings = load_settings(models_dir=tmp_path / "models", index_dir=tmp_path / "index")
    started: list[str] = []
    checks = {check.name: check for check in diagnose(settings, started.append)}
    assert started == list(checks)
    assert checks["Language model"].state is CheckState.FAILED
    assert checks["Embedder"].state is CheckState.FAILED
    assert checks["Cross-encoder"].next_step == "Pull it with: qa models pull ms-marco-minilm-l12"
    assert checks["Index"].state is CheckState.WARNING
    assert checks["Trial"].finding == "There is no model to try."
    for check in checks.values():
        assert check.state is CheckState.OK or check.next_step or check.name == "Trial"
        assert "\n" not in check.finding
    assert not (tmp_path / "models").exists()


def test_a_diagnosis_tries_the_model(settings: Settings) -> None:
    trial = diagnose(settings)[-1]
    assert trial.state is CheckState.FAILED
    assert "own.gguf is damaged or cut off." in trial.finding


def test_a_server_takes_the_place_of_the_model(tmp_path: Path) -> None:
    """Nothing is asked of a model here: not its file, its memory, its disk nor llama.cpp."""
    with serving(ChatServer()) as chat:
        settings = load_settings(
            models_dir=tmp_path / "models", index_dir=tmp_path / "index", generator=chat.url
        )
        checks = {check.name: check for check in diagnose(settings)}
    assert "llama.cpp" not in checks
    assert checks["Language model"].finding == f"house-model at {chat.url}"
    assert checks["Trial"].finding == "house-model writes"
    assert checks["Trial"].state is checks["Language model"].state is CheckState.OK
    assert "about 0.6 GB will be used" in checks["Memory"].finding
    assert f"what is asked goes to {chat.url}" in checks["Offline"].finding
    assert checks["Offline"].state is CheckState.OK


def test_a_server_that_does_not_answer() -> None:
    with serving(ChatServer()) as chat:
        settings = load_settings(generator=chat.url)
    for check in (check_server("Language model", settings), check_server_trial("Trial", settings)):
        assert check.state is CheckState.FAILED
        assert check.finding == f"The server at {chat.url} cannot be reached (Connection refused)."
        assert check.next_step
        assert check.next_step.startswith("Start it")


def test_a_server_without_the_model() -> None:
    with serving(ChatServer(models=("llama3:latest", "qwen3:8b"))) as chat:
        other = load_settings(generator=chat.url, model="qwen3:4b")
        check = check_server("Language model", other)
        assert check.state is CheckState.WARNING
        assert check.finding == f"{chat.url} has llama3:latest, qwen3:8b, and no qwen3:4b"
        for model in ("llama3", "qwen3:8b"):
            known = load_settings(generator=chat.url, model=model)
            assert check_server("Language model", known).state is CheckState.OK


def test_a_server_that_tells_nothing() -> None:
    with serving(ChatServer(stalls_before="headers")) as chat:
        settings = load_settings(generator=chat.url)
        check = check_server_trial("Trial", settings, patience_s=0.5)
    assert check.state is CheckState.FAILED
    assert check.finding == f"{chat.url} wrote nothing within 0.5 seconds."


def test_several_servers_are_named_each_with_its_state() -> None:
    """All well, one without the model, one gone, and none left."""
    with serving(ChatServer()) as first, serving(ChatServer()) as second:
        both = load_settings(generator=[first.url, second.url])
        at_both = f"house-model at {first.url}; house-model at {second.url}"
        assert check_server("Language model", both) == Check(
            "Language model", CheckState.OK, at_both
        )
        assert check_server_trial("Trial", both) == Check(
            "Trial",
            CheckState.OK,
            f"house-model writes at {first.url}; house-model writes at {second.url}",
        )
        first.models = ("other",)
        lacking = check_server("Language model", both.model_copy(update={"model": "house-model"}))
        assert lacking.state is CheckState.WARNING
        assert lacking.finding == (
            f"{first.url} has other, and no house-model; house-model at {second.url}"
        )
        assert lacking.next_step == "Name one that it has by model in qa.toml or QA_MODEL."
    with serving(ChatServer()) as second:
        one = load_settings(generator=[first.url, second.url], generator_key="sk-not-to-be-shown")
        gone = f"The server at {first.url} cannot be reached (Connection refused)"
        for check, well in (
            (check_server("Language model", one), f"house-model at {second.url}"),
            (check_server_trial("Trial", one), f"house-model writes at {second.url}"),
        ):
            assert check.state is CheckState.WARNING
            assert check.finding == f"{gone}; {well}"
            assert check.next_step
            assert check.next_step.startswith("Start it")
        second.status, second.body = 401, b'{"error": "not sk-not-to-be-shown"}'
        neither = check_server("Language model", one)
    assert neither.state is CheckState.FAILED
    assert neither.finding == (
        f"{gone}; The server at {second.url} does not accept the key (401: not …)"
    )
    assert neither.next_step
    assert neither.next_step.endswith("Set QA_GENERATOR_KEY, or generator_key in qa.toml.")


def test_what_goes_in_the_clear_to_another_machine_is_told() -> None:
    for address, state in (
        ("http://192.168.1.7:8080/v1", CheckState.WARNING),
        ("https://models.example/v1", CheckState.OK),
        ("http://localhost:8080/v1", CheckState.OK),
    ):
        check = check_offline("Offline", "127.0.0.1", address)
        assert check.state is state
        assert address in check.finding
    two = ("http://localhost:8080/v1", "http://192.168.1.7:8080/v1")
    check = check_offline("Offline", "127.0.0.1", *two)
    assert check.state is CheckState.WARNING
    assert f"what is asked goes to {two[0]} or {two[1]} with" in check.finding
