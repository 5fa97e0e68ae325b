"""The tables of the file of conversations."""

SCHEMA_VERSION = 2
"""`user_version` of the file. Raise it when a column changes, and convert what is older
(`qa/conversing/converting.py`). A table more is no other version: it is made where it is missing,
and an older program leaves it alone."""

TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL,
  updated TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversations_of_owner ON conversations (owner, updated);
CREATE TABLE IF NOT EXISTS exchanges (
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  words TEXT NOT NULL,
  kept TEXT NOT NULL,
  digest INTEGER NOT NULL, -- of the three before it: see records.digest_of
  PRIMARY KEY (conversation, number)
);
-- What was judged is kept as it stood: the question may be edited and asked again.
CREATE TABLE IF NOT EXISTS judgements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  given TEXT NOT NULL,
  verdict TEXT NOT NULL,
  correction TEXT NOT NULL,
  kept TEXT NOT NULL,
  history TEXT NOT NULL,
  digest INTEGER NOT NULL, -- of the five before it, without the day
  UNIQUE (conversation, number)
);
CREATE TABLE IF NOT EXISTS preferences (owner TEXT PRIMARY KEY, chosen TEXT NOT NULL);
-- What a judgement became in a review: the line of a question set, or "" where it was rejected.
CREATE TABLE IF NOT EXISTS reviewed (
  judgement INTEGER PRIMARY KEY REFERENCES judgements (id) ON DELETE CASCADE,
  line TEXT NOT NULL
);
-- What a bookmarklet brings along to add pages (see `ui.clip_routes`); good for nothing else.
CREATE TABLE IF NOT EXISTS clip_tokens (owner TEXT PRIMARY KEY, token TEXT NOT NULL);
"""
