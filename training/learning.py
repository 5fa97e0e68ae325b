"""Teaches an encoder, epoch after epoch; goes on behind the last step that was kept."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from batches import Batch, Lesson, Tokens, grouped
from encoder import Reader, Reading
from judging import ask, device_here, mixed_precision
from measures import measured
from pace import Pace
from torch import Tensor
from torch.nn import functional

WEIGHTS = "encoder.pt"
"""The file that learnt weights lie in."""
KEPT_EVERY_S = 240.0
"""Within an epoch, which takes half a minute on a GPU and hours on a CPU; and at its end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How an encoder is taught.

    `rate` is the top layer's and the heads'; each layer learns at `decay` of the one above it, and
    so do the embeddings, below the lowest; `frozen` of the lowest layers, and the embeddings with
    them, learn nothing. `head` is the weight of the answerable head's loss,
    `soft` the share of the loss that the teachers' verdicts have. With `rounded` it learns and is
    examined with its weights as they ship.
    """

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
    rounded: bool = False
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Exam:
    """Examples whose answers are held back, with the kind of each."""

    kinds: Sequence[str]
    examples: Sequence[Tokens]


def learn(reader: Reader, plan: Plan, lessons: Sequence[Lesson], exam: Exam, folder: Path) -> None:
    """Teach, and leave the weights in `folder/encoder.pt` and each epoch's figures beside them.

    Lessons come in turn, again from the first when there are fewer than epochs. Until the end
    `folder/state.pt` keeps how far it has come; a second run goes on from there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    turns = [lessons[epoch % len(lessons)] for epoch in range(plan.epochs)]
    groups = [
        grouped(lesson.examples, plan.batch, Random(f"{plan.seed} {epoch}"))
        for epoch, lesson in enumerate(turns)
    ]
    course = _Course(reader, plan, sum(map(len, groups)), folder / "state.pt")
    behind = course.step
    for epoch, (lesson, every) in enumerate(zip(turns, groups, strict=True), 1):
        left = every[behind:]
        behind = max(0, behind - len(every))
        if not left:
            continue
        started = time.perf_counter()
        loss = _teach(course, lesson, left, f"{folder.name}, epoch {epoch}")
        seconds = time.perf_counter() - started
        figures = measured(exam.kinds, exam.examples, ask(reader, exam.examples))
        told = {"epoch": epoch, "loss": round(loss, 4), "seconds": round(seconds, 1), **figures}
        with (folder / "figures.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")
        print(folder.name, json.dumps(told), flush=True)
        course.keep()
    weights = {name: one.cpu() for name, one in reader.encoder.state_dict().items()}
    write_weights(weights, folder / WEIGHTS)
    (folder / "state.pt").unlink(missing_ok=True)


def loss_of(reading: Reading, batch: Batch, plan: Plan) -> Tensor:
    """The mean loss of a batch: of what is known and, if `plan.soft`, of what the teachers say.

    What is known of spans is the likelihood of any that answers; where only a region is known that
    the answer lies in, of any start and any end inside. What is known counts as the example weighs,
    what teachers say counts whole, and twice in the head's loss.
    """
    start, end = reading.start.log_softmax(-1), reading.end.log_softmax(-1)
    of_spans = start.gather(1, batch.starts) + end.gather(1, batch.ends)
    of_spans = of_spans.masked_fill(~batch.known, -1e4).logsumexp(1)
    in_region = [one.masked_fill(~batch.region, -1e4).logsumexp(1) for one in (start, end)]
    likelihood = torch.where(batch.region.any(1), in_region[0] + in_region[1], of_spans)
    head = functional.binary_cross_entropy_with_logits
    of_head = head(reading.answerable, batch.answerable, reduction="none")
    known = (plan.head * of_head - likelihood) * batch.weight
    if not plan.soft:
        return known.sum() / batch.weight.sum()
    told = -(batch.soft_start * start).sum(1) - (batch.soft_end * end).sum(1)
    of_head = head(reading.answerable, batch.soft_answerable, reduction="none")
    return ((1 - plan.soft) * known + plan.soft * (told + 2 * plan.head * of_head)).mean()


