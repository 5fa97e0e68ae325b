"""Opens the real parts that settings name: the library, the embedder, the model, the assistant."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from qa.answering.assistant import Assistant
from qa.answering.prompt import beginning
from qa.catalogue import ModelKind, resolve_model
from qa.engine.context import PREFILL_BATCH
from qa.engine.decoding import LlamaEngine
from qa.engine.generation import Generator
from qa.engine.memory import available_memory_bytes, ensure_fits
from qa.engine.server import ServerEngine
from qa.engine.server_connection import Server
from qa.errors import LibraryError, ModelError
from qa.library.embedder import SentenceEmbedder
from qa.library.records import Recipe
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.probing import ensure_model_runs, runs_key
from qa.settings import Settings

STATES_FOLDER = ".states"
"""Below the models: what the model has read of the fixed beginning of every prompt."""


def open_embedder(settings: Settings) -> SentenceEmbedder:
    """The embedder that settings name; ModelError when it is missing."""
    folder = resolve_model(settings.embedder, settings.models_dir, ModelKind.EMBEDDER)
    return SentenceEmbedder(folder, settings.threads)


def reopen_embedder(settings: Settings, recipe: Recipe) -> SentenceEmbedder:
    """The embedder that a library was made with, which need not be the one that settings name.

    So a library answers on with its old vectors while it is embedded anew. Raises LibraryError
    when that embedder is not here.
    """
    for name in (recipe.embedder_name, settings.embedder):
        with suppress(ModelError):
            folder = resolve_model(name, settings.models_dir, ModelKind.EMBEDDER)
            embedder = SentenceEmbedder(folder, settings.threads)
            if embedder.digest == recipe.embedder:
                return embedder
    raise LibraryError(
        f"The library in {settings.library_dir} was made with the embedder"
        f" {recipe.embedder_name!r}, which is not here. Bring it up to date with: qa index"
    )


@contextmanager
def open_retriever(settings: Settings) -> Iterator[Retriever]:
    """Search over the library that settings name; IndexMissing when there is none."""
    with Store.open(settings.library_dir) as store:
        yield _retriever(settings, store, open_embedder(settings))


def _retriever(settings: Settings, store: Store, embedder: SentenceEmbedder) -> Retriever:
    return Retriever(store, embedder, store.index_dir, partial(reopen_embedder, settings))


@contextmanager
def open_assistant(settings: Settings, *, with_model: bool = True) -> Iterator[Assistant]:
    """The assistant that everybody asks; without a model it can only look passages up.

    What is missing is found out before anything slow is loaded: library, then model, memory for it,
    and a probe of it in a process of its own, once for each build and model; or the server that
    settings name in its place. The embedder is loaded while the model is.
    """
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(settings.library_dir))
        embedder = open_embedder(settings)
        retriever = _retriever(settings, store, embedder)
        engine: Generator | None = None
        if with_model and settings.generator:
            engine = open_server(settings)
            retriever.warm_up()
        elif with_model:
            path = _model_that_runs(settings)
            with ThreadPoolExecutor(1, thread_name_prefix="load-model") as beside:
                loading = beside.submit(_open_engine, settings, path)
                retriever.warm_up()
                engine = stack.enter_context(closing(loading.result()))
        yield Assistant(
            retriever,
            engine,
            passages=settings.passages,
            relevance_floor=settings.relevance_floor,
            refuse_below=settings.refuse_below,
            max_answer_tokens=settings.max_answer_tokens,
            answer_seconds=settings.answer_seconds,
            embedder=embedder,
        )


@contextmanager
def open_generator(settings: Settings) -> Iterator[Generator]:
    """The language model alone, or the server in its place; ModelError when it cannot run."""
    if settings.generator:
        yield open_server(settings)
        return
    with closing(_open_engine(settings, _model_that_runs(settings))) as engine:
        yield engine


def open_server(settings: Settings) -> ServerEngine:
    """The server that settings name as generator; ModelError when it does not answer."""
    server = Server(settings.generator, settings.generator_key.get_secret_value())
    return ServerEngine(
        server, model=settings.model_on_server, context_tokens=settings.context_tokens
    )


def _model_that_runs(settings: Settings) -> Path:
    """The model's file, after a look at the memory and a probe in a process of its own."""
    path = resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)
    ensure_fits(path, settings.context_tokens, PREFILL_BATCH, available_memory_bytes())
    ensure_model_runs(path, settings.models_dir)
    return path


def _open_engine(settings: Settings, path: Path) -> LlamaEngine:
    """The model loaded, with the beginning of every prompt read."""
    engine = LlamaEngine(
        path,
        name=settings.model,
        context_tokens=settings.context_tokens,
        threads=settings.threads,
    )
    state = settings.models_dir / STATES_FOLDER / f"{runs_key(path)}.state"
    engine.begin_with(beginning(), state)
    return engine
