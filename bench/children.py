"""A work in a child process that may be killed, whose writes may fail and whose clock may jump."""

import ctypes
import os
import re
import select
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from works import Work

from qa.errors import CuttingsError

DONE, TOLD, BROKE = 0, 3, 4
"""How a work ends: as it should, by an error that says what to do, or by any other exception."""

LONGEST_S = 120.0

PRELOADED = "CUTTINGS_FAULTS"
"""In the environment of a process that has `faults.c`; without it, only kills are to be had."""

IS_PRELOADED = PRELOADED in os.environ


@dataclass(frozen=True, slots=True)
class Place:
    """A home for a work, and where it tells what is kept; both below a folder of their own."""

    folder: Path

    @property
    def home(self) -> Path:
        """What the work may write to."""
        return self.folder / "home"

    def told(self) -> list[str]:
        """What the work was told is kept; a last line that was cut off does not count."""
        file = self.folder / "told"
        return file.read_text().split("\n")[:-1] if file.exists() else []

    def said(self) -> str:
        """The error, or the traceback, that the work ended in."""
        file = self.folder / "said"
        said = file.read_text() if file.exists() else ""
        return re.sub(r"since .* \(process \d+\)", "since …", said.replace(f"{self.home}", "HOME"))


def faults() -> ctypes.CDLL:
    """What `faults.c` adds to this process."""
    return ctypes.CDLL(None)


def start(work: Work, place: Place, arm: Callable[[], object] = lambda: None) -> int:
    """Begin a work in a child process, `arm` having been called there; its id."""
    child = os.fork()
    if child:
        return child
    code = BROKE
    said = place.folder / "said"
    try:
        told = os.open(place.folder / "told", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        arm()
        work.run(place.home, partial(_tell, told))
        code = DONE
    except CuttingsError as error:
        said.write_text(str(error))
        code = TOLD
    except Exception:  # noqa: BLE001 - whatever it is, it is what this looks for
        said.write_text(traceback.format_exc())
    finally:
        if IS_PRELOADED:
            (place.folder / "writes").write_text(str(faults().faults_seen()))
        os._exit(code)


def _tell(file: int, line: str) -> None:
    os.write(file, f"{line}\n".encode())


def ending(child: int, kill_after_s: float = LONGEST_S) -> int:
    """How a child ends: its code, or minus the signal that killed it after so long."""
    ended = os.pidfd_open(child)
    try:
        if not select.select([ended], [], [], kill_after_s)[0]:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(ended)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
