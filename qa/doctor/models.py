"""The models: those of settings, the servers in their place, and whether they write.

What may die (llama.cpp) runs in a child process.
"""

import threading
from collections.abc import Sequence

from qa.doctor.check import Check, CheckState, failure, together
from qa.engine.generation import DecodingOptions, Message, Role, StopFlag
from qa.engine.server import LacksModel, ServerEngine, ensure_has, first_model, served_models
from qa.engine.server_connection import Server
from qa.errors import BadCalibration, ModelError
from qa.evaluating.calibration_file import WEIGHED_BY, fitted_here, kept_calibration
from qa.models.catalogue import (
    ModelKind,
    ModelState,
    known_models,
    model_state,
    named,
    resolve_model,
)
from qa.models.probing import probe
from qa.settings import Settings

SERVER_TRIAL_SECONDS = 60.0  # a server may load its model first
TRIAL_PROMPT = (Message(Role.USER, ("Answer in one word, Yes or No: is snow white?",)),)
TRIAL_TOKENS = 16


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
        return failure(name, error)
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
            checks.append(failure(name, error))
        else:
            checks.append(Check(name, CheckState.OK, f"{model} at {server.url}"))
    return together(name, checks)


def check_confidence(name: str, settings: Settings) -> Check:
    """Whether what weighs an answer's confidence are the models that its numbers were fitted with.

    They are the shipped ones, or those that `qa calibrate` fitted here. The language model has no
    part in it (`qa.answering.confidence`): any one is weighed alike.
    """
    kept = None
    try:
        kept = kept_calibration(settings)
    except BadCalibration as error:
        return failure(name, error)
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


def check_trial(name: str, settings: Settings, command: Sequence[str] | None = None) -> Check:
    """Load the language model and decode a few tokens in a child process; `command` for tests."""
    try:
        path = resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)
    except ModelError:
        return Check(name, CheckState.WARNING, "There is no model to try.")
    try:
        probe(path, command)
    except ModelError as error:
        return failure(name, error)
    return Check(name, CheckState.OK, f"{settings.model} loads and decodes")


def check_server_trial(
    name: str, settings: Settings, patience_s: float = SERVER_TRIAL_SECONDS
) -> Check:
    """Let each server write a few tokens, of no article."""
    servers = _servers(settings)
    checks = [_try_server(name, server, settings, patience_s) for server in servers]
    return together(name, checks)


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
        return failure(name, error)
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
