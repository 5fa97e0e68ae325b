"""Files of every earlier form open, converted in their place, or are refused with the way out."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa.conversing.archive import FILE_NAME as CONVERSATIONS
from qa.conversing.archive import Archive
from qa.conversing.database import SCHEMA_VERSION as NEWEST_CONVERSATIONS
from qa.conversing.feedback import Verdict, question_set
from qa.conversing.records import Conversation
from qa.errors import ConversationError, LibraryError
from qa.library.checking import check_library
from qa.library.exporting import Exported, export_file
from qa.library.retrieval import Retriever
from qa.library.schema import SCHEMA_VERSION as NEWEST_LIBRARY
from qa.library.store import Store
from qa.settings import MAIN
from qa.types import Preferences
from tests.fakes import FakeEmbedder
from tests.library.stories import content, index
from tests.upgrading.dumps import form, load, numbers
from tests.upgrading.making import MAKERS, OWNER, is_new, make_conversations, make_library
from tests.upgrading.samples import write_articles

REFUSED = 1
"""The library of the first form knows too little of its files to be converted."""

LIBRARIES = [number for number in numbers("library") if number != REFUSED]
ARTICLES = {"bridge", "more/mayor", "port", "tower"}
EMBEDDER = FakeEmbedder(dimension=8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_articles(tmp_path / "in")
    (tmp_path / "index").mkdir()
    return tmp_path


@pytest.mark.parametrize("kind", MAKERS)
def test_the_form_of_today_is_among_the_dumps(kind: str, folder: Path) -> None:
    assert not is_new(kind, MAKERS[kind](folder), folder), (
        "The tables are not those of the newest dump. Convert a file of the form before to them"
        " (qa/library/schema.py, qa/conversing/database.py), then keep the new form, too, by:"
        " python -m tests.upgrading.making"
    )


@pytest.mark.parametrize("number", LIBRARIES)
def test_a_library_is_what_would_be_made_of_its_articles_today(number: int, folder: Path) -> None:
    load("library", number, folder / "index" / "library.db", folder / "in")
    anew = folder / "anew"
    anew.mkdir()
    (anew / "in").symlink_to(folder / "in")
    with Store.open(folder / "index") as store, Store.create(anew / "index") as fresh:
        index(fresh, folder / "in", embedder=EMBEDDER, passage_tokens=12)
        assert store.articles() == fresh.articles()
        assert check_library(store.file) == ()
        (hit, *_) = Retriever(store, EMBEDDER).retrieve("高三十米", 3)
        assert hit.passage.article_id == "tower"
        embedder = FakeEmbedder(dimension=8)
        summary = index(store, folder / "in", embedder=embedder, passage_tokens=12)
        assert (embedder.embedded, len(summary.unchanged)) == (0, len(ARTICLES))
        assert content(store) == content(fresh)
        assert form(store.file) == form(fresh.file)


def test_a_library_of_the_first_form_is_refused_and_its_articles_are_saved(folder: Path) -> None:
    file = folder / "index" / "library.db"
    load("library", REFUSED, file, folder / "in")
    for opening in (Store.open, Store.create):
        with pytest.raises(LibraryError) as refused:
            opening(folder / "index")
    assert str(refused.value) == (
        f"The library {file} was made by an older version of this program. The articles' own files"
        " are untouched: move it away, then run: qa index FOLDER (qa articles export saves articles"
        " whose files are gone)."
    )
    assert export_file(file, folder / "saved") == Exported(3, 0)  # archives were not read yet
    file.rename(folder / "away.db")
    with Store.create(folder / "index") as store:
        index(store, folder / "saved", embedder=EMBEDDER)
        assert {article.id for article in store.articles()} == ARTICLES - {"more/mayor"}


def test_a_library_of_a_newer_version_is_left_to_that_one(folder: Path) -> None:
    write = make_library(folder)
    with closing(sqlite3.connect(write)) as connection, connection:
        newer = NEWEST_LIBRARY + 1
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (newer,))
    before = write.read_bytes()
    with pytest.raises(LibraryError, match=r"made by a newer version .* Use that one, or name"):
        Store.create(folder / "index")
    assert write.read_bytes() == before


def test_a_library_that_another_program_writes_can_be_opened(folder: Path) -> None:
    file = make_library(folder)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Store.open(folder / "index") as store:
            assert store.article_count() == len(ARTICLES)


def kept_in(folder: Path) -> tuple[Conversation, list[object]]:
    """The conversation in a home, and what else is kept there."""
    with Archive.open(folder) as archive:
        (line,) = archive.conversations(OWNER, "friday")
        conversation = archive.conversation(OWNER, line.id)
        assert conversation is not None
        return conversation, [
            line.questions,
            archive.verdicts(OWNER, line.id),
            len(question_set(archive.judgements())),
            archive.preferences(OWNER),
        ]


@pytest.mark.parametrize("number", numbers("conversations"))
def test_conversations_are_read_kept_and_judged(number: int, folder: Path) -> None:
    load("conversations", number, folder / CONVERSATIONS, folder)
    conversation, (questions, verdicts, _, preferences) = kept_in(folder)
    assert (conversation.title, conversation.collection) == ("When did the port reopen?", MAIN)
    (exchange,) = conversation.exchanges
    assert exchange.answer is not None
    assert exchange.answer.text == "On Friday [1]."
    assert exchange.answer.hits[0].passage.text.startswith("The port of Ostrava — by the sea — ")
    assert questions == 1
    assert verdicts == ({1: Verdict.RIGHT} if number >= 3 else {})
    assert preferences == (Preferences(passages=3) if number >= 4 else Preferences())
    with Archive.open(folder) as archive:
        archive.keep(OWNER, conversation.id, exchange)
        assert archive.judge(OWNER, conversation.id, 1, Verdict.WRONG, "On Saturday.")
        other = archive.begin("ann", "Who resigned?", "towns")
        assert archive.clip_token("ann")
        archive.prefer("ann", Preferences(refuse_below=0.5))
    after, (_, verdicts, lines, _) = kept_in(folder)
    assert (after, verdicts, lines) == (conversation, {1: Verdict.WRONG}, 1)
    with Archive.open(folder) as archive:
        named = archive.conversation("ann", other)
        assert named is not None
        assert named.collection == "towns"
    (folder / "anew").mkdir()
    assert form(folder / CONVERSATIONS) == form(make_conversations(folder / "anew"))


@pytest.mark.parametrize("number", numbers("conversations"))
def test_a_conversion_that_is_cut_short_leaves_what_was(number: int, folder: Path) -> None:
    file = folder / CONVERSATIONS
    load("conversations", number, file, folder)
    before = form(file)
    with closing(sqlite3.connect(file)) as connection:
        # A row that the conversion cannot read: its text is no UTF-8.
        connection.execute("UPDATE exchanges SET kept = CAST(X'FFFE' AS TEXT)")
        connection.commit()
    if number < 7:
        with pytest.raises(ConversationError, match=r"is damaged .* Bring it back from a copy"):
            Archive.open(folder)
        assert form(file) == before
    else:
        with Archive.open(folder) as archive:
            (line,) = archive.conversations(OWNER)
            with pytest.raises(ConversationError, match=r"is damaged .* Bring it back"):
                archive.conversation(OWNER, line.id)


def test_conversations_that_another_program_writes_can_be_opened(folder: Path) -> None:
    file = make_conversations(folder)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        conversation, _ = kept_in(folder)
    assert len(conversation.exchanges) == 1


def test_conversations_of_a_newer_version_are_left_to_that_one(folder: Path) -> None:
    file = make_conversations(folder)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST_CONVERSATIONS + 1}")
    before = file.read_bytes()
    with pytest.raises(ConversationError, match="kept by a newer version"):
        Archive.open(folder)
    assert file.read_bytes() == before
