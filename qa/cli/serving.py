"""`qa serve`, `qa mcp` and `qa key`."""

import secrets
from typing import Annotated

import typer

from qa.cli.asking import example_questions, warn_of_servers
from qa.cli.flags import CollectionFlag, ModelFlag, absolute, settings_with
from qa.cli.terminal import err, say
from qa.errors import PageError

KEY_BYTES = 24  # 192 bits: nobody guesses it


HostFlag = Annotated[
    str | None, typer.Option(help="Address to serve on; beyond this machine with --auth only.")
]
PortFlag = Annotated[int | None, typer.Option(help="Port to serve on; 0 = any free one.")]
AuthFlag = Annotated[
    str | None, typer.Option(help="File of users and keys: lines of `qa password`, `qa key`.")
]
RateFlag = Annotated[int, typer.Option(min=1, max=100_000, help="Requests a minute for each key.")]


def serve(
    host: HostFlag = None,
    port: PortFlag = None,
    auth: AuthFlag = None,
    rate: RateFlag = 120,
    collection: CollectionFlag = None,
    model: ModelFlag = None,
) -> None:
    """Serve programs that speak OpenAI's protocol, and the chat page beside it."""
    from qa.api.app import make_app
    from qa.api.serving import Server
    from qa.conversing.archive import Archive
    from qa.library.places import create_library
    from qa.service.address import LOOPBACK, free_address, url_of
    from qa.service.passwords import load_users
    from qa.service.service import open_service

    settings = settings_with(
        host=host, port=port, auth=absolute(auth), model=model, collection=collection
    )
    users = load_users(settings.auth, settings.home)
    address, free_port = free_address(settings.host, settings.port, users)
    with create_library(settings) as store:
        examples = example_questions(store)
    from qa_ui.backend import Backend
    from qa_ui.serving import mounted

    err.print("Loading the models…", style="dim")
    with (
        Archive.open(settings.home) as archive,
        open_service(settings) as service,
        mounted(Backend(service, archive, examples), users) as page,
    ):
        warn_of_servers(service)
        app, questions = make_app(service, users, rate, page)
        url = url_of(settings.host, free_port)
        say(f"Programs: {url}v1 · people: {url} (Ctrl-C ends it)")
        if settings.host not in LOOPBACK:
            say("What goes over a network can be read on its way, keys too: put HTTPS or a tunnel "
                "before it.")  # fmt: skip
        Server(app, address, free_port, questions.close).run()


def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP at /mcp instead of stdin and stdout.")
    ] = False,
    host: HostFlag = None,
    port: PortFlag = None,
    auth: AuthFlag = None,
    rate: RateFlag = 120,
    collection: CollectionFlag = None,
    model: ModelFlag = None,
) -> None:
    """Serve the articles as tools for a model elsewhere, over MCP."""
    try:
        from qa.api.mcp_server import PATH, http_app, make_mcp
    except ModuleNotFoundError as error:
        raise PageError(
            "MCP needs a package that is not here. Install it with: pip install 'cuttings[mcp]'"
        ) from error
    from qa.api.asking import Questions
    from qa.api.serving import Server
    from qa.service.address import free_address, url_of
    from qa.service.passwords import load_users
    from qa.service.service import open_service

    settings = settings_with(
        host=host, port=port, auth=absolute(auth), model=model, collection=collection
    )
    users = load_users(settings.auth, settings.home)
    address, free_port = free_address(settings.host, settings.port, users) if http else ("", 0)
    err.print("Loading the models…", style="dim")
    with open_service(settings) as service:
        warn_of_servers(service)
        questions = Questions(service.models.gate)
        server = make_mcp(service, questions)
        if not http:
            say("Speaking MCP on stdin and stdout (Ctrl-C ends it)")
            server.run("stdio")
            return
        say(f"MCP: {url_of(settings.host, free_port)}{PATH[1:]} (Ctrl-C ends it)")
        app = http_app(server, users, rate)
        Server(app, address, free_port, questions.close).run()


def key(name: str) -> None:
    """Make a key for a program: the key itself on stderr, its hashed line on stdout."""
    from qa.service.passwords import user_line

    secret = secrets.token_urlsafe(KEY_BYTES)
    typer.echo(user_line(name, secret))
    say(f"The key, which is shown this once: {name}:{secret}")
