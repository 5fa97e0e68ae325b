-- Made by the program of 2026-11-22.
PRAGMA user_version = 1;
CREATE TABLE conversations (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL,
  updated TEXT NOT NULL
);
CREATE TABLE exchanges (
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  words TEXT NOT NULL,
  kept TEXT NOT NULL,
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
  UNIQUE (conversation, number)
);
INSERT INTO conversations (id, owner, collection, title, updated) VALUES ('991624e0cc444d2bbdc2435aa10c1e2a', 'browser:ann', 'main', 'When did the port reopen?', '2026-11-29T08:05:16.324075+00:00');
INSERT INTO exchanges (conversation, number, words, kept) VALUES ('991624e0cc444d2bbdc2435aa10c1e2a', 1, 'when did the port reopen?
on friday [1].', '{"number": 1, "question": "When did the port reopen?", "asked": "2024-03-16T12:30:00Z", "answer": {"question": "When did the port reopen?", "text": "On Friday [1].", "sentences": [{"text": "On Friday [1].", "start": 0, "end": 14, "supported": true, "citations": [{"number": 1, "passage_id": "port#0", "start": 28, "end": 46}]}], "hits": [{"passage": {"id": "port#0", "article_id": "port", "title": "Port reopens", "published": "2023-02-17", "start": 0, "end": 47, "text": "The port of Ostrava — by the sea — reopened on Friday.", "source": null, "page": null, "page_turns": []}, "score": 0.9, "found_by": "both", "cosine": 0.6, "also_in": []}], "refusal": null, "conflict": null, "model": "m", "timings": {"retrieve_s": 0.1, "first_token_s": 1.0, "total_s": 2.0}, "usage": {"prompt_tokens": 1, "reused_tokens": 0, "completion_tokens": 1, "drafted_tokens": 0, "accepted_tokens": 0}, "findings": [{"number": 1, "text": "on Friday", "signals": {"states": 1.5, "mean_logprob": -0.1, "least_logprob": -0.4, "score": 1.0, "cosine": 0.6, "asked_there": 1.0, "names_there": 1.0, "days_there": 1.0, "answer_there": 1.0}, "trust": 0.8}]}, "hits": [], "written": "", "error": null}');
INSERT INTO judgements (id, conversation, number, given, verdict, correction, kept, history) VALUES (1, '991624e0cc444d2bbdc2435aa10c1e2a', 1, '2026-11-29T08:05:16.325535+00:00', 'right', '', '{"number": 1, "question": "When did the port reopen?", "asked": "2024-03-16T12:30:00Z", "answer": {"question": "When did the port reopen?", "text": "On Friday [1].", "sentences": [{"text": "On Friday [1].", "start": 0, "end": 14, "supported": true, "citations": [{"number": 1, "passage_id": "port#0", "start": 28, "end": 46}]}], "hits": [{"passage": {"id": "port#0", "article_id": "port", "title": "Port reopens", "published": "2023-02-17", "start": 0, "end": 47, "text": "The port of Ostrava — by the sea — reopened on Friday.", "source": null, "page": null, "page_turns": []}, "score": 0.9, "found_by": "both", "cosine": 0.6, "also_in": []}], "refusal": null, "conflict": null, "model": "m", "timings": {"retrieve_s": 0.1, "first_token_s": 1.0, "total_s": 2.0}, "usage": {"prompt_tokens": 1, "reused_tokens": 0, "completion_tokens": 1, "drafted_tokens": 0, "accepted_tokens": 0}, "findings": [{"number": 1, "text": "on Friday", "signals": {"states": 1.5, "mean_logprob": -0.1, "least_logprob": -0.4, "score": 1.0, "cosine": 0.6, "asked_there": 1.0, "names_there": 1.0, "days_there": 1.0, "answer_there": 1.0}, "trust": 0.8}]}, "hits": [], "written": "", "error": null}', '[]');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence (name, seq) VALUES ('judgements', 1);
CREATE INDEX conversations_of_owner ON conversations (owner, updated);
