"""The engines that keep a library; one server for all tests of a process."""

from collections.abc import Iterator

import pytest

from tests.library.stores import FileStores, PostgresStores, Stores
from tests.postgres_server import Server, running_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL server with pgvector."""
    with running_server() as server:
        yield server


@pytest.fixture(
    scope="session", params=["file", pytest.param("postgres", marks=pytest.mark.cluster)]
)
def stores(request: pytest.FixtureRequest) -> Stores:
    """Each engine in turn."""
    if request.param == "file":
        return FileStores()
    return PostgresStores(request.getfixturevalue("postgres"))
