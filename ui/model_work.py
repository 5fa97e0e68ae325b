"""What is being done to models behind the page: one thing at a time, in a thread of its own.

It knows nothing of Gradio or HTML: the page asks how far it is.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from qa.engine.queueing import Gate
from qa.errors import CuttingsError, ModelError
from qa.evaluating.benching import BenchRow
from qa.models.choosing import ModelLine
from qa.models.disk import PullProgress, Report


class Models(Protocol):
    """The model that answers, and those that could; `qa.service.service.Models` is one."""

    @property
    def gate(self) -> Gate:
        """Whoever asks a model passes it; it is closed while another model is taken."""

    @property
    def name(self) -> str:
        """Which model answers."""

    @property
    def server(self) -> str:
        """The address of the server that answers, or of several; "" where a model here does."""

    def lines(self) -> tuple[ModelLine, ...]:
        """Every model that can be chosen."""

    def benched(self) -> Mapping[str, BenchRow]:
        """What a bench measured of models, by their names."""

    def pull(self, name: str, report: Report) -> None:
        """Fetch a model of the catalogue or hub. Raises ModelError, and what `report` raises."""

    def on_the_hub(self, name: str) -> tuple[ModelLine, ...]:
        """The models of a repository of the hub. Raises ModelError."""

    def take(self, name: str) -> None:
        """Let another model answer from the next question on. Raises ModelError."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is, or was last, done to the model `name`: how far it is, and what came of it.

    `share` in [0, 1] of its bytes is None where there is nothing to count; `notes` are sources that
    could not deliver; `aim` is what can be said when it is done.
    """

    name: str
    stage: str
    aim: str
    share: float | None = None
    notes: tuple[str, ...] = ()
    is_done: bool = False
    error: str = ""


class ModelWork:
    """Pulls a model, or takes another; `work` is what the page shows of it."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.work: Work | None = None

    def pull(self, name: str) -> None:
        """Begin to fetch a model, unless something is being done."""
        self._begin(Work(name, f"Looking for {name}", f"{name} is here.", 0.0), self._pull)

    def take(self, name: str) -> None:
        """Begin to load another model, unless something is being done."""
        stage = f"Loading {name}, as soon as no question is under way"
        self._begin(Work(name, stage, f"{name} answers now."), self._models.take)

    def stop(self) -> None:
        """End a pull; what has come is kept for the next one."""
        self._stop.set()

    def close(self) -> None:
        """End whatever is being done, and wait for it."""
        self.stop()
        if self._thread:
            self._thread.join()

    def _begin(self, work: Work, do: Callable[[str], None]) -> None:
        with self._lock:
            if self.work and not self.work.is_done:
                return
            self._stop.clear()
            self.work = work
            self._thread = threading.Thread(target=self._do, args=(do,), name="model-work")
            self._thread.start()

    def _do(self, do: Callable[[str], None]) -> None:
        begun = self.work
        assert begun
        error = "It ended by a fault of the program; see its terminal."
        try:
            do(begun.name)
            error = ""
        except CuttingsError as failure:
            error = str(failure)
        finally:
            self.work = replace(self.work or begun, is_done=True, error=error)

    def _pull(self, name: str) -> None:
        self._models.pull(name, self._report)

    def _report(self, step: PullProgress) -> None:
        if self._stop.is_set():
            raise ModelError("Stopped. What has come so far is kept for the next time.")
        work = self.work
        assert work
        if step.failed:
            self.work = replace(work, notes=(*work.notes, step.stage))
        else:
            share = step.done_bytes / max(step.total_bytes, 1)
            self.work = replace(work, stage=step.stage, share=share)
