"""The chat page as a person meets it, in a real browser, over an assistant with a script."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from qa.conversing.archive import FILE_NAME
from qa.conversing.feedback import Verdict
from qa.conversing.records import KeptExchange, Standing
from qa.engine.generation import StopFlag
from qa.errors import BadQuestion
from qa.service.uploads import Shelf
from qa.types import Answered, Event, Reading, Retrieved, Writing
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import (
    COUNTED_AGAIN,
    EVIDENCE,
    FERRY,
    FERRY_ANSWER,
    FERRY_QUESTION,
    FIRE,
    HITS,
    ON_BOARD,
    answer,
    cite,
    close,
    conflicting,
    hit,
    refused,
)
from tests.ui.scripted import ScriptedAssistant, answers, stream
from ui.backend import Backend, Chat, SessionsByCollection
from ui.guard import OWNER
from ui.page import build
from ui.panel import NOTES

FIRST_QUOTE = (
    "The ferry Aldona sailed again on Thursday morning, eleven days after a fire in her engine "
    "room."
)


def holds_twice(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """Stands still at 60% of reading, and with a sentence shown; then answers."""
    yield Retrieved(HITS, EVIDENCE)
    yield Reading(360, 600)
    if assistant.hold(stop):
        assistant.gate.clear()
        yield Writing(FERRY_ANSWER.sentences[0].text)
        if assistant.hold(stop):
            yield Answered(FERRY_ANSWER)


def holds_while_reading(
    assistant: ScriptedAssistant, question: str, stop: StopFlag
) -> Iterator[Event]:
    yield Retrieved(HITS, EVIDENCE)
    if question != "hold" or assistant.hold(stop):
        yield Answered(FERRY_ANSWER)


def marked_words(page: Page) -> str:
    return "".join(page.locator("#sources mark.open").all_text_contents())


@pytest.mark.browser
def test_from_question_to_the_words_that_support_the_answer(
    serve: Serve, open_page: OpenPage
) -> None:
    assistant = ScriptedAssistant(holds_twice)
    page = open_page(serve(assistant))

    ask(page, FERRY_QUESTION)
    expect(page.locator("#live .question")).to_have_text(FERRY_QUESTION)
    expect(page.locator("#sources .source h3")).to_have_text(
        [f"{number} {hit.passage.title}" for number, hit in enumerate(HITS, 1)]
    )
    expect(page.locator("#live .status")).to_contain_text("Reading 4 quotes…")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    said = page.get_by_role("region", name="What the articles say")
    expect(said.locator("blockquote")).to_have_text([one.quote for one in EVIDENCE])
    expect(said.locator("strong")).to_have_text(["Thursday morning", "212 passengers"])
    expect(page.locator("#live .answer")).to_be_empty()

    assistant.gate.set()
    expect(page.locator("#live .answer")).to_have_text(FERRY_ANSWER.sentences[0].text)
    expect(page.locator("#live .status")).to_contain_text("Writing, and checking each sentence…")
    expect(said.locator("li")).to_have_count(4)
    page.locator("#live .writing a.cite").nth(2).click()
    expect(page.locator("#src-1-2")).to_be_focused()
    assert marked_words(page) == ""

    assistant.gate.set()
    expect(page.locator("#live .answered a.cite")).to_have_text(["[1]", "[1]", "[2]", "[1]"])
    assert marked_words(page) == ""
    expect(said.locator("li:visible")).to_have_count(2)
    said.get_by_text("2 more quotes").click()
    expect(said.locator("li:visible")).to_have_count(4)

    page.locator("#live .answered a.cite").first.click()
    assert marked_words(page) == FIRST_QUOTE
    expect(page.locator("#src-1-1")).to_be_focused()
    expect(page.locator("#src-1-1 mark.open").first).to_be_in_viewport()

    page.locator("#live .answered a.cite").nth(3).click()
    assert marked_words(page) == "212 passengers were on board"
    page.locator("#src-1-1 a[role=doc-backlink]").click()
    expect(page.locator("#live .answered a.cite").nth(3)).to_be_focused()


@pytest.mark.browser
def test_a_quote_opens_exactly_its_words_and_stays_open_through_the_answer(
    serve: Serve, open_page: OpenPage
) -> None:
    told = answer(
        FERRY_QUESTION, ((f"{FIRST_QUOTE[:-1]} [1].", (cite(FERRY, 1, FIRST_QUOTE),)),), HITS, None,
        EVIDENCE,
    )  # fmt: skip

    def reads_on(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        yield Retrieved(HITS, EVIDENCE)
        for done in range(0, 10_000, 10):  # with every update, the same quotes are drawn again
            yield Reading(done, 10_000)
            if assistant.gate.wait(0.01):
                break
        yield Answered(told)

    assistant = ScriptedAssistant(reads_on)
    page = open_page(serve(assistant))
    ask(page, FERRY_QUESTION)
    quote = page.locator("#live .evidence a.from").first
    expect(quote).to_have_text("[1] Ferry back in service after eleven days")
    quote.focus()
    page.wait_for_timeout(500)
    expect(quote).to_be_focused()
    page.keyboard.press("Enter")
    assert marked_words(page) == FIRST_QUOTE
    expect(page.locator("#src-1-1")).to_be_focused()
    page.locator("#src-1-1 .back").click()
    expect(quote).to_be_focused()
    page.keyboard.press("Enter")

    assistant.gate.set()
    expect(page.locator("#live .answered a.cite")).to_have_count(1)
    expect(page.locator("#live .evidence a.from").first).to_have_text(f"[2] {FIRE.title}")
    assert marked_words(page) == FIRST_QUOTE  # although the answer says it now, and no quote
    expect(page.locator("#src-1-1")).to_be_focused()
    page.locator("#live summary", has_text="1 more quote").click()
    folded = page.locator("#live details a.from")
    folded.click()
    assert marked_words(page) == "Nobody was hurt."
    page.locator("#live details").evaluate("one => one.open = false")
    page.locator("#src-1-2 .back").click()
    expect(folded).to_be_focused()  # what had been folded is open again


@pytest.mark.browser
def test_quotes_that_come_close_are_shown_under_the_message(
    serve: Serve, open_page: OpenPage
) -> None:
    def comes_close(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        yield from stream(close(question))

    page = open_page(serve(ScriptedAssistant(comes_close)))
    ask(page, "Was anybody punished?")
    near = page.get_by_role(
        "region", name="The articles do not say this outright. The closest they come:"
    )
    expect(near.locator("blockquote")).to_have_text(
        [
            "A fire broke out in the engine room of the ferry Aldona on Sunday evening.",
            "Nobody was hurt.",
            "The harbour office said that 212 passengers were on board.",
        ]
    )
    expect(page.locator("#live .closest")).to_have_count(0)
    near.get_by_role("link", name=FIRE.title).nth(1).click()
    assert marked_words(page) == "Nobody was hurt."
    page.reload()
    expect(near.locator("blockquote")).to_have_count(3)


@pytest.mark.browser
def test_citations_by_keyboard_alone(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve(ScriptedAssistant(answers)))
    ask(page, FERRY_QUESTION)
    citation = page.locator("a[role=doc-noteref]", has_text="[2]")
    expect(citation).to_have_attribute("aria-label", f"Source 2, {FIRE.title}")
    citation.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#src-1-2")).to_be_focused()
    assert marked_words(page) == "A fire broke out in the engine room of the ferry Aldona"
    page.keyboard.press("Escape")
    expect(citation).to_be_focused()


@pytest.mark.browser
def test_a_citation_shows_its_quote_on_hover(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve(ScriptedAssistant(answers)))
    ask(page, FERRY_QUESTION)
    citation = page.locator("#live .answered a.cite").first
    citation.hover()
    shown = "link => getComputedStyle(link, '::after').content"
    assert citation.evaluate(shown) == f'"“{FIRST_QUOTE}”"'


@pytest.mark.browser
def test_what_no_source_says_is_marked(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve(ScriptedAssistant(answers)))
    ask(page, FERRY_QUESTION)
    expect(page.locator("#live .unsupported")).to_have_text(
        "The captain called it a good day. not found in the sources"
    )


@pytest.mark.browser
def test_a_refusal_lists_the_closest_sources(serve: Serve, open_page: OpenPage) -> None:
    def refuses(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        yield from stream(refused(question))

    page = open_page(serve(ScriptedAssistant(refuses)))
    ask(page, "Who sang Tosca?")
    expect(page.locator("#live .refusal p").first).to_have_text(
        "Nothing in the articles bears on this question. Ask with words that the articles "
        "themselves would use, in their language."
    )
    expect(page.locator("#live .refusal li a")).to_have_text([h.passage.title for h in HITS])
    page.get_by_role("link", name=FIRE.title).click()
    expect(page.locator("#src-1-2")).to_be_focused()
    assert marked_words(page) == ""


@pytest.mark.browser
def test_sources_that_disagree_stand_side_by_side_and_open(
    serve: Serve, open_page: OpenPage
) -> None:
    def disagrees(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        yield from stream(conflicting(question))

    page = open_page(serve(ScriptedAssistant(disagrees)))
    ask(page, "How many passengers were on board?")
    conflict = page.get_by_role("region", name="The articles differ; the newest comes first")
    expect(conflict.locator("li")).to_have_text(
        [
            f"15 March 2024 · Island Gazette newer“{COUNTED_AGAIN.quote}” [4]",
            f"14 March 2024 · Harbour Courier“{ON_BOARD.quote}” [1]",
        ]
    )
    expect(page.locator("#live .evidence")).to_have_count(0)  # both are told above
    conflict.locator("a.cite").first.click()
    assert marked_words(page) == COUNTED_AGAIN.quote
    expect(page.locator("#src-1-4")).to_be_focused()
    conflict.locator("a.cite").last.click()
    assert marked_words(page) == ON_BOARD.quote
    expect(page.locator("#src-1-1")).to_be_focused()


@pytest.mark.browser
def test_stop_while_reading_leaves_the_page_usable(serve: Serve, open_page: OpenPage) -> None:
    assistant = ScriptedAssistant(holds_while_reading)
    page = open_page(serve(assistant))
    ask(page, "hold")
    expect(page.locator("#live .status")).to_contain_text("Reading 4 quotes…")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#live .answer")).to_have_text("Stopped before the answer began.")
    expect(page.locator("#live .evidence li")).to_have_count(4)
    assert assistant.stopped.wait(5)

    ask(page, FERRY_QUESTION)
    expect(page.locator("#live .answered a.cite").first).to_be_visible()
    expect(page.locator("#earlier .question")).to_have_text("hold")
    assert assistant.asked == [("hold", ()), (FERRY_QUESTION, ())]


SEND_WHEN_STOPPED = """(question) => {
  const seen = new MutationObserver(() => {
    if (!document.querySelector("#live .answer")?.textContent.startsWith("Stopped")) return;
    seen.disconnect();
    const box = document.querySelector("#question-box textarea");
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.getElementById("ask").click());
  });
  seen.observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@pytest.mark.browser
