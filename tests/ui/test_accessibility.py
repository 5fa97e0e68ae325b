"""The page in every state, gone through by axe-core in light and dark, wide and narrow.

axe comes in by the browser's own debugging protocol, so the page's policy stays as it is served.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from qa.engine.generation import StopFlag
from qa.errors import BadQuestion
from qa.types import Answered, Event, Reading, Retrieved, Writing
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import (
    BUDGET,
    EVIDENCE,
    FERRY_ANSWER,
    FERRY_QUESTION,
    HITS,
    close,
    conflicting,
    refused,
)
from tests.ui.scripted import ScriptedAssistant, stream
from ui.sessions import UPDATE_INTERVAL_S

pytestmark = pytest.mark.browser

SERIOUS = {"serious", "critical"}

# Colours alone differ between light and dark, so there only what depends on them is asked again.
BY_COLOUR = ["color-contrast", "link-in-text-block"]

# What holds comes by name alone: with all that axe tells of it, it is slow to hand over.
RUN = """async (options) => {
  const { violations, passes } = await axe.run({ resultTypes: ["violations"], ...options });
  return { violations, passes: passes.map(({ id }) => id) };
}"""

STILL = "document.getAnimations().every(one => one.playState === 'finished')"


def by_question(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """A script for each state; "hold" stands still while it reads, and again with words shown."""
    if question == "break":
        raise BadQuestion("The question has 100,000 characters; 2,000 are the most.")
    if question == "hold":
        yield Retrieved(HITS, EVIDENCE)
        time.sleep(2 * UPDATE_INTERVAL_S)  # what comes sooner is shown with the next
        yield Reading(360, 600)
        if assistant.hold(stop):
            assistant.gate.clear()
            yield Writing(FERRY_ANSWER.sentences[0].text)
            if assistant.hold(stop):
                yield Answered(FERRY_ANSWER)
    elif question == FERRY_QUESTION:
        yield from stream(FERRY_ANSWER)
    elif question.startswith("How many"):
        yield from stream(conflicting(question))
    elif question.startswith("Was"):
        yield from stream(close(question))
    else:
        yield from stream(refused(question))


def found(page: Page, rules: list[str] | None = None) -> dict[str, list[Any]]:
    """What axe says of the page as it stands: rules that are broken, and names of those that hold.

    It is brought into the page once.
    """
    page.wait_for_function(STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    response: dict[str, list[Any]] = page.evaluate(
        RUN, {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    )
    return response


def serious(violations: list[Any]) -> list[str]:
    """A line for each element with which something serious is wrong."""
    return [
        f"{one['id']} ({one['impact']}): {' '.join(map(str, node['target']))} {node['html'][:120]}"
        for one in violations
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def faults_of(page: Page) -> list[str]:
    """What is serious in light, by all rules, and in dark by those of colours."""
    faults = serious(found(page)["violations"])
    page.emulate_media(color_scheme="dark")
    faults += [f"dark: {one}" for one in serious(found(page, BY_COLOUR)["violations"])]
    page.emulate_media(color_scheme="light")
    return faults


def go_through_answers(page: Page, assistant: ScriptedAssistant) -> Iterator[list[str]]:
    """The faults of an answer as it comes, of its source and article; then of other outcomes."""
    ask(page, "hold")
    expect(page.locator("#live .percent")).to_have_text("60%")
    yield faults_of(page)
    assistant.gate.set()
    page.locator("#live .writing .evidence a.from").first.click()
    expect(page.locator("#sources mark.open")).to_be_visible()
    yield faults_of(page)
    page.keyboard.press("Escape")
    expect(page.locator("#live .writing .evidence a.from.open")).to_be_visible()
    yield faults_of(page)
    assistant.gate.set()
    page.locator("#live .answered:has(.unsupported) a.cite").first.click()
    expect(page.locator("#sources mark.open")).to_be_visible()
    yield faults_of(page)
    page.locator("#src-1-1").get_by_role("button", name="Open article").click()
    expect(page.locator("#passage")).to_be_visible()
    yield faults_of(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    page.get_by_text("2 more quotes").click()
    yield faults_of(page)
    ask(page, "Was anybody punished?")
    expect(page.locator("#live .evidence.close")).to_be_visible()
    yield faults_of(page)
    ask(page, "How many were on board?")
    expect(page.locator("#live .conflict")).to_be_visible()
    yield faults_of(page)
    ask(page, "Who sang Tosca?")
    expect(page.locator("#live .refusal")).to_be_visible()
    page.locator("#live").get_by_role("button", name="Wrong", exact=True).click()
    expect(page.get_by_label("What would be right")).to_be_visible()
    yield faults_of(page)
    ask(page, "break")
    expect(page.locator("#live .error")).to_be_visible()
    yield faults_of(page)


def go_through_sheets(page: Page) -> Iterator[list[str]]:
    """The faults of conversations, of the library after a removal, of settings in a pull."""
    page.get_by_role("button", name="Conversations").click()
    page.get_by_label("More about hold").click()
    expect(page.get_by_role("button", name="Rename")).to_be_visible()
    yield faults_of(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Library").click()
    page.get_by_role("button", name=f"Remove {BUDGET.title}").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    yield faults_of(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Settings").click()
    yield faults_of(page)
    page.get_by_role("button", name="Download 1.9 GB: large").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    yield faults_of(page)
    page.locator("#stop-work").click()
    expect(page.locator("#models .error")).to_be_visible()
    yield faults_of(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_no_state_of_the_page_has_a_serious_fault(
    serve: Serve, open_page: OpenPage, width: int
) -> None:
    assistant = ScriptedAssistant(by_question)
    url = serve(assistant, ("Who sang Tosca?", "When did she sail?"))
    page = open_page(url, viewport={"width": width, "height": 800})
    assert faults_of(page) == []
    for faults in go_through_answers(page, assistant):
        assert faults == []
    for faults in go_through_sheets(page):
        assert faults == []


def test_axe_sees_what_is_wrong_on_this_very_page(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve(ScriptedAssistant(by_question)))
    ask(page, FERRY_QUESTION)
    expect(page.locator("#live .answered a.cite").first).to_be_visible()
    seen = found(page)
    assert serious(seen["violations"]) == []
    needed = {"label", "button-name", "link-name", "color-contrast", "aria-allowed-role"}
    assert needed <= set(seen["passes"])

    planted = (
        '<input id="unlabelled"><p id="pale" style="color:#eee;background:#fff">Pale</p>'
        '<button id="nameless"></button>'
    )
    page.locator("#live .exchange").evaluate(
        "(one, html) => one.insertAdjacentHTML('beforeend', html)", planted
    )
    lines = serious(found(page)["violations"])
    assert [line.split(")")[0] for line in sorted(lines)] == [
        "button-name (critical",
        "color-contrast (serious",
        "label (critical",
    ]
