"""How well the reader of our own reads: finds the words that answer, and tells whether any do.

    python bench/reader.py --data FOLDER [--more 100] [--repliqa 120] [--each 30]

FOLDER holds squad2/, repliqa/ and answerability/. Reported on are the questions of
squad2/sample100.jsonl with `--more` others of squad2, and `--repliqa` questions over RepLiQA's
report articles, half of each answerable. Signals are weighed on `--each` questions of each kind of
the calibration parts. None of their texts was trained on (training/splits.py).

Each question is looked up as the assistant does it, without the reader, in a library of all
articles of its set; then the reader reads the passages that were found. Raw figures go to
runs/reader, where an interrupted run goes on, and where other weights read the same passages. The
table goes to bench/reader.md.
"""

import argparse
import hashlib
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "training"))

import calibrate
from figures import Figures, Line, table
from measuring import Row, read_questions
from splits import Part, repliqa_part

from qa.answering.finding import Finder
from qa.evaluating.resampling import percentile_interval
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.span_reader import ENCODER, PassageReader
from qa.library.store import Store
from qa.models.probing import processor_name
from qa.service.opening import Encoders, open_encoders
from qa.settings import Settings, load_settings

REPORT = Path(__file__).with_suffix(".md")
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

FITTED_ON, REPORTED = "calibration", ("squad2", "repliqa")
TIMED = 16
TIMES = 5
SHRINKAGE = 3.0
"""Weight of the squared weights beside the summed loss, as in bench/fitting.py."""

WAYS: dict[str, tuple[str, ...]] = {
    "the reader's best span": ("span",),
    "the reader's head": ("head",),
    "the cross-encoder's best sentence": ("relevance",),
    "the signals without the reader": ("relevance", "names_there", "asked_there", "cosine"),
    "cross-encoder and reader": ("relevance", "span", "head"),
    "all signals": ("relevance", "names_there", "asked_there", "cosine", "span", "head"),
}
"""What tells answerable from not: one signal as it is, or several in a logistic."""

GOALS = {"met": 0.88, "squad2": 0.82, "repliqa": 0.92}
BOUND = 10.0
"""Logits count up to this, either way."""


@dataclass(frozen=True, slots=True)
class Library:
    """A folder to index and what is asked of it."""

    name: str
    articles: Path
    asked: tuple[calibrate.Asked, ...]


def main() -> None:
    """Measure what has not been measured, and write the table."""
    options = arguments()
    settings = load_settings()
    out = settings.runs_dir / "reader"
    out.mkdir(parents=True, exist_ok=True)
    encoders = open_encoders(settings)
    weights = hashlib.sha256(ENCODER.read_bytes()).hexdigest()[:8]
    rows: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory() as made:
        for one in libraries(options, Path(made)):
            looked_up = look_up(one, out, settings, encoders)
            rows[one.name] = read(looked_up, Figures(out, f"{one.name}-{weights}"), encoders.reader)
    rows[FITTED_ON] = [row for name in rows if name.startswith(FITTED_ON) for row in rows[name]]
    texts = [text for row in rows["squad2"] for text in row["texts"]][:TIMED]
    seconds = [read_seconds(encoders.reader, texts) for _ in range(TIMES + 1)][1:]
    write(rows, seconds, settings)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the three sets")
    parser.add_argument("--more", type=int, default=100, help="questions of squad2 beside the 100")
    parser.add_argument("--repliqa", type=int, default=120, help="questions of RepLiQA")
    parser.add_argument("--each", type=int, default=30, help="of each kind to weigh signals on")
    return parser.parse_args()


