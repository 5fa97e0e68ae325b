"""What is asked: the service as this room needs it, and the collection that a request names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.api.errors import ApiError
from qa.engine.generation import StopFlag
from qa.engine.queueing import Gate
from qa.errors import LibraryError
from qa.library.embedder import Embedder
from qa.service.uploads import Shelf
from qa.types import EVERYTHING, Event, Hit, Scope, Turn


class Answering(Protocol):
    """Who answers; `qa.answering.assistant.Assistant` does."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: StopFlag | None = None,
        scope: Scope = EVERYTHING,
    ) -> Iterator[Event]:
        """Report events until Answered; a set stop flag ends it."""

    def retrieve(
        self, question: str, history: Sequence[Turn], k: int, scope: Scope = EVERYTHING
    ) -> tuple[Hit, ...]:
        """The k best passages."""


class Collection(Protocol):
    """A collection that is open."""

    @property
    def assistant(self) -> Answering:
        """Who answers from it."""

    @property
    def shelf(self) -> Shelf:
        """Its articles."""


class Models(Protocol):
    """The model that answers."""

    @property
    def name(self) -> str:
        """Which it is."""

    @property
    def gate(self) -> Gate:
        """Closed while another one is loaded."""


class Service(Protocol):
    """What is served; `qa.service.service.Service` is it."""

    @property
    def default(self) -> str:
        """The collection that is asked when none is named."""

    @property
    def models(self) -> Models:
        """Who answers."""

    @property
    def embedder(self) -> Embedder:
        """What makes vectors of texts."""

    @property
    def embedder_name(self) -> str:
        """Its name."""

    def names(self) -> tuple[str, ...]:
        """Every collection."""

    def collection(self, name: str) -> Collection:
        """The one of that name. Raises LibraryError."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is looked for: a collection, and which of its articles."""

    collection: Collection
    scope: Scope


def place_asked(service: Service, name: str | None, scope: Scope) -> Place:
    """The place that a request names; opens the collection, so it is not for the event loop.

    Raises as `collection_named` and `known_scope` do.
    """
    collection = collection_named(service, name)
    return Place(collection, known_scope(collection, scope))


def collection_named(service: Service, name: str | None) -> Collection:
    """The one that is named, else the default. Raises ApiError, LibraryError."""
    if name is not None and name not in service.names():
        raise ApiError(
            404,
            f"There is no collection {name!r}. There are: {', '.join(service.names())}.",
            "collection_not_found",
            "collection",
        )
    return service.collection(name or service.default)


def known_scope(collection: Collection, scope: Scope) -> Scope:
    """The scope with its sources as the articles write them; ApiError for one that is not there."""
    if not scope.sources:
        return scope
    try:
        return collection.shelf.known(scope)
    except LibraryError as error:
        raise ApiError(400, str(error), "source_not_found", "sources") from error