class _Course:
    """A reader on its way through a plan of so many steps, from where `kept` has it."""

    def __init__(self, reader: Reader, plan: Plan, steps: int, kept: Path) -> None:
        self.reader = reader.to(device_here())
        if plan.rounded:
            reader.encoder.round_products()
        for name, one in reader.encoder.named_parameters():
            one.requires_grad = _depth(name, reader.encoder.shape.layers) < _learning(reader, plan)
        self.plan = plan
        self.step = 0
        self.steps = steps
        self._kept = kept
        self._optimizer = _optimizer(reader, plan)
        self._rates = [group["lr"] for group in self._optimizer.param_groups]
        if kept.is_file():
            state = torch.load(kept, map_location="cpu", weights_only=True)
            reader.encoder.load_state_dict(state["encoder"])
            self._optimizer.load_state_dict(state["optimizer"])
            self.step = int(state["step"])

    def take(self, cpu_batch: Batch) -> Tensor:
        """Take one step; its loss."""
        self.step += 1
        # Dropout is drawn anew at every step, so that a run that was stopped drops the same.
        torch.manual_seed(self.plan.seed * 100_000 + self.step)
        share = _share_of_rate(self.step, self.steps, self.plan)
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * share
        batch = Batch(*(one.to(device_here(), non_blocking=True) for one in cpu_batch))
        with mixed_precision():
            reading = self.reader(batch.ids, batch.mask, batch.types)
        loss = loss_of(reading, batch, self.plan)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.reader.encoder.parameters(), 1.0)
        self._optimizer.step()
        return loss.detach()

    def keep(self) -> None:
        """Write what a second run needs to go on from here."""
        state = {
            "encoder": self.reader.encoder.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "step": self.step,
        }
        write_weights(state, self._kept)


def _teach(course: _Course, lesson: Lesson, groups: Sequence[Sequence[int]], name: str) -> float:
    """Teach some batches of a lesson; their mean loss."""
    course.reader.train()
    losses: list[Tensor] = []  # left on the device: to ask for one waits for it
    pace = Pace(name, sum(map(len, groups)))
    taught, kept = 0, time.perf_counter()
    for places in groups:
        losses.append(course.take(lesson.batch(places)))
        taught += len(places)
        if pace.due:
            pace.tell(taught, f", loss {float(torch.stack(losses).mean()):.3f}")
        if time.perf_counter() - kept > KEPT_EVERY_S:
            kept = time.perf_counter()
            course.keep()
    return float(torch.stack(losses).mean())


def _optimizer(reader: Reader, plan: Plan) -> torch.optim.Optimizer:
    """AdamW whose rate falls from layer to layer downwards; heads learn at the top rate."""
    layers = reader.encoder.shape.layers
    groups: dict[tuple[float, bool], list[Tensor]] = {}
    for name, one in reader.encoder.named_parameters():
        rate = plan.rate * plan.decay ** _depth(name, layers)
        groups.setdefault((rate, one.dim() > 1), []).append(one)
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


def _depth(name: str, layers: int) -> int:
    """How many layers stand above a parameter's: none above the heads', all above the embeddings'.

    The top layer counts as the heads do.
    """
    if name.startswith("layers."):
        return layers - 1 - int(name.split(".")[1])
    return 0 if name.startswith(("span", "pooler", "answerable")) else layers


def _learning(reader: Reader, plan: Plan) -> int:
    """The depth from which on nothing is learnt; the embeddings learn if every layer does."""
    layers = reader.encoder.shape.layers
    return layers - plan.frozen if plan.frozen else layers + 1


def _share_of_rate(step: int, steps: int, plan: Plan) -> float:
    """The share of the full rate at a step: up over the warm-up, then down to nothing."""
    warm = max(1, int(plan.warmup * steps))
    return min(step / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def write_weights(state: object, file: Path) -> None:
    """Write what torch can store, whole or not at all."""
    part = file.with_suffix(".part")
    torch.save(state, part)
    part.replace(file)
