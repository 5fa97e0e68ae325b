"""The bookmarklet in pages of other sites: what it hands over is kept, and nothing else is."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.service.uploads import Shelf
from tests.capturing.site import Answer, Site, page, serving
from tests.ui.conftest import OpenPage, Serve
from tests.ui.scripted import ScriptedAssistant, answers
from ui.backend import Backend
from ui.clip_sheet import bookmarklet
from ui.serving import running

WEIR = page("Weir <opens>", "The weir is open.")
# A site that lets nothing of its pages be sent or loaded anywhere.
STRICT = {"Content-Security-Policy": "default-src 'none'; form-action 'none'"}
APART = {"Cross-Origin-Opener-Policy": "same-origin"}


@pytest.fixture
def foreign(chromium: Browser) -> Iterator[Page]:
    """A page of another site, `localhost`, in a browser that has never seen ours."""
    site = Site({"/weir": Answer(WEIR, headers=STRICT), "/apart": Answer(WEIR, headers=APART)})
    with serving(site), ExitStack() as stack:
        context = stack.enter_context(chromium.new_context())
        context.set_default_timeout(10_000)
        opened = context.new_page()
        opened.goto(site.url.replace("127.0.0.1", "localhost") + "/weir")
        yield opened


def run_in(page: Page, script: str) -> Page:
    """The window that a script opens, run as a click on a bookmark runs it."""
    with page.expect_popup() as popup:
        page.evaluate(script)
    return popup.value


def told(window: Page) -> str:
    """What the bookmarklet's window says in the end."""
    expect(window.locator("#told")).to_contain_text("ept: ")
    return window.locator("#told").inner_text()


def sends(server: str, message: object) -> str:
    """A script of a page that has no bookmarklet, and tries without."""
    return f"""(() => {{
        const opened = open("{server}cuttings/clip");
        addEventListener("message", () => opened.postMessage({json.dumps(message)}, "*"));
    }})()"""


@pytest.mark.browser
def test_a_page_of_another_site_is_kept_as_one_sees_it(
    serve: Serve, open_page: OpenPage, shelf: Shelf, foreign: Page
) -> None:
    own = open_page(serve(ScriptedAssistant(answers)))
    own.get_by_role("button", name="Library").click()
    link = own.get_by_role("link", name="Clip to Cuttings")
    link.click()  # does nothing but to say how it is used
    script = own.get_by_label("Make a bookmark").input_value()
    assert script == link.get_attribute("href")
    assert script.startswith("javascript:")
    code = unquote(script.removeprefix("javascript:"))

    foreign.evaluate("document.querySelector('p').append(' Subscribers see this.')")
    window = run_in(foreign, code)
    assert told(window).startswith("Kept: Weir <opens>, ")
    kept = shelf.article("clips/localhost/weir")
    assert kept is not None
    assert (kept.title, kept.source) == ("Weir <opens>", "localhost")
    assert kept.text == "The weir is open. Subscribers see this."
    window.get_by_role("link", name="Ask about it").click()
    expect(window.locator("#banner .describe")).to_contain_text("5 articles")

    foreign.goto(foreign.url.replace("/weir", "/apart"))
    assert "keeps its pages apart from other windows" in told(run_in(foreign, code))

    foreign.goto(foreign.url.replace("/apart", "/weir"))
    own.get_by_role("button", name="Renew").click()
    expect(own.get_by_label("Make a bookmark")).not_to_have_value(script)
    assert "The bookmark was renewed" in told(run_in(foreign, code))


@pytest.mark.browser
def test_another_site_adds_nothing_without_the_token_or_in_anothers_name(
    backend: Backend, shelf: Shelf, foreign: Page
) -> None:
    token = backend.archive.clip_token("home")
    handed = {"token": token, "collection": "main", "address": foreign.url, "title": "T",
              "html": WEIR.decode()}  # fmt: skip
    with running(backend) as url:
        guessed = run_in(foreign, sends(url, {"cuttings": handed | {"token": "x" * 32}}))
        assert "The bookmark was renewed, or is not of this Cuttings" in told(guessed)
        for address in ("https://gazette.example/weir", "no address"):
            posed = run_in(foreign, sends(url, {"cuttings": handed | {"address": address}}))
            assert "another site's" in told(posed)
    assert shelf.freshness().articles == 4


@pytest.mark.slow
def test_the_guard_lets_no_other_sites_request_in_even_with_the_token(backend: Backend) -> None:
    token = backend.archive.clip_token("home")
    handed = {"token": token, "collection": "main", "address": "https://a.example/x",
              "html": WEIR.decode()}  # fmt: skip
    with running(backend) as url:

        def post(body: object, **headers: str) -> str:
            asked = urllib.request.Request(
                f"{url}cuttings/clip", json.dumps(body).encode(), headers, method="POST"
            )
            with urllib.request.urlopen(asked) as response:
                return str(response.read().decode())

        for headers in (
            {"Origin": "https://a.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        ):
            with pytest.raises(urllib.error.HTTPError, match="403"):
                post(handed, **headers)
        assert "Not kept: It did not come whole." in post({"token": token})
        assert "Not kept: It did not come whole." in post(handed | {"html": 1})
        assert "begin with http://" in post(handed | {"address": "file:///etc/passwd"})
        assert "larger than 4 MB" in post(handed | {"html": "x" * (5 << 20)})
        assert post(handed).startswith("Kept: <b>Weir &lt;opens&gt;</b>, ")


def test_a_token_is_an_owners_own_and_stays_until_it_is_renewed(backend: Backend) -> None:
    archive = backend.archive
    token, other = archive.clip_token("home"), archive.clip_token("user:ann")
    assert archive.clip_token("home") == token != other
    renewed = archive.renew_clip_token("home")
    assert archive.clip_token("home") == renewed != token
    assert archive.clip_token("user:ann") == other


def test_nothing_of_a_name_ends_the_script() -> None:
    made = bookmarklet('http://a"</script>', "t", "c%' ")
    assert not set(made) & set("\"'<> \n")
    assert '"server": "http://a\\"</script>"' in unquote(made)
