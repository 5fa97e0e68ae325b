"""Takes the README's pictures from the real page: python bench/screenshots.py [RUN_FOLDER]

Needs Debian's chromium; the chat page a library (`qa index`) and the default model besides. With a
run folder, the picture is that of its report alone.
"""

import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright
from qa_ui.page import running

from qa.opening import open_assistant
from qa.settings import load_settings

DOCS = Path(__file__).parent.parent / "docs"
QUESTION = "Where did Blinken and Wang Yi meet?"
ANSWER_MS = 180_000


def ask(page: Page, question: str) -> None:
    """Type a question, send it, and wait for the checked answer."""
    box = page.get_by_label("Question", exact=True)
    box.fill(question)
    box.press("Enter")
    page.locator("#live a.cite").first.wait_for(timeout=ANSWER_MS)


def take(
    browser: Browser, url: str, name: str, width: int, height: int, scheme: Literal["light", "dark"]
) -> None:
    """Ask, open the first citation, and save what is seen as docs/NAME.png."""
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page.goto(url)
    ask(page, QUESTION)
    page.locator("#live a.cite").first.click()
    page.wait_for_function("document.getAnimations().every(one => one.playState === 'finished')")
    page.screenshot(path=DOCS / f"{name}.png")
    print(f"docs/{name}.png")


def take_report(browser: Browser, folder: Path) -> None:
    """Save what is seen of a run's report, a question opened, as docs/report.png."""
    page = browser.new_page(viewport={"width": 1280, "height": 1760}, color_scheme="light")
    page.goto((folder / "report.html").absolute().as_uri())
    page.locator("#sort").select_option("f1 down")
    page.locator(".question.right:has(mark.cited)").first.locator("summary").click()
    page.mouse.move(0, 0)
    page.screenshot(path=DOCS / "report.png")
    print("docs/report.png")


def take_chat(browser: Browser) -> None:
    """One picture in light at a laptop's width, one in dark at a phone's."""
    with (
        open_assistant(load_settings()) as assistant,
        running(assistant, (), f"seeds/ · {assistant.model_name}") as url,
    ):
        take(browser, url, "chat", 1280, 720, "light")
        take(browser, url, "chat-phone", 390, 780, "dark")


def main() -> None:
    """The pictures of the chat page, or that of the report of the run that is named."""
    DOCS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        if sys.argv[1:]:
            take_report(browser, Path(sys.argv[1]))
        else:
            take_chat(browser)
        browser.close()


if __name__ == "__main__":
    main()