def test_what_is_asked_as_soon_as_an_answer_ends_is_not_lost(
    serve: Serve, open_page: OpenPage
) -> None:
    assistant = ScriptedAssistant(holds_while_reading)
    page = open_page(serve(assistant))
    ask(page, "hold")
    expect(page.locator("#live .status")).to_contain_text("Reading 4 quotes…")
    page.evaluate(SEND_WHEN_STOPPED, FERRY_QUESTION)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#live .answered a.cite").first).to_be_visible()
    assert assistant.asked == [("hold", ()), (FERRY_QUESTION, ())]


@pytest.mark.browser
def test_stop_while_writing_keeps_what_was_shown(serve: Serve, open_page: OpenPage) -> None:
    assistant = ScriptedAssistant(holds_twice)
    page = open_page(serve(assistant))
    ask(page, FERRY_QUESTION)
    assistant.gate.set()
    expect(page.locator("#live .answer")).to_have_text(FERRY_ANSWER.sentences[0].text)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#live .unchecked")).to_have_text("Stopped: this is not the whole answer.")
    expect(page.locator("#live .answer")).to_contain_text(FERRY_ANSWER.sentences[0].text)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    page.reload()
    expect(page.locator("#live .unchecked")).to_be_visible()
    expect(page.locator("#live .evidence li")).to_have_count(4)


