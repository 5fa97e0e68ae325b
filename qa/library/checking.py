"""Whether a library is whole: the file, its tables, and what was made of the articles."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from qa.errors import LibraryError
from qa.library.database import Database, damaged
from qa.library.duplicates import BANDS
from qa.library.embedding import embedding_digest
from qa.library.records import PASSAGE_COLUMNS, passage_of

MOST_NAMED = 20
"""Of one kind of damage so many places are named."""

UNIT_LENGTH_ERROR = 1e-3
"""How far a vector's length may be from one."""

_NAMES = {
    "SELECT article_id || '#' || number FROM passages JOIN articles ON id = article_id"
    " WHERE substr(articles.text, start_char + 1, end_char - start_char) IS NOT passages.text"
    " OR articles.title IS NOT passages.title": "is not what stands in its article",
    "SELECT article_id || '#' || number FROM passages"
    f" WHERE (SELECT count(*) FROM bands WHERE passage = row) <> {BANDS}": "has not all its bands",
    "SELECT article_id || '#' || number FROM passages"
    " WHERE row NOT IN (SELECT passage FROM vectors)": "has no vector",
    "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM live)": "has no passage",
}
"""Queries for the names of passages and articles, and what is wrong with those they find."""


def check_library(file: Path) -> tuple[str, ...]:
    """What is wrong with a library file, a line each; nothing when it is whole.

    It reads everything. Other readers are not disturbed; a writer waits for its last part. Raises
    IndexMissing, or LibraryError when it cannot be opened at all.
    """
    with closing(Database.open(file, create=False)) as database:
        try:
            return tuple(_problems(database))
        except LibraryError as error:  # too broken to be looked through
            return (str(error),)


def _problems(database: Database) -> list[str]:
    broken = [line for (line,) in database.rows(f"PRAGMA integrity_check({MOST_NAMED})")]
    if broken != ["ok"]:
        return [damaged(database.file, sqlite3.DatabaseError(broken[0])), *broken]
    problems = [
        f"A row of {table} belongs to none of {parent}."
        for table, _, parent, _ in database.rows("PRAGMA foreign_key_check")[:MOST_NAMED]
    ]
    with database.reading():
        for sql, finding in _NAMES.items():
            names = database.rows(f"{sql} ORDER BY 1 LIMIT {MOST_NAMED}")
            problems += [f"{name} {finding}." for (name,) in names]
        problems += _wrong_passages(database) + _wrong_vectors(database)
    if database.is_read_only:  # for that check SQLite wants to write
        return [
            *problems,
            "The index of words can be checked only where the library can be written.",
        ]
    try:
        with database.writing():
            database.rows(
                "INSERT INTO passage_words (passage_words, rank) VALUES ('integrity-check', 1)"
            )
    except LibraryError as error:
        problems.append(f"The index of words does not match the passages. {error}")
    return problems


def _wrong_passages(database: Database) -> list[str]:
    """Passages whose digest is not that of their words, by which vectors are found again."""
    wrong = []
    for *columns, digest in database.connection.execute(
        f"SELECT {PASSAGE_COLUMNS}, digest FROM live"
    ):
        try:
            whole = embedding_digest(passage_of(columns)) == digest
        except (TypeError, ValueError):  # no date, no number
            whole = False
        if not whole:
            wrong.append(f"{columns[0]}#{columns[1]} is not what was embedded.")
    return wrong[:MOST_NAMED]


def _wrong_vectors(database: Database) -> list[str]:
    wrong = []
    for article_id, number, dimension, vector in database.connection.execute(
        "SELECT article_id, number, dimension, vector FROM vectors JOIN passages ON row = passage"
        " JOIN recipes ON recipes.id = recipe"
    ):
        if len(vector) != 4 * dimension or not _is_unit(vector):
            wrong.append(f"The vector of {article_id}#{number} is broken.")
    return wrong[:MOST_NAMED]


def _is_unit(vector: bytes) -> bool:
    with np.errstate(all="ignore"):  # what broke may be of any size, or no number
        length = float(np.linalg.norm(np.frombuffer(vector, dtype="<f4")))
    return abs(length - 1) <= UNIT_LENGTH_ERROR
