"""What stands between this machine and an answer: one check a thing, each with its next step.

Every check looks and changes nothing. What may die (llama.cpp) runs in a child process.
"""

import os
import platform
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

from qa.build_flags import rebuild_command
from qa.engine.context import PREFILL_BATCH
from qa.engine.generation import DecodingOptions, Message, Role, StopFlag
from qa.engine.memory import available_memory_bytes, ensure_fits
from qa.engine.server import LacksModel, ServerEngine, ensure_has, first_model, served_models
from qa.engine.server_connection import Server, is_loopback
from qa.errors import BadCalibration, CuttingsError, IndexMissing, LibraryError, ModelError
from qa.evaluating.calibration_file import WEIGHED_BY, fitted_here, kept_calibration
from qa.library.places import open_library
from qa.library.read_only import read_only_address
from qa.models.catalogue import (
    ModelKind,
    ModelState,
    known_models,
    model_state,
    named,
    resolve_model,
)
from qa.models.probing import installed_build, probe, processor_features, processor_name
from qa.reading.languages import language_of
from qa.settings import Settings

PYTHONS = ((3, 11), (3, 14))  # from, up to but without
SPARE_DISK_BYTES = 1_000_000_000
# The rest of the program with its page open, beside the language model: 520 MB measured (embedder,
# a small index, libraries), and what the engine keeps of earlier prompts.
PROGRAM_BYTES = 600_000_000
MULTILINGUAL = "multilingual-e5-small"
FOREIGN_SHARE = 0.2  # of the articles; from here on a multilingual embedder is suggested
ARTICLES_LOOKED_AT = 200
SHOWN_FEATURES = ("avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "amx_tile", "asimd")
OFFLINE_VARIABLES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY")
SYSTEM_INFO_CODE = "import llama_cpp; print(llama_cpp.llama_print_system_info().decode())"
SYSTEM_INFO_SECONDS = 60.0
SERVER_TRIAL_SECONDS = 60.0  # a server may load its model first
TRIAL_PROMPT = (Message(Role.USER, ("Answer in one word, Yes or No: is snow white?",)),)
TRIAL_TOKENS = 16


class CheckState(Enum):
    """Whether a check found what is needed."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, and what to do about it if anything."""

    name: str
    state: CheckState
    finding: str
    next_step: str | None = None


def diagnose(settings: Settings, started: Callable[[str], None] | None = None) -> tuple[Check, ...]:
    """Every check in order; `started` hears the name of each before it runs.

    Where servers answer in place of a model here, they are looked at and not llama.cpp.
    """
    here = not settings.generator
    find_model = partial(check_model, kind=ModelKind.LANGUAGE) if here else check_server
    try_model = check_trial if here else check_server_trial
    steps: tuple[tuple[str, Callable[[str], Check]], ...] = (
        ("Python", check_python),
        ("Processor", check_processor),
        *((("llama.cpp", check_llama),) if here else ()),
        ("Language model", lambda name: find_model(name, settings=settings)),
        ("Embedder", lambda name: check_model(name, ModelKind.EMBEDDER, settings)),
        ("Cross-encoder", lambda name: check_model(name, ModelKind.CROSS_ENCODER, settings)),
        ("Confidence", lambda name: check_confidence(name, settings)),
        ("Index", lambda name: check_library(name, settings)),
        ("Languages", lambda name: check_languages(name, settings)),
        ("Disk", lambda name: check_disk(name, settings)),
        ("Memory", lambda name: check_memory(name, settings, available_memory_bytes())),
        ("Offline", lambda name: check_offline(name, settings.host, *settings.generators)),
        ("Trial", lambda name: try_model(name, settings)),
    )
    checks = []
    for name, check in steps:
        if started:
            started(name)
        checks.append(check(name))
    return tuple(checks)


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


def check_model(name: str, kind: ModelKind, settings: Settings) -> Check:
    """Whether the configured model lies there whole."""
    wanted = {
        ModelKind.LANGUAGE: settings.model,
        ModelKind.EMBEDDER: settings.embedder,
        ModelKind.CROSS_ENCODER: settings.cross_encoder,
    }[kind]
    try:
        path = resolve_model(wanted, settings.models_dir, kind)
    except ModelError as error:
        return Check(name, CheckState.FAILED, *_finding_and_step(error))
    model = named(wanted, known_models(settings.models_dir))
    if model is None:
        return Check(name, CheckState.OK, f"{path} (your own)")
    if model_state(model, settings.models_dir) is ModelState.VERIFIED:
        return Check(name, CheckState.OK, f"{wanted}, verified, at {path}")
    finding = f"{wanted} at {path}, its bytes not yet checked"
    return Check(name, CheckState.WARNING, finding, f"Check them with: qa models verify {wanted}")


def check_server(name: str, settings: Settings) -> Check:
    """Whether each server that answers in place of a model here is there, and has the model.

    Where none is named, that is the first model of the first server that answers.
    """
    model, checks = settings.model_on_server, []
    for server in _servers(settings):
        try:
            served = served_models(server)
            model = model or first_model(server, served)
            ensure_has(server, served, model)
        except LacksModel as error:
            checks.append(Check(name, CheckState.WARNING, error.finding, error.step))
        except ModelError as error:
            checks.append(Check(name, CheckState.FAILED, *_finding_and_step(error)))
        else:
            checks.append(Check(name, CheckState.OK, f"{model} at {server.url}"))
    return _together(name, checks)


def check_confidence(name: str, settings: Settings) -> Check:
    """Whether what weighs an answer's confidence are the models that its numbers were fitted with.

    They are the shipped ones, or those that `qa calibrate` fitted here. The language model has no
    part in it (`qa.answering.confidence`): any one is weighed alike.
    """
    kept = None
    try:
        kept = kept_calibration(settings)
    except BadCalibration as error:
        return Check(name, CheckState.FAILED, *_finding_and_step(error))
    except ModelError:  # as another check says
        pass
    if kept and kept.in_use:
        worth = f"AUROC {kept.fitted.auroc:.3f}, the shipped numbers' {kept.shipped.auroc:.3f}"
        return Check(name, CheckState.OK, f"{fitted_here(kept)}: {worth}")
    fitted = {key: str(Settings.model_fields[key].default) for key in WEIGHED_BY}
    others = [
        str(getattr(settings, key)) for key in fitted if getattr(settings, key) != fitted[key]
    ]
    finding = f"fitted with {' and '.join(fitted.values())}, whichever language model writes"
    if kept:
        finding += f"; others, {fitted_here(kept)}, are worse and not in use"
    if not others:
        return Check(name, CheckState.OK, finding)
    step = "Fit them with these: qa calibrate"
    return Check(name, CheckState.WARNING, f"{finding}; not with {' and '.join(others)}", step)


def check_library(name: str, settings: Settings) -> Check:
    """How many articles are in the library that settings name, if there is one."""
    if not settings.shared_index:
        return check_index(name, settings.library_dir)
    try:
        with open_library(settings) as store:
            articles, place = store.article_count(), store.place
    except IndexMissing as error:
        return Check(name, CheckState.WARNING, str(error))
    except LibraryError as error:
        return Check(name, CheckState.FAILED, str(error))
    return Check(name, CheckState.OK, f"{articles} article{'s' * (articles != 1)} in {place}")


def check_languages(name: str, settings: Settings) -> Check:
    """Whether the embedder was taught the languages of the articles, by some of them."""
    try:
        with open_library(settings) as store:
            ids = sorted(store.digests())
            step = max(1, -(-len(ids) // ARTICLES_LOOKED_AT))
            some = [store.article(id_) for id_ in ids[::step]]
    except (IndexMissing, LibraryError):  # as another check says
        return Check(name, CheckState.OK, "no articles to look at")
    found = Counter(language_of(article.text) for article in some if article)
    foreign = found.total() - found["en"]
    told = ", ".join(f"{language} {count}" for language, count in found.most_common())
    if not told:
        return Check(name, CheckState.OK, "no articles to look at")
    finding = f"of {found.total()} articles {foreign} are not in English ({told})"
    english = str(Settings.model_fields["embedder"].default)
    if settings.embedder != english or foreign <= FOREIGN_SHARE * found.total():
        return Check(name, CheckState.OK, finding)
    next_step = (
        f"{english} was taught English. Pull another with: qa models pull {MULTILINGUAL};"
        f' set embedder = "{MULTILINGUAL}" in qa.toml, then: qa index'
    )
    return Check(name, CheckState.WARNING, finding, next_step)


def check_index(name: str, index_dir: Path) -> Check:
    """How many articles are in the library, if there is one."""
    file = index_dir / "library.db"
    if not file.is_file():
        step = "Make one with: qa index FOLDER"
        return Check(name, CheckState.WARNING, f"There is no index in {index_dir}.", step)
    try:
        library = sqlite3.connect(read_only_address(file), uri=True)
        try:
            articles = library.execute("SELECT count(*) FROM articles").fetchone()[0]
        finally:
            library.close()
    except sqlite3.Error as error:
        step = "See what is wrong and what can be saved with: qa articles check"
        return Check(name, CheckState.FAILED, f"{file} cannot be read ({error}).", step)
    if not articles:
        step = "Add some with: qa index FOLDER"
        return Check(name, CheckState.WARNING, f"There is no article in {file}.", step)
    return Check(name, CheckState.OK, f"{articles} article{'s' * (articles > 1)} in {file}")


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
    folder = next(place for place in _upward(settings.models_dir) if place.exists())
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
            return Check(name, CheckState.FAILED, *_finding_and_step(error))
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


def check_trial(name: str, settings: Settings, command: Sequence[str] | None = None) -> Check:
    """Load the language model and decode a few tokens in a child process; `command` for tests."""
    try:
        path = resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)
    except ModelError:
        return Check(name, CheckState.WARNING, "There is no model to try.")
    try:
        probe(path, command)
    except ModelError as error:
        return Check(name, CheckState.FAILED, *_finding_and_step(error))
    return Check(name, CheckState.OK, f"{settings.model} loads and decodes")


def check_server_trial(
    name: str, settings: Settings, patience_s: float = SERVER_TRIAL_SECONDS
) -> Check:
    """Let each server write a few tokens, of no article."""
    servers = _servers(settings)
    checks = [_try_server(name, server, settings, patience_s) for server in servers]
    return _together(name, checks)


def _try_server(name: str, server: Server, settings: Settings, patience_s: float) -> Check:
    stop = StopFlag()
    timer = threading.Timer(patience_s, stop.set)
    timer.daemon = True
    timer.start()
    try:
        engine = ServerEngine(
            server, model=settings.model_on_server, context_tokens=settings.context_tokens
        )
        for _ in engine.generate(TRIAL_PROMPT, DecodingOptions(TRIAL_TOKENS), stop):
            pass
    except ModelError as error:
        return Check(name, CheckState.FAILED, *_finding_and_step(error))
    finally:
        timer.cancel()
    if stop.is_set():
        finding = f"{server.url} wrote nothing within {patience_s:g} seconds."
        return Check(name, CheckState.FAILED, finding, "See the server's log, and try again.")
    place = f" at {server.url}" if len(settings.generators) > 1 else ""
    return Check(name, CheckState.OK, f"{engine.name} writes{place}")


def _servers(settings: Settings) -> list[Server]:
    key = settings.generator_key.get_secret_value()
    return [Server(address, key) for address in settings.generators]


def _together(name: str, checks: Sequence[Check]) -> Check:
    """What was found of each server as one check; it fails where no server is well."""
    if len(checks) == 1:
        return checks[0]
    well = [check.state is CheckState.OK for check in checks]
    state = CheckState.OK if all(well) else CheckState.WARNING if any(well) else CheckState.FAILED
    finding = "; ".join(check.finding.rstrip(".") for check in checks)
    steps = dict.fromkeys(check.next_step for check in checks if check.next_step)
    return Check(name, state, finding, " ".join(steps) or None)


def _finding_and_step(error: CuttingsError) -> tuple[str, str | None]:
    """An error's message at its first full stop: what is the matter, what to do."""
    finding, _, step = str(error).partition(". ")
    return f"{finding}.", step or None


def _upward(folder: Path) -> tuple[Path, ...]:
    return (folder, *folder.parents)


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
