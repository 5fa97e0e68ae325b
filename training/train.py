"""Trains the reader that ships: from the data to weights to figures, in one command.

    python training/train.py --data FOLDER --bases FOLDER --work FOLDER

`--data` holds `answerability/` and `repliqa/`; `--bases` the files that `training/bases.py` names:
`cross-encoder.onnx`, `embedder/` and `mpnet/`. What is done is kept in `--work`, and a second run
goes on from there. Steps, which `--step` does one at a time:

1. `examples`: what is learnt from, made anew for every epoch (`training/examples.py`);
2. `teacher`: all-mpnet-base-v2 learns to read, with each seed of TEACHER_SEEDS;
3. `labels`: the teachers' verdicts on every example;
4. `reader`: MiniLM learns from both, and is what ships;
5. `export`: int8 ONNX for `qa/library/reader/` (`training/exporting.py`).

A GPU is used where torch sees one: 15 minutes in all. On two cores the teachers take days; without
`mpnet/` the reader learns from the examples alone, some hours.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import torch
from batches import tokenised
from encoder import Reader
from learning import Exam, Lesson, Plan, learn, loaded_soft, soft_verdicts, stored_soft
from questions_over_texts import read_examples

SEED = 20230218
EPOCHS = 6
"""Sets of examples; who learns longer begins again with the first."""
TEACHER = Plan(base="mpnet", epochs=4, rate=6e-5)
READER = Plan(base="minilm", epochs=12, rate=1.5e-4, soft=0.7)
TEACHER_SEEDS = (1, 2, 3)
STEPS = ("examples", "teacher", "labels", "reader", "export")


def main() -> None:
    """Take the steps that are asked for."""
    options = arguments()
    torch.set_float32_matmul_precision("high")
    for step in [options.step] if options.step else STEPS:
        take(step, options)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with answerability/ and repliqa/")
    parser.add_argument("--bases", type=Path, required=True, help="folder with the bases' files")
    parser.add_argument("--work", type=Path, required=True, help="folder for all that is made")
    parser.add_argument("--step", choices=STEPS, help="take this step alone")
    parser.add_argument("--seed", type=int, help="of the one teacher or reader to train")
    parser.add_argument("--name", help="of the folder that a reader is kept in")
    parser.add_argument("--plan", type=json.loads, default={}, help="JSON: what a plan has changed")
    parser.add_argument("--few", type=int, help="learn from so many examples only, to try things")
    return parser.parse_args()


def take(step: str, options: argparse.Namespace) -> None:
    """Take one step."""
    work: Path = options.work
    has_teachers = (work / "mpnet.pt").is_file() or (options.bases / "mpnet").is_dir()
    if step == "examples":
        from examples import write_examples

        write_examples(options.data, work / "examples", EPOCHS, SEED)
        prepare_bases(options.bases, work)
    elif step == "teacher" and has_teachers:
        for seed in [options.seed] if options.seed else TEACHER_SEEDS:
            plan = replace(TEACHER, seed=seed, **options.plan)
            teach(plan, options.name or f"teacher-{seed}", False, options)
    elif step == "labels" and has_teachers:
        label(options)
    elif step == "reader":
        plan = replace(READER, seed=options.seed or SEED, **options.plan)
        teach(plan, options.name or "reader", plan.soft > 0, options)
    elif step == "export":
        from exporting import export

        export(work, options.name or "reader")


def prepare_bases(bases: Path, work: Path) -> None:
    """Keep the bases as `minilm.pt` and `mpnet.pt`."""
    from bases import read_minilm, read_mpnet

    if not (work / "minilm.pt").is_file():
        minilm = read_minilm(bases / "cross-encoder.onnx", bases / "embedder")
        torch.save(minilm, work / "minilm.pt")
    if not (work / "mpnet.pt").is_file() and (bases / "mpnet").is_dir():
        torch.save(read_mpnet(bases / "mpnet"), work / "mpnet.pt")


def teach(plan: Plan, name: str, soft: bool, options: argparse.Namespace) -> None:
    """Train one encoder, unless it is there."""
    folder = options.work / name
    if (folder / "encoder.pt").is_file():
        return
    torch.manual_seed(plan.seed)
    lessons = [lesson(number, soft, options) for number in range(min(EPOCHS, plan.epochs))]
    reader = opened(plan, options.work)
    learn(reader, plan, lessons, held_out(options), folder)


def opened(plan: Plan, work: Path, weights: Path | None = None) -> Reader:
    """A reader as its base begins, or with the weights that it has learnt."""
    from bases import start_from

    base = torch.load(work / f"{plan.base}.pt", weights_only=True)
    reader = Reader(start_from(base, plan.dropout), base["words"])
    if weights:
        reader.encoder.load_state_dict(torch.load(weights, weights_only=True))
    return reader


def lesson(number: int, soft: bool, options: argparse.Namespace) -> Lesson:
    """The examples of an epoch, with the teachers' verdicts where they are asked for."""
    examples = read_examples(options.work / "examples" / f"epoch-{number}.jsonl")[: options.few]
    made = tokenised(examples, options.bases / "embedder" / "tokenizer.json")
    whole = [one for one in made if one]
    file = options.work / "labels" / f"epoch-{number}.npz"
    return Lesson(whole, loaded_soft(file) if soft else None)


def held_out(options: argparse.Namespace) -> Exam:
    """The examples of the calibration part."""
    examples = read_examples(options.work / "examples" / "held-out.jsonl")[: options.few]
    made = tokenised(examples, options.bases / "embedder" / "tokenizer.json")
    rows = [(one.kind, tokens) for one, tokens in zip(examples, made, strict=True) if tokens]
    return Exam([kind for kind, _ in rows], [tokens for _, tokens in rows])


def label(options: argparse.Namespace) -> None:
    """Keep what all teachers together make of the examples."""
    folder = options.work / "labels"
    folder.mkdir(exist_ok=True)
    kept = sorted(options.work.glob("teacher-*/encoder.pt"))
    teachers = [opened(TEACHER, options.work, file) for file in kept]
    exam = held_out(options)
    report_teachers(teachers, exam)
    for number in range(EPOCHS):
        file = folder / f"epoch-{number}.npz"
        if not file.is_file():
            examples = lesson(number, False, options).examples
            stored_soft(soft_verdicts(teachers, examples), file)
            print(f"labels {number}", flush=True)


def report_teachers(teachers: list[Reader], exam: Exam) -> None:
    """Print the figures of the teachers together, by the means of their scores."""
    import numpy as np
    from learning import ask
    from measures import Verdict, measured

    asked = [ask(teacher, exam.examples) for teacher in teachers]
    together = [
        Verdict(
            float(np.mean([one.score for one in each])),
            float(np.mean([one.head for one in each])),
            each[0].span,
        )
        for each in zip(*asked, strict=True)
    ]
    print("teachers", json.dumps(measured(exam.kinds, exam.examples, together)), flush=True)


if __name__ == "__main__":
    main()
