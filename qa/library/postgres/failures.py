"""What an error of PostgreSQL means to whoever asked, in one line and with the next step."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from qa.errors import LibraryError
from qa.library.postgres.address import Address

_MEANINGS: tuple[tuple[type[psycopg.Error] | tuple[type[psycopg.Error], ...], str], ...] = (
    (errors.DiskFull, "cannot grow: the server's disk is full. Free some space there and run"
     " qa index again; what was indexed so far is kept"),
    (errors.InsufficientPrivilege, "does not let this user do that: {said}. Ask who runs the server"
     " for the right"),
    (errors.ReadOnlySqlTransaction, "is a copy that can only be read. Name the server that it is"
     " copied from"),
    ((errors.AdminShutdown, errors.CrashShutdown, errors.CannotConnectNow), "is away: its server"
     " stopped or ended the connection. Try again when it is up; what was stored is kept"),
    ((errors.QueryCanceled, errors.LockNotAvailable), "took longer than the server allows: {said}."
     " Try again"),
    ((errors.OutOfMemory, errors.ConfigurationLimitExceeded), "is short of memory: {said}. Let its"
     " server have more"),
)  # fmt: skip

_NO_CONNECTION_FREE = (
    "has no connection free. Try again, or let its server take more (max_connections)"
)

_ON_CONNECTING = {
    "FATAL:  password authentication failed": "did not take the password. Correct it in QA_INDEX or"
    " in the setting index",
    "no password supplied": "asks for a password. Give it in QA_INDEX or in ~/.pgpass",
    "no pg_hba.conf entry": "does not let this machine or user in. Ask who runs the server for an"
    " entry in pg_hba.conf",
    "too many clients": _NO_CONNECTION_FREE,
    "connection slots": _NO_CONNECTION_FREE,
    'FATAL:  role "': "does not know this user. Correct the setting index",
    'FATAL:  database "': "is not there: its server has no such database. Make it with createdb, or"
    " correct the setting index",
}
"""By the words of libpq's message, which comes without a code."""


@contextmanager
def plain_errors(address: Address) -> Iterator[None]:
    """Turn an error of PostgreSQL into a LibraryError that names the place and the next step."""
    try:
        yield
    except psycopg.Error as error:
        raise LibraryError(f"The shared library {address.place} {meaning(error)}.") from error


def meaning(error: psycopg.Error) -> str:
    """What is wrong and what to do, without the full stop."""
    said = _first_line(error)
    for kind, what in _MEANINGS:
        if isinstance(error, kind):
            return what.format(said=said)
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        for words, what in _ON_CONNECTING.items():
            if words in said:
                return what
        return f"cannot be reached: {said}. See that its server is up and try again"
    return f"cannot be used: {said}. See the server's log"


def _first_line(error: psycopg.Error) -> str:
    """What the server or libpq says, with neither password nor query in it."""
    said = error.diag.message_primary or next(iter(str(error).strip().splitlines()), "no reason")
    return said.rstrip(".")
