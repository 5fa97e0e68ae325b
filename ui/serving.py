"""Serves the chat page, beyond this machine only where there are users: by itself or mounted.

One guard stands before Gradio and our own routes.
"""

import os
import re
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.service.address import LOOPBACK, free_address, url_of
from qa.service.passwords import Users

from .backend import Backend, SessionsByCollection
from .guard import Guard
from .model_work import ModelWork
from .page import build
from .routes import routes
from .session_state import MOST_SESSIONS

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

HERE = Path(__file__).parent

FONTS = ("system-ui", "sans-serif")

SCRIPTS = '<script type="module" src="cuttings/sheets.js"></script>'


NOBODY = Users({})


def serve(backend: Backend, host: str, port: int, users: Users, open_browser: bool) -> None:
    """Serve the chat page until Ctrl-C, which comes through as KeyboardInterrupt.

    `port` 0 takes any free one. Raises PageError if the host is not this machine and there are no
    users, or the port is busy.
    """
    with running(backend, host, port, users) as url:
        sys.stderr.write(f"Cuttings is at {url} (Ctrl-C ends it)\n")
        if users:
            sys.stderr.write(f"It asks for the password of {', '.join(users.names)}.\n")
        if host not in LOOPBACK:
            sys.stderr.write(
                "What goes over a network can be read on its way, passwords too: put HTTPS or a "
                "tunnel before it.\n"
            )
        if open_browser:
            webbrowser.open(url)
        threading.Event().wait()


@contextmanager
def running(
    backend: Backend, host: str = "127.0.0.1", port: int = 0, users: Users = NOBODY
) -> Iterator[str]:
    """The page's address, for as long as the block runs; raises as `serve` does."""
    address, port = free_address(host, port, users)
    with _built(backend, users) as (page, shown):
        with _no_proxies():
            page.launch(
                server_name=f"[{address}]" if ":" in address else address,
                server_port=port,
                prevent_thread_lock=True,
                quiet=True,
                share=False,
                state_session_capacity=MOST_SESSIONS,
                **shown,
            )
        yield url_of(host, port)


@contextmanager
def mounted(backend: Backend, users: Users = NOBODY) -> Iterator["FastAPI"]:
    """The page as an ASGI application of its own, for whoever serves other things beside it."""
    with _built(backend, users) as (page, shown):
        import gradio as gr
        from fastapi import FastAPI

        with _no_proxies():
            mounting = gr.mount_gradio_app(FastAPI(openapi_url=None), page, "/", **shown)
        yield mounting


@contextmanager
def _built(backend: Backend, users: Users) -> Iterator[tuple["gr.Blocks", dict[str, Any]]]:
    """The page, and how Gradio is to show and guard it."""
    hosts = () if users else LOOPBACK  # whoever knows a password may come by any name
    _keep_gradio_at_home()
    with _no_proxies():
        import gradio as gr
    from starlette.middleware import Middleware

    all_sessions, work = (
        SessionsByCollection(backend.collections),
        ModelWork(backend.collections.models),
    )
    page = build(all_sessions, backend)
    page.queue(api_open=False)
    page.state_session_capacity = MOST_SESSIONS  # `mount_gradio_app` has no argument for it
    shown = {
        "run_history": False,
        "footer_links": [],
        "enable_monitoring": False,
        "ssr_mode": False,
        "pwa": False,
        "theme": gr.themes.Base(font=list(FONTS), font_mono=["ui-monospace", "monospace"]),
        "css": (HERE / "cuttings.css").read_text(encoding="utf-8"),
        "head": SCRIPTS,
        "app_kwargs": {
            "routes": routes(backend, work, may_change_model=not users),
            "middleware": [Middleware(Guard, hosts=hosts, users=users)],
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
        },
    }
    try:
        yield page, shown
    finally:
        all_sessions.close()
        work.close()
        page.close(verbose=False)


def _keep_gradio_at_home() -> None:
    """Set what Gradio reads: no analytics, no proxy between it and itself."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # It also keeps timings for a monitoring page that is off, in pandas, after every event.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
    for variable in ("NO_PROXY", "no_proxy"):
        named = [name for name in os.environ.get(variable, "").split(",") if name]
        os.environ[variable] = ",".join(dict.fromkeys([*named, *LOOPBACK]))


@contextmanager
def _no_proxies() -> Iterator[None]:
    """Hide the proxies of the environment: Gradio fails at one that it cannot use, and needs none.

    A server in the model's place and the download of a model do.
    """
    names = [name for name in os.environ if re.fullmatch("(all|http|https)_proxy", name.lower())]
    hidden = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(hidden)
