"""Bits of a home's files that turn over, one a time, and what becomes of what they hold."""

import json
import random
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from works import OWNER

from qa.conversing.archive import FILE_NAME as CONVERSATIONS
from qa.conversing.archive import Archive
from qa.conversing.feedback import Verdict
from qa.conversing.records import KeptExchange
from qa.errors import CuttingsError
from qa.evaluating.predictions import read_predictions
from qa.evaluating.runs import evaluate
from qa.library.checking import check_library
from qa.library.scanned_pages import FILE_NAME as SCANS
from qa.library.scanned_pages import ScannedPages
from qa.library.store import Store
from qa.library.vectors import load_snapshot, publish_snapshot
from qa.models.verifying import verify
from qa.reading.ocr import OcrLine
from qa.reading.scans import ScannedPage
from tests.evaluating.fake_assistant import ARTICLES, QUESTIONS, FakeAssistant
from tests.library.stories import content, index
from tests.library.test_killed import large_library
from tests.models.tiny import WEIGHTS, a_model
from tests.ui.harbour import FERRY_ANSWER, FERRY_QUESTION, HITS

SLOW_FLIPS = 10
"""Of the vectors, which are made anew from the library each time."""

HARMLESS, TOLD, CHECKED, UNSEEN, BROKE = (
    "nothing changes", "told", "told by `qa doctor` or `verify`", "unseen", "traceback",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A file, how to read all that it holds, and what else would find damage, if anything."""

    name: str
    file: Path
    make: Callable[[Path], None]
    read: Callable[[Path], object]
    examine: Callable[[Path], object] = lambda _: None
    slow: bool = False


def flips(times: int, harm: random.Random) -> str:
    """A table in Markdown: for each file, what came of so many bits that turned over."""
    columns = (HARMLESS, TOLD, CHECKED, UNSEEN, BROKE)
    lines = [f"| file | flips | {' | '.join(columns)} |", "| --- " * (len(columns) + 2) + "|"]
    said: list[str] = []
    for kept in KEPT:
        found: Counter[str] = Counter()
        with tempfile.TemporaryDirectory() as name:
            home = Path(name) / "home"
            home.mkdir()
            kept.make(home)
            whole = kept.read(Path(shutil.copytree(home, Path(name) / "whole")))
            for turn in range(SLOW_FLIPS if kept.slow else times):
                copy = Path(name) / f"copy-{turn}"
                shutil.copytree(home, copy)
                flip(next(copy.glob(str(kept.file))), harm)
                outcome, words = outcome_of(kept, copy, whole)
                found[outcome] += 1
                if outcome in (UNSEEN, BROKE) or (outcome == TOLD and found[TOLD] == 1):
                    said.append(f"- {kept.name}, {outcome}: {words.replace(str(copy), 'HOME')}")
                shutil.rmtree(copy)
        counts = " | ".join(str(found[one]) for one in columns)
        lines.append(f"| {kept.name} | {sum(found.values())} | {counts} |")
    return "\n".join([*lines, "", *said])


def flip(file: Path, harm: random.Random) -> None:
    """Turn one bit of a file over."""
    content = bytearray(file.read_bytes())
    content[harm.randrange(len(content))] ^= 1 << harm.randrange(8)
    file.write_bytes(content)


def outcome_of(kept: Kept, home: Path, whole: object) -> tuple[str, str]:
    """What became of a home in which a bit turned over, and what was said of it."""
    try:
        if kept.read(home) == whole:
            return HARMLESS, ""
    except CuttingsError as error:
        return TOLD, str(error)
    except Exception:  # noqa: BLE001 - whatever it is, it is what this looks for
        return BROKE, traceback.format_exc()
    try:
        found = kept.examine(home)
    except CuttingsError as error:
        return CHECKED, str(error)
    return (CHECKED, str(found)) if found else (UNSEEN, f"{kept.name} holds something else")


def _make_library(home: Path) -> None:
    (home / "in").mkdir()
    for number in range(40):
        text = " ".join(f"Word{number}x{n} stands here." for n in range(30))
        (home / "in" / f"a{number}.txt").write_text(f"Title {number}\n\n{text}")
    with Store.create(home / "index") as store:
        index(store, home / "in")


def _read_library(home: Path) -> object:
    with Store.open(home / "index") as store:
        return content(store), list(store.matching('"stands"', 50))


def _make_lock(home: Path) -> None:
    """As a killed program leaves it."""
    _make_library(home)
    (home / "index" / ".lock").write_text('{"pid": 4711, "since": "2024-03-16T12:30:00+00:00"}')


def _index_again(home: Path) -> object:
    with Store.create(home / "index") as store:
        return index(store, home / "in").unchanged


def _make_vectors(home: Path) -> None:
    large_library(home / "index")
    with Store.open(home / "index") as store:
        publish_snapshot(store, home / "index")


def _read_vectors(home: Path) -> object:
    with Store.open(home / "index") as store, store.reading():
        return load_snapshot(store, home / "index").nearest(np.eye(1, 64, dtype=np.float32)[0], 5)


def _make_conversations(home: Path) -> None:
    day = datetime(2024, 3, 16, 12, 30, tzinfo=UTC)
    with Archive.open(home) as archive:
        for _ in range(3):
            id_ = archive.begin(OWNER, FERRY_QUESTION)
            for number in range(1, 5):
                exchange = KeptExchange(number, FERRY_QUESTION, day, FERRY_ANSWER, HITS)
                archive.keep(OWNER, id_, exchange)
            archive.judge(OWNER, id_, 2, Verdict.WRONG, "On Friday.")


def _read_conversations(home: Path) -> object:
    with Archive.open(home) as archive:
        lines = archive.conversations(OWNER)
        return (
            lines,
            [archive.conversation(OWNER, line.id) for line in lines],
            [archive.verdicts(OWNER, line.id) for line in lines],
            archive.judgements(),
        )


def _make_scans(home: Path) -> None:
    lines = tuple(OcrLine(f"A line {n} of print", 0, n, 9, n, 9, 0.9) for n in range(30))
    with ScannedPages.opened(home) as pages:
        for number in range(20):
            pages.keep(b"scan", number, "reader", "digest", ScannedPage(lines))


def _read_scans(home: Path) -> object:
    """Every page; one that is not there is read again, so nothing is lost by it."""
    found: list[Any] = []
    with ScannedPages.opened(home) as pages:
        for number in range(20):
            found.append(pages.page(b"scan", number, "reader") or found[-1:] or "again")
    whole = next((page for page in found if isinstance(page, ScannedPage)), None)
    return [whole if page == "again" or isinstance(page, list) else page for page in found]


def _make_run(home: Path) -> None:
    evaluate(
        QUESTIONS, FakeAssistant(), ARTICLES.get, home / "run", retrieval_only=False, resume=False,
        config={}, report=lambda _: None,
    )  # fmt: skip


def _read_run(home: Path) -> object:
    file = home / "run" / "predictions.jsonl"
    parsed = read_predictions(file)
    return parsed, [json.loads(line) for line in file.read_text().splitlines()]


def _make_model(home: Path) -> None:
    model = a_model(WEIGHTS, hub=True)
    (home / "models").mkdir()
    model.path(home / "models").write_bytes(WEIGHTS)
    verify(model, home / "models")


KEPT = (
    Kept("library.db", Path("index/library.db"), _make_library, _read_library,
         lambda home: check_library(home / "index" / "library.db")),
    Kept("the vectors' file", Path("index/vectors-*.faiss"), _make_vectors, _read_vectors,
         slow=True),
    Kept("the lock file", Path("index/.lock"), _make_lock, _index_again),
    Kept(CONVERSATIONS, Path(CONVERSATIONS), _make_conversations, _read_conversations),
    Kept(SCANS, Path(SCANS), _make_scans, _read_scans),
    Kept("predictions.jsonl", Path("run/predictions.jsonl"), _make_run, _read_run),
    Kept("a GGUF", Path("models/*.gguf"), _make_model,
         lambda home: next((home / "models").glob("*.gguf")).read_bytes(),
         lambda home: verify(a_model(WEIGHTS, hub=True), home / "models")),
)  # fmt: skip
