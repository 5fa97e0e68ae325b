"""What the command line prints for a person: answers, sources, tables and progress.

Results go to stdout, progress to stderr, so that a pipe gets results alone.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from qa.types import (
    Answer,
    Answered,
    Event,
    Hit,
    Passage,
    Reading,
    Retrieved,
    Waiting,
    Writing,
)

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False)

NAMED_COPIES = 3
"""So many articles that print the same passage are named; the JSON has them all."""

UNSUPPORTED = "not found in the sources"


def say(line: str) -> None:
    """One line on stderr, however long; marks in square brackets are rich's."""
    err.print(line, soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON value on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def step_progress(unit: str) -> Iterator[Progress]:
    """A bar over counted things on stderr, with the time left."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    ) as progress:
        yield progress


@contextmanager
def byte_progress() -> Iterator[Progress]:
    """A bar over bytes on stderr, with the time left."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    ) as progress:
        yield progress


class AnswerStream:
    """Shows an answer while it comes; on a terminal only, where it can be taken back.

    What streams is unchecked, so it is shown dim and is replaced by the checked answer.
    """

    def __init__(self) -> None:
        self.answer: Answer  # there once the stream has ended
        self._live = Live(console=err, transient=True, refresh_per_second=10)
        self._written = ""
        self._passages = 0

    def __enter__(self) -> "AnswerStream":
        self._live.start()
        self._live.update(Text("Looking for passages…", style="dim"))
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, event: Event) -> None:
        """Bring the display up to date with one event of the answer."""
        match event:
            case Retrieved(hits):
                self._passages = len(hits)
            case Waiting(ahead):
                self._live.update(Text(f"{ahead} ahead of you…", style="dim"))
            case Reading(done, total):
                share = 100 * done // max(total, 1)
                self._live.update(Text(f"Reading {self._passages} passages… {share}%", style="dim"))
            case Writing(delta):
                self._written += delta
                self._live.update(Text(self._written, style="dim"))
            case Answered(answer):
                self.answer = answer


def print_answer(answer: Answer) -> None:
    """The checked answer, then the sources it was given, the cited words of each quoted."""
    if answer.refusal:
        out.print(Text(answer.text, style="yellow"))
        label = "Looked at"
    else:
        out.print(Group(_sentences(answer)))
        label = "Sources"
    out.print()
    out.print(f"[bold]{label}[/bold]")
    for number, hit in enumerate(answer.hits, 1):
        out.print(_source_line(number, hit))
        for start, end in _cited(answer, number):
            quote = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
            page = hit.passage.page_at(start)
            where = f" (page {page})" if page else ""
            out.print(Text(f"    “{quote}”{where}", style="green"))


def print_hits(hits: Sequence[Hit]) -> None:
    """Search results, best first, each with its whole passage."""
    for number, hit in enumerate(hits, 1):
        out.print(_source_line(number, hit), f"[dim]{hit.score:.2f}[/dim]")
        out.print(Text(hit.passage.text))
        out.print()


def _sentences(answer: Answer) -> Text:
    text = Text()
    for sentence in answer.sentences:
        if text:
            text.append(" ")
        text.append(sentence.text, style="" if sentence.supported else "red")
        if not sentence.supported:
            text.append(f" ({UNSUPPORTED})", style="bold red")
    return text


def _cited(answer: Answer, number: int) -> list[tuple[int, int]]:
    spans = {
        (citation.start, citation.end)
        for sentence in answer.sentences
        for citation in sentence.citations
        if citation.number == number
    }
    return sorted(spans)


def _source_line(number: int, hit: Hit) -> str:
    where = _place(hit.passage) + _copies(hit.also_in)
    return f"\\[{number}] [bold]{escape(hit.passage.title)}[/bold]\n    [dim]{escape(where)}[/dim]"


def _copies(also_in: Sequence[str]) -> str:
    """` · also in 4 articles: a, b, c, …`."""
    if not also_in:
        return ""
    named = ", ".join(also_in[:NAMED_COPIES]) + (", …" if len(also_in) > NAMED_COPIES else "")
    return f" · also in {len(also_in)} article{'s' if len(also_in) > 1 else ''}: {named}"


def _place(passage: Passage) -> str:
    parts = [
        passage.published.isoformat() if passage.published else "undated",
        passage.source or "",
        passage.pages,
        f"{passage.article_id}, characters {passage.start}–{passage.end}",
    ]
    return " · ".join(part for part in parts if part)
