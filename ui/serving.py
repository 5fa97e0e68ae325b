"""Serves the chat page, on this machine alone: one guard before Gradio and our own routes."""

import os
import re
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import PageError
from qa.passwords import Users

from .guard import Guard
from .model_work import ModelWork
from .office import Desks, Office
from .page import build
from .routes import routes

HERE = Path(__file__).parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")

FONTS = ("system-ui", "sans-serif")

SCRIPTS = '<script type="module" src="cuttings/sheets.js"></script>'


NOBODY = Users({})


def serve(office: Office, host: str, port: int, users: Users, open_browser: bool) -> None:
    """Serve the chat page until Ctrl-C, which comes through as KeyboardInterrupt.

    `port` 0 takes any free one. Raises PageError if the host is not this machine and there are no
    users, or the port is busy.
    """
    with running(office, host, port, users) as url:
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
    office: Office, host: str = "127.0.0.1", port: int = 0, users: Users = NOBODY
) -> Iterator[str]:
    """The page's address, for as long as the block runs; raises as `serve` does."""
    address, port = _free_address(host, port, users)
    hosts = () if users else LOOPBACK  # whoever knows a password may come by any name
    _keep_gradio_at_home()
    with _no_proxies():
        import gradio as gr
    from starlette.middleware import Middleware

    desks, work = Desks(office.collections), ModelWork(office.collections.models)
    page = build(desks, office)
    page.queue(api_open=False)
    try:
        with _no_proxies():
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
                head=SCRIPTS,
                app_kwargs={
                    "routes": routes(office, work, may_change_model=not users),
                    "middleware": [Middleware(Guard, hosts=hosts, users=users)],
                    "docs_url": None,
                    "redoc_url": None,
                    "openapi_url": None,
                },
            )
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    finally:
        desks.close()
        work.close()
        page.close(verbose=False)


def _free_address(host: str, port: int, users: Users) -> tuple[str, int]:
    """The address and the port to serve on; PageError if that cannot be."""
    if host not in LOOPBACK and not users:
        raise PageError(
            f"The page is served on this machine alone, not on {host}: without a password, "
            "anybody on that network could read your articles. Leave out --host, or name users: "
            "qa password NAME >> users.txt, then --auth users.txt"
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
