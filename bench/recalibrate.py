"""How good numbers of confidence are that `qa calibrate` fits, and how far questions may move them.

    python bench/recalibrate.py              from nothing, on the fixed set alone
    python bench/recalibrate.py --left-out   the shipped numbers without a set, moved by 30 of it

The first asks the fixed set in the home of the checkout (minutes, once; no language model) and fits
as for encoders that nobody has fitted before. What comes out is held against the shipped numbers on
the 2,209 signals that these were fitted to, which it has not seen; the interval is of fits on
resampled questions of the fixed set. The second takes each set in turn for a person's library.
"""

import argparse
from collections.abc import Sequence

import numpy as np
from calibrate import SIGNALS
from fitting import PEOPLES, Example, example, with_reader, without_reader
from fitting import fit as fit_sets
from measuring import read_questions

from qa.answering.confidence import Confidence, shipped
from qa.evaluating import fitting
from qa.evaluating.calibrating import Asked
from qa.evaluating.calibration import STRENGTH, fit_both, worth
from qa.evaluating.fitting import Prior
from qa.evaluating.weighing import Weighed
from qa.service.calibrating import ask_all
from qa.settings import load_settings

SETS = ("squad", "nq", "repliqa", *PEOPLES)
OWN = 30
DRAWS = 12
RESAMPLED = 200
STRENGTHS = (3.0, 10.0, STRENGTH, 100.0)


def main() -> None:
    """Print the table that is asked for, as Markdown."""
    parser = argparse.ArgumentParser(description="How good fitted numbers of confidence are.")
    parser.add_argument("--left-out", action="store_true", help="move the shipped numbers by a set")
    rows = [example(row) for row in read_questions(SIGNALS)]
    if parser.parse_args().left_out:
        left_out(with_reader(rows))
        return
    asked = ask_all(load_settings(), (), lambda step: None)
    from_nothing(asked, with_reader(rows), without_reader(rows))


def from_nothing(
    asked: Sequence[Asked], read: Sequence[Example], unread: Sequence[Example]
) -> None:
    """AUROC on the signals of the shipped numbers, all at once and by set."""
    print(f"| numbers | all | {' | '.join(SETS)} |")
    print(f"| --- |{' --- |' * (len(SETS) + 1)}")
    fitted = fit_both(asked, None)
    for name, numbers, examples in (
        ("shipped", shipped().with_reader, read),
        ("from nothing", fitted.with_reader, read),
        ("shipped, no reader", shipped().without_reader, unread),
        ("from nothing, no reader", fitted.without_reader, unread),
    ):
        parts = [examples, *(_of(one, examples) for one in SETS)]
        print(f"| {name} | {' | '.join(f'{_auroc(numbers, part):.3f}' for part in parts)} |")
    dice = np.random.default_rng(0)
    found = []
    for _ in range(RESAMPLED):
        some = [asked[at] for at in dice.integers(len(asked), size=len(asked))]
        found.append(_auroc(fit_both(some, None).with_reader, read))
    least = _auroc(shipped().with_reader, read) - 0.02
    low, high = np.percentile(found, [2.5, 97.5])
    print(
        f"resampled {len(found)} times: {low:.3f} to {high:.3f}, within .02 of the shipped numbers"
    )
    print(f"in {np.mean(np.array(found) >= least):.0%}")


def left_out(examples: Sequence[Example]) -> None:
    """What OWN questions of a set do to numbers that were fitted without it, on the rest of it."""
    print("| set | AUROC before | " + " | ".join(f"strength {one:g}" for one in STRENGTHS) + " |")
    print(f"| --- | --- |{' --- |' * len(STRENGTHS)}")
    dice = np.random.default_rng(0)
    for name in SETS:
        own = _of(name, examples)
        before = fit_sets([one for one in examples if one not in own])
        moved: dict[float, list[float]] = {strength: [] for strength in STRENGTHS}
        for _ in range(DRAWS):
            order = [own[at] for at in dice.permutation(len(own))]
            taught, rest = order[:OWN], order[OWN:]
            there = _auroc(before, rest)
            for strength, differences in moved.items():
                known = [fitting.Example(one.signals, one.right) for one in taught]
                after = fitting.fit(known, Prior(before, strength, bias=True))
                differences.append(_auroc(after, rest) - there)
        cells = [f"{np.mean(some):+.4f} ({min(some):+.4f})" for some in moved.values()]
        print(f"| {name} | {_auroc(before, own):.3f} | {' | '.join(cells)} |")


def _of(name: str, examples: Sequence[Example]) -> list[Example]:
    return [one for one in examples if one.kind.split("-")[0] == name]


def _auroc(numbers: Confidence, examples: Sequence[Example]) -> float:
    return worth([Weighed(numbers.of(one.signals), True, one.right) for one in examples]).auroc


if __name__ == "__main__":
    main()
