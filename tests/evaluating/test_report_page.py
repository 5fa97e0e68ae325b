"""The report in a real browser, opened as the file it is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.evaluating.runs import evaluate
from tests.evaluating.fake_assistant import (
    ARTICLES,
    QUESTIONS,
    REFUSES,
    RIGHT_REPLIES,
    FakeAssistant,
    Reply,
)

pytestmark = pytest.mark.browser

CONFIDENCE = {"cost": 0.9, "mayor": 0.4, "demand": 0.6, "tunnel": 0.1}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run that answers one wrongly, refuses one wrongly, and is right in three."""
    bad = {
        "What did the bridge cost?": Reply(
            "It cost <b>nothing</b>.",
            supported=False,
            found=(("bridge", "It cost 42 million", 9.0),),
        ),
        "Which mayor cut the ribbon?": replace(REFUSES, found=(("bridge", "Mayor Inês", 5.0),)),
    }
    asked = {question.question: question.id for question in QUESTIONS}
    replies = {
        question: replace(reply, confidence=CONFIDENCE[asked[question]])
        if isinstance(reply, Reply) and asked[question] in CONFIDENCE
        else reply
        for question, reply in {**RIGHT_REPLIES, **bad}.items()
    }
    folder = tmp_path_factory.mktemp("run") / "run"
    evaluate(
        QUESTIONS,
        FakeAssistant(replies),
        ARTICLES.get,
        folder,
        retrieval_only=False,
        resume=False,
        config={"refuse_below": 0.15},
        report=lambda _: None,
    )
    return folder / "report.html"


@pytest.fixture
def page(chromium: Browser, report: Path) -> Iterator[Page]:
    """The report, open; at the end nothing else was asked for, and nothing went to the console."""
    context = chromium.new_context()
    requested: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: requested.append(request.url))
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(report.as_uri())
    yield page
    context.close()
    assert [url for url in requested if not url.startswith("data:")] == [report.as_uri()]
    assert said == []


def shown(page: Page) -> list[str]:
    """The ids of the questions that are to be seen, in their order."""
    # their text contents: rows beyond the screen are not laid out, and have no inner text
    rows = page.locator(".question:visible summary > span:nth-child(2)").all_text_contents()
    asked = {question.question: question.id for question in QUESTIONS}
    return [asked[row] for row in rows]


def test_the_list_is_filtered_and_sorted(page: Page) -> None:
    everything = ["cost", "mayor", "demand", "tunnel", "captain"]
    assert shown(page) == everything
    expect(page.locator("#shown")).to_have_text("5 of 5 shown")

    page.locator("#find").fill("RIBBON mayor")
    assert shown(page) == ["mayor"]
    expect(page.locator("#shown")).to_have_text("1 of 5 shown")
    page.locator("#find").fill("")

    page.locator("#tag").select_option("names")
    assert shown(page) == ["mayor", "captain"]
    page.locator("#tag").select_option("near miss")
    assert shown(page) == ["tunnel"]
    page.locator("#tag").select_option("any")

    page.locator("#sort").select_option("confidence, highest first")
    assert shown(page) == ["cost", "demand", "mayor", "tunnel", "captain"]
    page.locator("#sort").select_option("F1, worst first")
    assert shown(page) == ["cost", "mayor", "demand", "tunnel", "captain"]
    page.locator("#sort").select_option("outcome")
    assert shown(page)[:2] == ["mayor", "cost"]  # lost by the bar, misread, right
    page.locator("#sort").select_option("as in the set")
    assert shown(page) == everything

    page.get_by_text("lost by the bar 1", exact=True).click()
    assert shown(page) == ["mayor"]
    expect(page.locator("#shown")).to_have_text("1 of 5 shown")


def test_an_opened_question_shows_what_was_said_and_where_it_stands(page: Page) -> None:
    page.get_by_role("button", name="Open or close all").click()
    assert page.locator(".question[open]").count() == 5
    cost = page.locator(".question").first
    expect(cost).to_contain_text("It cost <b>nothing</b>. (not found in the sources)")
    line = cost.locator(".unsupported").first.evaluate(
        "e => getComputedStyle(e).textDecorationLine"
    )
    assert line == "underline"
    demand = page.locator(".question").nth(2)
    expect(demand.locator("mark.cited").first).to_have_text("The union asks for 6 per cent.")
    page.get_by_role("button", name="Open or close all").click()
    assert page.locator(".question[open]").count() == 0


@pytest.mark.parametrize("media", ["screen", "print"])
def test_nothing_is_wider_than_a_phone_or_a_sheet(page: Page, media: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800} if media == "screen" else
                           {"width": 720, "height": 1000})  # fmt: skip
    page.emulate_media(media=media)  # type: ignore[arg-type]  # two of its literals
    page.locator(".question").evaluate_all("rows => rows.forEach((row) => { row.open = true; })")
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 1  # what is a fraction of a pixel wider is rounded up
    assert page.locator(".controls").is_visible() is (media == "screen")
    assert page.locator("figure svg").count() == 5
