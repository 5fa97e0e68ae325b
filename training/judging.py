"""Asks a reader what it makes of examples."""

from collections.abc import Sequence

import torch
from batches import Batch, Tokens, collated, grouped
from encoder import Reader, Reading
from measures import LONGEST_SPAN, Verdict
from torch import Tensor

ASKED_AT_ONCE = 128


def device_here() -> torch.device:
    """A GPU where torch sees one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def mixed_precision() -> torch.autocast:
    """On a GPU, products in bfloat16; on the CPU all stays float32."""
    device = device_here()
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def ask(reader: Reader, examples: Sequence[Tokens]) -> list[Verdict]:
    """The reader's verdict on each example, in float32."""
    reader.to(device_here()).eval()
    verdicts: dict[int, Verdict] = {}
    for places in grouped(examples, ASKED_AT_ONCE, None):
        reading = read(reader, collated([examples[place] for place in places]))
        columns = (*best_spans(reading), reading.answerable)
        rows = zip(places, *(one.tolist() for one in columns), strict=True)
        for place, start, end, score, head in rows:
            verdicts[place] = Verdict(score, head, (start, end))
    return [verdicts[place] for place in range(len(examples))]


def read(reader: Reader, batch: Batch) -> Reading:
    """The logits of a batch, from a reader that does not learn."""
    device = device_here()
    with torch.inference_mode():
        reading: Reading = reader(*(one.to(device) for one in (batch.ids, batch.mask, batch.types)))
    return reading


def best_spans(reading: Reading) -> tuple[Tensor, Tensor, Tensor]:
    """First and last token of each text's best span, and its logit minus null's."""
    start, end = reading.start.clone(), reading.end.clone()
    null = start[:, 0] + end[:, 0]
    start[:, 0] = end[:, 0] = -1e4
    tokens = start.shape[1]
    far = torch.ones(tokens, tokens, dtype=torch.bool, device=start.device)
    allowed = far.triu() & ~far.triu(LONGEST_SPAN)
    sums = (start[:, :, None] + end[:, None, :]).masked_fill(~allowed, -1e9).flatten(1)
    score, place = sums.max(dim=1)
    return place // tokens, place % tokens, score - null
