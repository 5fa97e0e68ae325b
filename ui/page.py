"""Builds the chat page.

Gradio carries events and state; what is seen is our own HTML (see `rendering`) in three panes: the
settled exchanges, the live one, and the sources. The conversation is in `gr.State`, so every
browser session has its own, and where Gradio forgets it, it is found by what the page shows (see
`session_state`); what is running is known to `Sessions`, so it can be stopped.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from qa.conversing.records import Standing
from qa.errors import ConversationError, LibraryError

from . import panel, rendering, session_state
from .backend import Backend, Chat, SessionsByCollection
from .exchange import Exchange
from .guard import BROWSER, OWNER
from .session_state import Shown, at_hand

if TYPE_CHECKING:
    import gradio as gr

Answer = Callable[[str, Chat | None, str, Any], Iterator[dict[Any, Any]]]
"""Answers a question in a conversation for a Gradio request: changes of the page, one by one.

The conversation is the session's, None where Gradio has forgotten it, and what the page shows.
"""

HERE = Path(__file__).parent

PLACEHOLDER = "Ask your articles a question"
EMPTY_HINT = "Type a question first, then press Enter"

# The assistant answers one after another and tells each its place; Gradio need only let them in.
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that change while a question is answered."""

    banner: "gr.HTML"
    chat: "gr.State"
    shown: "gr.Textbox"
    empty: "gr.Column"
    welcome: "gr.HTML"
    past: "gr.HTML"
    live: "gr.HTML"
    notice: "gr.HTML"
    box: "gr.Textbox"
    ask: "gr.Button"
    stop: "gr.Button"
    again: "gr.Button"
    edit: "gr.Button"
    keep: "gr.Button"
    sources: "gr.HTML"

    @property
    def all(self) -> list[Any]:
        """Every part, as an event's outputs."""
        return [getattr(self, name) for name in self.__slots__]


def build(all_sessions: SessionsByCollection, backend: Backend) -> "gr.Blocks":
    """The page over a backend, not yet served."""
    import gradio as gr

    script = (HERE / "cuttings.js").read_text(encoding="utf-8")
    bare = {"apply_default_css": False, "js_on_load": None}
    with gr.Blocks(title="Cuttings", analytics_enabled=False, fill_width=True) as page:
        default = backend.collections.default
        banner = gr.HTML(_banner(backend, default), elem_id="banner", **bare)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="transcript"):
                    with gr.Column(elem_id="empty") as empty:
                        welcome = gr.HTML(_welcome(backend, default), **bare)
                        shown = [
                            gr.Button(text, elem_classes="example") for text in backend.examples
                        ]
                    gr.HTML(
                        "", elem_id="earlier", **bare
                    )  # the page's script fills it out of `past`
                    past = gr.HTML("", elem_id="past", **bare)
                    live = gr.HTML("", elem_id="live", **bare)
                notice = gr.HTML("", elem_id="notice", **bare)
                with gr.Row(elem_id="composer"):
                    box = _question_box()
                    ask = gr.Button("Ask", variant="primary", elem_id="ask")
                    stop = gr.Button("Stop", variant="stop", elem_id="stop", visible=False)
                # Pressed by buttons below the answer, which stand in HTML (see `rendering`).
                again, edit, keep = (
                    gr.Button(name, elem_id=name, visible="hidden")
                    for name in ("again", "edit", "keep")
                )
            sources = gr.HTML(
                panel.sources(()), elem_id="sources", apply_default_css=False, js_on_load=script
            )
        parts = _Parts(
            banner,
            gr.State(None),
            gr.Textbox(visible="hidden", elem_id="shown"),
            empty,
            welcome,
            past,
            live,
            notice,
            box,
            ask,
            stop,
            again,
            edit,
            keep,
            sources,
        )
        _wire(page, all_sessions, backend, parts, shown)
    return page


def _question_box() -> "gr.Textbox":
    """One line that grows; with `lines=1`, Gradio sends on Enter and breaks on Shift+Enter."""
    import gradio as gr

    return gr.Textbox(
        label="Question",
        show_label=False,
        placeholder=PLACEHOLDER,
        lines=1,
        max_lines=8,
        container=False,
        autofocus=True,
        elem_id="question-box",
    )


