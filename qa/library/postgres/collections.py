"""The collections of a shared library: a schema for each."""

from contextlib import closing
from pathlib import Path

from psycopg import sql

from qa.errors import IndexMissing
from qa.library.places import CollectionLine, described
from qa.library.postgres.address import SCHEMA_PREFIX, Address
from qa.library.postgres.database import Database
from qa.library.postgres.failures import plain_errors
from qa.library.postgres.store import PostgresStore
from qa.settings import MAIN


def list_collections(address: str) -> tuple[CollectionLine, ...]:
    """Every collection that has been indexed, the main one first, then by name."""
    found = _sizes(Address.of(address, MAIN))
    names = sorted(found, key=lambda name: (name != MAIN, name))
    return tuple(
        described(name, found[name], PostgresStore.open, Address.of(address, name), Path())
        for name in names
    )


def remove_collection(address: str, collection: str) -> None:
    """Delete a collection for good; the articles' own files stay.

    Raises IndexMissing when there is none, LibraryError while it is being indexed.
    """
    of = Address.of(address, collection)
    if collection not in _sizes(of):
        raise IndexMissing(f"There is no library in {of.place}. See: qa collections list")
    drop = sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(of.schema))
    with (
        closing(Database(of, create=False)) as database,
        database.only_writer(None),
        plain_errors(of),
    ):
        database.connection.execute(drop)


def _sizes(address: Address) -> dict[str, int]:
    """The collections of a database, with the bytes they take on its disk."""
    with plain_errors(address), address.connect() as connection:
        rows = connection.execute(
            "SELECT nspname, coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint"
            " FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND relkind = 'r'"
            " WHERE starts_with(nspname, %s) GROUP BY nspname"
            " HAVING bool_or(relname = 'meta')",
            (SCHEMA_PREFIX,),
        ).fetchall()
    return {name.removeprefix(SCHEMA_PREFIX): size for name, size in rows}
