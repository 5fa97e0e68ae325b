"""What the benchmarks of the library share: clocks, memory, and articles cut into passages."""

import json
import multiprocessing
import re
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from qa.library.embedder import SentenceEmbedder
from qa.reading.articles import read_file, walk
from qa.reading.passages import split_article
from qa.types import Passage

Row = dict[str, Any]
"""A row of a table: values by column."""


def alone(measure: Callable[..., Row], *given: Any) -> Row:
    """What a function measures in a new process, with the most memory that it had."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(measure, *given).result()


def peak_mb() -> float:
    """The most memory this process had."""
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage counts there what the parent had, too
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def timed(measured: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    """Seconds of a call, and what it gave."""
    started = time.perf_counter()
    result = measured(*given)
    return time.perf_counter() - started, result


def cut(folders: Sequence[Path], model: Path, tokens: int) -> list[Passage]:
    """The passages of all articles below these folders."""
    embedder = SentenceEmbedder(model, threads=0)
    return [
        passage
        for folder in folders
        for file in walk(folder).files
        for article in read_file(file, folder).articles
        for passage in split_article(article, embedder.count_tokens, tokens)
    ]


def read_questions(file: Path) -> list[Row]:
    """The rows of a question set."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
