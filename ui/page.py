"""Builds the chat page and serves it, on this machine alone.

Gradio carries events and state; what is seen is our own HTML (see `rendering`) in three panes: the
settled exchanges, the live one, and the sources. The conversation is in `gr.State`, so every
browser session has its own; what is running is at the `Desk`, so it can be stopped.
"""

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import PageError

from . import panel, rendering
from .desk import Answering, Desk
from .exchange import Exchange

if TYPE_CHECKING:
    import gradio as gr

HERE = Path(__file__).parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")

PLACEHOLDER = "Ask your articles a question"
EMPTY_HINT = "Type a question first, then press Enter"

# The assistant answers one after another and tells each its place; Gradio need only let them in.
MOST_AT_ONCE = 20

FONTS = ("system-ui", "sans-serif")


def serve(
    assistant: Answering,
    examples: Sequence[str],
    host: str,
    port: int,
    open_browser: bool,
    describe: str,
) -> None:
    """Serve the chat page until Ctrl-C, which comes through as KeyboardInterrupt.

    `port` 0 takes any free one. Raises PageError if the host is not this machine or the port is
    busy.
    """
    with running(assistant, examples, describe, host, port) as url:
        sys.stderr.write(f"Cuttings is at {url} (Ctrl-C ends it)\n")
        if open_browser:
            webbrowser.open(url)
        threading.Event().wait()


