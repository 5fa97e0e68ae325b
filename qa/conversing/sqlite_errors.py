"""What an error of SQLite, or of the disk, means to a person whose conversations are kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import ConversationError

_DAMAGED = "is damaged ({error}). Bring it back from a copy, or move it away: a new one is made"
_DISK = "The disk reports an error or is full. Check it and try again; what was kept before stays"

_MEANINGS = {
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Free some space; what was kept stays",
    sqlite3.SQLITE_IOERR: f"cannot be read or written ({{error}}). {_DISK}",
    sqlite3.SQLITE_BUSY: "is in use by another program. Try again when that is done",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}

_RIGHTS = "cannot be used ({error}). Check the disk and the rights of its folder"


@contextmanager
def plain_errors(file: Path) -> Iterator[None]:
    """Turn an error into a ConversationError, a line that names the file and what to do."""
    try:
        yield
    except OSError as error:
        raise ConversationError(f"{file} {_RIGHTS.format(error=error)}.") from error
    except sqlite3.Error as error:
        # The low byte of an extended code is the primary one. A text that is no UTF-8 has no code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        reason = str(error).partition(" with text")[0]  # which would be a person's own words
        meaning = _MEANINGS.get(code, _RIGHTS).format(error=reason)
        raise ConversationError(f"The file of conversations {file} {meaning}.") from error
