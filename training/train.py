"""Trains the reader that ships: from the data to weights to figures, in one command.

    python training/train.py --data FOLDER --bases FOLDER --work FOLDER

`--data` holds `answerability/` and `repliqa/`; `--bases` the files that `training/bases.py` names:
`cross-encoder.onnx`, `embedder/` and `mpnet/`. What is done is kept in `--work`, and a second run
goes on from there. Steps, which `--step` does one at a time:

1. `examples`: what is learnt from, made anew for every epoch (`training/examples.py`);
2. `teacher`: all-mpnet-base-v2 learns to read, once with each seed of TEACHER_SEEDS;
3. `labels`: what the teachers together make of every example;
4. `reader`: MiniLM learns from both, with progress and rate every 20 seconds;
5. `export`: int8 ONNX and what it changes (`training/exporting.py`).

`--step further` teaches the reader that ships what was added to the examples since it was made,
everyday questions, beside some of what it knows (`training/further.py`); then take `export`. On two
cores a lesson takes half an hour.

A GPU is used where torch sees one: some 15 minutes in all. On two cores the teachers take days;
without `mpnet/` the reader learns from the examples alone, some hours.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from bases import read_minilm, read_mpnet, start_from
from batches import Lesson, tokenised
from encoder import Reader
from judging import ask, device_here
from labels import loaded_soft, soft_verdicts, stored_soft
from learning import Exam, Plan, learn
from measures import measured, together
from questions_over_texts import read_examples
from torch import Tensor

from qa.library.span_reader import ENCODER

SEED = 20230218
"""Of the examples; the encoders have seeds of their own."""
SETS = 6
"""Sets of examples; who learns longer begins again with the first."""
TEACHER = Plan(epochs=3, rate=6e-5)
TEACHER_SEEDS = (1, 2, 3)
READER = Plan(epochs=5, rate=1.5e-4, soft=0.7)
"""Of longer runs, one of nine epochs was stopped after six, no better."""
FURTHER = Plan(epochs=1, rate=1e-4, batch=16, soft=0.7, frozen=4, rounded=True)
REHEARSED = 1000, 3500
"""Examples of everyday questions that it has learnt, and of the other kinds that it knows."""
COMPARED = 200
"""Examples whose logits tell what int8 changes."""
THREADS = 2
"""On a CPU."""
STEPS = ("examples", "teacher", "labels", "reader", "export")
FURTHER_STEP = "further"


def main() -> None:
    """Take the steps that are asked for."""
    options = arguments()
    if device_here().type == "cpu":
        torch.set_num_threads(THREADS)
    for step in [options.step] if options.step else STEPS:
        take(step, options)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with answerability/ and repliqa/")
    parser.add_argument("--bases", type=Path, required=True, help="folder with the bases' files")
    parser.add_argument("--work", type=Path, required=True, help="folder for all that is made")
    parser.add_argument("--step", choices=(*STEPS, FURTHER_STEP), help="take this step alone")
    parser.add_argument(
        "--seed", type=int, choices=TEACHER_SEEDS, help="train this teacher alone, beside others"
    )
    parser.add_argument(
        "--remembered",
        type=Path,
        default=ENCODER,
        help="further: an encoder whose verdicts on the older kinds are held on to",
    )
    parser.add_argument("--few", type=int, help="read so many examples of a set, to try things")
    return parser.parse_args()


def take(step: str, options: argparse.Namespace) -> None:
    """Take one step; without `mpnet/` there are no teachers."""
    has_teachers = (options.bases / "mpnet").is_dir()
    if step == "examples":
        from examples import write_examples

        write_examples(options.data, options.work / "examples", SETS, SEED)
    elif step == "teacher" and has_teachers:
        for seed in [options.seed] if options.seed else TEACHER_SEEDS:
            teach(f"teacher-{seed}", replace(TEACHER, seed=seed), mpnet(options), options)
    elif step == "labels" and has_teachers:
        label(options)
    elif step == "reader":
        plan = READER if has_teachers else replace(READER, soft=0.0)
        teach("reader", plan, minilm(options), options)
    elif step == FURTHER_STEP:
        from examples import write_examples
        from further import further

        write_examples(options.data, options.work / "examples", 0, SEED)
        embedder, words = options.bases / "embedder", minilm(options)["words"]
        exam = held_out(options)
        work, remembered = options.work, options.remembered
        further(options.data, embedder, words, FURTHER, REHEARSED, exam, work, remembered)
    elif step == "export":
        from exporting import export

        reader = opened(minilm(options), options.work / "reader")
        tokenizer = options.bases / "embedder" / "tokenizer.json"
        export(reader, tokenizer, held_out(options).examples[:COMPARED], options.work / "reader")


def minilm(options: argparse.Namespace) -> dict[str, Tensor]:
    """What the reader starts from."""
    return read_minilm(options.bases / "cross-encoder.onnx", options.bases / "embedder")


def mpnet(options: argparse.Namespace) -> dict[str, Tensor]:
    """What a teacher starts from."""
    return read_mpnet(options.bases / "mpnet")


def teach(name: str, plan: Plan, base: Mapping[str, Tensor], options: argparse.Namespace) -> None:
    """Train one encoder in the folder of its name, unless it is there."""
    folder = options.work / name
    if (folder / "encoder.pt").is_file():
        return
    torch.manual_seed(plan.seed)
    reader = Reader(start_from(base, plan.dropout), base["words"])
    lessons = [lesson(number, plan.soft > 0, options) for number in range(min(SETS, plan.epochs))]
    learn(reader, plan, lessons, held_out(options), folder)


def opened(base: Mapping[str, Tensor], folder: Path) -> Reader:
    """A reader with the weights that it has learnt."""
    reader = Reader(start_from(base), base["words"])
    reader.encoder.load_state_dict(torch.load(folder / "encoder.pt", weights_only=True))
    return reader


def lesson(number: int, soft: bool, options: argparse.Namespace) -> Lesson:
    """The examples of an epoch, with the teachers' verdicts where they are asked for.

    Raises ValueError where the verdicts are on other examples.
    """
    examples = read_examples(options.work / "examples" / f"epoch-{number}.jsonl")[: options.few]
    made = tokenised(examples, options.bases / "embedder" / "tokenizer.json")
    whole = [one for one in made if one]
    if not soft:
        return Lesson(whole)
    file = options.work / "labels" / f"epoch-{number}.npz"
    verdicts = loaded_soft(file)
    if [len(one.ids) for one in whole] != [len(one.start) for one in verdicts]:
        raise ValueError(f"{file} is about other examples; remove it and take the step labels")
    return Lesson(whole, verdicts)


def held_out(options: argparse.Namespace) -> Exam:
    """The examples of the calibration part."""
    examples = read_examples(options.work / "examples" / "held-out.jsonl")[: options.few]
    made = tokenised(examples, options.bases / "embedder" / "tokenizer.json")
    rows = [(one.kind, tokens) for one, tokens in zip(examples, made, strict=True) if tokens]
    return Exam([kind for kind, _ in rows], [tokens for _, tokens in rows])


def label(options: argparse.Namespace) -> None:
    """Keep what all teachers together make of the examples that the reader learns from."""
    files = [
        options.work / "labels" / f"epoch-{number}.npz"
        for number in range(min(SETS, READER.epochs))
    ]
    if all(file.is_file() for file in files):
        return
    files[0].parent.mkdir(exist_ok=True)
    base, exam = mpnet(options), held_out(options)
    teachers = [opened(base, options.work / f"teacher-{seed}") for seed in TEACHER_SEEDS]
    verdicts = together([ask(teacher, exam.examples) for teacher in teachers])
    print("teachers", json.dumps(measured(exam.kinds, exam.examples, verdicts)), flush=True)
    for number, file in enumerate(files):
        if not file.is_file():
            examples = lesson(number, False, options).examples
            stored_soft(soft_verdicts(teachers, examples, f"labels, epoch {number + 1}"), file)


if __name__ == "__main__":
    main()
