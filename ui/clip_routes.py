"""A page that a browser hands over by the bookmarklet is kept, if it brings the right token.

The request comes from the bookmarklet's own window, which is a page of this server: the guard lets
in no other site's. The token says that a person has clicked, not a page of itself.
"""

import json
import secrets
import threading
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from qa.capturing.addresses import parse_address
from qa.capturing.clipping import clip
from qa.capturing.visits import Visit
from qa.errors import CannotClip, CuttingsError
from qa.reading.web_archives import MOST_PAGE_BYTES

from .backend import Backend
from .clip_sheet import bookmarklet_box, clip_window, kept_note, not_kept
from .guard import OWNER, USER

SCRIPT = Path(__file__).parent / "clip.js"

MOST_BYTES = 3 * MOST_PAGE_BYTES[".html"]
"""Of a request, which holds a page as JSON: a tag's signs take six characters at worst."""

EVERYBODY = "home"
"""Whose the token is where there are no users: of whoever uses this home."""


class ClipRoutes:
    """The handlers, over a backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._writing = threading.Lock()

    def window(self, request: Request) -> Response:
        """The window that takes a page over."""
        return HTMLResponse(clip_window())

    def script(self, request: Request) -> Response:
        """What runs in it."""
        return FileResponse(SCRIPT, media_type="text/javascript")

    def box(self, request: Request) -> Markup:
        """The bookmarklet of whoever asks, for the collection that the query names."""
        token = self._backend.archive.clip_token(_whose(request))
        return self._box(request, token)

    def renew(self, request: Request) -> Response:
        """A bookmarklet with another token; the one before is good for nothing more."""
        token = self._backend.archive.renew_clip_token(_whose(request))
        return HTMLResponse(self._box(request, token))

    async def keep(self, request: Request) -> Response:
        """Keep the page in the body, and say so; or why not."""
        body = bytearray()
        async for chunk in request.stream():
            if len(body) <= MOST_BYTES:  # of a larger one, enough to refuse it
                body += chunk
        try:
            return HTMLResponse(await run_in_threadpool(self._keep, _whose(request), bytes(body)))
        except CuttingsError as error:
            return HTMLResponse(not_kept(str(error)))

    def _keep(self, whose: str, body: bytes) -> Markup:
        page = _page(body)
        token = self._backend.archive.clip_token(whose)
        if not secrets.compare_digest(token.encode(), page["token"].encode("utf-8", "replace")):
            raise CannotClip(
                "The bookmark was renewed, or is not of this Cuttings. Drag it anew from the "
                "Library sheet."
            )
        html = f"<!doctype html>\n{page['html']}".encode("utf-8", "replace")
        if len(html) > MOST_PAGE_BYTES[".html"]:
            raise _too_large()
        visit = Visit(parse_address(page["address"]), datetime.now(UTC), "text/html", html)
        shelf = self._backend.collections.collection(page["collection"]).shelf
        with self._writing:
            return kept_note(clip(visit, shelf), page["collection"])

    def _box(self, request: Request, token: str) -> Markup:
        server = str(request.base_url).rstrip("/")
        return bookmarklet_box(server, token, request.query_params.get("collection", ""))


def _page(body: bytes) -> dict[str, str]:
    """What the bookmarklet has handed over, each a text. Raises CannotClip."""
    if len(body) > MOST_BYTES:
        raise _too_large()
    try:
        given = json.loads(body)
        page = {name: given[name] for name in ("token", "collection", "address", "html")}
    except (ValueError, KeyError, TypeError) as error:
        raise _not_whole() from error
    if not all(isinstance(value, str) for value in page.values()):
        raise _not_whole()
    return page


def _not_whole() -> CannotClip:
    return CannotClip("It did not come whole. Drag the bookmark anew from the Library sheet.")


def _too_large() -> CannotClip:
    return CannotClip(
        f"The page is larger than {MOST_PAGE_BYTES['.html'] >> 20} MB. Save it with your browser, "
        "and drop the file on the Library sheet."
    )


def _whose(request: Request) -> str:
    owner = str(request.scope[OWNER])
    return owner if owner.startswith(USER) else EVERYBODY
