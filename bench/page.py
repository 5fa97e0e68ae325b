"""How soon the chat page shows what it finds, and how soon a stop gives it back, in Chromium.

    python bench/page.py [--quick N]

Needs the default models and Debian's chromium. Questions of seeds/ that stand alone, the subjects
in turn, each in a new conversation of the page as `qa chat` opens it: ten asked to their end; then
all thirty, those stopped that the model reads for, as most are answered by a quote as it stands.
They are put into the box at once and sent, so that nothing is read before Enter. The clock is the
page's own: from the key or the click to the moment when what is waited for stands in the document.
Writes bench/page.md and prints it; with --quick, the first N questions, and bench/page.md is left
as it is. Some minutes on two cores.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from figures import Line, column, interval, table
from measuring import Row
from playwright.sync_api import Page, sync_playwright
from qa_ui.backend import Backend
from qa_ui.serving import running
from workbench import Workbench

from qa.conversing.archive import Archive
from qa.service.service import open_service
from qa.settings import load_settings

REPORT = Path(__file__).with_suffix(".md")

MOST_QUESTIONS = 10
GOAL_S = 1.0
ANSWER_MS = 180_000

# The model reads for some two seconds.
STOPPED_AFTER_MS = (200, 500, 1000)

NOTE = """Words are shown before the answer where one passage is sure while others are still read;
else they come with it."""

CLOCK = """() => {
  window.marks = {};
  const mark = (name) => (window.marks[name] ??= performance.now());
  const there = (part) => document.querySelector(part) !== null;
  document.addEventListener("keydown", ({ key }) => key === "Enter" && mark("enter"), true);
  document.addEventListener(
    "click", ({ target }) => target.closest("#stop") && mark("stop"), true);
  new MutationObserver(() => {
    if (there("#sources .source")) mark("sources");
    if (there("#live .answer .text, #live .answer .refusal")) mark("words");
    if (there("#live .answered")) mark("answered");
    const box = document.querySelector("#question-box textarea");
    if (window.marks.stop && there("#ask") && there("#live .stopped") && !box.disabled)
      mark("usable");
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""


def sent(page: Page, url: str, question: str) -> None:
    """Ask in a new conversation, the question put into the box whole."""
    with page.expect_response(lambda response: "run/predict" in response.url):
        page.goto(url)
    page.locator("#sources .none").wait_for(state="attached")
    page.evaluate(CLOCK)
    box = page.get_by_label("Question", exact=True)
    box.fill(question)
    box.press("Enter")


def seconds(page: Page, since: str) -> Row:
    """The seconds of every mark since one of them."""
    marks: dict[str, float] = page.evaluate("marks")
    return {f"{name}_s": (at - marks[since]) / 1000 for name, at in marks.items()}


def asked(page: Page, url: str, question: str) -> Row:
    """A question asked to its end."""
    sent(page, url, question)
    page.locator("#live .answered").wait_for(timeout=ANSWER_MS)
    refused = page.locator("#live .refusal").count() > 0
    return {"refused": refused, **seconds(page, "enter")}


def stopped(page: Page, url: str, question: str, after_ms: int) -> Row | None:
    """A question stopped so long after its reading began; None where it was answered by then."""
    sent(page, url, question)
    page.locator("#live .percent, #live .answered").first.wait_for(timeout=ANSWER_MS)
    if page.locator("#live .percent").count():
        page.wait_for_timeout(after_ms)
    reading = page.locator("#live .exchange.reading").count() > 0
    if not reading:
        page.locator("#live .answered").wait_for(timeout=ANSWER_MS)
        return None
    page.locator("#stop").click()
    page.locator("#live .exchange.stopped").wait_for()
    page.locator("#ask").wait_for()
    return seconds(page, "stop")


def measured(
    page: Page, url: str, questions: Sequence[str], to_their_end: int
) -> tuple[list[Row], list[Row]]:
    """The rows of questions that were answered, the first so many, and of those stopped."""
    answered, ended = [], []
    for question in questions[:to_their_end]:  # first, as what a stop leaves read would help them
        answered.append(asked(page, url, question))
        print(f"answered: {answered[-1]}", file=sys.stderr, flush=True)
    for number, question in enumerate(questions):
        row = stopped(page, url, question, STOPPED_AFTER_MS[number % len(STOPPED_AFTER_MS)])
        if row:
            ended.append(row)
        print(f"stopped: {row}", file=sys.stderr, flush=True)
    return answered, ended


def line(measure: str, values: Sequence[float], goal_s: float | None = None) -> Line:
    """A median of seconds, its interval and the largest, which has to meet the goal."""
    spread = f"{interval(values)}; at most {max(values):.2f} s"
    goal = f"each ≤ {goal_s:g} s" if goal_s else ""
    met = max(values) <= goal_s if goal_s else None
    return Line(measure, f"{statistics.median(values):.2f} s", spread, goal, met)


def lines(answered: Sequence[Row], ended: Sequence[Row]) -> list[Line]:
    """What the table tells."""
    told = [row for row in answered if not row["refused"]]
    return [
        line("Enter to the sources", column(answered, "sources_s"), GOAL_S),
        line("Enter to the first words of the answer", column(told, "words_s")),
        line("Enter to the checked answer, or the refusal", column(answered, "answered_s")),
        line("Stop while reading to a page that can be used", column(ended, "usable_s"), GOAL_S),
    ]


def main() -> None:
    """Measure, print the table, and publish one that is whole."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", type=int, metavar="N", help="only the first N questions")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(index_dir=Path(home) / "index")
        bench = Workbench(settings, Path(home), options.quick)
        bench.index_seeds()
        with (
            sync_playwright() as playwright,
            Archive.open(Path(home)) as archive,
            open_service(settings) as service,
            running(Backend(service, archive, ())) as url,
        ):
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            version = browser.version
            questions = [one.question for one in bench.questions]
            rows = measured(browser.new_page(), url, questions, MOST_QUESTIONS)
            browser.close()
        day = datetime.now().astimezone().date()
        made = f"Chromium {version}. Made by `bench/page.py`, whose head says what is asked."
        report = f"# The chat page, measured\n\n{day}, {bench.machine()}. {made}\n\n"
    report += table(lines(*rows)) + f"\n{NOTE}\n"
    print(report)
    if not options.quick:
        REPORT.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
