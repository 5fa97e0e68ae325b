-- Made by the program of 2026-11-22.
PRAGMA user_version = 0;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
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
CREATE TABLE recipes (
  id INTEGER PRIMARY KEY,
  embedder TEXT NOT NULL,
  dimension INTEGER NOT NULL,
  passage_tokens INTEGER NOT NULL,
  splitter INTEGER NOT NULL,
  active INTEGER NOT NULL,
  UNIQUE (embedder, dimension, passage_tokens, splitter)
);
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
CREATE TABLE vectors (
  passage INTEGER PRIMARY KEY REFERENCES passages (row) ON DELETE CASCADE,
  vector BLOB NOT NULL
);
INSERT INTO meta (key, value) VALUES ('generation', '2');
INSERT INTO meta (key, value) VALUES ('library', '65191f95eba345bea4c28995dba497ba');
INSERT INTO meta (key, value) VALUES ('schema', '1');
INSERT INTO roots (position, path) VALUES (0, '/articles');
INSERT INTO files (path, digest) VALUES ('/articles/bridge.md', '7dee14c325c46a4eaa1312b36d61da469ea875f50de509f37f24aa2407980d9f');
INSERT INTO files (path, digest) VALUES ('/articles/port.txt', '87f718c4d4584d49d38bbf52bf11a34754dfd5b8f3a768a310d5afe59391d28c');
INSERT INTO files (path, digest) VALUES ('/articles/tower.txt', '58e91a12ec3dc3c04208a058d81419c949649191ad7923f5341759992b7a045f');
INSERT INTO articles (id, file, title, source, published, text, digest) VALUES ('bridge', '/articles/bridge.md', 'Bridge closed', 'Port News', '2023-02-18', '# Bridge closed

The old bridge was closed. Its pillars had cracked in spring.', '012aa361239146907b0d275dbf57191cd1beaef915e9f5336fe524d0adc2110c');
INSERT INTO articles (id, file, title, source, published, text, digest) VALUES ('port', '/articles/port.txt', 'Port reopens', NULL, NULL, 'Port reopens

The port of Ostrava reopened on Friday. Ships had waited a week.', 'ec4c1976d2b93164515293f7788ee0d190ff27b79ad0556ac97292617569f443');
INSERT INTO articles (id, file, title, source, published, text, digest) VALUES ('tower', '/articles/tower.txt', '海塔修好', NULL, NULL, '海塔修好

海塔修好了，高三十米。', '16246e262270a195bf18887be1e973c4e9b8877372b343219d2742f85f6dea84');
INSERT INTO recipes (id, embedder, dimension, passage_tokens, splitter, active) VALUES (1, 'fake-embedder-1', 8, 12, 1, 1);
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, title, text) VALUES (1, 'bridge', 1, 0, 0, 43, 'Bridge closed', '# Bridge closed

The old bridge was closed.');
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, title, text) VALUES (2, 'bridge', 1, 1, 44, 78, 'Bridge closed', 'Its pillars had cracked in spring.');
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, title, text) VALUES (3, 'port', 1, 0, 0, 53, 'Port reopens', 'Port reopens

The port of Ostrava reopened on Friday.');
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, title, text) VALUES (4, 'port', 1, 1, 54, 78, 'Port reopens', 'Ships had waited a week.');
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, title, text) VALUES (5, 'tower', 1, 0, 0, 17, '海塔修好', '海塔修好

海塔修好了，高三十米。');
INSERT INTO vectors (passage, vector) VALUES (1, X'00000000ABAA2A3E00000000ABAA2A3EABAA2A3FABAA2A3EABAA2A3EABAA2A3F');
INSERT INTO vectors (passage, vector) VALUES (2, X'000000009A23203F00000000CD84553ECD84D53ECD84D53ECD84D53ECD84553E');
INSERT INTO vectors (passage, vector) VALUES (3, X'EB26BE3EEB26BE3EEB263E3E00000000EB263E3F00000000EB26BE3E00000000');
INSERT INTO vectors (passage, vector) VALUES (4, X'D5008E3E4001553F00000000D5008E3ED5008E3ED5008E3E0000000000000000');
INSERT INTO vectors (passage, vector) VALUES (5, X'00000000EB05D13E000000000000000000000000EB05D13EEB05513F00000000');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence (name, seq) VALUES ('passages', 5);
CREATE VIEW live AS
  SELECT p.row, p.article_id, p.number, p.start_char, p.end_char, p.title, p.text,
         a.published, a.source
  FROM passages p JOIN articles a ON a.id = p.article_id
  WHERE p.recipe = (SELECT id FROM recipes WHERE active);
CREATE VIRTUAL TABLE passage_words USING fts5 (
  title, text, content = 'passages', content_rowid = 'row',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE INDEX articles_of_file ON articles (file);
CREATE INDEX passages_of_recipe ON passages (recipe);
CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
  INSERT INTO passage_words (rowid, title, text) VALUES (new.row, new.title, new.text);
END;
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
  INSERT INTO passage_words (passage_words, rowid, title, text)
  VALUES ('delete', old.row, old.title, old.text);
END;
INSERT INTO passage_words (passage_words) VALUES ('rebuild');
