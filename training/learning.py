"""Teaches an encoder, epoch after epoch, and asks it; goes on behind the last epoch that was kept."""

import json
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from batches import Batch, Soft, Tokens, batches
from encoder import Reader, Reading
from measures import LONGEST_SPAN, Verdict, measured
from torch import Tensor
from torch.nn import functional

ASKED_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Plan:
    """How an encoder is taught. `soft` is the share of the loss that the teachers' verdicts have.

    The lowest `frozen` layers stay as they are, which on a CPU saves half of the time.
    `rate` is the top layer's; each layer below learns at `decay` of the one above it.
    """

    base: str
    epochs: int
    rate: float
    batch: int = 32
    decay: float = 0.9
    warmup: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.1
    head: float = 0.5
    soft: float = 0.0
    frozen: int = 0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """The examples of an epoch and, if there are teachers, what they make of each."""

    examples: Sequence[Tokens]
    soft: Sequence[Soft] | None = None


@dataclass(frozen=True, slots=True)
class Exam:
    """The examples that choices are made by, with the kind of each."""

    kinds: Sequence[str]
    examples: Sequence[Tokens]


def learn(reader: Reader, plan: Plan, lessons: Sequence[Lesson], exam: Exam, folder: Path) -> None:
    """Teach, and keep the encoder in `folder/encoder.pt` and the figures in `figures.jsonl`.

    Lessons come in turn, again from the first when there are fewer than epochs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    device = device_here()
    reader.to(device)
    reader.encoder.freeze(plan.frozen)
    optimizer = _optimizer(reader, plan, device)
    steps = [math.ceil(len(lessons[n % len(lessons)].examples) / plan.batch) for n in range(plan.epochs)]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, sum(steps), plan))
    kept = folder / "state.pt"
    first = 0
    if kept.is_file():
        state = torch.load(kept, map_location=device, weights_only=True)
        reader.encoder.load_state_dict(state["encoder"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        first = int(state["epoch"])
    for epoch in range(first, plan.epochs):
        torch.manual_seed(plan.seed * 1000 + epoch)
        started = time.perf_counter()
        lesson = lessons[epoch % len(lessons)]
        loss = _epoch(reader, lesson, plan, epoch, optimizer, schedule, folder.name)
        seconds = time.perf_counter() - started
        figures = measured(exam.kinds, exam.examples, ask(reader, exam.examples))
        told = {"epoch": epoch + 1, "loss": round(loss, 4), "seconds": round(seconds, 1), **figures}
        with (folder / "figures.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")
        print(folder.name, json.dumps(told), flush=True)
        _keep(
            {
                "encoder": reader.encoder.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "epoch": epoch + 1,
            },
            kept,
        )
    weights = {name: one.cpu() for name, one in reader.encoder.state_dict().items()}
    _keep(weights, folder / "encoder.pt")


def ask(reader: Reader, examples: Sequence[Tokens]) -> list[Verdict]:
    """The reader's verdict on each example."""
    reader.eval()
    verdicts: dict[int, Verdict] = {}
    device = device_here()
    reader.to(device)
    for places, batch in batches(examples, None, ASKED_AT_ONCE, None):
        reading = read(reader, batch, device)
        start, end, score = best_spans(reading)
        for row, place in enumerate(places):
            span = int(start[row]), int(end[row])
            verdicts[place] = Verdict(float(score[row]), float(reading.answerable[row]), span)
    return [verdicts[place] for place in range(len(examples))]


def read(reader: Reader, batch: Batch, device: torch.device) -> Reading:
    """The logits of a batch, without learning."""
    with torch.inference_mode(), _mixed(device):
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


def soft_verdicts(readers: Sequence[Reader], examples: Sequence[Tokens]) -> list[Soft]:
    """The mean of the teachers' probabilities for each example."""
    device = device_here()
    found: dict[int, Soft] = {}
    for reader in readers:
        reader.to(device).eval()
    for places, batch in batches(examples, None, ASKED_AT_ONCE, None):
        readings = [read(reader, batch, device) for reader in readers]
        start = torch.stack([one.start.softmax(-1) for one in readings]).mean(0).half().cpu().numpy()
        end = torch.stack([one.end.softmax(-1) for one in readings]).mean(0).half().cpu().numpy()
        yes = torch.stack([one.answerable.sigmoid() for one in readings]).mean(0).cpu().numpy()
        for row, place in enumerate(places):
            length = len(examples[place].ids)
            found[place] = Soft(start[row, :length], end[row, :length], float(yes[row]))
    return [found[place] for place in range(len(examples))]


