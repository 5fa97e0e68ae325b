"""Where to put `min_confidence`: python bench/refusal.py QUESTIONS RUN [QUESTIONS RUN …]

Make the runs with nothing withheld for doubt: QA_MIN_CONFIDENCE=0 qa eval QUESTIONS --out RUN.
The threshold is chosen on every other question and reported on the rest.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.evaluating.judging import judge
from qa.evaluating.predictions import read_predictions
from qa.evaluating.questions import load_questions

THRESHOLDS = np.round(np.arange(0, 1, 0.02), 2)
MOST_FALSE_REFUSALS = 0.1


@dataclass(frozen=True, slots=True)
class Case:
    """One question of a run: was there an answer, was it given rightly, how sure was the model."""

    answerable: bool
    right: bool
    refused: bool
    confidence: float

    def refused_at(self, threshold: float) -> bool:
        """Whether it is refused when answers below this confidence are withheld."""
        return self.refused or self.confidence < threshold


def read_cases(questions: Path, run: Path) -> list[Case]:
    """The cases of a run, in the order of the questions; failed questions are left out."""
    lines = [json.loads(line) for line in (run / "predictions.jsonl").read_text().splitlines()]
    confidence = {line["id"]: line.get("confidence") for line in lines}
    predictions = {one.id: one for one in read_predictions(run / "predictions.jsonl")}
    cases = []
    for question in load_questions(questions):
        prediction = predictions.get(question.id)
        if prediction is None or prediction.said is None:
            continue
        scores = judge(question, prediction, {}).scores
        cases.append(
            Case(
                question.answerable,
                "contains_answer" in scores and scores["contains_answer"].part == 1,
                prediction.said.refused,
                confidence[question.id] or 0.0,
            )
        )
    return cases


def shares(cases: list[Case], threshold: float) -> tuple[float, float, float]:
    """Refused of the unanswerable, refused of the answerable, right of the answerable."""
    refused = [case.refused_at(threshold) for case in cases if not case.answerable]
    wrongly = [case.refused_at(threshold) for case in cases if case.answerable]
    right = [case.right and not case.refused_at(threshold) for case in cases if case.answerable]
    return float(np.mean(refused)), float(np.mean(wrongly)), float(np.mean(right))


def auroc(cases: list[Case]) -> float:
    """How well confidence tells right answers from answers to what cannot be answered."""
    good = [case.confidence for case in cases if case.right and not case.refused]
    bad = [case.confidence for case in cases if not case.answerable and not case.refused]
    return float(np.mean([(g > b) + 0.5 * (g == b) for g in good for b in bad]))


def main() -> None:
    """Print the trade-off, and the threshold chosen on one half with its figures on the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", type=Path, metavar="QUESTIONS RUN")
    paths: list[Path] = parser.parse_args().pairs
    cases: list[Case] = []
    for questions, run in zip(paths[::2], paths[1::2], strict=True):
        found = read_cases(questions, run)
        print(f"{run.name}: {len(found)} questions, AUROC {auroc(found):.3f}")
        show(found, THRESHOLDS[::5])
        cases += found
    fitted, reported = cases[::2], cases[1::2]
    allowed = [t for t in THRESHOLDS if shares(fitted, t)[1] <= MOST_FALSE_REFUSALS]
    best = max(allowed, default=0.0)
    print(f"all: threshold {best} (at most {MOST_FALSE_REFUSALS:.0%} false refusals, one half)")
    show(reported, [best])


def show(cases: list[Case], thresholds: "np.typing.ArrayLike") -> None:
    """A line a threshold."""
    for threshold in np.atleast_1d(thresholds):
        refused, wrongly, right = shares(cases, float(threshold))
        print(
            f"  below {threshold:.2f}: refused {refused:.0%} of the unanswerable, "
            f"{wrongly:.0%} of the answerable; {right:.0%} right"
        )


if __name__ == "__main__":
    main()
