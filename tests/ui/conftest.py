"""The page in Chromium."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ui.desk import Answering
from ui.page import running

OpenPage = Callable[..., Page]
Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves the page over an assistant until the test ends; gives its address."""
    with ExitStack() as stack:

        def start(assistant: Answering, examples: tuple[str, ...] = ()) -> str:
            return stack.enter_context(running(assistant, examples, "3 articles · scripted"))

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
            context.set_default_timeout(10_000)
            context.on("request", lambda request: requested.append(request.url))
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(url)
            page.locator("#sources .none").wait_for(state="attached")
            return page

        yield start
    beyond = [url for url in requested if not url.startswith(("http://127.0.0.1:", "data:"))]
    assert requested
    assert beyond == []
    assert errors == []


def ask(page: Page, question: str) -> None:
    """Type a question and send it with Enter."""
    page.get_by_label("Question", exact=True).fill(question)
    page.get_by_label("Question", exact=True).press("Enter")
