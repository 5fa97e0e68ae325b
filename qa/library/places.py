"""Where libraries are kept: each collection in a folder of this machine, or on a server.

What a shared library needs (`pip install 'cuttings[cluster]'`) is loaded only where one is named.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa.errors import CuttingsError, IndexMissing, LibraryError
from qa.library import database, locking, scanned_pages
from qa.library.locking import only_writer
from qa.library.storage import Storage
from qa.library.store import Store
from qa.settings import COLLECTIONS, MAIN, Settings

_FILES = (
    database.FILE_NAME,
    f"{database.FILE_NAME}-wal",
    f"{database.FILE_NAME}-shm",
    "vectors-*",
    f"{scanned_pages.FILE_NAME}*",
    locking.FILE_NAME,
)
"""What belongs to a library in its folder, the lock last."""


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """What a list of collections says of one; `problem` is why it cannot be opened."""

    name: str
    articles: int
    passages: int
    newest: date | None
    size_bytes: int
    problem: str | None = None


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


def list_collections(index_dir: Path) -> tuple[CollectionLine, ...]:
    """Every collection that has been indexed, the main one first, then by name."""
    return tuple(
        described(name, sum(file.stat().st_size for file in _files(folder)), Store.open, folder)
        for name, folder in library_folders(index_dir).items()
    )


def library_folders(index_dir: Path) -> dict[str, Path]:
    """The folder of each collection that has been indexed, in the same order."""
    folders = {MAIN: index_dir}
    below = index_dir / COLLECTIONS
    if below.is_dir():
        folders |= {folder.name: folder for folder in sorted(below.iterdir())}
    return {
        name: folder for name, folder in folders.items() if (folder / database.FILE_NAME).exists()
    }


def remove_collection(library_dir: Path) -> None:
    """Delete a library for good; the articles' own files stay.

    Raises IndexMissing when there is none, LibraryError while it is being indexed.
    """
    if not (library_dir / database.FILE_NAME).exists():
        raise IndexMissing(f"There is no library in {library_dir}. See: qa collections list")
    with only_writer(library_dir, None):
        for file in _files(library_dir):
            file.unlink()
    if library_dir.parent.name == COLLECTIONS and not any(library_dir.iterdir()):
        library_dir.rmdir()


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


def described(
    name: str, size_bytes: int, opened: Callable[..., Storage], *where: object
) -> CollectionLine:
    """What a list says of a collection that is opened there."""
    try:
        with opened(*where) as store:
            return CollectionLine(
                name, store.article_count(), store.passage_count(), store.newest(), size_bytes
            )
    except CuttingsError as error:
        return CollectionLine(name, 0, 0, None, size_bytes, str(error))


def _files(folder: Path) -> Iterator[Path]:
    for pattern in _FILES:
        yield from sorted(folder.glob(pattern))
