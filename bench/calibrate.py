"""Fits how likely evidence answers a question, on questions that no report is about.

    python bench/calibrate.py --data FOLDER [--each 300]   looks up, then fits; goes on where it was
    python bench/calibrate.py                              fits again what was looked up before

FOLDER holds answerability/train.jsonl and repliqa/. Of both, and of the everyday questions on
RepLiQA's articles and on our own (training/everyday.jsonl), only the part that is kept for
calibration is asked (training/splits.py): the reader has never seen it, and no figure is told of
it. Each question is looked up as the assistant does it, in a library of the passages of that part,
of all RepLiQA's articles, or of a desk of DESK articles of our own: those who ask of their own
articles name too little to be looked up among hundreds. Its signals become a line of
bench/calibration/signals.jsonl; the numbers that come out go to qa/answering/confidence.json.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "training"))

from fitting import example, fit, scores, with_reader, without_reader
from measuring import read_questions
from sets import everyday_questions, own_articles
from splits import Part, answerability_part, repliqa_part

from qa.answering.confidence import Weighing, weighing_object
from qa.answering.finding import Finder, Found
from qa.evaluating.metrics import contains_answer
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.service.opening import Encoders, open_encoders
from qa.settings import Settings, load_settings

SIGNALS = Path(__file__).with_name("calibration") / "signals.jsonl"
CONFIDENCE = Path(__file__).parent.parent / "qa" / "answering" / "confidence.json"
FIRST = 2
"""Pieces of evidence that are shown first."""
DESK = 10
"""Articles of our own in one library."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set, and what tells whether its answer was found.

    That is one of the `accepted` words, anywhere, or an `article`, or a `place` in that.
    """

    kind: str
    id: str
    question: str
    answerable: bool
    accepted: tuple[str, ...] = ()
    article: str = ""
    place: tuple[int, int] | None = None


def main() -> None:
    """Look up what has not been looked up, then fit all."""
    options = arguments()
    if options.data:
        look_up(options.data.absolute(), options.each)
    rows = read_questions(SIGNALS)
    examples = [example(row) for row in rows]
    known = {"with reader": with_reader(examples), "without": without_reader(examples)}
    for name, some in known.items():
        print(
            f"{name}, {len(some)} questions; AUROC of each set, fitted without it: {scores(some)}"
        )
    fitted = weighing_object(Weighing(*(fit(some) for some in known.values())))
    CONFIDENCE.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(fitted, indent=2))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Fit how likely evidence answers a question.")
    parser.add_argument("--data", type=Path, help="folder with answerability/ and repliqa/")
    parser.add_argument("--each", type=int, default=300, help="questions of each kind at most")
    return parser.parse_args()


def look_up(data: Path, each: int) -> None:
    """Append the signals of every question that is not there yet."""
    settings = load_settings()
    encoders = open_encoders(settings)
    SIGNALS.parent.mkdir(exist_ok=True)
    known = read_questions(SIGNALS) if SIGNALS.is_file() else []
    done = {row["question"] for row in known}
    for name, asked in questions(data, each).items():
        with library(name, data, settings, encoders) as store:
            retriever = Retriever(store, encoders.embedder)
            finder = Finder(retriever, encoders.cross_encoder, encoders.reader, store)
            for number, one in enumerate(asked, 1):
                if one.id not in done:
                    keep(one, finder, settings.passages)
                print(f"\r{name}: {number} of {len(asked)}", end="", file=sys.stderr)


def keep(one: Asked, finder: Finder, passages: int) -> None:
    """Append the signals of one question."""
    found = finder.find(one.question, passages)
    if found.signals is None:
        return
    line = {
        "kind": one.kind,
        "question": one.id,
        "signals": [round(signal, 4) for signal in astuple(found.signals)],
        "right": answers(one, found),
    }
    with SIGNALS.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps(line) + "\n")


def answers(one: Asked, found: Found) -> bool:
    """Whether the articles answer, and what answers is among what was found.

    Where its place is known, it must stand in what is shown first: told beside it, it is not told.
    """
    if not one.answerable:
        return False
    if one.place:
        start, end = one.place
        return any(
            piece.article_id == one.article and piece.start < end and start < piece.end
            for piece in found.evidence[:FIRST]
        )
    if one.article:
        return any(hit.passage.article_id == one.article for hit in found.hits)
    return any(contains_answer(hit.passage.text, one.accepted) for hit in found.hits)


def questions(data: Path, each: int) -> dict[str, list[Asked]]:
    """The questions of the calibration parts by library, as many of each kind as there may be."""
    rows = [row for row in answerability(data) if row["passage"]]
    asked = [
        Asked(
            f"{row['set']}-{'yes' if row['answer'] else 'no'}",
            f"{row['set']}-{number}",
            row["question"],
            bool(row["answer"]),
            (row["answer"],) if row["answer"] else (),
        )
        for number, row in enumerate(rows)
    ]
    of_repliqa = [
        Asked(
            f"repliqa-{'yes' if row['answers'] else 'no'}",
            row["id"],
            row["question"],
            bool(row["answers"]),
            article=row["articles"][0],
        )
        for row in read_questions(data / "repliqa" / "questions.jsonl")
        if row["articles"] and repliqa_part(row["articles"][0]) is Part.CALIBRATION
    ]
    over_repliqa = [*some(of_repliqa, each), *some(peoples("repliqa", "everyday"), each)]
    return {
        "answerability": list(some(asked, each)),
        "repliqa": over_repliqa,
        **over_desks(each),
    }


def over_desks(each: int) -> dict[str, list[Asked]]:
    """The questions on our own articles, by the desk that has the article."""
    asked = peoples("own", "desk")
    Random(DESK).shuffle(asked)  # a few of every article
    chosen = list(some(asked, each))
    return {
        f"desk-{number}": [one for one in chosen if one.article in articles]
        for number, articles in enumerate(desks())
    }


def peoples(name: str, kind: str) -> list[Asked]:
    """The questions of the calibration part, as people ask them, on the articles of a set."""
    return [
        Asked(
            f"{kind}-{'yes' if one.answer else 'no'}",
            f"{kind}-{number}",
            one.question,
            one.answer is not None,
            article=one.text,
            place=one.answer,
        )
        for number, one in enumerate(everyday_questions())
        if one.part is Part.CALIBRATION and one.set == name
    ]


def desks() -> list[list[str]]:
    """The ids of our own articles of the calibration part, so many to a desk."""
    asked = [one for one in everyday_questions() if one.set == "own"]
    ids = sorted({one.text for one in asked if one.part is Part.CALIBRATION})
    return [ids[start : start + DESK] for start in range(0, len(ids), DESK)]


def some(asked: Sequence[Asked], each: int) -> Iterator[Asked]:
    """The first of each kind, one of each in turn: a fit of half of them is one of all kinds."""
    kinds: dict[str, list[Asked]] = {}
    for one in asked:
        kinds.setdefault(one.kind, []).append(one)
    for place in range(each):
        for own in kinds.values():
            yield from own[place : place + 1]


def answerability(data: Path) -> list[dict[str, Any]]:
    """The rows that are kept for calibration."""
    rows = read_questions(data / "answerability" / "train.jsonl")
    return [row for row in rows if answerability_part(row["passage"]) is Part.CALIBRATION]


def library(name: str, data: Path, settings: Settings, encoders: Encoders) -> Store:
    """The library of a set, brought up to date."""
    folder = settings.runs_dir / "calibration" / name
    store = Store.create(folder)
    with tempfile.TemporaryDirectory() as made:
        articles = data / "repliqa" / "articles"
        if name == "answerability":
            articles = Path(made)
            passages = dict.fromkeys(row["passage"] for row in answerability(data))
            for number, passage in enumerate(passages):
                (articles / f"{number}.txt").write_text(passage, encoding="utf-8")
        elif name.startswith("desk-"):
            articles = Path(made)
            own = own_articles()
            for article in desks()[int(name.removeprefix("desk-"))]:
                (articles / f"{article}.txt").write_text(own[article], encoding="utf-8")
        index_folders([articles], store, encoders.embedder, settings.passage_tokens, lambda _: None)
    return store


if __name__ == "__main__":
    main()
