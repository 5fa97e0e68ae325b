"""`qa search`, `qa ask` and `qa chat`."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from qa.cli.flags import (
    AsJson,
    CollectionFlag,
    ModelFlag,
    SinceFlag,
    SourceFlag,
    UntilFlag,
    absolute,
    scope_of,
    settings_with,
)
from qa.cli.terminal import AnswerStream, err, print_answer, print_hits, print_json, say

if TYPE_CHECKING:
    from qa.library.storage import Storage
    from qa.service.service import Service

EXAMPLES = 3
QUESTIONS_NAME = "questions.jsonl"


def search(
    query: str,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 5,
    since: SinceFlag = None,
    until: UntilFlag = None,
    source: SourceFlag = None,
    collection: CollectionFlag = None,
    as_json: AsJson = False,
) -> None:
    """The passages that bear on a query, best first, without a language model."""
    from qa.answering.answer_json import source_object
    from qa.answering.assistant import check_question
    from qa.service.opening import open_retriever

    query = check_question(query)
    scope = scope_of(since, until, source)
    with open_retriever(settings_with(collection=collection)) as retriever:
        hits = retriever.retrieve(query, k, scope)
    if as_json:
        sources = [source_object(number, hit) for number, hit in enumerate(hits, 1)]
        print_json({"query": query, "sources": sources})
    else:
        print_hits(hits)


def ask(
    question: str,
    since: SinceFlag = None,
    until: UntilFlag = None,
    source: SourceFlag = None,
    collection: CollectionFlag = None,
    model: ModelFlag = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the articles, each sentence with the words it rests on."""
    from qa.answering.answer_json import answer_object
    from qa.answering.assistant import check_question
    from qa.service.opening import open_assistant

    check_question(question)  # before anything slow is loaded
    scope = scope_of(since, until, source)
    settings = settings_with(model=model, collection=collection)
    with AnswerStream() as stream, open_assistant(settings) as assistant:
        for event in assistant.ask(question, scope=scope):
            stream.show(event)
    if as_json:
        print_json(answer_object(stream.answer))
    else:
        print_answer(stream.answer)


def chat(
    host: Annotated[
        str | None, typer.Option(help="Address to serve on; beyond this machine with --auth only.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to serve on; 0 = any free one.")] = None,
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

    settings = settings_with(
        host=host, port=port, auth=absolute(auth), model=model, collection=collection
    )
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
        from qa_ui.serving import serve

        err.print("Loading the models…", style="dim")
        with open_service(settings) as service:
            warn_of_servers(service)
            backend = Backend(service, archive, examples)
            serve(backend, settings.host, settings.port, users, open_browser=browser)


def warn_of_servers(service: "Service") -> None:
    """Name those of several servers that do not answer; the others do."""
    for finding in service.models.servers_set_aside:
        say(f"[yellow]warning[/yellow] {escape(finding)}. It is set aside. See: qa doctor")


def password(name: str) -> None:
    """Ask for a password twice; print the line that makes NAME a user of the page."""
    from qa.service.passwords import user_line

    given = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    typer.echo(user_line(name, given))


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
