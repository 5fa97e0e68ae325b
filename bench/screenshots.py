"""Takes the pictures in docs/: python bench/screenshots.py [RUN_FOLDER | scan | review]

Needs the default models and Debian's chromium. The library is that of seeds/, made for it; every
answer is the model's own. It asks five questions (half a minute on two cores), and then goes
through the kept conversations, wide and light, then narrow and dark; of an answer there are also
pictures the other way round. With a run folder, the picture is that of its report alone; with
`scan`, that of a scanned page in which quoted words are marked; with `review`, that of a draft
beside its article.
"""

import io
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ocr_pages import SERIF, TEXTS, Setting, set_page
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from qa_ui.backend import Backend
from qa_ui.serving import running

from qa.conversing.archive import Archive
from qa.evaluating.reviewing import QUESTIONS
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.service.opening import open_embedder, open_ocr
from qa.service.service import open_service
from qa.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SEEDS = ROOT / "seeds"

EXAMPLES = (
    "Where did Blinken and Wang Yi meet?",
    "How long is the Ever Given?",
    "Who shared the Nobel Peace Prize of 2022?",
)
ANSWERED = "Where did Blinken and Wang Yi meet?"
REFUSED = "Who won the 2019 women's singles at Wimbledon?"
CONTESTED = "What is the length of the ship Ever Given?"

CLOSE = "In which hotel did Blinken and Wang Yi meet in Munich?"
SCANNED = "How many passengers did the ferry company carry last year?"
SUMMED_UP = "Summarise what happened to the Ever Given"

# The model phrases these. One for each look: what has been read once is not read again.
READ = (
    "What did China say about the balloon?",
    "How was the Ever Given freed?",
)

ANSWER_MS = 180_000
STILL = "document.getAnimations().every(one => one.playState === 'finished')"
HALF_READ = (
    "parseInt(document.querySelector('#live .reading .percent')?.textContent) >= 40"
    " && document.querySelector('#live .evidence')"
)


Show = Callable[[Page], None]
"""Brings a page into a state."""


@dataclass(frozen=True, slots=True)
class Look:
    """A window: its size in pixels, the colours that the system asks for, its pictures' suffix."""

    width: int
    height: int
    scheme: Literal["light", "dark"]

    suffix: str = ""


LOOKS = (Look(1440, 900, "light"), Look(390, 780, "dark", "-phone"))
OTHER_LOOKS = (Look(1440, 900, "dark", "-dark"), Look(390, 780, "light", "-phone-light"))
"""Only for an answer."""


def send(page: Page, question: str) -> None:
    """Type a question and send it."""
    box = page.get_by_label("Question", exact=True)
    box.fill(question)
    box.press("Enter")


def asked(page: Page, url: str, question: str) -> str:
    """The address of a conversation in which a question has been answered."""
    page.goto(url)
    send(page, question)
    page.locator("#live .answered").wait_for(timeout=ANSWER_MS)
    page.wait_for_url("**/?c=*")
    return page.url


def save(page: Page, name: str) -> None:
    """What is seen now, as docs/NAME.png: in 256 colours, a third of the bytes."""
    with Image.open(io.BytesIO(page.screenshot())) as seen:
        seen.convert("RGB").quantize(256).save(DOCS / f"{name}.png", optimize=True)
    print(f"docs/{name}.png", flush=True)


def states(url: str, addresses: dict[str, str]) -> dict[str, Show]:
    """How to come to each state of the page, by the name of its picture."""
    answered = addresses[ANSWERED]

    def open_source(address: str) -> Show:
        def show(page: Page) -> None:
            page.goto(address)
            page.locator("#live a.cite").first.click()
            page.mouse.move(0, 0)
            page.locator("mark.open").first.wait_for()

        return show

    opened = open_source(answered)

    def whole_article(page: Page) -> None:
        opened(page)
        page.locator(".source:focus .open-article").click()
        page.locator("#passage").wait_for()

    def sheet(name: str) -> Show:
        def show(page: Page) -> None:
            page.goto(answered)
            page.locator("#live a.cite").first.wait_for()
            page.locator(f"nav [data-sheet^={name}]").click()
            page.locator("#sheet .lines li").first.wait_for()

        return show

    def at(address: str, part: str) -> Show:
        def show(page: Page) -> None:
            page.goto(address)
            page.locator(part).first.wait_for()

        return show

    return {
        "empty": at(url, ".example"),
        "chat": opened,
        "article": whole_article,
        "summary": at(addresses[SUMMED_UP], ".answered .text"),
        "close": at(addresses[CLOSE], ".evidence.close"),
        "refusal": at(addresses[REFUSED], ".refusal:not(.close)"),
        "conflict": at(addresses[CONTESTED], ".conflict"),
        "library": sheet("library"),
        "conversations": sheet("conversations"),
        "settings": sheet("settings"),
    }


