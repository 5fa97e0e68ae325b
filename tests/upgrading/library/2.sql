-- Made by the program of 2026-11-28.
PRAGMA user_version = 0;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE roots (position INTEGER PRIMARY KEY, path NOT NULL);
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
  UNIQUE (article_id, recipe, number)
);
CREATE TABLE vectors (
  passage INTEGER PRIMARY KEY REFERENCES passages (row) ON DELETE CASCADE,
  vector BLOB NOT NULL
);
CREATE TABLE bands (
  key INTEGER NOT NULL,
  passage INTEGER NOT NULL REFERENCES passages (row) ON DELETE CASCADE,
  PRIMARY KEY (key, passage)
) WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('generation', '1');
INSERT INTO meta (key, value) VALUES ('library', 'f545ffb219eb41ac981d26dfa9a170b1');
INSERT INTO meta (key, value) VALUES ('schema', '2');
INSERT INTO roots (position, path) VALUES (0, '/articles');
INSERT INTO files (path, root, reading, size, mtime_ns, read_ns, digest, problems, clashes) VALUES ('/articles/bridge.md', '/articles', 2, 137, 1795939520233196949, 1795939520270454393, '185867fbcd11e6c6c4c910e4ad2e1b9fda69722943827fabc01af0e9f53e3b54', '[]', '[]');
INSERT INTO files (path, root, reading, size, mtime_ns, read_ns, digest, problems, clashes) VALUES (X'2F61727469636C65732F636166E92E747874', '/articles', 2, 52, 1795939520233583230, 1795939520293905535, 'cc196da52d3e7b40fbb20d92ce3d7dbf0c2910eb4367c168123d10f6122f9897', '["/articles/caf\ufffd.txt has a name that is not UTF-8. Rename it."]', '[]');
INSERT INTO files (path, root, reading, size, mtime_ns, read_ns, digest, problems, clashes) VALUES ('/articles/empty.txt', '/articles', 2, 0, 1795939520233343232, 1795939520294778253, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '["/articles/empty.txt is empty. Delete it or put the article into it."]', '[]');
INSERT INTO files (path, root, reading, size, mtime_ns, read_ns, digest, problems, clashes) VALUES ('/articles/more.zip', '/articles', 2, 184, 1795939520233840269, 1795939520295016307, 'fafb410eea12d7c5bd0fab497a4dc8ac9776f89b1ce016f85deeb861805a3141', '[]', '[]');
INSERT INTO files (path, root, reading, size, mtime_ns, read_ns, digest, problems, clashes) VALUES ('/articles/port.txt', '/articles', 2, 78, 1795939520233083127, 1795939520302524141, 'e68ef3968154483f17486b5db688bd43e8a0f1fe450d8b3cc953f0fea04e2804', '[]', '[]');
INSERT INTO files (path, root, reading, size, mtime_ns, read_ns, digest, problems, clashes) VALUES ('/articles/tower.txt', '/articles', 2, 47, 1795939520233343232, 1795939520303318112, '11d8b10ecf374a9525838533b74c144719bc86e289fb9ddf0cc4a756227401e3', '[]', '[]');
INSERT INTO articles (id, file, title, source, published, digest, page_starts, text) VALUES ('bridge', '/articles/bridge.md', 'Bridge closed', 'Port News', '2023-02-18', '012aa361239146907b0d275dbf57191cd1beaef915e9f5336fe524d0adc2110c', '', '# Bridge closed

The old bridge was closed. Its pillars had cracked in spring.');
INSERT INTO articles (id, file, title, source, published, digest, page_starts, text) VALUES ('more/mayor', '/articles/more.zip', 'Mayor resigns', NULL, NULL, '4a5ee8220a20c92dcf402a88572a963a3a605c76d86fda20d40f6cf075cc7e6f', '', 'Mayor resigns

The mayor resigned. Nobody knows who will follow her.');
INSERT INTO articles (id, file, title, source, published, digest, page_starts, text) VALUES ('port', '/articles/port.txt', 'Port reopens', NULL, NULL, 'ec4c1976d2b93164515293f7788ee0d190ff27b79ad0556ac97292617569f443', '', 'Port reopens

The port of Ostrava reopened on Friday. Ships had waited a week.');
INSERT INTO articles (id, file, title, source, published, digest, page_starts, text) VALUES ('tower', '/articles/tower.txt', '海塔修好', NULL, NULL, '16246e262270a195bf18887be1e973c4e9b8877372b343219d2742f85f6dea84', '', '海塔修好

海塔修好了，高三十米。');
INSERT INTO recipes (id, embedder, dimension, passage_tokens, splitter, embedder_name, active) VALUES (1, 'fake-embedder-1', 8, 12, 2, '', 1);
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, page, page_turns, digest, title, text) VALUES (1, 'bridge', 1, 0, 0, 43, NULL, '', X'76FF417022A486DF3EBFADF5A2E232BC', 'Bridge closed', '# Bridge closed

The old bridge was closed.');
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, page, page_turns, digest, title, text) VALUES (2, 'bridge', 1, 1, 44, 78, NULL, '', X'8719ED6841B72872E386C2F4F20AB157', 'Bridge closed', 'Its pillars had cracked in spring.');
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, page, page_turns, digest, title, text) VALUES (3, 'more/mayor', 1, 0, 0, 68, NULL, '', X'03BE1E015C969F1845437F95955DF4C1', 'Mayor resigns', 'Mayor resigns

The mayor resigned. Nobody knows who will follow her.');
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, page, page_turns, digest, title, text) VALUES (4, 'port', 1, 0, 0, 53, NULL, '', X'868454F792DA204771846748AFB2D59C', 'Port reopens', 'Port reopens

The port of Ostrava reopened on Friday.');
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, page, page_turns, digest, title, text) VALUES (5, 'port', 1, 1, 54, 78, NULL, '', X'BDCF5DBA618539588063FC9731B802C1', 'Port reopens', 'Ships had waited a week.');
INSERT INTO passages (row, article_id, recipe, number, start_char, end_char, page, page_turns, digest, title, text) VALUES (6, 'tower', 1, 0, 0, 17, NULL, '', X'2BBF2F1F599F3F6CA9ED9AE204911656', '海塔修好', '海塔修好

海塔修好了，高三十米。');
INSERT INTO vectors (passage, vector) VALUES (1, X'00000000ABAA2A3E00000000ABAA2A3EABAA2A3FABAA2A3EABAA2A3EABAA2A3F');
INSERT INTO vectors (passage, vector) VALUES (2, X'000000009A23203F00000000CD84553ECD84D53ECD84D53ECD84D53ECD84553E');
INSERT INTO vectors (passage, vector) VALUES (3, X'0AB53A3F730CE03E00000000A25D953E0000000000000000730CE03E00000000');
INSERT INTO vectors (passage, vector) VALUES (4, X'EB26BE3EEB26BE3EEB263E3E00000000EB263E3F00000000EB26BE3E00000000');
INSERT INTO vectors (passage, vector) VALUES (5, X'D5008E3E4001553F00000000D5008E3ED5008E3ED5008E3E0000000000000000');
INSERT INTO vectors (passage, vector) VALUES (6, X'00000000EB05D13E000000000000000000000000EB05D13EEB05513F00000000');
INSERT INTO bands (key, passage) VALUES (-7774050869016326432, 1);
INSERT INTO bands (key, passage) VALUES (-6937261938213041739, 1);
INSERT INTO bands (key, passage) VALUES (-5961412132899786146, 1);
INSERT INTO bands (key, passage) VALUES (-5778743950851578507, 1);
INSERT INTO bands (key, passage) VALUES (-5280737957472537438, 1);
INSERT INTO bands (key, passage) VALUES (-1833954228677922156, 1);
INSERT INTO bands (key, passage) VALUES (-551897726340635822, 1);
INSERT INTO bands (key, passage) VALUES (227849976816954061, 1);
INSERT INTO bands (key, passage) VALUES (4279910266934480683, 1);
INSERT INTO bands (key, passage) VALUES (4280560002252923078, 1);
INSERT INTO bands (key, passage) VALUES (5279668869538495931, 1);
INSERT INTO bands (key, passage) VALUES (8548163126854499830, 1);
INSERT INTO bands (key, passage) VALUES (-5623997152425900930, 2);
INSERT INTO bands (key, passage) VALUES (-4174866050018874199, 2);
INSERT INTO bands (key, passage) VALUES (-3436070402687700489, 2);
INSERT INTO bands (key, passage) VALUES (-3077610180097309405, 2);
INSERT INTO bands (key, passage) VALUES (-2246712855346451737, 2);
INSERT INTO bands (key, passage) VALUES (-1820430662343423217, 2);
INSERT INTO bands (key, passage) VALUES (-526903099646607802, 2);
INSERT INTO bands (key, passage) VALUES (-469667872352624777, 2);
INSERT INTO bands (key, passage) VALUES (375926326499267297, 2);
INSERT INTO bands (key, passage) VALUES (680145308148302870, 2);
INSERT INTO bands (key, passage) VALUES (1286128453879885139, 2);
INSERT INTO bands (key, passage) VALUES (3623542179557539279, 2);
INSERT INTO bands (key, passage) VALUES (-7931196391572553853, 3);
INSERT INTO bands (key, passage) VALUES (-6921913616635007056, 3);
INSERT INTO bands (key, passage) VALUES (-4833560284928630571, 3);
INSERT INTO bands (key, passage) VALUES (-3462175248178188931, 3);
INSERT INTO bands (key, passage) VALUES (-113464203210228996, 3);
INSERT INTO bands (key, passage) VALUES (14242799331793646, 3);
INSERT INTO bands (key, passage) VALUES (1819272910600701931, 3);
INSERT INTO bands (key, passage) VALUES (2860064418027033734, 3);
INSERT INTO bands (key, passage) VALUES (3025478300770071666, 3);
INSERT INTO bands (key, passage) VALUES (5036187218186944197, 3);
INSERT INTO bands (key, passage) VALUES (7330315450491795979, 3);
INSERT INTO bands (key, passage) VALUES (9098162864354104664, 3);
INSERT INTO bands (key, passage) VALUES (-6364311954530492429, 4);
INSERT INTO bands (key, passage) VALUES (-5135234532189867766, 4);
INSERT INTO bands (key, passage) VALUES (-5034251946044488758, 4);
INSERT INTO bands (key, passage) VALUES (-4774014855841070698, 4);
INSERT INTO bands (key, passage) VALUES (-4757948384993082095, 4);
INSERT INTO bands (key, passage) VALUES (-4644724259575454660, 4);
INSERT INTO bands (key, passage) VALUES (-4009340681404059377, 4);
INSERT INTO bands (key, passage) VALUES (-3922836394142554144, 4);
INSERT INTO bands (key, passage) VALUES (-3654844278059604197, 4);
INSERT INTO bands (key, passage) VALUES (1345761205687080235, 4);
INSERT INTO bands (key, passage) VALUES (1970106037459262444, 4);
INSERT INTO bands (key, passage) VALUES (4050830524089419411, 4);
INSERT INTO bands (key, passage) VALUES (-9039057441227523551, 5);
INSERT INTO bands (key, passage) VALUES (-7364273131722951149, 5);
INSERT INTO bands (key, passage) VALUES (-6209364918352987643, 5);
INSERT INTO bands (key, passage) VALUES (-5959441639344927377, 5);
INSERT INTO bands (key, passage) VALUES (-4204871787976714762, 5);
INSERT INTO bands (key, passage) VALUES (-480819972266910009, 5);
INSERT INTO bands (key, passage) VALUES (-17303360462960274, 5);
INSERT INTO bands (key, passage) VALUES (2890297318656721470, 5);
INSERT INTO bands (key, passage) VALUES (3181165876670191468, 5);
INSERT INTO bands (key, passage) VALUES (3259203729970034357, 5);
INSERT INTO bands (key, passage) VALUES (3785492858814462231, 5);
INSERT INTO bands (key, passage) VALUES (6799132016359828276, 5);
INSERT INTO bands (key, passage) VALUES (-6529850757754997250, 6);
INSERT INTO bands (key, passage) VALUES (-5793244386875974907, 6);
INSERT INTO bands (key, passage) VALUES (-4853443015351594442, 6);
INSERT INTO bands (key, passage) VALUES (-2216992391591602059, 6);
INSERT INTO bands (key, passage) VALUES (1948723481292084174, 6);
INSERT INTO bands (key, passage) VALUES (2471757466789453579, 6);
INSERT INTO bands (key, passage) VALUES (3876290947230687716, 6);
INSERT INTO bands (key, passage) VALUES (5854727561800341202, 6);
INSERT INTO bands (key, passage) VALUES (6926293395763890677, 6);
INSERT INTO bands (key, passage) VALUES (7022623890046116727, 6);
INSERT INTO bands (key, passage) VALUES (7109310376982213692, 6);
INSERT INTO bands (key, passage) VALUES (8712359671349568186, 6);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence (name, seq) VALUES ('passages', 6);
CREATE VIEW live AS
  SELECT p.row, p.article_id, p.number, p.start_char, p.end_char, p.page, p.page_turns, p.title,
         p.text, p.digest, a.published, a.source
  FROM passages p JOIN articles a ON a.id = p.article_id
  WHERE p.recipe = (SELECT id FROM recipes WHERE active);
CREATE VIRTUAL TABLE passage_words USING fts5 (
  title, text, content = 'passages', content_rowid = 'row',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE INDEX articles_of_file ON articles (file);
CREATE INDEX passages_of_recipe ON passages (recipe);
CREATE INDEX passages_of_digest ON passages (digest);
CREATE INDEX bands_of_passage ON bands (passage);
CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
  INSERT INTO passage_words (rowid, title, text) VALUES (new.row, new.title, new.text);
END;
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
  INSERT INTO passage_words (passage_words, rowid, title, text)
  VALUES ('delete', old.row, old.title, old.text);
END;
INSERT INTO passage_words (passage_words) VALUES ('rebuild');
