"""What is counted for Prometheus: requests, answers, their seconds and tokens; nobody's words."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from qa.types import Answer

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320)
"""Upper bounds: a search takes the first of them, an answer on a laptop the middle ones."""


class Metrics:
    """The counters of one server."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self, under_way: Callable[[], int]) -> None:
        """`under_way` tells how many questions are answered or wait."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "cuttings_requests", "Requests.", ("route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "cuttings_request_seconds",
            "Seconds to the end of a response.",
            ("route",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "cuttings_answers", "Answers.", ("outcome",), registry=self._registry
        )
        self._tokens = Counter(
            "cuttings_tokens", "The model's tokens.", ("kind",), registry=self._registry
        )
        waiting = Gauge(
            "cuttings_questions_under_way",
            "Questions that are answered or wait.",
            registry=self._registry,
        )
        waiting.set_function(under_way)

    def responded(self, route: str, status: int, seconds: float) -> None:
        """Count a response."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Count an answer."""
        self._answers.labels(answer.outcome.value).inc()
        self._tokens.labels("prompt").inc(answer.usage.prompt_tokens)
        self._tokens.labels("reused").inc(answer.usage.reused_tokens)
        self._tokens.labels("completion").inc(answer.usage.completion_tokens)

    def text(self) -> bytes:
        """All of it, in Prometheus's text format."""
        return generate_latest(self._registry)
