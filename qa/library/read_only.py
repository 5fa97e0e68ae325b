"""SQLite files where nothing can be written: on a read-only disk, or in somebody else's folder.

SQLite keeps two files beside a database in WAL mode while it is open. Where it cannot make them, it
opens the database only as *immutable*: as a file that nobody changes.
"""

import os
from pathlib import Path


def can_write(*places: Path) -> bool:
    """Whether this process may write all of these files and folders, those that are there."""
    return all(os.access(place, os.W_OK) for place in places if place.exists())


def is_immutable(file: Path) -> bool:
    """Whether a database can be opened only as one that nobody changes.

    Where another program that may write has it open, its log lies beside it, and is read.
    """
    return not can_write(file.parent) and not Path(f"{file}-wal").exists()


def read_only_address(file: Path) -> str:
    """The URI that opens a database to be read; it cannot be written there."""
    immutable = "&immutable=1" if is_immutable(file) else ""
    return f"{file.absolute().as_uri()}?mode=ro{immutable}"
