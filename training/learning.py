"""Teaches an encoder, step after step, and asks it; goes on behind the last step that was kept."""

import copy
import itertools
import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from batches import Batch, Tokens, batches, collated
from encoder import LAYERS, Reader, Reading
from measures import LONGEST_SPAN, Verdict, measured
from torch import Tensor
from torch.nn import functional

ASKED_AT_ONCE = 64
KEPT_EVERY_S = 240.0
TOLD_EVERY_S = 20.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How an encoder is taught.

    `rate` is the top layer's; each layer below learns at `decay` of the one above it, and the
    lowest `frozen` ones not at all. `head` is the weight of the answerable head's loss.
    """

    steps: int
    batch: int = 16
    rate: float = 1.2e-4
    decay: float = 0.9
    warmup: float = 0.06
    weight_decay: float = 0.01
    head: float = 0.5
    frozen: int = 6
    threads: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Exam:
    """Examples whose answers are held back, with the kind of each."""

    kinds: Sequence[str]
    examples: Sequence[Tokens]


def learn(reader: Reader, plan: Plan, lessons: Sequence[Sequence[Tokens]], folder: Path) -> None:
    """Teach lesson after lesson, and keep the encoder in `folder/state.pt` every few minutes.

    Lessons come in turn, again from the first when there are too few. Each thread teaches a
    replica with its share of a batch: on a busy machine twice as fast as two threads that wait for
    each other in every product.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "state.pt"
    optimizer = _optimizer(reader, plan)
    rates = [group["lr"] for group in optimizer.param_groups]
    done = 0
    if kept.is_file():
        state = torch.load(kept, weights_only=True)
        reader.encoder.load_state_dict(state["encoder"])
        optimizer.load_state_dict(state["optimizer"])
        done = int(state["step"])
    torch.set_num_threads(1)
    replicas = [reader.train(), *(_replica(reader) for _ in range(plan.threads - 1))]
    started = told = saved = time.perf_counter()
    losses: list[float] = []
    coming = itertools.islice(_batches(lessons, plan), done, plan.steps)
    with ThreadPoolExecutor(plan.threads) as pool:
        for step, examples in enumerate(coming, done + 1):
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * _share_of_rate(step, plan)
            losses.append(_step(replicas, examples, plan, pool))
            optimizer.step()
            now = time.perf_counter()
            if now - told > TOLD_EVERY_S:
                told = now
                a_second = (step - done) * plan.batch / (now - started)
                print(
                    f"{time.strftime('%H:%M:%S')} step {step} of {plan.steps},"
                    f" {a_second:.1f} a second, loss {sum(losses) / len(losses):.3f}",
                    file=sys.stderr,
                    flush=True,
                )
                losses.clear()
            if now - saved > KEPT_EVERY_S or step == plan.steps:
                saved = now
                _keep(
                    {
                        "encoder": reader.encoder.state_dict(),
                        "optimizer": optimizer.state_dict(),
                        "step": step,
                    },
                    kept,
                )


def examine(reader: Reader, exam: Exam, folder: Path) -> None:
    """Measure, print, and write `folder/figures.json`."""
    figures = measured(exam.kinds, exam.examples, ask(reader, exam.examples))
    line = json.dumps(figures)
    (folder / "figures.json").write_text(line + "\n", encoding="utf-8")
    print(line, flush=True)


def ask(reader: Reader, examples: Sequence[Tokens]) -> list[Verdict]:
    """The reader's verdict on each example."""
    reader.eval()
    verdicts: dict[int, Verdict] = {}
    for places, batch in batches(examples, ASKED_AT_ONCE, None):
        with torch.inference_mode():
            reading = reader(batch.ids, batch.mask, batch.types)
        start, end, score = best_spans(reading)
        for row, place in enumerate(places):
            span = int(start[row]), int(end[row])
            verdicts[place] = Verdict(float(score[row]), float(reading.answerable[row]), span)
    return [verdicts[place] for place in range(len(examples))]


