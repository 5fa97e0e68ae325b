"""The Library sheet of the page over a library of very many articles: what each act takes there."""

import asyncio
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Iterator
from pathlib import Path

from large_library import large_library
from load_page import Visitor, chromium, page_of
from many_articles import COUNTED, Notice, notice
from measuring import Row
from serving import resident_mb

from qa.settings import Settings

ROUNDS = 5
LOOK_MS = 20
LONGEST_MS = 120_000
SEED = 20261130
NEWER_THAN = "2025-01-01"

STATUS = "#article-list p.hint[role=status]"

SAYS = """([part, wanted]) => {
  const found = document.querySelector(part);
  return found !== null && found.textContent.includes(wanted);
}"""

IS_LISTED = """([title, count]) => {
  const lines = document.querySelectorAll("#article-list .line");
  return lines.length > 0 && lines[0].textContent.startsWith(title)
    && !document.querySelector("#article-list p.hint").textContent.startsWith(count);
}"""


class Sheet:
    """The sheet, and the seconds that each act took."""

    def __init__(self, visitor: Visitor, articles: int) -> None:
        self._page = visitor.page
        self._all = f"{articles:,} articles"
        self.took: dict[str, list[float]] = defaultdict(list)

    async def timed(self, act: str, done: Awaitable[object], script: str, *wanted: str) -> None:
        """Do something, and wait until the page shows that it is done."""
        started = time.monotonic()
        await done
        await self._page.wait_for_function(
            script, arg=list(wanted), polling=LOOK_MS, timeout=LONGEST_MS
        )
        self.took[act].append(time.monotonic() - started)

    async def open(self) -> None:
        """Open it, with the list of all."""
        button = self._page.get_by_role("button", name="Library", exact=True)
        await self.timed("open the sheet", button.click(), SAYS, STATUS, self._all)

    async def close(self) -> None:
        """Close it."""
        await self._page.get_by_role("button", name="Close").first.click()

    async def search(self, act: str, words: str, title: str) -> None:
        """Search the list until an article whose title begins so is the first."""
        box = self._page.get_by_label("Search articles")
        await self.timed(act, box.fill(words), IS_LISTED, title, self._all)

    async def narrow(self, one: Notice) -> None:
        """Narrow the list by a day, then by a source, then by no more than at first."""
        page, day = self._page, self._page.get_by_label("From")
        source = page.get_by_label("Source", exact=True)
        changed = "([part, count]) => !document.querySelector(part).textContent.startsWith(count)"
        await self.timed("narrow it by a day", day.fill(NEWER_THAN), changed, STATUS, self._all)
        await self.timed("list all again", day.fill(""), SAYS, STATUS, self._all)
        await self.timed(
            "narrow it by a source", source.select_option(one.source), changed, STATUS, self._all
        )

    async def read(self, one: Notice) -> None:
        """Open an article that is listed."""
        line = self._page.locator("#article-list .line", has_text=one.title)
        await self.timed("open an article", line.click(), SAYS, ".article-text", one.answer)

    async def remove(self, one: Notice) -> None:
        """Take it out, and bring it back."""
        button = self._page.get_by_role("button", name=f"Remove {one.title}", exact=True)
        removed = "#article-list .doubt"
        await self.timed(
            "remove an article", button.click(), SAYS, removed, f"Removed: {one.title}"
        )
        undo = self._page.get_by_role("button", name="Undo")
        gone = (
            "([title]) => !document.querySelector('#article-list .doubt') && "
            "[...document.querySelectorAll('#article-list .line')].some("
            "(line) => line.textContent === title)"
        )
        await self.timed("bring it back", undo.click(), gone, one.title)


def sheet_rows(articles: int, cache: Path, settings: Settings) -> Iterator[list[Row]]:
    """The tables: seconds of each act, and memory."""
    home = large_library(articles, cache, settings.models_dir)
    started = time.monotonic()
    with page_of(home, settings) as (url, pid):
        until_ready_s, at_first = time.monotonic() - started, resident_mb(pid)
        sheet, wrong, most = asyncio.run(_used(url, pid, articles))
        at_last = resident_mb(pid)
    yield [
        {"act": act, "times": len(took), "p50 s": statistics.median(took), "at most s": max(took)}
        for act, took in sheet.took.items()
    ]
    yield [
        {
            "articles": articles,
            "from the command to the page, s": until_ready_s,
            "MB at first": at_first,
            "MB at last": at_last,
            "MB at most": most,
            "answers without the figure asked for": wrong[0],
            "errors of the page": wrong[1],
        }
    ]


async def _used(url: str, pid: int, articles: int) -> tuple[Sheet, tuple[int, int], float]:
    """Use the sheet, and ask; how many answers were wrong and errors there were, most memory."""
    order = random.Random(SEED)
    wrong, memory = 0, [resident_mb(pid)]
    async with chromium() as browser:
        visitor = await Visitor.arrive(0, await browser.new_context(), url)
        sheet = Sheet(visitor, articles)
        for number in order.sample(range(articles), ROUNDS):
            one = notice(number)
            place = one.title.partition(":")[0]
            await sheet.open()
            await sheet.search("search a name", f"{place} {one.title.split()[-2]}", one.title)
            await sheet.read(one)
            await sheet.close()
            await sheet.open()
            await sheet.search("search a name", place.upper(), place)
            await sheet.remove(one)
            await sheet.close()
            await sheet.open()
            await sheet.search("search a word of many", COUNTED[number % len(COUNTED)][0], "")
            await sheet.close()
            await sheet.open()
            await sheet.narrow(notice(order.randrange(articles)))
            await sheet.close()
            memory.append(resident_mb(pid))
            asked = await visitor.ask(one.question)
            sheet.took["ask: first quotes"].append(asked.quotes_s or asked.answered_s)
            sheet.took["ask: answer"].append(asked.answered_s)
            wrong += one.answer not in asked.text
            asked = await visitor.ask(f"How many articles mention {place}?")
            sheet.took["ask how many mention it"].append(asked.answered_s)
            memory.append(resident_mb(pid))
    return sheet, (wrong, len(visitor.errors)), max(memory)
