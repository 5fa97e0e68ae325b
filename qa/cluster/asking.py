"""Assistants on many machines, asked as if they were one."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Any

from qa.cluster.connecting import Carried, Cluster, cause_of, connected, settings_of
from qa.errors import ClusterError, ModelError
from qa.library.places import open_library
from qa.models.catalogue import ModelKind, resolve_model
from qa.service.opening import open_assistant, open_encoders
from qa.settings import Settings
from qa.types import Answer, Hit, Turn

TRIES = 3
"""So many assistants may die of one question before it is the question's own fault."""

LOOK_S = 1
"""So often who waits for a free assistant looks whether a new one is ready."""


def check_assistant(with_model: bool, carried: Carried) -> None:
    """Raise a CuttingsError where a machine lacks a model, or cannot reach the library."""
    settings = settings_of(carried)
    open_encoders(settings)
    if with_model and not settings.generator:
        resolve_model(settings.model, settings.models_dir, ModelKind.LANGUAGE)
    open_library(settings).close()


@contextmanager
def open_assistants(
    settings: Settings, address: str | None, *, with_model: bool, at_once: int
) -> Iterator["Assistants"]:
    """As many assistants as fit on the cluster at an address, else on one of this machine.

    Each is asked `at_once` questions at a time. Raises ClusterError, LibraryError.
    """
    with connected(settings, address, partial(check_assistant, with_model)) as cluster:
        yield Assistants(cluster, with_model=with_model, at_once=at_once)


class Assistants:
    """Asks whichever assistant is free; may be asked from `questions_at_once` threads.

    A question whose assistant dies is asked of another: to answer changes nothing. In the place of
    the dead one comes a new one, as soon as there is room for it.
    """

    def __init__(self, cluster: Cluster, *, with_model: bool, at_once: int) -> None:
        """Start them. Raises ClusterError when one cannot be opened."""
        import ray

        self._ray = ray
        self._at_once = at_once
        self._make: Callable[[], Any] = partial(
            ray.remote(RemoteAssistant)
            .options(num_cpus=cluster.threads, max_concurrency=at_once)
            .remote,
            cluster.carried,
            with_model,
        )
        self._free: queue.Queue[Any] = queue.Queue()
        self._lock = threading.Lock()
        self._alive: set[Any] = set()
        self._starting: dict[Any, Any] = {}
        self.questions_at_once = cluster.workers * at_once
        started = [self._make() for _ in range(cluster.workers)]
        names = [one.model_name.remote() for one in started]
        try:
            self.model_name = str(ray.get(names)[0])
        except ray.exceptions.RayError as error:
            raise ClusterError(f"An assistant could not be opened. {cause_of(error)}") from error
        for one in started:
            self._welcome(one)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question that follows on earlier turns."""
        answer: Answer = self._ask("answer", question, history)
        return answer

    def candidates(self, question: str, history: Sequence[Turn], k: int) -> tuple[Hit, ...]:
        """The k best passages for it, found as `answer` finds those that it reads."""
        hits: tuple[Hit, ...] = self._ask("candidates", question, history, k)
        return hits

    def _ask(self, method: str, *arguments: object) -> Any:
        errors = self._ray.exceptions
        for _ in range(TRIES):
            assistant = self._next_free()
            try:
                given = self._ray.get(getattr(assistant, method).remote(*arguments))
            except errors.RayTaskError as error:  # what it raised itself, as it would here
                self._free.put(assistant)
                raise error.cause from error
            except errors.RayActorError:
                self._replace(assistant)
            else:
                self._free.put(assistant)
                return given
        raise ModelError(
            f"{TRIES} assistants of the cluster died one after another of this question, perhaps"
            " for want of memory. Ask it alone, with qa ask."
        )

    def _next_free(self) -> Any:
        """Waits for one. Raises ClusterError when all are dead, and no other can be started."""
        while True:
            with self._lock:
                self._look_at_starting()
                if not self._alive and not self._starting:
                    raise ClusterError(
                        "No assistant of the cluster is left. What is answered is kept: go on with"
                        " --resume when the cluster is back."
                    )
            with suppress(queue.Empty):
                return self._free.get(timeout=LOOK_S)

    def _look_at_starting(self) -> None:
        for assistant, name in list(self._starting.items()):
            if self._ray.wait([name], timeout=0)[0]:
                del self._starting[assistant]
                with suppress(self._ray.exceptions.RayError):
                    self._ray.get(name)
                    self._welcome(assistant)

    def _welcome(self, assistant: Any) -> None:
        self._alive.add(assistant)
        for _ in range(self._at_once):
            self._free.put(assistant)

    def _replace(self, assistant: Any) -> None:
        """Start another one, once, however many questions the dead one had."""
        with self._lock:
            if assistant in self._alive:
                self._alive.remove(assistant)
                another = self._make()
                self._starting[another] = another.model_name.remote()


class RemoteAssistant:
    """An assistant in a process of its own, on whatever machine."""

    def __init__(self, carried: Carried, with_model: bool) -> None:
        self._opened = ExitStack()
        self._assistant = self._opened.enter_context(
            open_assistant(settings_of(carried), with_model=with_model)
        )

    def model_name(self) -> str:
        """The assistant's own."""
        return self._assistant.model_name

    def answer(self, question: str, history: Sequence[Turn]) -> Answer:
        """The assistant's own."""
        return self._assistant.answer(question, history)

    def candidates(self, question: str, history: Sequence[Turn], k: int) -> tuple[Hit, ...]:
        """The assistant's own."""
        return self._assistant.candidates(question, history, k)
