"""What MPNet has and BERT lacks, and products as int8 has them."""

import pytest
import torch
from bases import in_berts_order
from encoder import (
    CLS,
    PAD,
    SEP,
    UNKNOWN,
    Product,
    distance_buckets,
    rounded_weights,
)


def test_buckets_of_distance() -> None:
    # Of 32 the first 16 are for what stands in front, or where it is itself: 0 to 7 for a distance
    # each, then 8 + 8 log(distance / 8) / log(128 / 8), the last for all that is farther.
    buckets = distance_buckets(torch.arange(301), 32)
    in_front = {0: 0, 1: 1, 7: 7, 8: 8, 10: 8, 20: 10, 60: 13, 100: 15, 128: 15, 300: 15}
    assert {apart: int(buckets[apart, 0]) for apart in in_front} == in_front
    behind = {1: 17, 7: 23, 8: 24, 20: 26, 300: 31}
    assert {apart: int(buckets[0, apart]) for apart in behind} == behind


def test_words_in_the_order_of_bert() -> None:
    # MPNet has its own <s>, <pad>, </s>, <unk> in front and <mask> behind.
    words = in_berts_order(torch.arange(4 + 200 + 1).float()[:, None]).squeeze(1).tolist()
    assert len(words) == 200
    assert [words[one] for one in (CLS, PAD, SEP, UNKNOWN)] == [0, 1, 2, 3]
    assert [words[one] for one in (1, 99, 103, 199)] == [5, 103, 107, 203]


@pytest.mark.slow
def test_each_output_has_weights_in_steps_of_its_own() -> None:
    # The largest of an output is 64 steps: of .01 in the first, of 1 in the second.
    weights = torch.tensor([[0.64, 0.123], [-64.0, 2.4]])
    expected = torch.tensor([[0.64, 0.12], [-64.0, 2.0]])
    torch.testing.assert_close(rounded_weights(weights), expected)


def test_a_rounded_product_learns_as_if_it_were_not() -> None:
    product = Product(2, 1, bias=False)
    product.weight.data = torch.tensor([[0.64, 0.123]])
    flow = torch.tensor([[2.0, 5.0]])
    assert product(flow).item() == pytest.approx(0.64 * 2 + 0.123 * 5)
    product.rounded = True
    read = product(flow)
    assert read.item() == pytest.approx(0.64 * 2 + 0.12 * 5)
    read.sum().backward()
    torch.testing.assert_close(product.weight.grad, flow)
