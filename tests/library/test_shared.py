"""What a library in PostgreSQL does beside what every library does: ranks, locks, survives."""

import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import LibraryError
from qa.library.embedder import Vectors
from qa.library.postgres.schema import MIGRATIONS
from qa.library.postgres.store import PostgresStore
from qa.library.records import EmbeddedPassage, Recipe
from qa.library.storage import Storage
from qa.library.store import Store
from qa.library.vectors import EXACT_ROWS
from qa.types import EVERYTHING, Article, Passage, Scope
from tests.fakes import FakeEmbedder
from tests.library.stores import PostgresStores
from tests.library.stories import STORIES, content, index, write
from tests.library.test_killed import story
from tests.library.test_store import put
from tests.library.unit_vectors import clustered
from tests.postgres_server import Server

pytestmark = pytest.mark.cluster


@pytest.fixture
def shared(postgres: Server) -> PostgresStores:
    return PostgresStores(postgres)


# Words


VOCABULARY = (
    "bridge bridges river rivers meeting meetings Řeka reka été mayor of the a title 2023 5 Zürich"
    " 海塔修好 塔 human rights"
).split()
TEXTS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(" ".join)


@pytest.fixture(scope="module")
def twins(
    postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Storage, PostgresStore]:
    """The same 60 passages in a file and on a server, words in all kinds of company."""
    folder = tmp_path_factory.mktemp("twins")
    stores = Store.create(folder), PostgresStores(postgres).create(folder)
    numbers = np.random.default_rng(20230218)
    for place in range(20):
        texts = [
            " ".join(numbers.choice(VOCABULARY, size=numbers.integers(1, 20))) + f" {place}x{n}."
            for n in range(3)
        ]
        for store in stores:
            put(store, f"{VOCABULARY[place % 5]}{place}", *texts)
    return stores


@settings(max_examples=50)
@given(terms=st.lists(st.one_of(st.sampled_from(VOCABULARY), TEXTS), min_size=1, max_size=5))
def test_passages_are_ranked_as_by_fts5_score_by_score(
    twins: tuple[Storage, PostgresStore], terms: list[str]
) -> None:
    ranked = []
    for store in twins:
        found = store.matching(terms, 50)
        passages = store.passages_in(found)
        ranked.append({passages[row].id: score for row, score in found.items()})
    in_file, on_server = ranked
    assert list(on_server) == list(in_file)
    assert on_server == pytest.approx(in_file, rel=1e-12)


@settings(max_examples=30)
@given(words=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3))
def test_passages_with_all_words_are_those_of_a_file(
    twins: tuple[Storage, PostgresStore], words: list[str]
) -> None:
    in_file, on_server = (store.passages_with(words, EVERYTHING) for store in twins)
    assert on_server == in_file


def test_bm25_by_hand(shared: PostgresStores, tmp_path: Path) -> None:
    with shared.create(tmp_path) as store:
        put(store, "a", "Rain, rain.", "Sun.", "Sun again.")
        (score,) = store.matching(["rain"], 5).values()
    # Two of 3 passages do not have it: ln((3 - 1 + .5) / (1 + .5)). Each has "title a" over it, so
    # they are 4, 3 and 4 words long; it stands there twice.
    idf, average = np.log(2.5 / 1.5), 11 / 3
    assert score == pytest.approx(idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 4 / average)))


def test_a_word_of_a_thousand_letters_and_no_words_at_all(
    shared: PostgresStores, tmp_path: Path
) -> None:
    with shared.create(tmp_path) as store:
        put(store, "a", "x" * 5000, "…!")
        assert len(store.matching(["x" * 5000], 5)) == 1
        assert store.matching(["…"], 5) == {}
        assert store.passages_with(["…"], EVERYTHING) == ()


# Vectors


def test_many_vectors_are_searched_by_hnsw_and_a_filter_leaves_none_out(
    shared: PostgresStores, tmp_path: Path
) -> None:
    vectors, question = short(clustered(EXACT_ROWS + 500, seed=5)), short(clustered(1, seed=6))[0]
    recipe = Recipe("made by hand", vectors.shape[1], 8, 1)
    with shared.create(tmp_path) as store:
        put_all(store, "many", None, vectors, recipe)
        assert near_indexes(store) == 0
        with store.only_writer(None):
            store.settle()
        assert near_indexes(store) == 1
        cosines = vectors @ question
        truth = (np.argsort(-cosines)[:50] + 1).tolist()
        found = store.nearest(question, 50)
        assert len(set(found) & set(truth)) >= 48
        assert list(found.values()) == pytest.approx([cosines[row - 1] for row in found], abs=1e-6)
        assert list(found.values()) == sorted(found.values(), reverse=True)
        put_all(store, "far", "Wire", -question[None], recipe)
        (row,) = store.nearest(question, 5, Scope(sources=("Wire",)))
        assert store.passages_in([row])[row].id == "far#0"


