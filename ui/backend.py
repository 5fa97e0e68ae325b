"""What the page works with, and a conversation on it: asked in a session, kept in the archive.

It knows nothing of Gradio or HTML.
"""

import threading
from collections.abc import Generator, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from qa.conversing.archive import Archive
from qa.conversing.feedback import Verdict
from qa.conversing.records import KeptExchange, Standing, standing
from qa.errors import ConversationError, LibraryError
from qa.service.uploads import Shelf
from qa.settings import MAIN
from qa.types import Hit, Passage, Preferences

from .exchange import Exchange, Stage, restored
from .model_work import Models
from .sessions import Answering, Sessions


class Collection(Protocol):
    """A collection that is open; `qa.service.service.Collection` is one."""

    @property
    def assistant(self) -> Answering:
        """Who answers from it."""

    @property
    def shelf(self) -> Shelf:
        """Its articles."""


class Collections(Protocol):
    """The collections that can be picked; `qa.service.service.Service` is one."""

    @property
    def default(self) -> str:
        """The one that is asked when none is picked."""

    @property
    def models(self) -> Models:
        """Who answers from all of them, and who could."""

    @property
    def usual(self) -> Preferences:
        """What holds for whoever has no preferences, all of it set."""

    @property
    def numbers(self) -> str:
        """Whose numbers confidence is calculated with, in a sentence."""

    def names(self) -> tuple[str, ...]:
        """Every one, by name."""

    def collection(self, name: str) -> Collection:
        """The one of that name. Raises LibraryError when there is none."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation on the page; `id` is that of the archive, "" before its first question.

    All of it is asked of one collection.

    `unkept` is the one line that says why its last exchange could not be kept. While its last
    question is being edited, the next takes its place.
    """

    id: str = ""
    collection: str = ""
    exchanges: tuple[Exchange, ...] = ()
    unkept: str = ""
    editing: bool = False

    @property
    def standing(self) -> "Chat":
        """What stays of it when the next question is asked."""
        return replace(self, exchanges=self.exchanges[:-1], editing=False) if self.editing else self


class SessionsByCollection:
    """The sessions of each collection that is asked."""

    def __init__(self, collections: Collections) -> None:
        self._collections = collections
        self._by_collection: dict[str, Sessions] = {}
        self._lock = threading.Lock()

    def at(self, name: str) -> Sessions:
        """Those of a collection. Raises LibraryError when there is none of that name."""
        collection = self._collections.collection(name)
        with self._lock:
            if name not in self._by_collection:
                self._by_collection[name] = Sessions(
                    collection.assistant, self._collections.models.gate
                )
            return self._by_collection[name]

    def stop(self, session: str) -> None:
        """End the question that this session has running, if any."""
        for sessions in self._all():
            sessions.stop(session)

    def leave(self, session: str) -> None:
        """End everything of a session that has gone."""
        for sessions in self._all():
            sessions.leave(session)

    def close(self) -> None:
        """End whatever is running."""
        for sessions in self._all():
            sessions.close()

    def _all(self) -> tuple[Sessions, ...]:
        with self._lock:
            return tuple(self._by_collection.values())