def _wire(
    page: "gr.Blocks",
    all_sessions: SessionsByCollection,
    backend: Backend,
    parts: _Parts,
    examples: "list[gr.Button]",
) -> None:
    """Say what happens on loading, typing, asking, Stop, and when a session goes away."""
    import gradio as gr

    def load(request: gr.Request) -> dict[Any, Any]:
        asked = dict(request.query_params)
        id_, collection = asked.get("c", ""), asked.get("collection", "")
        owner = _owner(request)
        instead: Markup | str = rendering.no_such() if id_ else ""
        try:
            if owner.startswith(BROWSER):  # who comes by a password has kept their name
                backend.archive.take_over(owner)
            chat = backend.chat(owner, id_, collection)
        except ConversationError as error:
            chat, instead = backend.chat(owner, "", collection), rendering.unreadable(str(error))
        return _restored(parts, backend, chat, backend.verdicts(owner, chat.id), instead)

    def typed(text: str, chat: Chat | None, request: gr.Request) -> None:
        if chat is None:  # to find it again is for the question itself
            return
        with suppress(LibraryError, ConversationError):  # the question itself will meet it again
            preferences = backend.archive.preferences(_owner(request))
            session = str(request.session_hash)
            all_sessions.at(chat.collection).typed(session, text, chat.exchanges, preferences)

    def stop(request: gr.Request) -> None:
        all_sessions.stop(str(request.session_hash))

    def leave(request: gr.Request) -> None:
        all_sessions.leave(str(request.session_hash))
        session_state.drop_shown(page, str(request.session_hash))

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    page.load(load, None, parts.all, queue=False, **quiet)
    answer = _answering(page, all_sessions, backend, parts)
    for triggers, question in [
        ([parts.box.submit, parts.ask.click], parts.box),
        *(([example.click], example) for example in examples),
    ]:
        _wire_asking(parts, triggers, answer, [question, parts.chat, parts.shown], quiet)
    _wire_asking(
        parts,
        [parts.again.click],
        _asking_again(backend, parts, answer),
        [parts.chat, parts.shown],
        quiet,
    )
    _wire_editing(backend, parts, quiet)
    # Not `input`: Gradio sends that for keys that write a letter, not for pasting or Backspace. One
    # request is under way at a time, and after it the last text is sent.
    parts.box.change(typed, [parts.box, parts.chat], None, queue=False, **quiet)
    parts.stop.click(stop, None, None, queue=False, **quiet)
    page.unload(leave)


