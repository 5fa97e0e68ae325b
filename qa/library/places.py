"""Where the library that settings name is kept: in a folder of this machine, or on a server.

What a shared library needs (`pip install 'cuttings[cluster]'`) is loaded only where one is named.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from qa.errors import LibraryError
from qa.library.collections import CollectionLine, list_collections, remove_collection
from qa.library.storage import Storage
from qa.library.store import Store
from qa.settings import Settings


def open_library(settings: Settings) -> Storage:
    """The library that settings name. Raises IndexMissing where there is none, LibraryError."""
    return _opened(settings, create=False)


def create_library(settings: Settings) -> Storage:
    """The library that settings name, made first where there is none. Raises LibraryError."""
    return _opened(settings, create=True)


def list_libraries(settings: Settings) -> tuple[CollectionLine, ...]:
    """Every collection beside the one that settings name, the main one first, then by name."""
    if not settings.shared_index:
        return list_collections(settings.index_dir)
    with _packages():
        from qa.library.postgres import collections
    return collections.list_collections(settings.shared_index)


def remove_library(settings: Settings) -> None:
    """Delete the library that settings name for good; the articles' own files stay.

    Raises IndexMissing when there is none, LibraryError while it is being indexed.
    """
    if not settings.shared_index:
        remove_collection(settings.library_dir)
        return
    with _packages():
        from qa.library.postgres import collections
    collections.remove_collection(settings.shared_index, settings.collection)


def place_of(settings: Settings) -> str:
    """What names the library in messages, with no password in it."""
    if not settings.shared_index:
        return str(settings.library_dir)
    with _packages():
        from qa.library.postgres.address import Address
    return Address.of(settings.shared_index, settings.collection).place


def refuse_shared(settings: Settings, what: str, instead: str) -> None:
    """Raise LibraryError, with what to do instead, where something is not done for a shared one."""
    if settings.shared_index:
        raise LibraryError(
            f"{what} is for a library on this machine; this one is shared. {instead}"
        )


def require_shared(settings: Settings) -> None:
    """Raise LibraryError, with what to do, where other machines have to reach the library."""
    if not settings.shared_index:
        raise LibraryError(
            "The machines of a cluster need a shared library. Name one in PostgreSQL:"
            " QA_INDEX=postgresql://USER@HOST/DATABASE, or leave --engine ray out."
        )


def _opened(settings: Settings, *, create: bool) -> Storage:
    if not settings.shared_index:
        folder = settings.library_dir
        return Store.create(folder) if create else Store.open(folder)
    with _packages():
        from qa.library.postgres.address import Address
        from qa.library.postgres.store import PostgresStore
    address = Address.of(settings.shared_index, settings.collection)
    open_it = PostgresStore.create if create else PostgresStore.open
    return open_it(address, settings.library_dir)


@contextmanager
def _packages() -> Iterator[None]:
    """Say how to install what is not here; psycopg also misses the library that it is built on."""
    try:
        yield
    except ImportError as error:
        raise LibraryError(
            "A shared library needs packages that are not here. Install them with:"
            " pip install 'cuttings[cluster]'"
        ) from error
