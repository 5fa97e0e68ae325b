"""The page over the real assistant: seeds/, the real embedder, the default model, a browser."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa.answering.answer_json import answer_object
from qa.answering.assistant import Assistant
from qa.engine.decoding import LlamaEngine
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.service.opening import Encoders, make_assistant
from qa.service.uploads import Shelf
from qa.settings import Settings
from tests.conftest import SEEDS
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.scripted import Opened, OpenedCollections
from ui.backend import Backend
from ui.serving import running

QUESTION = "Where did Blinken and Wang Yi meet?"

# No quote is an answer to these as it stands, so the model reads; what has been read once is not
# read again, so each is asked once.
PHRASED = (
    "Why did Egypt hold the Ever Given?",
    "Why was the balloon shot down?",
    "Who shared the Nobel Peace Prize of 2022?",
)

OFF_TOPIC = "Who won the 2019 women's singles at Wimbledon?"

LIGHTHOUSE = (
    "# A new coat for the lighthouse\n\nIlse Brandt, the keeper, has painted the lighthouse of "
    "Hallig Norderoog green. It had been red and white since it was built in 1908."
)

pytestmark = [pytest.mark.model, pytest.mark.browser]


def cpu_share(page: Page, seconds: float) -> float:
    """The CPU time that this process, in which the page is served, takes in a second."""
    began, cpu_began = time.monotonic(), time.process_time()
    page.wait_for_timeout(1000 * seconds)
    return (time.process_time() - cpu_began) / (time.monotonic() - began)


def test_ask_click_and_see_the_words_that_the_json_quotes(
    assistant: Assistant, serve: Serve, open_page: OpenPage
) -> None:
    expected = answer_object(assistant.answer(QUESTION))
    first = expected["sentences"][0]["citations"][0]
    page = open_page(serve(assistant))

    ask(page, QUESTION)
    expect(page.locator("#live .evidence blockquote").first).to_be_visible(timeout=20_000)
    citation = page.locator("#live .answered a.cite").first
    expect(citation).to_be_visible(timeout=120_000)
    expect(page.locator("#live .answer")).to_contain_text("Munich")
    citation.click()

    assert "".join(page.locator("#sources mark.open").all_text_contents()) == first["quote"]
    source = page.locator(f"#src-1-{first['number']}")
    expect(source).to_be_focused()
    expect(source).to_contain_text(expected["sources"][first["number"] - 1]["title"])


def test_two_who_ask_at_once_are_both_shown_quotes_and_answered(
    assistant: Assistant, serve: Serve, open_page: OpenPage
) -> None:
    url = serve(assistant)
    first, second = open_page(url), open_page(url)
    ask(first, PHRASED[0])
    expect(first.locator("#live .status")).to_contain_text("Reading", timeout=120_000)
    ask(second, PHRASED[1])
    expect(second.locator("#live .evidence li").first).to_be_visible(timeout=30_000)
    expect(first.locator("#live .answered")).to_be_visible(timeout=120_000)
    expect(second.locator("#live .answered")).to_be_visible(timeout=120_000)
    expect(second.locator("#exchange-1 .question")).to_have_text(PHRASED[1])


def test_a_refusal_is_told_apart(assistant: Assistant, serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve(assistant))
    ask(page, OFF_TOPIC)
    expect(page.locator("#live")).to_contain_text(
        assistant.answer(OFF_TOPIC).text[:40], timeout=120_000
    )
    expect(page.locator("#live .answered a.cite")).to_have_count(0)


def test_stop_while_reading_ends_the_work_and_gives_the_page_back(
    assistant: Assistant, serve: Serve, open_page: OpenPage
) -> None:
    page = open_page(serve(assistant))
    ask(page, PHRASED[2])
    expect(page.locator("#live .evidence li").first).to_be_visible(timeout=60_000)
    expect(page.locator("#live .status")).to_contain_text("Reading")
    while_reading = cpu_share(page, 0.8)

    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator("#live .answer")).to_have_text("Stopped before the answer began.")
    page.keyboard.type("Next")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Next")
    expect(page.locator("#live .evidence li").first).to_be_visible()
    assert cpu_share(page, 2.0) < 0.25 * while_reading


def test_an_upload_is_asked_about_and_refused_once_it_is_removed(
    defaults: Settings,
    encoders: Encoders,
    engine: LlamaEngine,
    backend: Backend,
    open_page: OpenPage,
    tmp_path: Path,
) -> None:
    embedder = encoders.embedder
    question = "What colour has the keeper painted the lighthouse?"
    (tmp_path / "light.md").write_text(LIGHTHOUSE, encoding="utf-8")
    with Store.create(tmp_path / "real") as store:
        index_folders([SEEDS / "nobel"], store, embedder, defaults.passage_tokens, lambda _: None)
        retriever = Retriever(store, embedder)
        assistant = make_assistant(defaults, retriever, engine, encoders, store)
        shelf = Shelf(store, embedder, tmp_path / "real-uploads", defaults.passage_tokens)
        opened = OpenedCollections({"main": Opened(assistant, shelf)})
        with running(replace(backend, collections=opened)) as url:
            page = open_page(url)
            page.get_by_role("button", name="Library").click()
            page.get_by_label("Choose files").set_input_files(tmp_path / "light.md")
            expect(page.locator("#uploaded li")).to_have_text(
                "light.md: added as light", timeout=60_000
            )
            page.keyboard.press("Escape")
            ask(page, question)
            expect(page.locator("#exchange-1.answered")).to_contain_text("green", timeout=120_000)
            page.locator("#live .answered a.cite").first.click()
            expect(page.locator("#sources mark.open").first).to_contain_text("green")

            page.get_by_role("button", name="Library").click()
            page.get_by_role("button", name="Remove A new coat").click()
            expect(page.locator("#article-list")).to_contain_text("1 article")
            page.keyboard.press("Escape")
            ask(page, question)
            expect(page.locator("#exchange-2 .refusal")).to_be_visible(timeout=120_000)
            expect(page.locator("#sources-2")).not_to_contain_text("lighthouse of")
