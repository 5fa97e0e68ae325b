"""What the reader is taught: spans, regions, nulls and the teachers' word, worked out by hand."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import learning
import numpy as np
import pytest
import torch
from batches import Lesson, Soft, Tokens, collated, grouped
from changes import changed
from encoder import SEP, Encoder, Reader, Reading, Shape, span_logits
from judging import best_spans
from learning import Exam, Plan, learn, loss_of
from measures import Verdict, auroc, together
from sets import evidence_of, mended

QUESTION, ANSWERED = [101, 7, SEP], [8, 9, 10, SEP]
IDS = (*QUESTION, *ANSWERED)
PLAN = Plan(epochs=1, rate=1e-3)
STARTS = [0.5, 0, 0, 0.2, 0.2, 0.1, 0, 0]
ENDS = [0.4, 0, 0, 0.2, 0.3, 0.1, 0, 0]


def tokens(
    spans: tuple[tuple[int, int], ...] = (),
    region: tuple[int, int] | None = None,
    weight: float = 1.0,
) -> Tokens:
    return Tokens(IDS, 3, spans, region, weight)


def reading(examples: int = 1) -> Reading:
    """Logits whose probabilities are STARTS and ENDS, from a head that does not know."""
    start, end = (torch.tensor([one] * examples).log().clamp(min=-1e4) for one in (STARTS, ENDS))
    return Reading(start, end, torch.zeros(examples))


def test_a_span_stands_in_the_text_or_at_the_first_token() -> None:
    batch = collated([tokens()])
    allowed = span_logits(torch.zeros(1, 8), batch.ids, batch.types) == 0
    assert allowed[0].tolist() == [True, False, False, True, True, True, False, False]


@pytest.mark.parametrize(
    ("example", "likelihood"),
    [
        (tokens(), 0.5 * 0.4),  # null: start and end at the first token
        (tokens(spans=((3, 4),)), 0.2 * 0.3),
        (tokens(spans=((3, 4), (5, 5))), 0.2 * 0.3 + 0.1 * 0.1),  # either will do
        (tokens(region=(3, 4)), (0.2 + 0.2) * (0.2 + 0.3)),  # any start and end inside
    ],
)
def test_the_loss_of_spans(example: Tokens, likelihood: float) -> None:
    loss = loss_of(reading(), collated([example]), PLAN)
    head = 0.5 * math.log(2)
    assert float(loss) == pytest.approx(head - math.log(likelihood), abs=1e-5)


def test_an_example_counts_as_it_weighs() -> None:
    examples = [tokens(spans=((3, 4),)), tokens(weight=0.5)]
    loss = loss_of(reading(2), collated(examples), PLAN)
    one, other = (0.5 * math.log(2) - math.log(likely) for likely in (0.2 * 0.3, 0.5 * 0.4))
    assert float(loss) == pytest.approx((one + 0.5 * other) / 1.5, abs=1e-5)


def test_the_loss_of_what_teachers_say() -> None:
    # They share the start between tokens 3 and 4, are sure of the end at 4, and of an answer.
    start, end = np.zeros(7, np.float16), np.zeros(7, np.float16)
    start[3], start[4], end[4] = 0.75, 0.25, 1.0
    batch = collated([tokens(spans=((3, 4),), weight=0.5)], [Soft(start, end, 0.9)])
    loss = loss_of(reading(), batch, replace(PLAN, soft=0.7))
    known = 0.5 * (0.5 * math.log(2) - math.log(0.2 * 0.3))
    told = -0.75 * math.log(0.2) - 0.25 * math.log(0.2) - math.log(0.3)
    of_head = math.log(2)  # whatever they say, of a head that does not know; it counts 2 x 0.5
    assert float(loss) == pytest.approx(0.3 * known + 0.7 * (told + of_head), abs=1e-4)


def test_the_best_span_ends_behind_its_start() -> None:
    start = torch.tensor([[1.0, -1e4, -1e4, 0.0, 5.0, 0.0]])
    end = torch.tensor([[1.0, -1e4, -1e4, 9.0, 2.0, 0.0]])
    first, last, score = best_spans(Reading(start, end, torch.zeros(1)))
    # 4 to 3 would have 5 + 9 and ends before it starts; 3 to 3 has 0 + 9, the null 1 + 1.
    assert (int(first), int(last), float(score)) == (3, 3, 7.0)


def test_a_batch_has_examples_of_like_length() -> None:
    examples = [Tokens((101,) * length, 0, (), None) for length in (9, 3, 8, 4)]
    assert grouped(examples, 2, None) == [[1, 3], [2, 0]]
    assert sorted(grouped(examples, 2, Random(1))) == [[1, 3], [2, 0]]


def test_several_verdicts_as_one() -> None:
    asked = [[Verdict(1.0, 2.0, (3, 4))], [Verdict(2.0, 6.0, (5, 5))]]
    assert together(asked) == [Verdict(1.5, 4.0, (3, 4))]


def test_auroc_counts_pairs() -> None:
    assert auroc([3, 1], [2, 1]) == (1 + 1 + 0 + 0.5) / 4


class Stopping(Sequence[Tokens]):
    """Examples of which only so many can be had before somebody stops the run."""

    def __init__(self, examples: Sequence[Tokens], left: int) -> None:
        self._examples = examples
        self._left = left

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, place: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return self._examples[place]


@pytest.mark.slow
@pytest.mark.parametrize("kept_every_s", [240.0, 0.0])  # by epoch, and after every step
def test_a_run_that_was_stopped_learns_the_same(
    kept_every_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "KEPT_EVERY_S", kept_every_s)
    plan = Plan(epochs=2, rate=1e-2, batch=2, dropout=0.5)
    examples = [tokens(spans=((3, 3),)), tokens(), tokens(region=(4, 5)), tokens()]
    exam = Exam(["squad"] * 4, examples)

    def taught(lesson: Lesson, folder: Path) -> torch.Tensor:
        torch.manual_seed(1)
        encoder = Encoder(Shape(layers=1, width=8, heads=2, epsilon=1e-5), plan.dropout)
        words = torch.linspace(-1, 1, 110 * 8).view(110, 8)
        learn(Reader(encoder, words), plan, [lesson], exam, folder)
        weights: torch.Tensor = torch.load(folder / "encoder.pt")["span.weight"]
        return weights

    whole = taught(Lesson(examples), tmp_path / "whole")
    # Looked up are, to be grouped, four examples an epoch; then, to be taught, four and two.
    with pytest.raises(KeyboardInterrupt):
        taught(Lesson(Stopping(examples, 2 * 4 + 4 + 2)), tmp_path / "stopped")
    assert (tmp_path / "stopped" / "state.pt").is_file()
    assert torch.equal(taught(Lesson(examples), tmp_path / "stopped"), whole)
    lines = (tmp_path / "stopped" / "figures.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2]


def test_what_is_frozen_learns_nothing(tmp_path: Path) -> None:
    torch.manual_seed(1)
    reader = Reader(Encoder(Shape(layers=2, width=8, heads=2, epsilon=1e-5)), torch.rand(110, 8))
    before = {name: one.clone() for name, one in reader.encoder.state_dict().items()}
    lesson = Lesson([tokens(spans=((3, 4),)), tokens()])
    exam = Exam(["squad", "squad"], lesson.examples)
    learn(reader, replace(PLAN, epochs=2, frozen=1), [lesson], exam, tmp_path)
    after = torch.load(tmp_path / "encoder.pt", weights_only=True)
    moved = {name for name, one in after.items() if not torch.equal(one, before[name])}
    assert not any(name.startswith(("layers.0.", "places", "types", "norm.")) for name in moved)
    assert {"layers.1.query.weight", "span.weight", "pooler.weight"} <= moved


def test_a_changed_question_asks_for_something_else() -> None:
    text = "In 1998 Berlin and Bonn shared the government."
    chance = Random(1)
    made = {changed("What did Bonn share in 1998?", text, ["x"], [], chance) for _ in range(40)}
    assert "What did Berlin share in 1998?" in made
    assert "What did Bonn share in 1998?" not in made


def test_evidence_is_the_sentence_with_a_references_words() -> None:
    article = "The bridge opened in 1964. Engineers found cracks in two pillars. It was shut."
    start, end = evidence_of("Cracks were found in the pillars.", article) or (0, 0)
    assert article[start:end] == "Engineers found cracks in two pillars."
    assert evidence_of("Nothing of the kind.", article) is None


def test_tokens_are_set_as_people_write() -> None:
    assert mended("`` Yes , '' he said -- it 's late .") == '"Yes," he said – it\'s late.'
