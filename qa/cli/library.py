"""`qa index` and `qa articles`."""

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from qa.cli.flags import (
    AddressFlag,
    AsJson,
    CollectionFlag,
    Engine,
    EngineFlag,
    SinceFlag,
    SourceFlag,
    UntilFlag,
    check_engine,
    scope_of,
    settings_with,
)
from qa.cli.terminal import err, out, print_json, say
from qa.errors import BadArticle, LibraryError

if TYPE_CHECKING:
    from qa.cli.indexing import WatchLog
    from qa.cluster.embedding import EmbedAhead
    from qa.library.records import ArticleLine
    from qa.library.storage import Storage
    from qa.library.summary import IndexSummary
    from qa.library.watching import IsWhole
    from qa.settings import Settings

articles_app = typer.Typer(help="What the library holds.", no_args_is_help=True)

UNLIMITED_CHARS = 100_000


class Order(Enum):
    """How a list of articles is sorted."""

    ID = "id"
    DATE = "date"


def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders or files; without one, those of the last time."),
    ] = None,
    collection: CollectionFlag = None,
    keep_missing: Annotated[
        bool, typer.Option("--keep-missing", help="Keep articles that are not below the paths.")
    ] = False,
    ocr: Annotated[
        bool,
        typer.Option(help="Read scans and pictures by OCR, seconds a page; else name them."),
    ] = True,
    wait: Annotated[
        bool, typer.Option(help="While another qa index is at work, wait; else fail.")
    ] = True,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow the folders until Ctrl-C.")
    ] = False,
    engine: EngineFlag = Engine.HERE,
    address: AddressFlag = None,
    as_json: AsJson = False,
) -> None:
    """Make the library mirror folders of articles: added, updated, moved, removed, unchanged."""
    from qa.cli.indexing import WatchLog, index_progress, print_summary
    from qa.library.indexing import index_folders
    from qa.library.places import create_library, require_shared
    from qa.service.opening import known_roots, open_embedder, open_ocr

    check_engine(engine, address)
    if watch and engine is Engine.RAY:
        raise typer.BadParameter("--watch embeds a little at a time: leave --engine ray out")
    settings = settings_with(collection=collection)
    if engine is Engine.RAY:
        require_shared(settings)
    roots = [path.expanduser().absolute() for path in paths or ()]
    for root in roots:
        if not root.exists():
            raise BadArticle(f"{root} does not exist. Name a folder of articles: qa index FOLDER")
    roots = roots or known_roots(settings)
    with ExitStack() as stack:
        store = stack.enter_context(create_library(settings))
        embedder = open_embedder(settings)
        reading = open_ocr(settings) if ocr else None
        embed_ahead: EmbedAhead | None = None
        if engine is Engine.RAY:
            from qa.cluster.embedding import embedding_ahead

            embed_ahead = stack.enter_context(
                embedding_ahead(settings, address, embedder.digest, ocr=ocr)
            )

        def run(is_whole: "IsWhole" = lambda _: True) -> "tuple[IndexSummary, int]":
            with index_progress() as report:
                summary = index_folders(
                    roots,
                    store,
                    embedder,
                    settings.passage_tokens,
                    report,
                    embedder_name=settings.embedder,
                    ocr=reading,
                    keep_missing=keep_missing,
                    is_whole=is_whole,
                    waiting=_wait if wait else None,
                    embed_ahead=embed_ahead and (lambda ahead: embed_ahead(ahead, report)),
                )
            return summary, store.article_count()

        if watch:
            _follow(roots, run, WatchLog(as_json))
            return
        indexed = run()
    print_summary(*indexed, as_json=as_json)


def _follow(
    roots: "Sequence[Path]",
    run: "Callable[[IsWhole], tuple[IndexSummary, int]]",
    log: "WatchLog",
) -> None:
    """Run once, and then whenever something changes below the roots, until Ctrl-C."""
    from qa.library.watching import watch_folders

    say("Watching; Ctrl-C ends it.")
    try:
        watch_folders(roots, lambda whole: log.show(lambda: run(whole)), threading.Event())
    except KeyboardInterrupt:  # the way to end a watch is no failure
        say("No longer watching; what was finished is kept.")


