"""The tables of `library.db`, and what SQLite's errors mean to a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import LibraryError

SCHEMA_VERSION = 1
"""Raise it when a table changes; an older library is then refused and made anew."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What `qa index` was last told to read.
CREATE TABLE roots (position INTEGER PRIMARY KEY, path TEXT NOT NULL);

CREATE TABLE files (path TEXT PRIMARY KEY, digest TEXT NOT NULL);

CREATE TABLE articles (
  id TEXT PRIMARY KEY,
  file TEXT NOT NULL REFERENCES files (path) ON DELETE CASCADE,
  title TEXT NOT NULL,
  source TEXT,
  published TEXT,
  text TEXT NOT NULL,
  digest TEXT NOT NULL
);
CREATE INDEX articles_of_file ON articles (file);

-- How passages are cut and embedded. One recipe is active; the passages of another are being made.
CREATE TABLE recipes (
  id INTEGER PRIMARY KEY,
  embedder TEXT NOT NULL,
  dimension INTEGER NOT NULL,
  passage_tokens INTEGER NOT NULL,
  splitter INTEGER NOT NULL,
  active INTEGER NOT NULL,
  UNIQUE (embedder, dimension, passage_tokens, splitter)
);

-- AUTOINCREMENT: a number is never given twice, so a reader's old vectors cannot name new words.
CREATE TABLE passages (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  recipe INTEGER NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  start_char INTEGER NOT NULL,
  end_char INTEGER NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (article_id, recipe, number)
);
CREATE INDEX passages_of_recipe ON passages (recipe);

-- Little-endian float32.
CREATE TABLE vectors (
  passage INTEGER PRIMARY KEY REFERENCES passages (row) ON DELETE CASCADE,
  vector BLOB NOT NULL
);

CREATE VIRTUAL TABLE passage_words USING fts5 (
  title, text, content = 'passages', content_rowid = 'row',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
  INSERT INTO passage_words (rowid, title, text) VALUES (new.row, new.title, new.text);
END;
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
  INSERT INTO passage_words (passage_words, rowid, title, text)
  VALUES ('delete', old.row, old.title, old.text);
END;

-- The passages that readers see.
CREATE VIEW live AS
  SELECT p.row, p.article_id, p.number, p.start_char, p.end_char, p.title, p.text,
         a.published, a.source
  FROM passages p JOIN articles a ON a.id = p.article_id
  WHERE p.recipe = (SELECT id FROM recipes WHERE active);
"""


def statements() -> Iterator[str]:
    """The statements of `TABLES`, one by one, so that they can run in one transaction."""
    statement = ""
    for line in TABLES.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


_MEANINGS = {
    sqlite3.SQLITE_NOTADB: "is not a library. Move it away and run qa index again",
    sqlite3.SQLITE_CORRUPT: "is damaged. Move it away and run qa index again",
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
        meaning = _MEANINGS.get(code, f"cannot be used ({error}). Move it away and run qa index")
        raise LibraryError(f"The library {file} {meaning}.") from error
