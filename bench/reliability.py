"""Break the program in every way that a laptop does, and see whether anything is lost.

    nice python bench/reliability.py --out /tmp/reliability.md     # all of it, some ten minutes
    nice python bench/reliability.py kills clock --times 5          # these, five times a work

Works (`bench/works.py`) run in children of this process, which is started anew with `faults.c`
preloaded: so the n-th write of one can fail, and its clock jump. A child is killed at a moment
drawn from the time that the work takes, which is measured when all it imports is loaded, and again
with each child that was quicker than its moment. After each, everything that the work was told is
kept must be there, the work must go on to its end, and nothing may end in a traceback. Needs gcc,
and Linux.
"""

import argparse
import ctypes
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from children import DONE, IS_PRELOADED, LONGEST_S, PRELOADED, TOLD, Place, ending, faults, start
from flipping import flips
from works import WEIGHTS, WORKS, Lost, Work

from qa.errors import CuttingsError
from tests.models.hub import FakeHub, running

SEED = 20241129
KILLS, FAULTS, JUMPS, TOGETHER, FLIPS = 20, 12, 2, 3, 60
MEASURED = 5  # so often before the first kill, of which the median is taken
ROOT = Path(__file__).parent.parent
MODELS = ROOT / "models"
FLIPPING = "flips"
COLUMNS = "work | broken | ended all the same | said so | lost"
JUMP_S = 400 * 86_400

REAL = (
    ("index", "seeds"),
    ("eval", "seeds/questions.jsonl", "--retrieval-only", "--resume", "--out"),
    ("ask", "Where did Blinken and Wang Yi meet?"),
)
"""Commands with the models themselves; the second is given a folder."""

REAL_KILLS = 4


@dataclass(slots=True)
class Row:
    """What became of a work: how often it was broken, how it ended, and what was lost."""

    name: str
    broken: int = 0
    ended: int = 0  # before it was killed, or although a write failed
    told: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def line(self) -> str:
        """A row of a table in Markdown."""
        said = sum(self.told.values())
        return f"| {self.name} | {self.broken} | {self.ended} | {said} | {len(self.lost)} |"


def check(work: Work, place: Place, row: Row, when: str) -> None:
    """See whether everything is there, and note in the row what is not."""
    try:
        work.check(place.home, place.told())
    except (Lost, CuttingsError) as error:
        row.lost.append(f"{row.name}, {when}: {error}")
    except Exception:  # noqa: BLE001 - whatever it is, it is what this looks for
        row.lost.append(f"{row.name}, {when}: {traceback.format_exc()}")


@contextmanager
def fresh(work: Work) -> Iterator[Place]:
    """A home that is ready for a work."""
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name))
        place.home.mkdir()
        work.ready(place.home)
        yield place


def kills(work: Work, times: int, moments: random.Random) -> Row:
    """Kill a work at random moments of the time that it takes."""
    row = Row(work.name)
    with fresh(work) as place:  # here: children have what this process has imported
        work.run(place.home, lambda _: None)
        work.check(place.home, [])
    takes_s = median(_takes_s(work) for _ in range(MEASURED))
    while row.broken < times and row.ended < times:
        with fresh(work) as place:
            after_s = moments.uniform(0, takes_s)
            began = time.monotonic()
            if ending(start(work, place), after_s) == -signal.SIGKILL:
                row.broken += 1
            else:
                row.ended += 1
                takes_s = time.monotonic() - began
            check(work, place, row, f"killed after {after_s:.3f} of {takes_s:.3f} s")
    return row


def _takes_s(work: Work) -> float:
    with fresh(work) as place:
        began = time.monotonic()
        ending(start(work, place))
        return time.monotonic() - began


def disk(work: Work, times: int, error: int) -> Row:
    """Let writes of a work fail, at places spread over all of them; a full disk stays full."""
    row = Row(f"{work.name}, {errno.errorcode[error]}")
    with fresh(work) as place:
        home = os.fsencode(place.home.resolve())
        ending(start(work, place, partial(faults().faults_arm, home, 0, error, 0)))
        writes = int((place.folder / "writes").read_text())
    for turn in range(times):
        nth = 1 + turn * writes // times
        with fresh(work) as place:
            home = os.fsencode(place.home.resolve())
            arm = partial(faults().faults_arm, home, nth, error, error == errno.ENOSPC)
            code = ending(start(work, place, arm))
            row.broken += 1
            row.ended += code == DONE
            if code == TOLD:
                row.told[place.said()] = row.told.get(place.said(), 0) + 1
            elif code != DONE:
                row.lost.append(f"{row.name}, write {nth} of {writes}: {place.said() or code}")
            check(work, place, row, f"write {nth} of {writes}")
    return row


def clock(work: Work, times: int) -> Row:
    """Let the clock jump by more than a year while a work runs."""
    row = Row(work.name)
    for turn in range(times):
        with fresh(work) as place:
            jump = partial(faults().faults_jump, 2 + turn, ctypes.c_long(JUMP_S))
            code = ending(start(work, place, jump))
            row.broken += 1
            row.ended += code == DONE
            if code != DONE:
                row.lost.append(f"{row.name}: {place.said() or code}")
            check(work, place, row, "clock")
    return row


