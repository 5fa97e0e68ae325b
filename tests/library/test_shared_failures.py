"""What is said when a server, its rights, its extension or the address is not as it should be.

Every message is one line that names the place and the next step, and none has the password.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psycopg
import pytest

from qa.errors import IndexMissing, LibraryError
from qa.library.places import create_library, list_libraries, open_library, remove_library
from qa.library.postgres.address import Address
from qa.library.postgres.database import Database
from qa.library.postgres.store import PostgresStore
from qa.library.retrieval import Retriever
from qa.settings import Settings, load_settings
from tests.fakes import FakeEmbedder
from tests.library.stores import PostgresStores
from tests.library.stories import STORIES, index, write
from tests.library.test_store import put
from tests.postgres_server import PASSWORD, USER, Server

pytestmark = pytest.mark.cluster

WRONG = "wrong-and-secret"

UNIT = np.array([1, 0], dtype=np.float32)


def settings_of(address: str, collection: str = "desk") -> Settings:
    return load_settings(index=address, collection=collection)


def said(failing: Callable[[], object]) -> str:
    with pytest.raises(LibraryError) as failure:
        failing()
    message = str(failure.value)
    assert "\n" not in message
    assert PASSWORD not in message
    assert WRONG not in message
    return message


def opened(address: str) -> str:
    return said(lambda: create_library(settings_of(address)))


def test_a_server_that_is_away_or_of_no_such_name() -> None:
    away = opened(f"postgresql://{USER}:{WRONG}@127.0.0.1:1/news")
    assert away.startswith(
        f"The shared library postgresql://{USER}@127.0.0.1:1/news (desk) cannot be reached: "
    )
    assert away.endswith("See that its server is up and try again.")


def test_a_wrong_password_none_and_names_that_are_not_there(postgres: Server) -> None:
    assert "did not take the password. Correct it in QA_INDEX" in opened(postgres.address(WRONG))
    bare = f"postgresql://{USER}@127.0.0.1:{postgres.port}/postgres"
    assert "asks for a password. Give it in QA_INDEX or in ~/.pgpass" in opened(bare)
    assert "has no such database. Make it with createdb" in opened(
        postgres.address(database="nowhere")
    )


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://u:{WRONG}@h/d?no_such=1",
        f"postgresql://u:pass@{WRONG}:5@host/d",
        f"postgresql://u:{WRONG}/pass@host/d",
        "postgresql://[::1/d",
    ],
)
def test_an_address_that_is_none(address: str) -> None:
    assert "is no address that PostgreSQL understands" in opened(address)


def test_a_password_is_shown_nowhere(postgres: Server) -> None:
    for address in (
        f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{postgres.port}/postgres",
        f"postgresql://{USER}@127.0.0.1:{postgres.port}/postgres?password={PASSWORD}",
    ):
        settings = settings_of(address)
        with create_library(settings) as store:
            assert store.place == (f"postgresql://{USER}@127.0.0.1:{postgres.port}/postgres (desk)")
        assert PASSWORD not in repr(settings)
        assert PASSWORD not in repr(Address.of(address, "desk"))


def test_no_library_yet_and_no_article(postgres: Server, tmp_path: Path) -> None:
    settings = settings_of(postgres.address(), "empty")
    with pytest.raises(IndexMissing, match=r"no index in postgresql://.* \(empty\)\. Make one wit"):
        open_library(settings)
    with create_library(settings) as store, pytest.raises(IndexMissing, match="qa index FOLDER"):
        Retriever(store, FakeEmbedder()).retrieve("Who?", 1)


def test_another_embedder_s_library(postgres: Server, tmp_path: Path) -> None:
    with create_library(settings_of(postgres.address(), "other")) as store:
        index(store, write(tmp_path / "in", STORIES), embedder=FakeEmbedder(digest="another"))
        message = said(lambda: Retriever(store, FakeEmbedder()).retrieve("Who?", 1))
    assert re.search(r"\(other\) was made with another embedder\. Bring it up to date", message)


def test_an_old_pgvector_and_none(postgres: Server) -> None:
    with psycopg.connect(postgres.address(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE old_one")
    address = postgres.address(database="old_one")
    create_library(settings_of(address)).close()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE pg_extension SET extversion = '0.8.3'")
        assert "has pgvector 0.8.3; a shared library needs 0.8.4 or later" in opened(address)
        connection.execute("DROP EXTENSION vector CASCADE")
        message = said(lambda: open_library(settings_of(address)))
        assert "has pgvector none; a shared library needs 0.8.4 or later" in message


def test_who_may_only_read_reads_and_is_told_so_when_writing(
    postgres: Server, tmp_path: Path
) -> None:
    stores = PostgresStores(postgres)
    with stores.create(tmp_path) as store:
        put(store, "a", "One.")
    schema = stores.address(tmp_path).schema
    with psycopg.connect(postgres.address(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO reader".encode())
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader".encode())
    address = postgres.address().replace(f"//{USER}:", "//reader:")
    reading = Address.of(address, stores.address(tmp_path).collection)
    with PostgresStore.open(reading, tmp_path) as store:
        assert store.article_count() == 1
        assert len(store.matching(["one"], 5)) == len(store.nearest(UNIT, 5)) == 1
        assert "does not let this user do that" in said(lambda: put(store, "b", "Two."))
    assert "does not let this user do that" in said(
        lambda: create_library(settings_of(address, "new"))
    )


def test_a_full_disk_keeps_what_was_there(postgres: Server, tmp_path: Path) -> None:
    with PostgresStores(postgres).create(tmp_path) as store:
        put(store, "a", "One.")
        database: Database = store._database
        database.run(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE disk_full; END $$"
        )
        database.run(
            "CREATE TRIGGER full_disk BEFORE INSERT ON vectors EXECUTE FUNCTION full_disk()"
        )
        message = said(lambda: put(store, "b", "Two.", "Three."))
        assert "cannot grow: the server's disk is full. Free some space there and run" in message
        assert [article.id for article in store.articles()] == ["a"]


def test_collections_are_listed_and_removed_by_name(postgres: Server, tmp_path: Path) -> None:
    with psycopg.connect(postgres.address(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE listed")
    address = postgres.address(database="listed")
    assert list_libraries(settings_of(address)) == ()
    for name in ("ships", "main"):
        with create_library(settings_of(address, name)) as store:
            index(store, write(tmp_path / "in", STORIES))
    main, ships = list_libraries(settings_of(address))
    assert (main.name, main.articles, ships.name, ships.articles) == ("main", 3, "ships", 3)
    assert main.passages > 3
    assert main.size_bytes > 100_000
    remove_library(settings_of(address, "ships"))
    assert [line.name for line in list_libraries(settings_of(address))] == ["main"]
    assert "There is no library in" in said(lambda: remove_library(settings_of(address, "ships")))
    with open_library(settings_of(address, "main")) as store:
        assert store.article_count() == 3


def test_a_name_that_postgresql_would_cut_off(postgres: Server) -> None:
    message = said(lambda: create_library(settings_of(postgres.address(), "x" * 55)))
    assert "its name is longer than 54 letters. Choose a shorter one." in message


@pytest.mark.slow
def test_packages_that_are_not_here() -> None:
    script = (
        "import sys\nsys.modules['psycopg'] = None\n"
        "from qa.errors import LibraryError\nfrom qa.library.places import open_library\n"
        "from qa.settings import load_settings\n"
        "try:\n    open_library(load_settings(index='postgresql://u@h/d'))\n"
        "except LibraryError as error:\n    print(error)\n"
    )
    run = [sys.executable, "-c", script]
    root = Path(__file__).parents[2]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == (
        "A shared library needs packages that are not here. Install them with:"
        " pip install 'cuttings[cluster]'\n"
    )
