"""Much is asked: many people at the page, many questions, long conversations, a large library.

    python bench/load.py browsers [--people 8] [--seconds 600]   # at the page, each in a browser
    python bench/load.py in_a_row [--times 1000]                 # one process, one after the other
    python bench/load.py conversation [--turns 200]              # one conversation at the page
    python bench/load.py large [--articles 100000]               # its Library sheet

A scene prints tables in Markdown; without a name all four run. `--model` names another model than
the default; with `--model none` the quotes are the answers (`in_a_row` alone, as the page does not
open without a model). `--raw` is a folder for all that was asked and shown. The page is `qa chat`
in a process of its own over `seeds/`, in a home of its own. People type fast, pause for some
seconds behind an answer, and begin a new conversation after a few questions, having loaded the page
again to see that all is kept; the questions of the one long conversation are pasted. Needs
Debian's chromium, and Linux.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from large_sheet import sheet_rows
from load_figures import Asked, alike, crossed, each, seconds, thirds
from load_page import Visitor, chromium, page_of_seeds
from machine import machine
from measuring import Row, alone, read_questions
from playwright.async_api import TimeoutError as TookTooLong
from serving import LOOK_S, resident_mb
from workbench import SEEDS, Workbench

from index import table
from qa.answering.assistant import Assistant
from qa.conversing.archive import FILE_NAME
from qa.models.catalogue import ModelKind, resolve_model
from qa.service.opening import open_assistant
from qa.settings import Settings, load_settings

BENCH = Path(__file__).parent
SEED = 20261130
LEAST_PAUSE_S, MOST_PAUSE_S = 1.0, 5.0
IN_A_CONVERSATION = 4
NO_MODEL = "none"


@dataclass(frozen=True)
class Options:
    """What is asked for on the command line."""

    people: int
    seconds: float
    times: int
    turns: int
    articles: int
    cache: Path
    model: str
    raw: Path | None

    @property
    def settings(self) -> Settings:
        """The default settings, with the model that was named."""
        if self.model in ("", NO_MODEL):
            return load_settings()
        return load_settings(model=self.model)

    def keep(self, scene: str, asked: Sequence[Asked], memory: Sequence[float]) -> None:
        """Write all that was asked and shown, and the megabytes meanwhile, if a folder is named."""
        if self.raw:
            lines = (json.dumps(asdict(one), ensure_ascii=False) for one in asked)
            (self.raw / f"{scene}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
            (self.raw / f"{scene}-mb.json").write_text(json.dumps(memory), encoding="utf-8")


@dataclass
class Log:
    """All that came of a time at the page."""

    asked: list[Asked] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    not_kept: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def main() -> None:
    """Run the scenes that are named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"of {', '.join(SCENES)}")
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "cuttings-bench"
    )
    parser.add_argument("--model", default="", help="another model, or none")
    parser.add_argument("--raw", type=Path, help="a folder for all that was asked and shown")
    given = vars(parser.parse_args())
    names = given.pop("scenes") or list(SCENES)
    options = Options(**given)
    settings = options.settings
    model = resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)
    print(machine(settings, model), flush=True)
    for name in names:
        print(f"\n## {name}\n", flush=True)
        for rows in SCENES[name](options):
            print(table(rows), flush=True)


# Eight people


@asynccontextmanager
async def _watched(pid: int, memory: list[float]) -> AsyncIterator[None]:
    """Note the memory of a process now and then, until the block ends."""

    async def watch() -> None:
        while True:
            memory.append(resident_mb(pid))
            await asyncio.sleep(LOOK_S)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


