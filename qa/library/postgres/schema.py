"""The tables of a shared library, a schema of PostgreSQL for each collection.

They are those of `qa.library.schema`, but for vectors, which are kept once for each content, and
words, of which PostgreSQL has no index that knows BM25.
"""

LEAST_PGVECTOR = (0, 8, 4)
"""Of 0.8 are iterative scans, by which a filter cannot leave a search empty; 0.8.4 mended them."""

LEAST_SERVER = 16
"""Of 16 is `any_value`."""

FIRST = """
CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);

CREATE TABLE roots (position integer PRIMARY KEY, path bytea NOT NULL);

CREATE TABLE files (
  path bytea PRIMARY KEY,
  root bytea NOT NULL,
  reading integer NOT NULL,
  size bigint NOT NULL,
  mtime_ns bigint NOT NULL,
  read_ns bigint NOT NULL,
  digest text NOT NULL,
  problems text NOT NULL,
  clashes text NOT NULL
);

CREATE TABLE articles (
  id text COLLATE "C" PRIMARY KEY,
  file bytea REFERENCES files (path),
  title text NOT NULL,
  source text COLLATE "C",
  published text COLLATE "C",
  digest text NOT NULL,
  page_starts text NOT NULL,
  text text NOT NULL
);
CREATE INDEX articles_of_file ON articles (file);
CREATE INDEX articles_of_day ON articles (published, source);

-- `passages` and `words` count what there is of each, for BM25.
CREATE TABLE recipes (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  embedder text NOT NULL,
  dimension integer NOT NULL,
  passage_tokens integer NOT NULL,
  splitter integer NOT NULL,
  embedder_name text NOT NULL,
  active boolean NOT NULL,
  passages bigint NOT NULL DEFAULT 0,
  words bigint NOT NULL DEFAULT 0,
  UNIQUE (embedder, dimension, passage_tokens, splitter)
);

-- `title_words` and `text_words` are the words in order, stemmed.
CREATE TABLE passages (
  row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  article_id text COLLATE "C" NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  recipe integer NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
  number integer NOT NULL,
  start_char integer NOT NULL,
  end_char integer NOT NULL,
  page integer,
  page_turns text NOT NULL,
  digest bytea NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  title_words text[] COLLATE "C" NOT NULL,
  text_words text[] COLLATE "C" NOT NULL,
  UNIQUE (article_id, recipe, number)
);
CREATE INDEX passages_of_recipe ON passages (recipe, row);
CREATE INDEX passages_of_digest ON passages (digest);

-- Once for each content: a digest is that of what was embedded.
CREATE TABLE vectors (
  embedder text NOT NULL,
  dimension integer NOT NULL,
  digest bytea NOT NULL,
  vector vector NOT NULL,
  PRIMARY KEY (embedder, dimension, digest)
);

CREATE TABLE bands (key bigint NOT NULL, passage bigint NOT NULL, PRIMARY KEY (key, passage));
CREATE INDEX bands_of_passage ON bands (passage);

-- How often a word stands in the title and the text of a passage of so many words. All of it is in
-- the index, so that a search reads nothing else.
CREATE TABLE postings (
  word text COLLATE "C" NOT NULL,
  passage bigint NOT NULL,
  in_title integer NOT NULL,
  in_text integer NOT NULL,
  words integer NOT NULL,
  PRIMARY KEY (word, passage) INCLUDE (in_title, in_text, words)
);

CREATE VIEW live AS
  SELECT p.row, p.article_id, p.number, p.start_char, p.end_char, p.page, p.page_turns, p.title,
         p.text, p.digest, a.published, a.source
  FROM passages p JOIN articles a ON a.id = p.article_id
  WHERE p.recipe = (SELECT id FROM recipes WHERE active);

CREATE FUNCTION note_words() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
  INSERT INTO postings (word, passage, in_title, in_text, words)
  SELECT word, row, count(*) FILTER (WHERE titled), count(*) FILTER (WHERE NOT titled),
         any_value(cardinality(title_words) + cardinality(text_words))
  FROM come, LATERAL (
    SELECT unnest(title_words) AS word, true AS titled
    UNION ALL SELECT unnest(text_words), false
  ) AS each_word
  GROUP BY word, row;
  UPDATE recipes SET passages = recipes.passages + more.passages, words = recipes.words + more.words
  FROM (
    SELECT recipe, count(*) AS passages,
           sum(cardinality(title_words) + cardinality(text_words)) AS words
    FROM come GROUP BY recipe
  ) AS more
  WHERE id = more.recipe;
  RETURN NULL;
END $$;
CREATE TRIGGER passage_added AFTER INSERT ON passages REFERENCING NEW TABLE AS come
  FOR EACH STATEMENT EXECUTE FUNCTION note_words();

CREATE FUNCTION forget_passages() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
  DELETE FROM postings USING (
    SELECT DISTINCT row, unnest(title_words || text_words) AS word FROM gone
  ) AS left_words
  WHERE postings.word = left_words.word AND postings.passage = left_words.row;
  DELETE FROM bands USING gone WHERE bands.passage = gone.row;
  UPDATE recipes SET passages = recipes.passages - less.passages, words = recipes.words - less.words
  FROM (
    SELECT recipe, count(*) AS passages,
           sum(cardinality(title_words) + cardinality(text_words)) AS words
    FROM gone GROUP BY recipe
  ) AS less
  WHERE id = less.recipe;
  DELETE FROM vectors WHERE digest IN (SELECT digest FROM gone) AND NOT EXISTS (
    SELECT 1 FROM passages JOIN recipes ON recipes.id = recipe
    WHERE passages.digest = vectors.digest
      AND (recipes.embedder, recipes.dimension) = (vectors.embedder, vectors.dimension)
  );
  RETURN NULL;
END $$;
CREATE TRIGGER passage_removed AFTER DELETE ON passages REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION forget_passages();
"""

MIGRATIONS = (FIRST,)
"""Script n brings a library of version n to version n + 1; an empty schema is of version 0.

A library is brought to the last version by whoever opens it next and may do so.
"""
