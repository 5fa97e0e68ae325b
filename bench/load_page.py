"""The chat page in a process of its own, and somebody at it who types, waits, and reads.

The clock is the page's own: from the key to the moment when what is waited for stands in the
document.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from load_figures import Asked
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright
from serving import QA, served
from workbench import SEEDS

from qa.settings import Settings

ANSWER_MS = 180_000
LOOK_MS = 100
TYPING_MS = 60
"""Between two keys: some 200 letters in 12 seconds, which is fast."""

CLOCK = """() => {
  let before = null;
  window.marks = {};
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || !target.closest("#question-box")) return;
    before = document.querySelector("#live .exchange")?.id ?? null;
    window.marks = { enter: performance.now() };
  }, true);
  new MutationObserver(() => {
    const live = document.querySelector("#live .exchange");
    if (!("enter" in window.marks) || !live || live.id === before) return;
    if (live.querySelector(".evidence li, .answer a.cite")) marks.quotes ??= performance.now();
    if (live.matches(".answered, .failed, .stopped")) marks.answered ??= performance.now();
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""

IS_ANSWERED = """() => {
  if (!window.marks?.answered || !document.querySelector("#ask")) return false;
  const button = document.querySelector("#live .exchange .open-sources");
  return !button || document.getElementById(button.dataset.sources) !== null;
}"""

SHOWN = """() => {
  const live = document.querySelector("#live .exchange");
  const text = (part) => live.querySelector(part)?.textContent ?? "";
  const section = document.getElementById(live.id.replace("exchange", "sources"));
  const sources = [...(section?.querySelectorAll(".source") ?? [])];
  return {
    outcome: live.className.replace("exchange", "").trim(),
    shown: text(".question"),
    understood: text(".understood"),
    text: text(".answer"),
    status: text(".status"),
    quotes: sources.map((one) => [one.querySelector("h3"), ...one.querySelectorAll("mark")]
      .map((part) => part.textContent).join(" … ")),
    marks,
  };
}"""


@contextmanager
def page_of(home: Path, settings: Settings) -> Iterator[tuple[str, int]]:
    """The page over the library of a home; its address and its process.

    A traceback of its process ends this one: nothing may go wrong unseen.
    """
    log = home / "page.log"
    with (
        log.open("w", encoding="utf-8") as said,
        served(["chat", "--no-browser"], _environment(home, settings), said) as page,
    ):
        yield page
    told = log.read_text(encoding="utf-8")
    if "Traceback" in told:
        raise AssertionError(told[told.index("Traceback") :])


@contextmanager
def page_of_seeds(settings: Settings) -> Iterator[tuple[str, int, Path]]:
    """The page over seeds/ in a new home; its address, its process and the home."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        environment = _environment(home, settings)
        subprocess.run([*QA, "index", str(SEEDS)], env=environment, check=True, capture_output=True)
        with page_of(home, settings) as (url, pid):
            yield url, pid, home


def _environment(home: Path, settings: Settings) -> dict[str, str]:
    """The environment of a command with a home of its own and the models of these settings."""
    return {
        **os.environ,
        "QA_HOME": str(home),
        "QA_MODELS_DIR": str(settings.models_dir),
        "QA_MODEL": settings.model,
    }


@dataclass
class Visitor:
    """A person at a page of a browser context of their own."""

    number: int
    page: Page
    url: str
    errors: list[str] = field(default_factory=list)
    leaving: bool = False

    @classmethod
    async def arrive(cls, number: int, context: BrowserContext, url: str) -> "Visitor":
        """Open the page, listening for whatever goes wrong in it."""
        page = await context.new_page()
        visitor = cls(number, page, url)
        page.on("pageerror", lambda error: visitor.note(str(error)))
        page.on("console", visitor.said)
        await visitor.begin()
        return visitor

    def said(self, message: ConsoleMessage) -> None:
        """Note what the page tells its console as an error."""
        if message.type == "error":
            self.note(message.text)

    def note(self, error: str) -> None:
        """Note an error, if the page is not just being left: what is cut off then may say so."""
        if not self.leaving:
            self.errors.append(error)

    async def begin(self, query: str = "") -> None:
        """Go to a new conversation, or to the one that the query names, until one can ask."""
        self.leaving = True
        async with self.page.expect_response(lambda response: "run/predict" in response.url):
            await self.page.goto(f"{self.url}{query}")
        self.leaving = False
        await self.page.locator("#sources .panel-head").wait_for(state="attached")
        await self.page.evaluate(CLOCK)

    async def ask(self, question: str, *, typed: bool = True) -> Asked:
        """Type a question, or paste it, and wait for its answer.

        Raises TimeoutError of Playwright.
        """
        box = self.page.get_by_label("Question", exact=True)
        if typed:
            await box.press_sequentially(question, delay=TYPING_MS)
        else:
            await box.fill(question)
        await box.press("Enter")
        await self.page.wait_for_function(IS_ANSWERED, polling=LOOK_MS, timeout=ANSWER_MS)
        seen: dict[str, Any] = await self.page.evaluate(SHOWN)
        marks = seen["marks"]
        itself = re.search(r"([\d.]+) s$", seen["status"])
        return Asked(
            self.number,
            question,
            seen["shown"],
            seen["outcome"],
            seen["text"],
            tuple(seen["quotes"]),
            (marks["answered"] - marks["enter"]) / 1000,
            (marks["quotes"] - marks["enter"]) / 1000 if "quotes" in marks else None,
            float(itself[1]) if itself else None,
            seen["understood"],
        )

    async def conversation(self) -> str:
        """The query by which the address names the conversation that is open."""
        query: str = await self.page.evaluate("location.search")
        return query

    async def read(self, count: int) -> list[tuple[str, str]]:
        """Every question on the page with the text of its answer, as soon as so many are there.

        Raises TimeoutError of Playwright.
        """
        if count:
            await self.page.locator(f"#exchange-{count}").wait_for()
        read: list[list[str]] = await self.page.locator(".exchange").evaluate_all(
            """all => all.map((one) => [one.querySelector(".question").textContent,
                                        one.querySelector(".answer").textContent])"""
        )
        return [(question, text) for question, text in read]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's browser, headless."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        await browser.close()
