"""The page by keyboard alone: Tab, Enter, Escape and what is typed; no pointer."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from qa.engine.generation import StopFlag
from qa.types import Event, Retrieved
from tests.ui.conftest import OpenPage, Serve
from tests.ui.harbour import EVIDENCE, FERRY_QUESTION, HITS
from tests.ui.scripted import ScriptedAssistant, answers

pytestmark = pytest.mark.browser

MOST_TABS = 60  # more than there are things to reach on any page of these tests

FRAME = "one => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow"


def holds(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """Reads until it is stopped."""
    yield Retrieved(HITS, EVIDENCE)
    assistant.hold(stop)


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until an element has the focus; it is then seen to have it."""
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        if wanted.evaluate("one => one === document.activeElement"):
            expect(wanted).to_be_in_viewport()
            assert wanted.evaluate(FRAME) != "nonenone"
            return
    pytest.fail(f"{MOST_TABS} times {key} do not reach {wanted}")


def asked(page: Page) -> None:
    """Type the question where the page puts the cursor, and send it."""
    expect(page.get_by_label("Question", exact=True)).to_be_focused()
    page.keyboard.type(FERRY_QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#live .answered a.cite")).to_have_count(4)


@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_question_to_the_words_of_a_source_and_back(
    serve: Serve, open_page: OpenPage, width: int
) -> None:
    page = open_page(serve(ScriptedAssistant(answers)), viewport={"width": width, "height": 800})
    asked(page)
    citation, source = page.locator("#live .answered a.cite").nth(3), page.locator("#src-1-1")
    tab_to(page, citation, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(source).to_be_focused()
    mark = source.locator("mark.open")
    expect(mark).to_have_text("212 passengers were on board")
    expect(mark).to_be_in_viewport()

    tab_to(page, source.get_by_role("button", name="Open article"))
    page.keyboard.press("Enter")
    expect(page.locator("#passage")).to_be_focused()
    page.keyboard.press("Escape")
    expect(source.get_by_role("button", name="Open article")).to_be_focused()

    tab_to(page, source.get_by_role("link", name="Back to the answer"))
    page.keyboard.press("Enter")
    expect(citation).to_be_focused()
    page.keyboard.press("Enter")
    expect(source).to_be_focused()
    page.keyboard.press("Escape")
    expect(citation).to_be_focused()
    expect(citation).to_be_in_viewport()

    tab_to(page, page.get_by_label("Question", exact=True))
    page.keyboard.type("And then?")
    page.keyboard.press("Enter")
    expect(page.locator("#exchange-2.answered")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_quote_to_its_words_and_back_while_the_model_reads(
    serve: Serve, open_page: OpenPage, width: int
) -> None:
    page = open_page(serve(ScriptedAssistant(holds)), viewport={"width": width, "height": 800})
    page.keyboard.type("hold")
    page.keyboard.press("Enter")
    quote = page.locator("#live .evidence a.from").nth(2)
    expect(quote).to_be_visible()
    tab_to(page, quote, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#src-1-1")).to_be_focused()
    expect(page.locator("#src-1-1 mark.open")).to_have_text(
        "The harbour office said that 212 passengers were on board."
    )
    page.keyboard.press("Escape")
    expect(quote).to_be_focused()
    expect(quote).to_be_in_viewport()


def test_more_quotes_unfold(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve(ScriptedAssistant(answers)))
    asked(page)
    tab_to(page, page.locator("#live summary"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#live .evidence li:visible")).to_have_count(4)


@pytest.mark.parametrize("name", ["Library", "Conversations"])
def test_a_sheet_is_opened_kept_to_and_left(serve: Serve, open_page: OpenPage, name: str) -> None:
    page = open_page(serve(ScriptedAssistant(answers)))
    asked(page)
    opener = page.get_by_role("button", name=name)
    tab_to(page, opener, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_focused()
    outside = "document.activeElement !== document.body && !sheet.contains(document.activeElement)"
    for _ in range(MOST_TABS // 3):
        page.keyboard.press("Tab")
        assert not page.evaluate(outside)
    tab_to(page, page.locator(".close-sheet"))
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(opener).to_be_focused()


def test_stop_by_keyboard_gives_the_box_back(serve: Serve, open_page: OpenPage) -> None:
    assistant = ScriptedAssistant(holds)
    page = open_page(serve(assistant))
    page.keyboard.type("hold")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Stop"))
    page.keyboard.press("Enter")
    expect(page.locator("#live .answer")).to_have_text("Stopped before the answer began.")
    expect(page.get_by_label("Question", exact=True)).to_be_focused()
