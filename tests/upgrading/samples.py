"""What the dumps hold: a folder of articles, and a conversation. It needs nothing of the program,
so that programs of any version can be given it.
"""

import os
import zipfile
from pathlib import Path

FILES = {
    "port.txt": "Port reopens\n\nThe port of Ostrava reopened on Friday. Ships had waited a week.",
    "bridge.md": "---\nid: bridge\npublished: 2023-02-18\nsource: Port News\n---\n"
    "# Bridge closed\n\nThe old bridge was closed. Its pillars had cracked in spring.",
    "tower.txt": "海塔修好\n\n海塔修好了，高三十米。",
    "empty.txt": "",
}
"""By name; the last gives no article."""

ZIPPED = "Mayor resigns\n\nThe mayor resigned. Nobody knows who will follow her."

NOT_UTF_8 = os.fsdecode(b"caf\xe9.txt")
"""A name as an old disk may have it."""


def write_articles(folder: Path, *, odd_name: bool = True) -> None:
    """Six files: five articles, one of them in an archive, and an empty one."""
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    if odd_name:
        (folder / NOT_UTF_8).write_text("Café opens\n\nThe café at the port has opened again.")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("mayor.txt", ZIPPED)


EXCHANGE = """{
  "number": 1, "question": "When did the port reopen?", "asked": "2024-03-16T12:30:00Z",
  "hits": [], "written": "", "error": null, "evidence": [],
  "answer": {
    "question": "When did the port reopen?", "text": "On Friday [1].",
    "sentences": [{"text": "On Friday [1].", "start": 0, "end": 14, "supported": true,
      "citations": [{"number": 1, "passage_id": "port#0", "start": 28, "end": 46}]}],
    "hits": [{"passage": {"id": "port#0", "article_id": "port", "title": "Port reopens",
      "published": "2023-02-17", "start": 0, "end": 47,
      "text": "The port of Ostrava — by the sea — reopened on Friday.",
      "source": null, "page": null, "page_turns": []}, "score": 0.9, "found_by": "both",
      "cosine": 0.6, "also_in": []}],
    "refusal": null, "conflict": null, "model": "m",
    "timings": {"retrieve_s": 0.1, "first_token_s": 1.0, "total_s": 2.0},
    "usage": {"prompt_tokens": 1, "reused_tokens": 0, "completion_tokens": 1, "drafted_tokens": 0,
      "accepted_tokens": 0},
    "findings": [{"number": 1, "text": "on Friday", "trust": 0.8, "signals": {
      "states": 1.5, "mean_logprob": -0.1, "least_logprob": -0.4, "score": 1.0, "cosine": 0.6,
      "asked_there": 1.0, "names_there": 1.0, "days_there": 1.0, "answer_there": 1.0,
      "kind_fits": 1.0}}],
    "standing": 0.8, "outcome": "answered", "confidence": 0.8, "written": ["On Friday [1]."],
    "understood": "",
    "evidence": [{"number": 1, "passage_id": "port#0", "article_id": "port", "start": 0, "end": 54,
      "quote": "The port of Ostrava — by the sea — reopened on Friday.", "score": 3.5,
      "answer": [44, 53], "also_in": []}]
  }
}"""
"""An exchange with the fields of every version so far; each keeps those that it knows."""