def libraries(options: argparse.Namespace, made: Path) -> Iterator[Library]:
    """Every library with its questions, the same ones every time."""
    data: Path = options.data
    fitted_on = calibrate.questions(data, options.each)
    for number, passage in enumerate(
        dict.fromkeys(row["passage"] for row in calibrate.answerability(data))
    ):
        (made / f"{number}.txt").write_text(passage, encoding="utf-8")
    of_repliqa = data / "repliqa" / "articles"
    yield Library(f"{FITTED_ON}-answerability", made, tuple(fitted_on["answerability"]))
    sample = read_questions(data / "squad2" / "sample100.jsonl")
    taken = {row["id"] for row in sample}
    others = [
        row for row in read_questions(data / "squad2" / "questions.jsonl") if row["id"] not in taken
    ]
    squad2 = [*sample, *halves(others, options.more)]
    yield Library("squad2", data / "squad2" / "articles", tuple(map(asked, squad2)))
    reported = [
        row
        for row in read_questions(data / "repliqa" / "questions.jsonl")
        if repliqa_part(row["articles"][0]) is Part.REPORT
    ]
    yield Library("repliqa", of_repliqa, tuple(map(asked, halves(reported, options.repliqa))))
    yield Library(f"{FITTED_ON}-repliqa", of_repliqa, tuple(fitted_on["repliqa"]))


def halves(rows: Sequence[Row], count: int) -> list[Row]:
    """So many questions, half of them answerable, chosen by the hashes of their ids."""
    mixed = sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).digest())
    yes = [row for row in mixed if row["answers"]]
    no = [row for row in mixed if not row["answers"]]
    return yes[: count // 2] + no[: count // 2]


def asked(row: Row) -> calibrate.Asked:
    """A question of a set that is reported on."""
    accepted = tuple(row["answers"])
    return calibrate.Asked("", row["id"], row["question"], bool(accepted), accepted)


def look_up(library: Library, out: Path, settings: Settings, encoders: Encoders) -> list[Row]:
    """What each question finds without the reader, and whether it is answerable from that."""
    figures = Figures(out, f"{library.name}-found")
    done = {row["id"] for row in figures.rows()}
    missing = [one for one in library.asked if one.id not in done]
    with Store.create(out / library.name.removeprefix(f"{FITTED_ON}-")) as store:
        if missing and not store.article_count():
            index_folders(
                [library.articles],
                store,
                encoders.embedder,
                settings.passage_tokens,
                lambda _: None,
            )
        retriever = Retriever(store, encoders.embedder)
        finder = Finder(retriever, encoders.cross_encoder)
        for one in missing:
            found = finder.find(one.question, settings.passages)
            hits, signals = found.looked_at, found.signals
            fitting = library.name.startswith(FITTED_ON)
            figures.add(
                one.id,
                question=one.question,
                accepted=one.accepted,
                right=calibrate.answers(one, found) if fitting else bool(one.accepted),
                relevance=signals.relevance if signals else -BOUND,
                names_there=signals.names_there if signals else 0.0,
                asked_there=signals.asked_there if signals else 0.0,
                cosine=max((hit.cosine for hit in hits), default=0.0),
                texts=[hit.passage.text for hit in hits],
            )
    wanted = {one.id for one in library.asked}
    return [row for row in figures.rows() if row["id"] in wanted]


def read(found: Sequence[Row], figures: Figures, reader: PassageReader) -> list[Row]:
    """The rows with what the reader makes of the passages."""
    done = {row["id"] for row in figures.rows()}
    for row in found:
        if row["id"] in done:
            continue
        readings = reader.read(row["question"], row["texts"])
        spans = [
            (one.spans[0], text)
            for one, text in zip(readings, row["texts"], strict=True)
            if one.spans
        ]
        best, text = max(spans, key=lambda one: one[0].score)
        accepted = [place for text_ in row["texts"] for place in places(text_, row["accepted"])]
        figures.add(
            row["id"],
            span=bounded(best.score),
            head=bounded(max(one.answerable for one in readings)),
            met=any(
                start < best.end and best.start < end
                for start, end in places(text, row["accepted"])
            ),
            there=bool(accepted),
            told=text[best.start : best.end],
        )
    known = {row["id"]: row for row in figures.rows()}
    return [{**row, **known[row["id"]]} for row in found]


def bounded(logit: float) -> float:
    """A logit within its bounds."""
    return max(-BOUND, min(BOUND, logit))


def places(text: str, accepted: Sequence[str]) -> list[tuple[int, int]]:
    """Where accepted answers stand in a text, as whole words."""
    return [
        match.span()
        for answer in accepted
        for match in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE)
    ]