def loss_of(reading: Reading, batch: Batch, plan: Plan) -> Tensor:
    """The mean loss of a batch: of what is known, and of what the teachers say."""
    start, end = reading.start.log_softmax(-1), reading.end.log_softmax(-1)
    of_spans = start.gather(1, batch.starts) + end.gather(1, batch.ends)
    of_spans = of_spans.masked_fill(~batch.known, -1e4).logsumexp(1)
    in_region = [one.masked_fill(~batch.region, -1e4).logsumexp(1) for one in (start, end)]
    likelihood = torch.where(batch.region.any(1), in_region[0] + in_region[1], of_spans)
    head = functional.binary_cross_entropy_with_logits
    hard = -likelihood + plan.head * head(reading.answerable, batch.answerable, reduction="none")
    if not plan.soft:
        return (hard * batch.weight).sum() / batch.weight.sum()
    told = -(batch.soft_start * start).sum(1) - (batch.soft_end * end).sum(1)
    told = told + 2 * plan.head * head(
        reading.answerable, batch.soft_answerable, reduction="none"
    )
    both = (1 - plan.soft) * hard * batch.weight + plan.soft * told
    return both.mean()


def device_here() -> torch.device:
    """A GPU where torch sees one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _epoch(
    reader: Reader,
    lesson: Lesson,
    plan: Plan,
    epoch: int,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    name: str,
) -> float:
    """Teach one epoch; the mean loss."""
    device = device_here()
    reader.train()
    chance = Random(f"{plan.seed} {epoch}")
    losses: list[Tensor] = []
    told = started = time.perf_counter()
    seen = 0
    for _, cpu_batch in batches(lesson.examples, lesson.soft, plan.batch, chance):
        batch = Batch(*(one.to(device, non_blocking=True) for one in cpu_batch))
        with _mixed(device):
            reading = reader(batch.ids, batch.mask, batch.types)
        loss = loss_of(reading, batch, plan)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.encoder.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.detach())
        seen += len(batch.ids)
        if time.perf_counter() - told > 20:
            told = time.perf_counter()
            rate = seen / (told - started)
            print(f"{name}: {seen} of {len(lesson.examples)}, {rate:.0f}/s", file=sys.stderr, flush=True)
    return float(torch.stack(losses).mean())


def _optimizer(reader: Reader, plan: Plan, device: torch.device) -> torch.optim.Optimizer:
    """AdamW whose rate falls from layer to layer downwards; heads learn at the top rate."""
    layers = reader.encoder.shape.layers
    groups: dict[tuple[float, bool], list[Tensor]] = {}
    for name, one in reader.encoder.named_parameters():
        if not one.requires_grad:
            continue
        if name.startswith("layers."):
            depth = layers - 1 - int(name.split(".")[1])
        else:
            depth = 0 if name.startswith(("span", "pooler", "answerable")) else layers
        rate = plan.rate * plan.decay**depth
        groups.setdefault((rate, one.dim() > 1), []).append(one)
    return torch.optim.AdamW(
        [
            {"params": ones, "lr": rate, "weight_decay": plan.weight_decay if matrix else 0.0}
            for (rate, matrix), ones in groups.items()
        ],
        fused=device.type == "cuda",
    )


def _rate(step: int, steps: int, plan: Plan) -> float:
    """The share of the full rate at a step: up over the warm-up, then down to nothing."""
    warm = max(1, int(plan.warmup * steps))
    return min(step / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def _mixed(device: torch.device) -> torch.autocast:
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def _keep(state: object, file: Path) -> None:
    part = file.with_suffix(".part")
    torch.save(state, part)
    part.replace(file)


def stored_soft(soft: Sequence[Soft], file: Path) -> None:
    """Write teachers' verdicts; `loaded_soft` reads them."""
    lengths = np.array([len(one.start) for one in soft])
    part = file.with_suffix(".part.npz")
    np.savez_compressed(
        part,
        lengths=lengths,
        start=np.concatenate([one.start for one in soft]),
        end=np.concatenate([one.end for one in soft]),
        answerable=np.array([one.answerable for one in soft], np.float32),
    )
    part.replace(file)


def loaded_soft(file: Path) -> list[Soft]:
    """The verdicts that `stored_soft` wrote."""
    stored = np.load(file)
    cuts = np.cumsum(stored["lengths"])[:-1]
    starts, ends = np.split(stored["start"], cuts), np.split(stored["end"], cuts)
    rows = zip(starts, ends, stored["answerable"], strict=True)
    return [Soft(start, end, float(answerable)) for start, end, answerable in rows]
