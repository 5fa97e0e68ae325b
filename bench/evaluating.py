"""What an evaluation costs: minutes for 100 questions and memory, as it was and as it is.

    python bench/evaluating.py questions.jsonl --home HOME [--quotes-only] [--limit N] [--rounds N]

The way it was: one question after the other, in the order of the file, and looked up a second time
for recall@10. The way it is: questions on one article in a row, two under way at a time, and what
was looked up a moment ago kept. What recall@10 is measured on is looked up as the answer was, and
no longer ranked again for it. The predictions are compared, all but those ten passages, their
seconds and what was reused of the model's cache. Rounds begin with the one way and the other in
turn, so that neither has the quieter hours; seconds on a core tell what neighbours hide.
`bench/evaluating.md` holds what came of it.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from measuring import Row, alone, peak_mb, timed

from qa.answering.assistant import Assistant
from qa.cli.evaluating import WORKERS
from qa.evaluating.foreign_sets import load_question_set
from qa.evaluating.runs import evaluate
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.service.opening import make_retriever, open_assistant, open_encoders
from qa.settings import load_settings
from qa.types import Answer, Hit, Turn

WAS, IS = "as it was", "as it is"


class AsItWas:
    """An assistant whose second look-up knows nothing of the first."""

    def __init__(self, assistant: Assistant, retriever: Retriever) -> None:
        self._assistant = assistant
        self._retriever = retriever
        self.model_name = assistant.model_name

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The assistant's."""
        return self._assistant.answer(question, history)

    def candidates(self, question: str, history: Sequence[Turn], k: int) -> tuple[Hit, ...]:
        """By a search of its own, for questions that stand alone."""
        return self._retriever.retrieve(question, k)


def measure(home: Path, file: Path, limit: int | None, quotes_only: bool, way: str) -> Row:
    """Seconds, memory and predictions of a run, in a process of its own."""
    settings = load_settings(home)
    # a follow-up is looked up with what it leans on, which `AsItWas` does not do
    asked = [one for one in load_question_set(file) if not one.history][:limit]
    encoders = open_encoders(settings)
    encoders.warm_up()
    with (
        Store.open(settings.library_dir) as store,
        open_assistant(settings, with_model=not quotes_only, encoders=encoders) as assistant,
        tempfile.TemporaryDirectory() as folder,
    ):
        own = AsItWas(assistant, make_retriever(settings, store, encoders.embedder))

        def text(article_id: str) -> str | None:
            article = store.article(article_id)
            return article.text if article else None

        worked_before = time.process_time()
        seconds, _ = timed(
            lambda: evaluate(
                asked,
                own if way == WAS else assistant,
                text,
                Path(folder),
                retrieval_only=False,
                resume=False,
                config={},
                report=lambda _: None,
                workers=1 if way == WAS else WORKERS,
            )
        )
        worked = time.process_time() - worked_before
        text_of_lines = (Path(folder) / "predictions.jsonl").read_text(encoding="utf-8")
        lines = [json.loads(line) for line in text_of_lines.splitlines()]
    return {
        "way": way,
        "minutes for 100": seconds / len(asked) * 100 / 60,
        "core seconds": worked / len(asked),
        "most memory, MB": peak_mb(),
        "written": sum(line["usage"]["completion_tokens"] > 0 for line in lines if "usage" in line),
        "lines": [_told(line) for line in lines],
    }


def _told(line: Row) -> Row:
    """A prediction without what differs from run to run."""
    return {
        key: value for key, value in line.items() if key not in ("timings", "usage", "retrieved")
    }


def main() -> None:
    """Measure both ways and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--home", type=Path, required=True, help="with an index of the articles")
    parser.add_argument("--quotes-only", action="store_true", help="without a model")
    parser.add_argument("--limit", type=int, help="only the first so many")
    parser.add_argument("--rounds", type=int, default=1, help="so often each way")
    given = parser.parse_args()
    rows = []
    for number in range(given.rounds):
        for way in (WAS, IS) if number % 2 == 0 else (IS, WAS):
            told = (given.home, given.questions, given.limit, given.quotes_only, way)
            rows.append(alone(measure, *told))
            print(".", end="", file=sys.stderr, flush=True)
    print(table(rows))


def table(rows: Sequence[Row]) -> str:
    """The mean of each way's rounds and the most of their memory, and what is the same."""
    ways = {way: [row for row in rows if row["way"] == way] for way in (WAS, IS)}
    minutes = {way: fmean(row["minutes for 100"] for row in of) for way, of in ways.items()}
    lines = [
        "| way | minutes for 100 questions | each round | seconds of a core a question "
        "| most memory, MB |",
        "| --- | --- | --- | --- | --- |",
    ]
    for way, of in ways.items():
        each = ", ".join(f"{row['minutes for 100']:.2f}" for row in of)
        on_core = fmean(row["core seconds"] for row in of)
        most = max(row["most memory, MB"] for row in of)
        lines.append(f"| {way} | {minutes[way]:.2f} | {each} | {on_core:.1f} | {most:,.0f} |")
    first, *others = (row["lines"] for row in rows)
    same = sum(all(line == other[at] for other in others) for at, line in enumerate(first))
    return "\n".join(
        [
            *lines,
            "",
            f"{minutes[WAS] / minutes[IS]:.2f} times as fast; {minutes[IS] * 60 / 100:.2f} s a "
            f"question; the model wrote for {rows[0]['written']} of {len(first)}; same predictions "
            f"in all rounds: {same} of {len(first)}",
        ]
    )


if __name__ == "__main__":
    main()
