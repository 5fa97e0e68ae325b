"""The machine: Python, processor, llama.cpp, disk, memory, and what stays on it."""

import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence

from qa.build_flags import rebuild_command
from qa.doctor.check import Check, CheckState, failure
from qa.engine.context import PREFILL_BATCH
from qa.engine.memory import ensure_fits
from qa.engine.server_connection import Server, is_loopback
from qa.errors import ModelError
from qa.models.catalogue import (
    ModelKind,
    ModelState,
    known_models,
    model_state,
    named,
    resolve_model,
)
from qa.models.probing import installed_build, processor_features, processor_name
from qa.settings import Settings

PYTHONS = ((3, 11), (3, 14))  # from, up to but without
SPARE_DISK_BYTES = 1_000_000_000
# The rest of the program with its page open, beside the language model: 520 MB measured (embedder,
# a small index, libraries), and what the engine keeps of earlier prompts.
PROGRAM_BYTES = 600_000_000
SHOWN_FEATURES = ("avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "amx_tile", "asimd")
OFFLINE_VARIABLES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY")
SYSTEM_INFO_CODE = "import llama_cpp; print(llama_cpp.llama_print_system_info().decode())"
SYSTEM_INFO_SECONDS = 60.0


def check_python(name: str, version: tuple[int, int] = sys.version_info[:2]) -> Check:
    """Whether this is a Python that the packages are built for."""
    finding = f"{platform.python_version()} at {sys.executable}"
    if PYTHONS[0] <= version < PYTHONS[1]:
        return Check(name, CheckState.OK, finding)
    return Check(name, CheckState.FAILED, finding, "Use Python 3.11, 3.12 or 3.13.")


def check_processor(name: str) -> Check:
    """The processor and those of its instruction sets that decide how fast a prompt is read."""
    features = processor_features()
    shown = " ".join(feature for feature in SHOWN_FEATURES if feature in features)
    finding = f"{processor_name()}, {os.cpu_count()} cores" + (f": {shown}" if shown else "")
    if platform.machine() in ("x86_64", "AMD64") and features and "avx2" not in features:
        return Check(name, CheckState.WARNING, finding, "Without AVX2 expect very slow answers.")
    return Check(name, CheckState.OK, finding)


def check_llama(name: str, command: Sequence[str] | None = None) -> Check:
    """Version of llama.cpp and what it was compiled for, as it says itself in a child process."""
    command = command or [sys.executable, "-c", SYSTEM_INFO_CODE]
    try:
        version = installed_build().version
        child = subprocess.run(
            command, capture_output=True, text=True, timeout=SYSTEM_INFO_SECONDS, check=False
        )
    except (ModelError, subprocess.TimeoutExpired) as error:
        return Check(name, CheckState.FAILED, str(error), f"Build it again: {rebuild_command()}")
    if child.returncode:
        ending = signal.Signals(-child.returncode).name if child.returncode < 0 else "an error"
        reason = (child.stderr.strip().splitlines() or [ending])[-1]
        finding = f"llama-cpp-python {version} does not start: {reason}"
        return Check(name, CheckState.FAILED, finding, f"Build it again: {rebuild_command()}")
    sets = [part.split("=")[0].strip() for part in child.stdout.split("|") if "= 1" in part]
    built_for = " ".join(part.split(":")[-1].strip() for part in sets)
    return Check(name, CheckState.OK, f"llama-cpp-python {version}, built for {built_for}")


def check_disk(name: str, settings: Settings) -> Check:
    """Free disk where models go, against what a pull of the missing ones would take."""
    language = "" if settings.generator else settings.model
    known = known_models(settings.models_dir)
    wanted = (settings.embedder, settings.cross_encoder, language)
    missing = [
        model
        for name_in_settings in wanted
        if (model := named(name_in_settings, known))
        and model_state(model, settings.models_dir) in (ModelState.MISSING, ModelState.CUT_OFF)
    ]
    needed = 2 * sum(model.total_bytes for model in missing) + SPARE_DISK_BYTES
    upward = (settings.models_dir, *settings.models_dir.parents)
    folder = next(place for place in upward if place.exists())
    free = shutil.disk_usage(folder).free
    finding = f"{_gigabytes(free)} free in {folder}"
    if free >= needed:
        return Check(name, CheckState.OK, finding)
    step = f"Free some space: {_gigabytes(needed)} are needed. Or set QA_MODELS_DIR."
    state = CheckState.FAILED if missing else CheckState.WARNING
    return Check(name, state, finding, step)


def check_memory(name: str, settings: Settings, available_bytes: int | None) -> Check:
    """Memory that is available against what the program takes; None = not known here.

    It fails where a question would be refused for it.
    """
    if settings.generator:
        return _memory_check(name, PROGRAM_BYTES, "about", available_bytes)
    try:
        path = resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)
    except ModelError:  # as another check says; its file is the most of what it takes
        model = named(settings.model, known_models(settings.models_dir))
        needed, how = PROGRAM_BYTES + (model.total_bytes if model else 0), "at least"
    else:
        try:
            fits = ensure_fits(path, settings.context_tokens, PREFILL_BATCH, available_bytes)
        except ModelError as error:
            return failure(name, error)
        needed, how = PROGRAM_BYTES + fits.total_bytes, "about"
    return _memory_check(name, needed, how, available_bytes)


def _memory_check(name: str, needed: int, how: str, available_bytes: int | None) -> Check:
    finding = f"{how} {_gigabytes(needed)} will be used"
    if available_bytes is None:
        return Check(name, CheckState.OK, finding)
    finding = f"{_gigabytes(available_bytes)} available, {finding}"
    if available_bytes >= needed:
        return Check(name, CheckState.OK, finding)
    step = (
        "Close other programs, lower context_tokens, or set QA_MODEL to a smaller model: "
        "qa models list"
    )
    return Check(name, CheckState.WARNING, finding, step)


def check_offline(name: str, host: str, *generators: str) -> Check:
    """That the page stays on this machine, what goes to servers, and which switches are set."""
    finding = f"the page binds {host}; only `qa models` and `qa clip` use a network, when asked to"
    if generators:
        servers = " or ".join(generators)
        finding += f", and what is asked goes to {servers} with the passages found"
    variables = [f"{key}={os.environ[key]}" for key in OFFLINE_VARIABLES if key in os.environ]
    if variables:
        finding += f"; set: {' '.join(variables)}"
    if not is_loopback(host):
        return Check(name, CheckState.WARNING, finding, "Set QA_HOST to 127.0.0.1.")
    if any(url.startswith("http://") and not Server(url).is_loopback for url in generators):
        step = "What goes there can be read on its way: use https or a tunnel (ssh -L)."
        return Check(name, CheckState.WARNING, finding, step)
    return Check(name, CheckState.OK, finding)


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
