"""`qa search` and `qa ask`."""

from typing import Annotated

import typer

from qa.cli.answers import AnswerStream, print_answer, print_hits
from qa.cli.flags import (
    AsJson,
    CollectionFlag,
    ModelFlag,
    SinceFlag,
    SourceFlag,
    UntilFlag,
    scope_of,
    settings_with,
)
from qa.cli.terminal import print_json


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
