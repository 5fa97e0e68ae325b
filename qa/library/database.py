"""The library file, opened: its tables, transactions, threads, and what its errors mean.

It knows how the file is opened and changed as a whole; what stands in it is `store.py`'s.
"""

import os
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

from qa.errors import IndexMissing, LibraryError
from qa.library.read_only import is_immutable, read_only_address
from qa.library.salvage import assess
from qa.library.schema import CONVERTIBLE, INDEXES, SCHEMA_VERSION, convert, statements

FILE_NAME = "library.db"

BUSY_S = 10.0
"""How long a writer waits for another; batches commit in well under a second."""

PAGE_BYTES = 8192
"""Of the file. A vector of 384 numbers fills 1.5 KB: five to a page waste less than two of 4096."""

MOST_FREE = 0.25
"""Share of free pages in the file above which they are given back; below, they are used again."""

START_ANEW = "The articles' own files are untouched: move it away, then run: qa index"


class Database:
    """One connection to `library.db`, to be used from any thread."""

    def __init__(
        self, connection: sqlite3.Connection, file: Path, unchanged: os.stat_result | None = None
    ) -> None:
        """Hold a connection; `unchanged` is how the file must stay where it is immutable to us."""
        self.connection = connection
        self.file = file
        self._unchanged = unchanged
        self._lock = threading.RLock()

    @classmethod
    def open(cls, file: Path, *, create: bool) -> Self:
        """Open a library file, if so told made first where there is none.

        Where its folder cannot be written it can be read, as long as nobody changes it. Raises
        IndexMissing, or LibraryError when it is damaged or of another version.
        """
        if not file.is_file() and (file.exists() or not create):
            raise missing(file)
        with plain_errors(file):
            unchanged = file.stat() if file.exists() and is_immutable(file) else None
            connection = sqlite3.connect(
                read_only_address(file) if unchanged else file,
                timeout=BUSY_S,
                isolation_level=None,
                check_same_thread=False,
                uri=bool(unchanged),
            )
            with ExitStack() as undo:
                undo.callback(connection.close)
                database = cls(connection, file, unchanged)
                database._prepare(create=create)
                undo.pop_all()  # it is whole: it stays open
        return database

    def _prepare(self, *, create: bool) -> None:
        tables = {name for (name,) in self.rows("SELECT name FROM sqlite_master")}
        if not tables and not create:
            raise missing(self.file)
        if tables and "meta" not in tables:
            raise LibraryError(f"{self.file} is not a library. {START_ANEW}.")
        self.rows("PRAGMA foreign_keys = ON")
        # In WAL mode this may lose the last commits to a power cut, but never the library.
        self.rows("PRAGMA synchronous = NORMAL")
        if not tables:
            self.rows(f"PRAGMA page_size = {PAGE_BYTES}")
            self.rows("PRAGMA auto_vacuum = INCREMENTAL")
            self.rows("PRAGMA journal_mode = WAL")
            with self.writing():
                if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
                    self._make_tables()
        if self.meta("schema") == str(CONVERTIBLE):
            with self.writing():
                if self.meta("schema") == str(CONVERTIBLE):  # nobody else did it meanwhile
                    convert(self.connection)
        if self.meta("schema") != str(SCHEMA_VERSION):
            raise _of_another_version(self.file, self.meta("schema"))

    def _make_tables(self) -> None:
        for statement in statements():
            self.rows(statement)
        self.connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [("schema", SCHEMA_VERSION), ("generation", 0), ("library", uuid.uuid4().hex)],
        )

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be written because of where the file lies."""
        return self._unchanged is not None

    def close(self) -> None:
        """Close the file; the connection cannot be used after."""
        with self._lock:
            self.connection.close()

    def rows(self, sql: str, *parameters: object) -> list[Any]:
        """The rows that a statement gives, all of them."""
        with self._lock, plain_errors(self.file):
            found = self.connection.execute(sql, parameters).fetchall()
            self._see_it_unchanged()
            return found

    def meta(self, key: str) -> str:
        """What the library says of itself: `schema`, `generation` or `library`, its id."""
        return str(self.rows("SELECT value FROM meta WHERE key = ?", key)[0][0])

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one state of the library, whatever is written meanwhile."""
        with self._lock, plain_errors(self.file):
            if self.connection.in_transaction:
                yield
                return
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self._undo()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, undone after an exception."""
        with self._lock, plain_errors(self.file):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            finally:
                self._undo()

    def add_indexes(self) -> None:
        """Add the indexes that a library of an earlier program lacks."""
        with self.writing():
            for statement in statements(INDEXES):
                self.connection.execute(statement)

    def shrink(self) -> None:
        """Give disk space back when much of the file is free, as after a change of recipe."""
        ((pages,),), ((free,),) = self.rows("PRAGMA page_count"), self.rows("PRAGMA freelist_count")
        if free > MOST_FREE * pages:
            with self._lock, plain_errors(self.file):
                # `execute` would free one page and stop: the pragma gives a row without columns.
                self.connection.executescript("PRAGMA incremental_vacuum")

    def _see_it_unchanged(self) -> None:
        """Of a file that somebody changes although it is immutable to us, nothing read is right."""
        if self._unchanged and not _is_same(self._unchanged, self.file.stat()):
            raise LibraryError(
                f"The library {self.file} was changed by another program meanwhile. Start anew."
            )

    def _undo(self) -> None:
        """End a transaction that is not committed; a full disk or a broken file has ended it."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")


