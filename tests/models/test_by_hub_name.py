"""Models pulled by their name on the hub: pinned, split, gated, resumed; the hub is on loopback."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.errors import ModelError, PullFailed
from qa.models.catalogue import (
    PULLED_FILE,
    ModelKind,
    ModelState,
    find_model,
    load_suggestions,
    model_state,
    on_the_hub,
    pulled_models,
    resolve_model,
)
from qa.models.choosing import hub_lines, model_lines
from qa.models.pulling import model_to_pull, pull
from qa.models.verifying import remove, verify
from tests.models.hub import COMMIT, FakeHub, running
from tests.models.tiny import HUB_CHUNK, NOBODY, WEIGHTS, files_in, ignore, sha256

REPO = "hf:someone/tiny-GGUF"
FIRST, SECOND = WEIGHTS[:5000], WEIGHTS[5000:]
SPLIT = {
    "F16/tiny-F16-00001-of-00002.gguf": FIRST,
    "F16/tiny-F16-00002-of-00002.gguf": SECOND,
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub with a model in two quantisations, one of them split."""
    with running(FakeHub({"tiny-Q4_K_M.gguf": WEIGHTS, "mmproj.gguf": b"eyes", **SPLIT})) as fake:
        monkeypatch.setenv("HF_ENDPOINT", fake.endpoint)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield fake


def pulled(name: str, models_dir: Path) -> Path:
    return pull(model_to_pull(name, models_dir), models_dir, ignore)


def test_the_usual_quantisation_is_pulled_and_pinned(hub: FakeHub, models_dir: Path) -> None:
    path = pulled(REPO, models_dir)
    assert path == models_dir / "hf/someone/tiny-GGUF/tiny-Q4_K_M.gguf"
    assert path.read_bytes() == WEIGHTS
    (model,) = pulled_models(models_dir)
    assert model.name == f"{REPO}:Q4_K_M"
    assert (model.licence, model.size_bytes, model.sha256) == (
        "apache-2.0",
        len(WEIGHTS),
        sha256(WEIGHTS),
    )
    assert model.hub
    assert model.hub.revision == COMMIT
    assert model_state(model, models_dir) is ModelState.VERIFIED
    for name in (f"{REPO}:Q4_K_M", REPO, f"{REPO}:q4_k_m", "hf.co/someone/tiny-GGUF"):
        assert resolve_model(name, models_dir, ModelKind.LANGUAGE) == path
        assert find_model(name, models_dir) == model
    assert "hf:someone/tiny-GGUF:Q4_K_M" in {line.name for line in model_lines(models_dir, REPO)}


def test_what_is_pinned_stays_so_when_the_repository_goes_on(
    hub: FakeHub, models_dir: Path
) -> None:
    path = pulled(REPO, models_dir)
    path.unlink()
    hub.files["tiny-Q4_K_M.gguf"] = WEIGHTS + b"newer"
    hub.asked.clear()
    with pytest.raises(PullFailed, match="its file has SHA-256"):
        pulled(REPO, models_dir)
    assert hub.asked == []  # the lock file says what is wanted
    remove(find_model(REPO, models_dir), models_dir)
    assert pulled_models(models_dir) == ()
    assert pulled(REPO, models_dir).read_bytes() == WEIGHTS + b"newer"


def test_a_split_model_is_pulled_checked_and_removed_whole(hub: FakeHub, models_dir: Path) -> None:
    first = pulled(f"{REPO}:f16", models_dir)
    folder = models_dir / "hf/someone/tiny-GGUF/F16"
    assert first == folder / "tiny-F16-00001-of-00002.gguf"
    assert first.read_bytes() == FIRST
    second = folder / "tiny-F16-00002-of-00002.gguf"
    assert second.read_bytes() == SECOND
    model = find_model(f"{REPO}:F16", models_dir)
    assert model.total_bytes == len(WEIGHTS)
    assert verify(model, models_dir) == first
    second.write_bytes(SECOND[:-1])
    assert model_state(model, models_dir) is ModelState.CUT_OFF
    second.write_bytes(bytes(len(SECOND)))
    with pytest.raises(ModelError, match=r"00002\.gguf has SHA-256"):
        verify(model, models_dir)
    assert pulled(f"{REPO}:F16", models_dir) == first
    assert second.read_bytes() == SECOND
    assert remove(model, models_dir) == len(WEIGHTS)
    assert not list((models_dir / "hf").rglob("*.gguf"))


