"""A model is tried in a child: children that really die, and GGUF files that are really damaged."""

import sys
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.models.catalogue import find_model
from qa.models.probing import (
    ensure_model_runs,
    installed_build,
    load_failure,
    probe,
    processor_name,
)
from qa.models.pulling import pull
from tests.conftest import ROOT

FILE = Path("some.gguf")


@pytest.fixture(scope="session")
def small_gguf() -> Path:
    """The smallest real model of the catalogue."""
    return pull(find_model("smollm2-135m"), ROOT / "models", lambda progress: None)


def dying(signal_name: str) -> list[str]:
    return [
        sys.executable,
        "-c",
        f"import os, signal; os.kill(os.getpid(), signal.{signal_name})",
    ]


@pytest.mark.parametrize("name", ["SIGILL", "SIGABRT", "SIGSEGV"])
def test_a_death_is_answered_with_the_rebuild_command(name: str) -> None:
    with pytest.raises(ModelError) as failure:
        probe(FILE, dying(name))
    message = str(failure.value)
    assert message.startswith(f"llama.cpp died of {name} while trying some.gguf")
    assert "CMAKE_ARGS=" in message
    assert message.endswith(
        "-m pip install --no-cache-dir --force-reinstall --no-deps 'llama-cpp-python>=0.3.36,<0.4'"
    )
    assert "\n" not in message


def test_a_kill_is_taken_for_a_want_of_memory() -> None:
    with pytest.raises(ModelError, match=r"SIGKILL.* memory"):
        probe(FILE, dying("SIGKILL"))


def test_a_child_that_hangs_is_ended() -> None:
    with pytest.raises(ModelError, match="within 1 s"):
        probe(FILE, [sys.executable, "-c", "import time; time.sleep(60)"], limit_seconds=1)


def test_a_child_that_succeeds_says_nothing() -> None:
    probe(FILE, [sys.executable, "-c", ""])


@pytest.mark.parametrize(
    ("log", "message"),
    [
        (
            "llama_model_load: error loading model: unknown model architecture: 'newton9'\n",
            "does not know the architecture newton9",
        ),
        ("tensor 'a' data is not within the file bounds, model is corrupted", "is damaged or cut"),
        ("gguf_init_from_reader: failed to read header", "is damaged or cut off"),
        ("ModuleNotFoundError: No module named 'llama_cpp'", "cannot be loaded. Build it again"),
        ("ggml_aligned_malloc: failed to allocate 9 bytes", "does not fit into memory"),
        ("error loading model: missing tensor 'x'\nmore", r"cannot be loaded \(missing tensor 'x'"),
        ("something\nelse\n", r"cannot be loaded \(else\)"),
        ("", r"cannot be loaded \(without a reason\)"),
    ],
)
def test_the_log_of_a_failure_becomes_a_next_step(log: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        raise ModelError(load_failure(log, FILE))


def test_the_installed_build_and_the_processor_have_names() -> None:
    assert installed_build().version.startswith("0.3.")
    assert installed_build() == installed_build()
    assert processor_name()


@pytest.mark.model
def test_a_real_model_runs_and_is_tried_once(small_gguf: Path, tmp_path: Path) -> None:
    ensure_model_runs(small_gguf, tmp_path)
    stamps = (tmp_path / ".probed.json").read_text()
    before = (tmp_path / ".probed.json").stat().st_mtime_ns
    ensure_model_runs(small_gguf, tmp_path)
    assert (tmp_path / ".probed.json").stat().st_mtime_ns == before

    copy = tmp_path / "copy.gguf"
    copy.symlink_to(small_gguf)
    ensure_model_runs(copy, tmp_path)
    assert (tmp_path / ".probed.json").read_text() != stamps


@pytest.mark.model
def test_a_folder_that_takes_no_stamp_does_not_matter(small_gguf: Path) -> None:
    ensure_model_runs(small_gguf, Path("/proc/nowhere"))


@pytest.mark.model
@pytest.mark.parametrize("size", [4, 1000, 60_000_000])
def test_a_file_cut_off_anywhere_is_called_damaged(
    small_gguf: Path, tmp_path: Path, size: int
) -> None:
    cut = tmp_path / "cut.gguf"
    with small_gguf.open("rb") as whole:
        cut.write_bytes(whole.read(size))
    with pytest.raises(ModelError, match=r"cut\.gguf is damaged or cut off"):
        ensure_model_runs(cut, tmp_path)
    assert not (tmp_path / ".probed.json").exists()


@pytest.mark.model
def test_garbage_behind_the_magic_is_called_damaged(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.gguf"
    garbage.write_bytes(b"GGUF" + bytes(range(256)) * 100)
    with pytest.raises(ModelError, match=r"garbage\.gguf is damaged or cut off"):
        probe(garbage)


@pytest.mark.model
def test_an_unknown_architecture_is_named(small_gguf: Path, tmp_path: Path) -> None:
    content = bytearray(small_gguf.read_bytes())
    start = content.index(b"llama", content.index(b"general.architecture"))
    content[start : start + 5] = b"vicug"
    renamed = tmp_path / "renamed.gguf"
    renamed.write_bytes(content)
    with pytest.raises(ModelError, match="does not know the architecture vicug"):
        probe(renamed)
