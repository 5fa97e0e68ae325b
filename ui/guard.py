"""What stands before every request: whose it is, where it comes from, what the answer may load.

An ASGI middleware around Gradio and our own routes alike, so that nothing is served beside it. It
lets in only requests that ask for this server by one of its own names (a page elsewhere could else
have its name resolve to this machine) and that no other site has made a browser send. Whose it is,
by name and password where there are users, else by a cookie of the browser, is left in the
request's scope under `OWNER`.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import TooManyTries
from qa.service.admission import Admission, address_of, refusal_of
from qa.service.limits import MOST_BODY_BYTES, Measured
from qa.service.passwords import Users

Header = tuple[bytes, bytes]

OWNER = "cuttings.owner"
"""In the scope of a request: whose conversations it may see."""

STARTING = "/gradio_api/startup-events"
"""What Gradio asks of itself when it starts, without a name; it tells nothing."""

CLOSED = re.compile(
    r"(/gradio_api)?/(upload|file|proxy=|stream|component_server|process_recording|(undo-)?vibe"
    r"|deep_link|run-history|custom_component|monitoring|profiling|dev)"
)
"""What Gradio would serve beside the page: uploads without end, files, other addresses. We use none
of it."""

WHOLE_FILES = ("/cuttings/library/add", "/cuttings/clip")
"""Where more is taken than a question, and counted by `library_routes` and `clip_routes`."""

BROWSER = "browser:"
"""What an owner begins with who is known by a cookie alone."""

USER = "user:"
"""What an owner begins with who is known by name and password."""

COOKIE = "cuttings"
COOKIE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one; renewed with every page
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")

HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

APART = (b"cross-origin-opener-policy", b"same-origin")
"""No page elsewhere that opens one of ours, or is opened by it, can tell anything of it."""

HANDED_TO = "/cuttings/clip"
"""The one page that is not kept apart: the page that opened it hands itself over (`clip.js`). It
shows nothing before."""

# Gradio fills its HTML components by `new Function`, hence 'unsafe-eval', and sets styles in tags.
# What would run injected markup, scripts in tags and `on…`, is allowed by neither.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self';"
    " base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


class Guard:
    """The middleware; `hosts` are the names by which this server may be asked for."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], users: Users) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._users = users
        self._admission = Admission(users)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it with the reason in plain words."""
        if scope["type"] != "http":  # the start and the end of the server; there are no websockets
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1"): each.decode("latin-1") for name, each in scope["headers"]
        }
        refusal = refusal_of(scope["method"], headers, self._hosts)
        if refusal:
            await _refuse(send, 403, refusal)
            return
        if CLOSED.match(scope["path"]):
            await _refuse(send, 404, "There is nothing of that name here.")
            return
        if scope["path"] not in WHOLE_FILES:
            receive = Measured(receive, MOST_BODY_BYTES, _too_large()).receive
        cookie = None
        if self._users:
            sent = headers.get("authorization", "")
            try:
                name = await self._admission.name_of(sent, address_of(scope))
            except TooManyTries as error:
                await _refuse(send, 429, str(error))
                return
            if name is None and scope["path"] != STARTING:
                await _refuse(send, 401, "Name and password, please.")
                return
            scope[OWNER] = f"{USER}{name}"
        else:
            token = token_of(headers.get("cookie", "")) or secrets.token_urlsafe(24)
            scope[OWNER] = f"{BROWSER}{hashlib.sha256(token.encode()).hexdigest()}"
            if scope["path"] == "/" and scope["method"] == "GET":
                cookie = f"{COOKIE}={token}"
        added = HEADERS if scope["path"] == HANDED_TO else (*HEADERS, APART)
        await self._app(scope, receive, _Shield(send, cookie, added).send)


class _Shield:
    """Adds our headers to a response; an HTML page is held back until its scripts are known."""

    def __init__(self, send: Send, cookie: str | None, added: tuple[Header, ...]) -> None:
        self._send = send
        self._cookie = cookie
        self._added = added
        self._start: Message = {}
        self._is_html = False
        self._body = b""

    async def send(self, message: Message) -> None:
        """Take the next message of a response."""
        if message["type"] == "http.response.start":
            self._start = {**message, "headers": [*message["headers"], *self._added]}
            kind = dict(message["headers"]).get(b"content-type", b"")
            self._is_html = kind.startswith(b"text/html")
            if not self._is_html:
                await self._send(self._start)
        elif not self._is_html:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                self._add_policy()
                await self._send(self._start)
                await self._send({"type": "http.response.body", "body": self._body})

    def _add_policy(self) -> None:
        headers = self._start["headers"]
        headers.append((b"content-security-policy", policy(self._body).encode()))
        if self._cookie:
            attributes = f"Max-Age={COOKIE_SECONDS}; Path=/; HttpOnly; SameSite=Lax"
            headers.append((b"set-cookie", f"{self._cookie}; {attributes}".encode()))


def policy(html: bytes) -> str:
    """The Content-Security-Policy under which the scripts that stand in a page run, and no other.

    They are Gradio's own: what it puts into them it writes as JSON in which no tag can end.
    """
    digests = [hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(html)]
    hashes = [f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    return POLICY.format(hashes="".join(hashes))


def token_of(cookies: str) -> str | None:
    """The token in a Cookie header, if it is one of ours."""
    try:
        morsel = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel and TOKEN.fullmatch(morsel.value) else None


def _too_large() -> HTTPException:
    return HTTPException(413, f"A request has at most {MOST_BODY_BYTES:,} bytes. Send less.")


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS, APART]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Cuttings", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})
