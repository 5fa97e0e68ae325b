"""A service over a real library whose models are fakes, served by a real uvicorn on loopback."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI

from qa.answering.assistant import Assistant
from qa.api.app import make_app
from qa.api.serving import Server
from qa.engine.generation import DecodingOptions, Step, StopFlag
from qa.engine.queueing import Gate
from qa.library.embedder import Embedder
from qa.service.address import free_address
from qa.service.passwords import Users
from qa.service.uploads import Shelf
from tests.fakes import FakeEmbedder, NamedCollections, ScriptedGenerator

NOBODY = Users({})

OPENING_S = 20.0
"""So long a collection waits to be let open, which happens at once unless it does not happen."""


@dataclass(frozen=True)
class Opened:
    """A collection that is open."""

    assistant: Assistant
    shelf: Shelf


@dataclass
class FakeModels:
    """The model that answers."""

    name: str = "scripted"
    gate: Gate = field(default_factory=Gate)


@dataclass
class FakeService(NamedCollections[Opened]):
    """Collections by name; the first is asked when none is named."""

    opened: Mapping[str, Opened]
    models: FakeModels = field(default_factory=FakeModels)
    embedder: Embedder = field(default_factory=FakeEmbedder)
    embedder_name: str = "words"


@dataclass
class OpeningService(FakeService):
    """Its collections open only once they may; `begun` is set when one is to be."""

    begun: threading.Event = field(default_factory=threading.Event)
    may_open: threading.Event = field(default_factory=threading.Event)

    def collection(self, name: str) -> Opened:
        """See the class."""
        self.begun.set()
        assert self.may_open.wait(OPENING_S), "nothing went on meanwhile"
        return super().collection(name)


class StuckGenerator(ScriptedGenerator):
    """Reads until it is stopped: `reading` is set when it begins, `stopped` when it has ended."""

    def __init__(self) -> None:
        super().__init__([])
        self.reading = threading.Event()
        self.stopped = threading.Event()

    def generate(
        self, messages: object, options: DecodingOptions, stop: StopFlag
    ) -> Iterator[Step]:
        """See the class."""
        self.reading.set()
        while not stop.is_set():
            time.sleep(0.01)
        self.stopped.set()
        yield from ()


@contextmanager
def running(
    service: FakeService,
    users: Users = NOBODY,
    per_minute: int = 10_000,
    page: FastAPI | None = None,
) -> Iterator[tuple[str, Server]]:
    """The address of a service and its server, for as long as the block runs."""
    address, port = free_address("127.0.0.1", 0, users)
    app, questions = make_app(service, users, per_minute, page)
    server = Server(app, address, port, questions.close)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        yield f"http://{address}:{port}", server
    finally:
        server.should_exit = True
        thread.join(10)
    assert not thread.is_alive(), "the server did not stop"