def best_spans(reading: Reading) -> tuple[Tensor, Tensor, Tensor]:
    """First and last token of each text's best span, and its logit minus null's."""
    start, end = reading.start.clone(), reading.end.clone()
    null = start[:, 0] + end[:, 0]
    start[:, 0] = end[:, 0] = -1e4
    tokens = start.shape[1]
    far = torch.ones(tokens, tokens, dtype=torch.bool)
    allowed = far.triu() & ~far.triu(LONGEST_SPAN)
    sums = (start[:, :, None] + end[:, None, :]).masked_fill(~allowed, -1e9).flatten(1)
    score, place = sums.max(dim=1)
    return place // tokens, place % tokens, score - null


def loss_of(reading: Reading, batch: Batch, plan: Plan) -> Tensor:
    """The mean loss of a batch.

    Of the spans it is the likelihood of any that is known; where only a region is known that the
    answer lies in, of any start and any end inside.
    """
    start, end = reading.start.log_softmax(-1), reading.end.log_softmax(-1)
    of_spans = start.gather(1, batch.starts) + end.gather(1, batch.ends)
    of_spans = of_spans.masked_fill(~batch.known, -1e4).logsumexp(1)
    in_region = [one.masked_fill(~batch.region, -1e4).logsumexp(1) for one in (start, end)]
    likelihood = torch.where(batch.region.any(1), in_region[0] + in_region[1], of_spans)
    head = functional.binary_cross_entropy_with_logits(reading.answerable, batch.answerable)
    return plan.head * head - likelihood.mean()


def _batches(lessons: Sequence[Sequence[Tokens]], plan: Plan) -> Iterator[list[Tokens]]:
    for epoch in itertools.count():
        lesson = lessons[epoch % len(lessons)]
        for places, _ in batches(lesson, plan.batch, Random(f"{plan.seed} {epoch}")):
            yield [lesson[place] for place in places]


def _replica(reader: Reader) -> Reader:
    """A reader with the same weights in the same memory and gradients of its own."""
    replica = copy.deepcopy(reader)
    for mine, theirs in zip(replica.parameters(), reader.parameters(), strict=True):
        mine.data = theirs.data
    return replica


def _step(
    replicas: Sequence[Reader], examples: Sequence[Tokens], plan: Plan, pool: ThreadPoolExecutor
) -> float:
    """Leave the gradients of a batch in the first replica; the loss."""
    shares = [examples[place :: len(replicas)] for place in range(len(replicas))]

    def teach(replica: Reader, share: Sequence[Tokens]) -> float:
        replica.zero_grad(set_to_none=True)
        if not share:
            return 0.0
        batch = collated(share)
        loss = loss_of(replica(batch.ids, batch.mask, batch.types), batch, plan)
        loss = loss * (len(share) / len(examples))
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    losses = list(pool.map(teach, replicas, shares))
    learning = [[one for one in replica.parameters() if one.requires_grad] for replica in replicas]
    for first, *others in zip(*learning, strict=True):
        for other in others:
            if other.grad is not None and first.grad is not None:
                first.grad += other.grad
    torch.nn.utils.clip_grad_norm_(learning[0], 1.0)
    return sum(losses)


def _optimizer(reader: Reader, plan: Plan) -> torch.optim.Optimizer:
    """AdamW whose rate falls from layer to layer downwards; heads learn at the top rate."""
    groups: dict[tuple[float, bool], list[Tensor]] = {}
    for name, one in reader.encoder.named_parameters():
        if one.requires_grad:
            depth = LAYERS - 1 - int(name.split(".")[1]) if name.startswith("layers.") else 0
            groups.setdefault((plan.rate * plan.decay**depth, one.dim() > 1), []).append(one)
    return torch.optim.AdamW(
        [
            {
                "params": ones,
                "lr": rate,
                "weight_decay": plan.weight_decay if matrix else 0.0,
            }
            for (rate, matrix), ones in groups.items()
        ],
        fused=True,
    )


def _share_of_rate(step: int, plan: Plan) -> float:
    """The share of the full rate at a step: up over the warm-up, then down to nothing."""
    warm = max(1, int(plan.warmup * plan.steps))
    return min(step / warm, max(0.0, (plan.steps - step) / max(1, plan.steps - warm)))


def _keep(state: object, file: Path) -> None:
    part = file.with_suffix(".part")
    torch.save(state, part)
    part.replace(file)
