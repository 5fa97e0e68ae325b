from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request

from qa.service.uploads import Removal
from tests.ui.harbour import COUNT
from ui.backend import Backend
from ui.clip_routes import ClipRoutes
from ui.library_routes import LibraryRoutes
from ui.library_sheet import Filter, removed_notice


def test_what_comes_back_by_itself_is_said_with_its_file() -> None:
    removal = Removal("<b>", "token", Path("own/<i>.md"))
    assert (
        "<span>Removed: &lt;b&gt;. Its file <code>own/&lt;i&gt;.md</code> is left as it is, so the "
        "next <code>qa index</code> brings it back; to keep it out, move the file away or delete "
        "the article in it.</span>"
    ) in removed_notice("main", removal, Filter())


def test_what_stays_away_is_only_named() -> None:
    html = removed_notice("main", Removal("Ferry", "token", None), Filter(search="sea"))
    assert html.startswith('<div class="doubt" role="status"><span>Removed: Ferry.</span> <form')
    assert '<input type="hidden" name="search" value="sea">' in html


def asked(**query: str) -> Request:
    return Request({"type": "http", "query_string": urlencode(query).encode(), "headers": []})


def test_the_last_article_of_a_source_can_be_brought_back(backend: Backend) -> None:
    routes = LibraryRoutes(backend, ClipRoutes(backend))
    narrowed = {"collection": "main", "source": "Island Gazette"}
    removed = bytes(routes.remove(asked(id=COUNT.article_id, **narrowed)).body).decode()
    assert f"Removed: {COUNT.title}." in removed
    assert "0 articles" in removed
    token = removed.partition('name="token" value="')[2].partition('"')[0]
    back = bytes(routes.undo(asked(token=token, **narrowed)).body).decode()
    assert "1 article<" in back
    assert COUNT.title in back
