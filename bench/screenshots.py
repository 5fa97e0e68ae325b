"""Takes the README's pictures from the real page: python bench/screenshots.py

Needs a library (`qa index`), the default model, and Debian's chromium.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright
from qa_ui.office import Office
from qa_ui.serving import running

from qa.conversing.archive import Archive
from qa.opening import open_reading_room
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


def main() -> None:
    """One picture in light at a laptop's width, one in dark at a phone's."""
    DOCS.mkdir(exist_ok=True)
    settings = load_settings()
    with (
        tempfile.TemporaryDirectory() as home,
        Archive.open(Path(home)) as archive,
        open_reading_room(settings) as room,
        running(Office(room, archive, ())) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        take(browser, url, "chat", 1280, 720, "light")
        take(browser, url, "chat-phone", 390, 780, "dark")
        browser.close()


if __name__ == "__main__":
    main()
