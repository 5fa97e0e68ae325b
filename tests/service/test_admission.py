import asyncio
import base64
import hashlib
from pathlib import Path

import pytest

from qa.errors import TooManyTries
from qa.service import passwords
from qa.service.admission import WRONG_PER_MINUTE, Admission, credentials, refusal_of
from qa.service.passwords import Users, load_users

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
    spaced = base64.b64encode(b"ann: spaces around ").decode()
    assert credentials(f"Basic {spaced} ") == ("ann", " spaces around ")
    assert credentials("Basic !!!") is None
    assert credentials("Basic " + base64.b64encode(b"no colon").decode()) is None
    assert credentials("Bearer abc") is None
    assert credentials("bearer ann:s3cret:x ") == ("ann", "s3cret:x")
    assert credentials("Token ann:s3cret") is None
    assert credentials("") is None


def cheap_users(*names: str) -> Users:
    """Users whose passwords are their names, hashed so that nobody has to wait for it."""
    salt = base64.b64encode(b"salt").decode()
    lines = []
    for name in names:
        digest = hashlib.scrypt(name.encode(), salt=b"salt", n=2, r=1, p=1)
        lines.append(f"{name}:scrypt$2$1$1${salt}${base64.b64encode(digest).decode()}")
    return load_users("\n".join(lines), Path())


def test_after_some_wrong_passwords_an_address_waits_and_nobody_else() -> None:
    async def tried() -> None:
        admission = Admission(cheap_users("ann", "bert"))
        assert await admission.name_of("Bearer ann:ann", "10.0.0.1") == "ann"
        for number in range(WRONG_PER_MINUTE):
            assert await admission.name_of(f"Bearer ann:{number}", "10.0.0.1") is None
        for guess in ("bert:bert", "ann:11", "nobody:nobody"):  # a right one is not told either
            with pytest.raises(TooManyTries, match=r"Try again in \d s\.") as refused:
                await admission.name_of(f"Bearer {guess}", "10.0.0.1")
            assert 0 < refused.value.wait_s <= 60 / WRONG_PER_MINUTE
        assert await admission.name_of("Bearer ann:ann", "10.0.0.1") == "ann"  # known before
        assert await admission.name_of("Bearer bert:bert", "10.0.0.2") == "bert"

    asyncio.run(tried())


def test_many_guesses_at_once_are_no_more_than_many_in_a_row() -> None:
    async def tried() -> list[object]:
        admission = Admission(cheap_users("ann"))
        guesses = (admission.name_of(f"Bearer ann:{number}", "10.0.0.1") for number in range(50))
        return list(await asyncio.gather(*guesses, return_exceptions=True))

    said = asyncio.run(tried())
    assert said.count(None) == WRONG_PER_MINUTE
    assert sum(isinstance(one, TooManyTries) for one in said) == 50 - WRONG_PER_MINUTE


def test_a_name_that_is_nobodys_takes_as_long_as_a_users(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []

    def counted(password: str, *_: object) -> bytes:
        hashed.append(password)
        return b""

    users = cheap_users("ann", "bert")
    monkeypatch.setattr(passwords, "_scrypt", counted)
    assert not users.knows("ann", "wrong")
    assert not users.knows("nobody", "wrong")
    assert hashed == ["wrong", "wrong"]
