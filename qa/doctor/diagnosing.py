"""All checks in their order."""

from collections.abc import Callable
from functools import partial

from qa.doctor import library, machine, models
from qa.doctor.check import Check
from qa.engine.memory import available_memory_bytes
from qa.models.catalogue import ModelKind
from qa.settings import Settings


def diagnose(
    settings: Settings, started: Callable[[str], None] = lambda _: None
) -> tuple[Check, ...]:
    """Every check in order; `started` hears the name of each before it runs.

    Where servers answer in place of a model here, they are looked at and not llama.cpp.
    """
    here = not settings.generator
    find_model = (
        partial(models.check_model, kind=ModelKind.LANGUAGE) if here else models.check_server
    )
    try_model = models.check_trial if here else models.check_server_trial
    steps: tuple[tuple[str, Callable[[str], Check]], ...] = (
        ("Python", machine.check_python),
        ("Processor", machine.check_processor),
        *((("llama.cpp", machine.check_llama),) if here else ()),
        ("Language model", lambda name: find_model(name, settings=settings)),
        ("Embedder", lambda name: models.check_model(name, ModelKind.EMBEDDER, settings)),
        ("Cross-encoder", lambda name: models.check_model(name, ModelKind.CROSS_ENCODER, settings)),
        ("Confidence", lambda name: models.check_confidence(name, settings)),
        ("Index", lambda name: library.check_library(name, settings)),
        ("Languages", lambda name: library.check_languages(name, settings)),
        ("Disk", lambda name: machine.check_disk(name, settings)),
        ("Memory", lambda name: machine.check_memory(name, settings, available_memory_bytes())),
        ("Offline", lambda name: machine.check_offline(name, settings.host, *settings.generators)),
        ("Trial", lambda name: try_model(name, settings)),
    )
    checks = []
    for name, check in steps:
        started(name)
        checks.append(check(name))
    return tuple(checks)
