"""A turn of a long conversation sends the browser what is new, and all of it stays to be read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from qa.conversing.archive import UNCLAIMED
from qa.conversing.records import KeptExchange
from qa.engine.generation import StopFlag
from qa.service.uploads import Shelf
from qa.types import Answered, Event, Retrieved
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import EVIDENCE, FERRY_ANSWER, FIRE, HITS
from tests.ui.scripted import ScriptedAssistant
from ui.backend import Backend

pytestmark = pytest.mark.browser

TURNS = 50


def tells(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    yield Retrieved(HITS, EVIDENCE)
    yield Answered(FERRY_ANSWER)


@dataclass
class Received:
    """The bytes of bodies that came to a page, as they came over the wire."""

    bytes: int = 0


@contextmanager
def received(page: Page) -> Iterator[Received]:
    """Counts what comes while the block runs."""
    devtools, counted = page.context.new_cdp_session(page), Received()

    def add(event: dict[str, int]) -> None:
        counted.bytes += event["dataLength"]

    devtools.send("Network.enable")
    devtools.on("Network.dataReceived", add)
    yield counted
    devtools.detach()


@pytest.fixture
def long_conversation(backend: Backend) -> str:
    """The id of a kept conversation of fifty turns, for the first browser that comes."""
    id_ = backend.archive.begin(UNCLAIMED, "Question 1")
    for number in range(1, TURNS + 1):
        asked = datetime(2024, 3, 16, 12, number, tzinfo=UTC)
        backend.archive.keep(
            UNCLAIMED, id_, KeptExchange(number, f"Question {number}", asked, FERRY_ANSWER, HITS)
        )
    return id_


def ask_next(page: Page, numbers: Iterator[int]) -> None:
    """Ask, and wait for all that comes of it."""
    number = next(numbers)
    ask(page, f"Question {number}")
    expect(page.locator(f"#live #exchange-{number}.answered a.cite")).to_have_count(4)
    expect(page.locator(f"#sources-{number} mark").first).to_be_attached()
    expect(page.locator("#stop")).to_be_hidden()


def test_the_fifty_first_turn_sends_no_more_than_the_third(
    serve: Serve, open_page: OpenPage, long_conversation: str
) -> None:
    url = serve(ScriptedAssistant(tells))
    long = open_page(url)  # first: the conversation is given to whoever comes first
    short = open_page(url)
    long.goto(f"{url}?c={long_conversation}")
    expect(long.locator(".question")).to_have_count(TURNS)
    numbers = count(1)
    ask_next(short, numbers)
    ask_next(short, numbers)
    with received(short) as of_short:
        ask_next(short, numbers)
    with received(long) as of_long:
        ask_next(long, count(TURNS + 1))
    assert of_short.bytes > 10_000  # or nothing was counted
    assert of_long.bytes < 1.1 * of_short.bytes


def test_earlier_turns_and_their_sources_stay_and_what_was_said_of_them(
    serve: Serve, open_page: OpenPage
) -> None:
    page = open_page(serve(ScriptedAssistant(tells)))
    numbers = count(1)
    ask_next(page, numbers)
    ask_next(page, numbers)
    page.locator("#judging-1").get_by_role("button", name="Wrong", exact=True).click()
    expect(page.locator("#judging-1 [aria-pressed=true]")).to_have_text("Wrong")
    ask_next(page, numbers)
    ask_next(page, numbers)
    expect(page.locator(".question")).to_have_text([f"Question {number}" for number in range(1, 5)])
    expect(page.locator(".exchange")).to_have_count(4)
    expect(page.locator("#judging-1 [aria-pressed=true]")).to_have_text("Wrong")
    expect(page.locator(".sources-of")).to_have_count(4)
    expect(page.locator(".sources-of:visible")).to_have_attribute("id", "sources-4")

    page.locator("#exchange-2 a.cite", has_text="[2]").click()
    expect(page.locator("#src-2-2")).to_be_focused()
    expect(page.locator(".sources-of:visible")).to_have_attribute("id", "sources-2")
    expect(page.locator("mark.open")).to_have_text(
        "A fire broke out in the engine room of the ferry Aldona"
    )
    page.locator("#src-2-2 .back").click()
    expect(page.locator("#exchange-2 a.cite", has_text="[2]")).to_be_focused()

    page.locator("#exchange-4 a.cite").first.evaluate("shown => shown.dataset.first = 'yes'")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("[data-first]")).to_have_count(0)  # or the one before would be looked at
    expect(page.locator("#exchange-4.answered a.cite")).to_have_count(4)
    expect(page.locator("#stop")).to_be_hidden()
    expect(page.locator(".question")).to_have_text([f"Question {number}" for number in range(1, 5)])
    expect(page.locator(".sources-of")).to_have_count(4)
    expect(page.locator(".sources-of:visible")).to_have_attribute("id", "sources-2")  # as opened


def test_an_earlier_source_over_a_narrow_page_stays_open_until_it_is_left(
    serve: Serve, open_page: OpenPage
) -> None:
    page = open_page(
        serve(ScriptedAssistant(tells)), viewport={"width": 390, "height": 780}, has_touch=True
    )
    numbers = count(1)
    ask_next(page, numbers)
    ask_next(page, numbers)
    cited = page.locator("#exchange-1 a.cite", has_text="[2]")
    cited.click()
    expect(page.locator("#src-1-2")).to_be_focused()
    page.locator("#src-1-2 blockquote").click()
    expect(page.locator("#desk")).to_have_class(re.compile("sources-open"))
    page.locator("#src-1-2").focus()
    page.keyboard.press("Escape")
    expect(cited).to_be_focused()
    expect(page.locator("#desk")).not_to_have_class(re.compile("sources-open"))


def test_sources_that_have_gone_meanwhile_say_so_in_every_turn_that_has_them(
    serve: Serve, open_page: OpenPage, shelf: Shelf
) -> None:
    page = open_page(serve(ScriptedAssistant(tells)))
    numbers = count(1)
    ask_next(page, numbers)
    ask_next(page, numbers)
    shelf.remove(FIRE.article_id)
    ask_next(page, numbers)
    expect(page.locator("#sources .doubt")).to_have_count(3)
    expect(page.locator(".sources-of")).to_have_count(3)


def test_a_reloaded_conversation_goes_on_below_all_of_it(
    serve: Serve, open_page: OpenPage, long_conversation: str
) -> None:
    url = serve(ScriptedAssistant(tells))
    page = open_page(url)
    page.goto(f"{url}?c={long_conversation}")
    expect(page.locator(".question")).to_have_count(TURNS)
    ask_next(page, count(TURNS + 1))
    expect(page.locator(".question")).to_have_text(
        [f"Question {number}" for number in range(1, TURNS + 2)]
    )
    expect(page.locator(".sources-of")).to_have_count(TURNS + 1)
    page.locator("#exchange-7 a.cite").first.click()
    expect(page.locator("#src-7-1")).to_be_focused()
