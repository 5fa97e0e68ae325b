"""`qa index` and `qa articles`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from qa.cli.terminal import AsJson, err, out, print_json, step_progress
from qa.errors import BadArticle, IndexMissing, LibraryError
from qa.library.store import Store
from qa.settings import Settings, load_settings
from qa.types import Article

articles_app = typer.Typer(help="What the library holds.", no_args_is_help=True)


def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders or files; without one, those of the last time."),
    ] = None,
    keep_missing: Annotated[
        bool, typer.Option(help="Keep articles that are not below the given paths.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the library mirror folders of articles: added, updated, removed, unchanged."""
    from qa.library.indexing import IndexProgress, index_folders
    from qa.opening import open_embedder

    settings = load_settings()
    roots = [path.expanduser().absolute() for path in paths or ()]
    for root in roots:
        if not root.exists():
            raise BadArticle(f"{root} does not exist. Name a folder of articles: qa index FOLDER")
    roots = roots or _known_roots(settings)
    with Store.create(settings.index_dir) as store:
        embedder = open_embedder(settings)
        with step_progress("articles") as progress:
            task = progress.add_task("Indexing", total=None)

            def report(step: IndexProgress) -> None:
                progress.update(task, completed=step.done, total=step.total)

            summary = index_folders(
                roots, store, embedder, settings.passage_tokens, report, keep_missing=keep_missing
            )
        total = store.article_count()
    skipped = [{"path": str(one.path), "reason": one.reason} for one in summary.skipped]
    changes = {
        name: list(getattr(summary, name)) for name in ("added", "updated", "removed", "unchanged")
    }
    if as_json:
        print_json({**changes, "skipped": skipped, "articles": total})
        return
    for one in skipped:
        err.print(f"[yellow]skipped[/yellow] {escape(one['path'])}: {escape(one['reason'])}")
    counts = ", ".join(f"{len(ids)} {name}" for name, ids in changes.items())
    out.print(f"{total} articles in the library: {counts}, {len(skipped)} skipped.")


@articles_app.command("list")
def list_articles(as_json: AsJson = False) -> None:
    """Every article: id, date, size, title."""
    with Store.open(load_settings().index_dir) as store:
        articles = store.articles()
    if as_json:
        print_json([_article_row(article) for article in articles])
        return
    table = Table("id", "published", "characters", "title", box=None)
    for article in articles:
        table.add_row(
            escape(article.id),
            str(article.published or "undated"),
            f"{len(article.text):,}",
            escape(article.title),
        )
    out.print(table)
    out.print(f"{len(articles)} articles")


@articles_app.command("show")
def show_article(article_id: str, as_json: AsJson = False) -> None:
    """One article; offsets of citations count characters of this text."""
    with Store.open(load_settings().index_dir) as store:
        article = store.article(article_id)
    if article is None:
        raise LibraryError(f"There is no article {article_id!r}. See: qa articles list")
    if as_json:
        print_json({**_article_row(article), "text": article.text})
    else:
        typer.echo(article.text)


@articles_app.command("remove")
def remove_article(article_ids: Annotated[list[str], typer.Argument()]) -> None:
    """Take articles out of the library; their files stay, and qa index brings them back."""
    from qa.library.indexing import remove_articles

    with Store.open(load_settings().index_dir) as store:
        unknown = [one for one in article_ids if store.article(one) is None]
        if unknown:
            raise LibraryError(
                f"There is no article {', '.join(unknown)}. Nothing was removed; see: "
                "qa articles list"
            )
        remove_articles(article_ids, store)
    out.print(
        f"{len(article_ids)} removed. Move their files away too, or qa index adds them again."
    )


def _article_row(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published and article.published.isoformat(),
        "characters": len(article.text),
        "digest": article.digest,
    }


def _known_roots(settings: Settings) -> list[Path]:
    """The folders that were indexed last, else those of the settings."""
    try:
        with Store.open(settings.index_dir) as store:
            roots = store.roots()
    except IndexMissing:
        roots = ()
    if not (roots or settings.articles):
        raise LibraryError("No folder of articles is known yet. Name one: qa index FOLDER")
    return list(roots or settings.articles)