def read_seconds(reader: PassageReader, texts: Sequence[str]) -> float:
    """Seconds to read passages."""
    started = perf_counter()
    reader.read("Who was the first of them?", texts)
    return perf_counter() - started


def write(rows: dict[str, list[Row]], seconds: Sequence[float], settings: Settings) -> None:
    """Put the table into the report."""
    lines = shares(rows["squad2"])
    for name in REPORTED:
        lines += [auroc_line(name, way, rows[name], rows[FITTED_ON]) for way in WAYS]
    median = statistics.median(seconds)
    spread = f"{min(seconds):.2f} – {max(seconds):.2f}"
    lines.append(
        Line(f"seconds for {TIMED} passages", f"{median:.2f}", spread, "≤ 0.5", median <= 0.5)
    )
    begun = REPORT.read_text(encoding="utf-8") if REPORT.is_file() else f"{BEGIN}\n{END}\n"
    before, after = begun.split(BEGIN)[0], begun.split(END)[1]
    made = table(lines).replace("| median |", "| value |")
    weights = hashlib.sha256(ENCODER.read_bytes()).hexdigest()[:8]
    on = f"Weights {weights}; {processor_name()}, {settings.threads or 'all'} threads."
    text = f"{before}{BEGIN}\n{made}\n{on}\n{END}{after}"
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def shares(rows: Sequence[Row]) -> list[Line]:
    """The lines that say how often the best span meets an accepted answer."""
    yes = [row for row in rows if row["right"]]
    return [
        _share("sample100: best span meets an answer", [row for row in rows[:100] if row["right"]]),
        _share("squad2: best span meets an answer", yes, GOALS["met"]),
        _share("… where one stands in the passages", [row for row in yes if row["there"]]),
    ]


def _share(measure: str, rows: Sequence[Row], goal: float | None = None) -> Line:
    met = np.array([row["met"] for row in rows], float)
    low, high = percentile_interval((met,), np.mean)
    value, spread = float(met.mean()), f"{low:.2f} – {high:.2f}, n = {len(rows)}"
    if goal is None:
        return Line(measure, f"{value:.2f}", spread)
    return Line(measure, f"{value:.2f}", spread, f"≥ {goal}", value >= goal)


def auroc_line(name: str, way: str, rows: Sequence[Row], fitted_on: Sequence[Row]) -> Line:
    """How well one way tells the answerable questions of a set from the others."""
    told = weighed(rows, WAYS[way], fitted_on)
    right = np.array([row["right"] for row in rows], float)
    value = float(aurocs(right, told))
    low, high = percentile_interval((right, told), aurocs)
    spread = f"{low:.3f} – {high:.3f}, n = {len(rows)}"
    measure = f"{name}: AUROC of {way}"
    if way != "all signals":
        return Line(measure, f"{value:.3f}", spread)
    goal = GOALS[name]
    return Line(measure, f"{value:.3f}", spread, f"≥ {goal}", value >= goal)


def weighed(rows: Sequence[Row], names: Sequence[str], fitted_on: Sequence[Row]) -> np.ndarray:
    """One number a row: its signal, or the log-odds of a logistic of several."""
    signals = np.array([[row[name] for name in names] for row in rows], float)
    if len(names) == 1:
        return signals[:, 0]
    from sklearn.linear_model import LogisticRegression

    known = np.array([[row[name] for name in names] for row in fitted_on], float)
    mean, spread = known.mean(axis=0), known.std(axis=0)
    model = LogisticRegression(C=1 / SHRINKAGE)
    model.fit((known - mean) / spread, [row["right"] for row in fitted_on])
    return np.asarray(model.decision_function((signals - mean) / spread))


def aurocs(right: np.ndarray, told: np.ndarray, axis: int = -1) -> np.ndarray:
    """The chance that an answerable question is told above another, ties half, along an axis."""
    from scipy.stats import rankdata

    ranks = rankdata(told, axis=axis)
    yes = right.sum(axis=axis)
    no = right.shape[axis] - yes
    return np.asarray(((ranks * right).sum(axis=axis) - yes * (yes + 1) / 2) / (yes * no))


if __name__ == "__main__":
    main()
