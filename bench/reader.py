"""How well the reader of our own reads: finds the words that answer, and tells whether any do.

    python bench/reader.py --data FOLDER [--more 200]

FOLDER holds squad2/ and repliqa/. Asked are the questions of squad2/sample100.jsonl and `--more`
others of squad2, half of them answerable, and those of RepLiQA's report articles; none of their
texts was trained or fitted on (training/splits.py). Each is looked up as the assistant does it, in
a library of all articles of its set. Signals are weighed by a logistic fitted on
bench/calibration/signals.jsonl, which bench/calibrate.py wrote. Raw figures go to
runs/reader/figures, where an interrupted run goes on; the table goes to bench/reader.md.
"""

import argparse
import re
import statistics
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "training"))

from calibrate import SIGNALS
from figures import Figures, Line, table
from fitting import Example, example, fit
from machine import machine
from measuring import Row, read_questions
from splits import Part, repliqa_part

from qa.answering.confidence import Signals
from qa.answering.finding import Finder
from qa.evaluating.questions import Question, load_questions
from qa.evaluating.resampling import percentile_interval
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.span_reader import PassageReader
from qa.library.store import Store
from qa.opening import Encoders, open_encoders
from qa.settings import Settings, load_settings
from qa.types import Hit

REPORT = Path(__file__).with_suffix(".md")
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

TIMED = 16
TIMES = 5

WAYS: dict[str, tuple[str, ...]] = {
    "the reader's best span": ("span",),
    "the reader's head": ("answerable",),
    "the cross-encoder's best sentence": ("relevance",),
    "both, fitted": ("relevance", "alone", "span", "answerable"),
    "all signals without the reader, fitted": (
        "relevance",
        "alone",
        "names_there",
        "asked_there",
        "cosine",
    ),
    "all signals, fitted": tuple(Signals.__dataclass_fields__),
}
"""What tells answerable from not: signals by name; several are weighed by a logistic."""

GOALS = {
    ("squad2", "met"): 0.88,
    ("squad2", "all signals, fitted"): 0.82,
    ("repliqa", "all signals, fitted"): 0.92,
}


def main() -> None:
    """Measure what has not been measured, and write the table."""
    options = arguments()
    settings = load_settings()
    folder = settings.runs_dir / "reader"
    figures = {name: Figures(folder / "figures", name) for name in ("squad2", "repliqa", "speed")}
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    encoders = open_encoders(settings)
    for name, asked in questions(options.data, options.more).items():
        with library(folder / name, options.data / name / "articles", settings, encoders) as store:
            retriever = Retriever(store, encoders.embedder, store.index_dir)
            finder = Finder(retriever, encoders.cross_encoder, encoders.reader)
            for question in figures[name].missing(asked):
                figures[name].add(question.id, **measure(question, finder, settings.passages))
            if not figures["speed"].rows():
                hits = retriever.retrieve(asked[0].question, TIMED)
                for number in range(TIMES):
                    seconds = read_seconds(encoders.reader, asked[0].question, hits)
                    figures["speed"].add(str(number), seconds=seconds)
    write(figures, machine_line(settings))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with squad2/, repliqa/")
    parser.add_argument("--more", type=int, default=200, help="questions of squad2 beside the 100")
    return parser.parse_args()


def questions(data: Path, more: int) -> dict[str, list[Question]]:
    """The questions of each set, the same ones every time."""
    sample = list(load_questions(data / "squad2" / "sample100.jsonl"))
    taken = {question.id for question in sample}
    others = [
        one for one in load_questions(data / "squad2" / "questions.jsonl") if one.id not in taken
    ]
    others.sort(key=lambda one: one.id)  # ids are hashes
    for answerable in (True, False):
        sample += [one for one in others if one.answerable is answerable][: more // 2]
    of_repliqa = [
        one
        for one in load_questions(data / "repliqa" / "questions.jsonl")
        if repliqa_part(one.articles[0]) is Part.REPORT
    ]
    return {"squad2": sample, "repliqa": of_repliqa}


def library(folder: Path, articles: Path, settings: Settings, encoders: Encoders) -> Store:
    """The library of a set, indexed if it is not yet."""
    store = Store.create(folder)
    if not store.article_count():
        index_folders([articles], store, encoders.embedder, settings.passage_tokens, lambda _: None)
    return store


def measure(question: Question, finder: Finder, passages: int) -> Row:
    """The signals of a question, and whether the best span of its passages answers it."""
    found = finder.find(question.question, (), passages)
    signals = found.signals or Signals(*[0.0] * len(Signals.__dataclass_fields__))
    row: Row = {"answerable": question.answerable, **signals_by_name(signals)}
    if question.answerable and finder.reader:
        hits = finder.retrieve(question.question, (), passages)
        row["met"] = meets(question, finder.reader, hits)
        row["there"] = any(places(one.passage.text, question.answers) for one in hits)
    return row


def signals_by_name(signals: Signals) -> Row:
    """The signals as a row keeps them."""
    return {name: round(getattr(signals, name), 4) for name in Signals.__dataclass_fields__}


def meets(question: Question, reader: PassageReader, hits: Sequence[Hit]) -> bool:
    """Whether the best span of all passages overlaps an accepted answer."""
    texts = [hit.passage.text for hit in hits]
    readings = reader.read(question.question, texts)
    best = [(one.spans[0], text) for one, text in zip(readings, texts, strict=True) if one.spans]
    if not best:
        return False
    span, text = max(best, key=lambda one: one[0].score)
    return any(
        start < span.end and span.start < end for start, end in places(text, question.answers)
    )


def places(text: str, answers: Sequence[str]) -> list[tuple[int, int]]:
    """Where accepted answers stand in a text, as whole words."""
    return [
        match.span()
        for answer in answers
        for match in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE)
    ]