def _answering(
    page: "gr.Blocks", all_sessions: SessionsByCollection, backend: Backend, parts: _Parts
) -> Answer:
    """What answers a question in a conversation, as the page changes meanwhile."""
    import gradio as gr

    def answer(
        question: str, chat: Chat | None, shown: str, request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        if not question.strip():
            yield {parts.box: gr.Textbox(placeholder=EMPTY_HINT)}
            return
        before = None
        session, owner = str(request.session_hash), _owner(request)
        session_state.drop_stale(page, session)
        try:
            chat = at_hand(backend, owner, chat, Shown.read(shown))
        except ConversationError as error:
            yield _lost(backend, parts, str(error), Shown.read(shown))
            return
        with closing(backend.ask(all_sessions, session, owner, question, chat)) as growing:
            for now in growing:
                verdicts = backend.verdicts(owner, now.id) if before is None else {}
                yield _changes(parts, backend, before, now, verdicts)
                before = now

    return answer


def _asking_again(
    backend: Backend, parts: _Parts, answer: Answer
) -> Callable[..., Iterator[dict[Any, Any]]]:
    """What asks a conversation's last question again, in its own place."""
    import gradio as gr

    def again(chat: Chat | None, shown: str, request: gr.Request) -> Iterator[dict[Any, Any]]:
        try:
            chat = at_hand(backend, _owner(request), chat, Shown.read(shown))
        except ConversationError as error:
            yield _lost(backend, parts, str(error), Shown.read(shown))
            return
        if chat.exchanges:
            last = chat.exchanges[-1]
            yield from answer(last.question, replace(chat, editing=True), shown, request)

    return again


def _wire_asking(
    parts: _Parts,
    triggers: list[Any],
    answer: Callable[..., Iterator[dict[Any, Any]]],
    inputs: list[Any],
    quiet: dict[str, Any],
) -> None:
    """Say what happens when something is asked, and on a fault of the program."""
    import gradio as gr

    def fault() -> dict[Any, Any]:
        return {parts.live: rendering.broken(), **_buttons(parts, busy=False)}

    # "multiple", as Gradio by itself drops what is sent before it has heard of the end of what it
    # shows ended already; a session takes one question at a time anyhow.
    asked = gr.on(
        triggers,
        answer,
        inputs,
        parts.all,
        concurrency_limit=MOST_AT_ONCE,
        trigger_mode="multiple",
        **quiet,
    )
    asked.failure(fault, None, parts.all, **quiet)


def _wire_editing(backend: Backend, parts: _Parts, quiet: dict[str, Any]) -> None:
    """Say what happens when the last question is to be edited, or left as it is after all."""
    import gradio as gr

    def show(chat: Chat | None, shown: str, owner: str, *, editing: bool) -> dict[Any, Any]:
        try:
            chat = at_hand(backend, owner, chat, Shown.read(shown))
        except ConversationError as error:
            return _lost(backend, parts, str(error), Shown.read(shown))
        if not chat.exchanges:
            return {parts.chat: chat}
        last, chat = chat.exchanges[-1], replace(chat, editing=editing)
        verdict = backend.verdicts(owner, chat.id).get(last.number)
        return {
            parts.chat: chat,
            parts.shown: str(Shown.of(chat)),
            parts.box: last.question if editing else "",
            parts.live: rendering.live(chat.id, last, chat.unkept, verdict, editing=editing),
        }

    # Two functions, as Gradio gives the request only to one that is annotated so.
    def edit(chat: Chat | None, shown: str, request: gr.Request) -> dict[Any, Any]:
        return show(chat, shown, _owner(request), editing=True)

    def leave_as_it_is(chat: Chat | None, shown: str, request: gr.Request) -> dict[Any, Any]:
        return show(chat, shown, _owner(request), editing=False)

    for button, shown in ((parts.edit, edit), (parts.keep, leave_as_it_is)):
        button.click(shown, [parts.chat, parts.shown], parts.all, queue=False, **quiet)


def _owner(request: "gr.Request") -> str:
    return str(request.request.scope[OWNER])


def _banner(backend: Backend, collection: str) -> str:
    try:
        described = backend.describe(collection)
    except LibraryError as error:
        described = str(error)
    return rendering.banner(described, collection)


def _welcome(backend: Backend, collection: str) -> str:
    with suppress(LibraryError):
        count = backend.collections.collection(collection).shelf.freshness().articles
        return rendering.welcome(collection, empty=count == 0)
    return rendering.welcome(collection, empty=False)


def _restored(
    parts: _Parts,
    backend: Backend,
    chat: Chat,
    verdicts: rendering.Verdicts,
    instead: Markup | str,
) -> dict[Any, Any]:
    """The page as it stood when a kept conversation was left; `instead` where nothing is kept."""
    import gradio as gr

    changes: dict[Any, Any] = {
        parts.chat: chat,
        parts.shown: str(Shown.of(chat)),
        parts.banner: _banner(backend, chat.collection),
        parts.welcome: _welcome(backend, chat.collection),
    }
    if chat.exchanges:
        past, last = chat.exchanges[:-1], chat.exchanges[-1]
        changes |= {
            parts.empty: gr.Column(visible=False),
            parts.past: rendering.conversation(past, verdicts),
            parts.live: rendering.live(chat.id, last, verdict=verdicts.get(last.number)),
            parts.sources: panel.sources(
                chat.exchanges, backend.standings(chat), backend.pictured(chat)
            ),
        }
    elif instead:
        changes[parts.past] = instead
    return changes


def _lost(backend: Backend, parts: _Parts, error: str, shown: Shown) -> dict[Any, Any]:
    """The page where the conversation that it shows cannot be gone on with; the question stays.

    It begins a new one when it is sent again.
    """
    anew = backend.chat("", "", shown.collection)
    return {
        parts.chat: anew,
        parts.shown: str(Shown.of(anew)),
        parts.notice: rendering.lost(error, anew.collection),
    }


def _changes(
    parts: _Parts,
    backend: Backend,
    before: Chat | None,
    now: Chat,
    verdicts: rendering.Verdicts,
) -> dict[Any, Any]:
    """What the page has to change from one state of a conversation to the next.

    Its script keeps what was sent before: exchanges that have settled, and their sources.
    """
    import gradio as gr

    exchange = now.exchanges[-1]
    changes: dict[Any, Any] = {parts.live: rendering.live(now.id, exchange, now.unkept)}
    if before is None or Shown.of(before) != Shown.of(now):
        changes[parts.shown] = str(Shown.of(now))
    if before is None:
        changes |= {
            parts.empty: gr.Column(visible=False),
            parts.notice: "",
            parts.past: rendering.conversation(now.exchanges[-2:-1], verdicts),
            parts.box: gr.Textbox(value="", placeholder=PLACEHOLDER),
            **_buttons(parts, busy=True),
        }
    if exchange.hits and (exchange.stage.final or _found(before) != _found(now)):
        standings = backend.standings(now)
        changes[parts.sources] = panel.sources(
            _with_new_sources(now, standings), standings, backend.pictured(now)
        )
    if exchange.stage.final:
        changes |= {parts.chat: now, **_buttons(parts, busy=False)}
    return changes


def _with_new_sources(chat: Chat, standings: panel.Standings) -> tuple[Exchange, ...]:
    """The last exchange, and those whose sources do not all stand any longer."""
    stale = {one for one, has_become in standings.items() if has_become is not Standing.STANDS}
    return tuple(
        one
        for one in chat.exchanges
        if one is chat.exchanges[-1] or any(hit.passage in stale for hit in one.hits)
    )


def _found(chat: Chat | None) -> tuple[Any, Any] | None:
    """What has been found for a conversation's last question; its sources are drawn from it."""
    return (chat.exchanges[-1].hits, chat.exchanges[-1].evidence) if chat else None


def _buttons(parts: _Parts, *, busy: bool) -> dict[Any, Any]:
    """Ask and Stop take each other's place."""
    import gradio as gr

    return {parts.ask: gr.Button(visible=not busy), parts.stop: gr.Button(visible=busy)}