def test_a_broken_pull_goes_on_in_the_part_it_was_at(
    models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (random.Random(1).randbytes(100), random.Random(2).randbytes(2 * HUB_CHUNK + 5))
    files = dict(zip(SPLIT, parts, strict=True))
    first, second = files
    with running(FakeHub(files, stops_after=HUB_CHUNK + 99)) as fake:
        monkeypatch.setenv("HF_ENDPOINT", fake.endpoint)
        fake.stops_after = None
        model = model_to_pull(f"{REPO}:F16", models_dir)
        partial = models_dir / ".partial" / model.key / "hub"
        (partial / "beside").mkdir(parents=True)
        (partial / "weights").write_bytes(parts[0])
        (partial / "beside" / Path(second).name).write_bytes(parts[1][:HUB_CHUNK])
        path = pull(model, models_dir, ignore)
        assert path.with_name(Path(second).name).read_bytes() == parts[1]
        assert fake.gets == [(second, f"bytes={HUB_CHUNK}-")]
        assert first not in {asked for asked, _ in fake.gets}


def test_a_gated_repository_is_named_with_the_next_step(
    hub: FakeHub, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.gated = True
    page = f"{hub.endpoint}/someone/tiny-GGUF"
    (line, _) = hub_lines(REPO, models_dir)
    assert f"gated: accept the licence at {page} and set HF_TOKEN" in line.description
    with pytest.raises(PullFailed, match=f"it is gated: accept its licence at {page}, then set"):
        pulled(REPO, models_dir)
    monkeypatch.setenv("HF_TOKEN", "not-yet")
    with pytest.raises(PullFailed, match="has not been let in yet"):
        pulled(REPO, models_dir)
    monkeypatch.setenv("HF_TOKEN", "let-me-in")
    assert pulled(REPO, models_dir).read_bytes() == WEIGHTS
    assert hub.told["repository"] == "Bearer let-me-in"
    assert hub.told["elsewhere"] is None  # the token is the hub's alone


def test_the_files_of_a_repository_with_what_fits(hub: FakeHub, models_dir: Path) -> None:
    hub.files["tiny-Q8_0.gguf"] = WEIGHTS + WEIGHTS
    pulled(REPO, models_dir)
    lines = {line.name.rpartition(":")[2]: line for line in hub_lines(REPO, models_dir)}
    assert set(lines) == {"Q4_K_M", "F16", "Q8_0"}
    assert lines["Q4_K_M"].is_here
    assert not lines["Q4_K_M"].can_be_pulled
    assert lines["F16"].description == "licence: apache-2.0; 2 files"
    assert lines["Q8_0"].memory_bytes == 2 * len(WEIGHTS) + 850_000_000
    small = lines["Q8_0"]
    assert small.with_memory(2 * len(WEIGHTS) + 850_000_000).fits is True
    assert small.with_memory(2 * len(WEIGHTS) + 849_999_999).fits is False
    assert small.with_memory(None).fits is None


def test_what_the_hub_does_not_tell(
    hub: FakeHub, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PullFailed, match="there is no repository nobody/nothing, or it is private"):
        pulled("hf:nobody/nothing", models_dir)
    hub.announced["tiny-Q4_K_M.gguf"] = ""
    with pytest.raises(ModelError, match=r"states no SHA-256 of tiny-Q4_K_M\.gguf"):
        pulled(REPO, models_dir)
    with pytest.raises(ModelError, match="names no model of the hub"):
        pulled("hf:someone", models_dir)
    with pytest.raises(ModelError, match=f"Pull it with: qa models pull {REPO}"):
        resolve_model(REPO, models_dir, ModelKind.LANGUAGE)
    monkeypatch.setenv("HF_ENDPOINT", NOBODY)
    with pytest.raises(PullFailed, match="The hub did not say what someone/tiny-GGUF holds"):
        pulled(REPO, models_dir)
    assert files_in(models_dir) == set()


def test_a_lock_file_that_cannot_be_read_is_named(models_dir: Path) -> None:
    models_dir.mkdir()
    for content in ("{", "[]", json.dumps({"model": [{"name": "a"}]})):
        (models_dir / PULLED_FILE).write_text(content)
        with pytest.raises(ModelError, match=r"pulled\.json cannot be read .* Move it away"):
            pulled_models(models_dir)


def test_every_suggestion_is_a_name_of_the_hub_with_its_licence() -> None:
    suggestions = load_suggestions()
    assert len(suggestions) >= 12
    for one in suggestions:
        found = on_the_hub(one.name)
        assert found
        assert (str(found), found.quant) == (one.hub, "Q4_K_M")
        assert one.licence
        assert 500_000_000 < one.size_bytes < 5_000_000_000
