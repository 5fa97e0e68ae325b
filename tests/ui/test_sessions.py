"""The chat page with several people at it, and with one who is still typing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa.engine.generation import StopFlag
from qa.service.passwords import load_users, user_line
from qa.types import Answered, Event, Retrieved, Waiting
from tests.ui.conftest import OpenPage, Serve, ask, settled
from tests.ui.harbour import EVIDENCE, FERRY_ANSWER, FERRY_QUESTION, HITS
from tests.ui.scripted import ScriptedAssistant, answers
from ui.backend import Backend
from ui.serving import running


def one_at_a_time(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """The question "hold" is read until the test opens the gate; any other waits for it."""
    yield Retrieved(HITS, EVIDENCE)
    if question != "hold":
        yield Waiting(1)
    if assistant.hold(stop):
        yield Waiting(0)
        yield Answered(FERRY_ANSWER)


@pytest.mark.browser
def test_two_people_do_not_share_a_chat_and_the_second_waits(
    serve: Serve, open_page: OpenPage
) -> None:
    assistant = ScriptedAssistant(one_at_a_time)
    url = serve(assistant)
    first, second = open_page(url), open_page(url)
    ask(first, "hold")
    expect(first.locator("#live .status")).to_contain_text("Reading")
    ask(second, FERRY_QUESTION)
    expect(second.locator("#live .status")).to_contain_text("1 ahead of you")
    expect(second.locator("#sources .source h3")).to_have_count(3)
    expect(second.locator("#live .evidence li")).to_have_count(4)
    assistant.gate.set()
    expect(second.locator("#live .answered a.cite").first).to_be_visible()
    expect(first.locator("#live .answered a.cite").first).to_be_visible()
    assert first.locator(".question").all_text_contents() == ["hold"]
    assert second.locator(".question").all_text_contents() == [FERRY_QUESTION]
    assert [history for _, history in assistant.asked] == [(), ()]


@pytest.mark.browser
def test_one_who_waits_can_stop(serve: Serve, open_page: OpenPage) -> None:
    assistant = ScriptedAssistant(one_at_a_time)
    page = open_page(serve(assistant))
    ask(page, FERRY_QUESTION)
    expect(page.locator("#live .status")).to_contain_text("Waiting")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#live .answer")).to_have_text("Stopped before the answer began.")
    assert assistant.stopped.wait(5)


@pytest.mark.browser
def test_what_is_typed_is_read_for_and_shows_nothing(serve: Serve, open_page: OpenPage) -> None:
    assistant = ScriptedAssistant(answers)
    page = open_page(serve(assistant))
    before = page.locator("#desk").inner_text()
    box = page.get_by_label("Question", exact=True)
    with page.expect_response(lambda response: "run/predict" in response.url) as last:
        box.press_sequentially("When did the ")
    assert last.value.ok
    page.wait_for_timeout(1500)
    assert assistant.read == [("When did the", ())]
    settled(page)
    assert page.locator("#desk").inner_text() == before
    expect(box).to_have_value("When did the ")

    page.keyboard.insert_text("Aldona sail again?")  # as pasting does: no key is pressed
    page.wait_for_timeout(1500)
    assert assistant.read[1:] == [("When did the Aldona sail", ()), (FERRY_QUESTION, ())]
    assert assistant.asked == []
    box.press("Enter")
    expect(page.locator("#live .answered a.cite").first).to_be_visible()
    assert assistant.asked == [(FERRY_QUESTION, ())]
    assert len(assistant.read) == 3


@pytest.mark.browser
def test_users_come_in_by_their_password_and_see_their_own(
    backend: Backend, open_page: OpenPage, chromium: Browser
) -> None:
    users = load_users(
        "\n".join(user_line(name, f"{name} long") for name in ("anna", "bert")), Path()
    )
    with running(backend, users=users) as url:
        anna, bert = (
            open_page(url, http_credentials={"username": name, "password": f"{name} long"})
            for name in ("anna", "bert")
        )
        ask(anna, FERRY_QUESTION)
        expect(anna.locator("#live .answered a.cite").first).to_be_visible()
        for page, kept in ((anna, [FERRY_QUESTION]), (bert, [])):
            page.get_by_role("button", name="Conversations").click()
            expect(page.get_by_role("heading", name="Conversations")).to_be_focused()
            assert page.locator("#conversation-list a.line").all_text_contents() == kept
        bert.goto(anna.url)
        expect(bert.locator(".notice")).to_contain_text("There is no such conversation here")
        anna.reload()
        expect(anna.locator("#exchange-1.answered a.cite").first).to_be_visible()

        with chromium.new_context(
            http_credentials={"username": "anna", "password": "bert long"}
        ) as context:
            response = context.new_page().goto(url)
            assert response is not None
            assert (response.status, response.text()) == (401, "Name and password, please.")