@pytest.mark.browser
def test_citations_of_an_earlier_answer_open_its_own_sources(
    serve: Serve, open_page: OpenPage
) -> None:
    def by_question(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        if question == FERRY_QUESTION:
            yield from stream(FERRY_ANSWER)
        else:
            said = (("Nobody was hurt [1].", (cite(FIRE, 1, "Nobody was hurt"),)),)
            yield from stream(answer(question, said, (hit(FIRE),)))

    assistant = ScriptedAssistant(by_question)
    page = open_page(serve(assistant))
    ask(page, FERRY_QUESTION)
    expect(page.locator("#exchange-1.answered a.cite").first).to_be_visible()
    ask(page, "Was anybody hurt?")
    expect(page.locator("#exchange-2.answered a.cite")).to_be_visible()
    expect(page.locator("#sources .source:visible h3")).to_have_text([f"1 {FIRE.title}"])

    page.locator("#earlier #exchange-1 a.cite").first.click()
    assert marked_words(page) == FIRST_QUOTE
    expect(page.locator("#sources .source:visible")).to_have_count(3)
    page.locator("#exchange-2.answered a.cite").click()
    assert marked_words(page) == "Nobody was hurt"
    expect(page.locator("#sources .source:visible")).to_have_count(1)

    question, history = assistant.asked[1]
    assert question == "Was anybody hurt?"
    assert [(turn.question, turn.passage_ids) for turn in history] == [
        (FERRY_QUESTION, tuple(hit.passage.id for hit in HITS))
    ]


@pytest.mark.browser
def test_closing_the_tab_stops_the_assistant(serve: Serve, open_page: OpenPage) -> None:
    assistant = ScriptedAssistant(holds_while_reading)
    page = open_page(serve(assistant))
    ask(page, "hold")
    expect(page.locator("#live .status")).to_contain_text("Reading")
    page.close()
    assert assistant.stopped.wait(10)


@pytest.mark.browser
def test_errors_are_one_line_and_the_page_goes_on(serve: Serve, open_page: OpenPage) -> None:
    def fails_twice(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        if len(question) > 2000:
            raise BadQuestion("The question has 100,000 characters.")
        if question == "break":
            raise ZeroDivisionError
        yield from stream(FERRY_ANSWER)

    page = open_page(serve(ScriptedAssistant(fails_twice)))
    ask(page, "x" * 100_000)
    expect(page.locator("#live .error")).to_have_text("The question has 100,000 characters.")
    assert len(page.locator("#live .question").inner_text()) < 400
    ask(page, "break")
    expect(page.locator("#live .error")).to_contain_text("You can ask again.")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    ask(page, FERRY_QUESTION)
    expect(page.locator("#live .answered a.cite").first).to_be_visible()


@pytest.mark.browser
def test_an_empty_question_is_not_asked(serve: Serve, open_page: OpenPage) -> None:
    assistant = ScriptedAssistant(answers)
    page = open_page(serve(assistant))
    ask(page, "  ")
    expect(page.get_by_placeholder("Type a question first, then press Enter")).to_be_attached()
    expect(page.locator(".exchange")).to_have_count(0)
    assert assistant.asked == []


@pytest.mark.browser
def test_shift_enter_breaks_the_line_and_an_example_asks(serve: Serve, open_page: OpenPage) -> None:
    assistant = ScriptedAssistant(answers)
    page = open_page(serve(assistant, (FERRY_QUESTION, "Was anybody hurt?")))
    box = page.get_by_label("Question", exact=True)
    box.press_sequentially("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    expect(box).to_have_value("one\ntwo")
    page.get_by_role("button", name="Was anybody hurt?").click()
    expect(page.locator("#live .question")).to_have_text("Was anybody hurt?")
    expect(page.locator("#live .answered a.cite").first).to_be_visible()
    expect(page.locator("button.example")).to_have_count(0)
    assert [question for question, _ in assistant.asked] == ["Was anybody hurt?"]


@pytest.mark.browser
def test_on_a_phone_the_sources_lie_over_the_chat(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(
        serve(ScriptedAssistant(answers)), viewport={"width": 390, "height": 844}
    )  # fmt: skip
    ask(page, FERRY_QUESTION)
    citation = page.locator("#live .answered a.cite").first
    expect(citation).to_be_visible()
    expect(page.locator("#sources")).to_be_hidden()
    citation.click()
    expect(page.locator("#src-1-1")).to_be_focused()
    expect(page.locator("#src-1-1 mark.open")).to_be_in_viewport()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#sources")).to_be_hidden()
    expect(citation).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.browser
def test_dark_and_light_follow_the_system(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve(ScriptedAssistant(answers)), color_scheme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == "rgb(23, 25, 27)"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(colour) == "rgb(246, 244, 239)"


ANN = "user:ann"

Handled = Callable[..., dict[str, Any]]


@pytest.fixture
def handled(backend: Backend) -> Iterator[Handled]:
    """Calls a handler of the page by its name, as Gradio does for Ann, without a browser.

    What it changes in the end is given by the ids of elements, the conversation as "State".
    """
    import gradio as gr
    from starlette.requests import Request

    with closing(SessionsByCollection(backend.collections)) as all_sessions:
        page = build(all_sessions, backend)

        def call(name: str, *given: object, **query: str) -> dict[str, Any]:
            (handler,) = (one for one in page.fns.values() if one.name == name)
            scope = {"type": "http", "headers": [], "query_string": urlencode(query).encode()}
            request = gr.Request(Request(scope | {OWNER: ANN}), session_hash="ann")
            changed = handler.fn(*given, request)
            return {
                part.elem_id or type(part).__name__: value
                for step in ([changed] if isinstance(changed, dict) else changed)
                for part, value in step.items()
            }

        yield call


@pytest.fixture
def kept_id(backend: Backend) -> str:
    """The id of a conversation of Ann's with the ferry's answer, which she found wrong."""
    id_ = backend.archive.begin(ANN, FERRY_QUESTION)
    asked = datetime(2024, 3, 16, 12, 30, tzinfo=UTC)
    backend.archive.keep(
        ANN, id_, KeptExchange(1, FERRY_QUESTION, asked, FERRY_ANSWER, FERRY_ANSWER.hits)
    )
    backend.archive.judge(ANN, id_, 1, Verdict.WRONG)
    return id_


def run_in_file(backend: Backend, statements: str) -> None:
    """Change the file of conversations behind the page's back."""
    with closing(sqlite3.connect(backend.archive.home / FILE_NAME)) as connection:
        connection.executescript(statements)


@pytest.mark.slow
def test_a_damaged_conversation_says_so_in_its_place(
    handled: Handled, backend: Backend, kept_id: str
) -> None:
    run_in_file(backend, "UPDATE exchanges SET kept = '{}'")
    shown = handled("load", c=kept_id)
    assert "is damaged and cannot be shown. Delete it from the list" in shown["past"]
    assert shown["State"] == Chat(collection="main")


@pytest.mark.slow
def test_a_question_that_cannot_be_kept_or_asked_says_why(
    handled: Handled, backend: Backend
) -> None:
    run_in_file(backend, "DROP TABLE judgements; DROP TABLE preferences")
    shown = handled("answer", FERRY_QUESTION, Chat(collection="main"), "")
    assert "conversations.db cannot be used (no such table: preferences)" in shown["live"]


@pytest.mark.slow
def test_editing_a_question_or_not_leaves_what_was_said_of_its_answer(
    handled: Handled, kept_id: str
) -> None:
    loaded = handled("load", c=kept_id)
    pressed = 'value="wrong" aria-pressed="true"'
    assert pressed in loaded["live"]
    edited = handled("edit", loaded["State"], loaded["shown"])
    assert pressed in edited["live"]
    assert pressed in handled("leave_as_it_is", edited["State"], edited["shown"])["live"]


@pytest.mark.slow
def test_what_has_become_of_sources_is_told_beside_a_follow_up_too(
    handled: Handled, shelf: Shelf, kept_id: str
) -> None:
    shelf.remove(FIRE.article_id)
    loaded = handled("load", c=kept_id)
    assert loaded["sources"].count(NOTES[Standing.GONE]) == 1
    asked = handled("answer", "And then?", loaded["State"], loaded["shown"])
    assert asked["sources"].count(NOTES[Standing.GONE]) == 2  # both answers have that source
