"""What the reader is taught: spans, regions and nulls, worked out by hand."""

import math
from random import Random

import pytest
import torch
from batches import Tokens, collated
from changes import changed
from encoder import SEP, Reading, span_logits
from learning import Plan, best_spans, loss_of
from measures import auroc
from sets import evidence_of, mended

QUESTION, ANSWERED = [101, 7, SEP], [8, 9, 10, SEP]
IDS = (*QUESTION, *ANSWERED)


def tokens(
    spans: tuple[tuple[int, int], ...] = (), region: tuple[int, int] | None = None
) -> Tokens:
    return Tokens(IDS, 3, spans, region)


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
    start = torch.tensor([[0.5, 0, 0, 0.2, 0.2, 0.1, 0, 0]]).log().clamp(min=-1e4)
    end = torch.tensor([[0.4, 0, 0, 0.2, 0.3, 0.1, 0, 0]]).log().clamp(min=-1e4)
    loss = loss_of(Reading(start, end, torch.zeros(1)), collated([example]), Plan(steps=1))
    head = Plan(steps=1).head * math.log(2)  # a head that does not know
    assert float(loss) == pytest.approx(head - math.log(likelihood), abs=1e-5)


def test_the_best_span_ends_behind_its_start() -> None:
    start = torch.tensor([[1.0, -1e4, -1e4, 0.0, 5.0, 0.0]])
    end = torch.tensor([[1.0, -1e4, -1e4, 9.0, 2.0, 0.0]])
    first, last, score = best_spans(Reading(start, end, torch.zeros(1)))
    # 4 to 3 would have 5 + 9 and ends before it starts; 3 to 3 has 0 + 9, the null 1 + 1.
    assert (int(first), int(last), float(score)) == (3, 3, 7.0)


def test_auroc_counts_pairs() -> None:
    assert auroc([3, 1], [2, 1]) == (1 + 1 + 0 + 0.5) / 4


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