def _of_another_version(file: Path, version: str) -> LibraryError:
    if version.isdecimal() and int(version) > SCHEMA_VERSION:
        return LibraryError(
            f"The library {file} was made by a newer version of this program. Use that one, or name"
            " another folder for the index: QA_INDEX_DIR=FOLDER qa index"
        )
    return LibraryError(
        f"The library {file} was made by an older version of this program. {START_ANEW}"
        " FOLDER (qa articles export saves articles whose files are gone)."
    )


def _is_same(before: os.stat_result, now: os.stat_result) -> bool:
    names = ("st_ino", "st_size", "st_mtime_ns")
    return all(getattr(before, name) == getattr(now, name) for name in names)


_MEANINGS = {
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Free some space and run qa index again;"
    " what was indexed so far is kept",
    sqlite3.SQLITE_READONLY: "cannot be written. Check the rights of its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. Check the rights of its folder",
    sqlite3.SQLITE_PERM: "cannot be opened. Check the rights of its folder",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error or is full."
    " Check it and run qa index again",
    sqlite3.SQLITE_BUSY: "is in use by another program. Try again when that is done",
}


@contextmanager
def plain_errors(file: Path) -> Iterator[None]:
    """Turn an error of SQLite into a LibraryError that names the file and the next step."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte of an extended code is the primary one: SQLITE_IOERR_WRITE → SQLITE_IOERR.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_NOTADB:
            message = f"{file} is not a library, or its beginning is destroyed. {START_ANEW}."
        elif code == sqlite3.SQLITE_CORRUPT or _is_no_utf8(error):
            message = damaged(file, error)
        else:
            meaning = _MEANINGS.get(code, f"cannot be used ({error}). {START_ANEW}")
            message = f"The library {file} {meaning}."
        raise LibraryError(message) from error


def missing(file: Path) -> LibraryError:
    """What is said where no library file is."""
    if file.is_dir():
        return LibraryError(f"{file} is not a library but a folder. Move it away.")
    return IndexMissing(f"There is no index in {file.parent}. Make one with: qa index FOLDER")


def damaged(file: Path, error: Exception) -> str:
    """What is wrong with a broken library, what of it can be saved, and how."""
    damage = assess(file, str(error))
    if damage.readable:
        rest = (
            f"{damage.readable} of its {damage.articles} articles can still be read: save them"
            f" with qa articles export FOLDER, move {file.name} away, then run: qa index"
        )
    else:
        rest = f"None of its articles can be read. {START_ANEW}"
    return f"The library {file} is damaged (integrity check: {damage.finding}). {rest}"


def _is_no_utf8(error: sqlite3.Error) -> bool:
    """Whether it is Python's own complaint, without a code of SQLite, that a text is no UTF-8."""
    return isinstance(error, sqlite3.OperationalError) and not hasattr(error, "sqlite_errorcode")
