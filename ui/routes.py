"""What the page's script asks for beside Gradio: sheets, lists and exports, as HTML or files.

Whose request it is comes from the guard; parameters come in the query.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from qa.conversing.exporting import as_json, as_markdown
from qa.conversing.feedback import Verdict
from qa.errors import CuttingsError
from qa.service.uploads import Shelf
from qa.types import Article

from . import rendering, sheets
from .backend import Backend
from .clip_routes import ClipRoutes
from .exchange import restored
from .guard import OWNER
from .library_routes import LibraryRoutes
from .model_work import ModelWork
from .review_routes import ReviewRoutes
from .settings_routes import SettingsRoutes
from .web_page import as_web_page

Handler = Callable[[Request], Response]

SCRIPT = Path(__file__).parent / "sheets.js"

KINDS = {"md": "text/markdown", "json": "application/json", "html": "text/html"}
"""Of an export, by its form; see `sheets.FORMS`."""


def routes(backend: Backend, work: ModelWork, *, may_change_model: bool) -> list[Route]:
    """Every address below `cuttings/`; handlers run in threads, as they wait for files."""

    def script(request: Request) -> Response:
        return FileResponse(SCRIPT, media_type="text/javascript")

    conversations = ConversationRoutes(backend)
    clips = ClipRoutes(backend)
    library = LibraryRoutes(backend, clips)
    settings = SettingsRoutes(backend, work, may_change_model=may_change_model)
    review = ReviewRoutes(backend, may_see_files=may_change_model)
    handlers: list[tuple[str, str, Any]] = [
        ("GET", "sheets.js", script),
        ("GET", "article", _of_article(backend, _whole)),
        ("GET", "page", _of_article(backend, _page)),
        ("GET", "conversations", conversations.sheet),
        ("GET", "conversations/list", conversations.list),
        ("POST", "conversations/rename", conversations.rename),
        ("POST", "conversations/delete", conversations.delete),
        ("GET", "conversations/export", conversations.export),
        ("POST", "feedback", conversations.judge),
        ("GET", "library", library.sheet),
        ("GET", "library/list", library.list),
        ("GET", "library/describe", library.describe),
        ("POST", "library/remove", library.remove),
        ("POST", "library/undo", library.undo),
        ("POST", "library/renew", clips.renew),
        ("GET", "clip", clips.window),
        ("GET", "clip.js", clips.script),
        ("GET", "review", review.sheet),
        ("POST", "review/decide", review.decide),
        ("GET", "settings", settings.sheet),
        ("GET", "settings/models", settings.models),
        ("GET", "settings/hub", settings.hub),
        ("POST", "settings/pull", settings.pull),
        ("POST", "settings/stop", settings.stop),
        ("POST", "settings/take", settings.take),
        ("POST", "settings/prefer", settings.prefer),
    ]
    told = [(method, path, _told(handler)) for method, path, handler in handlers]
    return [
        Route(f"/cuttings/{path}", handler, methods=[method])
        for method, path, handler in [
            *told,
            ("POST", "library/add", library.add),
            ("POST", "clip", clips.keep),
        ]
    ]


def _told(handler: Handler) -> Handler:
    """The handler, its errors told in the place of what it would have given."""

    def answer(request: Request) -> Response:
        try:
            return handler(request)
        except CuttingsError as error:
            return HTMLResponse(sheets.failure(str(error)))

    return answer


class ConversationRoutes:
    """The handlers of the sheet of conversations, over a backend; each person has their own."""

    def __init__(self, backend: Backend) -> None:
        self._archive = backend.archive

    def sheet(self, request: Request) -> Response:
        """The whole sheet."""
        found = self._archive.conversations(request.scope[OWNER])
        return HTMLResponse(sheets.conversations_sheet(found))

    def list(self, request: Request) -> Response:
        """The conversations in which the words of a search stand."""
        search = request.query_params.get("search", "")
        found = self._archive.conversations(request.scope[OWNER], search)
        return HTMLResponse(sheets.conversation_items(found))

    def rename(self, request: Request) -> Response:
        """The list with another title in it."""
        asked = request.query_params
        self._archive.rename(request.scope[OWNER], asked.get("id", ""), asked.get("title", ""))
        return self.list(request)

    def delete(self, request: Request) -> Response:
        """The list without a conversation."""
        self._archive.delete(request.scope[OWNER], request.query_params.get("id", ""))
        return self.list(request)

    def export(self, request: Request) -> Response:
        """A conversation as a file."""
        asked = request.query_params
        form = asked.get("form", "")
        kept = self._archive.conversation(request.scope[OWNER], asked.get("id", ""))
        if kept is None or form not in KINDS:
            return HTMLResponse(sheets.failure("There is no such conversation."), 404)
        if form == "html":
            text = as_web_page(kept.title, tuple(map(restored, kept.exchanges)))
        else:
            text = as_json(kept) if form == "json" else as_markdown(kept)
        name = re.sub(r"[^a-z0-9]+", "-", kept.title.lower()).strip("-")[:60] or "conversation"
        return Response(
            text,
            media_type=f"{KINDS[form]}; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}.{form}"'},
        )

    def judge(self, request: Request) -> Response:
        """Keep what an answer is worth, and show that it is kept."""
        asked = request.query_params
        given = asked.get("verdict", "")
        number = int(asked["number"]) if asked.get("number", "").isdecimal() else 0
        verdict = next((one for one in Verdict if one.value == given), None)
        kept = verdict is not None and self._archive.judge(
            request.scope[OWNER], asked.get("id", ""), number, verdict, asked.get("correction", "")
        )
        if not kept:
            return HTMLResponse(sheets.failure("There is no such answer to judge."), 404)
        note = Markup('<span role="status">{}</span>').format(
            "Kept, with what would be right." if asked.get("correction") else "Kept."
        )
        return HTMLResponse(rendering.judgement_form(number, verdict) + note)


def _of_article(backend: Backend, draw: Callable[[Shelf, Article, QueryParams], Markup]) -> Handler:
    """A sheet about an article, as the library of its collection has it now."""

    def sheet(request: Request) -> Response:
        asked = request.query_params
        shelf = backend.collections.collection(asked.get("collection", "")).shelf
        found = shelf.article(asked.get("id", ""))
        if found is None:
            return HTMLResponse(sheets.gone_sheet(asked.get("id", "")))
        return HTMLResponse(draw(shelf, found, asked))

    return sheet


def _whole(shelf: Shelf, article: Article, asked: QueryParams) -> Markup:
    words, markdown = asked.get("words", ""), shelf.is_markdown(article.id)
    return sheets.article_sheet(article, *_span(asked), words, markdown=markdown)


def _page(shelf: Shelf, article: Article, asked: QueryParams) -> Markup:
    start, end = _span(asked)
    return sheets.page_sheet(article, start, end, shelf.page_picture(article.id, start, end))


def _span(asked: QueryParams) -> tuple[int, int]:
    start, end = (
        int(at) if (at := asked.get(name, "")).isdecimal() else 0 for name in ("start", "end")
    )
    return start, end
