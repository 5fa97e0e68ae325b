"""Trying a model where it can do no harm: a child process loads it and decodes a few tokens.

llama.cpp kills its process when it was compiled for another processor or meets a bug of its
compiler. Here the child dies, and the death becomes a ModelError with the next step. A model that
ran once is not tried again until the library, the processor or the file changes.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.build_flags import rebuild_command
from qa.errors import ModelError
from qa.models.notes import read_note, write_note

LIMIT_SECONDS = 120.0
PROMPT_TOKENS = 32  # rows enough for every matrix kernel that a prompt takes: AMX works on 32
NEW_TOKENS = 4
STAMPS_KEPT = 20
STAMPS_FILE = ".probed.json"  # in the models folder


@dataclass(frozen=True, slots=True)
class Build:
    """The llama.cpp that is installed: version of its package, size and date of its libraries."""

    version: str
    digest: str


def installed_build() -> Build:
    """What llama.cpp is installed, found without loading it. ModelError if there is none."""
    spec = importlib.util.find_spec("llama_cpp")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"llama-cpp-python is not installed. Install it: {rebuild_command()}")
    folder = Path(next(iter(spec.submodule_search_locations))) / "lib"
    libraries = [
        (file.name, file.stat().st_size, file.stat().st_mtime_ns)
        for file in sorted(folder.glob("*"))
        if file.is_file()
    ]
    version = importlib.metadata.version("llama-cpp-python")
    return Build(version, _digest([version, libraries]))


def processor_name() -> str:
    """The processor as it calls itself, else its architecture."""
    name = re.search(r"^model name\s*:\s*(.+)$", read_cpuinfo(), re.MULTILINE)
    if name:
        return name[1]
    if platform.system() == "Darwin":
        return _output(["sysctl", "-n", "machdep.cpu.brand_string"])
    return platform.machine()


def processor_features() -> frozenset[str]:
    """The instruction sets of the processor, in lower case, as the system lists them."""
    listed = re.search(r"^(?:flags|Features)\s*:\s*(.+)$", read_cpuinfo(), re.MULTILINE)
    if listed:
        return frozenset(listed[1].split())
    if platform.system() == "Darwin":
        names = _output(["sysctl", "-n", "machdep.cpu.features", "machdep.cpu.leaf7_features"])
        return frozenset(names.lower().split())
    return frozenset()


def read_cpuinfo() -> str:
    """What Linux says of the processor; empty elsewhere."""
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def ensure_model_runs(model_path: Path, models_dir: Path) -> None:
    """Try a GGUF file unless this very file ran before on this build and processor.

    Raises ModelError as `probe` does.
    """
    key = runs_key(model_path)
    file = models_dir / STAMPS_FILE
    noted = read_note(file)
    stamps = noted if isinstance(noted, list) else []
    if key in stamps:
        return
    probe(model_path)
    with contextlib.suppress(OSError):  # without a stamp the next start tries again
        write_note(file, [*stamps, key][-STAMPS_KEPT:])


def runs_key(model_path: Path) -> str:
    """A digest that names this very file on this build of llama.cpp and this processor."""
    found = model_path.stat()
    file = (str(model_path), found.st_size, found.st_mtime_ns)
    return _digest(
        [installed_build().digest, processor_name(), *sorted(processor_features()), file]
    )


def probe(
    model_path: Path, command: Sequence[str] | None = None, limit_seconds: float = LIMIT_SECONDS
) -> None:
    """Load the model and decode a few tokens in a child process.

    `command` stands in for the child in tests. Raises ModelError if the child is killed by a
    signal (with the command that rebuilds llama.cpp), cannot load the file, or takes too long.
    """
    command = command or [sys.executable, "-m", "qa.models.probing", str(model_path)]
    try:
        child = subprocess.run(
            command,
            capture_output=True,
            timeout=limit_seconds,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"{model_path} did not answer a short prompt within {limit_seconds:.0f} s. "
            "Close other programs, or set QA_MODEL to a smaller model: qa models list"
        ) from error
    if child.returncode < 0:
        raise ModelError(_death(-child.returncode, model_path))
    if child.returncode > 0:
        raise ModelError(load_failure(child.stderr.decode(errors="replace"), model_path))


def load_failure(log: str, model_path: Path) -> str:
    """What llama.cpp's log says about a file that it did not load, with the next step."""
    unknown = re.search(r"unknown model architecture: '([^']*)'", log)
    if unknown:
        return (
            f"{model_path}: this build of llama.cpp does not know the architecture {unknown[1]}. "
            "Set QA_MODEL to another model, or install a newer llama-cpp-python."
        )
    damaged = ("not within the file bounds", "gguf_init", "failed to read", "invalid magic")
    if any(sign in log for sign in damaged):
        return (
            f"{model_path} is damaged or cut off. Pull or copy it again; "
            "check models of the catalogue with: qa models verify NAME"
        )
    if "No module named" in log or "shared library" in log:
        return f"llama-cpp-python cannot be loaded. Build it again: {rebuild_command()}"
    if re.search(r"failed to allocate|bad_alloc|MemoryError", log):
        return (
            f"{model_path} does not fit into memory. Close other programs or use a smaller model."
        )
    reasons = re.findall(r"error loading model: (.+)", log) or log.strip().splitlines()[-1:]
    return (
        f"{model_path} cannot be loaded ({reasons[0] if reasons else 'without a reason'}). "
        "Set QA_MODEL to another model."
    )


def _death(number: int, model_path: Path) -> str:
    name = signal.Signals(number).name
    if number == signal.SIGKILL:
        return (
            f"The system killed the trial of {model_path.name} (SIGKILL), most likely for want of "
            "memory. Close other programs, or set QA_MODEL to a smaller model: qa models list"
        )
    return (
        f"llama.cpp died of {name} while trying {model_path.name}, most likely because it was not "
        f"compiled rightly for this processor. Build it again: {rebuild_command()}"
    )


def _digest(values: list[object]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def run_model(model_path: str) -> None:
    """Load a GGUF file, read a prompt and decode: what the child does. May kill its process."""
    import llama_cpp

    # One thread: on a busy machine several wait for one another, and the trial takes 25 s, not 2.
    llama = llama_cpp.Llama(
        model_path,
        n_ctx=PROMPT_TOKENS + NEW_TOKENS,
        n_threads=1,
        n_threads_batch=1,
        use_mmap=False,  # as it will be loaded: mapped, it would take more memory than that
        verbose=True,
    )
    words = llama.tokenize(b"The quick brown fox jumps over the lazy dog. " * PROMPT_TOKENS)
    llama.eval(words[:PROMPT_TOKENS])
    for _ in range(NEW_TOKENS):
        llama.eval([llama.sample(temp=0)])


if __name__ == "__main__":
    run_model(sys.argv[1])
