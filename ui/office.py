"""What the page works with, and a conversation on it: asked at the desk, kept in the archive.

It knows nothing of Gradio or HTML.
"""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from qa.conversing.archive import Archive
from qa.conversing.records import KeptExchange, Standing, standing
from qa.errors import ConversationError
from qa.types import Article, Passage

from .desk import Answering, Desk
from .exchange import Exchange, restored


class Articles(Protocol):
    """Where whole articles are; `qa.library.store.Store` is one."""

    def article(self, article_id: str) -> Article | None:
        """The article of that id, as the library has it now."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation on the page; `id` is that of the archive, "" before its first question.

    `unkept` is the one line that says why its last exchange could not be kept. While its last
    question is being edited, the next takes its place.
    """

    id: str = ""
    exchanges: tuple[Exchange, ...] = ()
    unkept: str = ""
    editing: bool = False

    @property
    def standing(self) -> "Chat":
        """What stays of it when the next question is asked."""
        return replace(self, exchanges=self.exchanges[:-1], editing=False) if self.editing else self


@dataclass(frozen=True, slots=True)
class Office:
    """The parts behind the page; `describe` says in a line what it stands on."""

    assistant: Answering
    articles: Articles
    archive: Archive
    examples: tuple[str, ...]
    describe: str

    def ask(
        self, desk: Desk, session: str, owner: str, question: str, chat: Chat
    ) -> Generator[Chat, None, None]:
        """The conversation as its new exchange grows, see `Desk.ask`; what ends is kept.

        It is kept from its beginning, so that a question outlives whatever happens to its answer.
        """
        chat = chat.standing
        growing = desk.ask(session, question, chat.exchanges)
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

    def chat(self, owner: str, id_: str) -> Chat:
        """A kept conversation, or an empty one where there is none of that id."""
        kept = self.archive.conversation(owner, id_) if id_ else None
        if kept is None:
            return Chat()
        return Chat(id_, tuple(restored(exchange) for exchange in kept.exchanges))

    def standings(self, chat: Chat) -> dict[Passage, Standing]:
        """What has become of every passage that a conversation was fed."""
        passages = {hit.passage for exchange in chat.exchanges for hit in exchange.hits}
        return {
            passage: standing(passage, self.articles.article(passage.article_id))
            for passage in passages
        }

    def _keep(self, owner: str, chat: Chat, exchange: Exchange) -> Chat:
        kept = KeptExchange(
            exchange.number,
            exchange.question,
            datetime.now(UTC),
            exchange.answer,
            exchange.hits,
            exchange.written,
            exchange.error,
        )
        try:
            id_ = chat.id or self.archive.begin(owner, exchange.question)
            self.archive.keep(owner, id_, kept)
        except ConversationError as error:
            return replace(chat, unkept=str(error))
        return replace(chat, id=id_, unkept="")
