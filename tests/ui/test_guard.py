import asyncio
import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import HTTPException

from qa.service.limits import MOST_BODY_BYTES
from qa.service.passwords import Users, load_users, user_line
from ui.guard import OWNER, Guard, policy, token_of

TOKEN = "A" * 32
NOBODY = Users({})


def passed(
    path: str, users: Users = NOBODY, body: bytes = b"", **headers: str
) -> tuple[Mapping[str, Any], list[Any], int]:
    """What the page is given of a request, what is sent back, and how much of its body it read."""
    given: dict[str, Any] = {}
    sent: list[Any] = []
    read = 0

    async def page(scope: Any, receive: Any, send: Any) -> None:
        nonlocal read
        given.update(scope)
        read = len((await receive())["body"])
        kind = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": kind})
        await send({"type": "http.response.body", "body": b"<p>"})

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    told = {"host": "localhost", **headers}
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "client": ("10.0.0.1", 9),
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }
    asyncio.run(Guard(page, ("localhost",), users)(scope, receive, send))
    return given, sent, read


def cookies(sent: list[Any]) -> list[str]:
    return [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]


def test_whose_it_is_says_the_browsers_own_cookie_and_nothing_in_the_address() -> None:
    given, sent, _ = passed("/", cookie=f"cuttings={TOKEN}")
    assert given[OWNER] == f"browser:{hashlib.sha256(TOKEN.encode()).hexdigest()}"
    assert cookies(sent)[0].startswith(f"cuttings={TOKEN}; ")
    for poor in ("cuttings=short", "cuttings=" + "A" * 31 + "!", ""):
        given, sent, _ = passed("/", cookie=poor)
        (cookie,) = cookies(sent)
        made = cookie.partition("=")[2].partition(";")[0]
        assert token_of(cookie) == made != TOKEN
        assert given[OWNER] == f"browser:{hashlib.sha256(made.encode()).hexdigest()}"


def test_with_users_no_cookie_says_whose_it_is_and_none_is_given() -> None:
    users = load_users(user_line("ann", "long enough"), Path())
    sent_name = "Basic " + base64.b64encode(b"ann:long enough").decode()
    given, sent, _ = passed("/", users, cookie=f"cuttings={TOKEN}", authorization=sent_name)
    assert given[OWNER] == "user:ann"
    assert cookies(sent) == []


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/upload", "/gradio_api/file=/etc/passwd", "/file=/etc/passwd", "/file/etc/passwd",
     "/gradio_api/proxy=https://a.example/", "/proxy=http://10.0.0.1/", "/gradio_api/stream/x",
     "/gradio_api/component_server", "/monitoring/summary", "/gradio_api/vibe-code"],
)  # fmt: skip
def test_what_gradio_would_serve_beside_the_page_is_closed(path: str) -> None:
    given, sent, _ = passed(path)
    assert (given, sent[0]["status"]) == ({}, 404)


def test_a_request_is_as_large_as_a_question_and_a_file_as_large_as_a_file() -> None:
    large = bytes(MOST_BODY_BYTES + 1)
    with pytest.raises(HTTPException) as refused:
        passed("/gradio_api/run/predict", body=large)
    assert refused.value.status_code == 413
    assert passed("/gradio_api/run/predict", body=large[1:])[2] == MOST_BODY_BYTES
    assert passed("/cuttings/library/add", body=large)[2] == MOST_BODY_BYTES + 1


def test_a_policy_allows_the_scripts_of_the_page_by_their_hash_and_no_handler() -> None:
    html = b'<script>one()</script><script type="module" src="x.js"></script><a onclick="two()">'
    digest = base64.b64encode(hashlib.sha256(b"one()").digest()).decode()
    scripts = next(one for one in policy(html).split(";") if "script-src" in one)
    assert scripts.split() == ["script-src", "'self'", "'unsafe-eval'", f"'sha256-{digest}'"]


def test_a_cookie_is_ours_or_nothing() -> None:
    token = "A" * 32
    assert token_of(f"theme=dark; cuttings={token}") == token
    assert token_of("cuttings=short") is None
    assert token_of("cuttings=\x00; ;;;=") is None
    assert token_of("") is None
