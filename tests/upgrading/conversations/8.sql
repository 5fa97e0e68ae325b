-- Made by the program of 2026-11-29.
PRAGMA user_version = 2;
CREATE TABLE conversations (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL,
  updated TEXT NOT NULL
);
CREATE TABLE exchanges (
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  words TEXT NOT NULL,
  kept TEXT NOT NULL,
  digest INTEGER NOT NULL, -- of the three before it: see records.digest_of
  PRIMARY KEY (conversation, number)
);
CREATE TABLE judgements (
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
CREATE TABLE preferences (owner TEXT PRIMARY KEY, chosen TEXT NOT NULL);
CREATE TABLE reviewed (
  judgement INTEGER PRIMARY KEY REFERENCES judgements (id) ON DELETE CASCADE,
  line TEXT NOT NULL
);
CREATE TABLE clip_tokens (owner TEXT PRIMARY KEY, token TEXT NOT NULL);
INSERT INTO conversations (id, owner, collection, title, updated) VALUES ('dec579d6d74646e5a1168ec1b1be4b5e', 'browser:ann', 'main', 'When did the port reopen?', '2026-11-29T09:31:46.894885+00:00');
INSERT INTO exchanges (conversation, number, words, kept, digest) VALUES ('dec579d6d74646e5a1168ec1b1be4b5e', 1, 'when did the port reopen?
on friday [1].', '{"number": 1, "question": "When did the port reopen?", "asked": "2024-03-16T12:30:00Z", "answer": {"question": "When did the port reopen?", "text": "On Friday [1].", "sentences": [{"text": "On Friday [1].", "start": 0, "end": 14, "supported": true, "citations": [{"number": 1, "passage_id": "port#0", "start": 28, "end": 46}]}], "hits": [{"passage": {"id": "port#0", "article_id": "port", "title": "Port reopens", "published": "2023-02-17", "start": 0, "end": 47, "text": "The port of Ostrava — by the sea — reopened on Friday.", "source": null, "page": null, "page_turns": []}, "score": 0.9, "found_by": "both", "cosine": 0.6, "also_in": []}], "refusal": null, "conflict": null, "model": "m", "timings": {"retrieve_s": 0.1, "first_token_s": 1.0, "total_s": 2.0}, "usage": {"prompt_tokens": 1, "reused_tokens": 0, "completion_tokens": 1, "drafted_tokens": 0, "accepted_tokens": 0}, "evidence": [{"number": 1, "passage_id": "port#0", "article_id": "port", "start": 0, "end": 54, "quote": "The port of Ostrava — by the sea — reopened on Friday.", "score": 3.5, "answer": [44, 53], "also_in": []}], "confidence": 0.8, "understood": "", "written": ["On Friday [1]."]}, "hits": [], "written": "", "error": null, "evidence": []}', 566643983);
INSERT INTO judgements (id, conversation, number, given, verdict, correction, kept, history, digest) VALUES (1, 'dec579d6d74646e5a1168ec1b1be4b5e', 1, '2026-11-29T09:31:46.897125+00:00', 'right', '', '{"number": 1, "question": "When did the port reopen?", "asked": "2024-03-16T12:30:00Z", "answer": {"question": "When did the port reopen?", "text": "On Friday [1].", "sentences": [{"text": "On Friday [1].", "start": 0, "end": 14, "supported": true, "citations": [{"number": 1, "passage_id": "port#0", "start": 28, "end": 46}]}], "hits": [{"passage": {"id": "port#0", "article_id": "port", "title": "Port reopens", "published": "2023-02-17", "start": 0, "end": 47, "text": "The port of Ostrava — by the sea — reopened on Friday.", "source": null, "page": null, "page_turns": []}, "score": 0.9, "found_by": "both", "cosine": 0.6, "also_in": []}], "refusal": null, "conflict": null, "model": "m", "timings": {"retrieve_s": 0.1, "first_token_s": 1.0, "total_s": 2.0}, "usage": {"prompt_tokens": 1, "reused_tokens": 0, "completion_tokens": 1, "drafted_tokens": 0, "accepted_tokens": 0}, "evidence": [{"number": 1, "passage_id": "port#0", "article_id": "port", "start": 0, "end": 54, "quote": "The port of Ostrava — by the sea — reopened on Friday.", "score": 3.5, "answer": [44, 53], "also_in": []}], "confidence": 0.8, "understood": "", "written": ["On Friday [1]."]}, "hits": [], "written": "", "error": null, "evidence": []}', '[]', 2201130597);
INSERT INTO preferences (owner, chosen) VALUES ('browser:ann', '{"passages": 3, "max_answer_tokens": null, "refuse_below": null}');
INSERT INTO reviewed (judgement, line) VALUES (1, '');
INSERT INTO clip_tokens (owner, token) VALUES ('browser:ann', 'H7BmH0ayPgCjG6G3LFZRptkkW2G3srby');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence (name, seq) VALUES ('judgements', 1);
CREATE INDEX conversations_of_owner ON conversations (owner, updated);
