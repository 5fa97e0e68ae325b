"""The engines that keep a library."""

import pytest

from tests.library.stores import FileStores, PostgresStores, Stores


@pytest.fixture(
    scope="session", params=["file", pytest.param("postgres", marks=pytest.mark.cluster)]
)
def stores(request: pytest.FixtureRequest) -> Stores:
    """Each engine in turn."""
    if request.param == "file":
        return FileStores()
    return PostgresStores(request.getfixturevalue("postgres"))