@dataclass(frozen=True, slots=True)
class Backend:
    """The parts behind the page."""

    collections: Collections
    archive: Archive
    examples: tuple[str, ...]

    def ask(
        self,
        all_sessions: SessionsByCollection,
        session: str,
        owner: str,
        question: str,
        chat: Chat,
    ) -> Generator[Chat, None, None]:
        """The conversation as its new exchange grows, see `Sessions.ask`; what ends is kept.

        It is kept from its beginning, so that a question outlives whatever happens to its answer.
        """
        chat = chat.standing
        try:
            sessions, preferences = (
                all_sessions.at(chat.collection),
                self.archive.preferences(owner),
            )
            growing = sessions.ask(session, question, chat.exchanges, preferences)
        except (LibraryError, ConversationError) as error:
            number = len(chat.exchanges) + 1
            failed = Exchange(number, question, Stage.FAILED, error=str(error))
            yield replace(chat, exchanges=(*chat.exchanges, failed))
            return
        growing = self._with_formats(chat.collection, growing)
        earlier, exchange = chat.exchanges, None
        with closing(growing):
            try:
                for exchange in growing:
                    if chat.exchanges is earlier or exchange.stage.final:
                        chat = self._keep(owner, chat, exchange)
                    chat = replace(chat, exchanges=(*earlier, exchange))
                    yield chat
            finally:
                if exchange and not exchange.stage.final:
                    self._keep(owner, chat, exchange)

    def chat(self, owner: str, id_: str, collection: str = "") -> Chat:
        """A kept conversation, or an empty one with a collection where there is none of that id."""
        kept = self.archive.conversation(owner, id_) if id_ else None
        if kept is None:
            known = collection in self.collections.names()
            return Chat(collection=collection if known else self.collections.default)
        markdown = self.markdown(
            kept.collection, (hit for exchange in kept.exchanges for hit in exchange.hits)
        )
        exchanges = (replace(restored(one), markdown=markdown) for one in kept.exchanges)
        return Chat(id_, kept.collection, tuple(exchanges))

    def verdicts(self, owner: str, id_: str) -> dict[int, Verdict]:
        """What was said of a conversation's answers, by number; nothing where it cannot be read."""
        with suppress(ConversationError):
            return self.archive.verdicts(owner, id_)
        return {}

    def standings(self, chat: Chat) -> dict[Passage, Standing]:
        """What has become of every passage that a conversation was fed.

        Of a library that cannot be read nothing is said.
        """
        passages = {hit.passage for exchange in chat.exchanges for hit in exchange.hits}
        try:
            shelf = self.collections.collection(chat.collection).shelf
        except LibraryError:  # the collection itself was removed
            return dict.fromkeys(passages, Standing.GONE)
        with suppress(LibraryError):
            ids = {one.article_id for one in passages}  # few, however long the conversation is
            articles = {id_: shelf.article(id_) for id_ in ids}
            return {one: standing(one, articles[one.article_id]) for one in passages}
        return {}

    def pictured(self, chat: Chat) -> frozenset[str]:
        """The ids of the articles that a conversation was fed and whose pages can be seen."""
        passages = (hit.passage for exchange in chat.exchanges for hit in exchange.hits)
        paged = {passage.article_id for passage in passages if passage.page}
        try:
            shelf = self.collections.collection(chat.collection).shelf
            return frozenset(filter(shelf.has_pictures, paged))
        except LibraryError:
            return frozenset()

    def markdown(self, collection: str, hits: Iterable[Hit]) -> frozenset[str]:
        """The ids of the articles in these hits that a collection has from Markdown files."""
        ids = {hit.passage.article_id for hit in hits}
        try:
            return frozenset(filter(self.collections.collection(collection).shelf.is_markdown, ids))
        except LibraryError:
            return frozenset()

    def describe(self, collection: str) -> str:
        """How many articles a collection stands on, how fresh they are, and which model answers.

        And whether what is asked is forgotten, for want of a place to keep it.
        """
        fresh = self.collections.collection(collection).shelf.freshness()
        count = f"{fresh.articles:,} article{'' if fresh.articles == 1 else 's'}"
        newest = f", the newest of {fresh.newest.day} {fresh.newest:%B %Y}" if fresh.newest else ""
        named = "" if collection == MAIN else f"{collection}: "
        forgotten = "" if self.archive.lasts else " · nothing is kept: the home is read-only"
        return f"{named}{count}{newest} · {self.collections.models.name}{forgotten}"

    def _with_formats(
        self, collection: str, growing: Generator[Exchange, None, None]
    ) -> Generator[Exchange, None, None]:
        """The exchange as it grows, with what is Markdown of what was found for it."""
        hits, markdown = tuple[Hit, ...](), frozenset[str]()
        with closing(growing):
            for exchange in growing:
                if exchange.hits != hits:
                    hits = exchange.hits
                    markdown = self.markdown(collection, hits)
                yield replace(exchange, markdown=markdown)

    def _keep(self, owner: str, chat: Chat, exchange: Exchange) -> Chat:
        kept = KeptExchange(
            exchange.number,
            exchange.question,
            datetime.now(UTC),
            exchange.answer,
            exchange.hits,
            exchange.written,
            exchange.error,
            exchange.evidence,
        )
        try:
            id_ = chat.id or self.archive.begin(owner, exchange.question, chat.collection)
            self.archive.keep(owner, id_, kept)
        except ConversationError as error:
            return replace(chat, unkept=str(error))
        return replace(chat, id=id_, unkept="")
