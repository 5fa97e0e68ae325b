"""Damaged files, read until the time is over: each must end in a text or a named reason.

    python bench/fuzz.py --seconds 600              # every format, one after the other
    python bench/fuzz.py --seconds 60 .eml .mbox    # these
    python bench/fuzz.py --seed 4711 .eml           # the file of that number is kept, and read here

A file is made of a well-formed one by its number alone, and read in a child process, which has
so much memory and so many seconds for it. A traceback, a hang, a death by signal, too much memory
and a file of which nothing is told at all are failures; each is printed with its number.
"""

import argparse
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from qa.errors import BadArticle
from qa.reading.articles import read_file
from qa.reading.draft import Scan
from qa.reading.formats import READERS
from qa.reading.scans import ScannedPage
from tests.reading.damaged import mutated, well_formed

MOST_SECONDS = 20.0
"""Of a processor for one file. Those that take more hang, or would in a folder of them."""

WAITING = 30
"""So many times these seconds may pass by the clock, beside other work on the machine."""

MOST_BYTES = 2 << 30
"""Of memory beyond that of the libraries: eight times what a file of a few kilobytes may unpack."""

FILES_A_CHILD = 500
"""Read by one child, which costs as much to start as ten files to read."""

TEXT, REASON = "text", "reason"


@dataclass(slots=True)
class Tally:
    """What became of the files of a format; failures by what failed, with the first number."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, int] = field(default_factory=dict)
    slowest_seconds: float = 0.0
    slowest: int = 0

    def count(self, seed: int, outcome: str, seconds: float) -> None:
        """One file more."""
        kind = outcome if outcome in (TEXT, REASON) else "failure"
        self.outcomes[kind] += 1
        if seconds > self.slowest_seconds:
            self.slowest_seconds, self.slowest = seconds, seed
        where = "\n".join(outcome.splitlines()[-3:])
        if kind == "failure" and where not in self.failures:
            self.failures[where] = seed
            print(f"--- number {seed}, {seconds:.1f} s: {outcome}", flush=True)


def main() -> None:
    """Read damaged files of each format, and print a row of a table for it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("formats", nargs="*", metavar="SUFFIX", help="of all formats, only these")
    parser.add_argument("--seconds", type=float, default=600, help="for each format")
    parser.add_argument("--first", type=int, default=0, help="the number to begin with")
    parser.add_argument("--seed", type=int, help="read the file of this number alone, and keep it")
    options = parser.parse_args()
    formats = options.formats or [name for name in READERS if well_formed(name)]
    unknown = [name for name in formats if not well_formed(name)]
    if unknown:
        parser.error(f"tests/reading/damaged.py knows no well-formed file of {', '.join(unknown)}")
    if options.seed is not None:
        return _read_one(formats[0], options.seed)
    print("| format | files | text | named reason | failures | slowest |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for suffix in formats:
        tally = _fuzz(suffix, options.seconds, options.first)
        counts = [tally.outcomes[kind] for kind in (TEXT, REASON, "failure")]
        cells = [suffix, *(f"{count:,}" for count in (sum(counts), *counts))]
        slowest = f"{tally.slowest_seconds:.1f} s (number {tally.slowest})"
        print(f"| {' | '.join([*cells, slowest])} |", flush=True)
    return None


def damaged_file(suffix: str, seed: int) -> bytes:
    """The file of this number: a well-formed one of its format, damaged."""
    chance = random.Random(f"{suffix} {seed}")
    return mutated(chance.choice(well_formed(suffix)), chance)


def outcome_of(file: Path) -> str:
    """What a file ends in: TEXT, REASON, or the traceback of what it must not end in."""
    try:
        found = read_file(file, file.parent, _drawn)
    except BadArticle as error:
        message = str(error)
        named = message.startswith(str(file)) and "\n" not in message
        return REASON if named else f"not one line that begins with the file: {message!r}"
    except Exception:  # noqa: BLE001  # which is what is looked for
        return traceback.format_exc()
    if any(not one.text.strip() or "\0" in one.text for one in found.articles):
        return "an article without text, or with NUL in it"
    if found.articles:
        return TEXT
    return REASON if found.problems else "nothing read, and nothing said"


def _drawn(scan: Scan, index: int) -> ScannedPage:
    """A page that is drawn and not looked at."""
    scan.picture(scan.raw, index)
    return ScannedPage((), blank=True)


def _fuzz(suffix: str, seconds: float, first: int) -> Tally:
    tally = Tally()
    ends = time.monotonic() + seconds
    seed = first
    with tempfile.TemporaryDirectory() as folder:
        for raw in well_formed(suffix):  # loads the libraries, before children are made
            (Path(folder) / f"a{suffix}").write_bytes(raw)
            outcome_of(Path(folder) / f"a{suffix}")
        while time.monotonic() < ends:
            for number, outcome, took in _read_by_child(suffix, seed, Path(folder), ends):
                tally.count(number, outcome, took)
                seed = number + 1
    return tally


def _read_by_child(
    suffix: str, first: int, folder: Path, ends: float
) -> Iterator[tuple[int, str, float]]:
    """Number, outcome and seconds of the files that one child reads, until one is too much."""
    fork = multiprocessing.get_context("fork")  # the libraries are loaded already
    ours, theirs = fork.Pipe(duplex=False)
    child = fork.Process(target=_read_many, args=(suffix, first, folder, theirs))
    child.start()
    theirs.close()
    try:
        for seed in range(first, first + FILES_A_CHILD):
            started = _processor_seconds(child.pid)
            waited = 0
            while not ours.poll(1):
                waited += 1
                used = _processor_seconds(child.pid) - started
                if used > MOST_SECONDS or waited > WAITING * MOST_SECONDS:
                    yield seed, f"hangs: {used:.0f} s of work in {waited} s", used
                    return
            try:
                outcome, used = ours.recv()
            except EOFError:
                child.join()
                yield seed, f"the process died: {child.exitcode}", 0.0
                return
            yield seed, outcome, used
            if time.monotonic() > ends:
                return
    finally:
        child.kill()
        child.join()
        ours.close()


def _read_many(suffix: str, first: int, folder: Path, tell: Connection) -> None:
    """In a child: read one file after the other, and tell what each ends in."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_BYTES, used + MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    file = folder / f"a{suffix}"
    for seed in range(first, first + FILES_A_CHILD):
        file.write_bytes(damaged_file(suffix, seed))
        started = time.process_time()
        outcome = outcome_of(file)
        tell.send((outcome, time.process_time() - started))


def _processor_seconds(process: int | None) -> float:
    """What a process has used of a processor so far; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read_one(suffix: str, seed: int) -> None:
    file = Path(tempfile.mkdtemp()) / f"a{suffix}"
    file.write_bytes(damaged_file(suffix, seed))
    print(file, flush=True)
    started = time.monotonic()
    outcome = outcome_of(file)
    print(f"{outcome} after {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
