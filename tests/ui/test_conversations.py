"""Conversations in the browser: they outlive a reload, and are listed, searched, exported."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa.conversing.archive import UNCLAIMED
from qa.engine.generation import StopFlag
from qa.library.store import Store
from qa.service.uploads import Shelf
from qa.types import Event
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import ARTICLES, FERRY, FERRY_ANSWER, FERRY_QUESTION, FIRE, refused
from tests.ui.scripted import ScriptedAssistant, answers, put, stream
from ui.backend import Backend

pytestmark = pytest.mark.browser


def by_question(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """The ferry's question is answered, any other refused."""
    yield from stream(FERRY_ANSWER if question == FERRY_QUESTION else refused(question))


def open_conversations(page: Page) -> None:
    page.get_by_role("button", name="Conversations").click()
    expect(page.get_by_role("heading", name="Conversations")).to_be_focused()


def test_a_reload_keeps_the_conversation_and_its_citations(
    serve: Serve, open_page: OpenPage, shelf: Shelf
) -> None:
    assistant = ScriptedAssistant(by_question)
    page = open_page(serve(assistant))
    ask(page, FERRY_QUESTION)
    expect(page.locator("#exchange-1.answered a.cite")).to_have_count(4)
    ask(page, "Who sang Tosca?")
    expect(page.locator("#exchange-2 .refusal")).to_be_visible()
    shelf.remove(FIRE.article_id)

    page.reload()
    expect(page.locator(".question")).to_have_text([FERRY_QUESTION, "Who sang Tosca?"])
    page.locator("#exchange-1.answered a.cite", has_text="[2]").click()
    expect(page.locator("#src-1-2")).to_be_focused()
    expect(page.locator("#src-1-2 mark.open")).to_have_text(
        "A fire broke out in the engine room of the ferry Aldona"
    )
    expect(page.locator("#src-1-2 .doubt")).to_have_text(
        "This article is in the library no more; these are the words as they were read."
    )
    expect(page.locator("#src-1-1 .doubt")).to_have_count(0)

    ask(page, "And then?")
    expect(page.locator("#exchange-3 .refusal")).to_be_visible()
    assert [turn.question for turn in assistant.asked[2][1]] == [FERRY_QUESTION, "Who sang Tosca?"]


def test_conversations_are_listed_searched_renamed_and_deleted(
    serve: Serve, open_page: OpenPage
) -> None:
    page = open_page(serve(ScriptedAssistant(by_question)))
    ask(page, FERRY_QUESTION)
    expect(page.locator("#exchange-1.answered a.cite")).to_have_count(4)
    page.get_by_role("link", name="New conversation").click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, "Who sang Tosca?")
    expect(page.locator("#exchange-1 .refusal")).to_be_visible()

    open_conversations(page)
    titles = page.locator("#conversation-list a.line")
    expect(titles).to_have_text(["Who sang Tosca?", FERRY_QUESTION])
    expect(titles.first).to_have_attribute("aria-current", "page")
    page.get_by_label("Search conversations").fill("PASSENGERS")
    expect(titles).to_have_text([FERRY_QUESTION])

    page.get_by_label(f"More about {FERRY_QUESTION}").click()
    page.get_by_label("Title").fill("The ferry")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("#conversation-list a.line", has_text="The ferry")).to_be_visible()

    page.get_by_label("More about Who sang Tosca?").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".welcome")).to_be_visible()  # the one that was open is gone
    open_conversations(page)
    expect(titles).to_have_text(["The ferry"])
    titles.click()
    expect(page.locator(".question")).to_have_text([FERRY_QUESTION])
    page.keyboard.press("Escape")


