"""`qa chat`, `qa serve` and `qa mcp`; `qa password` and `qa key` for those who come in."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from qa.cli.flags import CollectionFlag, ModelFlag, settings_with
from qa.cli.terminal import err, say
from qa.errors import PageError

if TYPE_CHECKING:
    from qa.library.storage import Storage
    from qa.service.service import Service
    from qa.settings import Settings

EXAMPLES = 3
QUESTIONS_NAME = "questions.jsonl"

KEY_BYTES = 24  # 192 bits: nobody guesses it

HostFlag = Annotated[
    str | None, typer.Option(help="Address to serve on; beyond this machine with --auth only.")
]
PortFlag = Annotated[int | None, typer.Option(help="Port to serve on; 0 = any free one.")]
AuthFlag = Annotated[
    str | None, typer.Option(help="File of users and keys: lines of `qa password`, `qa key`.")
]
RateFlag = Annotated[int, typer.Option(min=1, max=100_000, help="Requests a minute for each key.")]


def chat(
    host: HostFlag = None,
    port: PortFlag = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    auth: Annotated[
        str | None, typer.Option(help="File of users, a line of `qa password` for each.")
    ] = None,
    collection: CollectionFlag = None,
    model: ModelFlag = None,
) -> None:
    """Open the chat page on this machine."""
    from qa.conversing.archive import Archive
    from qa.library.places import create_library
    from qa.service.passwords import load_users
    from qa.service.service import open_service

    settings = _settings(auth, host=host, port=port, model=model, collection=collection)
    users = load_users(settings.auth, settings.home)
    with Archive.open(settings.home) as archive:
        if not archive.lasts:
            say(
                f"[yellow]warning[/yellow] {escape(str(settings.home))} cannot be written: "
                "conversations are forgotten when the page ends, and no article can be added."
            )
        with create_library(settings) as store:
            examples = example_questions(store)
        from qa_ui.backend import Backend
        from qa_ui.serving import serve as serve_page

        err.print("Loading the models…", style="dim")
        with open_service(settings) as service:
            warn_of_servers(service)
            backend = Backend(service, archive, examples)
            serve_page(backend, settings.host, settings.port, users, open_browser=browser)


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

    settings = _settings(auth, host=host, port=port, model=model, collection=collection)
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

    settings = _settings(auth, host=host, port=port, model=model, collection=collection)
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


def password(name: str) -> None:
    """Ask for a password twice; print the line that makes NAME a user of the page."""
    from qa.service.passwords import user_line

    given = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    typer.echo(user_line(name, given))


def key(name: str) -> None:
    """Make a key for a program: the key itself on stderr, its hashed line on stdout."""
    from qa.service.passwords import user_line

    secret = secrets.token_urlsafe(KEY_BYTES)
    typer.echo(user_line(name, secret))
    say(f"The key, which is shown this once: {name}:{secret}")


def _settings(auth: str | None, **flags: Any) -> "Settings":
    """The settings that these flags make; a flag's path is meant from here, not from the home."""
    users = auth and str(Path(auth).expanduser().absolute())
    return settings_with(auth=users, **flags)


def warn_of_servers(service: "Service") -> None:
    """Name those of several servers that do not answer; the others do."""
    for finding in service.models.servers_set_aside:
        say(f"[yellow]warning[/yellow] {escape(finding)}. It is set aside. See: qa doctor")


def example_questions(store: "Storage") -> tuple[str, ...]:
    """A few questions to begin with.

    From the `questions.jsonl` beside the indexed articles, where there is one: the first that
    stand alone and rest on different articles. Else about the newest articles' titles. One that
    cannot be read is told of; it keeps nobody from asking.
    """
    from qa.errors import BadQuestionSet
    from qa.evaluating.questions import load_questions

    here = store.digests().keys()
    examples: dict[str, str] = {}
    for file in [root / QUESTIONS_NAME for root in store.roots()]:
        try:
            questions = load_questions(file) if file.is_file() else ()
        except BadQuestionSet as error:
            say(f"No example is taken from a question set: {escape(str(error))}")
            continue
        for question in questions:
            if question.articles and not question.history and here >= set(question.articles):
                examples.setdefault(question.articles[0].rpartition("/")[0], question.question)
    if examples:
        return tuple(examples.values())[:EXAMPLES]
    return tuple(f"What happened: {title}?" for title in store.newest_titles(EXAMPLES))
