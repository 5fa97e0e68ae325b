"""SQLite files of a home: copied while others write, without secrets, moved to another home."""

import os
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from qa.conversing.archive import UNCLAIMED, Archive
from qa.conversing.database import SCHEMA_VERSION as NEWEST_CONVERSATIONS
from qa.errors import BackupError
from qa.library.database import Database
from qa.library.file_changes import stored_path
from qa.library.read_only import read_only_address
from qa.library.schema import CONVERTIBLE
from qa.library.schema import SCHEMA_VERSION as NEWEST_LIBRARY

PAGES_AT_ONCE = 1000
"""Of a database, 8 MB or less: then progress is told, and Ctrl-C heard."""

STEPS_AT_ONCE = 1_000_000
"""Of a check, some hundredths of a second: then Ctrl-C is heard."""


def copy_database(file: Path, copy: Path, tell: Callable[[int], None]) -> None:
    """Copy a database as it stands at one moment, whoever writes meanwhile, and check the copy.

    `tell` is given the bytes of each part that is copied. Raises sqlite3.Error, for a damaged one
    too.
    """
    copy.touch(mode=0o600)
    with (
        closing(sqlite3.connect(read_only_address(file), uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        ((page_bytes,),) = source.execute("PRAGMA page_size")
        source.execute("BEGIN")  # one state of it, from its first reading on
        source.execute("SELECT count(*) FROM sqlite_master").fetchall()
        before = 0

        def told(_: int, remaining: int, total: int) -> None:
            nonlocal before
            tell((total - remaining - before) * page_bytes)
            before = total - remaining

        source.backup(target, pages=PAGES_AT_ONCE, progress=told)
        _check(target)


def _check(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError, with what is wrong, for a database that is not whole."""
    connection.set_progress_handler(lambda: 0, STEPS_AT_ONCE)  # where Python looks for signals
    try:
        ((found,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise
    connection.set_progress_handler(None, 0)
    if found != "ok":
        raise sqlite3.DatabaseError(str(found).splitlines()[-1])


def strip_secrets(conversations: Path) -> None:
    """Leave out of a copied file of conversations what opens a door: the bookmarklets' tokens."""
    with closing(sqlite3.connect(conversations, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("DROP TABLE IF EXISTS clip_tokens")  # it is made again when opened
        connection.execute("VACUUM")


def settle_library(file: Path, name: str, old_home: str, new_home: Path) -> None:
    """Make an unpacked library one of another home: its paths and id, and its version today's.

    Raises BackupError for a version that cannot be read here.
    """
    with closing(sqlite3.connect(file)) as connection, connection:
        ((version,),) = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchall()
        _check_version(name, int(version), CONVERTIBLE, NEWEST_LIBRARY)
        # Vectors that lie there of a library before, or that a page holds, are not this one's.
        connection.execute("UPDATE meta SET value = ? WHERE key = 'library'", (uuid.uuid4().hex,))
        for table, column in (
            ("roots", "path"), ("files", "path"), ("files", "root"), ("articles", "file"),
        ):  # fmt: skip
            paths = connection.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()
            connection.executemany(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ?",
                [(moved, path) for (path,) in paths if (moved := _moved(path, old_home, new_home))],
            )
    Database.open(file, create=False).close()  # which converts it


def settle_conversations(file: Path) -> None:
    """Let unpacked conversations be taken over by the first browser that comes, if they were some
    browser's: a new one has another cookie. Raises BackupError for a newer version.
    """
    with closing(sqlite3.connect(file)) as connection:
        ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    _check_version("The file of conversations", version, 0, NEWEST_CONVERSATIONS)
    with Archive.open(file.parent):  # which makes the tables that it lacks
        pass
    with closing(sqlite3.connect(file)) as connection, connection:
        for table in ("conversations", "preferences"):
            connection.execute(
                f"UPDATE OR REPLACE {table} SET owner = ? WHERE owner LIKE 'browser:%'",
                (UNCLAIMED,),
            )


def count(file: Path, table: str) -> int:
    """The rows of a table."""
    with closing(sqlite3.connect(file)) as connection:
        ((rows,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(rows)


def _check_version(name: str, version: int, oldest: int, newest: int) -> None:
    if version > newest:
        raise BackupError(
            f"{name} in the backup was made by a newer version of this program. Restore it with"
            " that one, or a newer."
        )
    if version < oldest:
        raise BackupError(
            f"{name} in the backup is older than this program can read. Restore it with the version"
            " that made it, save the articles there with qa articles export FOLDER, and run here:"
            " qa index FOLDER"
        )


def _moved(path: str | bytes | None, old_home: str, new_home: Path) -> str | bytes | None:
    """A stored path in the new home; None for one that did not lie in the old."""
    if not path:
        return None
    stood = Path(os.fsdecode(path))
    if not stood.is_relative_to(old_home) or Path(old_home) == new_home:
        return None
    return stored_path(new_home / stood.relative_to(old_home))
