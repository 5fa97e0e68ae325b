"""What Gradio keeps of a browser's session, kept small, and what the page keeps where it forgets.

Whenever an event changes some parts of the page and leaves out others, Gradio makes each part that
was left out anew, under another number, and what that part shows next it keeps under this number as
well, beside all that it showed before, to the end of the program. So a session would keep every
state of the page that there ever was.

And it forgets: an hour after the browser was heard of last, as when a laptop slept, or where there
are too many sessions. So the page itself holds what it shows, and sends it with every question.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from qa.errors import ConversationError

from .backend import Backend, Chat

if TYPE_CHECKING:
    import gradio as gr

MOST_SESSIONS = 1000
"""Sessions that are kept; a page that is loaded is a new one. Of the one unused for longest, a page
that is still open forgets its conversation, which is in the archive. Gradio would keep 10,000."""


MOST_DIGITS = 9
"""Of a number of questions: Python reads none of thousands of digits."""

NOT_KEPT = (
    "Cuttings no longer knows the conversation that stood here: it was left for more than an hour, "
    "and it is not among those that are kept."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which conversation a page shows; `asked` is the number of its questions."""

    id: str = ""
    collection: str = ""
    asked: int = 0
    editing: bool = False

    @classmethod
    def of(cls, chat: Chat) -> "Shown":
        """That of a conversation that is shown."""
        return cls(chat.id, chat.collection, len(chat.exchanges), chat.editing)

    @classmethod
    def read(cls, text: str) -> "Shown":
        """What `str` wrote into the page; nothing of what somebody else has written there."""
        found = dict(parse_qsl(text))
        asked = found.get("asked", "")
        return cls(
            found.get("c", ""),
            found.get("collection", ""),
            int(asked) if asked.isdecimal() and len(asked) <= MOST_DIGITS else 0,
            found.get("editing") == "yes",
        )

    def __str__(self) -> str:
        return urlencode(
            {
                "c": self.id,
                "collection": self.collection,
                "asked": self.asked,
                "editing": "yes" if self.editing else "no",
            }
        )


def at_hand(backend: Backend, owner: str, chat: Chat | None, shown: Shown) -> Chat:
    """The conversation that a page shows: the session's, else that of the archive.

    `chat` is None where Gradio has forgotten it. Raises ConversationError where it is not kept.
    """
    if chat is not None and (chat.id or not shown.id):
        return chat
    kept = backend.chat(owner, shown.id, shown.collection)
    if shown.asked and not kept.id:
        raise ConversationError(NOT_KEPT)
    return replace(kept, editing=shown.editing)


def drop_stale(page: "gr.Blocks", session: str) -> None:
    """Forget what the page showed before in this session, and shows no longer."""
    kept = page.state_holder.session_data.get(session)
    if kept is None:
        return
    parts = kept.blocks_config.blocks
    current = {*page.blocks, *(parts[number]._id for number in page.blocks if number in parts)}
    for number in [*kept.config_values, *parts]:
        if number not in current:
            kept.config_values.pop(number, None)
            parts.pop(number, None)


def drop_shown(page: "gr.Blocks", session: str) -> None:
    """Forget all that the page shows in this session, which has been left.

    The conversation stays for an hour, as Gradio has it: the browser may only have been asleep.
    """
    kept = page.state_holder.session_data.get(session)
    if kept is not None:
        kept.config_values.clear()
        drop_stale(page, session)
