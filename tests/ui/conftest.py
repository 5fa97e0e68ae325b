"""The page in Chromium."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.conversing.archive import Archive
from qa.library.store import Store
from qa.service.uploads import Shelf
from tests.fakes import FakeEmbedder
from tests.ui.harbour import ARTICLES
from tests.ui.scripted import Opened, OpenedCollections, ScriptedAssistant, answers, put
from ui.backend import Backend
from ui.serving import running
from ui.sessions import Answering

PATIENCE_MS = 30_000
"""So long is waited for what comes at once unless it does not come, or the machine is busy."""

expect.set_options(timeout=PATIENCE_MS)

OpenPage = Callable[..., Page]
Serve = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The library behind the page, with the scripted articles; a test may change it."""
    with Store.create(tmp_path / "index") as store:
        for article in ARTICLES:
            put(store, article)
        yield store


@pytest.fixture
def shelf(tmp_path: Path, store: Store) -> Shelf:
    """The articles of that library, as the page has them."""
    return Shelf(store, FakeEmbedder(), tmp_path / "uploads", 64)


@pytest.fixture
def backend(tmp_path: Path, shelf: Shelf) -> Iterator[Backend]:
    """What is behind a page: the scripted articles, and conversations in a home of the test."""
    main = Opened(ScriptedAssistant(answers), shelf)
    with Archive.open(tmp_path / "home") as archive:
        yield Backend(OpenedCollections({"main": main}), archive, ())


@pytest.fixture
def serve(backend: Backend, shelf: Shelf) -> Iterator[Serve]:
    """Serves the page over an assistant until the test ends; gives its address."""
    with ExitStack() as stack:

        def start(assistant: Answering, examples: tuple[str, ...] = ()) -> str:
            collections = OpenedCollections({"main": Opened(assistant, shelf)})
            served = replace(backend, collections=collections, examples=examples)
            return stack.enter_context(running(served))

        yield start


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Opens an address in a browser context of its own, ready to be asked.

    At the end of the test no page may have asked for anything beyond loopback, or have had an
    error of its own.
    """
    requested: list[str] = []
    errors: list[str] = []
    with ExitStack() as stack:

        def start(url: str, **context_options: Any) -> Page:
            context = stack.enter_context(chromium.new_context(**context_options))
            context.set_default_timeout(PATIENCE_MS)
            context.on("request", lambda request: requested.append(request.url))
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            with page.expect_response(lambda response: "run/predict" in response.url):
                page.goto(url)  # and a kept conversation, if it names one, is looked for
            page.locator("#sources .none").wait_for(state="attached")
            settled(page)
            return page

        yield start
    beyond = [
        url for url in requested if not url.startswith(("http://127.0.0.1:", "data:", "file:"))
    ]
    assert requested
    assert beyond == []
    assert errors == []


def settled(page: Page) -> None:
    """Wait until no part of the page counts the time of a call that runs.

    Nobody sees that clock, as it is drawn with no opacity, but `inner_text` reads it.
    """
    clocks = page.get_by_test_id("status-tracker").filter(has_text=re.compile(r"\d"))
    expect(clocks).to_have_count(0)


def ask(page: Page, question: str) -> None:
    """Type a question and send it with Enter."""
    page.get_by_label("Question", exact=True).fill(question)
    page.get_by_label("Question", exact=True).press("Enter")