def take_all(browser: Browser, url: str) -> None:
    """Ask, then go through every state in every look, in one browser session: it keeps its own."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    for look, question in zip(LOOKS, READ, strict=True):
        put_on(page, look)
        take_reading(page, url, question, f"reading{look.suffix}")
    questions = (ANSWERED, SUMMED_UP, CLOSE, REFUSED, CONTESTED)
    shows = states(url, {one: asked(page, url, one) for one in questions})
    for look in (*LOOKS, *OTHER_LOOKS):
        put_on(page, look)
        for name in shows if look in LOOKS else ("chat",):
            shows[name](page)
            page.wait_for_function(STILL)
            save(page, f"{name}{look.suffix}")
    context.close()


def put_on(page: Page, look: Look) -> None:
    """Give the window a look."""
    page.set_viewport_size({"width": look.width, "height": look.height})
    page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")


def take_reading(page: Page, url: str, question: str, name: str) -> None:
    """Ask, take a picture when the quotes are there and the model is halfway through, and stop."""
    page.goto(url)
    send(page, question)
    page.wait_for_function(HALF_READ, timeout=ANSWER_MS)
    save(page, name)
    page.locator("#stop").click()
    page.locator("#live .stopped").wait_for()


def index_seeds(settings: Settings) -> None:
    """The library of seeds/."""
    with Store.create(settings.library_dir) as store:
        embedder = open_embedder(settings)
        index_folders([SEEDS], store, embedder, settings.passage_tokens, lambda _: None)


def take_report(browser: Browser, folder: Path) -> None:
    """Save what is seen of a run's report, a question opened, as docs/report.png."""
    page = browser.new_page(viewport={"width": 1280, "height": 2240}, color_scheme="light")
    page.goto((folder / "report.html").absolute().as_uri())
    page.locator("#sort").select_option("f1 down")
    page.locator(".question.right:has(mark.cited)").first.locator("summary").click()
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")  # a click scrolls to what it clicks
    save(page, "report")


def take_page(browser: Browser) -> None:
    """The pictures of the chat page, over a home of their own."""
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(index_dir=Path(home) / "index")
        index_seeds(settings)
        with (
            Archive.open(Path(home)) as archive,
            open_service(settings) as service,
            running(Backend(service, archive, EXAMPLES)) as url,
        ):
            take_all(browser, url)


def take_scan(browser: Browser) -> None:
    """Index a page of `ocr_pages`, ask, and save its picture in the sheet as docs/scan.png."""
    paragraphs = [one for text in TEXTS.values() for one in text]
    printed = set_page(Setting("English", 2, 200, 1.0, 6.0, SERIF), paragraphs)
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(index_dir=Path(home) / "index")
        (Path(home) / "in").mkdir()
        printed.picture.save(Path(home) / "in" / "grain quay.png")
        with Store.create(settings.library_dir) as store:
            embedder, ocr = open_embedder(settings), open_ocr(settings)
            folders = [Path(home) / "in"]
            index_folders(
                folders, store, embedder, settings.passage_tokens, lambda _: None, ocr=ocr
            )
        with (
            Archive.open(Path(home)) as archive,
            open_service(settings) as service,
            running(Backend(service, archive, EXAMPLES)) as url,
        ):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
            asked(page, url, SCANNED)
            page.locator(".see-page").first.click()
            page.locator(".page-picture").wait_for()
            page.wait_for_function(STILL)
            save(page, "scan")


def take_review(browser: Browser) -> None:
    """Draft the first questions of seeds/ anew, as it were, and save one as docs/review.png."""
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(index_dir=Path(home) / "index")
        index_seeds(settings)
        asked_of = (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()[:4]
        (Path(home) / QUESTIONS).mkdir()
        drafts = [json.dumps(json.loads(line) | {"draft": True}) for line in asked_of]
        (Path(home) / QUESTIONS / "suez.jsonl").write_text("\n".join(drafts), encoding="utf-8")
        with (
            Archive.open(Path(home)) as archive,
            open_service(settings) as service,
            running(Backend(service, archive, EXAMPLES)) as url,
        ):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
            page.goto(url)
            page.locator("nav [data-sheet^=review]").click()
            page.locator(".review mark").first.wait_for()
            page.wait_for_function(STILL)
            save(page, "review")


def main() -> None:
    """The pictures of the chat page, or the one that is named."""
    DOCS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        if sys.argv[1:] == ["scan"]:
            take_scan(browser)
        elif sys.argv[1:] == ["review"]:
            take_review(browser)
        elif sys.argv[1:]:
            take_report(browser, Path(sys.argv[1]))
        else:
            take_page(browser)
        browser.close()


if __name__ == "__main__":
    main()