@contextmanager
def running(
    assistant: Answering,
    examples: Sequence[str],
    describe: str,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[str]:
    """The page's address, for as long as the block runs; raises as `serve` does."""
    address, port = _free_address(host, port)
    _keep_gradio_at_home()
    import gradio as gr

    desk = Desk(assistant)
    page = _build(desk, examples, describe)
    page.queue(api_open=False)
    try:
        page.launch(
            server_name=f"[{address}]" if ":" in address else address,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            run_history=False,
            footer_links=[],
            enable_monitoring=False,
            ssr_mode=False,
            pwa=False,
            theme=gr.themes.Base(font=list(FONTS), font_mono=["ui-monospace", "monospace"]),
            css=(HERE / "cuttings.css").read_text(encoding="utf-8"),
        )
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    finally:
        desk.close()
        page.close(verbose=False)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that change while a question is answered."""

    exchanges: "gr.State"
    empty: "gr.Column"
    past: "gr.HTML"
    live: "gr.HTML"
    box: "gr.Textbox"
    ask: "gr.Button"
    stop: "gr.Button"
    sources: "gr.HTML"

    @property
    def all(self) -> list[Any]:
        """Every part, as an event's outputs."""
        return [getattr(self, name) for name in self.__slots__]


def _build(desk: Desk, examples: Sequence[str], describe: str) -> "gr.Blocks":
    import gradio as gr

    script = (HERE / "cuttings.js").read_text(encoding="utf-8")
    bare = {"apply_default_css": False, "js_on_load": None}
    with gr.Blocks(title="Cuttings", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(rendering.banner(describe), elem_id="banner", **bare)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="transcript"):
                    with gr.Column(elem_id="empty") as empty:
                        gr.HTML(rendering.welcome(), **bare)
                        shown = [gr.Button(text, elem_classes="example") for text in examples]
                    past = gr.HTML("", elem_id="past", **bare)
                    live = gr.HTML("", elem_id="live", **bare)
                with gr.Row(elem_id="composer"):
                    box = _question_box()
                    ask = gr.Button("Ask", variant="primary", elem_id="ask")
                    stop = gr.Button("Stop", variant="stop", elem_id="stop", visible=False)
            sources = gr.HTML(
                panel.sources(()), elem_id="sources", apply_default_css=False, js_on_load=script
            )
        parts = _Parts(gr.State(()), empty, past, live, box, ask, stop, sources)
        _wire(page, desk, parts, shown)
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


def _wire(page: "gr.Blocks", desk: Desk, parts: _Parts, examples: "Sequence[gr.Button]") -> None:
    """Say what happens on typing, on asking, on Stop, and when a session goes away."""
    import gradio as gr

    def typed(text: str, earlier: tuple[Exchange, ...], request: gr.Request) -> None:
        desk.typed(str(request.session_hash), text, earlier)

    def stop(request: gr.Request) -> None:
        desk.stop(str(request.session_hash))

    def leave(request: gr.Request) -> None:
        desk.leave(str(request.session_hash))

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    for trigger, question in [
        ([parts.box.submit, parts.ask.click], parts.box),
        *(([example.click], example) for example in examples),
    ]:
        _wire_asking(desk, parts, trigger, question, quiet)
    # Not `input`: Gradio sends that for keys that write a letter, not for pasting or Backspace. One
    # request is under way at a time, and after it the last text is sent.
    parts.box.change(typed, [parts.box, parts.exchanges], None, queue=False, **quiet)
    parts.stop.click(stop, None, None, queue=False, **quiet)
    page.unload(leave)


def _wire_asking(
    desk: Desk, parts: _Parts, triggers: list[Any], question: Any, quiet: dict[str, Any]
) -> None:
    """Say what happens when a component's text is asked, and on a fault of the program."""
    import gradio as gr

    def answer(
        question: str, earlier: tuple[Exchange, ...], request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        if not question.strip():
            yield {parts.box: gr.Textbox(placeholder=EMPTY_HINT)}
            return
        before = None
        with closing(desk.ask(str(request.session_hash), question, earlier)) as growing:
            for exchange in growing:
                yield _changes(parts, earlier, before, exchange)
                before = exchange

    def fault() -> dict[Any, Any]:
        return {parts.live: rendering.broken(), **_buttons(parts, busy=False)}

    inputs = [question, parts.exchanges]
    asked = gr.on(triggers, answer, inputs, parts.all, concurrency_limit=MOST_AT_ONCE, **quiet)
    asked.failure(fault, None, parts.all, **quiet)


def _changes(
    parts: _Parts, earlier: tuple[Exchange, ...], before: Exchange | None, now: Exchange
) -> dict[Any, Any]:
    """What the page has to change from one state of an exchange to the next."""
    import gradio as gr

    changes: dict[Any, Any] = {parts.live: rendering.conversation((now,))}
    if before is None:
        changes |= {
            parts.empty: gr.Column(visible=False),
            parts.past: rendering.conversation(earlier),
            parts.box: gr.Textbox(value="", placeholder=PLACEHOLDER),
            **_buttons(parts, busy=True),
        }
    if now.hits and (before is None or now.hits != before.hits or now.stage.final):
        changes[parts.sources] = panel.sources((*earlier, now))
    if now.stage.final:
        changes |= {parts.exchanges: (*earlier, now), **_buttons(parts, busy=False)}
    return changes


def _buttons(parts: _Parts, *, busy: bool) -> dict[Any, Any]:
    """Ask and Stop take each other's place."""
    import gradio as gr

    return {parts.ask: gr.Button(visible=not busy), parts.stop: gr.Button(visible=busy)}


def _free_address(host: str, port: int) -> tuple[str, int]:
    """The numeric loopback address and the port to serve on; PageError if that cannot be."""
    if host not in LOOPBACK:
        raise PageError(
            f"The page is served on this machine alone, not on {host}: without a password, "
            "anybody on that network could read your articles. Leave out --host."
        )
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as error:
            raise PageError(
                f"Port {port} of {host} cannot be used ({getattr(error, 'strerror', error)}). "
                "Choose another with --port, or any free one with --port 0."
            ) from error
        return address, int(probe.getsockname()[1])


def _keep_gradio_at_home() -> None:
    """Set what Gradio reads at its import: no analytics, no proxy between it and itself."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # It also keeps timings for a monitoring page that is off, in pandas, after every event.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
    for variable in ("NO_PROXY", "no_proxy"):
        named = [name for name in os.environ.get(variable, "").split(",") if name]
        os.environ[variable] = ",".join(dict.fromkeys([*named, *LOOPBACK]))
