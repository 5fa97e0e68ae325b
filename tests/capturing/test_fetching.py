"""One page is fetched from a server on loopback, or it is said why not."""

from collections.abc import Iterator

import pytest

from qa.capturing.fetching import OWN_NETWORK_TOO, Bounds, fetch
from qa.capturing.visits import Visit
from qa.errors import CannotClip
from tests.capturing.site import Answer, Site, page, serving

WEIR = page("Weir opens", "The weir at Gåle is open.")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving(Site({"/weir": Answer(WEIR)})) as site:
        yield site


def get(url: str) -> Visit:
    return fetch(url, lambda _: None, OWN_NETWORK_TOO)


def test_a_page_comes_as_it_was_and_hosts_are_told(site: Site) -> None:
    told: list[str] = []
    visit = fetch(site.at("/weir#open"), told.append, OWN_NETWORK_TOO)
    assert (visit.address.url, visit.body, visit.media_type) == (
        site.at("/weir"),
        WEIR,
        "text/html",
    )
    assert told == ["127.0.0.1"]
    assert site.asked == [("/weir", site.url.removeprefix("http://"))]


def test_machines_of_ones_own_network_are_refused_before_they_are_asked(site: Site) -> None:
    port = site.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1"):
        with pytest.raises(CannotClip, match="--allow-private"):
            fetch(f"http://{host}:{port}/weir", lambda _: None)
    assert site.asked == []


def test_redirects_are_followed_each_looked_at_and_named(site: Site) -> None:
    localhost = site.url.replace("127.0.0.1", "localhost")
    site.answers["/old"] = Answer(status=301, headers={"Location": "/newer"})
    site.answers["/newer"] = Answer(status=302, headers={"Location": f"{localhost}/weir"})
    told: list[str] = []
    visit = fetch(site.at("/old"), told.append, OWN_NETWORK_TOO)
    assert visit.address.url == f"{localhost}/weir"
    assert visit.moved == (site.at("/old"), site.at("/newer"))
    assert told == ["127.0.0.1", "127.0.0.1", "localhost"]

    # The first stands for a machine in the open net, which sends on to one that is not.
    site.asked.clear()
    site.answers["/old"] = Answer(status=307, headers={"Location": "http://10.0.0.1/admin"})
    with pytest.raises(CannotClip, match=r"10\.0\.0\.1 is this machine, or one in its own"):
        fetch(site.at("/old"), lambda _: None, Bounds(may_ask=lambda ip: ip == "127.0.0.1"))
    assert [path for path, _ in site.asked] == ["/old"]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "begin with http://"),
        ("http://127.0.0.1:x/", "the connection broke off"),
        ("/loop", "10 times and more"),
        ("//ann:secret@127.0.0.1/", "name or a password"),
    ],
)
def test_redirects_that_are_not_followed(site: Site, location: str, reason: str) -> None:
    site.answers["/loop"] = Answer(status=301, headers={"Location": location})
    with pytest.raises(CannotClip, match=reason):
        get(site.at("/loop"))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(status=404), r"is not there \(404\)"),
        (Answer(status=403), r"login or a payment \(403\).*bookmarklet"),
        (Answer(status=429), "too often"),
        (Answer(status=503), r"by its server now \(503\)"),
        (Answer(status=204), r"gives no page \(204\)"),
        (Answer(b" \n"), "is empty"),
        (Answer(b"{}", "application/json"), "is application/json.*qa index FILE"),
        (Answer(b"PK", ""), "of no stated kind"),
        (Answer(b"not packed", headers={"Content-Encoding": "gzip"}), "the connection broke off"),
    ],
)
def test_what_is_no_page_is_named(site: Site, answer: Answer, reason: str) -> None:
    site.answers["/a"] = answer
    with pytest.raises(CannotClip, match=reason) as refused:
        get(site.at("/a"))
    assert site.at("/a") in str(refused.value)


def test_bounds_of_time_and_size(site: Site) -> None:
    short = Bounds(seconds=0.5, may_ask=lambda _: True)
    small = Bounds(most_bytes={".html": 1000}, may_ask=lambda _: True)
    site.answers["/slow"] = Answer(b"<p>", then_hangs=True)
    site.answers["/endless"] = Answer(b"x" * 2000)
    with pytest.raises(CannotClip, match=r"did not come whole within 0\.5 seconds"):
        fetch(site.at("/slow"), lambda _: None, short)
    with pytest.raises(CannotClip, match="is larger than"):
        fetch(site.at("/endless"), lambda _: None, small)


def test_nobody_there() -> None:
    with pytest.raises(CannotClip, match=r"127\.0\.0\.1 cannot be reached"):
        get("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("body", "content_type", "media_type"),
    [
        (b"%PDF-1.4", "application/octet-stream", "application/pdf"),
        (b"\n<!DOCTYPE html><p>A", "", "text/html"),
        (b"\x89PNG", "image/png", "image/png"),
    ],
)
def test_what_it_is_where_the_server_does_not_say(
    site: Site, body: bytes, content_type: str, media_type: str
) -> None:
    site.answers["/a"] = Answer(body, content_type)
    assert get(site.at("/a")).media_type == media_type


def test_the_proxy_of_the_environment_is_asked_by_name(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", site.url)
    site.answers["http://gazette.example/weir"] = Answer(WEIR)
    visit = fetch("http://gazette.example/weir", lambda _: None)
    assert visit.body == WEIR
    assert site.asked == [("http://gazette.example/weir", "gazette.example")]
    with pytest.raises(CannotClip, match=r"printer\.local is this machine, or one in its own"):
        fetch("http://printer.local/", lambda _: None)
    monkeypatch.setenv("http_proxy", "socks4://127.0.0.1:9")
    with pytest.raises(CannotClip, match=r"proxy of the kind socks4://.*socks5://"):
        fetch("http://gazette.example/weir", lambda _: None)
    monkeypatch.setenv("http_proxy", "socks5h://127.0.0.1:9")
    with pytest.raises(CannotClip, match=r"gazette\.example cannot be reached"):
        fetch("http://gazette.example/weir", lambda _: None)
