"""What MPNet has and BERT lacks: buckets of distance, and another order of words."""

import torch
from bases import in_berts_order
from encoder import CLS, PAD, SEP, UNKNOWN, distance_buckets


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