@articles_app.command("list")
def list_articles(
    since: SinceFlag = None,
    until: UntilFlag = None,
    source: SourceFlag = None,
    sort: Annotated[Order, typer.Option(help="By id, or by date, the newest first.")] = Order.ID,
    collection: CollectionFlag = None,
    as_json: AsJson = False,
) -> None:
    """Every article: id, date, source, size, title."""
    scope = scope_of(since, until, source)
    with _open_library(collection) as store:
        lines = list(store.listing(store.known_sources(scope)))
    if sort is Order.DATE:
        lines.sort(key=lambda line: line.published or date.min, reverse=True)
    if as_json:
        print_json([_row(line) for line in lines])
        return
    table = Table(
        Column("id", overflow="fold"),
        *("published", "source", "characters", "passages", "title"),
        box=None,
    )
    for line in lines:
        table.add_row(
            escape(line.id),
            str(line.published or "undated"),
            escape(line.source or ""),
            f"{line.characters:,}",
            f"{line.passages:,}",
            escape(line.title),
        )
    # In a pipe there is no width to keep to, and nothing is to be cut off or wrapped.
    wide = out if out.is_terminal else Console(width=UNLIMITED_CHARS, highlight=False)
    wide.print(table)
    out.print(_totals(lines))


@articles_app.command("show")
def show_article(
    article_id: str, collection: CollectionFlag = None, as_json: AsJson = False
) -> None:
    """One article; offsets of citations count characters of this text."""
    from qa.library.records import ArticleLine

    with _open_library(collection) as store:
        article = store.article(article_id)
        passages = len(store.passages(article_id))
    if article is None:
        raise LibraryError(f"There is no article {article_id!r}. See: qa articles list")
    if not as_json:
        typer.echo(article.text)
        return
    line = ArticleLine(
        article.id,
        article.title,
        article.source,
        article.published,
        len(article.text),
        passages,
        article.digest,
    )
    print_json({**_row(line), "page_starts": list(article.page_starts), "text": article.text})


@articles_app.command("remove")
def remove_article(
    article_ids: Annotated[list[str], typer.Argument()], collection: CollectionFlag = None
) -> None:
    """Take articles out of the library; their files stay, and qa index brings them back."""
    from qa.library.indexing import remove_articles

    with _open_library(collection) as store:
        unknown = [one for one in article_ids if store.article(one) is None]
        if unknown:
            raise LibraryError(
                f"There is no article {', '.join(unknown)}. Nothing was removed; see: "
                "qa articles list"
            )
        removed = remove_articles(article_ids, store, _wait)
    out.print(f"{len(removed)} removed. Move their files away too, or qa index adds them again.")


@articles_app.command("export")
def export(folder: Path, collection: CollectionFlag = None, as_json: AsJson = False) -> None:
    """Write every article that can be read, even of a damaged library, as Markdown files."""
    from qa.library.exporting import export_articles, export_file

    settings = settings_with(collection=collection)
    folder = folder.expanduser().absolute()
    if settings.shared_index:
        with _open_library(collection) as store:
            articles = map(store.article, sorted(store.digests()))
            exported = export_articles(articles, store.place, folder)
    else:
        exported = export_file(_library_file(settings), folder)
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "exported": exported.written,
                "unreadable": exported.unreadable,
            }
        )
        return
    out.print(f"{exported.written:,} articles written to {escape(str(folder))}.")
    if exported.unreadable:
        say(f"[yellow]warning[/yellow] {exported.unreadable:,} articles cannot be read.")


@articles_app.command("check")
def check(collection: CollectionFlag = None, as_json: AsJson = False) -> None:
    """Read the whole library and say whether it is whole; exit 1 when it is not."""
    from qa.library.checking import check_library
    from qa.library.places import refuse_shared

    settings = settings_with(collection=collection)
    refuse_shared(settings, "qa articles check", "PostgreSQL checks it with: pg_amcheck")
    with err.status("Checking…"):
        problems = check_library(_library_file(settings))
    if as_json:
        print_json({"whole": not problems, "problems": list(problems)})
    for problem in problems if not as_json else ():
        out.print(escape(problem))
    if problems:
        raise typer.Exit(1)
    if not as_json:
        out.print("The library is whole.")


def _open_library(collection: str | None) -> "Storage":
    from qa.library.places import open_library

    return open_library(settings_with(collection=collection))


def _library_file(settings: "Settings") -> Path:
    from qa.library.database import FILE_NAME

    return settings.library_dir / FILE_NAME


def _wait(message: str) -> None:
    say(escape(message))


def _totals(lines: "Sequence[ArticleLine]") -> str:
    characters, passages = sum(one.characters for one in lines), sum(one.passages for one in lines)
    days = sorted(line.published for line in lines if line.published)
    dated = f", published from {days[0]} to {days[-1]}" if days else ""
    return f"{len(lines):,} articles, {characters:,} characters, {passages:,} passages{dated}"


def _row(line: "ArticleLine") -> dict[str, Any]:
    return asdict(line) | {"published": line.published and line.published.isoformat()}
