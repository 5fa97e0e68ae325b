"""The library file: what is in it, what is said when it is broken, and who may write."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qa.errors import IndexMissing, LibraryError
from qa.library.duplicates import band_keys
from qa.library.embedding import embedding_digest
from qa.library.records import EmbeddedPassage, Heading, Recipe
from qa.library.storage import Storage
from qa.library.store import Store
from qa.types import EVERYTHING, Article, Passage, Scope
from tests.fakes import FakeEmbedder
from tests.library.stores import Stores
from tests.library.stories import STORIES, content, index, write

RECIPE = Recipe("e", 2, 8, 1)


def put(store: Storage, article_id: str, *texts: str) -> None:
    whole = " ".join(texts)
    article = Article(article_id, f"Title {article_id}", whole, None, None, "d")
    passages = []
    for number, text in enumerate(texts):
        start = whole.index(text)
        passages.append(
            Passage(
                f"{article_id}#{number}", article_id, article.title, None, start,
                start + len(text), text,
            )
        )  # fmt: skip
    vector = np.array([1, 0], dtype=np.float32)
    embedded = [
        EmbeddedPassage(passage, embedding_digest(passage), vector, band_keys(passage.text))
        for passage in passages
    ]
    with store.changing() as changes:
        changes.put(article, Path(f"{article_id}.txt"))
        changes.put_passages(embedded, RECIPE)


def rows_of_every_table(store: Store) -> dict[str, int]:
    connection = sqlite3.connect(store.file)
    tables = ("files", "articles", "passages", "vectors", "bands", "passage_words_docsize")
    counts = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables
    }
    connection.execute("INSERT INTO passage_words (passage_words) VALUES ('integrity-check')")
    connection.close()
    return counts


def test_what_is_put_is_there_when_opened_again(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", STORIES))
        before, generation = content(store), store.generation()
    with stores.open(tmp_path) as store:
        assert content(store) == before
        assert store.generation() == generation
        assert [article.id for article in store.articles()] == ["bridge", "mayor", "port"]
        article = store.article("mayor")
        assert article is not None
        passages = store.passages("mayor")
        # Ten words fit: its first two sentences have three and six, its last has nine.
        assert [passage.id for passage in passages] == ["mayor#0", "mayor#1"]
        assert all(article.text[p.start : p.end] == p.text for p in passages)
        assert [store.passage(passage.id) for passage in passages] == list(passages)


def test_an_article_knows_its_file_and_a_file_its_articles(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", STORIES))
        assert store.file_of("mayor") == next(
            file for file in store.files().values() if "mayor" in file.article_ids
        )
        assert store.file_of("nobody") is None


def test_what_is_not_there(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path) as store:
        put(store, "a", "One two.")
        assert store.article("b") is None
        assert store.passages("b") == ()
        assert [store.passage(name) for name in ("a#1", "a", "", "#", "a#x", "b#0")] == [None] * 6
        assert store.passages_in([999]) == {}
        assert store.matching([], 5) == {}


def test_removing_leaves_no_row_no_vector_and_no_word(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        put(store, "a", "Zebras run.", "Lions sleep.")
        put(store, "b", "Lions eat.")
        with store.changing() as changes:
            changes.remove(["a", "never there"])
        assert rows_of_every_table(store) == {
            "files": 1, "articles": 1, "passages": 1, "vectors": 1, "bands": 12,
            "passage_words_docsize": 1,
        }  # fmt: skip
        assert store.matching(["zebras"], 5) == {}
        assert len(store.matching(["lions"], 5)) == len(store.vectors().rows) == 1
        with store.changing() as changes:
            changes.remove(["b"])
        assert set(rows_of_every_table(store).values()) == {0}


def test_a_row_number_is_never_given_twice(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path) as store:
        put(store, "a", "One.")
        (first,) = store.vectors().rows
        with store.changing() as changes:
            changes.remove(["a"])
        put(store, "b", "Two.")
        (second,) = store.vectors().rows
        assert second > first


def test_words_match_by_stem_and_without_diacritics_titles_counting_half(
    stores: Stores, tmp_path: Path
) -> None:
    with stores.create(tmp_path) as store:
        put(store, "a", "Řeka stoupala. The meetings were long.")
        put(store, "b", "Nothing of note here at all.")
        assert len(store.matching(["reka"], 5)) == 1
        assert len(store.matching(["meeting"], 5)) == 1
        assert len(store.matching(["title"], 5)) == 2
        assert all(score > 0 for score in store.matching(["title", "note"], 5).values())


def test_copies_share_a_band_and_are_live(stores: Stores, tmp_path: Path) -> None:
    said = "The ministry said on Friday that the bridge over the river will open again in May."
    with stores.create(tmp_path) as store:
        put(store, "a", said)
        put(store, "b", "Nothing of the kind stands here, not even nearly, in any of its words.")
        put(store, "c", said, "More of it.")
        put(store, "d", said)
        rows = {passage.id: row for row, passage in store.passages_in(store.live_rows()).items()}
        a, c, d = rows["a#0"], rows["c#0"], rows["d#0"]
        assert store.copies_of(a) == (c, d)
        assert store.copies_of(d) == (a, c)
        assert store.copies_of(rows["b#0"]) == store.copies_of(9999) == ()
        assert store.copies_of(a, limit=1) == (c,)
        assert store.copies_of(d, limit=1) == (a,)
        with store.changing() as changes:
            changes.remove(["c"])
        assert store.copies_of(a) == (d,)


def test_pages_are_kept(stores: Stores, tmp_path: Path) -> None:
    article = Article("p", "Paged", "One. Two. Three.", None, None, "d", page_starts=(0, 5, 10))
    passage = Passage("p#0", "p", "Paged", None, 5, 16, "Two. Three.", page=2, page_turns=(10,))
    vector = np.array([1, 0], dtype=np.float32)
    with stores.create(tmp_path) as store:
        with store.changing() as changes:
            changes.put(article, Path("/p.pdf"))
            changes.put_passages([EmbeddedPassage(passage, b"d", vector, (1,))], RECIPE)
        assert store.article("p") == article
        assert store.passages("p") == (passage,)


def test_articles_are_listed_by_scope(stores: Stores, tmp_path: Path) -> None:
    stories = {
        "a.txt": "---\npublished: 2023-02-18\nsource: Desk\n---\nAé.",
        "b.txt": "---\npublished: 2023-03-01\nsource: Wire\n---\nBb.",
        "c.txt": "Undated.",
    }
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", stories))

        def ids(scope: Scope) -> list[str]:
            return [line.id for line in store.listing(scope)]

        assert ids(Scope()) == ["a", "b", "c"]
        assert ids(Scope(since=date(2023, 2, 18))) == ["a", "b"]
        assert ids(Scope(until=date(2023, 2, 28))) == ["a"]
        assert ids(Scope(sources=("Wire", "Other"))) == ["b"]
        line = store.listing()[0]
        assert (line.characters, line.passages, line.source) == (3, 1, "Desk")
        assert store.newest() == date(2023, 3, 1)
        assert [one.id for one in store.headings(Scope(), 9)] == ["b", "a", "c"]
        assert [one.id for one in store.headings(Scope(), 1)] == ["b"]
        assert [one.id for one in store.headings_with([], Scope())] == ["b", "a", "c"]
        assert store.headings_with(["d", "k"], Scope()) == (
            Heading("a", line.title, "Desk", date(2023, 2, 18)),
        )
        assert store.headings_with(["desk"], Scope(sources=("Wire",))) == ()
        assert (store.article_count(), store.article_count(Scope(sources=("Wire",)))) == (3, 1)


def test_a_name_that_is_no_utf8_is_kept(stores: Stores, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(b"/in/caf\xe9.txt"))
    with stores.create(tmp_path) as store:
        with store.changing() as changes:
            changes.put(Article("a", "T", "Text.", None, None, "d"), odd)
            changes.remember_roots([odd])
        assert set(store.files()) == {odd}
        assert store.roots() == (odd,)


def test_a_change_is_whole_or_nothing(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path) as store:
        put(store, "a", "One.")
        before, generation = content(store), store.generation()
        with pytest.raises(ZeroDivisionError), store.changing() as changes:
            changes.remove("a" if turn else str(1 / turn) for turn in (1, 0))
        assert (content(store), store.generation()) == (before, generation)


def test_a_reader_sees_one_state_while_another_writes(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path) as writer, stores.open(tmp_path) as reader:
        put(writer, "a", "One.")
        with reader.reading():
            assert reader.article_count() == 1
            put(writer, "b", "Two.")
            assert (reader.article_count(), reader.passage_count()) == (1, 1)
        assert reader.article_count() == 2


def test_many_threads_may_read(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", STORIES))
        expected, seen = content(store), []
        threads = [threading.Thread(target=lambda: seen.append(content(store))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [expected] * 8


def test_no_library(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=f"no index in {tmp_path}. Make one with: qa index"):
        Store.open(tmp_path)
    (tmp_path / "library.db").touch()
    with pytest.raises(IndexMissing):
        Store.open(tmp_path)


def test_a_file_that_is_no_library_is_named_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    file.write_bytes(b"Dear diary, " * 500)
    for opening in (Store.open, Store.create):
        with pytest.raises(LibraryError, match=r"library\.db is not a library, or.*move it away"):
            opening(tmp_path)
    assert file.read_bytes().startswith(b"Dear diary")


def test_another_program_s_database_and_another_version_s_library(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(LibraryError, match="is not a library"):
        Store.create(tmp_path)
    file.unlink()
    Store.create(tmp_path).close()
    connection = sqlite3.connect(file)
    connection.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
    connection.commit()
    connection.close()
    with pytest.raises(LibraryError, match="made by a newer version"):
        Store.open(tmp_path)


@pytest.mark.slow
def test_a_full_disk_keeps_what_was_there(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        put(store, "a", "One.")
        pages = store._database.connection.execute("PRAGMA page_count").fetchone()[0]
        store._database.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LibraryError, match=r"disk is full\. Free some space and run qa index"):
            put(store, "b", *(f"Many words {number}." for number in range(2000)))
        assert [article.id for article in store.articles()] == ["a"]
    with Store.open(tmp_path) as store:
        assert store.article_count() == 1


def test_a_read_only_library_says_so(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        store._database.connection.execute("PRAGMA query_only = ON")
        with pytest.raises(LibraryError, match=r"cannot be written\. Check the rights"):
            put(store, "a", "One.")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="cannot be made"):
        Store.create(tmp_path / "file" / "index")


KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
import numpy as np
from qa.library.store import Store
from tests.library.test_store import put

with Store.create(Path(sys.argv[1])) as store:
    put(store, "a", "One.")
    with store.changing() as changes:
        changes.remove(["a"])
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_a_process_killed_inside_a_change_leaves_the_library_as_it_was(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(tmp_path)]
    child = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
    assert child.returncode == -signal.SIGKILL
    with Store.open(tmp_path) as store:
        assert [article.id for article in store.articles()] == ["a"]
        assert len(store.matching(["one"], 5)) == 1
        index(store, write(tmp_path / "in", STORIES), embedder=FakeEmbedder())
        assert store.article_count() == 3


def test_passages_with_words_in_them_or_in_their_title_newest_first(
    stores: Stores, tmp_path: Path
) -> None:
    with stores.create(tmp_path) as store:
        put(store, "a", "The dams of Lorn broke.", "Nobody was hurt.")
        put(store, "b", "A dam is built.", "It stands in Lorn.")
        put(store, "c", "Un père à Lorn.")

        def found(*words: str, scope: Scope = EVERYTHING) -> list[str]:
            return [passage.id for passage in store.passages_with(words, scope)]

        assert found("dam", "lorn") == ["a#0"]
        assert found("title", "lorn") == ["a#0", "b#1", "c#0"]  # a title is its every passage's
        assert found("pere") == ["c#0"]
        assert found("OR") == []
        assert found() == []
        assert found("lorn", scope=Scope(since=date(2022, 1, 1))) == []


def test_passages_with_words_come_by_date_the_undated_last(stores: Stores, tmp_path: Path) -> None:
    files = {
        f"{name}.md": f"---\npublished: {day}\ntitle: {name}\n---\nThe port of {name} is open."
        for name, day in (("a", "2022-03-01"), ("b", "2023-03-01"))
    }
    with stores.create(tmp_path / "index") as store:
        index(store, write(tmp_path / "in", {**files, "c.txt": "Port\n\nThe port is open."}))
        assert [passage.article_id for passage in store.passages_with(["port"], EVERYTHING)] == [
            "b", "a", "c",
        ]  # fmt: skip


def test_the_best_that_match_are_the_first_of_all_that_match_whatever_else_is_stored(
    stores: Stores, tmp_path: Path
) -> None:
    with stores.create(tmp_path) as store:
        for name, said in (("c", "Rain."), ("b", "Rain."), ("d", "Rain, rain."), ("a", "Rain.")):
            put(store, name, said, "Nothing else.")
        every = list(store.matching(["rain"], 9))
        ids = store.passages_in(every)
        # Equal scores by id: the order in which articles came decides nothing.
        assert [ids[row].id for row in every] == ["d#0", "a#0", "b#0", "c#0"]
        for limit in range(5):
            assert list(store.matching(["rain"], limit)) == every[:limit]
        unseen = Recipe("another", 2, 8, 1)
        with store.changing() as changes:
            changes.put_passages(
                [
                    EmbeddedPassage(
                        Passage("a#0", "a", "Rain", None, 0, 5, "Rain."), b"d",
                        np.array([1, 0], dtype=np.float32), (1,),
                    )
                ],
                unseen,
            )  # fmt: skip
        assert list(store.matching(["rain"], 2)) == every[:2]


def test_the_file_of_an_article_and_the_newest_titles(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path / "index") as store:
        folder = write(tmp_path / "in", {**STORIES, "empty.md": "---\ntitle: None\n---\n"})
        index(store, folder)
        files = store.files()
        assert store.file_of("port") == files[folder / "port.txt"]
        assert store.file_of("none") is None
        assert sorted(store.file_digests()) == sorted(
            file.digest for file in files.values() if file.article_ids
        )
        assert len(files) == 4
        assert store.newest_titles(2) == ("The mayor resigned.", "Bridge closed")


def test_an_index_that_an_older_library_lacks_is_added_by_the_next_run(tmp_path: Path) -> None:
    named = "SELECT count(*) FROM sqlite_master WHERE name = 'articles_of_day'"
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path / "index") as store:
        index(store, folder)
    with sqlite3.connect(tmp_path / "index" / "library.db") as connection:
        connection.execute("DROP INDEX articles_of_day")
    with Store.open(tmp_path / "index") as store:
        index(store, folder)
    assert connection.execute(named).fetchone() == (1,)
    connection.close()


def test_a_source_is_known_with_its_accents_typed_in_either_form(
    stores: Stores, tmp_path: Path
) -> None:
    with stores.create(tmp_path / "index") as store:
        index(store, write(tmp_path / "in", {"a.md": "---\nsource: Právo\n---\nAno."}))
        typed = Scope(sources=("pra\u0301vo",))
        assert store.known_sources(typed) == Scope(sources=("Právo",))
