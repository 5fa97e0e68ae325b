"""The real parts that tests share: encoders, default model, the library of seeds/, Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from qa.answering.assistant import Assistant
from qa.engine.decoding import LlamaEngine
from qa.library.embedder import SentenceEmbedder
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.models.catalogue import ModelKind, resolve_model
from qa.service.opening import Encoders, make_assistant, make_retriever, open_encoders
from qa.settings import Settings, load_settings
from tests.postgres_server import Server, running_server

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

PROCESSES = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))

THREADS = max(1, (os.cpu_count() or 1) // PROCESSES)
"""So many threads a model takes: processes that test beside each other share the cores."""

# No example is timed: on a busy machine any may take seconds.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.register_profile("few", deadline=None, max_examples=5)  # for `make check`
hypothesis.settings.load_profile("untimed")

LONG_KINDS = {"model", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files of models and browsers first: of two processes, neither ends with a long one."""
    long = {
        item.path for item in items if any(mark.name in LONG_KINDS for mark in item.iter_markers())
    }
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a home of its own; the models are the checkout's, the threads shared out."""
    for variable in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("QA_MODELS_DIR", str(ROOT / "models"))
    monkeypatch.setenv("QA_THREADS", str(THREADS))


@pytest.fixture(scope="session")
def defaults() -> Settings:
    """The settings a checkout starts with."""
    return load_settings(models_dir=ROOT / "models", threads=THREADS)


@pytest.fixture(scope="session")
def encoders(defaults: Settings) -> Encoders:
    """The real models that find and rank: embedder, cross-encoder and, where it is here, reader."""
    return open_encoders(defaults)


@pytest.fixture(scope="session")
def embedder(encoders: Encoders) -> SentenceEmbedder:
    """The real embedder."""
    return encoders.embedder


@pytest.fixture(scope="session")
def engine(defaults: Settings) -> Iterator[LlamaEngine]:
    """The real default model."""
    path = resolve_model(defaults.model, defaults.models_dir, ModelKind.LANGUAGE)
    engine = LlamaEngine(path, name=defaults.model, context_tokens=2048, threads=THREADS)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def seeds_store(
    defaults: Settings, embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The library of seeds/, made with the real embedder."""
    with Store.create(tmp_path_factory.mktemp("seeds-index")) as store:
        index_folders([SEEDS], store, embedder, defaults.passage_tokens, lambda _: None)
        yield store


@pytest.fixture(scope="session")
def assistant(
    defaults: Settings, seeds_store: Store, encoders: Encoders, engine: LlamaEngine
) -> Assistant:
    """The real assistant over seeds/, as the settings of a checkout make it."""
    retriever = make_retriever(defaults, seeds_store, encoders.embedder)
    return make_assistant(defaults, retriever, engine, encoders, seeds_store)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL server with pgvector, for all tests of a process."""
    with running_server() as server:
        yield server


# One for each file: while Playwright's event loop runs in this thread, no test can start another.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's browser, headless. Without one the tests are skipped, but never in CI."""
    executable = shutil.which("chromium")
    if executable is None:
        missing = "No chromium on the PATH; the page's tests need one (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
