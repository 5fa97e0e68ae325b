"""A shared library, opened: its connection, transactions, version, and the one who may write.

It knows how the library is opened and changed as a whole; what stands in it is `store.py`'s.
"""

import hashlib
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from typing import Any, TypeVar

import psycopg
from pgvector.psycopg import register_vector
from psycopg import sql

from qa.errors import IndexMissing, LibraryError
from qa.library.locking import clock, tell_of_another
from qa.library.postgres.address import Address
from qa.library.postgres.failures import plain_errors
from qa.library.postgres.schema import LEAST_PGVECTOR, LEAST_SERVER, MIGRATIONS

Connection = psycopg.Connection[Any]

T = TypeVar("T")

_LOCKS = 0x43757474
"""The first half of the key of our advisory locks: no other program is likely to choose it."""


class Database:
    """One connection to a shared library, to be used from any thread.

    A connection that was lost between two questions is made again; inside a transaction, or while
    this is the one writer, that is an error.
    """

    def __init__(self, address: Address, *, create: bool) -> None:
        """Connect. Raises IndexMissing, or LibraryError for whatever is wrong with the server."""
        self.address = address
        self._lock = threading.RLock()
        self._guard: Connection | None = None
        with plain_errors(address), ExitStack() as until_ready:
            self.connection = address.connect()
            until_ready.callback(self.connection.close)
            self._prepare(create=create)
            until_ready.pop_all()

    def close(self) -> None:
        """Close the connection; the database cannot be used after."""
        with self._lock:
            self.connection.close()

    def rows(self, statement: str, *values: object) -> list[Any]:
        """The rows that a statement gives, all of them."""
        with self._lock, plain_errors(self.address):
            if self._in_transaction:
                return _rows(self.run(statement, values))
            return self._again_if_lost(lambda: _rows(self.run(statement, values)))

    def run(self, statement: str, values: Sequence[object] = ()) -> psycopg.Cursor[Any]:
        """Run a statement with `?` for each value, in the transaction that is under way."""
        return self.connection.execute(statement.replace("?", "%s").encode(), values)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one state of the library, whatever is written meanwhile."""
        with self._lock, plain_errors(self.address):
            if self._in_transaction:
                yield
                return
            self._again_if_lost(lambda: self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            try:
                yield
            finally:
                self._undo()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, undone after an exception; others that write wait for its end."""
        with self._lock, plain_errors(self.address):
            if self._guard:
                self._guard.execute("SELECT 1")  # whoever lost the lock must not go on
            with self.adding():
                self.run("SELECT 1 FROM meta WHERE key = 'generation' FOR UPDATE")
                yield

    @contextmanager
    def adding(self) -> Iterator[None]:
        """One transaction, undone after an exception, beside others that add what is new."""
        with self._lock, plain_errors(self.address):
            self._again_if_lost(lambda: self.run("BEGIN"))
            try:
                yield
                self.run("COMMIT")
            finally:
                self._undo()

    @contextmanager
    def only_writer(self, waiting: Callable[[str], None] | None) -> Iterator[None]:
        """Hold an advisory lock of the collection, on a connection of its own.

        The server lets go of it when the connection ends, however it ends; but it may take a moment
        to see that, and what comes next must not find it taken. While another has it, `waiting` is
        told so, once, and this one waits; without it that is a LibraryError.
        """
        key = (_LOCKS, _half_key(self.address.schema))
        with plain_errors(self.address), self.address.connect() as guard:
            (got,) = _rows(guard.execute("SELECT pg_try_advisory_lock(%s, %s)", key))[0]
            if not got:
                tell_of_another(f"{self.address.place}{_holder(guard, key)}", waiting)
                guard.execute("SELECT pg_advisory_lock(%s, %s)", key)
            self._guard = guard
            try:
                yield
            finally:
                self._guard = None
                with suppress(psycopg.OperationalError):  # it is lost, and the lock with it
                    guard.execute("SELECT pg_advisory_unlock(%s, %s)", key)

    @property
    def _in_transaction(self) -> bool:
        return self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE and (
            not self.connection.closed
        )

    def _again_if_lost(self, run: Callable[[], T]) -> T:
        """Run something outside a transaction, once more where the connection had been lost."""
        try:
            return run()
        except psycopg.OperationalError:
            if not self.connection.closed or self._guard:
                raise
        self.connection = self.address.connect()
        self._prepare(create=False)
        return run()

    def _undo(self) -> None:
        """End a transaction that is not committed; a lost connection has ended it."""
        if self._in_transaction:
            self.run("ROLLBACK")

    def _prepare(self, *, create: bool) -> None:
        """See that the library is there, of this version, and that its server knows vectors."""
        schema = sql.Identifier(self.address.schema)
        if not self._has_tables():
            if not create:
                raise IndexMissing(
                    f"There is no index in {self.address.place}. Make one with: qa index FOLDER"
                )
            self._make_extension()
            self.connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
        self._check_server()
        namespace = _rows(
            self.run(
                "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
                " WHERE extname = 'vector'"
            )
        )[0][0]
        path = sql.SQL("SET search_path TO {}, {}").format(schema, sql.Identifier(namespace))
        self.connection.execute(path)
        register_vector(self.connection)
        self.migrate(MIGRATIONS)

    def migrate(self, scripts: Sequence[str]) -> None:
        """Bring the tables to the version that these scripts make; nothing if they are of it."""
        if self._version() < len(scripts):
            with self.connection.transaction():
                key = (_LOCKS, _half_key(self.address.schema) ^ 1)
                self.run("SELECT pg_advisory_xact_lock(?, ?)", key)
                for script in scripts[self._version() :]:
                    self.connection.execute(script.encode())
                self.run(
                    "INSERT INTO meta VALUES ('schema', '0'), ('generation', '0'), ('library', ?)"
                    " ON CONFLICT DO NOTHING",
                    (uuid.uuid4().hex,),
                )
                self.run("UPDATE meta SET value = ? WHERE key = 'schema'", (str(len(scripts)),))
        if self._version() > len(scripts):
            raise LibraryError(
                f"The shared library {self.address.place} was made by a later version of this"
                " program. Update this one: pip install --upgrade cuttings"
            )

    def _version(self) -> int:
        """How many migrations the tables have behind them."""
        if not self._has_tables():
            return 0
        return int(_rows(self.run("SELECT value FROM meta WHERE key = 'schema'"))[0][0])

    def _has_tables(self) -> bool:
        found = self.run(
            "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'meta'",
            (self.address.schema,),
        )
        return bool(found.fetchall())

    def _make_extension(self) -> None:
        try:
            self.connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as error:
            raise LibraryError(
                f"The server of {self.address.place} does not have pgvector. Install"
                f" {_needed()} or later there (https://github.com/pgvector/pgvector)."
            ) from error

    def _check_server(self) -> None:
        if self.connection.info.server_version < LEAST_SERVER * 10_000:
            raise LibraryError(
                f"The server of {self.address.place} is older than PostgreSQL {LEAST_SERVER}, which"
                " a shared library needs. Name a later one."
            )
        found = _rows(self.run("SELECT extversion FROM pg_extension WHERE extname = 'vector'"))
        version = found[0][0] if found else "none"
        parts = tuple(int(part) for part in version.split(".") if part.isdigit())
        if parts < LEAST_PGVECTOR:
            raise LibraryError(
                f"The database of {self.address.place} has pgvector {version}; a shared library"
                f" needs {_needed()} or later. Install that on the server, then run there:"
                " ALTER EXTENSION vector UPDATE"
            )


def _rows(cursor: psycopg.Cursor[Any]) -> list[Any]:
    return cursor.fetchall() if cursor.description else []


def _needed() -> str:
    return ".".join(map(str, LEAST_PGVECTOR))


def _half_key(schema: str) -> int:
    """The second half of a lock's key, from 0 to below 2³¹."""
    return int.from_bytes(hashlib.sha256(schema.encode()).digest()[:4], "big") >> 1


def _holder(guard: Connection, key: tuple[int, int]) -> str:
    """` since 12:04 (qa HOST PROCESS)`, as far as the server tells this user of another."""
    found = guard.execute(
        "SELECT backend_start, application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted",
        key,
    ).fetchone()
    if not found or not found[0]:
        return ""
    since: datetime = found[0].astimezone()
    return f" since {clock(since)}" + (f" ({found[1]})" if found[1] else "")