def together(work: Work, times: int) -> Row:
    """Let two programs do the same work on one home at a time; one may say that it must wait."""
    row = Row(work.name)
    for _ in range(times):
        with fresh(work) as place:
            other = Place(place.folder / "other")
            other.folder.mkdir()
            other.home.symlink_to(place.home)
            row.broken += 1
            for child, its in [(start(work, one), one) for one in (place, other)]:
                code = ending(child)
                row.ended += code == DONE
                if code == TOLD:
                    row.told[its.said()] = row.told.get(its.said(), 0) + 1
                elif code != DONE:
                    row.lost.append(f"{row.name}, two at a time: {its.said() or code}")
            check(work, place, row, "two at a time")
            check(work, Place(other.folder), row, "two at a time, the other")
    return row


def real(command: Sequence[str], home: Path, times: int, moments: random.Random) -> Row:
    """Kill a command, with the models; typed again, it must do what it is for."""
    row = Row(f"`qa {command[0]}`")
    environment = os.environ | {"QA_HOME": str(home), "QA_MODELS_DIR": str(MODELS)}
    takes_s = 0.0
    for turn in range(times + 1):
        out = [str(home / "runs" / str(turn))] if command[-1] == "--out" else []
        if command[0] == "index":
            shutil.rmtree(home / "index", ignore_errors=True)
        typed = [sys.executable, "-c", "from qa.cli import main; main()", *command, *out]
        began = time.monotonic()
        child = subprocess.Popen(typed, env=environment, cwd=ROOT, stdout=-3, stderr=-3)
        code = ending(child.pid, moments.uniform(0, takes_s) if turn else LONGEST_S)
        if turn == 0:
            takes_s = time.monotonic() - began
            continue
        row.broken += code == -signal.SIGKILL
        row.ended += code == DONE
        again = subprocess.run(
            typed, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if again.returncode != DONE:
            row.lost.append(f"{row.name}, killed and typed again: {again.stderr[-300:]}")
    return row


def scenes(times: int) -> dict[str, tuple[str, Callable[[], Iterator[Row]]]]:
    """Every scene by its name, with its title: what gives its rows, `times` a work where set."""
    moments = random.Random(SEED)
    with_clock = [one for one in WORKS if one.name != "pulling"]  # its server runs by our clock
    return {
        "kills": ("SIGKILL at random moments", lambda: (
            kills(one, times or KILLS, moments) for one in WORKS
        )),
        "real": ("SIGKILL of whole commands, with the models", lambda: real_rows(times, moments)),
        "full": ("A disk that is full from the n-th write on", lambda: (
            disk(one, times or FAULTS, errno.ENOSPC) for one in WORKS
        )),
        "broken": ("A disk whose n-th write fails", lambda: (
            disk(one, times or FAULTS, errno.EIO) for one in WORKS
        )),
        "clock": ("A clock that jumps by 400 days to and fro", lambda: (
            clock(one, times or JUMPS) for one in with_clock
        )),
        "together": ("Two programs on one home", lambda: (
            together(one, times or TOGETHER) for one in WORKS
        )),
    }  # fmt: skip


def real_rows(times: int, moments: random.Random) -> Iterator[Row]:
    """The rows of all real commands, one after the other, in one home."""
    with tempfile.TemporaryDirectory() as name:
        for command in REAL:
            yield real(command, Path(name), times or REAL_KILLS, moments)


def preloaded() -> None:
    """Start this program anew with `faults.c` preloaded, if it is not."""
    if IS_PRELOADED:
        return
    with tempfile.TemporaryDirectory() as name:
        library = Path(name) / "faults.so"
        source = Path(__file__).with_name("faults.c")
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True
        )
        environment = os.environ | {"LD_PRELOAD": str(library), PRELOADED: "yes"}
        code = subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode
    sys.exit(code)


def main() -> None:
    """Run the scenes that are named, or all, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = [*scenes(0), FLIPPING]
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"of {', '.join(known)}")
    parser.add_argument("--times", type=int, default=0, help="so often each work is broken")
    parser.add_argument("--out", type=Path, help="a file for the tables, beside printing them")
    given = parser.parse_args()
    preloaded()
    hub = FakeHub({"tiny-q4.gguf": WEIGHTS})
    told: list[str] = []

    def tell(line: str) -> None:
        print(line, flush=True)
        told.append(line)

    with running(hub):
        os.environ["HF_ENDPOINT"] = hub.endpoint
        for name, (title, rows) in scenes(given.times).items():
            if given.scenes and name not in given.scenes:
                continue
            tell(f"\n### {title}\n\n| {COLUMNS} |\n| --- | --- | --- | --- | --- |")
            found = []
            for row in rows():
                found.append(row)
                tell(row.line())
            for row in found:
                for problem in row.lost:
                    tell(f"\n- LOST: {problem}")
            for said in sorted({said for row in found for said in row.told}):
                tell(f"\n- said: {said}")
    if not given.scenes or FLIPPING in given.scenes:
        tell(f"\n### Flipped bits\n\n{flips(given.times or FLIPS, random.Random(SEED))}")
    if given.out:
        given.out.write_text("\n".join(told) + "\n")


if __name__ == "__main__":
    main()
