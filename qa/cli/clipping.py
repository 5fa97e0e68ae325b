"""`qa clip`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from qa.cli.flags import AsJson, CollectionFlag, settings_with
from qa.cli.terminal import out, print_json, say
from qa.errors import CuttingsError

if TYPE_CHECKING:
    from qa.capturing.clipping import Clip


def clip(
    urls: Annotated[list[str], typer.Argument(help="Addresses of pages, PDFs or pictures.")],
    allow_private: Annotated[
        bool,
        typer.Option(
            "--allow-private", help="Also ask this machine and others in its own network."
        ),
    ] = False,
    collection: CollectionFlag = None,
    as_json: AsJson = False,
) -> None:
    """Fetch pages from the network, keep them as they are today, and read them."""
    from qa.capturing.clipping import clip as keep
    from qa.capturing.fetching import OPEN_NET, OWN_NETWORK_TOO, fetch
    from qa.library.places import create_library
    from qa.service.opening import make_shelf, open_embedder, open_ocr

    settings = settings_with(collection=collection)
    bounds = OWN_NETWORK_TOO if allow_private else OPEN_NET
    rows: list[dict[str, Any]] = []
    with create_library(settings) as store:
        shelf = make_shelf(settings, store, open_embedder(settings), open_ocr(settings))
        for url in urls:
            try:
                clipped = keep(fetch(url, _asking, bounds), shelf)
            except CuttingsError as error:
                rows.append({"asked": url, "error": str(error)})
                if not as_json:
                    say(f"[red]not kept[/red] {escape(str(error))}")
            else:
                rows.append(_as_json(url, clipped))
                if not as_json:
                    _print(clipped)
    if as_json:
        print_json(rows)
    if any("error" in row for row in rows):
        raise typer.Exit(1)


def _asking(host: str) -> None:
    say(f"[dim]Asking {escape(host)}…[/dim]")


def _print(clipped: "Clip") -> None:
    """What became of an address: one line, and what was left out below it."""
    article = clipped.article
    parts = [article.id, article.title, str(article.published or "undated"), _told(clipped)]
    out.print(escape(" · ".join(parts)))
    for problem in clipped.problems:
        say(f"[yellow]kept, but[/yellow] {escape(problem)}")


def _told(clipped: "Clip") -> str:
    """`new`, `updated: its text has changed since 2026-11-03`, with where it was sent on to."""
    since = f"{clipped.before:%Y-%m-%d}" if clipped.before else "an earlier visit"
    told = {
        "new": "new",
        "updated": f"updated: its text has changed since {since}",
        "unchanged": f"unchanged since {since}: the earlier version stays",
    }[clipped.change.value]
    return f"{told}; sent on to {clipped.url}" if clipped.moved else told


def _as_json(asked: str, clipped: "Clip") -> dict[str, Any]:
    article = clipped.article
    return {
        "asked": asked,
        "url": clipped.url,
        "moved": list(clipped.moved),
        "id": article.id,
        "title": article.title,
        "published": article.published and article.published.isoformat(),
        "source": article.source,
        "change": clipped.change.value,
        "before": clipped.before and clipped.before.isoformat(),
        "problems": list(clipped.problems),
    }
