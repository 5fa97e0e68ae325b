"""Trains the reader that ships: from the data to weights to figures, in one command.

    python training/train.py --data FOLDER --bases FOLDER --work FOLDER

`--data` holds `answerability/` and `repliqa/`; `--bases` the files that `training/bases.py` names:
`cross-encoder.onnx` and `embedder/`. What is done is kept in `--work`, and a second run goes on
from there. Steps, which `--step` does one at a time:

1. `examples`: what is learnt from, made anew for every epoch (`training/examples.py`);
2. `reader`: the encoder learns, on the CPU, with progress and rate every 20 seconds;
3. `export`: int8 ONNX and figures (`training/exporting.py`).
"""

import argparse
from pathlib import Path

import torch
from batches import Tokens, tokenised
from encoder import Reader
from learning import Exam, Plan, examine, learn
from questions_over_texts import read_examples

SEED = 20230218
EPOCHS = 3
"""Sets of examples; who learns longer begins again with the first."""
COMPARED = 200
"""Examples whose logits tell what int8 changes."""
STEPS = ("examples", "reader", "export")


def main() -> None:
    """Take the steps that are asked for."""
    options = arguments()
    for step in [options.step] if options.step else STEPS:
        take(step, options)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with answerability/ and repliqa/")
    parser.add_argument("--bases", type=Path, required=True, help="folder with the bases' files")
    parser.add_argument("--work", type=Path, required=True, help="folder for all that is made")
    parser.add_argument("--step", choices=STEPS, help="take this step alone")
    parser.add_argument("--steps", type=int, default=1500, help="batches of 16 to learn from")
    return parser.parse_args()


def take(step: str, options: argparse.Namespace) -> None:
    """Take one step."""
    work: Path = options.work
    if step == "examples":
        from examples import write_examples

        write_examples(options.data, work / "examples", EPOCHS, SEED)
    elif step == "reader":
        plan = Plan(options.steps, seed=SEED)
        lessons = [lesson(number, options) for number in range(EPOCHS)]
        learn(opened(options, plan.frozen), plan, lessons, work / "reader")
    elif step == "export":
        from exporting import export

        reader, exam = opened(options), held_out(options)
        examine(reader, exam, work / "reader")
        tokenizer = options.bases / "embedder" / "tokenizer.json"
        export(reader, tokenizer, exam.examples[:COMPARED], work / "reader")


def opened(options: argparse.Namespace, frozen: int = 0) -> Reader:
    """A reader as its base begins, or with the weights that it has learnt."""
    from bases import read_base, start_from

    torch.manual_seed(SEED)
    base = read_base(options.bases / "cross-encoder.onnx", options.bases / "embedder")
    reader = Reader(start_from(base, frozen), base["words"])
    kept = options.work / "reader" / "state.pt"
    if kept.is_file():
        reader.encoder.load_state_dict(torch.load(kept, weights_only=True)["encoder"])
    return reader


def lesson(number: int, options: argparse.Namespace) -> list[Tokens]:
    """The examples of an epoch."""
    examples = read_examples(options.work / "examples" / f"epoch-{number}.jsonl")
    made = tokenised(examples, options.bases / "embedder" / "tokenizer.json")
    return [one for one in made if one]


def held_out(options: argparse.Namespace) -> Exam:
    """The examples of the calibration part."""
    examples = read_examples(options.work / "examples" / "held-out.jsonl")
    made = tokenised(examples, options.bases / "embedder" / "tokenizer.json")
    rows = [(one.kind, tokens) for one, tokens in zip(examples, made, strict=True) if tokens]
    return Exam([kind for kind, _ in rows], [tokens for _, tokens in rows])


if __name__ == "__main__":
    main()