def test_exports_open_and_lead_to_their_sources(
    serve: Serve, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(serve(ScriptedAssistant(by_question)))
    ask(page, FERRY_QUESTION)
    expect(page.locator("#exchange-1.answered a.cite")).to_have_count(4)
    open_conversations(page)
    page.get_by_label(f"More about {FERRY_QUESTION}").click()
    saved = {}
    for name in ("Markdown", "JSON", "web page"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        saved[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[name])
    assert saved["Markdown"].name == "when-did-the-aldona-sail-again.md"
    assert "212 passengers were on board" in saved["Markdown"].read_text(encoding="utf-8")
    assert '"quote": "212 passengers were on board"' in saved["JSON"].read_text(encoding="utf-8")

    page.goto(saved["web page"].as_uri())
    colour = "mark => getComputedStyle(mark).backgroundColor"
    mark = page.locator("#src-1-1 mark").first
    assert mark.evaluate(colour) == "rgba(0, 0, 0, 0)"
    page.locator("a.cite").first.click()
    assert mark.evaluate(colour) == "rgb(255, 226, 122)"
    page.locator("#src-1-1 a.back").click()
    expect(page.locator("#cite-1-1")).to_be_in_viewport()


def test_what_another_browser_kept_is_not_shown(serve: Serve, open_page: OpenPage) -> None:
    url = serve(ScriptedAssistant(by_question))
    first, second = open_page(url), open_page(url)
    ask(first, FERRY_QUESTION)
    expect(first.locator("#exchange-1.answered a.cite")).to_have_count(4)
    address = first.url
    assert "?c=" in address
    open_conversations(second)
    expect(second.locator("#conversation-list")).to_have_text("No conversation.")
    second.goto(address)
    expect(second.locator(".notice")).to_contain_text("There is no such conversation here")
    expect(second.locator(".question")).to_have_count(0)
    export = address.replace("?c=", "cuttings/conversations/export?form=md&id=")
    assert second.request.get(export).status == 404


def test_what_was_restored_is_the_first_browsers_that_comes(
    serve: Serve, open_page: OpenPage, backend: Backend
) -> None:
    backend.archive.begin(UNCLAIMED, FERRY_QUESTION)
    url = serve(ScriptedAssistant(by_question))
    first, second = open_page(url), open_page(url)
    open_conversations(first)
    expect(first.locator("#conversation-list a.line")).to_have_text(FERRY_QUESTION)
    open_conversations(second)
    expect(second.locator("#conversation-list")).to_have_text("No conversation.")


def test_a_whole_article_opens_with_its_passage_highlighted(
    serve: Serve, open_page: OpenPage, store: Store
) -> None:
    page = open_page(serve(ScriptedAssistant(answers)))
    ask(page, FERRY_QUESTION)
    page.locator("#live .answered a.cite").first.click()
    opener = page.locator("#src-1-1").get_by_role("button", name="Open article")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet h2")).to_have_text(FERRY.title)
    expect(page.locator("#passage")).to_have_text(FERRY.text)
    expect(page.locator("#passage")).to_be_in_viewport()
    expect(page.locator("#passage")).to_be_focused()
    expect(page.locator(".article-text")).to_contain_text("And something behind it.")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()

    put(store, replace(ARTICLES[0], text=ARTICLES[1].text))
    opener.click()
    expect(page.locator("#sheet .doubt")).to_contain_text("has changed since it was read")
    expect(page.locator("#passage")).to_have_count(0)
    page.locator(".close-sheet").click()
    page.locator("#src-1-1 summary").click()
    page.locator("#src-1-1").get_by_role("button", name="wire/ferry-1").click()
    expect(page.locator("#sheet")).to_contain_text("wire/ferry-1 is in the library no more")


def test_a_question_is_asked_again_and_edited_in_its_place(
    serve: Serve, open_page: OpenPage
) -> None:
    assistant = ScriptedAssistant(by_question)
    page = open_page(serve(assistant))
    box = page.get_by_label("Question", exact=True)
    ask(page, "Who sang Tosca?")
    page.locator("#exchange-1 .refusal").evaluate("shown => shown.dataset.first = 'yes'")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("[data-first]")).to_have_count(0)  # or the one before would be edited
    expect(page.locator("#exchange-1 .refusal")).to_be_visible()
    expect(page.locator(".exchange")).to_have_count(1)

    page.get_by_role("button", name="Edit the question").click()
    expect(box).to_have_value("Who sang Tosca?")
    expect(box).to_be_focused()
    page.get_by_role("button", name="Leave it as it is").click()
    expect(box).to_have_value("")
    page.get_by_role("button", name="Edit the question").click()
    expect(box).to_have_value("Who sang Tosca?")
    ask(page, FERRY_QUESTION)
    expect(page.locator("#exchange-1.answered a.cite")).to_have_count(4)
    assert assistant.asked == [
        ("Who sang Tosca?", ()),
        ("Who sang Tosca?", ()),
        (FERRY_QUESTION, ()),
    ]
    page.reload()
    expect(page.locator(".question")).to_have_text([FERRY_QUESTION])


def test_an_answer_is_copied_with_its_sources_and_leads_to_the_next(
    serve: Serve, open_page: OpenPage
) -> None:
    assistant = ScriptedAssistant(by_question)
    page = open_page(serve(assistant), permissions=["clipboard-read", "clipboard-write"])
    ask(page, FERRY_QUESTION)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "The captain called it a good day. (not found in the sources)" in copied
    assert "[2] Fire on the Aldona put out within an hour · 2024-03-03" in copied

    suggested = "What do the articles say about Ærøskøbing?"
    page.get_by_role("button", name=suggested).click()
    expect(page.locator("#exchange-2 .refusal")).to_be_visible()
    assert [question for question, _ in assistant.asked] == [FERRY_QUESTION, suggested]


def test_an_answer_is_judged_and_the_verdict_outlives_a_reload(
    serve: Serve, open_page: OpenPage, backend: Backend
) -> None:
    page = open_page(serve(ScriptedAssistant(by_question)))
    ask(page, FERRY_QUESTION)
    page.get_by_role("button", name="Wrong", exact=True).click()
    expect(page.get_by_role("button", name="Wrong", exact=True)).to_be_focused()
    page.get_by_label("What would be right").fill("On Friday")
    page.keyboard.press("Enter")
    expect(page.locator("#judging-1")).to_contain_text("Kept, with what would be right.")
    ask(page, "Who sang Tosca?")
    expect(page.locator("#exchange-2 .refusal")).to_be_visible()
    page.locator("#judging-2").get_by_role("button", name="Right").click()
    expect(page.locator("#judging-2")).to_contain_text("Kept.")
    page.reload()
    pressed = page.locator(".judging [aria-pressed=true]")
    expect(pressed).to_have_text(["Wrong", "Right"])
    given = [(one.verdict.value, one.correction) for one in backend.archive.judgements()]
    assert given == [("wrong", "On Friday"), ("right", "")]
