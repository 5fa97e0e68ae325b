"""What is made of 150 requests for summaries and timelines: seen as such, of the right articles?

    python bench/summary_requests.py

They are asked over the articles of strangers/, ten at a time, in words that are not the program's
(`summaries/requests.jsonl`, by who had not seen it): orders, fragments, reasons, and words that
stand in no article. An answer is held against the articles that each is about, by what its quotes
stand in. How near an article must be (`qa/surveying/topics.py`) was fitted on the folders a to c,
and where the general way is taken (`qa/surveying/wanted.py`) on none of them.
"""

import json
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).parent.parent))

from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.service.opening import make_assistant, make_retriever, open_encoders
from qa.settings import load_settings
from qa.types import Answer

HERE = Path(__file__).parent
FITTED = "abc"
COLUMNS = ("the same", "more", "some", "others", "none", "taken for a question")


def main() -> None:
    """Ask all, and print how many were told of the right articles."""
    settings = load_settings()
    encoders = open_encoders(settings)
    lines = (HERE / "summaries" / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    made: dict[str, Counter[str]] = defaultdict(Counter)
    shared: dict[str, list[float]] = defaultdict(list)
    for desk in sorted({row["desk"] for row in rows}):
        with tempfile.TemporaryDirectory() as name, Store.create(Path(name)) as store:
            folder = HERE / "strangers" / desk
            index_folders([folder], store, encoders.embedder, settings.passage_tokens, print_none)
            retriever = make_retriever(settings, store, encoders.embedder)
            assistant = make_assistant(settings, retriever, None, encoders, store)
            for row in (one for one in rows if one["desk"] == desk):
                told = told_of(assistant.answer(row["request"]))
                wanted = set(row["articles"])
                for group in (row["asks"], f"folders {'a to c' if desk in FITTED else 'd to f'}"):
                    made[group][judged(told, wanted)] += 1
                    shared[group].append(f1(told or set(), wanted))
    print(f"| requests | {' | '.join(COLUMNS)} | F1 of the articles |")
    print("| --- |" + " --- |" * (len(COLUMNS) + 1))
    for group, counts in made.items():
        cells = " | ".join(str(counts[column]) for column in COLUMNS)
        print(f"| {group}: {counts.total()} | {cells} | {fmean(shared[group]):.2f} |")


def told_of(answer: Answer) -> set[str] | None:
    """The articles that a summary or a timeline is told from; None for any other answer."""
    if answer.refusal or answer.confidence is not None:
        return None
    return {one.article_id for one in answer.evidence}


def judged(told: set[str] | None, wanted: set[str]) -> str:
    """How the articles that were told of go with those that were asked for."""
    if told is None:
        return "taken for a question"
    if not told:
        return "none"
    if told == wanted:
        return "the same"
    if told > wanted:
        return "more"
    return "some" if told & wanted else "others"


def f1(told: set[str], wanted: set[str]) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * len(told & wanted) / (len(told) + len(wanted))


def print_none(_: object) -> None:
    """Progress that nobody watches."""


if __name__ == "__main__":
    main()
