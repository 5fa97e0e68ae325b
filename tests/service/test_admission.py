import base64

import pytest

from qa.service.admission import credentials, refusal_of

HOSTS = frozenset({"127.0.0.1", "localhost"})
CROSS_SITE = {"host": "localhost", "sec-fetch-site": "cross-site"}


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"host": "127.0.0.1:7860"}),
        ("GET", {"host": "LOCALHOST"}),
        ("POST", {"host": "localhost:80", "origin": "http://localhost:80"}),
        ("POST", {"host": "localhost", "sec-fetch-site": "same-origin"}),
        # a link on another site, followed
        (
            "GET",
            {"host": "localhost", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        ),
    ],
)
def test_what_is_let_in(method: str, headers: dict[str, str]) -> None:
    assert refusal_of(method, headers, HOSTS) is None


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {}),
        ("GET", {"host": "evil.example:7860"}),
        ("GET", {"host": "localhost.evil.example"}),
        ("GET", CROSS_SITE | {"sec-fetch-mode": "cors"}),
        ("GET", {"host": "localhost", "sec-fetch-site": "same-site"}),
        (
            "POST",
            {"host": "localhost", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        ),
        ("POST", {"host": "localhost:80", "origin": "http://localhost:3000"}),
        ("POST", {"host": "localhost:80", "origin": "null"}),
    ],
)
def test_what_is_refused(method: str, headers: dict[str, str]) -> None:
    assert refusal_of(method, headers, HOSTS) is not None


def test_with_users_any_name_will_do_but_no_other_site() -> None:
    assert refusal_of("GET", {"host": "desk.example"}, frozenset()) is None
    foreign = {"host": "desk.example", "origin": "https://evil.example"}
    assert refusal_of("POST", foreign, frozenset()) is not None


def test_credentials_are_read_as_the_header_has_them() -> None:
    header = "Basic " + base64.b64encode("ann:pass:wörd".encode()).decode()
    assert credentials(header) == ("ann", "pass:wörd")
    assert credentials("Basic !!!") is None
    assert credentials("Basic " + base64.b64encode(b"no colon").decode()) is None
    assert credentials("Bearer abc") is None
    assert credentials("bearer ann:s3cret:x ") == ("ann", "s3cret:x")
    assert credentials("Token ann:s3cret") is None
    assert credentials("") is None
