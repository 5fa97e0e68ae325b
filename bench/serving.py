"""Many programs at once: eight clients ask `qa serve` for two minutes, each its next question.

    python bench/serving.py [--articles seeds] [--questions seeds/questions.jsonl] [--clients 8]
        [--seconds 120] [--model NAME]

Serves the articles from a home of its own, in a process of its own, and asks as a program does
(`/v1/chat/completions`, not streamed), each client a part of the questions, over and over. Told are
answers, errors, seconds of an answer, how many answers each client got, how many later requests at
most were answered before an earlier one (0 = strictly in turn; what needs no model overtakes what
does), and the server's resident memory in the first and in the last third of the time.
"""

import argparse
import itertools
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx
from measuring import Row, read_questions

from index import table

QA = [sys.executable, "-c", "from qa.cli import main; main()"]
LOOK_S = 2.0
LONGEST_S = 600.0


@dataclass(frozen=True)
class Asked:
    """One request: who sent it, when it was sent and answered, in seconds, and its status."""

    client: int
    sent: float
    answered: float
    status: int


@dataclass
class Log:
    """All requests, and the server's resident megabytes over time."""

    asked: list[Asked] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, default=Path("seeds"))
    parser.add_argument("--questions", type=Path, default=Path("seeds/questions.jsonl"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--model", default="")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    questions = [str(row["question"]) for row in read_questions(options.questions)]
    with tempfile.TemporaryDirectory() as home:
        environment = {"QA_HOME": home, "QA_MODELS_DIR": str(options.models.absolute())}
        if options.model:
            environment["QA_MODEL"] = options.model
        environment = os.environ | environment
        subprocess.run([*QA, "index", str(options.articles)], env=environment, check=True)
        with served(["serve", "--rate", "100000"], environment) as (url, pid):
            log = _ask(url, pid, questions, options.clients, options.seconds)
    print(table([_told(log, options.clients)]))


@contextmanager
def served(
    command: Sequence[str], environment: dict[str, str], log: IO[str] | None = None
) -> Iterator[tuple[str, int]]:
    """A server that a command starts, as soon as it answers; its address and its process.

    What it says goes to `log`, where there is one.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*QA, *command, "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        try:
            url = f"http://127.0.0.1:{port}/"
            while True:
                try:
                    httpx.get(url, timeout=LONGEST_S).raise_for_status()
                    break
                except httpx.TransportError:
                    assert process.poll() is None
                    time.sleep(LOOK_S / 4)
            yield url, process.pid
        finally:
            process.terminate()


def _ask(url: str, pid: int, questions: Sequence[str], clients: int, seconds: float) -> Log:
    log, until = Log(), time.monotonic() + seconds

    def client(number: int) -> None:
        with httpx.Client(base_url=url, timeout=LONGEST_S) as http:
            for question in itertools.cycle(questions[number::clients]):
                sent = time.monotonic()
                if sent > until:
                    return
                said = [{"role": "user", "content": question}]
                answer = http.post(
                    "/v1/chat/completions", json={"model": "cuttings", "messages": said}
                )
                log.asked.append(Asked(number, sent, time.monotonic(), answer.status_code))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        log.memory.append(resident_mb(pid))
        time.sleep(LOOK_S)
    return log


def resident_mb(pid: int) -> float:
    """The memory that a process has in use now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024 / 1e6


def _told(log: Log, clients: int) -> Row:
    took = sorted(one.answered - one.sent for one in log.asked)
    each = [sum(one.client == number for one in log.asked) for number in range(clients)]
    overtaken = [
        sum(other.sent > one.sent and other.answered < one.answered for other in log.asked)
        for one in log.asked
    ]
    third = max(1, len(log.memory) // 3)
    return {
        "clients": clients,
        "answers": len(took),
        "errors": sum(one.status != httpx.codes.OK for one in log.asked),
        "p50 s": statistics.median(took),
        "p95 s": took[len(took) * 95 // 100],
        "answers of a client": f"{min(each)} to {max(each)}",
        "overtaken by at most": max(overtaken),
        "MB, first third": statistics.median(log.memory[:third]),
        "MB, last third": statistics.median(log.memory[-third:]),
        "MB at most": max(log.memory),
    }


if __name__ == "__main__":
    main()
