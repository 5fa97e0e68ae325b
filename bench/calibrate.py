"""Calibrates how far answers are trusted, on questions that no report is about.

    python bench/calibrate.py --data FOLDER     asks, then fits; goes on where it was interrupted
    python bench/calibrate.py                   fits again what was found before

Asked is the model that settings name (QA_MODEL), and every model that was asked is fitted.

The questions: every second row of rgb/conflict.jsonl (those that `bench/answers.py` calls seen),
with passages as in its arms, and questions of squad2/questions.jsonl that are not in the sample
that is reported. What was found in each passage becomes a line of the model's file in
bench/calibration/: its signals, and whether it was right; the numbers that come out go to
qa/answering/calibration.json.
bench/reported.json names the questions that `bench/answers.py` reports on: none is among these.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from pathlib import Path

from arms import articles_of
from asking import build_library, opened_desk
from cases import Case, rgb_cases, shuffled
from fitting import Example, example, fit, stored
from measuring import read_questions

from qa.evaluating.metrics import contains_answer
from qa.evaluating.questions import load_questions
from qa.settings import Settings, load_settings

EXAMPLES = Path(__file__).with_name("calibration")
REPORTED = Path(__file__).with_name("reported.json")
CALIBRATION = Path(__file__).parent.parent / "qa" / "answering" / "calibration.json"
RGB_KINDS = ("rgb_2_of_5", "rgb_4_of_5", "rgb_noise")
SQUAD_EACH = 24
"""Questions with and without an answer, so many of each."""


def main() -> None:
    """Ask what has not been asked, then fit all."""
    options = arguments()
    if options.data:
        ask(options.data.absolute())
    fitted = {}
    for model, examples in kept_examples().items():
        fitted[model] = stored(fit(examples))
        questions = {one.question for one in examples}
        print(f"{model}: {len(examples)} findings of {len(questions)} questions")
    CALIBRATION.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(fitted, indent=2))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Calibrate how far answers are trusted.")
    parser.add_argument("--data", type=Path, help="folder that holds rgb/ and squad2/")
    return parser.parse_args()


def kept_examples() -> dict[str, list[Example]]:
    """What was found by every model that was asked, the default model's first."""
    default = Settings.model_fields["model"].default
    files = sorted(EXAMPLES.glob("*.jsonl"), key=lambda file: (file.stem != default, file.stem))
    return {file.stem: [example(row) for row in read_questions(file)] for file in files}


def ask(data: Path) -> None:
    """Append what is found for every case that has not been asked."""
    settings = load_settings()
    file = EXAMPLES / f"{settings.model}.jsonl"
    folder = settings.runs_dir / "answers" / "library-squad2"
    build_library(articles_of("squad2", data), folder, settings)
    known = read_questions(file) if file.is_file() else []
    done = {(row["kind"], row["question"]) for row in known}
    wanted = [case for case in fit_cases(data) if (case.kind, case.question.id) not in done]
    REPORTED.write_text(json.dumps(reported(data), indent=1) + "\n", encoding="utf-8")
    with opened_desk(settings, {"squad2": folder}) as desk:
        for number, case in enumerate(wanted, 1):
            answer = desk.assistant(case).answer(case.question.question)
            accepted = case.question.answers
            lines = [
                {
                    "kind": case.kind,
                    "question": case.question.id,
                    "signals": [round(signal, 4) for signal in astuple(finding.signals)],
                    "right": bool(accepted) and contains_answer(finding.text, accepted),
                }
                for finding in answer.findings
            ]
            with file.open("a", encoding="utf-8") as kept:
                kept.writelines(json.dumps(line) + "\n" for line in lines)
            print(f"\r{number} of {len(wanted)}", end="", file=sys.stderr)


def fit_cases(data: Path) -> Iterator[Case]:
    """The questions to calibrate on, a few of each kind in turn."""
    rows = read_questions(data / "rgb" / "conflict.jsonl")
    of_rgb = [[one for one in rgb_cases(rows, kind) if one.seen] for kind in RGB_KINDS]
    told = set(reported(data)["squad"])
    questions = load_questions(data / "squad2" / "questions.jsonl")
    others = shuffled([Case("squad", one, "squad2") for one in questions if one.id not in told])
    with_answer = [case for case in others if case.question.answerable][:SQUAD_EACH]
    without = [case for case in others if not case.question.answerable][:SQUAD_EACH]
    yield from _in_turn([*of_rgb, with_answer, without])


def reported(data: Path) -> dict[str, list[str]]:
    """The ids of the questions that figures are told of, by set; those of seeds/ are all told."""
    rows = read_questions(data / "rgb" / "conflict.jsonl")
    sample = load_questions(data / "squad2" / "sample100.jsonl")
    return {
        "rgb": [one.question.id for one in rgb_cases(rows, RGB_KINDS[0]) if not one.seen],
        "squad": [question.id for question in sample],
    }


def _in_turn(kinds: Sequence[Sequence[Case]]) -> Iterator[Case]:
    for place in range(max(map(len, kinds))):
        for cases in kinds:
            yield from cases[place : place + 1]


if __name__ == "__main__":
    main()