def browsers(options: Options) -> Iterator[list[Row]]:
    """People ask, each in a browser of their own, for some minutes."""
    with page_of_seeds(options.settings) as (url, pid, _):
        log = asyncio.run(_people(url, pid, options))
    options.keep("browsers", log.asked, log.memory)
    quoted = [one.quotes_s for one in log.asked if one.quotes_s is not None]
    same = alike(log.asked)
    yield [
        {
            "people": options.people,
            "seconds": options.seconds,
            "answers": len(log.asked),
            **seconds("first quotes", quoted),
            **seconds("answer", [one.answered_s for one in log.asked]),
            "answers of a person": each(log.asked, options.people),
            **thirds("MB", log.memory),
        }
    ]
    yield [
        {
            "not answered": len(log.unanswered),
            "under another question": len(crossed(log.asked)),
            "not there after loading again": len(log.not_kept),
            "errors of the page": len(log.errors),
            "asked by several": same.repeated,
            "with other quotes": len(same.other_quotes),
            "with another text": len(same.other_text),
        }
    ]
    _tell(log.unanswered, log.not_kept, log.errors, same.other_quotes, same.other_text)


async def _people(url: str, pid: int, options: Options) -> Log:
    log = Log()
    questions = standing_alone(SEEDS / "questions.jsonl")
    async with chromium() as browser, _watched(pid, log.memory):
        visitors = [
            await Visitor.arrive(number, await browser.new_context(), url)
            for number in range(options.people)
        ]
        until = time.monotonic() + options.seconds
        await asyncio.gather(*(_person(one, questions, until, log) for one in visitors))
    return log


async def _person(visitor: Visitor, questions: Sequence[str], until: float, log: Log) -> None:
    """Ask one question after the other, in an order of one's own."""
    order = random.Random(SEED + visitor.number)
    waiting: list[str] = []
    while time.monotonic() < until:
        here: list[Asked] = []
        while len(here) < IN_A_CONVERSATION and time.monotonic() < until:
            waiting = waiting or order.sample(questions, len(questions))
            question = waiting.pop()
            await asyncio.sleep(order.uniform(LEAST_PAUSE_S, MOST_PAUSE_S))
            try:
                here.append(await visitor.ask(question))
            except TookTooLong:
                log.unanswered.append(question)
                break
        log.asked += here
        kept: list[tuple[str, str]] = []
        with suppress(TookTooLong):  # then nothing is there
            await visitor.begin(await visitor.conversation())
            kept = await visitor.read(len(here))
        log.not_kept += [one.question for one in here if (one.question, one.text) not in kept]
        await visitor.begin()
    log.errors += visitor.errors


def standing_alone(file: Path) -> list[str]:
    """The questions of a set that need no earlier one, each once."""
    rows = read_questions(file)
    return list(dict.fromkeys(str(row["question"]) for row in rows if not row.get("history")))


def _tell(*found: Sequence[str]) -> None:
    """What the figures do not tell, on stderr."""
    for those in found:
        for one in those:
            print(f"- {one}", file=sys.stderr, flush=True)


# A thousand questions


def in_a_row(options: Options) -> Iterator[list[Row]]:
    """One process asks its own assistant, one question after the other."""
    with tempfile.TemporaryDirectory() as name:
        bench = Workbench(options.settings.model_copy(update={"index_dir": Path(name)}), Path(name))
        bench.index_seeds()
        measured = alone(_in_a_row, bench.settings, options.times, options.model != NO_MODEL)
    asked: list[Asked] = measured["asked"]
    options.keep("in_a_row", asked, measured["memory"])
    took, same = [one.answered_s for one in asked], alike(asked)
    yield [
        {
            "questions": len({one.question for one in asked}),
            "asked": len(asked),
            **seconds("answer", took),
            **thirds("MB", measured["memory"]),
        }
    ]
    yield [
        {
            "questions asked again": same.repeated,
            "with other quotes": len(same.other_quotes),
            "with another text": len(same.other_text),
        }
    ]
    _tell(same.other_quotes, same.other_text)


def _in_a_row(settings: Settings, times: int, with_model: bool) -> Row:
    """In a process of its own: every question in turn, in another order each time."""
    questions = list(
        dict.fromkeys(
            [
                *standing_alone(SEEDS / "questions.jsonl"),
                *standing_alone(BENCH / "everyday.jsonl"),
            ]
        )
    )
    order = random.Random(SEED)
    asked: list[Asked] = []
    memory: list[float] = []
    with open_assistant(settings, with_model=with_model) as assistant:
        assistant.look_up("warm up")
        while len(asked) < times:
            for question in order.sample(questions, len(questions))[: times - len(asked)]:
                asked.append(_answered(assistant, question))
                memory.append(resident_mb(os.getpid()))
    return {"asked": asked, "memory": memory}


