"""Opens the real parts that settings name: the library, the embedder, the model, the assistant."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

from qa.answering.assistant import Assistant, PassageSearch
from qa.answering.prompt import beginning
from qa.catalogue import ModelKind, resolve_model
from qa.engine.context import PREFILL_BATCH
from qa.engine.decoding import LlamaEngine
from qa.engine.generation import Generator
from qa.engine.memory import available_memory_bytes, ensure_fits
from qa.engine.server import ServerEngine
from qa.engine.server_connection import Server
from qa.errors import LibraryError, ModelError
from qa.library.collections import list_collections
from qa.library.embedder import Embedder, SentenceEmbedder
from qa.library.records import Recipe
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.probing import ensure_model_runs, runs_key
from qa.settings import Settings
from qa.shelving import Shelf

UPLOADS = "uploads"
"""Below the home: a folder for each collection, of the files that were uploaded at the page."""

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
    reopen = partial(reopen_embedder, settings)
    return Retriever(store, embedder, store.index_dir, reopen, settings.fusion)


@contextmanager
def open_assistant(settings: Settings, *, with_model: bool = True) -> Iterator[Assistant]:
    """The assistant that everybody asks; without a model it can only look passages up.

    What is missing is found out before anything slow is loaded: the library, then what
    `open_generator` needs. The embedder is loaded while the model is.
    """
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(settings.library_dir))
        embedder = open_embedder(settings)
        retriever = _retriever(settings, store, embedder)
        generator: Generator | None = None
        if with_model:
            generator = stack.enter_context(open_generator(settings, retriever.warm_up))
        yield make_assistant(settings, retriever, generator, embedder)


def make_assistant(
    settings: Settings,
    search: PassageSearch,
    generator: Generator | None,
    embedder: Embedder | None,
) -> Assistant:
    """An assistant of parts that are open, with what settings say of answering."""
    return Assistant(
        search,
        generator,
        passages=settings.passages,
        relevance_floor=settings.relevance_floor,
        refuse_below=settings.refuse_below,
        max_answer_tokens=settings.max_answer_tokens,
        answer_seconds=settings.answer_seconds,
        embedder=embedder,
    )


@contextmanager
def open_generator(
    settings: Settings, meanwhile: Callable[[], object] = lambda: None
) -> Iterator[Generator]:
    """The model that settings name, or the server in its place; `meanwhile` is run beside loading.

    A model needs its file, memory for it, and a probe of it in a process of its own, once for each
    build and model. Raises ModelError.
    """
    if settings.generator:
        engine = open_server(settings)
        meanwhile()
        yield engine
        return
    path = resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)
    ensure_fits(path, settings.context_tokens, PREFILL_BATCH, available_memory_bytes())
    ensure_model_runs(path, settings.models_dir)
    with ThreadPoolExecutor(1, thread_name_prefix="load-model") as beside:
        loading = beside.submit(_open_engine, settings, path)
        meanwhile()
        loaded = loading.result()
    with closing(loaded):
        yield loaded


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection that is open: whoever asks it, and its articles."""

    assistant: Assistant
    shelf: Shelf


class ReadingRoom:
    """All collections of a home over one model and one embedder, each opened when first wanted.

    The collection that settings name need not have an article yet.
    """

    def __init__(
        self, settings: Settings, embedder: SentenceEmbedder, engine: Generator, stack: ExitStack
    ) -> None:
        self._settings = settings
        self._embedder = embedder
        self._engine = engine
        self._stack = stack
        self._open: dict[str, Collection] = {}
        self._lock = Lock()
        self.model_name = engine.name
        self.default = settings.collection

    def names(self) -> tuple[str, ...]:
        """Every collection, that of the settings among them."""
        listed = [line.name for line in list_collections(self._settings.index_dir)]
        return tuple(dict.fromkeys([*listed, self.default]))

    def collection(self, name: str) -> Collection:
        """The collection of that name. Raises LibraryError when there is none."""
        with self._lock:
            if name not in self._open:
                if name not in self.names():
                    raise LibraryError(f"There is no collection {name!r}. See: qa collections list")
                self._open[name] = self._opened(name)
            return self._open[name]

    def _opened(self, name: str) -> Collection:
        settings = self._settings.model_copy(update={"collection": name})
        create = Store.create if name == self.default else Store.open
        store = self._stack.enter_context(create(settings.library_dir))
        retriever = _retriever(settings, store, self._embedder)
        return Collection(
            make_assistant(settings, retriever, self._engine, self._embedder),
            Shelf(
                store,
                self._embedder,
                settings.home / UPLOADS / name,
                settings.passage_tokens,
                settings.embedder,
            ),
        )


@contextmanager
def open_reading_room(settings: Settings) -> Iterator[ReadingRoom]:
    """The collections of a home, with model and embedder loaded; raises as `open_assistant` does,
    but makes a library where there is none.
    """
    with ExitStack() as stack:
        embedder = open_embedder(settings)
        warm_up = partial(embedder.embed, ["warm up"])
        engine = stack.enter_context(open_generator(settings, warm_up))
        room = ReadingRoom(settings, embedder, engine, stack)
        room.collection(room.default)
        yield room


def open_server(settings: Settings) -> ServerEngine:
    """The server that settings name as generator; ModelError when it does not answer."""
    server = Server(settings.generator, settings.generator_key.get_secret_value())
    return ServerEngine(
        server, model=settings.model_on_server, context_tokens=settings.context_tokens
    )


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
