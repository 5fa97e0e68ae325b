"""What people do with a home, as short works on fakes, and whether all of it is there afterwards.

A work writes the name of each thing that it has been told is kept to `told`, a file outside the
home; after a kill or a fault those must be there. `check` raises Lost, or what the program says.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from qa.conversing.archive import Archive
from qa.conversing.feedback import Verdict
from qa.conversing.records import KeptExchange
from qa.errors import IndexMissing, LibraryError
from qa.evaluating.runs import evaluate
from qa.library.checking import check_library
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.models.catalogue import ModelState, model_state
from qa.models.pulling import pull
from qa.service.uploads import Shelf
from tests.evaluating.fake_assistant import ARTICLES, QUESTIONS, FakeAssistant
from tests.fakes import FakeEmbedder
from tests.library.stories import PASSAGE_TOKENS, content, index
from tests.models.tiny import a_model
from tests.ui.harbour import FERRY_ANSWER, FERRY_QUESTION, HITS

OWNER = "browser:ann"
FILES, EXCHANGES, UPLOADS = 40, 30, 10
WEIGHTS = b"GGUF" + bytes(range(256)) * 120_000  # 31 MB: the hub's library writes 10 at a time
ASKED = tuple(replace(one, id=f"{one.id}-{turn}") for turn in range(12) for one in QUESTIONS)


class Lost(Exception):
    """Something that was told to be kept is not there, or is not what it was."""


@dataclass(frozen=True, slots=True)
class Work:
    """A work in a home, made ready by `ready`, and the check of what it left; `told` as above."""

    name: str
    ready: Callable[[Path], None]
    run: Callable[[Path, Callable[[str], None]], None]
    check: Callable[[Path, list[str]], None]


def text_of(number: int) -> str:
    """An article with words of its own."""
    sentences = " ".join(f"Sentence s{number}x{n} stands here." for n in range(40))
    return f"Title {number}\n\n{sentences}"


def _write_articles(home: Path) -> None:
    (home / "in").mkdir()
    for number in range(FILES):
        (home / "in" / f"a{number:03}.txt").write_text(text_of(number))


def _index(home: Path, told: Callable[[str], None]) -> None:
    with Store.create(home / "index") as store:
        index(store, home / "in")
    told("index")


def _check_library(home: Path) -> None:
    """It is whole, or not there yet, and a passage that is found stands in its article."""
    file = home / "index" / "library.db"
    if not file.exists():
        return
    with suppress(IndexMissing):
        problems = check_library(file)
        if problems:
            raise Lost(problems[0])
        with Store.open(file.parent) as store:
            for hit in Retriever(store, FakeEmbedder()).retrieve("sentence", 3):
                article = store.article(hit.passage.article_id)
                if article is None or hit.passage.text not in article.text:
                    raise Lost(f"{hit.passage.id} does not stand in its article")


def _check_index(home: Path, told: list[str]) -> None:
    _check_library(home)
    _index(home, lambda _: None)  # it goes on to the end
    with Store.open(home / "index") as store, Store.create(home / "anew") as anew:
        index(anew, home / "in")
        if content(store) != content(anew):
            raise Lost("the library is not what a fresh one is")


def _exchange(number: int) -> KeptExchange:
    day = datetime(2024, 3, 16, 12, 30, tzinfo=UTC)
    return KeptExchange(number, f"{FERRY_QUESTION} ({number})", day, FERRY_ANSWER, HITS)


def _converse(home: Path, told: Callable[[str], None]) -> None:
    with Archive.open(home) as archive:
        for turn in range(EXCHANGES // 10):
            id_ = archive.begin(OWNER, f"{FERRY_QUESTION} ({turn})")
            for number in range(1, 11):
                archive.keep(OWNER, id_, _exchange(number))
                told(f"{id_} {number}")
            archive.judge(OWNER, id_, 3, Verdict.RIGHT)
            told(f"{id_} judged")


def _check_conversations(home: Path, told: list[str]) -> None:
    with Archive.open(home) as archive:
        for line in told:
            id_, what = line.split()
            if what == "judged":
                there = archive.verdicts(OWNER, id_) == {3: Verdict.RIGHT}
            else:
                conversation = archive.conversation(OWNER, id_)
                exchanges = conversation.exchanges if conversation else ()
                there = _exchange(int(what)) in exchanges
            if not there:
                raise Lost(f"{line} is not kept")
        archive.judgements()
        archive.keep(OWNER, archive.begin(OWNER, "And now?"), _exchange(1))


def _ask(home: Path, told: Callable[[str], None]) -> None:
    with Store.open(home / "index") as store, Archive.open(home) as archive:
        retriever = Retriever(store, FakeEmbedder())
        id_ = archive.begin(OWNER, FERRY_QUESTION)
        for number in range(1, EXCHANGES):
            retriever.retrieve(f"Where does s{number}x3 stand?", 5)
            archive.keep(OWNER, id_, _exchange(number))
            told(f"{id_} {number}")


def _check_asked(home: Path, told: list[str]) -> None:
    _check_library(home)
    _check_conversations(home, told)


def _index_before(home: Path) -> None:
    _write_articles(home)
    _index(home, lambda _: None)


def _shelf(home: Path, store: Store) -> Shelf:
    return Shelf(store, FakeEmbedder(), home / "uploads" / "main", PASSAGE_TOKENS)


def _upload(home: Path, told: Callable[[str], None]) -> None:
    with Store.create(home / "index") as store:
        shelf = _shelf(home, store)
        for number in range(UPLOADS):
            written = shelf.incoming("up.txt")
            written.write_text(text_of(number))
            (id_,) = shelf.add(written, f"up{number}-{os.getpid()}.txt").article_ids
            told(id_)
            if number % 5 == 4:  # it comes back under its id
                removal = shelf.remove(id_)
                if removal:
                    shelf.undo(removal.token)


def _check_uploads(home: Path, told: list[str]) -> None:
    _check_library(home)
    with Store.create(home / "index") as store:
        with suppress(LibraryError):  # nothing was uploaded yet
            index(store, home / "uploads" / "main")
        removed = home / "uploads" / "main" / ".removed"
        lying = {file.name.partition("-")[2].removesuffix(".txt") for file in removed.glob("*")}
        missing = set(told) - {one.id for one in store.articles()} - lying
        if missing:
            raise Lost(f"{min(missing)} is neither an article nor a file that was moved away")


def _evaluate(home: Path, told: Callable[[str], None]) -> None:
    evaluate(
        ASKED,
        FakeAssistant(),
        ARTICLES.get,
        home / "run",
        retrieval_only=False,
        resume=True,
        config={},
        report=lambda progress: told(ASKED[progress.done - 1].id),
    )


def _check_run(home: Path, told: list[str]) -> None:
    predictions = home / "run" / "predictions.jsonl"
    before = predictions.read_bytes().split(b"\n") if predictions.exists() else [b""]
    if len(set(told)) > len(before):
        raise Lost(f"{len(set(told))} questions were asked, {len(before) - 1} are written")
    _evaluate(home, lambda _: None)  # it goes on to the end
    after = predictions.read_bytes().splitlines()
    if not set(before[:-1]) <= set(after):  # asked by article, and put in order at the end
        raise Lost("a run that is resumed is not the run that was begun")
    if [json.loads(line)["id"] for line in after] != [one.id for one in ASKED]:
        raise Lost("a run that is resumed has not every question once, in their order")


def _pull(home: Path, told: Callable[[str], None]) -> None:
    pull(a_model(WEIGHTS, hub=True), home / "models", lambda _: None)
    told("pulled")


def _check_model(home: Path, told: list[str]) -> None:
    model, folder = a_model(WEIGHTS, hub=True), home / "models"
    file = model.path(folder)
    if file.exists() and file.read_bytes() != WEIGHTS:
        raise Lost("a model has its name and other bytes")
    if told and model_state(model, folder) is not ModelState.VERIFIED:
        raise Lost("a model that was pulled is not there")
    _pull(home, lambda _: None)
    if file.read_bytes() != WEIGHTS:
        raise Lost("a model that is pulled again has other bytes")


def _nothing(_: Path) -> None:
    """Begin with an empty home."""


WORKS = (
    Work("indexing", _write_articles, _index, _check_index),
    Work("asking", _index_before, _ask, _check_asked),
    Work("conversing", _nothing, _converse, _check_conversations),
    Work("uploading", _nothing, _upload, _check_uploads),
    Work("evaluating", _nothing, _evaluate, _check_run),
    Work("pulling", _nothing, _pull, _check_model),
)