def read_seconds(reader: PassageReader, question: str, hits: Sequence[Hit]) -> float:
    """Seconds to read passages."""
    started = perf_counter()
    reader.read(question, [hit.passage.text for hit in hits])
    return perf_counter() - started


def machine_line(settings: Settings) -> str:
    """What it was measured on; no language model has a part in it."""
    return machine(settings, Path("no language model")).replace("; no language model", "")


def write(figures: dict[str, Figures], on: str) -> None:
    """Put the table into the report."""
    calibration = [example(row) for row in read_questions(SIGNALS) if row["way"] == "with_reader"]
    lines = [
        line for name in ("squad2", "repliqa") for line in lines_of(name, figures, calibration)
    ]
    seconds = [row["seconds"] for row in figures["speed"].rows()]
    median = statistics.median(seconds)
    spread = f"{min(seconds):.2f} – {max(seconds):.2f}"
    lines.append(
        Line(f"seconds for {TIMED} passages", f"{median:.2f} s", spread, "≤ 0.5 s", median <= 0.5)
    )
    begun = REPORT.read_text(encoding="utf-8") if REPORT.is_file() else f"{BEGIN}\n{END}\n"
    before, after = begun.split(BEGIN)[0], begun.split(END)[1]
    made = table(lines).replace("| median |", "| value |")
    text = f"{before}{BEGIN}\n{made}\nMeasured on {on}.\n{END}{after}"
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def lines_of(name: str, figures: dict[str, Figures], calibration: Sequence[Example]) -> list[Line]:
    """The lines of a set."""
    rows = figures[name].rows()
    lines = []
    if name == "squad2":
        sample = [row for row in rows[:100] if row["answerable"]]
        lines += [
            share(f"{name}, sample100: best span meets an answer", sample),
            share(
                f"{name}: best span meets an answer",
                [row for row in rows if row["answerable"]],
                GOALS[name, "met"],
            ),
            share(
                f"{name}: … where one stands in the four passages",
                [row for row in rows if row.get("there")],
            ),
        ]
    right = np.array([row["answerable"] for row in rows])
    for way, signals in WAYS.items():
        if len(signals) > 1 and not calibration:
            continue
        told = weighed(rows, signals, calibration)
        value, goal = auroc(right, told), GOALS.get((name, way))
        low, high = percentile_interval((right, told), aurocs)
        lines.append(
            Line(
                f"{name}: AUROC by {way}",
                f"{value:.3f}",
                f"{low:.3f} – {high:.3f}, n = {len(rows)}",
                f"≥ {goal}" if goal else "",
                value >= goal if goal else None,
            )
        )
    return lines


def share(measure: str, rows: Sequence[Row], goal: float | None = None) -> Line:
    """The share of rows whose best span meets an answer."""
    met = np.array([row["met"] for row in rows], float)
    low, high = percentile_interval((met,), np.mean)
    value = float(met.mean())
    spread = f"{low:.2f} – {high:.2f}, n = {len(rows)}"
    if goal is None:
        return Line(measure, f"{value:.2f}", spread)
    return Line(measure, f"{value:.2f}", spread, f"≥ {goal}", value >= goal)


def weighed(
    rows: Sequence[Row], signals: Sequence[str], calibration: Sequence[Example]
) -> np.ndarray:
    """One number a row: the signal, or several as they are weighed on the calibration rows."""
    if len(signals) == 1:
        return np.array([row[signals[0]] for row in rows])

    def only(one: Signals) -> Signals:
        left_out = {name: 0.0 for name in Signals.__dataclass_fields__ if name not in signals}
        return replace(one, **left_out)

    fitted = fit([replace(one, signals=only(one.signals)) for one in calibration])
    names = Signals.__dataclass_fields__
    return np.array([fitted.of(only(Signals(*(row[name] for name in names)))) for row in rows])


def auroc(right: np.ndarray, told: np.ndarray) -> float:
    """The chance that an answerable question is told above another, ties counting half."""
    yes, no = told[right], told[~right]
    above = (yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2
    return float(above)


def aurocs(right: np.ndarray, told: np.ndarray, axis: int = -1) -> np.ndarray:
    """`auroc` of every row of resampled questions."""
    del axis
    if right.ndim == 1:
        return np.asarray(auroc(right.astype(bool), told))
    drawn = zip(right.astype(bool), told, strict=True)
    return np.array([auroc(one, other) for one, other in drawn])


if __name__ == "__main__":
    main()
