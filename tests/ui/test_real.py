"""The page over the real assistant: seeds/, the real embedder, the default model, a browser."""

import pytest
from playwright.sync_api import expect

from qa.answering.answer_json import answer_object
from qa.answering.assistant import Assistant
from tests.ui.conftest import OpenPage, Serve, ask

QUESTION = "Where did Blinken and Wang Yi meet?"
OTHER = "How long is the Ever Given, and how many ships were waiting at the Suez Canal?"
OFF_TOPIC = "Who won the 2019 women's singles at Wimbledon?"

pytestmark = [pytest.mark.model, pytest.mark.browser]


def test_ask_click_and_see_the_words_that_the_json_quotes(
    assistant: Assistant, serve: Serve, open_page: OpenPage
) -> None:
    expected = answer_object(assistant.answer(QUESTION))
    first = expected["sentences"][0]["citations"][0]
    page = open_page(serve(assistant))

    ask(page, QUESTION)
    citation = page.locator("#live a.cite").first
    expect(citation).to_be_visible(timeout=120_000)
    expect(page.locator("#live .answer")).to_contain_text("Munich")
    citation.click()

    assert "".join(page.locator("#sources mark.open").all_text_contents()) == first["quote"]
    source = page.locator(f"#src-1-{first['number']}")
    expect(source).to_be_focused()
    expect(source).to_contain_text(expected["sources"][first["number"] - 1]["title"])


def test_a_second_person_sees_their_place_and_is_then_answered(
    assistant: Assistant, serve: Serve, open_page: OpenPage
) -> None:
    url = serve(assistant)
    first, second = open_page(url), open_page(url)
    ask(first, OTHER)
    expect(first.locator("#live .status")).to_contain_text("Reading", timeout=120_000)
    ask(second, QUESTION)
    expect(second.locator("#live .status")).to_contain_text("1 ahead of you")
    expect(second.locator("#sources .source").first).to_be_visible()
    expect(first.locator("#live .answered")).to_be_visible(timeout=120_000)
    expect(second.locator("#live .answered")).to_be_visible(timeout=120_000)
    expect(second.locator("#live .answer")).to_contain_text("Munich")


def test_a_refusal_is_told_apart(assistant: Assistant, serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve(assistant))
    ask(page, OFF_TOPIC)
    expect(page.locator("#live")).to_contain_text(
        assistant.answer(OFF_TOPIC).text[:40], timeout=120_000
    )
    expect(page.locator("#live a.cite")).to_have_count(0)
