"""Nothing that is read moves while an answer comes: by the browser's own count, and by place."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from qa.engine.generation import StopFlag
from qa.types import Answered, Event, Reading, Retrieved, Waiting, Writing
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import (
    COUNT,
    EVIDENCE,
    FERRY,
    FERRY_QUESTION,
    FIRE,
    HITS,
    answer,
    cite,
    close,
    conflicting,
    hit,
    refused,
)
from tests.ui.scripted import ScriptedAssistant
from ui.sessions import UPDATE_INTERVAL_S

pytestmark = pytest.mark.browser

# Layout shifts (WICG Layout Instability) beyond half a second after a key or a click. The answer's
# own words are left out, as its last line grows: see FIRST_WORDS. So are the quotes below it, which
# give way to all but its first two lines.
WATCH = """() => {
  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
  const name = (node) => node?.id || node?.className || node?.nodeName;
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources } of list.getEntries())
      for (const { node, previousRect, currentRect } of hadRecentInput ? [] : sources)
        if (node && !node.parentElement?.closest("#live .answer, #live .evidence")
            && !node.classList?.contains("evidence"))
          shifts.push(`${name(node)}: from ${place(previousRect)} to ${place(currentRect)}`);
  }).observe({ type: "layout-shift" });
}"""
AFTER_INPUT_MS = 600

PLACES = """() => ["#banner", "#composer", "#live .question", "#live .status", "#live .answer"]
  .map((part) => document.querySelector(part).getBoundingClientRect().y)"""

FIRST_WORDS = """() => {
  const words = document.createRange();
  words.selectNodeContents(document.querySelector("#live .answer .text").firstChild);
  return [...words.getClientRects()].map(({ x, y, right, bottom }) => [x, y, right, bottom]);
}"""

LONG = answer(
    FERRY_QUESTION,
    [("The harbour office said that 212 passengers were on board [1].", (cite(FERRY, 1, "212"),))]
    * 12,
    evidence=EVIDENCE,
)
SHORT = answer(
    "Was anybody hurt?",
    [("Nobody, say the articles [2].", (cite(FIRE, 2, "Nobody was hurt."),))],
    evidence=EVIDENCE,
)
ANSWERS = {
    FERRY_QUESTION: LONG,
    "Was anybody hurt?": SHORT,
    "Was anybody punished?": close("Was anybody punished?"),
    "How many?": conflicting("How many?"),
    "Who sang Tosca?": refused("Who sang Tosca?", (*HITS, hit(COUNT))),
}


def grows(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
    """Waits, reads, writes a sentence at a time, answers: each once the gate is opened."""
    reply = ANSWERS[question]
    written = () if reply.conflict else reply.sentences  # sides come all at once
    stages: list[list[Event]] = [
        [Waiting(0), *(Reading(done, 600) for done in range(0, 601, 20))],
        [Writing(sentence.text) for sentence in written],
        [Answered(reply)],
    ]
    yield Retrieved(reply.hits, reply.evidence)
    yield Waiting(1)
    for events in filter(None, stages):
        if not assistant.hold(stop):
            return
        assistant.gate.clear()
        for event in events:  # the last of them is not held back for others
            time.sleep(0.01 if event is not events[-1] else 2 * UPDATE_INTERVAL_S)
            yield event


def follow(page: Page, assistant: ScriptedAssistant, question: str) -> list[str]:
    """Ask, and see at each stage that all stands where it stood when the question was sent.

    The shifts that the browser has counted meanwhile.
    """
    reply = ANSWERS[question]
    ask(page, question)
    expect(page.locator("#live .question")).to_have_text(question)
    expect(page.locator("#live .status")).to_contain_text("Waiting")
    page.wait_for_timeout(AFTER_INPUT_MS)
    page.evaluate("shifts = []")  # of the box, which grew with the question, and of its sending
    before = page.evaluate(PLACES)
    assistant.gate.set()
    expect(page.locator("#live .percent")).to_have_text("100%")
    assert page.evaluate(PLACES) == before
    if reply.refusal is None and reply.conflict is None:
        assistant.gate.set()
        expect(page.locator("#live .writing .text")).to_have_text(reply.text)
        assert page.evaluate(PLACES) == before
    words = page.evaluate(FIRST_WORDS) if reply is LONG else None
    assistant.gate.set()
    expect(page.locator("#live .answered")).to_be_visible()
    assert page.evaluate(PLACES) == before
    assert words is None or page.evaluate(FIRST_WORDS) == words
    page.wait_for_timeout(100)  # the browser counts with the next frames
    counted: list[str] = page.evaluate("shifts.map(String)")
    return counted


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_an_answer_comes(serve: Serve, open_page: OpenPage, width: int) -> None:
    assistant = ScriptedAssistant(grows)
    page = open_page(serve(assistant), viewport={"width": width, "height": 800})
    page.evaluate(WATCH)
    for question in ANSWERS:
        assert follow(page, assistant, question) == []
    page.evaluate("document.querySelector('#live').style.paddingTop = '40px'")
    page.wait_for_function("shifts.length > 0")  # what does move is seen


def test_a_short_answer_does_not_move_the_quotes(serve: Serve, open_page: OpenPage) -> None:
    assistant = ScriptedAssistant(grows)
    page = open_page(serve(assistant), viewport={"width": 390, "height": 800})
    ask(page, SHORT.question)
    top = "document.querySelector('#live .evidence').getBoundingClientRect().y"
    expect(page.locator("#live .evidence li")).to_have_count(4)
    before = page.evaluate(top)
    for seen in ("#live .reading .percent", "#live .writing .text", "#live .answered .text"):
        assistant.gate.set()
        expect(page.locator(seen)).to_be_visible()
        assert page.evaluate(top) == before


def test_a_reload_shows_the_last_question_however_long_its_answer(
    serve: Serve, open_page: OpenPage
) -> None:
    def at_once(assistant: ScriptedAssistant, question: str, stop: StopFlag) -> Iterator[Event]:
        yield Answered(LONG)

    url = serve(ScriptedAssistant(at_once), ("Who sang Tosca?", "How many?"))
    page = open_page(url, viewport={"width": 390, "height": 500})
    ask(page, FERRY_QUESTION)
    expect(page.locator("#live .answered")).to_be_visible()
    expect(page.locator("#live .question")).to_be_in_viewport(ratio=1)
    page.reload()
    expect(page.locator("#live .answered")).to_be_visible()
    expect(page.locator("#empty")).to_be_hidden()
    expect(page.locator("#live .question")).to_be_in_viewport(ratio=1)
