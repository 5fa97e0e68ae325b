"""The collections of one home: each a library in a folder of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa.errors import CuttingsError, IndexMissing
from qa.library import database, locking, scanned_pages
from qa.library.locking import only_writer
from qa.library.store import Store
from qa.settings import COLLECTIONS, MAIN

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


def list_collections(index_dir: Path) -> tuple[CollectionLine, ...]:
    """Every collection that has been indexed, the main one first, then by name."""
    return tuple(_line(name, folder) for name, folder in library_folders(index_dir).items())


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


def _line(name: str, folder: Path) -> CollectionLine:
    size_bytes = sum(file.stat().st_size for file in _files(folder))
    try:
        with Store.open(folder) as store:
            return CollectionLine(
                name, store.article_count(), store.passage_count(), store.newest(), size_bytes
            )
    except CuttingsError as error:
        return CollectionLine(name, 0, 0, None, size_bytes, str(error))


def _files(folder: Path) -> Iterator[Path]:
    for pattern in _FILES:
        yield from sorted(folder.glob(pattern))