def _answered(assistant: Assistant, question: str) -> Asked:
    started = time.perf_counter()
    answer = assistant.answer(question)
    took = time.perf_counter() - started
    quotes = tuple(f"{one.number} {one.quote}" for one in answer.evidence)
    return Asked(
        0, question, answer.question, answer.outcome.value, answer.text, quotes, took, itself_s=took
    )


# A long conversation


def conversation(options: Options) -> Iterator[list[Row]]:
    """Somebody asks and follows up, turn by turn, in one conversation at the page."""
    with page_of_seeds(options.settings) as (url, pid, home):
        yield from asyncio.run(_long(url, pid, home, options))


async def _long(url: str, pid: int, home: Path, options: Options) -> list[list[Row]]:
    log = Log()
    async with chromium() as browser:
        context = await browser.new_context()
        visitor = await Visitor.arrive(0, context, url)
        for question in turns(SEEDS / "questions.jsonl", options.turns):
            log.asked.append(await visitor.ask(question, typed=False))
            log.memory.append(resident_mb(pid))
        query = await visitor.conversation()
        database = sum(file.stat().st_size for file in home.glob(f"{FILE_NAME}*"))
        started = time.monotonic()
        again = await Visitor.arrive(0, context, f"{url}{query}")
        kept = await again.read(options.turns)
        usable_s = time.monotonic() - started
        last = await again.ask(log.asked[0].question, typed=False)
        page_mb = len(await again.page.content()) / 1e6
    options.keep("conversation", log.asked, log.memory)
    shown = [(one.question, one.text) for one in log.asked]
    parts = {
        f"turns {first + 1} to {first + len(those)}": those
        for first in range(0, options.turns, max(1, options.turns // 4))
        if (those := log.asked[first : first + max(1, options.turns // 4)])
    }
    return [
        [{"turns": name, **_part(those)} for name, those in parts.items()],
        [
            {
                **thirds("MB", log.memory),
                f"{FILE_NAME}, MB": database / 1e6,
                "seconds to the page again": usable_s,
                "a question then, s": last.answered_s,
                "of that the answer itself, s": last.itself_s or 0.0,
                "HTML of the page, MB": page_mb,
                "turns not kept": len([one for one in shown if one not in kept]),
                "under another question": len(crossed(log.asked)),
                "errors of the page": len(visitor.errors) + len(again.errors),
            }
        ],
    ]


def _part(asked: Sequence[Asked]) -> Row:
    """What a turn took, and how much of that was not the answer itself."""
    quoted = [one.quotes_s for one in asked if one.quotes_s is not None]
    beyond = [one.answered_s - one.itself_s for one in asked if one.itself_s is not None]
    return {
        **seconds("first quotes", quoted),
        **seconds("answer", [one.answered_s for one in asked]),
        "beyond the answer itself: p50 s": statistics.median(beyond),
        "at most s": max(beyond),
    }


def turns(file: Path, count: int) -> list[str]:
    """So many turns: every question, a follow-up behind those it follows, over and over."""
    rows = read_questions(file)
    once = [
        str(question)
        for row in rows
        for question in [*(turn["question"] for turn in row.get("history", ())), row["question"]]
    ]
    return [once[number % len(once)] for number in range(count)]


# A large library


def large(options: Options) -> Iterator[list[Row]]:
    """Somebody lists, searches, opens, removes and asks in a library of very many articles."""
    yield from sheet_rows(options.articles, options.cache, options.settings)


SCENES = {
    "browsers": browsers,
    "in_a_row": in_a_row,
    "conversation": conversation,
    "large": large,
}

if __name__ == "__main__":
    main()
