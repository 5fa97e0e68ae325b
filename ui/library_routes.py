"""What the sheet of a library asks for: its list, uploads, removals and their undoing."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from markupsafe import Markup, escape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from qa.errors import CuttingsError
from qa.library.scanned_pages import PageAtHand
from qa.reading.formats import MOST_BYTES
from qa.service.uploads import Listed, Shelf
from qa.types import Scope

from .backend import Backend
from .clip_routes import ClipRoutes
from .library_sheet import (
    MOST_LISTED,
    Filter,
    added_note,
    article_items,
    failed_note,
    library_sheet,
    page_note,
    removed_notice,
)

TELLING_SECONDS = 0.5
"""After which the page at hand is told again; a page takes some seconds."""


class LibraryRoutes:
    """The handlers, over a backend; parameters come in the query, an upload as the body."""

    def __init__(self, backend: Backend, clips: ClipRoutes) -> None:
        self._backend = backend
        self._clips = clips

    def sheet(self, request: Request) -> Response:
        """The whole sheet of a collection."""
        name = request.query_params.get("collection", "")
        shelf = self._backend.collections.collection(name).shelf
        return HTMLResponse(
            library_sheet(
                name,
                self._backend.collections.names(),
                self._backend.describe(name),
                shelf.sources(),
                shelf.listed("", Scope(), MOST_LISTED),
                self._clips.box(request),
            )
        )

    def list(self, request: Request) -> Response:
        """The articles that are left by a filter."""
        return self._list(request, "")

    def describe(self, request: Request) -> Response:
        """The line that says what the page stands on."""
        name = request.query_params.get("collection", "")
        return HTMLResponse(escape(self._backend.describe(name)))

    def remove(self, request: Request) -> Response:
        """The list without an article, and how to have it back."""
        asked = request.query_params
        name, id_ = asked.get("collection", ""), asked.get("id", "")
        shelf = self._backend.collections.collection(name).shelf
        removal = shelf.remove(id_)
        notice = removed_notice(name, removal, _filter(asked)) if removal else ""
        return self._list(request, notice)

    def undo(self, request: Request) -> Response:
        """The list with an article that had been removed."""
        asked = request.query_params
        shelf = self._backend.collections.collection(asked.get("collection", "")).shelf
        shelf.undo(asked.get("token", ""))
        return self._list(request, "")

    async def add(self, request: Request) -> Response:
        """Take a file in the body; what it gave, or why it gave nothing, as the last line.

        The lines before say which of its pages is being read.
        """
        asked = request.query_params
        name = asked.get("name", "")
        try:
            shelf = self._backend.collections.collection(asked.get("collection", "")).shelf
            written = shelf.incoming(name)
            with ExitStack() as undoing:
                undoing.callback(written.unlink, missing_ok=True)  # where the sender goes away
                with written.open("wb") as file:
                    async for chunk in request.stream():
                        if file.tell() <= MOST_BYTES:  # of a larger file, enough to refuse it
                            file.write(chunk)
                undoing.pop_all()
        except CuttingsError as error:
            return HTMLResponse(failed_note(name, error))
        # Not as a page of HTML, which the guard would hold back until it is whole.
        return StreamingResponse(_adding(shelf, written, name), media_type="text/plain")

    def _list(self, request: Request, notice: Markup | str) -> Response:
        asked = request.query_params
        name, narrowed = asked.get("collection", ""), _filter(asked)
        scope = Scope(
            _day(narrowed.since),
            _day(narrowed.until),
            (narrowed.source,) if narrowed.source else (),
        )
        shelf = self._backend.collections.collection(name).shelf
        # The last article of a source may just have been removed; the sheet still names it.
        is_gone = narrowed.source and narrowed.source not in shelf.sources()
        found = Listed((), 0) if is_gone else shelf.listed(narrowed.search, scope, MOST_LISTED)
        return HTMLResponse(article_items(name, found, narrowed, notice))


async def _adding(shelf: Shelf, written: Path, name: str) -> AsyncIterator[str]:
    """A line for the page at hand, now and then, and one for what came of it."""
    pages: list[PageAtHand] = []
    adding = asyncio.create_task(run_in_threadpool(shelf.add, written, name, pages.append))
    while not (await asyncio.wait({adding}, timeout=TELLING_SECONDS))[0]:
        if pages:
            yield f"{page_note(pages[-1])}\n"
    try:
        yield added_note(await adding)
    except CuttingsError as error:
        yield failed_note(name, error)


def _filter(asked: Mapping[str, str]) -> Filter:
    names = ("search", "since", "until", "source")
    return Filter(*(asked.get(name, "") for name in names))


def _day(typed: str) -> date | None:
    """A day as a date box sends it; None for anything else, as while it is being typed."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
