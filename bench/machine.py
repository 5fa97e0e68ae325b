"""What a benchmark runs on and with, in one line."""

import importlib.metadata
import os
import platform
from pathlib import Path

from qa.models.probing import processor_name
from qa.settings import Settings


def machine(settings: Settings, model: Path) -> str:
    """The processor, the memory, the versions that matter, and the model's file."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    threads = settings.threads or os.cpu_count() or 1
    return (
        f"{processor_name()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}; "
        f"Python {platform.python_version()}, "
        f"llama-cpp-python {importlib.metadata.version('llama-cpp-python')} ({_features()}); "
        f"{model.name}, {threads} threads, {settings.context_tokens} tokens"
    )


def _features() -> str:
    """What llama.cpp was compiled to use of the processor."""
    import llama_cpp

    text: str = llama_cpp.llama_print_system_info().decode()
    pairs = [pair.split("=") for pair in text.partition(":")[2].split("|") if "=" in pair]
    return " ".join(name.strip() for name, value in pairs if value.strip() == "1")
