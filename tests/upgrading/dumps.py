"""SQLite files as SQL text, and back: small, readable, and the same on every machine."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

FOLDER = Path(__file__).parent

PLACE = "/articles"
"""Stands in a dump for the folder that was indexed."""


def numbers(kind: str) -> list[int]:
    """The dumps there are of a kind of file, `library` or `conversations`, oldest form first."""
    return sorted(int(file.stem) for file in (FOLDER / kind).glob("*.sql"))


def dump_file(kind: str, number: int) -> Path:
    """Where a dump lies."""
    return FOLDER / kind / f"{number}.sql"


def dump(file: Path, place: Path) -> str:
    """Everything in a database as SQL, with `place` put as PLACE.

    An index of words is told by its making alone: its own tables are another program's business.
    """
    with closing(sqlite3.connect(file)) as connection:
        ((version,),) = connection.execute("PRAGMA user_version")
        lines = [f"PRAGMA user_version = {version};"]
        made = [
            (kind, name, f"{sql};")
            for kind, name, sql in connection.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
            )
        ]
        virtual = [name for _, name, sql in made if sql.startswith("CREATE VIRTUAL TABLE")]
        tables = [
            name
            for kind, name, _ in made
            if kind == "table" and not name.startswith((*virtual, "sqlite_"))
        ]
        lines += [sql for _, name, sql in made if name in tables]
        for name in tables:
            lines += _rows(connection, name)
        if any(name == "sqlite_sequence" for _, name, _ in made):
            lines += ["DELETE FROM sqlite_sequence;", *_rows(connection, "sqlite_sequence")]
        for wanted in ("view", "table", "index", "trigger"):
            lines += [
                sql
                for kind, name, sql in made
                if kind == wanted and (kind != "table" or name in virtual)
            ]
        lines += [f"INSERT INTO {name} ({name}) VALUES ('rebuild');" for name in virtual]
    return _moved("\n".join(lines) + "\n", str(place), PLACE)


def load(kind: str, number: int, file: Path, place: Path) -> None:
    """Make the database of a dump, as a program leaves it: with `place` where PLACE was."""
    sql = dump_file(kind, number).read_text(encoding="utf-8")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_moved(sql, PLACE, str(place)))


def form(file: Path) -> dict[str, object]:
    """What the tables of a database are, whether they were made so or changed to it later.

    Where a column stands in its table, and what it is where nobody says, does not count.
    """
    with closing(sqlite3.connect(file)) as connection:
        made = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        found: dict[str, object] = {}
        for kind, name, sql in made:
            if kind != "table" or sql.startswith("CREATE VIRTUAL TABLE"):
                found[name] = sql and " ".join(re.sub(r"--.*", "", sql).split())
            else:
                found[name] = [
                    {
                        (column, type_, needed, key)
                        for _, column, type_, needed, _, key in connection.execute(
                            f"PRAGMA table_info({name})"
                        )
                    },
                    set(connection.execute(f"PRAGMA foreign_key_list({name})")),
                    {row[2:4] for row in connection.execute(f"PRAGMA index_list({name})")},
                ]
    return found


def _rows(connection: sqlite3.Connection, table: str) -> list[str]:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    quoted = ", ".join(f"quote({column})" for column in columns)
    return [
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(row)});"
        for row in connection.execute(f"SELECT {quoted} FROM {table}")
    ]


def _moved(sql: str, old: str, new: str) -> str:
    """Another folder in the place of one, in texts and in blobs."""
    return sql.replace(old, new).replace(
        old.encode().hex().upper() + "2F", new.encode().hex().upper() + "2F"
    )
