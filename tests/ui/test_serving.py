"""Where the page is served, and where it is not."""

import base64
import hashlib
import re
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from qa.conversing.archive import Archive
from qa.errors import PageError
from qa.library.store import Store
from qa.service.limits import MOST_BODY_BYTES
from qa.service.passwords import load_users, user_line
from qa.service.uploads import Shelf
from tests.fakes import FakeEmbedder
from tests.ui.scripted import Opened, OpenedCollections, ScriptedAssistant, answers
from ui.backend import Backend
from ui.serving import running

HOME = Path()

# A whole page is built and served: a second or two each time.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Archive]]:
    """The address of a page on which nothing is asked, and the conversations behind it."""
    folder = tmp_path_factory.mktemp("page")
    with Store.create(folder) as store, Archive.open(folder / "home") as archive:
        opened = Opened(
            ScriptedAssistant(answers), Shelf(store, FakeEmbedder(), folder / "uploads", 64)
        )
        backend = Backend(OpenedCollections({"main": opened}), archive, ())
        with running(backend) as url:
            yield url, archive


def test_another_address_than_loopback_is_refused(backend: Backend) -> None:
    with (
        pytest.raises(PageError, match=r"not on 0\.0\.0\.0: without a password"),
        running(backend, host="0.0.0.0"),
    ):
        pass


def test_a_busy_port_is_named(backend: Backend) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(PageError, match=rf"Port {port} of 127\.0\.0\.1 .* --port"),
            running(backend, port=port),
        ):
            pass


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_every_name_of_this_machine_serves(backend: Backend, host: str) -> None:
    with running(backend, host=host) as url:
        assert re.fullmatch(r"http://(localhost|\[::1\]):\d+/", url)
        with urllib.request.urlopen(url) as response:
            assert response.status == 200


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "foo:bar:baz"])
def test_a_proxy_for_the_network_stands_in_nobodys_way(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)  # as if it were not installed
    for name in ("ALL_PROXY", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    with running(backend) as url, urllib.request.urlopen(url) as response:
        assert response.status == 200


def test_what_every_response_forbids(page: tuple[str, Archive]) -> None:
    with urllib.request.urlopen(page[0]) as response:
        headers = response.headers
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-inline'" not in headers["content-security-policy"].split("style-src")[0]
        assert "HttpOnly; SameSite=Lax" in headers["set-cookie"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Origin": "http://localhost:3000"},
    ],
)
def test_what_another_site_sends_is_refused(
    page: tuple[str, Archive], headers: dict[str, str]
) -> None:
    request = urllib.request.Request(f"{page[0]}cuttings/conversations", headers=headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403


def test_users_are_asked_for_their_password_and_see_their_own(backend: Backend) -> None:
    users = load_users(
        "\n".join(user_line(name, f"{name} long") for name in ("anna", "bert")), HOME
    )
    id_ = backend.archive.begin("user:anna", "When did it sail?")

    def got(path: str, password: str) -> tuple[int, str]:
        encoded = base64.b64encode(f"{password[:4]}:{password}".encode()).decode()
        request = urllib.request.Request(url + path, headers={"Authorization": f"Basic {encoded}"})
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers["www-authenticate"]

    with running(backend, users=users) as url:
        assert got("", "anna wrong") == (401, 'Basic realm="Cuttings", charset="UTF-8"')
        assert got("cuttings/conversations", "nobody")[0] == 401
        assert got("theme.css", "anna wrong")[0] == 401
        assert got("gradio_api/info", "anna wrong")[0] == 401
        assert got("", "anna long")[0] == 200
        assert id_ in got("cuttings/conversations", "anna long")[1]
        assert id_ not in got("cuttings/conversations", "bert long")[1]


def test_with_users_another_address_is_served(backend: Backend) -> None:
    users = load_users(user_line("anna", "anna long"), HOME)
    with running(backend, host="0.0.0.0", users=users) as url:
        address = url.replace("0.0.0.0", "127.0.0.1")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(address)
        assert refused.value.code == 401
        encoded = base64.b64encode(b"anna:anna long").decode()
        request = urllib.request.Request(address, headers={"Authorization": f"Basic {encoded}"})
        with urllib.request.urlopen(request) as response:
            assert response.status == 200


def test_a_title_writes_no_header_of_an_export(page: tuple[str, Archive]) -> None:
    title = 'x"; filename="evil.exe"\r\nSet-Cookie: a=b\r\n\r\n<script>'
    url, archive = page
    token = "A" * 32
    owner = f"browser:{hashlib.sha256(token.encode()).hexdigest()}"
    id_ = archive.begin(owner, title)
    request = urllib.request.Request(
        f"{url}cuttings/conversations/export?form=html&id={id_}",
        headers={"Cookie": f"cuttings={token}"},
    )
    with urllib.request.urlopen(request) as response:
        named = response.headers["content-disposition"]
        assert named == 'attachment; filename="x-filename-evil-exe-set-cookie-a-b-script.html"'
        assert response.headers["set-cookie"] is None


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [("gradio_api/upload", 0, 404), ("gradio_api/run/predict", MOST_BODY_BYTES + 1, 413)],
    ids=["upload", "predict"],
)
def test_nothing_is_uploaded_past_the_library(
    page: tuple[str, Archive], path: str, sent: int, status: int
) -> None:
    """No more is sent than the server has to take before it refuses: else it may hang up on us."""
    with closing(HTTPConnection(urlsplit(page[0]).netloc)) as connection:
        connection.putrequest("POST", f"/{path}")
        connection.putheader("Content-Length", str(2 * MOST_BODY_BYTES))
        connection.endheaders(b"x" * sent)
        assert connection.getresponse().status == status
