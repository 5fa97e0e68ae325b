"""Where a shared library is: a server, a database, and in it a schema for each collection."""

import os
import re
import socket
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from qa.errors import LibraryError

SCHEMA_PREFIX = "cuttings_"

LONGEST_COLLECTION = 63 - len(SCHEMA_PREFIX)
"""PostgreSQL cuts a longer name off, and two collections would be one."""

CONNECT_S = 10
"""So long a server may take to answer a connection, unless its address says another time."""


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A collection of a shared library; `parameters` are libpq's, a password among them."""

    parameters: dict[str, Any]
    collection: str

    @classmethod
    def of(cls, address: str, collection: str) -> "Address":
        """What the setting `index` says. Raises LibraryError for what libpq does not understand."""
        try:
            parameters = conninfo_to_dict(address)
        except psycopg.ProgrammingError:  # its message may hold the password
            parameters = {}
        # A sign of the password that is not escaped puts its rest into one of these.
        shown = "".join(str(parameters.get(key, "")) for key in ("host", "port", "dbname"))
        port = str(parameters.get("port", ""))
        if not parameters or "@" in shown or not re.fullmatch(r"[\d,]*", port):
            raise LibraryError(
                "The setting index is no address that PostgreSQL understands. It looks like"
                " postgresql://USER@HOST/DATABASE; escape signs such as @ and / in a password"
                " (%40, %2F)."
            )
        if len(collection) > LONGEST_COLLECTION:
            raise LibraryError(
                f"The collection {collection} cannot be shared: its name is longer than"
                f" {LONGEST_COLLECTION} letters. Choose a shorter one."
            )
        return cls(parameters, collection)

    @property
    def schema(self) -> str:
        """The schema that holds the collection."""
        return f"{SCHEMA_PREFIX}{self.collection}"

    @property
    def server(self) -> str:
        """The server and its database, without password."""
        known = {key: self.parameters.get(key) for key in ("user", "host", "port", "dbname")}
        user = f"{known['user']}@" if known["user"] else ""
        port = f":{known['port']}" if known["port"] else ""
        return f"postgresql://{user}{known['host'] or 'localhost'}{port}/{known['dbname'] or ''}"

    @property
    def place(self) -> str:
        """What names the library in messages, without password."""
        return f"{self.server} ({self.collection})"

    def connect(self) -> psycopg.Connection[Any]:
        """A new connection, on which each statement is a transaction of its own.

        Raises psycopg.Error. Nothing is prepared on it: each query is planned with its values, and
        it works through a pooler too.
        """
        ours = {
            "connect_timeout": CONNECT_S,
            "application_name": f"qa {socket.gethostname()[:40]} {os.getpid()}",
            "client_encoding": "utf8",
        }
        return psycopg.connect(
            **{**ours, **self.parameters}, autocommit=True, prepare_threshold=None
        )
