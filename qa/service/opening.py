"""Opens the real parts that settings name: library, embedder, cross-encoder, model, assistant."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qa.answering.assistant import Assistant, Library
from qa.answering.finding import PassageSearch
from qa.answering.prompt import beginning
from qa.engine.context import PREFILL_BATCH
from qa.engine.decoding import LlamaEngine
from qa.engine.generation import Generator
from qa.engine.memory import address_space_left_bytes, available_memory_bytes, ensure_fits
from qa.engine.server import ServerEngine, listed_models
from qa.engine.server_connection import Server
from qa.engine.servers import ServersEngine
from qa.errors import IndexMissing, LibraryError, ModelError
from qa.evaluating.calibration_file import weighing_in_use
from qa.library.cross_encoder import CrossEncoder, OnnxCrossEncoder
from qa.library.embedder import SentenceEmbedder
from qa.library.places import open_library, place_of
from qa.library.records import Recipe
from qa.library.retrieval import Retriever
from qa.library.scanned_pages import Ocr
from qa.library.span_reader import OnnxReader, PassageReader
from qa.library.storage import Storage
from qa.models.catalogue import ModelKind, resolve_model
from qa.models.choosing import note_pace
from qa.models.probing import ensure_model_runs, runs_key
from qa.reading.ocr import RapidOcr
from qa.service.uploads import UPLOADS, Shelf
from qa.settings import Settings

READERS_WORDS = "all-minilm-l6-v2"
"""The embedder whose word vectors the reader was trained on."""

STATES_FOLDER = ".states"
"""Below the models: what the model has read of the fixed beginning of every prompt."""


EMBEDDING_BYTES = 400_000_000
"""What `qa index` takes beside the program itself: 487 MB at its most, 90 of them before."""

DEFAULT_WEIGHTS = 90_868_376
FOR_EACH_BYTE = 3
"""Of a larger embedder's weights: multilingual-e5-small takes 367 MB more, for 145 more of weights.
Its vocabulary, which the tokenizer has as well, is the most of it."""

EMBEDDING_ADDRESSES = 1_000_000_000
"""What it maps for that, libraries included: it runs below 1.2 GB, and fails below 0.7."""


def open_embedder(settings: Settings) -> SentenceEmbedder:
    """The embedder that settings name; ModelError when it is missing, or memory for it is."""
    folder = resolve_model(settings.embedder, settings.models_dir, ModelKind.EMBEDDER)
    weights = (folder / "model.safetensors").stat().st_size
    ensure_embedder_fits(available_memory_bytes(), address_space_left_bytes(), weights)
    return SentenceEmbedder(folder, settings.threads)


def ensure_embedder_fits(
    memory: int | None, addresses: int | None, weights: int = DEFAULT_WEIGHTS
) -> None:
    """Raise ModelError where too few bytes are left: the system would end the program, wordless.

    `weights` are the bytes of the embedder's. None stands for no limit that is known.
    """
    more = FOR_EACH_BYTE * max(0, weights - DEFAULT_WEIGHTS)
    for needed, left, kind, remedy in (
        (EMBEDDING_BYTES + more, memory, "memory", "Close other programs or give this one more"),
        (EMBEDDING_ADDRESSES, addresses, "address space", "Raise the limit: ulimit -v unlimited"),
    ):
        if left is not None and left < needed:
            raise ModelError(
                f"Finding passages needs about {needed / 1e9:.1f} GB of {kind}, and"
                f" {left / 1e9:.2f} GB is free. {remedy}, and try again."
            )


def open_cross_encoder(settings: Settings) -> OnnxCrossEncoder:
    """The cross-encoder that settings name; ModelError when it is missing."""
    folder = resolve_model(settings.cross_encoder, settings.models_dir, ModelKind.CROSS_ENCODER)
    return OnnxCrossEncoder(folder, settings.threads)


def open_reader(settings: Settings) -> OnnxReader:
    """The reader that comes with the program; ModelError when its word vectors are missing.

    They are those of the default embedder, whatever embedder settings name.
    """
    folder = resolve_model(READERS_WORDS, settings.models_dir, ModelKind.EMBEDDER)
    return OnnxReader(folder, settings.threads)


def open_ocr(settings: Settings) -> Ocr:
    """What reads scans for the library that settings name, and keeps their pages beside it."""
    return Ocr(RapidOcr(settings.threads), settings.library_dir)


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
        f"The library in {place_of(settings)} was made with the embedder"
        f" {recipe.embedder_name!r}, which is not here. Bring it up to date with: qa index"
    )


def known_roots(settings: Settings) -> list[Path]:
    """The folders that were indexed last, else those of the settings; LibraryError without any."""
    try:
        with open_library(settings) as store:
            roots = store.roots()
    except IndexMissing:
        roots = ()
    if not (roots or settings.articles):
        raise LibraryError("No folder of articles is known yet. Name one: qa index FOLDER")
    return list(roots or settings.articles)


@contextmanager
def open_retriever(
    settings: Settings, embedder: SentenceEmbedder | None = None
) -> Iterator[Retriever]:
    """Search over the library that settings name; IndexMissing when there is none.

    With an embedder that is open already, or one of its own.
    """
    with open_library(settings) as store:
        yield make_retriever(settings, store, embedder or open_embedder(settings))


def make_retriever(settings: Settings, store: Storage, embedder: SentenceEmbedder) -> Retriever:
    """Search over a library that is open."""
    reopen = partial(reopen_embedder, settings)
    return Retriever(store, embedder, reopen, settings.fusion)


def make_shelf(settings: Settings, store: Storage, embedder: SentenceEmbedder, ocr: Ocr) -> Shelf:
    """The articles of a library that is open, to add to and to take from."""
    return Shelf(
        store,
        embedder,
        settings.home / UPLOADS / settings.collection,
        settings.passage_tokens,
        settings.embedder,
        ocr,
    )


@dataclass(frozen=True, slots=True)
class Encoders:
    """The small models that find and rank: all of them read, none of them writes."""

    embedder: SentenceEmbedder
    cross_encoder: CrossEncoder
    reader: PassageReader

    def warm_up(self) -> None:
        """Load what the first question would else wait for."""
        self.embedder.embed(["warm up"])
        self.cross_encoder.score([("warm", "up")])
        self.reader.read("warm", ["up"])


def open_encoders(settings: Settings) -> Encoders:
    """The encoders that settings name; ModelError when one is missing. Loaded when first used."""
    return Encoders(open_embedder(settings), open_cross_encoder(settings), open_reader(settings))


@contextmanager
def open_assistant(
    settings: Settings, *, with_model: bool = True, encoders: Encoders | None = None
) -> Iterator[Assistant]:
    """The assistant that everybody asks; without a model its answers are quotes.

    With encoders that are open already, or some of its own.
    What is missing is found out before anything slow is loaded: the library, then what
    `open_generator` needs. The encoders are loaded while the model is.
    """
    with ExitStack() as stack:
        store = stack.enter_context(open_library(settings))
        encoders = encoders or open_encoders(settings)
        generator: Generator | None = None
        if with_model:
            generator = stack.enter_context(open_generator(settings, encoders.warm_up))
        retriever = make_retriever(settings, store, encoders.embedder)
        yield make_assistant(settings, retriever, generator, encoders, store)


def make_assistant(
    settings: Settings,
    search: PassageSearch,
    generator: Generator | None,
    encoders: Encoders,
    library: Library | None = None,
) -> Assistant:
    """An assistant of parts that are open, with what settings say of answering.

    Without a library nothing is told of the articles as such. Confidence is calculated with what
    `qa calibrate` fitted in this home, where that is in use; BadCalibration where it is damaged.
    """
    return Assistant(
        search,
        generator,
        encoders.cross_encoder,
        passages=settings.passages,
        refuse_below=settings.refuse_below,
        max_answer_tokens=settings.max_answer_tokens,
        answer_seconds=settings.answer_seconds,
        reader=encoders.reader,
        library=library,
        embedder=encoders.embedder,
        weighing=weighing_in_use(settings),
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
        try:
            yield loaded
        finally:
            note_pace(path, settings.models_dir, loaded.pace)


def open_server(settings: Settings) -> Generator:
    """The server that settings name as generator, or the several; ModelError when none answers.

    One alone is asked at once, as it has a queue of its own; where it has none but breaks off one
    answer for the next question, the queue is here.
    """
    key, model = settings.generator_key.get_secret_value(), settings.model_on_server
    servers = [Server(address, key) for address in settings.generators]
    is_alone = len(servers) == 1
    if is_alone and not listed_models(servers[0]).breaks_off:
        return ServerEngine(servers[0], model=model, context_tokens=settings.context_tokens)
    return ServersEngine(
        servers,
        model=model,
        context_tokens=settings.context_tokens,
        at_once=1 if is_alone else settings.generator_at_once,
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