def short(vectors: Vectors) -> Vectors:
    """Unit vectors of 16 numbers: an index of them is built in a few seconds."""
    cut = vectors[:, :16]
    return np.asarray(cut / np.linalg.norm(cut, axis=1, keepdims=True), dtype=np.float32)


def put_all(
    store: Storage, name: str, source: str | None, vectors: Vectors, recipe: Recipe
) -> None:
    """An article with a passage for each vector, in the next free rows."""
    passages = [
        EmbeddedPassage(
            Passage(f"{name}#{n}", name, "t", None, 0, 1, "t"), f"{name}#{n}".encode(), vector, ()
        )
        for n, vector in enumerate(vectors)
    ]
    with store.changing() as changes:
        changes.put(Article(name, "t", "t", source, None, "d"), Path(f"/{name}"))
        changes.put_passages(passages, recipe)


def near_indexes(store: PostgresStore) -> int:
    sql = "SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname ^@ 'near_'"
    return len(store._rows(sql))


def test_vectors_may_be_stored_ahead_twice_and_go_when_nothing_comes(
    shared: PostgresStores, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", STORIES)
    embedder = FakeEmbedder()
    with Store.create(tmp_path / "file") as local, shared.create(tmp_path / "index") as store:
        index(local, folder)
        recipe, vectors = local.recipe(), local.vectors()
        assert recipe
        digests = [row[0] for row in local._rows("SELECT digest FROM live ORDER BY row")]
        for _ in range(2):
            store.keep_vectors(digests, vectors.matrix, recipe)
        store.keep_vectors([b"nobody's"], vectors.matrix[:1], recipe)
        assert store._rows("SELECT count(*) FROM vectors") == [(len(digests) + 1,)]
        index(store, folder, embedder=embedder)
        assert embedder.embedded == 0
        assert content(store) == content(local)
        assert store._rows("SELECT count(*) FROM vectors") == [(len(digests),)]


def test_removing_leaves_no_word_no_vector_and_no_band(
    shared: PostgresStores, tmp_path: Path
) -> None:
    with shared.create(tmp_path) as store:
        put(store, "a", "Zebras run.", "Lions sleep.")
        put(store, "b", "Zebras run.")
        with store.changing() as changes:
            changes.remove(["a"])
        tables = ("files", "articles", "passages", "vectors", "bands", "postings")

        def counts() -> list[int]:
            return [store._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables]

        assert counts() == [1, 1, 1, 1, 12, 4]
        assert store._rows("SELECT passages, words FROM recipes") == [(1, 4)]
        with store.changing() as changes:
            changes.remove(["b"])
        assert counts() == [0] * 6
        assert store._rows("SELECT passages, words FROM recipes") == [(0, 0)]


# One writer, whoever is killed, and a connection that is lost


HOLDING = """
import sys
from pathlib import Path
from qa.library.postgres.address import Address
from qa.library.postgres.store import PostgresStore

with PostgresStore.create(Address.of(*sys.argv[1:3]), Path(sys.argv[3])) as store:
    with store.only_writer(None):
        print("held", flush=True)
        sys.stdin.readline()
"""

DYING = """
import os, signal, sys
from pathlib import Path
from qa.library.postgres.address import Address
from qa.library.postgres.store import PostgresStore
from tests.fakes import FakeEmbedder
from tests.library.stories import index

class Deadly(FakeEmbedder):
    batches = 0
    def embed(self, texts):
        self.batches += 1
        if self.batches == int(sys.argv[6]):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed(texts)

with PostgresStore.create(Address.of(*sys.argv[1:3]), Path(sys.argv[3])) as store:
    print("begun", flush=True)
    if sys.argv[6] == "0":
        with store.changing() as changes:
            changes.remove(list(store.digests()))
            os.kill(os.getpid(), signal.SIGKILL)
    index(store, Path(sys.argv[4]), embedder=Deadly(), passage_tokens=int(sys.argv[5]))
"""


def command(script: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", script, *map(str, arguments)]


def other_process(
    script: str, stores: PostgresStores, folder: Path, *more: object
) -> "subprocess.Popen[str]":
    """A process that opens the library of a folder; it has said its first word."""
    address = stores.address(folder)
    arguments = (stores.server.address(), address.collection, folder, *more)
    process = subprocess.Popen(
        command(script, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


@pytest.mark.slow
def test_there_is_one_writer_and_a_killed_one_lets_go(
    shared: PostgresStores, tmp_path: Path
) -> None:
    holder = other_process(HOLDING, shared, tmp_path)
    with shared.open(tmp_path) as store:
        with (
            pytest.raises(LibraryError, match=rf"Another qa index is at work on .* since \d.*"
                          rf" \(qa .* {holder.pid}\)\. Try again when that is done\."),
            store.only_writer(None),
        ):  # fmt: skip
            pass
        said: list[str] = []
        threading.Timer(0.2, holder.kill).start()
        with store.only_writer(said.append):
            holder.communicate()
        assert len(said) == 1
        assert "waiting. Ctrl-C to leave it." in said[0]


def test_what_comes_next_never_finds_the_lock_of_a_run_that_has_ended(
    shared: PostgresStores, tmp_path: Path
) -> None:
    with shared.create(tmp_path) as store, psycopg.connect(shared.server.address()) as other:
        for _ in range(20):
            with store.only_writer(None):
                before = locks(other)
            assert (before, locks(other)) == (1, 0)


def locks(connection: psycopg.Connection[Any]) -> int:
    """How many advisory locks anybody has."""
    held = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
    ((count,),) = held.fetchall()
    return int(count)


@pytest.mark.slow
def test_killed_at_any_step_the_library_is_whole_and_becomes_that_of_a_file(
    shared: PostgresStores, tmp_path: Path
) -> None:
    files = {f"{n}.txt": story(str(n), sentences=800) for n in range(3)}  # two batches
    folder, place = write(tmp_path / "in", files), tmp_path / "index"
    # In the first run, inside a change, and while passages of another length are made.
    for passage_tokens, batch, there in ((12, 2, 2), (12, 0, 3), (8, 2, 3)):
        process = other_process(DYING, shared, place, folder, passage_tokens, batch)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        with shared.open(place) as store, Store.create(tmp_path / f"file{batch}") as fresh:
            assert 0 < store.article_count() <= there
            for article in store.articles():  # with all its passages, as they were before
                passages = store.passages(article.id)
                assert passages
                assert all(article.text[one.start : one.end] == one.text for one in passages)
            assert len(store.vectors().rows) == store.passage_count()
            index(store, folder, passage_tokens=passage_tokens)
            index(fresh, folder, passage_tokens=passage_tokens)
            assert content(store) == content(fresh)
            assert len(store.matching(["sentence"], 9)) == 9


def test_a_connection_that_was_lost_is_made_again_but_not_for_a_writer(
    shared: PostgresStores, tmp_path: Path
) -> None:
    with shared.create(tmp_path) as store:
        put(store, "a", "One.")
        end_connections(shared.server)
        assert store.article_count() == 1
        end_connections(shared.server)
        with store.reading():
            assert store.article_count() == 1
        with pytest.raises(LibraryError, match=r"is away: its server stopped or ended the conn"):
            removed_with_a_break(store, "a", shared.server)
        assert store.article_count() == 1
        with store.only_writer(None):
            end_connections(shared.server)
            with pytest.raises(LibraryError, match="is away"):
                put(store, "b", "Two.")
        put(store, "b", "Two.")
        assert store.article_count() == 2


def removed_with_a_break(store: PostgresStore, article_id: str, server: Server) -> None:
    with store.changing() as changes:
        changes.remove([article_id])
        end_connections(server)
        changes.remove([article_id])


def end_connections(server: Server) -> None:
    """As a server does that is stopped and started again."""
    with psycopg.connect(server.address(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND application_name LIKE 'qa %'"
        )


# Versions


def test_an_older_library_is_brought_up_to_date_and_a_later_one_refused(
    shared: PostgresStores, tmp_path: Path
) -> None:
    with shared.create(tmp_path) as store:
        put(store, "a", "One.")
        before = content(store)
        database = store._database
        for _ in range(2):  # the second time there is nothing to do
            database.migrate((*MIGRATIONS, "ALTER TABLE meta ADD COLUMN note text"))
        assert store._rows("SELECT value, note FROM meta WHERE key = 'schema'") == [("2", None)]
        assert content(store) == before
    with pytest.raises(LibraryError, match=r"made by a later version of this program\. Update"):
        shared.open(tmp_path)


def test_a_migration_that_fails_changes_nothing(shared: PostgresStores, tmp_path: Path) -> None:
    with shared.create(tmp_path) as store:
        put(store, "a", "One.")
        with pytest.raises(psycopg.errors.UndefinedTable):
            store._database.migrate((*MIGRATIONS, "DROP TABLE bands; DROP TABLE never_there"))
        assert store._rows("SELECT value FROM meta WHERE key = 'schema'") == [("1",)]
        assert store._rows("SELECT count(*) FROM bands") == [(12,)]


def test_nothing_of_it_is_loaded_for_a_library_in_a_file(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom qa.settings import load_settings\n"
        "from qa.library.places import create_library, list_libraries\n"
        f"settings = load_settings(Path({str(tmp_path)!r}))\n"
        "create_library(settings).close()\nlist_libraries(settings)\n"
        "print({'psycopg', 'pgvector'} & set(sys.modules))"
    )
    run = [sys.executable, "-c", script]
    root = Path(__file__).parents[2]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == "set()\n"
