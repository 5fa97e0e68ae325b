"""The collections of a home over one model and one embedder, for many people at a time.

The model can be exchanged while it is open: between questions, for everybody.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from qa.answering.assistant import Assistant
from qa.engine.decoding import LlamaEngine
from qa.engine.generation import Generator
from qa.engine.pace import Pace
from qa.engine.queueing import Gate
from qa.engine.servers import ServersEngine
from qa.errors import LibraryError, ModelError
from qa.evaluating.benching import BenchRow
from qa.evaluating.calibration_file import whose_numbers
from qa.library.places import create_library, list_libraries, open_library
from qa.library.scanned_pages import Ocr
from qa.models.catalogue import ModelKind, resolve_model
from qa.models.choosing import ModelLine, hub_lines, model_lines
from qa.models.disk import Report
from qa.models.pulling import model_to_pull, pull
from qa.reading.ocr import RapidOcr
from qa.service.benching import kept_rows
from qa.service.opening import (
    Encoders,
    make_assistant,
    make_retriever,
    make_shelf,
    open_encoders,
    open_generator,
)
from qa.service.uploads import Shelf
from qa.settings import Settings
from qa.types import Preferences


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection that is open: whoever asks it, and its articles."""

    assistant: Assistant
    shelf: Shelf


class Models:
    """The model that answers, and those that could."""

    def __init__(self, settings: Settings, warm_up: Callable[[], object]) -> None:
        """Load the model that settings name, or find the server; raises as `open_generator`."""
        self.gate = Gate()
        self._settings = settings
        self._stack = ExitStack()
        self._engine: Generator | None = None
        self._assistants: list[Assistant] = []
        self._lock = Lock()
        self._load(settings, warm_up)

    @property
    def name(self) -> str:
        """Which model answers."""
        return self._engine.name if self._engine else "none"

    @property
    def server(self) -> str:
        """The address of the server that answers, or of several; "" where a model here does."""
        return self._settings.generator

    @property
    def servers_set_aside(self) -> tuple[str, ...]:
        """What is the matter with those of several servers that are not asked for now."""
        if not isinstance(self._engine, ServersEngine):
            return ()
        return tuple(failure.finding for failure in self._engine.set_aside)

    def lines(self) -> tuple[ModelLine, ...]:
        """Every model that can be chosen, with what is known of it."""
        lines = model_lines(self._settings.models_dir, self.name)
        pace = self._engine.pace if isinstance(self._engine, LlamaEngine) else Pace()
        fresh = pace if pace.read_per_s else None
        return tuple(replace(line, pace=fresh) if line.in_use and fresh else line for line in lines)

    def benched(self) -> dict[str, BenchRow]:
        """What `qa bench` measured of the models that are here, by their names."""
        return kept_rows(self._settings)

    def pull(self, name: str, report: Report) -> None:
        """Fetch a model of the catalogue or the hub; raises as `pull` there, and as `report`."""
        models_dir = self._settings.models_dir
        pull(model_to_pull(name, models_dir), models_dir, report)

    def on_the_hub(self, name: str) -> tuple[ModelLine, ...]:
        """The models of a repository of the hub. Raises ModelError."""
        return hub_lines(name, self._settings.models_dir)

    def take(self, name: str) -> None:
        """Let another model answer, as soon as no question is under way.

        Raises ModelError when it cannot be loaded; the one before answers on.
        """
        chosen = self._settings.model_copy(update={"model": name})
        resolve_model(name, chosen.models_dir, ModelKind.LANGUAGE)
        with self.gate.closed():
            before = self._settings
            try:
                self._load(chosen)
            except ModelError:
                self._load(before)
                raise

    def serve(self, assistant: Assistant) -> None:
        """Let an assistant answer with the model in use, whichever that will be."""
        with self._lock:
            self._assistants.append(assistant)
            assistant.answer_with(self._engine)

    def close(self) -> None:
        """Free the model."""
        self._use(None)
        self._stack.close()

    def _load(self, settings: Settings, meanwhile: Callable[[], object] = lambda: None) -> None:
        """The one in use is freed first: there need not be memory for two."""
        self.close()
        self._use(self._stack.enter_context(open_generator(settings, meanwhile)))
        self._settings = settings

    def _use(self, engine: Generator | None) -> None:
        with self._lock:
            self._engine = engine
            for assistant in self._assistants:
                assistant.answer_with(engine)


class Service:
    """All collections of a home over one model and one embedder, each opened when first wanted.

    The collection that settings name need not have an article yet.
    """

    def __init__(
        self, settings: Settings, encoders: Encoders, models: Models, stack: ExitStack
    ) -> None:
        self._settings = settings
        self._encoders = encoders
        self._page_reader = RapidOcr(settings.threads)
        self._stack = stack
        self._open: dict[str, Collection] = {}
        self._lock = Lock()
        self.models = models
        self.embedder = encoders.embedder
        self.embedder_name = Path(settings.embedder).name
        self.default = settings.collection
        self.numbers = whose_numbers(settings)
        self.usual = Preferences(
            settings.passages, settings.max_answer_tokens, settings.refuse_below
        )

    def names(self) -> tuple[str, ...]:
        """Every collection, that of the settings among them."""
        listed = [line.name for line in list_libraries(self._settings)]
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
        opened = create_library if name == self.default else open_library
        store = self._stack.enter_context(opened(settings))
        embedder = self._encoders.embedder
        retriever = make_retriever(settings, store, embedder)
        assistant = make_assistant(settings, retriever, None, self._encoders, store)
        self.models.serve(assistant)
        ocr = Ocr(self._page_reader, settings.library_dir)
        return Collection(assistant, make_shelf(settings, store, embedder, ocr))


@contextmanager
def open_service(settings: Settings) -> Iterator[Service]:
    """The collections of a home, with model and embedder loaded; raises as `open_assistant` does,
    but makes a library where there is none.
    """
    with ExitStack() as stack:
        encoders = open_encoders(settings)
        models = Models(settings, encoders.warm_up)
        stack.callback(models.close)
        service = Service(settings, encoders, models, stack)
        service.collection(service.default)
        yield service
