"""The tables of `library.db`, and how a library of an earlier version gets them, in its place.

Articles, passages and vectors stay; what is changed is made from them, in the caller's transaction.
"""

import sqlite3
from collections.abc import Iterator

from qa.reading.words import parted

SCHEMA_VERSION = 3
"""Raise it when a table changes; an older library is then converted (`convert`), or refused and
made anew."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What `qa index` was last told to read. Paths are TEXT, or BLOB where their bytes are no UTF-8.
CREATE TABLE roots (position INTEGER PRIMARY KEY, path NOT NULL);

-- Files that were read, those that gave no article too. A size of -1: it must be read (again).
CREATE TABLE files (
  path PRIMARY KEY NOT NULL,
  root NOT NULL,
  reading INTEGER NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  read_ns INTEGER NOT NULL,
  digest TEXT NOT NULL,
  problems TEXT NOT NULL,
  clashes TEXT NOT NULL
);

-- An article without a file: its file was read again and has it no more.
CREATE TABLE articles (
  id TEXT PRIMARY KEY,
  file REFERENCES files (path),
  title TEXT NOT NULL,
  source TEXT,
  published TEXT,
  digest TEXT NOT NULL,
  page_starts TEXT NOT NULL,
  text TEXT NOT NULL -- last, for what stands behind it is slow to reach
);
CREATE INDEX articles_of_file ON articles (file);

-- How passages are cut and embedded. One recipe is active; the passages of another are being made.
CREATE TABLE recipes (
  id INTEGER PRIMARY KEY,
  embedder TEXT NOT NULL,
  dimension INTEGER NOT NULL,
  passage_tokens INTEGER NOT NULL,
  splitter INTEGER NOT NULL,
  embedder_name TEXT NOT NULL,
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
  page INTEGER,
  page_turns TEXT NOT NULL,
  digest BLOB NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  title_words TEXT, -- where words are not parted by spaces: the title and the text with spaces
  text_words TEXT,
  UNIQUE (article_id, recipe, number)
);
CREATE INDEX passages_of_recipe ON passages (recipe);
CREATE INDEX passages_of_digest ON passages (digest);

-- Little-endian float32.
CREATE TABLE vectors (
  passage INTEGER PRIMARY KEY REFERENCES passages (row) ON DELETE CASCADE,
  vector BLOB NOT NULL
);

-- Near-duplicates share a key (see qa/library/duplicates.py).
CREATE TABLE bands (
  key INTEGER NOT NULL,
  passage INTEGER NOT NULL REFERENCES passages (row) ON DELETE CASCADE,
  PRIMARY KEY (key, passage)
) WITHOUT ROWID;
CREATE INDEX bands_of_passage ON bands (passage);

-- The passages that readers see.
CREATE VIEW live AS
  SELECT p.row, p.article_id, p.number, p.start_char, p.end_char, p.page, p.page_turns, p.title,
         p.text, p.digest, a.published, a.source
  FROM passages p JOIN articles a ON a.id = p.article_id
  WHERE p.recipe = (SELECT id FROM recipes WHERE active);
"""

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""How FTS5 cuts a text into words; a shared library cuts with it too."""

WORD_INDEX = f"""
-- What the index of words is made of.
CREATE VIEW passage_texts AS
  SELECT row, coalesce(title_words, title) AS title, coalesce(text_words, text) AS text
  FROM passages;
CREATE VIRTUAL TABLE passage_words USING fts5 (
  title, text, content = 'passage_texts', content_rowid = 'row',
  tokenize = '{TOKENIZER}'
);
CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
  INSERT INTO passage_words (rowid, title, text)
  VALUES (new.row, coalesce(new.title_words, new.title), coalesce(new.text_words, new.text));
END;
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
  INSERT INTO passage_words (passage_words, rowid, title, text)
  VALUES ('delete', old.row, coalesce(old.title_words, old.title),
          coalesce(old.text_words, old.text));
END;
"""
"""The index of words, apart: an older library is given it anew."""


INDEXES = """
-- The newest article and the sources are told without reading the articles.
CREATE INDEX IF NOT EXISTS articles_of_day ON articles (published, source);
"""
"""Indexes that a library may lack; the next `qa index` adds them."""


def statements(script: str = TABLES + WORD_INDEX + INDEXES) -> Iterator[str]:
    """The statements of a script, one by one, so that they can run in one transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


CONVERTIBLE = 2
"""The oldest version that can be converted; what is older is made anew."""


def convert(connection: sqlite3.Connection) -> None:
    """Bring a library of version 2 to this one: its index of words learns text without spaces."""
    for column in ("title_words", "text_words"):
        connection.execute(f"ALTER TABLE passages ADD COLUMN {column} TEXT")
    connection.executemany(
        "UPDATE passages SET title_words = ?, text_words = ? WHERE row = ?", _parted(connection)
    )
    for old in ("TRIGGER passage_added", "TRIGGER passage_removed", "TABLE passage_words"):
        connection.execute(f"DROP {old}")
    for statement in statements(WORD_INDEX):
        connection.execute(statement)
    connection.execute("INSERT INTO passage_words (passage_words) VALUES ('rebuild')")
    connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (SCHEMA_VERSION,))


def _parted(connection: sqlite3.Connection) -> list[tuple[str | None, str | None, int]]:
    """Titles and texts of the passages that are indexed otherwise than they stand, with the row."""
    passages = connection.execute("SELECT row, title, text FROM passages")
    made = ((parted(title), parted(text), row) for row, title, text in passages)
    return [(title, text, row) for title, text, row in made if title or text]
